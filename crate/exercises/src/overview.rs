//! `overview`: cuánto va hecho del curso.

use std::fmt;

use catalog::{Progress, Summary};
use concurrencia::{Figure, MimeBundle, plot};

use crate::markup::show_markdown;
use crate::record::{catalog, progress_path};

/// Lo que va hecho: de cada cuaderno, cuántos ejercicios de cuántos. Es lo que hay detrás de
/// [`progreso!`](crate::progreso).
///
/// Sin archivo de progreso, todo está por hacer. Si los ejercicios no se encuentran, el texto dice por qué.
pub fn overview() -> Overview {
    Overview { content: find() }
}

/// Una figura con lo que va hecho, y lo que toca ahora.
#[derive(Clone, Debug)]
#[must_use = "el progreso se ve si es lo último de la celda"]
pub struct Overview {
    content: Result<(Figure, String), String>,
}

impl Overview {
    /// Lo enseña en la celda.
    pub fn evcxr_display(&self) {
        match &self.content {
            Ok((figure, _)) => MimeBundle::new()
                .with("image/svg+xml", figure.svg())
                .with("text/plain", self.to_string())
                .show(),
            Err(why) => show_markdown(why),
        }
    }
}

/// La figura en texto y lo que toca ahora.
impl fmt::Display for Overview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Ok((figure, next)) => write!(f, "{}\n\n{next}", figure.text().trim_end()),
            Err(why) => f.write_str(why),
        }
    }
}

fn find() -> Result<(Figure, String), String> {
    let catalog = catalog()?;
    let summary = Summary::new(&catalog, &Progress::load(&progress_path()?));
    let total = summary.total();
    let next = match &summary.next {
        Some(name) => {
            let exercise = catalog.get(name).map_err(|error| error.to_string())?;
            format!("Ahora toca {name}: {}", exercise.title)
        }
        None => "¡Está todo hecho!".to_owned(),
    };
    let title = format!(
        "Llevas {} de {} ejercicios. {next}",
        total.done, total.total
    );
    let rows = summary.books.iter().map(|book| {
        let title = book.title.trim_start_matches("Ejercicios: ");
        (title, book.counts.done, book.counts.total)
    });
    if summary.books.is_empty() {
        return Err("No hay ningún cuaderno de ejercicios en curso/ejercicios.".to_owned());
    }
    Ok((plot::shares(title, rows), next))
}
