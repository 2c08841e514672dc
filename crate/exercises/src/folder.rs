//! `folder`: dónde puede escribir una prueba.

use std::path::PathBuf;
use std::sync::OnceLock;

static FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// La carpeta de la prueba en marcha; fuera de una, la temporal del sistema.
///
/// La crea y la borra quien lanzó la prueba, que a este proceso lo pueden matar.
pub fn folder() -> PathBuf {
    FOLDER.get().cloned().unwrap_or_else(std::env::temp_dir)
}

/// Dice cuál es la de la prueba que hace este proceso.
pub(crate) fn write_in(folder: PathBuf) {
    FOLDER.get_or_init(|| folder);
}
