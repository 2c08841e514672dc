//! `Chunk`: las entradas seguidas que hace un hilo de una vez.

use std::sync::Arc;
use std::thread;

use super::segment::Segment;
use super::thread_pool::Shared;
use crate::panic::catch;
use crate::thread::ThreadError;
use crate::timeline::{self, FunctionName, Inside, Label, NOTHING, Ticket};

/// Lo que se hace con los resultados de un trozo.
type Deliver<R> = Box<dyn FnOnce(Segment<R>) + Send>;

/// Entradas seguidas de un encargo, y a quién darle lo que salga de ellas.
///
/// Lo que salga se da siempre: si se suelta sin haber empezado, es que el pool no las va a hacer.
pub(super) struct Chunk<A, R> {
    pool: Arc<Shared>,
    first: usize,
    items: Vec<A>,
    trail: Trail,
    deliver: Option<Deliver<R>>,
}

impl<A, R> Chunk<A, R> {
    /// `name` es el nombre de la función que se les va a aplicar.
    pub(super) fn new(
        pool: &Arc<Shared>,
        name: FunctionName,
        first: usize,
        items: Vec<A>,
        deliver: Deliver<R>,
    ) -> Self {
        Chunk {
            trail: Trail::new(pool, name, first, items.len()),
            pool: Arc::clone(pool),
            first,
            items,
            deliver: Some(deliver),
        }
    }

    /// Hace todas, aunque alguna entre en pánico.
    pub(super) fn run<F>(mut self, f: Arc<F>)
    where
        F: Fn(A) -> R,
    {
        let items = std::mem::take(&mut self.items);
        let mut segment = Segment {
            first: self.first,
            results: Vec::with_capacity(items.len()),
            failures: Vec::new(),
        };
        let mut items = items.into_iter();
        let trail = &mut self.trail;
        let mut one = |item| {
            let _task = trail.next();
            f(item)
        };
        // Un solo `catch` para muchas: solo se vuelve a entrar si una falla, y la que falló ya está gastada.
        while let Err(message) = catch(|| segment.results.extend(items.by_ref().map(&mut one))) {
            let number = self.first + segment.count();
            segment.failures.push((number, panicked(message)));
        }
        // Lo que capturaba la función se suelta antes de que se vea el resultado. Si al soltarse entra en pánico, la
        // tarea ya está hecha.
        let _ = catch(|| drop(f));
        self.deliver(segment);
    }

    fn deliver(&mut self, segment: Segment<R>) {
        if let Some(deliver) = self.deliver.take() {
            deliver(segment);
        }
    }
}

impl<A, R> Drop for Chunk<A, R> {
    fn drop(&mut self) {
        if self.deliver.is_some() {
            let error = self.pool.refusal();
            self.deliver(Segment::failed(self.first, self.items.len(), &error));
        }
    }
}

/// Las tareas de un trozo en la línea de tiempo.
struct Trail {
    name: FunctionName,
    /// El número, dentro del encargo, de la siguiente.
    number: usize,
    /// Si se encargaron durante una captura, sus resguardos.
    tickets: std::vec::IntoIter<Ticket>,
}

impl Trail {
    fn new(pool: &Shared, name: FunctionName, first: usize, count: usize) -> Trail {
        let numbers = if timeline::is_on() { 0..count } else { 0..0 };
        let tickets: Vec<Ticket> = numbers.map(|i| pool.ticket(name, first + i + 1)).collect();
        Trail {
            name,
            number: first,
            tickets: tickets.into_iter(),
        }
    }

    /// Empieza la siguiente.
    #[inline]
    fn next(&mut self) -> Option<Inside> {
        self.number += 1;
        match self.tickets.next() {
            Some(ticket) => ticket.begin(),
            None => timeline::task(NOTHING, || Label::numbered((self.name)(), self.number)),
        }
    }
}

/// El pánico de una tarea de este hilo.
pub(super) fn panicked(message: String) -> ThreadError {
    ThreadError::task_panic(thread::current().name().unwrap_or("sin nombre"), message)
}
