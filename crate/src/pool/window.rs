//! `Window`: hasta dónde puede adelantarse quien lee las entradas de un `imap`.
//!
//! Uno lee y pregunta antes de cada entrada; otro recoge resultados y va abriendo paso. La ventana se mueve a saltos, de
//! media en media: de una en una, cada resultado despertaría al que lee.

use crate::monitor::Monitor;
use crate::primitives::wait_for_other;

/// Hasta dónde puede llegar el que lee.
#[derive(Debug)]
pub(crate) struct Window {
    ahead: usize,
    state: Monitor<State>,
}

#[derive(Debug)]
struct State {
    /// El número de la primera entrada que aún no se puede leer.
    limit: usize,
    closed: bool,
}

impl Window {
    /// Deja leer `ahead` entradas por delante de lo recogido.
    pub(crate) fn new(ahead: usize) -> Window {
        Window {
            ahead,
            state: Monitor::new(State {
                limit: ahead,
                closed: false,
            }),
        }
    }

    /// Se han recogido `taken` resultados; hay que decirlo de uno en uno.
    pub(crate) fn advance(&self, taken: usize) {
        if taken.is_multiple_of((self.ahead / 2).max(1)) {
            let limit = taken.saturating_add(self.ahead);
            self.state.change_for_all(|state| state.limit = limit);
        }
    }

    /// No se va a recoger nada más.
    pub(crate) fn close(&self) {
        self.state.change_for_all(|state| state.closed = true);
    }

    /// Espera a que se pueda leer la entrada `number`. Dice si todavía interesa.
    pub(crate) fn wait_for(&self, number: usize) -> bool {
        let ready =
            |state: &mut State| (number < state.limit || state.closed).then_some(!state.closed);
        // Sin plazo, siempre hay respuesta.
        let note = |object| wait_for_other(object, "que se recojan resultados");
        self.state.wait_noting(None, ready, note).unwrap_or(false)
    }
}
