//! Lo que un cuaderno importa en una línea: `use concurrencia::prelude::*;`.
//!
//! Lo que usan los procesos para comunicarse se llama como sus primos entre hilos, así que se nombra con su módulo:
//! `process::Queue`, `process::Lock`, `process::Value`…

pub use crate::measure::{Comparison, Measurement, measure};
pub use crate::plot::{Figure, bars};
pub use crate::process::{self, AsyncResult, Imap, Process, ProcessError, ProcessPool};
pub use crate::thread::{Thread, ThreadError};
pub use crate::time::{set_scale, sleep};
