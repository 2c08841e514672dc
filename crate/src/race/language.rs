//! `Language`: en qué está escrito un participante.

use std::fmt;

/// En qué está escrito un participante de una carrera.
///
/// # Examples
///
/// ```
/// use concurrencia::race::Language;
///
/// assert_eq!(Language::Python.to_string(), "Python");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Una clausura de la celda.
    Rust,
    /// Una función de un [`Script`](super::Script).
    Python,
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Language::Rust => "Rust",
            Language::Python => "Python",
        })
    }
}
