//! Lo de dentro de una tarea: la corrutina puesta en manos de tokio y el sitio donde deja su resultado.
//!
//! Tokio ya tiene `JoinHandle`, pero solo lo puede esperar uno y no admite encargos para el final; por eso el resultado va
//! a un [`Slot`], como el de los futuros. A tokio le llega siempre el mismo tipo, [`Running`]: así la celda que lanza una
//! tarea no vuelve a compilar medio runtime.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::current::{self, AnyTask};
use super::error::{Cause, TaskError};
use super::group::Group;
use crate::futures::{Slot, Stage};
use crate::panic::{announce_unheard, catch};

/// Cómo acabó una tarea.
pub(super) type Outcome<T> = Result<T, TaskError>;

/// Lo que comparten los mangos de una tarea y la tarea misma.
pub(super) struct Core<T> {
    number: u64,
    name: OnceLock<Box<str>>,
    slot: Slot<Outcome<T>>,
    /// Con quién se puso en marcha, y qué lugar ocupa entre ellas.
    group: Option<(Arc<Group>, usize)>,
    /// Nada, mientras no esté en marcha.
    handle: OnceLock<JoinHandle<()>>,
    cancel_requested: AtomicBool,
    /// ¿Ha visto alguien cómo acabó?
    seen: AtomicBool,
}

/// Una corrutina que no devuelve nada: lo que da lo deja en su [`Core`].
type Routine = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Una tarea que todavía no está en ningún bucle.
#[must_use = "hay que ponerla en marcha"]
pub(super) struct Job(Running);

impl Job {
    /// La pone en marcha en ese bucle.
    pub(super) fn start(self, place: &Handle) {
        let Running { task, .. } = &self.0;
        let task = task
            .clone()
            .expect("la tarea está dentro mientras no se ejecuta");
        task.started(place.spawn(self.0));
    }
}

/// Lo que ejecuta tokio.
///
/// Pase lo que pase, la tarea llega a un final: también si se suelta a medias o sin empezar. Antes ha soltado todo lo que
/// tenía: quien espera el final lo ve ya suelto.
struct Running {
    /// `None` al acabar.
    routine: Option<Routine>,
    /// `None` mientras se ejecuta: entonces es la [actual](current) de su hilo.
    task: Option<Arc<dyn AnyTask>>,
}

impl Running {
    /// Suelta lo que tenía; si al soltarlo hay un pánico, da su mensaje.
    fn let_go(&mut self) -> Result<(), String> {
        let routine = self.routine.take();
        catch(|| drop(routine))
    }
}

impl Future for Running {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let Some(routine) = &mut this.routine else {
            return Poll::Ready(());
        };
        let before = current::swap(this.task.take());
        let polled = catch(|| routine.as_mut().poll(context));
        this.task = current::swap(before);
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(())) => {
                this.routine = None;
                Poll::Ready(())
            }
            Err(message) => {
                // Lo que se cuenta es el primer pánico.
                let _ = this.let_go();
                if let Some(task) = &this.task {
                    task.panicked(message);
                }
                Poll::Ready(())
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.routine.is_none() {
            return;
        }
        let dropped = self.let_go();
        if let Some(task) = &self.task {
            match dropped {
                Ok(()) => task.cut(),
                Err(message) => task.panicked(message),
            }
        }
    }
}

impl<T: Send + 'static> Core<T> {
    /// Una tarea sin empezar, que hará `future` y acabará como diga `settle`; un pánico es un error, y no se anuncia.
    pub(super) fn prepare<F>(
        name: Option<Box<str>>,
        group: Option<(Arc<Group>, usize)>,
        future: F,
        settle: fn(F::Output) -> Result<T, Cause>,
    ) -> (Arc<Core<T>>, Job)
    where
        F: Future + Send + 'static,
        F::Output: Send,
    {
        let core = Core::new(name, group);
        let ending = Arc::clone(&core);
        // `map` suelta la corrutina antes de llamar a lo que sigue.
        let routine = future.map(move |output| ending.settle(settle(output)));
        let job = Job(Running {
            routine: Some(Box::pin(routine)),
            task: Some(core.clone()),
        });
        (core, job)
    }
}

impl<T> Core<T> {
    fn new(name: Option<Box<str>>, group: Option<(Arc<Group>, usize)>) -> Arc<Core<T>> {
        static CREATED: AtomicU64 = AtomicU64::new(0);
        Arc::new(Core {
            number: CREATED.fetch_add(1, Ordering::Relaxed) + 1,
            name: name.map_or_else(OnceLock::new, OnceLock::from),
            slot: Slot::new(),
            group,
            handle: OnceLock::new(),
            cancel_requested: AtomicBool::new(false),
            seen: AtomicBool::new(false),
        })
    }

    /// Deja dicho cómo ha acabado.
    fn settle(&self, outcome: Result<T, Cause>) {
        let failed = outcome.is_err();
        let callbacks = match outcome {
            // Lo que esperaba se canceló, y con ello la tarea.
            Err(Cause::Cancelled) => self.slot.cancel(),
            outcome => {
                let outcome = outcome.map_err(|cause| self.error(cause));
                self.slot.finish(outcome).ok()
            }
        };
        if let Some((group, index)) = &self.group {
            if failed && group.is_hushed() {
                self.seen.store(true, Ordering::Relaxed);
            }
            group.ended(*index, failed);
        }
        if let Some(callbacks) = callbacks {
            callbacks.run();
        }
    }

    pub(super) fn name(&self) -> &str {
        // Casi nadie pregunta cómo se llama una tarea: no se escribe hasta entonces.
        self.name
            .get_or_init(|| format!("Task-{}", self.number).into())
    }

    pub(super) fn error(&self, cause: Cause) -> TaskError {
        TaskError::new(self.name(), cause)
    }

    /// Pregunta por dónde va.
    pub(super) fn look<R>(&self, question: impl FnOnce(&Stage<Outcome<T>>) -> R) -> R {
        self.slot.look(question)
    }

    /// Pide que se corte; `false` si ya había acabado.
    pub(super) fn cancel(&self) -> bool {
        if self.look(Stage::is_over) {
            return false;
        }
        self.cancel_requested.store(true, Ordering::SeqCst);
        self.abort();
        true
    }

    /// ¿Se ha pedido que se corte?
    pub(super) fn is_cancelling(&self) -> bool {
        self.cancel_requested.load(Ordering::Relaxed)
    }

    fn abort(&self) {
        if let Some(handle) = self.handle.get() {
            handle.abort();
        }
    }

    /// Encarga algo del crate, que no tarda, para el momento del final. Si ya ha llegado, se hace ahora.
    pub(super) fn on_end(&self, hook: impl FnOnce() + Send + 'static) {
        self.slot.on_end(Box::new(hook));
    }

    /// Encarga algo de quien usa el crate para el final, que no deja salir pánicos. Si ya ha llegado, se hace ahora.
    pub(super) fn add_callback(&self, callback: impl FnOnce() + Send + 'static) {
        self.slot.add_callback(Box::new(callback));
    }

    /// Si ha acabado, se lleva el resultado.
    pub(super) fn poll_take(&self, context: &mut Context<'_>) -> Poll<Outcome<T>> {
        self.poll(context, |stage| self.take_from(stage))
    }

    /// Si ha acabado, copia el resultado.
    pub(super) fn poll_copy(&self, context: &mut Context<'_>) -> Poll<Outcome<T>>
    where
        T: Clone,
    {
        self.poll(context, |stage| self.copy_from(stage))
    }

    fn poll<R>(
        &self,
        context: &mut Context<'_>,
        reader: impl FnOnce(&mut Stage<Outcome<T>>) -> R,
    ) -> Poll<R> {
        match self.slot.poll(context.waker(), reader) {
            Some(outcome) => Poll::Ready(outcome),
            None => Poll::Pending,
        }
    }

    /// Se lleva el resultado de una tarea que ha acabado; si no, es un error.
    pub(super) fn take(&self) -> Outcome<T> {
        self.slot.read(|stage| self.take_from(stage))
    }

    /// Copia el resultado de una tarea que ha acabado; si no, es un error.
    pub(super) fn copy(&self) -> Outcome<T>
    where
        T: Clone,
    {
        self.slot.read(|stage| self.copy_from(stage))
    }

    /// ¿Acabó mal? Si `seen`, ya no hay que anunciarlo.
    pub(super) fn has_failed(&self, seen: bool) -> bool {
        let failed = self.look(|stage| matches!(stage, Stage::Finished(Err(_)) | Stage::Cancelled));
        if failed && seen {
            self.seen.store(true, Ordering::Relaxed);
        }
        failed
    }

    /// ¿Ha acabado y lo que dejó es así?
    pub(super) fn has(&self, question: fn(&T) -> bool) -> bool {
        self.look(|stage| matches!(stage, Stage::Finished(Ok(value)) if question(value)))
    }

    /// Por qué una tarea que ha acabado no tiene resultado.
    pub(super) fn failure(&self) -> Option<TaskError> {
        self.seen.store(true, Ordering::Relaxed);
        self.look(|stage| match stage {
            Stage::Finished(Ok(_)) | Stage::Taken => None,
            other => Some(self.why_not(other)),
        })
    }

    fn take_from(&self, stage: &mut Stage<Outcome<T>>) -> Outcome<T> {
        match std::mem::replace(stage, Stage::Taken) {
            Stage::Finished(Ok(value)) => Ok(value),
            other => {
                let error = self.why_not(&other);
                *stage = other;
                Err(error)
            }
        }
    }

    fn copy_from(&self, stage: &Stage<Outcome<T>>) -> Outcome<T>
    where
        T: Clone,
    {
        match stage {
            Stage::Finished(Ok(value)) => Ok(value.clone()),
            other => Err(self.why_not(other)),
        }
    }

    fn why_not(&self, stage: &Stage<Outcome<T>>) -> TaskError {
        match stage {
            Stage::Finished(Err(error)) => {
                self.seen.store(true, Ordering::Relaxed);
                error.clone()
            }
            Stage::Cancelled => self.error(Cause::Cancelled),
            Stage::Pending | Stage::Running => self.error(Cause::NotDone),
            Stage::Finished(Ok(_)) | Stage::Taken => self.error(Cause::Taken),
        }
    }
}

impl<T: Send> AnyTask for Core<T> {
    fn panicked(&self, message: String) {
        self.settle(Err(Cause::Panic(message)));
    }

    fn cut(&self) {
        self.settle(Err(Cause::Cancelled));
    }

    fn name(&self) -> &str {
        self.name()
    }

    fn cancel(&self) -> bool {
        self.cancel()
    }

    fn started(&self, handle: JoinHandle<()>) {
        // Una tarea se pone en marcha una sola vez.
        let _ = self.handle.set(handle);
        // Quien la canceló mientras tanto no encontró a quién decírselo.
        if self.cancel_requested.load(Ordering::SeqCst) {
            self.abort();
        }
    }
}

/// Un pánico que nadie ha visto ya no lo va a ver nadie: se anuncia.
impl<T> Drop for Core<T> {
    fn drop(&mut self) {
        if *self.seen.get_mut() {
            return;
        }
        let message = self.look(|stage| match stage {
            Stage::Finished(Err(error)) => error.panic_message().map(str::to_owned),
            _ => None,
        });
        if let Some(message) = message {
            announce_unheard(self.name(), &message);
        }
    }
}
