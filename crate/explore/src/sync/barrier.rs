//! `Barrier`: nadie sigue hasta que llegan todos.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::engine::{Label, Waiters, Waiting, note, point, wait_for};

/// La [`std::sync::Barrier`] de los programas que se exploran.
///
/// Se usa igual, y sirve otra vez cuando se abre. El que llega el último es el que `is_leader`.
///
/// # En Python
///
/// `threading.Barrier(n)`.
///
/// # A pelo
///
/// [`std::sync::Barrier`].
///
/// # Examples
///
/// ```
/// use explore::explore;
/// use explore::sync::{Arc, Barrier};
/// use explore::thread;
///
/// let informe = explore(|| {
///     let meta = Arc::new(Barrier::new(3));
///     let otra = Arc::clone(&meta);
///     let hilo = thread::spawn(move || otra.wait());
///     meta.wait(); // son dos, y espera a tres
///     hilo.join().unwrap();
/// });
/// assert!(informe.is_deadlock());
/// assert!(informe.to_string().contains("principal espera a los demás en Barrier"));
/// ```
pub struct Barrier {
    label: Label,
    size: usize,
    state: Mutex<Arrivals>,
    queue: Waiters,
}

#[derive(Debug, Default)]
struct Arrivals {
    here: usize,
    /// Cuántas veces se ha abierto.
    opened: usize,
}

impl Barrier {
    /// Una barrera para `n` hilos.
    pub fn new(n: usize) -> Barrier {
        Barrier {
            label: Label::next("Barrier"),
            size: n,
            state: Mutex::default(),
            queue: Waiters::new(),
        }
    }

    /// El nombre con el que sale en el informe, en vez de «Barrier A».
    #[must_use = "with_name devuelve la barrera con su nombre"]
    pub fn with_name(mut self, name: impl Into<String>) -> Barrier {
        self.label.rename(name);
        self
    }

    /// Espera a los demás.
    pub fn wait(&self) -> BarrierWaitResult {
        if !point() {
            return BarrierWaitResult { is_leader: false };
        }
        let mut state = self.state();
        state.here += 1;
        let (arrived, turn) = (state.here, state.opened);
        let is_leader = arrived >= self.size;
        if is_leader {
            state.here = 0;
            state.opened += 1;
        }
        drop(state);
        note(|_, story| {
            let (label, size) = (self.label.shown(story), self.size);
            let then = if is_leader { "se abre" } else { "espera" };
            format!("llega a {label}, {arrived} de {size}: {then}")
        });
        if is_leader {
            self.queue.wake_all();
        } else {
            let mut what = String::new();
            crate::engine::with(|run| {
                run.tell(|story| what = format!("a los demás en {}", self.label.shown(story)));
            });
            let open = || (self.state().opened != turn).then_some(());
            wait_for(Waiting::For(what), open, &self.queue);
        }
        BarrierWaitResult { is_leader }
    }

    fn state(&self) -> MutexGuard<'_, Arrivals> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (label, here) = (self.label.short(), self.state().here);
        write!(f, "Barrier({label}, {here} de {})", self.size)
    }
}

/// Lo que devuelve [`Barrier::wait`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BarrierWaitResult {
    is_leader: bool,
}

impl BarrierWaitResult {
    /// ¿Fue este el último en llegar?
    pub fn is_leader(&self) -> bool {
        self.is_leader
    }
}
