//! `Backlog`: lo que espera su turno, lo que ya se ha entregado y cuándo no queda nada.
//!
//! Se entregan como mucho `limit` tareas a la vez, por orden de llegada: las demás esperan aquí, donde aún se pueden
//! cancelar. Solo un hilo entrega en cada momento, y entrega sin el cerrojo; los otros le dejan a él lo que traigan.

use std::collections::VecDeque;
use std::time::Duration;

use crate::primitives::{
    Condvar, Instant, Mutex, MutexGuard, PoisonError, address, signal, wait_for_other,
};

/// Tareas por entregar y cuenta de las entregadas.
pub(crate) struct Backlog<T> {
    state: Mutex<State<T>>,
    drained: Condvar,
    limit: usize,
}

struct State<T> {
    waiting: VecDeque<T>,
    /// Entregadas que no han vuelto.
    out: usize,
    /// ¿Hay un hilo entregando?
    feeding: bool,
    closed: bool,
}

impl<T> State<T> {
    fn is_drained(&self) -> bool {
        self.closed && self.out == 0 && self.waiting.is_empty()
    }
}

impl<T> Backlog<T> {
    /// Vacía y abierta.
    pub(crate) fn new(limit: usize) -> Backlog<T> {
        Backlog {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                out: 0,
                feeding: false,
                closed: false,
            }),
            drained: Condvar::new(),
            limit,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // Nada ajeno se ejecuta con el cerrojo echado.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Añade una tarea y entrega con `start` las que quepan; la devuelve si ya no se aceptan.
    ///
    /// `start` dice si de verdad se ha entregado: una cancelada, no. No puede entrar en pánico: nadie volvería a entregar.
    pub(crate) fn push(&self, task: T, start: impl FnMut(T) -> bool) -> Result<(), T> {
        let mut state = self.lock();
        if state.closed {
            return Err(task);
        }
        state.waiting.push_back(task);
        self.feed(state, start);
        Ok(())
    }

    /// Ha vuelto una de las entregadas; entrega con `start` las que quepan.
    pub(crate) fn done(&self, start: impl FnMut(T) -> bool) {
        let mut state = self.lock();
        state.out -= 1;
        self.feed(state, start);
    }

    fn feed<'a>(&'a self, mut state: MutexGuard<'a, State<T>>, mut start: impl FnMut(T) -> bool) {
        if state.feeding {
            return;
        }
        state.feeding = true;
        while state.out < self.limit
            && let Some(task) = state.waiting.pop_front()
        {
            // Antes de entregarla: puede volver antes de que `start` acabe.
            state.out += 1;
            drop(state);
            let started = start(task);
            state = self.lock();
            if !started {
                state.out -= 1;
            }
        }
        state.feeding = false;
        self.announce(&state);
    }

    /// No se aceptan más.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        self.announce(&state);
    }

    /// Da las que esperan su turno, que ya no se entregarán.
    pub(crate) fn discard(&self) -> VecDeque<T> {
        let mut state = self.lock();
        let waiting = std::mem::take(&mut state.waiting);
        self.announce(&state);
        waiting
    }

    /// ¿Se han dejado de aceptar?
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// ¿Se han dejado de aceptar y ha vuelto todo lo entregado?
    pub(crate) fn is_drained(&self) -> bool {
        self.lock().is_drained()
    }

    fn announce(&self, state: &State<T>) {
        if state.is_drained() {
            signal(address(self));
            self.drained.notify_all();
        }
    }

    /// Espera a que no quede nada, ya cerrada; `false` si antes se pasa el plazo.
    pub(crate) fn wait(&self, deadline: Option<Instant>) -> bool {
        let mut state = self.lock();
        let mut _waiting = None;
        while !state.is_drained() {
            _waiting.get_or_insert_with(|| wait_for_other(address(self), "que acabe todo"));
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            state = match left {
                None => self
                    .drained
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => return false,
                Some(left) => {
                    let waited = self.drained.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        true
    }
}
