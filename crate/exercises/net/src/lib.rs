//! Los ejercicios de la última lección: descargas contra el servidor de prácticas, carreras y miniaturas.
//!
//! Van en un paquete aparte porque usan [`workloads`], que trae muchos otros: quien no los hace no los carga. En un cuaderno,
//! detrás de las celdas que cargan `concurrencia` y `concurrencia-exercises`:
//!
//! ```text
//! :dep concurrencia-exercises-net = { path = "../../crate/exercises/net" }
//! use exercises_net::prelude::*;
//! ```
//!
//! `comprobar!`, `pista!`, `solucion!` y `progreso!` son las de [`exercises`].

#![forbid(unsafe_code)]
#![warn(unnameable_types)]

pub use exercises;
pub use workloads;

pub mod prelude;

mod sets;
