//! `Participant`: quién corrió y lo que tardó.

use super::Language;
use crate::Measurement;
use crate::text::one_line;

/// Un participante de una carrera ya corrida, con lo que tardó. Lo da
/// [`RaceResults::participants`](super::RaceResults::participants).
///
/// # Examples
///
/// ```
/// use concurrencia::Race;
/// use concurrencia::race::Language;
///
/// let carrera = Race::new("sumar", 3).rust("sum", || (1..=4).sum::<i32>()).run()?;
/// let participante = &carrera.participants()[0];
/// assert_eq!((participante.language(), participante.name()), (Language::Rust, "sum"));
/// assert_eq!(participante.measurement().name(), "Rust: sum");
/// assert!(participante.startup().is_none());
/// # Ok::<(), concurrencia::RaceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    language: Language,
    name: String,
    measurement: Measurement,
    startup: Option<Measurement>,
}

impl Participant {
    pub(super) fn new(
        language: Language,
        name: &str,
        measurement: Measurement,
        startup: Option<Measurement>,
    ) -> Participant {
        Participant {
            language,
            name: one_line(name),
            measurement,
            startup,
        }
    }

    pub(super) fn key_of(language: Language, name: &str) -> String {
        format!("{language}: {name}")
    }

    /// En qué está escrito.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Su nombre, sin el lenguaje.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Lo que tardó cada vez. Se llama como él, con el lenguaje delante: «Rust: en serie».
    pub fn measurement(&self) -> &Measurement {
        &self.measurement
    }

    /// Lo que tardó un proceso nuevo de Python, desde lanzarlo hasta que acabó, si se midió.
    pub fn startup(&self) -> Option<&Measurement> {
        self.startup.as_ref()
    }
}
