//! `Latch`: un pestillo que se abre una vez y ya no se cierra.

use crate::monitor::Monitor;
use crate::primitives::Instant;

/// Se abre una sola vez; unos lo miran y otros esperan a que se abra.
#[derive(Debug)]
pub(super) struct Latch(Monitor<bool>);

impl Latch {
    pub(super) fn new() -> Latch {
        Latch(Monitor::new(false))
    }

    pub(super) fn open(&self) {
        self.0.change_for_all(|open| *open = true);
    }

    pub(super) fn is_open(&self) -> bool {
        self.0.with(|open| *open)
    }

    /// Espera a que se abra, o hasta `deadline` si lo hay. Dice si está abierto.
    pub(super) fn wait(&self, deadline: Option<Instant>) -> bool {
        self.0.wait(deadline, |open| open.then_some(())).is_some()
    }
}
