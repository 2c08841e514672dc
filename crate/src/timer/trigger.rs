//! `Trigger`: quién llega antes, el disparo o la cancelación.

use crate::primitives::{AtomicUsize, Ordering};

const ARMED: usize = 0;
const FIRING: usize = 1;
/// Disparando, y no se volverá a armar.
const LAST: usize = 2;
const CANCELLED: usize = 3;
const OVER: usize = 4;

/// Un disparador: se arma, dispara y, si no se cancela, se puede volver a armar.
#[derive(Debug)]
pub(crate) struct Trigger(AtomicUsize);

impl Trigger {
    pub(crate) fn new() -> Trigger {
        Trigger(AtomicUsize::new(ARMED))
    }

    /// Empieza un disparo. `false` si se canceló antes.
    pub(crate) fn fire(&self) -> bool {
        self.change(|state| (state == ARMED).then_some(FIRING))
    }

    /// Acaba un disparo y prepara el siguiente. `false` si se canceló entretanto.
    pub(crate) fn rearm(&self) -> bool {
        self.change(|state| (state == FIRING).then_some(ARMED))
    }

    /// No habrá más disparos. Lo cancelado, cancelado sigue.
    pub(crate) fn finish(&self) {
        self.change(|state| (state != CANCELLED).then_some(OVER));
    }

    /// Impide el disparo. `false` si llega tarde: ha empezado, o ya acabó.
    pub(crate) fn cancel(&self) -> bool {
        self.change(|state| matches!(state, ARMED | CANCELLED).then_some(CANCELLED))
    }

    /// Impide los disparos siguientes. `false` si ya no iba a haber ninguno.
    pub(crate) fn cancel_rest(&self) -> bool {
        self.change(|state| match state {
            ARMED | CANCELLED => Some(CANCELLED),
            FIRING | LAST => Some(LAST),
            _ => None,
        })
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self.state(), CANCELLED | OVER)
    }

    /// Cómo está, en una palabra o dos.
    pub(crate) fn describe(&self, started: bool) -> &'static str {
        match self.state() {
            CANCELLED => "cancelado",
            OVER => "acabado",
            FIRING | LAST => "en marcha",
            _ if started => "esperando",
            _ => "sin arrancar",
        }
    }

    fn state(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }

    fn change(&self, next: impl FnMut(usize) -> Option<usize>) -> bool {
        self.0
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, next)
            .is_ok()
    }
}
