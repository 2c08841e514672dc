//! `Monitor`: un estado que se cambia de uno en uno y por cuyos cambios se puede esperar.

use crate::primitives::{Condvar, Instant, Mutex, MutexGuard, PoisonError, address, signal};

/// Un estado `S` y los hilos que esperan a que sea como quieren.
#[derive(Debug)]
pub(crate) struct Monitor<S> {
    inside: Mutex<Inside<S>>,
    bell: Condvar,
}

#[derive(Debug)]
struct Inside<S> {
    state: S,
    /// Cuántos duermen: avisar a nadie cuesta una llamada al sistema.
    asleep: usize,
}

impl<S> Monitor<S> {
    pub(crate) const fn new(state: S) -> Monitor<S> {
        Monitor {
            inside: Mutex::new(Inside { state, asleep: 0 }),
            bell: Condvar::new(),
        }
    }

    /// Mira el estado, o lo cambia de un modo que no le importe a nadie que espere.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut S) -> R) -> R {
        f(&mut self.lock().state)
    }

    /// Cambia el estado y despierta a uno, que lo mirará.
    pub(crate) fn change_for_one<R>(&self, f: impl FnOnce(&mut S) -> R) -> R {
        let (result, asleep) = self.change(f);
        if asleep {
            self.bell.notify_one();
        }
        result
    }

    /// Cambia el estado y despierta a todos, que lo mirarán.
    pub(crate) fn change_for_all<R>(&self, f: impl FnOnce(&mut S) -> R) -> R {
        let (result, asleep) = self.change(f);
        if asleep {
            self.bell.notify_all();
        }
        result
    }

    /// Cambia el estado y dice si duerme alguien. A quien se avise, sin el cerrojo: que no despierte para esperarlo.
    fn change<R>(&self, f: impl FnOnce(&mut S) -> R) -> (R, bool) {
        let mut inside = self.lock();
        let result = f(&mut inside.state);
        let asleep = inside.asleep > 0;
        drop(inside);
        if asleep {
            signal(address(self));
        }
        (result, asleep)
    }

    /// Espera a que `f` dé algo. Se le pregunta al llegar y cada vez que alguien cambia el estado; nada si antes llega el
    /// plazo.
    pub(crate) fn wait<R>(
        &self,
        deadline: Option<Instant>,
        f: impl FnMut(&mut S) -> Option<R>,
    ) -> Option<R> {
        self.wait_noting(deadline, f, |_| ())
    }

    /// Como [`wait`](Monitor::wait). Si tiene que dormir, llama antes a `note` con el número de este estado, y suelta lo
    /// que dé al despertar del todo.
    pub(crate) fn wait_noting<R, N>(
        &self,
        deadline: Option<Instant>,
        mut f: impl FnMut(&mut S) -> Option<R>,
        note: impl FnOnce(u64) -> N,
    ) -> Option<R> {
        let mut note = Some(note);
        let mut _noted = None;
        let mut inside = self.lock();
        loop {
            // Antes que el plazo: quien fue despertado a última hora no desperdicia el aviso.
            if let Some(result) = f(&mut inside.state) {
                return Some(result);
            }
            if let Some(note) = note.take() {
                _noted = Some(note(address(self)));
            }
            inside.asleep += 1;
            inside = match deadline {
                None => self
                    .bell
                    .wait(inside)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        inside.asleep -= 1;
                        return None;
                    }
                    let woken = self.bell.wait_timeout(inside, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
            };
            inside.asleep -= 1;
        }
    }

    /// Cuántos esperan.
    pub(crate) fn asleep(&self) -> usize {
        self.lock().asleep
    }

    fn lock(&self) -> MutexGuard<'_, Inside<S>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
