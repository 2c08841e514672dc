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

mod primitives;

// UN ESTADO Y QUIENES LO ESPERAN
#[path = "../../src/monitor.rs"]
mod monitor;

// HILOS
#[path = "../../src/thread/latch.rs"]
mod latch;
#[path = "../../src/thread/roster.rs"]
mod roster;

mod hilos;

// PONERSE DE ACUERDO
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

// UN RESULTADO QUE LLEGARÁ
#[path = "../../src/futures/backlog.rs"]
mod backlog;
#[path = "../../src/futures/slot.rs"]
mod slot;
#[path = "../../src/futures/tray.rs"]
mod tray;

mod bandeja;
mod fila;
mod futuro;

// LOS HILOS DE UN EJECUTOR
#[path = "../../src/thread/door.rs"]
mod door;

mod puerta;

// EL DESPACHADOR DE UN POOL
#[path = "../../src/process/pool/alarm.rs"]
mod alarm;

mod despertador;

// LAS ENTRADAS DE UN IMAP
#[path = "../../src/pool/window.rs"]
mod window;

mod ventana;

/// Los órdenes que se prueban de cada modelo, al azar y con semilla: los mismos en cada ejecución.
const PLANES: usize = 3_000;

/// Los cambios de hilo inoportunos que busca PCT.
const PROFUNDIDAD: usize = 3;

/// Comprueba `modelo` en muchos órdenes: la mitad al azar y la mitad con PCT, que busca los cambios de hilo raros.
fn explora(modelo: impl Fn() + Copy + Send + Sync + 'static) {
    shuttle::check_random_with_seed(modelo, 20, PLANES / 2);
    shuttle::check_pct(modelo, PLANES / 2, PROFUNDIDAD);
}
