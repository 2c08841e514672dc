//! Un libro de ejercicios: lo que hay en un cuaderno del profesor.

use std::path::PathBuf;

mod exercise;
pub use exercise::{Exercise, Kind};

mod wrong;
pub use wrong::{How, Wrong};

mod draft;
mod fields;
mod read;
pub(crate) use read::read_book;

/// Los ejercicios de un cuaderno, en orden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    /// El nombre del archivo, sin `.ipynb`.
    pub name: String,
    /// El primer título (`# …`) del cuaderno.
    pub title: String,
    /// Dónde está el cuaderno.
    pub path: PathBuf,
    /// El código que no es de ningún ejercicio, celda a celda: la que carga los crates y los `use` de todo el cuaderno.
    pub setup: Vec<String>,
    /// Los ejercicios, en el orden del cuaderno.
    pub exercises: Vec<Exercise>,
}
