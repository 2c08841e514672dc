//! `waiting`: una espera que dice, en la línea de tiempo, a qué espera.

use std::future::poll_fn;
use std::pin::Pin;

use crate::timeline::{State, pending_on};

/// Espera a `future`; mientras no llegue, su tarea está en `state`, esperando `what`.
pub(super) fn waiting<F: Future>(
    mut future: Pin<&mut F>,
    state: State,
    what: &'static str,
) -> impl Future<Output = F::Output> {
    poll_fn(move |context| pending_on(future.as_mut().poll(context), state, || what.into()))
}
