//! Recorrer planes y repetir uno contándolo.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use concurrencia::panic::panic_message;
use shuttle::{Config, FailurePersistence, MaxSteps, Runner};
use tracing::subscriber::NoSubscriber;

use super::director::{Director, Picker, launch};
use super::hook::quietly;
use super::run::{self, Failure, Outcome};
use super::tally::Tally;
use crate::Step;

pub(crate) type Program = Arc<dyn Fn() + Send + Sync>;

/// Palabras de pila de cada hilo explorado. Solo se ocupan las que se usan.
const STACK_WORDS: usize = 0x1_0000;

/// Quien entró en pánico, si no se sabe.
const NOBODY: usize = usize::MAX;

/// Lo que ha dado una exploración.
#[derive(Clone, Debug)]
pub(crate) struct Findings {
    pub(crate) plans: usize,
    pub(crate) panics: usize,
    pub(crate) deadlocks: usize,
    pub(crate) endless: usize,
    pub(crate) is_complete: bool,
    pub(crate) is_single: bool,
    pub(crate) used_weak_order: bool,
    pub(crate) example: Option<Example>,
}

/// Un plan contado paso a paso.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) failure: Option<Failure>,
    /// Quién entró en pánico.
    pub(crate) culprit: Option<String>,
    pub(crate) picks: Vec<u32>,
    pub(crate) steps: Vec<Step>,
    pub(crate) stuck: Vec<String>,
    /// Al repetir el plan ha pasado lo mismo.
    pub(crate) is_repeatable: bool,
}

/// Recorre hasta `plans` planes y cuenta el fallo más sencillo.
pub(crate) fn explore(
    picker: Picker,
    plans: usize,
    max_steps: usize,
    program: &Program,
) -> Findings {
    isolated(|| {
        let mut tally = run_plans(picker, plans, max_steps, None, program);
        let failed = tally
            .chosen
            .take()
            .filter(|chosen| chosen.failure.is_some());
        let example = failed.map(|outcome| tell(outcome, max_steps, program));
        findings(&tally, example)
    })
}

/// Repite un plan y lo cuenta, falle o no; o dice por qué no es de este programa.
pub(crate) fn replay(
    picks: Vec<u32>,
    max_steps: usize,
    program: &Program,
) -> Result<Findings, String> {
    isolated(|| {
        let mut tally = run_plans(Picker::plan(picks), 1, max_steps, None, program);
        if let Some(why) = tally.mismatch {
            return Err(why);
        }
        let example = tally
            .chosen
            .take()
            .map(|outcome| tell(outcome, max_steps, program));
        Ok(findings(&tally, example))
    })
}

fn findings(tally: &Tally, example: Option<Example>) -> Findings {
    Findings {
        plans: tally.plans,
        panics: tally.panics,
        deadlocks: tally.deadlocks,
        endless: tally.endless,
        is_complete: tally.is_complete,
        is_single: tally.is_single,
        used_weak_order: tally.used_weak_order,
        example,
    }
}

/// Hace otra vez lo que se hizo, ahora apuntando cada paso.
fn tell(outcome: Outcome, max_steps: usize, program: &Program) -> Example {
    let picker = Picker::plan(outcome.picks.clone());
    let mut tally = run_plans(picker, 1, max_steps, Some(outcome.made), program);
    let told = tally.chosen.take().unwrap_or_else(Outcome::nothing);
    let is_repeatable = tally.mismatch.is_none()
        && same_kind(&told.failure, &outcome.failure)
        && told.picks == outcome.picks;
    let (steps, stuck) = told
        .story
        .map(|story| (story.steps, story.stuck))
        .unwrap_or_default();
    let culprit = match &outcome.failure {
        Some(Failure::Panic { thread, .. }) => {
            let last = steps
                .iter()
                .rev()
                .find(|step| step.thread_number() == *thread);
            last.map(|step| step.thread().to_owned())
        }
        _ => None,
    };
    Example {
        failure: outcome.failure,
        culprit,
        picks: outcome.picks,
        steps,
        stuck,
        is_repeatable,
    }
}

fn same_kind(a: &Option<Failure>, b: &Option<Failure>) -> bool {
    match (a, b) {
        (Some(Failure::Panic { thread: a, .. }), Some(Failure::Panic { thread: b, .. })) => a == b,
        (a, b) => a == b,
    }
}

fn run_plans(
    picker: Picker,
    plans: usize,
    max_steps: usize,
    totals: Option<Vec<(&'static str, usize)>>,
    program: &Program,
) -> Tally {
    let tally = Rc::new(RefCell::new(Tally::default()));
    let director = Director {
        picker,
        plans_left: plans,
        max_steps,
        totals,
        tally: Rc::clone(&tally),
    };
    let mut config = Config::new();
    config.stack_size = STACK_WORDS;
    config.failure_persistence = FailurePersistence::None;
    config.max_steps = MaxSteps::None; // el tope lo pone el director
    config.silence_warnings = true;
    let program = Arc::clone(program);
    let body = move || {
        let program = Arc::clone(&program);
        // Aquí está el centinela: no vuelve a tener turno hasta que el programa ha acabado.
        launch(None, move || program());
    };
    let ended = catch_unwind(AssertUnwindSafe(|| Runner::new(director, config).run(body)));
    if let Some(mut run) = run::finish() {
        if let Err(payload) = ended {
            run.fail(Failure::Panic {
                thread: NOBODY,
                message: from_outside(&*payload),
            });
        }
        tally.borrow_mut().add(run.into_outcome());
    }
    tally.take()
}

/// Un pánico que no ha recogido el hilo en el que ocurrió.
fn from_outside(payload: &(dyn std::any::Any + Send)) -> String {
    if payload.is::<String>() || payload.is::<&'static str>() {
        panic_message(payload).to_owned()
    } else {
        "un hilo ha desbordado su pila: ¿una función que se llama a sí misma sin fin?".to_owned()
    }
}

/// Una exploración cada vez, sin avisos de pánico y sin los mensajes de shuttle en el registro de nadie.
///
/// Al deshacer un hilo, la biblioteca de corrutinas quita y repone el gancho de pánico del proceso entero: dos
/// exploraciones a la vez lo perderían.
fn isolated<R>(f: impl FnOnce() -> R) -> R {
    static TURN: Mutex<()> = Mutex::new(());
    assert!(
        !run::is_running(),
        "un programa que se explora no puede explorar otro"
    );
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    tracing::subscriber::with_default(NoSubscriber::default(), || quietly(f))
}
