//! `Blocking`: una cola que espera, sea cual sea el orden en que saca.
//!
//! Un cerrojo para todo y tres avisos: hay algo, hay hueco y no queda nada por hacer. El orden lo pone el [`Store`].

use std::sync::PoisonError;
use std::time::Instant;

use super::wait::{Refusal, Wait};
use crate::primitives::{Condvar, Mutex, MutexGuard, address, signal, wait_for_other};

/// Dónde están los elementos: decide cuál sale.
pub(crate) trait Store {
    type Item;
    fn push(&mut self, item: Self::Item);
    fn pop(&mut self) -> Option<Self::Item>;
    fn len(&self) -> usize;
}

#[derive(Debug)]
pub(crate) struct Blocking<S> {
    inside: Mutex<Inside<S>>,
    not_empty: Condvar,
    not_full: Condvar,
    all_done: Condvar,
    maxsize: Option<usize>,
}

#[derive(Debug)]
struct Inside<S> {
    store: S,
    /// Puestos y sin `task_done`.
    unfinished: usize,
    shutdown: bool,
    // Avisar llama al sistema aunque no escuche nadie: se cuenta quién escucha.
    getting: usize,
    putting: usize,
    joining: usize,
}

impl<S: Store + Default> Blocking<S> {
    pub(crate) fn new(maxsize: Option<usize>) -> Blocking<S> {
        Blocking {
            inside: Mutex::new(Inside {
                store: S::default(),
                unfinished: 0,
                shutdown: false,
                getting: 0,
                putting: 0,
                joining: 0,
            }),
            not_empty: Condvar::new(),
            not_full: Condvar::new(),
            all_done: Condvar::new(),
            maxsize,
        }
    }

    pub(crate) fn put(&self, item: S::Item, wait: Wait) -> Result<(), (S::Item, Refusal)> {
        let mut inside = self.inside();
        loop {
            if inside.shutdown {
                return Err((item, Refusal::Shutdown));
            }
            if self.maxsize.is_none_or(|max| inside.store.len() < max) {
                break;
            }
            inside.putting += 1;
            let (woken, expired) = sleep(&self.not_full, inside, wait, "hueco en la cola");
            inside = woken;
            inside.putting -= 1;
            if let Err(refusal) = expired {
                return Err((item, refusal));
            }
        }
        // Antes de comparar elementos, que es código de otros y puede entrar en pánico: aun así el elemento queda dentro.
        inside.unfinished += 1;
        if inside.getting > 0 {
            ring_one(&self.not_empty);
        }
        inside.store.push(item);
        Ok(())
    }

    pub(crate) fn get(&self, wait: Wait) -> Result<S::Item, Refusal> {
        let mut inside = self.inside();
        while inside.store.len() == 0 {
            if inside.shutdown {
                return Err(Refusal::Shutdown);
            }
            inside.getting += 1;
            let (woken, expired) = sleep(&self.not_empty, inside, wait, "algo en la cola");
            inside = woken;
            inside.getting -= 1;
            expired?;
        }
        if inside.putting > 0 {
            ring_one(&self.not_full);
        }
        Ok(inside.store.pop().expect("se acaba de ver que hay algo"))
    }

    /// Descuenta una tarea. `false` si no quedaba ninguna.
    pub(crate) fn task_done(&self) -> bool {
        let mut inside = self.inside();
        let Some(unfinished) = inside.unfinished.checked_sub(1) else {
            return false;
        };
        self.set_unfinished(&mut inside, unfinished);
        true
    }

    /// Espera a que no quede ninguna tarea. `false` si se acaba el plazo.
    pub(crate) fn join(&self, wait: Wait) -> bool {
        let mut inside = self.inside();
        while inside.unfinished > 0 {
            inside.joining += 1;
            let (woken, expired) = sleep(&self.all_done, inside, wait, "que se acabe todo");
            inside = woken;
            inside.joining -= 1;
            if expired.is_err() {
                return false;
            }
        }
        true
    }

    pub(crate) fn shutdown(&self) {
        self.close(&mut self.inside());
    }

    /// Cierra y vacía.
    pub(crate) fn shutdown_immediate(&self) {
        let mut inside = self.inside();
        self.close(&mut inside);
        let dropped = std::mem::take(&mut inside.store);
        let unfinished = inside.unfinished.saturating_sub(dropped.len());
        self.set_unfinished(&mut inside, unfinished);
        // Los elementos se sueltan sin el cerrojo: al caer podrían usar la cola.
        drop(inside);
    }

    pub(crate) fn is_shutdown(&self) -> bool {
        self.inside().shutdown
    }

    pub(crate) fn len(&self) -> usize {
        self.inside().store.len()
    }

    pub(crate) fn maxsize(&self) -> Option<usize> {
        self.maxsize
    }

    fn close(&self, inside: &mut Inside<S>) {
        inside.shutdown = true;
        ring_all(&self.not_empty);
        ring_all(&self.not_full);
    }

    fn set_unfinished(&self, inside: &mut Inside<S>, unfinished: usize) {
        inside.unfinished = unfinished;
        if unfinished == 0 && inside.joining > 0 {
            ring_all(&self.all_done);
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside<S>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Despierta a uno de los que escuchan.
fn ring_one(bell: &Condvar) {
    signal(address(bell));
    bell.notify_one();
}

/// Los despierta a todos.
fn ring_all(bell: &Condvar) {
    signal(address(bell));
    bell.notify_all();
}

/// Duerme hasta el aviso o hasta `wait`. Si se acaba el plazo no ha dormido: quien llama ya ha mirado y no hay nada.
fn sleep<'a, G>(
    bell: &Condvar,
    guard: MutexGuard<'a, G>,
    wait: Wait,
    what: &'static str,
) -> (MutexGuard<'a, G>, Result<(), Refusal>) {
    let note = || wait_for_other(address(bell), what);
    match wait {
        Wait::No => (guard, Err(Refusal::NotNow)),
        Wait::Forever => {
            let _waiting = note();
            let guard = bell.wait(guard).unwrap_or_else(PoisonError::into_inner);
            (guard, Ok(()))
        }
        Wait::Until(deadline) => {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return (guard, Err(Refusal::Timeout));
            }
            let _waiting = note();
            let (guard, _) = bell
                .wait_timeout(guard, left)
                .unwrap_or_else(PoisonError::into_inner);
            (guard, Ok(()))
        }
    }
}
