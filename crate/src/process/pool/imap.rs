//! `Imap`: los resultados de un encargo, de uno en uno y sin esperar a los demás.

use std::collections::VecDeque;
use std::fmt;
use std::iter::FusedIterator;
use std::marker::PhantomData;
use std::sync::Arc;

use super::job::{Job, Raw, Segment, value_of};
use crate::pool::Lookahead;
use crate::process::channel::Wait;
use crate::process::error::{Cause, ProcessError};
use crate::process::function::Portable;
use crate::sealed::Sealed;

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
    arrivals: Sealed<Arrivals>,
    result: PhantomData<fn() -> R>,
}

/// Los resultados de un encargo, aún sin leer, según les va tocando.
struct Arrivals {
    job: Arc<Job>,
    /// `None` si no se pudo empezar a leer.
    lookahead: Option<Lookahead>,
    ordered: bool,
    /// Lo que ha llegado antes de que le toque.
    early: Vec<Segment>,
    /// Lo que ya le toca.
    due: VecDeque<Segment>,
    /// Hasta dónde se ha leído el primero de `due`, en bytes.
    read: usize,
    /// Cuántos han pasado a `due`.
    promoted: usize,
    taken: usize,
}

impl<R: Portable> Imap<R> {
    /// Lee las entradas de `items` por delante, en trozos de `chunksize`, y las encarga con `submit`, que recibe el número
    /// de la primera de cada trozo.
    pub(super) fn new<I>(
        job: &Arc<Job>,
        items: I,
        chunksize: usize,
        workers: usize,
        ordered: bool,
        submit: impl FnMut(usize, Vec<I::Item>) + Send + 'static,
    ) -> Imap<R>
    where
        I: Iterator + Send + 'static,
    {
        let theirs = Arc::clone(job);
        let end = move |count, panicked: Option<String>| match panicked {
            None => theirs.expect(count),
            Some(message) => {
                theirs.deliver(Segment::failed(count, Cause::Panic(message).into()));
                theirs.expect(count + 1);
            }
        };
        let lookahead = Lookahead::start(items, chunksize, workers, submit, end)
            .map_err(|error| {
                job.deliver(Segment::failed(0, error.into()));
                job.expect(1);
            })
            .ok();
        Imap {
            arrivals: Sealed::new(Arrivals {
                job: Arc::clone(job),
                lookahead,
                ordered,
                early: Vec::new(),
                due: VecDeque::new(),
                read: 0,
                promoted: 0,
                taken: 0,
            }),
            result: PhantomData,
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
        self.arrivals.next(wait).map(value_of)
    }
}

impl Arrivals {
    /// El siguiente, o `None` si ya se han dado todos.
    fn next(&mut self, wait: Wait) -> Option<Raw<'_>> {
        while self.rest_of_first().is_none() {
            self.read = 0;
            if self.due.pop_front().is_some() {
                continue;
            }
            let taken = self.taken;
            let mut state = self
                .job
                .wait_until(wait, "el siguiente resultado", &|state| {
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
        self.taken += 1;
        if let Some(lookahead) = &self.lookahead {
            lookahead.advance(self.taken);
        }
        let (raw, end) = self.due.front()?.at(self.read)?;
        self.read = end;
        Some(raw)
    }

    /// Lo que queda por leer del primero de `due`.
    fn rest_of_first(&self) -> Option<(Raw<'_>, usize)> {
        self.due.front()?.at(self.read)
    }

    /// Pasa a `due` lo que ya le toca.
    fn promote(&mut self) {
        if !self.ordered {
            self.due.extend(self.early.drain(..));
            return;
        }
        self.early
            .sort_unstable_by_key(|segment| std::cmp::Reverse(segment.first));
        while let Some(segment) = self.early.pop_if(|segment| segment.first == self.promoted) {
            self.promoted += segment.count;
            self.due.push_back(segment);
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

impl<R> fmt::Debug for Imap<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imap")
            .field("taken", &self.arrivals.taken)
            .field("ordered", &self.arrivals.ordered)
            .finish_non_exhaustive()
    }
}
