//! El progreso de quien hace los ejercicios, en `progreso.json`.

mod record;
pub use record::Record;

#[expect(
    clippy::module_inception,
    reason = "el archivo se llama como el tipo que define"
)]
mod progress;
pub use progress::Progress;

mod file;
