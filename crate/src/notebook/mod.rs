//! Lo que hay entre el crate y la celda.
//!
//! - [`MimeBundle`] enseña un mismo resultado en varios formatos (una figura y su texto), y Jupyter elige.
//! - Al cargarse dentro del núcleo (lo sabe por la variable de entorno `EVCXR_IS_RUNTIME`), el crate instala solo
//!   [`install_panic_hook`](crate::install_panic_hook). Fuera del cuaderno no hace nada por su cuenta.

mod mime;
pub use mime::MimeBundle;

mod load;
