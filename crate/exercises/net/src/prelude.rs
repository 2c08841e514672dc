//! Lo que un cuaderno de ejercicios con descargas importa en una línea: `use exercises_net::prelude::*;`.

pub use workloads::prelude::*;

/// De quién son los ejercicios de este paquete; con él a la vista, `comprobar!` los encuentra.
pub use crate::sets::Net;
