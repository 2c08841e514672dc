//! `Director`: el planificador que shuttle ve. Pregunta a otro a quién toca y apunta, vigila y detiene.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;

use concurrencia::panic::panic_message;
use shuttle::scheduler::{
    DfsScheduler, PctScheduler, RandomScheduler, Schedule, Scheduler, Task, TaskId,
};

use super::run::{self, Failure, Run};
use super::story::Story;
use super::tally::Tally;

/// Quién elige los turnos.
#[derive(Debug)]
pub(crate) enum Picker {
    /// Sin soltarlo nunca: al hacerlo escribiría su semilla en la salida de error. No tiene nada reservado.
    Random(ManuallyDrop<RandomScheduler>),
    Pct(PctScheduler),
    Exhaustive(DfsScheduler),
    /// Los turnos de un plan, uno detrás de otro.
    Plan {
        picks: Vec<u32>,
        at: usize,
    },
}

impl Picker {
    pub(crate) fn random(seed: u64, plans: usize) -> Picker {
        Picker::Random(ManuallyDrop::new(RandomScheduler::new_from_seed(
            seed, plans,
        )))
    }

    pub(crate) fn pct(seed: u64, depth: usize, plans: usize) -> Picker {
        Picker::Pct(PctScheduler::new_from_seed(seed, depth, plans))
    }

    pub(crate) fn exhaustive() -> Picker {
        Picker::Exhaustive(DfsScheduler::new(None, false))
    }

    pub(crate) fn plan(picks: Vec<u32>) -> Picker {
        Picker::Plan { picks, at: 0 }
    }

    fn new_execution(&mut self) -> Option<Schedule> {
        match self {
            Picker::Random(random) => random.new_execution(),
            Picker::Pct(pct) => pct.new_execution(),
            Picker::Exhaustive(exhaustive) => exhaustive.new_execution(),
            Picker::Plan { .. } => Some(Schedule::new(0)),
        }
    }

    /// Por qué sobra parte del plan, si sobra.
    fn leftover(&self) -> Option<String> {
        match self {
            Picker::Plan { picks, at } if *at < picks.len() => Some(format!(
                "tiene {} turnos y el programa acaba en {at}",
                picks.len()
            )),
            _ => None,
        }
    }

    /// A quién toca, o por qué el plan no se puede seguir.
    fn next(
        &mut self,
        tasks: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Result<TaskId, String> {
        let chosen = match self {
            Picker::Random(random) => random.next_task(tasks, current, is_yielding),
            Picker::Pct(pct) => pct.next_task(tasks, current, is_yielding),
            Picker::Exhaustive(exhaustive) => exhaustive.next_task(tasks, current, is_yielding),
            Picker::Plan { picks, at } => {
                let Some(&pick) = picks.get(*at) else {
                    return Err(format!("se acaba en el turno {at} y el programa no"));
                };
                *at += 1;
                let planned = tasks.iter().map(|task| task.id());
                let planned = planned
                    .into_iter()
                    .find(|id| thread_of(*id) == pick as usize);
                return planned.ok_or_else(|| {
                    format!("da el turno {at} al hilo {pick}, que entonces no puede seguir")
                });
            }
        };
        Ok(chosen.expect("los planificadores de shuttle siempre eligen a alguien"))
    }
}

/// El hilo del programa que es esa tarea; la 0 es el centinela.
fn thread_of(task: TaskId) -> usize {
    usize::from(task) - 1
}

#[derive(Debug)]
pub(super) struct Director {
    pub(super) picker: Picker,
    pub(super) plans_left: usize,
    pub(super) max_steps: usize,
    /// Con qué se cuenta, si se cuenta.
    pub(super) totals: Option<Vec<(&'static str, usize)>>,
    pub(super) tally: Rc<RefCell<Tally>>,
}

impl Scheduler for Director {
    fn new_execution(&mut self) -> Option<Schedule> {
        if let Some(run) = run::finish() {
            let outcome = run.into_outcome();
            let mut tally = self.tally.borrow_mut();
            if outcome.failure.is_none() && tally.mismatch.is_none() {
                tally.mismatch = self.picker.leftover();
            }
            if !tally.add(outcome) {
                return None;
            }
        }
        let is_exhaustive = matches!(self.picker, Picker::Exhaustive(_));
        if self.plans_left == 0 && !is_exhaustive {
            return None;
        }
        let Some(schedule) = self.picker.new_execution() else {
            self.tally.borrow_mut().is_complete = is_exhaustive;
            return None;
        };
        self.plans_left = self.plans_left.checked_sub(1)?;
        let story = self.totals.clone().map(Story::new);
        run::start(Run::new(self.max_steps, story));
        Some(schedule)
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        let sentinel = TaskId::from(0);
        let (sentinel_first, tasks) = match runnable.split_first() {
            Some((first, rest)) if first.id() == sentinel => (true, rest),
            _ => (false, runnable),
        };
        let current = current.filter(|task| *task != sentinel);
        run::with(|run| {
            if run.is_stopping() {
                return None;
            }
            if tasks.is_empty() {
                if run.live() == 0 && sentinel_first {
                    return Some(sentinel);
                }
                run.fail(Failure::Deadlock);
                run.stop();
                return None;
            }
            if run.is_over_the_limit() {
                run.fail(Failure::Endless);
                run.stop();
                return None;
            }
            if tasks.len() > 1 {
                run.chose();
            }
            match self.picker.next(tasks, current, is_yielding) {
                Ok(task) => {
                    let preempts = !is_yielding
                        && current.is_some_and(|current| {
                            current != task && tasks.iter().any(|other| other.id() == current)
                        });
                    run.pick(thread_of(task), preempts);
                    Some(task)
                }
                Err(why) => {
                    self.tally.borrow_mut().mismatch = Some(why);
                    run.stop();
                    None
                }
            }
        })
    }

    fn next_u64(&mut self) -> u64 {
        match &mut self.picker {
            Picker::Random(random) => random.next_u64(),
            Picker::Pct(pct) => pct.next_u64(),
            Picker::Exhaustive(exhaustive) => exhaustive.next_u64(),
            Picker::Plan { .. } => 0,
        }
    }
}

/// Lanza un hilo del programa. Si entra en pánico, el pánico se queda en él: la ejecución es un fallo.
pub(crate) fn launch<T: Send + 'static>(
    name: Option<Arc<str>>,
    f: impl FnOnce() -> T + Send + 'static,
) -> (usize, shuttle::thread::JoinHandle<Option<T>>) {
    let thread = run::with(|run| run.begin_thread(name));
    let handle = shuttle::thread::spawn(move || match catch_unwind(AssertUnwindSafe(f)) {
        Ok(value) => {
            run::with(|run| run.end_thread(thread));
            Some(value)
        }
        // Lo que deshace a los hilos a medias es un pánico de shuttle, que tiene que llegarle.
        Err(payload) if run::is_over() => resume_unwind(payload),
        Err(payload) => {
            let message = panic_message(&*payload).to_owned();
            run::with(|run| {
                run.note(thread, |_, _| format!("pánico: {message}"));
                run.fail(Failure::Panic { thread, message });
                if run.live() > 1 {
                    run.stop();
                } else {
                    run.end_thread(thread);
                }
            });
            while run::is_over() {
                // No vuelve: el director ya no da más turnos.
                shuttle::thread::yield_now();
            }
            None
        }
    });
    (thread, handle)
}
