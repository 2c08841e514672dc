//! La cuenta de una exploración: cuántos planes, cuántos fallos y el más sencillo de ellos.

use super::run::{Failure, Outcome};

/// Un plan que no termina cuesta miles de turnos: con unos cuantos ya está visto.
const ENOUGH_ENDLESS: usize = 10;

#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) plans: usize,
    pub(super) panics: usize,
    pub(super) deadlocks: usize,
    pub(super) endless: usize,
    /// Se han recorrido todos los planes que hay.
    pub(super) is_complete: bool,
    /// Solo hay uno: nunca hubo entre quiénes elegir.
    pub(super) is_single: bool,
    pub(super) used_weak_order: bool,
    /// Por qué el plan que se repetía no es de este programa.
    pub(super) mismatch: Option<String>,
    /// La ejecución que hay que contar: el fallo con menos cambios de hilo, a destiempo primero.
    pub(super) chosen: Option<Outcome>,
}

impl Tally {
    /// Apunta una ejecución acabada; devuelve si merece la pena hacer otra.
    pub(super) fn add(&mut self, outcome: Outcome) -> bool {
        self.plans += 1;
        match outcome.failure {
            Some(Failure::Panic { .. }) => self.panics += 1,
            Some(Failure::Deadlock) => self.deadlocks += 1,
            Some(Failure::Endless) => self.endless += 1,
            None => {}
        }
        self.used_weak_order |= outcome.used_weak_order;
        self.is_single = self.plans == 1 && !outcome.had_choice;
        if self
            .chosen
            .as_ref()
            .is_none_or(|chosen| is_simpler(&outcome, chosen))
        {
            self.chosen = Some(outcome);
        }
        !self.is_single && self.endless < ENOUGH_ENDLESS
    }
}

/// Un fallo antes que ninguno y, entre fallos, el que se lee mejor; a igualdad, siempre el mismo.
fn is_simpler(a: &Outcome, b: &Outcome) -> bool {
    let rank = |outcome: &Outcome| {
        let kind = match outcome.failure {
            Some(Failure::Panic { .. } | Failure::Deadlock) => 0,
            Some(Failure::Endless) => 1,
            None => 2,
        };
        (
            kind,
            outcome.preemptions,
            outcome.switches,
            outcome.picks.len(),
        )
    };
    rank(a)
        .cmp(&rank(b))
        .then_with(|| a.picks.cmp(&b.picks))
        .is_lt()
}
