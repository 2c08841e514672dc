//! `Tray`: la bandeja donde se va dejando lo que llega y de la que uno lo va cogiendo, en ese orden.

use std::collections::VecDeque;

use crate::monitor::Monitor;
use crate::primitives::{Instant, wait_for_other};

/// Lo que ha ido llegando. Dejar no espera; coger, sí.
pub(crate) struct Tray<T>(Monitor<VecDeque<T>>);

impl<T> Tray<T> {
    pub(crate) fn new() -> Tray<T> {
        Tray(Monitor::new(VecDeque::new()))
    }

    /// Deja algo.
    pub(crate) fn put(&self, item: T) {
        self.0.change_for_one(|arrived| arrived.push_back(item));
    }

    /// Coge lo que lleva más tiempo; si no hay nada, lo espera. `None` si antes se pasa el plazo.
    pub(crate) fn take(&self, deadline: Option<Instant>) -> Option<T> {
        let note = |object| wait_for_other(object, "el siguiente resultado");
        self.0.wait_noting(deadline, VecDeque::pop_front, note)
    }
}
