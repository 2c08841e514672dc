//! `Batch`: una tanda de tareas, puestas en marcha en cuanto hay un bucle.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::Handle;

use super::core::{Core, Job, Routine};
use super::current::AnyTask;
use super::event_loop::{current_handle, try_current_handle};
use super::group::{Ended, Group};
use super::task::{Task, routine};

/// Unas tareas, y por dónde avisan de que acaban.
#[expect(unnameable_types, reason = "solo sale en métodos ocultos")]
pub struct Batch {
    group: Option<Arc<Group>>,
    /// Cuántas van.
    count: usize,
    /// El bucle en que se crearon, si fue en uno.
    place: Option<Handle>,
    /// Las que esperan a que haya un bucle.
    jobs: Vec<Job>,
}

impl Batch {
    /// Una tanda cuyas tareas no espera nadie en particular.
    pub(super) fn alone() -> Batch {
        Batch {
            group: None,
            count: 0,
            place: try_current_handle(),
            jobs: Vec::new(),
        }
    }

    /// Una tanda que se espera junta; si `hushed`, los fallos que no vea nadie no se anuncian.
    pub(super) fn together(hushed: bool) -> Batch {
        Batch {
            group: Some(Group::new(hushed)),
            ..Batch::alone()
        }
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Añade una corrutina.
    pub(super) fn prepare<F>(&mut self, future: F) -> Task<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let shared = self.newcomer();
        let routine = routine(&shared, future, Ok);
        self.add(Arc::clone(&shared), routine);
        Task::new(shared)
    }

    /// Una tarea de la tanda, sin corrutina todavía.
    fn newcomer(&mut self) -> Arc<dyn AnyTask> {
        let index = self.next();
        let group = self.group.as_ref().map(|group| (Arc::clone(group), index));
        Core::shared(None, group)
    }

    fn add(&mut self, task: Arc<dyn AnyTask>, routine: Routine) {
        let job = Job::new(task, routine);
        match &self.place {
            // Cuanto antes: recién creada, aún está a mano en la memoria caché.
            Some(place) => job.start(place),
            None => self.jobs.push(job),
        }
    }

    /// Añade una tarea que ya estaba en marcha.
    pub(super) fn adopt(&mut self, task: &Arc<dyn AnyTask>) {
        let index = self.next();
        if let Some(group) = &self.group {
            group.watch(task, index);
        }
    }

    fn next(&mut self) -> usize {
        let index = self.count;
        self.count += 1;
        index
    }

    /// Pone en marcha las que queden.
    #[track_caller]
    pub(super) fn start(&mut self) {
        if self.jobs.is_empty() {
            return;
        }
        let place = current_handle();
        for job in self.jobs.drain(..) {
            job.start(&place);
        }
    }

    /// La siguiente que haya acabado, si antes se han puesto en marcha.
    pub(super) fn poll_ended(&mut self, context: &mut Context<'_>) -> Poll<Ended> {
        self.start();
        match &self.group {
            Some(group) => group.poll_ended(context),
            None => Poll::Pending,
        }
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Batch({})", self.count)
    }
}
