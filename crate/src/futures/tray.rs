//! `Tray`: la bandeja donde se va dejando lo que llega y de la que uno lo va cogiendo, en ese orden.

use std::collections::VecDeque;
use std::time::Duration;

use crate::primitives::{Condvar, Instant, Mutex, MutexGuard, PoisonError};

/// Lo que ha ido llegando. Dejar no espera; coger, sí.
pub(crate) struct Tray<T> {
    state: Mutex<State<T>>,
    news: Condvar,
}

struct State<T> {
    arrived: VecDeque<T>,
    /// Hilos dormidos en `news`: sin nadie, no hay a quién despertar.
    sleepers: usize,
}

impl<T> Tray<T> {
    pub(crate) fn new() -> Tray<T> {
        Tray {
            state: Mutex::new(State {
                arrived: VecDeque::new(),
                sleepers: 0,
            }),
            news: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // Nada ajeno se ejecuta con el cerrojo echado.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Deja algo.
    pub(crate) fn put(&self, item: T) {
        let mut state = self.lock();
        state.arrived.push_back(item);
        let asleep = state.sleepers > 0;
        drop(state);
        if asleep {
            self.news.notify_one();
        }
    }

    /// Coge lo que lleva más tiempo; si no hay nada, lo espera. `None` si antes se pasa el plazo.
    pub(crate) fn take(&self, deadline: Option<Instant>) -> Option<T> {
        let mut state = self.lock();
        loop {
            if let Some(item) = state.arrived.pop_front() {
                return Some(item);
            }
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                return None;
            }
            state.sleepers += 1;
            state = match left {
                None => self
                    .news
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(left) => {
                    let waited = self.news.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
            state.sleepers -= 1;
        }
    }
}
