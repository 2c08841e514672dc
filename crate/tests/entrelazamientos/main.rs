//! Los algoritmos propios con las primitivas de `shuttle`, que recorre sus entrelazamientos.

/// Lo que el crate llama `primitives`, aquí vigilado.
mod primitives {
    pub(crate) use shuttle::sync::{Condvar, Mutex, MutexGuard};
}

#[path = "../../src/thread/latch.rs"]
mod latch;
#[path = "../../src/thread/roster.rs"]
mod roster;

mod hilos;
