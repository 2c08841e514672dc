//! Atrapar un pánico que le llegará, como error, a quien encargó la tarea.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::message_of;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Ejecuta `task`; si entra en pánico, da su mensaje, sin anunciarlo.
pub(crate) fn catch<T>(task: impl FnOnce() -> T) -> Result<T, String> {
    // No es un guard: pase lo que pase dentro, `catch_unwind` vuelve por aquí.
    let before = QUIET.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(task));
    let outcome = outcome.map_err(message_of);
    QUIET.set(before);
    outcome
}

/// Ejecuta `task`, que no deja salir pánicos, anunciando los que haya aunque este hilo esté callado.
pub(crate) fn aloud<T>(task: impl FnOnce() -> T) -> T {
    let before = QUIET.replace(false);
    let output = task();
    QUIET.set(before);
    output
}

/// Deja de anunciar los pánicos de este hilo: los recibe quien manda sus tareas.
pub(crate) fn silence() {
    QUIET.set(true);
}

/// ¿Está este hilo ejecutando una tarea cuyo pánico recibirá quien la mandó?
pub(super) fn is_quiet() -> bool {
    QUIET.get()
}
