//! Los que esperan a que algo cambie.

use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};
use std::task::{Poll, Waker};

/// Una cola de despertadores. Solo la toca el hilo que tiene el turno: su cerrojo nunca espera.
#[derive(Debug, Default)]
pub(crate) struct Waiters {
    wakers: Mutex<Vec<Waker>>,
}

impl Waiters {
    pub(crate) fn new() -> Waiters {
        Waiters::default()
    }

    /// Cede el turno hasta que `ready` dé algo; se le pregunta al llegar y cada vez que alguien avisa.
    pub(crate) fn wait<R>(&self, mut ready: impl FnMut() -> Option<R>) -> R {
        shuttle::future::block_on(poll_fn(|context| match ready() {
            Some(value) => Poll::Ready(value),
            None => {
                self.wakers().push(context.waker().clone());
                Poll::Pending
            }
        }))
    }

    /// Despierta a todos: que cada uno mire si ya puede seguir.
    pub(crate) fn wake_all(&self) {
        let wakers = std::mem::take(&mut *self.wakers());
        for waker in wakers {
            waker.wake();
        }
    }

    fn wakers(&self) -> std::sync::MutexGuard<'_, Vec<Waker>> {
        self.wakers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
