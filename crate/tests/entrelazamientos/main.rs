//! Los algoritmos propios, recorriendo sus entrelazamientos: el mismo código, con las primitivas de `shuttle`.

/// Lo que el crate toma de `crate::primitives`, de `shuttle`.
mod primitives {
    pub(crate) use shuttle::sync::{Condvar, Mutex, MutexGuard};
    pub(crate) use std::sync::PoisonError;
}

#[path = "../../src/pool/window.rs"]
mod window;

mod ventana;
