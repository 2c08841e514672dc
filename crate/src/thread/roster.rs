//! `Roster`: la lista de los que están, y esperar a que no quede nadie.

use std::collections::BTreeMap;

use crate::monitor::Monitor;
use crate::primitives::{Instant, wait_for_other};

/// Quiénes están, cada uno con su número.
#[derive(Debug)]
pub(super) struct Roster<T>(Monitor<BTreeMap<u64, T>>);

impl<T: Clone> Roster<T> {
    pub(super) const fn new() -> Roster<T> {
        Roster(Monitor::new(BTreeMap::new()))
    }

    pub(super) fn enter(&self, id: u64, who: T) {
        self.0.with(|present| present.insert(id, who));
    }

    pub(super) fn leave(&self, id: u64) {
        self.0.change_for_all(|present| present.remove(&id));
    }

    /// Los que están ahora, por orden de número.
    pub(super) fn list(&self) -> Vec<T> {
        self.0.with(|present| present.values().cloned().collect())
    }

    /// Espera a que no quede nadie, o hasta `deadline` si lo hay, y dice quiénes quedan.
    ///
    /// Basta mirar si está vacía: quien da de alta a otro está dado de alta mientras tanto (o es el que espera, que ya no
    /// lo hará), así que no se vacía para llenarse después.
    pub(super) fn wait_empty(&self, deadline: Option<Instant>) -> Vec<T> {
        let nobody = |present: &mut BTreeMap<_, _>| present.is_empty().then(Vec::new);
        let note = |object| wait_for_other(object, "que acaben los hilos del bloque");
        let empty = self.0.wait_noting(deadline, nobody, note);
        empty.unwrap_or_else(|| self.list())
    }
}
