//! `Roster`: la lista de los que están, y esperar a que no quede nadie.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::Instant;

use crate::primitives::{Condvar, Mutex, MutexGuard};

/// Quiénes están, cada uno con su número.
#[derive(Debug)]
pub(super) struct Roster<T> {
    present: Mutex<BTreeMap<u64, T>>,
    empty: Condvar,
}

impl<T: Clone> Roster<T> {
    pub(super) const fn new() -> Roster<T> {
        Roster {
            present: Mutex::new(BTreeMap::new()),
            empty: Condvar::new(),
        }
    }

    pub(super) fn enter(&self, id: u64, who: T) {
        self.lock().insert(id, who);
    }

    pub(super) fn leave(&self, id: u64) {
        let mut present = self.lock();
        present.remove(&id);
        if present.is_empty() {
            self.empty.notify_all();
        }
    }

    /// Los que están ahora, por orden de número.
    pub(super) fn list(&self) -> Vec<T> {
        self.lock().values().cloned().collect()
    }

    /// Espera a que no quede nadie, o hasta `deadline` si lo hay, y dice quiénes quedan.
    ///
    /// Basta mirar si está vacía: quien da de alta a otro está dado de alta mientras tanto (o es el que espera, que ya no
    /// lo hará), así que no se vacía para llenarse después.
    pub(super) fn wait_empty(&self, deadline: Option<Instant>) -> Vec<T> {
        let mut present = self.lock();
        while !present.is_empty() {
            present = match deadline {
                None => self
                    .empty
                    .wait(present)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break;
                    }
                    let waited = self.empty.wait_timeout(present, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        present.values().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, T>> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
