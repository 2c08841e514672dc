//! Trabajos de cálculo: derivar claves, sumar cuadrados y el que mezcla cálculo y espera.
//!
//! - [`pbkdf2_hmac`] deriva una clave: cálculo puro, siempre el mismo.
//! - [`sum_of_squares`] y [`par_sum_of_squares`], lo mismo en serie y en todos los núcleos.
//! - [`mixed`] espera y calcula. En qué orden repartir tareas así lo dice [`schedule`](crate::schedule).

mod pbkdf2_hmac;
pub use pbkdf2_hmac::pbkdf2_hmac;

mod sum_of_squares;
pub use sum_of_squares::{par_sum_of_squares, sum_of_squares};

mod mixed;
pub use mixed::{Mixed, mixed};
