//! Lo que un cuaderno de ejercicios importa en una línea: `use exercises::prelude::*;`.

pub use crate::{Job, comprobar, pista, progreso, solucion};
