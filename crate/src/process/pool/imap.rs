//! `Imap`: los resultados de un encargo, de uno en uno y sin esperar a los demás.

use std::collections::VecDeque;
use std::fmt;
use std::iter::FusedIterator;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::job::{Job, Segment};
use crate::panic::message_of;
use crate::process::channel::Wait;
use crate::process::error::{Cause, ProcessError};
use crate::process::function::Portable;

/// Los resultados según se van teniendo: en el orden de las entradas ([`imap`](crate::ProcessPool::imap)) o en el que
/// acaban ([`imap_unordered`](crate::ProcessPool::imap_unordered)).
///
/// Cada elemento es un `Result`: que una tarea falle no quita las demás. `next` **bloquea** hasta que esté el
/// siguiente; [`next_timeout`](Imap::next_timeout) espera con plazo. Las entradas las lee un hilo por delante, pero con
/// medida: un iterador lento o sin fin vale. Soltarlo deja de leer entradas y no cancela lo ya encargado.
///
/// # En Python
///
/// Lo que devuelve `Pool.imap`; `next(timeout)` es [`next_timeout`](Imap::next_timeout). Python se lee las entradas
/// enteras, acaben o no.
pub struct Imap<R> {
    job: Arc<Job>,
    window: Arc<Window>,
    ordered: bool,
    /// Lo que ha llegado antes de que le toque.
    early: Vec<Segment>,
    /// Lo que ya le toca.
    ready: VecDeque<Result<R, ProcessError>>,
    taken: usize,
}

impl<R: Portable> Imap<R> {
    /// Empieza a encargar las entradas de `items` con `submit`, hasta `ahead` por delante de los resultados recogidos.
    ///
    /// `submit` recibe el número de la primera entrada de las que encarga y dice cuántas eran.
    pub(super) fn new<I>(
        job: &Arc<Job>,
        items: I,
        ahead: usize,
        ordered: bool,
        mut submit: impl FnMut(usize, I::Item) -> usize + Send + 'static,
    ) -> Imap<R>
    where
        I: Iterator + Send + 'static,
    {
        let window = Arc::new(Window::new(ahead));
        let reader = Reader {
            job: Arc::clone(job),
            window: Arc::clone(&window),
            submitted: 0,
        };
        let spawned = thread::Builder::new()
            .name("imap (entradas)".to_owned())
            .spawn(move || reader.read(items, &mut submit));
        if let Err(error) = spawned {
            job.deliver(Segment::failed(0, error.into()));
            job.expect(1);
        }
        Imap {
            job: Arc::clone(job),
            window,
            ordered,
            early: Vec::new(),
            ready: VecDeque::new(),
            taken: 0,
        }
    }

    /// El resultado siguiente, o `None` si ya se han dado todos; espera como mucho `seconds` segundos de la lección.
    ///
    /// # Errors
    ///
    /// [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo: no se pierde nada y se puede volver a pedir. Los
    /// demás son de la tarea.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    pub fn next_timeout(&mut self, seconds: impl Into<f64>) -> Option<Result<R, ProcessError>> {
        self.next_until(Wait::lesson(seconds.into()))
    }

    fn next_until(&mut self, wait: Wait) -> Option<Result<R, ProcessError>> {
        loop {
            if let Some(result) = self.ready.pop_front() {
                self.taken += 1;
                self.window.advance(self.taken);
                return Some(result);
            }
            let taken = self.taken;
            let mut state = self.job.wait_until(wait, |state| {
                !state.arrived.is_empty() || state.expected() == Some(taken)
            });
            if state.expected() == Some(taken) {
                return None;
            }
            if state.arrived.is_empty() {
                return Some(Err(Cause::Timeout.into()));
            }
            self.early.append(&mut state.arrived);
            drop(state);
            self.promote();
        }
    }

    /// Pasa a `ready` lo que ya le toca.
    fn promote(&mut self) {
        if !self.ordered {
            for segment in self.early.drain(..) {
                segment.read(|one| self.ready.push_back(one));
            }
            return;
        }
        let mut next = self.taken + self.ready.len();
        self.early
            .sort_unstable_by_key(|segment| std::cmp::Reverse(segment.first));
        while let Some(segment) = self.early.pop_if(|segment| segment.first == next) {
            next += segment.count;
            segment.read(|one| self.ready.push_back(one));
        }
    }
}

impl<R: Portable> Iterator for Imap<R> {
    type Item = Result<R, ProcessError>;

    fn next(&mut self) -> Option<Result<R, ProcessError>> {
        self.next_until(Wait::Forever)
    }
}

impl<R: Portable> FusedIterator for Imap<R> {}

impl<R> Drop for Imap<R> {
    fn drop(&mut self) {
        self.window.close();
    }
}

/// Hasta dónde puede llegar el hilo que lee las entradas.
#[derive(Debug)]
struct Window {
    ahead: usize,
    state: Mutex<WindowState>,
    changed: Condvar,
}

#[derive(Debug)]
struct WindowState {
    /// El número de la primera entrada que aún no se puede leer.
    limit: usize,
    closed: bool,
}

impl Window {
    fn new(ahead: usize) -> Window {
        Window {
            ahead,
            state: Mutex::new(WindowState {
                limit: ahead,
                closed: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// Se han recogido `taken` resultados.
    fn advance(&self, taken: usize) {
        // De golpe, cada media ventana: de una en una despertarían al que lee por cada resultado.
        if taken.is_multiple_of((self.ahead / 2).max(1)) {
            let mut state = self.lock();
            state.limit = taken + self.ahead;
            self.changed.notify_all();
        }
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Espera a que se pueda leer la entrada `number`. Dice si todavía interesa.
    fn wait_for(&self, number: usize) -> bool {
        let full = |state: &mut WindowState| number >= state.limit && !state.closed;
        let state = self.changed.wait_while(self.lock(), full);
        !state.unwrap_or_else(PoisonError::into_inner).closed
    }

    fn lock(&self) -> MutexGuard<'_, WindowState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// El hilo que lee las entradas.
struct Reader {
    job: Arc<Job>,
    window: Arc<Window>,
    submitted: usize,
}

impl Reader {
    fn read<I: Iterator>(mut self, mut items: I, submit: &mut impl FnMut(usize, I::Item) -> usize) {
        let read = catch_unwind(AssertUnwindSafe(|| {
            while self.window.wait_for(self.submitted) {
                let Some(item) = items.next() else { break };
                self.submitted += submit(self.submitted, item);
            }
        }));
        if let Err(payload) = read {
            let error = Cause::Panic(message_of(payload)).into();
            self.job.deliver(Segment::failed(self.submitted, error));
            self.submitted += 1;
        }
        self.job.expect(self.submitted);
    }
}

impl<R> fmt::Debug for Imap<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imap")
            .field("taken", &self.taken)
            .field("ordered", &self.ordered)
            .finish_non_exhaustive()
    }
}
