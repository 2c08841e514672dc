//! `Latch`: un pestillo que se abre una vez y ya no se cierra.

use std::sync::PoisonError;
use std::time::Instant;

use crate::primitives::{Condvar, Mutex, MutexGuard};

/// Se abre una sola vez; unos lo miran y otros esperan a que se abra.
#[derive(Debug)]
pub(super) struct Latch {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Latch {
    pub(super) fn new() -> Latch {
        Latch {
            open: Mutex::new(false),
            opened: Condvar::new(),
        }
    }

    pub(super) fn open(&self) {
        *self.lock() = true;
        self.opened.notify_all();
    }

    pub(super) fn is_open(&self) -> bool {
        *self.lock()
    }

    /// Espera a que se abra, o hasta `deadline` si lo hay. Dice si está abierto.
    pub(super) fn wait(&self, deadline: Option<Instant>) -> bool {
        let mut open = self.lock();
        while !*open {
            open = match deadline {
                None => self
                    .opened
                    .wait(open)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return false;
                    }
                    let waited = self.opened.wait_timeout(open, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
