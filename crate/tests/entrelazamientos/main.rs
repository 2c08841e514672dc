//! Los algoritmos propios, con sus entrelazamientos recorridos por `shuttle`.
//!
//! Cada archivo que se comprueba se compila aquí otra vez, tal cual, con las primitivas de `shuttle`: un despertar
//! perdido sale como interbloqueo, y cada fallo dice qué plan lo repite.

#![allow(dead_code, reason = "no se usa todo lo de cada archivo")]

mod primitives {
    pub(crate) use shuttle::sync::atomic::{AtomicUsize, Ordering};
    pub(crate) use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard};
    pub(crate) use shuttle::thread::yield_now;
}

mod queue;
mod timer;
