//! Los algoritmos propios, recorriendo sus entrelazamientos: el mismo código, con las primitivas de `shuttle`.

/// Lo que el crate toma de `crate::primitives`, de `shuttle`.
mod primitives {
    pub(crate) use shuttle::sync::atomic::{AtomicU64, Ordering};
    pub(crate) use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard};
}

// HILOS
#[path = "../../src/thread/latch.rs"]
mod latch;
#[path = "../../src/thread/roster.rs"]
mod roster;

mod hilos;

// PONERSE DE ACUERDO
#[allow(dead_code)]
#[path = "../../src/sync/monitor.rs"]
mod monitor;
#[allow(dead_code)]
#[path = "../../src/sync/rounds.rs"]
mod rounds;
#[allow(dead_code)]
#[path = "../../src/sync/sleepers.rs"]
mod sleepers;
#[allow(dead_code)]
#[path = "../../src/sync/waits.rs"]
mod waits;

mod barrera;
mod durmientes;
mod interbloqueos;
mod semaforo;
