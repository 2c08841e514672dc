//! Lo que un cuaderno importa en una línea: `use workloads::prelude::*;`.

pub use crate::report::Report;
