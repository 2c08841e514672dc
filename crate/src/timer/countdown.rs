//! `Countdown`: esperar a que llegue la hora, o a que cancelen.

use std::time::Instant;

use crossbeam::channel::{self, Receiver, Sender};

use super::trigger::Trigger;
use crate::timeline::{self, State, address};

/// Lo que comparten el temporizador y su hilo. Tiene los dos extremos: soltar el temporizador no lo cancela.
#[derive(Debug)]
pub(super) struct Countdown {
    pub(super) trigger: Trigger,
    cancel: Sender<()>,
    cancelled: Receiver<()>,
}

impl Countdown {
    pub(super) fn new() -> Countdown {
        let (cancel, cancelled) = channel::bounded(1);
        Countdown {
            trigger: Trigger::new(),
            cancel,
            cancelled,
        }
    }

    /// Espera hasta `at` (`None`: un momento que no llegará) y empieza el disparo. `false` si se cancela.
    pub(super) fn fire_at(&self, at: Option<Instant>) -> bool {
        let _waiting = timeline::waiting(State::Io, address(self), || "cuenta atrás".into());
        let cancelled = match at {
            Some(at) => self.cancelled.recv_deadline(at).is_ok(),
            None => self.cancelled.recv().is_ok(),
        };
        !cancelled && self.trigger.fire()
    }

    /// Despierta al hilo. Si ya hay un aviso esperándolo, sobra otro.
    pub(super) fn wake(&self) {
        timeline::signal(address(self));
        let _ = self.cancel.try_send(());
    }

    /// Llama a `run` y, acabe como acabe, da por acabado el disparador.
    pub(super) fn finish_after<R>(&self, run: impl FnOnce() -> R) -> R {
        struct Finish<'a>(&'a Trigger);
        impl Drop for Finish<'_> {
            fn drop(&mut self) {
                self.0.finish();
            }
        }
        let _finish = Finish(&self.trigger);
        run()
    }
}
