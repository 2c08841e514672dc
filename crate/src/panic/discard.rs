//! `discard`: soltar algo ajeno sin que su `Drop` pueda tumbar nada.

use std::any::Any;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::panic_message;

/// Suelta `value`; si su `Drop` entra en pánico, el pánico se anuncia y ahí se queda.
pub(crate) fn discard<T>(value: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
        // También la carga de ese pánico puede entrar en pánico al soltarse: la segunda se abandona sin soltar.
        if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            mem::forget(again);
        }
    }
}

/// El mensaje de la carga de un pánico, que se suelta.
pub(crate) fn message_of(payload: Box<dyn Any + Send>) -> String {
    let message = panic_message(&*payload).to_owned();
    discard(payload);
    message
}
