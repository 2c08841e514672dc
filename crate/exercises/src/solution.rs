//! `solution`: la solución, cuando ya no estropea nada.

use std::fmt;

use catalog::Progress;

use crate::markup::show_markdown;
use crate::record::{catalog, progress_path};

/// La palabra con la que alguien se rinde.
pub const SURRENDER: &str = "me rindo";

/// La solución comentada de un ejercicio y por qué es así. Es lo que hay detrás de [`solucion!`](crate::solucion).
///
/// Se abre si el ejercicio está aprobado, o si `word` es [`SURRENDER`], y entonces se apunta la rendición. Si no, el texto
/// dice qué falta.
pub fn solution(name: &str, word: &str) -> Solution {
    Solution {
        text: find(name, word).unwrap_or_else(|why| why),
    }
}

/// Una solución y su porqué, en Markdown; o por qué aún no se abre.
#[derive(Clone, Debug)]
#[must_use = "la solución se ve si es lo último de la celda"]
pub struct Solution {
    text: String,
}

impl Solution {
    /// La enseña en la celda.
    pub fn evcxr_display(&self) {
        show_markdown(&self.text);
    }
}

impl fmt::Display for Solution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn find(name: &str, word: &str) -> Result<String, String> {
    let catalog = catalog()?;
    let exercise = catalog.get(name).map_err(|error| error.to_string())?;
    let path = progress_path()?;
    let is_passed = Progress::load(&path).get(name).passed_on.is_some();
    if !is_passed {
        if word.trim().to_lowercase() != SURRENDER {
            return Err(format!(
                "La solución de **{name}** se abre al aprobarlo. Si prefieres verla ya: `solucion!(\"{name}\", \"{SURRENDER}\")`; quedará apuntado."
            ));
        }
        Progress::update(&path, |progress| progress.record_mut(name).gave_up = true)
            .map_err(|error| error.to_string())?;
    }
    Ok(format!(
        "**{name} · {}**\n\n```rust\n{}\n```\n\n{}",
        exercise.title,
        exercise.solution.trim(),
        exercise.reason.trim()
    ))
}
