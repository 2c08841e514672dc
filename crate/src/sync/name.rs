//! Cómo se llama cada pieza («Lock-1», «Lock-2»… o como quiera quien la crea) y quién la espera.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// El siguiente nombre de los que llevan esa cuenta.
pub(super) fn next(kind: &str, created: &AtomicUsize) -> String {
    format!("{kind}-{}", created.fetch_add(1, Ordering::Relaxed) + 1)
}

/// Lo de dentro de una pieza que nadie más tiene, para ponerle nombre.
pub(super) fn unshared<'a, T>(inside: &'a mut Arc<T>, name: &str) -> &'a mut T {
    Arc::get_mut(inside).unwrap_or_else(|| {
        panic!("«{name}» ya se ha compartido: ponle nombre al crearlo, antes de clonarlo")
    })
}

/// Lo que se añade a `Debug` si alguien espera.
pub(super) fn waiting(n: usize) -> String {
    match n {
        0 => String::new(),
        1 => ", espera 1".to_owned(),
        n => format!(", esperan {n}"),
    }
}
