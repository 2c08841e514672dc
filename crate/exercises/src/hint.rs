//! `hint`: las pistas, de una en una.

use std::fmt;

use catalog::Progress;

use crate::markup::show_markdown;
use crate::record::{catalog, progress_path};

/// La pista siguiente de un ejercicio. Es lo que hay detrás de [`pista!`](crate::pista).
///
/// Se busca en el cuaderno del profesor del proyecto en el que está la carpeta actual, y se apunta en el progreso que se ha
/// visto. Vista la última, las da todas otra vez. Si algo falla, el texto dice qué.
pub fn hint(name: &str) -> Hint {
    Hint {
        text: find(name).unwrap_or_else(|why| why),
    }
}

/// Una pista, en Markdown.
#[derive(Clone, Debug)]
#[must_use = "la pista se ve si es lo último de la celda"]
pub struct Hint {
    text: String,
}

impl Hint {
    /// La enseña en la celda.
    pub fn evcxr_display(&self) {
        show_markdown(&self.text);
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn find(name: &str) -> Result<String, String> {
    let catalog = catalog()?;
    let exercise = catalog.get(name).map_err(|error| error.to_string())?;
    let all = exercise.hints.len();
    let mut seen = 0;
    Progress::update(&progress_path()?, |progress| {
        let record = progress.record_mut(name);
        seen = record.hints as usize;
        record.hints = record.hints.saturating_add(1).min(all as u32);
    })
    .map_err(|error| error.to_string())?;
    if let Some(hint) = exercise.hints.get(seen) {
        let more = match all - seen - 1 {
            0 => "Es la última.".to_owned(),
            1 => format!("Queda una: otra vez `pista!(\"{name}\")`."),
            left => format!("Quedan {left}: otra vez `pista!(\"{name}\")`."),
        };
        return Ok(format!("**Pista {} de {all}.** {hint}\n\n{more}", seen + 1));
    }
    let list = exercise
        .hints
        .iter()
        .zip(1..)
        .map(|(hint, i)| format!("**Pista {i} de {all}.** {hint}"));
    let list: Vec<String> = list.collect();
    Ok(format!("Ya las has visto todas:\n\n{}", list.join("\n\n")))
}
