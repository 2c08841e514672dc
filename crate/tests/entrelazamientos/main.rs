//! Los algoritmos propios, entrelazamiento a entrelazamiento.
//!
//! Cada módulo compila el mismo archivo que el crate, con las primitivas de shuttle en lugar de las de std (por eso el
//! archivo solo las toma de `crate::primitives`), y lo ejecuta miles de veces con los hilos en otro orden. shuttle avisa
//! si en alguno todos acaban esperando.
//!
//! ```sh
//! cargo test -p concurrencia --test entrelazamientos
//! ```

#![allow(dead_code, reason = "ningún modelo usa todo lo de su archivo")]

mod primitives;

// UN RESULTADO QUE LLEGARÁ
mod futuro;
#[path = "../../src/futures/slot.rs"]
mod slot;

mod bandeja;
#[path = "../../src/futures/tray.rs"]
mod tray;

// LAS TAREAS DE UN EJECUTOR
#[path = "../../src/thread/door.rs"]
mod door;
mod puerta;

#[path = "../../src/futures/backlog.rs"]
mod backlog;
mod fila;

/// Los órdenes que se prueban de cada modelo, al azar y con semilla: los mismos en cada ejecución.
const PLANES: usize = 3_000;

/// Los cambios de hilo inoportunos que busca PCT.
const PROFUNDIDAD: usize = 3;

/// Comprueba `modelo` en muchos órdenes: la mitad al azar y la mitad con PCT, que busca los cambios de hilo raros.
fn explora(modelo: impl Fn() + Copy + Send + Sync + 'static) {
    shuttle::check_random_with_seed(modelo, 20, PLANES / 2);
    shuttle::check_pct(modelo, PLANES / 2, PROFUNDIDAD);
}
