//! Lo que un cuaderno importa en una línea: `use concurrencia::prelude::*;`.

pub use crate::measure::{Comparison, Measurement, measure};
pub use crate::plot::{Figure, bars};
pub use crate::thread::{Thread, ThreadError};
pub use crate::time::{set_scale, sleep};
