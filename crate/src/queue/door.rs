//! `Door`: la puerta por la que entra lo que se pone en una cola. Cuenta las tareas sin acabar y se cierra.
//!
//! Las dos cosas están en el mismo número: así poner un elemento cuesta una sola operación atómica, y el cierre es un
//! instante. Un elemento se cuenta *antes* de meterlo (quien lo saque puede acabarlo enseguida), y si luego no cabe se
//! descuenta.
//!
//! Cerrar no basta para saber que no queda nada: alguien puede haber pasado y no haber metido todavía lo suyo. Por eso
//! se pasa estando [dentro](Visitor::inside) y [`close`](Door::close) espera a que salgan: al volver, todo lo que se
//! puso está en la cola y no entra nada más.

use std::sync::PoisonError;
use std::time::Instant;

use super::crowd::{Crowd, Visitor};
use super::wait::{Refusal, Wait};
use crate::primitives::{
    AtomicUsize, Condvar, Mutex, MutexGuard, Ordering, address, signal, wait_for_other,
};

/// El último bit dice si está cerrada; los demás cuentan las tareas sin acabar.
const CLOSED: usize = 1;
const TASK: usize = 2;

#[derive(Debug)]
pub(crate) struct Door {
    state: AtomicUsize,
    /// Cuántos esperan a que no quede ninguna.
    joining: Mutex<usize>,
    all_done: Condvar,
}

impl Door {
    pub(crate) fn new() -> Door {
        Door {
            state: AtomicUsize::new(0),
            joining: Mutex::new(0),
            all_done: Condvar::new(),
        }
    }

    /// Cuenta `value` y lo mete con `push`, que lo devuelve si no cabe.
    pub(crate) fn pass<T>(
        &self,
        visitor: &Visitor,
        value: T,
        push: impl FnOnce(T) -> Result<(), T>,
    ) -> Result<(), (T, Refusal)> {
        visitor.inside(|| {
            // Quien cierre después lee este número y, con él, que aquí hay un hilo dentro.
            let open = self.state.fetch_add(TASK, Ordering::AcqRel) & CLOSED == 0;
            let refused = if open {
                match push(value) {
                    Ok(()) => return Ok(()),
                    Err(value) => (value, Refusal::NotNow),
                }
            } else {
                (value, Refusal::Shutdown)
            };
            self.finish();
            Err(refused)
        })
    }

    /// Cierra, y espera a que acaben de meter lo suyo los que ya habían pasado.
    pub(crate) fn close(&self, crowd: &Crowd) {
        self.state.fetch_or(CLOSED, Ordering::AcqRel);
        crowd.wait_for_exit();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.state.load(Ordering::Acquire) & CLOSED != 0
    }

    /// Descuenta una tarea. `false` si no quedaba ninguna.
    pub(crate) fn finish(&self) -> bool {
        let finished = self
            .state
            .fetch_update(Ordering::AcqRel, Ordering::Relaxed, |state| {
                (state >= TASK).then(|| state - TASK)
            });
        // Era la última.
        if finished.is_ok_and(|before| before < 2 * TASK) {
            // Con el cerrojo: quien la vio sin acabar tiene que estar ya dormido.
            let joining = self.joining();
            if *joining > 0 {
                signal(address(self));
                self.all_done.notify_all();
            }
        }
        finished.is_ok()
    }

    /// Espera a que no quede ninguna tarea. `false` si se acaba el plazo.
    pub(crate) fn join(&self, wait: Wait) -> bool {
        let mut joining = self.joining();
        *joining += 1;
        let mut _waiting = None;
        let done = loop {
            if self.state.load(Ordering::Acquire) < TASK {
                break true;
            }
            if !matches!(wait, Wait::No) {
                _waiting.get_or_insert_with(|| wait_for_other(address(self), "que se acabe todo"));
            }
            joining = match wait {
                Wait::No => break false,
                Wait::Forever => self
                    .all_done
                    .wait(joining)
                    .unwrap_or_else(PoisonError::into_inner),
                Wait::Until(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break false;
                    }
                    self.all_done
                        .wait_timeout(joining, left)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
            };
        };
        *joining -= 1;
        done
    }

    fn joining(&self) -> MutexGuard<'_, usize> {
        self.joining.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
