//! Imágenes y miniaturas.

mod photo;
pub use photo::{photo, photo_png};
