//! `Errand`: un encargo ya escrito que espera fuera del pool a que le toque.

use std::marker::PhantomData;
use std::sync::Arc;

use super::dispatcher::Mailbox;
use super::job::{Callback, Chunk, Job, value_of};
use crate::process::error::ProcessError;
use crate::process::function::Portable;
use crate::sealed::Sealed;
use crate::thread::Workers;

/// Unas tareas con sus argumentos ya copiados. Soltarlo sin mandarlo no hace ninguna.
pub(crate) struct Errand<R> {
    unsent: Sealed<Unsent>,
    result: PhantomData<fn() -> R>,
}

/// Lo que aún no se ha mandado. Al soltarlo, en la línea de tiempo sale de la cola.
pub(super) struct Unsent {
    pub(super) job: Arc<Job>,
    /// Lo que hay que mandar: de una tarea cuyos argumentos no pueden viajar ya se sabe el final.
    pub(super) chunks: Vec<Chunk>,
    pub(super) chunksize: usize,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) notices: Arc<Workers>,
}

impl Drop for Unsent {
    fn drop(&mut self) {
        self.chunks.iter().for_each(Chunk::unqueue);
    }
}

impl Unsent {
    fn run(&mut self, end: Callback) {
        let notices = Arc::clone(&self.notices);
        self.job.on_complete(Box::new(move || {
            // Si ya no hay quien dé avisos, este hilo mismo.
            if let Err(notice) = notices.spawn(end) {
                notice();
            }
        }));
        for chunk in std::mem::take(&mut self.chunks) {
            chunk.send(&self.mailbox, self.chunksize);
        }
    }
}

impl<R: Portable> Errand<R> {
    pub(super) fn new(unsent: Unsent) -> Errand<R> {
        Errand {
            unsent: Sealed::new(unsent),
            result: PhantomData,
        }
    }

    /// Los resultados, si no queda nada que mandar.
    pub(crate) fn hopeless(&self) -> Option<Vec<Result<R, ProcessError>>> {
        let hopeless = self.unsent.chunks.is_empty();
        hopeless.then(|| results(&self.unsent.job))
    }

    /// Lo manda a los procesos. Cuando acaban todas, `end` se ejecuta en el hilo de los avisos del pool.
    pub(crate) fn run(mut self, end: impl FnOnce(Arrival<R>) + Send + 'static) {
        let arrival = Arrival {
            job: Arc::clone(&self.unsent.job),
            result: PhantomData,
        };
        self.unsent.run(Box::new(move || end(arrival)));
    }
}

/// Un encargo que ha acabado.
pub(crate) struct Arrival<R> {
    job: Arc<Job>,
    result: PhantomData<fn() -> R>,
}

impl<R: Portable> Arrival<R> {
    /// Ejecuta `f` en nombre del proceso que lo ha acabado: en la línea de tiempo, los avisos son suyos.
    pub(crate) fn on_behalf(&self, f: &mut dyn FnMut()) {
        self.job.on_behalf(f);
    }

    /// El resultado de cada tarea, en su orden.
    pub(crate) fn results(&self) -> Vec<Result<R, ProcessError>> {
        results(&self.job)
    }
}

fn results<R: Portable>(job: &Job) -> Vec<Result<R, ProcessError>> {
    let state = job.lock();
    let mut results = Vec::with_capacity(state.delivered);
    state.read(&mut |raw| results.push(value_of(raw)));
    results
}
