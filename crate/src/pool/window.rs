//! `Window`: hasta dónde puede adelantarse quien lee las entradas de un `imap`.
//!
//! Uno lee y pregunta antes de cada entrada; otro recoge resultados y va abriendo paso. La ventana se mueve a saltos, de
//! media en media: de una en una, cada resultado despertaría al que lee.

use crate::primitives::{Condvar, Mutex, MutexGuard, PoisonError};

/// Hasta dónde puede llegar el que lee.
#[derive(Debug)]
pub(crate) struct Window {
    ahead: usize,
    state: Mutex<State>,
    changed: Condvar,
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
            state: Mutex::new(State {
                limit: ahead,
                closed: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// Se han recogido `taken` resultados; hay que decirlo de uno en uno.
    pub(crate) fn advance(&self, taken: usize) {
        if taken.is_multiple_of((self.ahead / 2).max(1)) {
            let mut state = self.lock();
            state.limit = taken.saturating_add(self.ahead);
            drop(state);
            self.changed.notify_all();
        }
    }

    /// No se va a recoger nada más.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Espera a que se pueda leer la entrada `number`. Dice si todavía interesa.
    pub(crate) fn wait_for(&self, number: usize) -> bool {
        let mut state = self.lock();
        while number >= state.limit && !state.closed {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        !state.closed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
