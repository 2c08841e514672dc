//! La ejecución en marcha: quién vive, quién espera a qué, qué turnos se han dado y, si se cuenta, qué ha pasado.
//!
//! Todos los hilos de un programa explorado corren, de uno en uno, dentro de un solo hilo del sistema: por eso basta con
//! una variable de hilo. Quien la toma prestada la suelta antes de ceder el turno.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use super::story::{Object, Story, Waiting};
use super::waiters::Waiters;

thread_local! {
    static NOW: RefCell<Option<Run>> = const { RefCell::new(None) };
}

/// Por qué una ejecución es un fallo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    Panic { thread: usize, message: String },
    Deadlock,
    Endless,
}

/// Un hilo del programa: el 0 es el principal.
#[derive(Debug, Default)]
struct ThreadState {
    name: Option<Arc<str>>,
    done: bool,
    token: bool,
    /// Donde espera en `park`.
    parked: Arc<Waiters>,
}

#[derive(Debug)]
pub(crate) struct Run {
    threads: Vec<ThreadState>,
    live: usize,
    failure: Option<Failure>,
    stopping: bool,
    picks: Vec<u32>,
    preemptions: usize,
    switches: usize,
    had_choice: bool,
    max_steps: usize,
    made: Vec<(&'static str, usize)>,
    used_weak_order: bool,
    story: Option<Story>,
}

impl Run {
    pub(crate) fn new(max_steps: usize, story: Option<Story>) -> Run {
        Run {
            threads: Vec::new(),
            live: 0,
            failure: None,
            stopping: false,
            picks: Vec::new(),
            preemptions: 0,
            switches: 0,
            had_choice: false,
            max_steps,
            made: Vec::new(),
            used_weak_order: false,
            story,
        }
    }

    /// Apunta un hilo nuevo y devuelve su número.
    pub(crate) fn begin_thread(&mut self, name: Option<Arc<str>>) -> usize {
        self.threads.push(ThreadState {
            name,
            ..ThreadState::default()
        });
        self.live += 1;
        self.threads.len() - 1
    }

    /// Cuántos hilos se han creado: el número que le tocará al siguiente.
    pub(crate) fn threads(&self) -> usize {
        self.threads.len()
    }

    pub(crate) fn end_thread(&mut self, thread: usize) {
        self.threads[thread].done = true;
        self.live -= 1;
    }

    pub(crate) fn is_done(&self, thread: usize) -> bool {
        self.threads[thread].done
    }

    /// Cuántos hilos no han acabado.
    pub(crate) fn live(&self) -> usize {
        self.live
    }

    pub(crate) fn given_name(&self, thread: usize) -> Option<Arc<str>> {
        self.threads[thread].name.clone()
    }

    /// Cómo se llama un hilo en el informe.
    pub(crate) fn name(&self, thread: usize) -> String {
        match &self.threads[thread].name {
            Some(name) => name.to_string(),
            None if thread == 0 => "principal".to_owned(),
            None => format!("hilo {thread}"),
        }
    }

    /// Toma el permiso de `park`, si lo hay.
    pub(crate) fn take_token(&mut self, thread: usize) -> bool {
        std::mem::take(&mut self.threads[thread].token)
    }

    pub(crate) fn park_queue(&self, thread: usize) -> Arc<Waiters> {
        Arc::clone(&self.threads[thread].parked)
    }

    /// Da el permiso de `park` y devuelve a quién hay que despertar.
    pub(crate) fn give_token(&mut self, thread: usize) -> Arc<Waiters> {
        self.threads[thread].token = true;
        self.park_queue(thread)
    }

    /// Da por fallida la ejecución. El primer fallo es el que cuenta.
    pub(crate) fn fail(&mut self, failure: Failure) {
        if self.failure.is_none() {
            if failure == Failure::Deadlock {
                self.explain_deadlock();
            }
            self.failure = Some(failure);
        }
    }

    /// A partir de aquí nadie sigue: lo que quede se deshace.
    pub(crate) fn stop(&mut self) {
        self.stopping = true;
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping
    }

    /// Apunta el turno que se ha dado a `thread`.
    pub(crate) fn pick(&mut self, thread: usize, preempts: bool) {
        let thread = u32::try_from(thread).expect("hay menos de 2³² hilos");
        self.switches += usize::from(self.picks.last().is_some_and(|last| *last != thread));
        self.picks.push(thread);
        self.preemptions += usize::from(preempts);
    }

    /// Apunta que había más de uno entre quienes elegir.
    pub(crate) fn chose(&mut self) {
        self.had_choice = true;
    }

    pub(crate) fn is_over_the_limit(&self) -> bool {
        self.picks.len() >= self.max_steps
    }

    /// El número del siguiente objeto de esa clase.
    pub(crate) fn make(&mut self, kind: &'static str) -> usize {
        match self.made.iter_mut().find(|(other, _)| *other == kind) {
            Some((_, count)) => {
                *count += 1;
                *count - 1
            }
            None => {
                self.made.push((kind, 1));
                0
            }
        }
    }

    pub(crate) fn saw_weak_order(&mut self) {
        self.used_weak_order = true;
    }

    /// Cuenta algo que acaba de hacer `thread`, si se está contando.
    pub(crate) fn note(&mut self, thread: usize, text: impl FnOnce(&Run, &Story) -> String) {
        if let Some(mut story) = self.story.take() {
            let text = text(self, &story);
            story.tell(self.name(thread), thread, text);
            self.story = Some(story);
        }
    }

    /// Cambia lo que se sabe para contar, si se está contando.
    pub(crate) fn tell(&mut self, change: impl FnOnce(&mut Story)) {
        if let Some(story) = &mut self.story {
            change(story);
        }
    }

    fn explain_deadlock(&mut self) {
        if let Some(mut story) = self.story.take() {
            let stuck = (0..self.threads.len()).filter(|thread| !self.threads[*thread].done);
            story.stuck = stuck
                .map(|thread| match story.waiting(thread) {
                    Some(waiting) => {
                        format!(
                            "{} {}",
                            self.name(thread),
                            waiting.describe(thread, self, &story)
                        )
                    }
                    None => format!("{} está parado", self.name(thread)),
                })
                .collect();
            self.story = Some(story);
        }
    }

    pub(crate) fn into_outcome(self) -> Outcome {
        Outcome {
            failure: self.failure,
            picks: self.picks,
            preemptions: self.preemptions,
            switches: self.switches,
            had_choice: self.had_choice,
            made: self.made,
            used_weak_order: self.used_weak_order,
            story: self.story,
        }
    }
}

/// Lo que queda de una ejecución cuando acaba.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) failure: Option<Failure>,
    pub(crate) picks: Vec<u32>,
    /// Cuántas veces cambió de hilo cuando el que iba podía seguir.
    pub(crate) preemptions: usize,
    /// Cuántas veces cambió de hilo.
    pub(crate) switches: usize,
    pub(crate) had_choice: bool,
    pub(crate) made: Vec<(&'static str, usize)>,
    pub(crate) used_weak_order: bool,
    pub(crate) story: Option<Story>,
}

impl Outcome {
    /// El de una ejecución de la que no se sabe nada.
    pub(crate) fn nothing() -> Outcome {
        Run::new(0, None).into_outcome()
    }
}

/// Empieza una ejecución en este hilo del sistema.
pub(crate) fn start(run: Run) {
    NOW.set(Some(run));
}

/// Acaba la que hubiera.
pub(crate) fn finish() -> Option<Run> {
    NOW.take()
}

pub(crate) fn is_running() -> bool {
    NOW.with_borrow(Option::is_some)
}

/// Hace algo con la ejecución en marcha.
///
/// # Panics
///
/// Si no la hay: alguien usa una pieza de `explore` fuera de un programa explorado.
pub(crate) fn with<R>(f: impl FnOnce(&mut Run) -> R) -> R {
    NOW.with_borrow_mut(|now| {
        f(now.as_mut().expect(
            "esto solo vale dentro de un programa que se explora: créalo y úsalo dentro de explore(|| …), y si el \
             programa está en otra celda, que sea una función y no una clausura guardada",
        ))
    })
}

/// Si la ejecución en marcha se está deshaciendo, o ya no hay ninguna: las piezas no hacen nada.
pub(crate) fn is_over() -> bool {
    NOW.with_borrow(|now| now.as_ref().is_none_or(Run::is_stopping))
}

/// Quién tiene el turno.
pub(crate) fn me() -> usize {
    usize::from(shuttle::current::me()) - 1
}

/// Si quien la llama se está deshaciendo, por un pánico suyo o porque se deshace todo: ni cede el turno ni espera.
pub(crate) fn is_unwinding() -> bool {
    let stopping = NOW.with_borrow(|now| now.as_ref().is_some_and(Run::is_stopping));
    std::thread::panicking() || stopping
}

/// Un punto en el que otro hilo puede colarse. Devuelve si este sigue adelante: `false` es que se está deshaciendo.
pub(crate) fn point() -> bool {
    if is_unwinding() {
        return false;
    }
    with(|_| ());
    // En shuttle el tiempo no pasa: `sleep` es un cambio de turno y nada más.
    shuttle::thread::sleep(Duration::ZERO);
    true
}

/// Cuenta algo que acaba de hacer quien tiene el turno.
pub(crate) fn note(text: impl FnOnce(&Run, &Story) -> String) {
    with(|run| run.note(me(), text));
}

/// Espera a que `ready` dé algo, y mientras dice a qué se espera.
pub(crate) fn wait_for<R>(
    waiting: Waiting,
    ready: impl FnMut() -> Option<R>,
    queue: &Waiters,
) -> R {
    let me = me();
    with(|run| run.tell(|story| story.waits(me, Some(waiting))));
    let value = queue.wait(ready);
    with(|run| run.tell(|story| story.waits(me, None)));
    value
}

/// Apunta que `thread` tiene `object`, o que ya no.
pub(crate) fn holds(object: Object, thread: usize, holds: bool) {
    with(|run| run.tell(|story| story.holds(object, thread, holds)));
}
