//! Lo que se espera de unos encargos.

use crate::judge::{Mismatch, expect};
use crate::leftovers::Leftovers;

/// Por qué se prueba sin ningún encargo.
pub(super) const EMPTY: &str = "una lista vacía es una entrada como otra cualquiera";

/// Cuántos hilos, como se lee en el veredicto.
pub(super) fn in_threads(threads: usize) -> String {
    if threads == 1 {
        return "un hilo".to_owned();
    }
    format!("{threads} hilos")
}

/// Exige que no quede ningún hilo más que antes.
pub(super) fn no_threads_left(before: Leftovers) -> Result<(), Mismatch> {
    let left = before.threads();
    expect(
        left == 0,
        "ningún hilo suelto",
        format!("hilos sueltos: {left}"),
    )
}
