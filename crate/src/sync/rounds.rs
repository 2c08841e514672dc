//! Las vueltas de una barrera: reunir a unos cuantos, dejarlos pasar juntos y volver a empezar.
//!
//! Cada vuelta tiene su propio [`Outcome`], que se decide una sola vez: quien espera se queda con la suya y no le afecta
//! lo que pase en las siguientes. Por eso la vuelta siguiente puede empezar antes de que se hayan ido todos los de esta.
//!
//! La acción se hace sin ningún cerrojo cogido, para que pueda mirar la barrera y hasta romperla; mientras dura, los de
//! la vuelta siguiente esperan a la puerta.

use std::sync::OnceLock;

use crate::monitor::Monitor;
use crate::primitives::Arc;
use crate::primitives::Instant;

/// Por qué está rota una barrera, o por qué se fueron los que esperaban.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// A uno se le acabó el plazo.
    Timeout,
    /// Alguien la rompió.
    Aborted,
    /// Alguien la dejó como nueva con gente esperando.
    Reset,
    /// La acción entró en pánico.
    Panic(String),
    /// La acción esperó a su propia barrera.
    OwnAction,
}

/// Cómo acaba una vuelta.
type Outcome = Result<(), Why>;

// Se decide y se mira siempre con el estado cogido: podría ser un `Cell` si los `Cell` fueran `Sync`.
type Round = Arc<OnceLock<Outcome>>;

#[derive(Debug)]
pub(super) struct Rounds {
    parties: usize,
    state: Monitor<State>,
}

#[derive(Debug, Default)]
struct State {
    /// La vuelta que se está reuniendo, o la que espera a que acabe la acción.
    round: Round,
    /// Cuántos la esperan.
    arrived: usize,
    broken: Option<Why>,
    /// El hilo que está haciendo la acción.
    acting: Option<u64>,
}

/// Lo que le toca a quien llega.
enum Arrival {
    /// Esperar a que acabe esta vuelta; ha llegado en este lugar.
    Wait(usize, Round),
    /// Es el último, y ya pueden pasar todos.
    Pass,
    /// Es el último: hacer la acción y acabar esta vuelta.
    Act(Round),
    Leave(Why),
}

impl Rounds {
    pub(super) fn new(parties: usize) -> Rounds {
        Rounds {
            parties,
            state: Monitor::new(State::default()),
        }
    }

    /// Espera a que lleguen todos y da el orden de llegada. El último hace la acción, si la hay.
    pub(super) fn wait<N>(
        &self,
        me: u64,
        deadline: Option<Instant>,
        action: Option<impl FnOnce() -> Result<(), String>>,
        note: impl Fn(u64) -> N,
    ) -> Result<usize, Why> {
        let arrive = |state: &mut State| state.arrive(me, self.parties, action.is_some());
        let arrival = self.state.wait_noting(deadline, arrive, &note);
        match (arrival, action) {
            (None, _) => {
                self.state.change_for_all(State::break_at_the_door);
                Err(Why::Timeout)
            }
            (Some(Arrival::Leave(why)), _) => Err(why),
            (Some(Arrival::Wait(order, round)), _) => {
                let decided = |_: &mut State| round.get().cloned();
                let outcome = self.state.wait_noting(deadline, decided, &note);
                let outcome = outcome.unwrap_or_else(|| self.give_up(&round));
                outcome.map(|()| order)
            }
            (Some(Arrival::Act(round)), Some(action)) => {
                let outcome = action().map_err(Why::Panic);
                self.finish(&round, outcome).map(|()| self.parties - 1)
            }
            (Some(Arrival::Pass | Arrival::Act(_)), _) => {
                // Ya está decidido: solo falta despertarlos.
                self.state.change_for_all(|_| ());
                Ok(self.parties - 1)
            }
        }
    }

    /// A uno se le acabó el plazo: rompe su vuelta, si no había acabado ya.
    fn give_up(&self, round: &Round) -> Outcome {
        self.state.change_for_all(|state| {
            if round.get().is_none() {
                state.break_it(Why::Timeout);
            }
            outcome_of(round)
        })
    }

    /// Acaba la vuelta del último, salvo que alguien la haya roto durante la acción.
    fn finish(&self, round: &Round, outcome: Outcome) -> Outcome {
        self.state.change_for_all(|state| {
            state.acting = None;
            if round.get().is_none() {
                match outcome {
                    Ok(()) => state.end_round(Ok(())),
                    Err(why) => state.break_it(why),
                }
            }
            outcome_of(round)
        })
    }

    /// La rompe, si no lo estaba ya.
    pub(super) fn abort(&self) {
        self.state
            .change_for_all(|state| state.break_it(Why::Aborted));
    }

    /// La deja como nueva: los que esperan se van con un error.
    pub(super) fn reset(&self) {
        self.state.change_for_all(|state| {
            state.end_round(Err(Why::Reset));
            state.broken = None;
        });
    }

    pub(super) fn is_broken(&self) -> bool {
        self.state.with(|state| state.broken.is_some())
    }

    pub(super) fn parties(&self) -> usize {
        self.parties
    }

    pub(super) fn n_waiting(&self) -> usize {
        self.state.with(|state| state.arrived)
    }
}

impl State {
    fn arrive(&mut self, me: u64, parties: usize, has_action: bool) -> Option<Arrival> {
        if let Some(why) = &self.broken {
            return Some(Arrival::Leave(why.clone()));
        }
        match self.acting {
            Some(acting) if acting == me => return Some(Arrival::Leave(Why::OwnAction)),
            Some(_) => return None,
            None => {}
        }
        let round = Arc::clone(&self.round);
        if self.arrived + 1 < parties {
            self.arrived += 1;
            return Some(Arrival::Wait(self.arrived - 1, round));
        }
        if has_action {
            self.acting = Some(me);
            return Some(Arrival::Act(round));
        }
        self.end_round(Ok(()));
        Some(Arrival::Pass)
    }

    /// Decide cómo acaba la vuelta y empieza otra.
    fn end_round(&mut self, outcome: Outcome) {
        let _ = self.round.set(outcome);
        self.round = Round::default();
        self.arrived = 0;
    }

    fn break_it(&mut self, why: Why) {
        self.end_round(Err(why.clone()));
        self.broken.get_or_insert(why);
    }

    /// Queda rota sin estropear la vuelta que ya está completa y solo espera a la acción.
    fn break_at_the_door(&mut self) {
        match self.acting {
            Some(_) => drop(self.broken.get_or_insert(Why::Timeout)),
            None => self.break_it(Why::Timeout),
        }
    }
}

fn outcome_of(round: &Round) -> Outcome {
    round.get().expect("la vuelta se acaba de decidir").clone()
}
