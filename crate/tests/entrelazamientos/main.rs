//! Los algoritmos propios, entrelazamiento a entrelazamiento.
//!
//! Cada módulo compila el mismo archivo que el crate, con las primitivas de shuttle en lugar de las de std (por eso el
//! archivo solo las toma de `crate::primitives`), y lo ejecuta miles de veces con los hilos en otro orden. Un despertar
//! perdido sale como interbloqueo, y cada fallo dice qué plan lo repite.
//!
//! ```sh
//! cargo test -p concurrencia --test entrelazamientos
//! ```

#![allow(dead_code, reason = "no se usa todo lo de cada archivo")]

/// Lo que el crate toma de `crate::primitives`, de `shuttle`.
mod primitives {
    pub(crate) use shuttle::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
    pub(crate) use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard};
    pub(crate) use shuttle::thread::yield_now;
}

// HILOS
#[path = "../../src/thread/latch.rs"]
mod latch;
#[path = "../../src/thread/roster.rs"]
mod roster;

mod hilos;

// PONERSE DE ACUERDO
#[path = "../../src/sync/monitor.rs"]
mod monitor;
#[path = "../../src/sync/rounds.rs"]
mod rounds;
#[path = "../../src/sync/sleepers.rs"]
mod sleepers;
#[path = "../../src/sync/waits.rs"]
mod waits;

mod barrera;
mod durmientes;
mod interbloqueos;
mod semaforo;

// PASAR MENSAJES
mod queue;

// HAZ ESTO DENTRO DE UN RATO
mod timer;
