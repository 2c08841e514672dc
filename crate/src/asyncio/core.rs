//! Lo de dentro de una tarea: la corrutina puesta en manos de tokio y el sitio donde deja su resultado.
//!
//! Tokio ya tiene `JoinHandle`, pero solo lo puede esperar uno y no admite encargos para el final; por eso el resultado va
//! a un [`Slot`], como el de los futuros.
//!
//! Aquí nada depende del tipo de la corrutina ni del de su valor, que va en una caja: así la celda que lanza una tarea no
//! vuelve a compilar todo esto (le cuesta la cuarta parte que `tokio::spawn`). Los tipos los pone [`Task`](super::Task).

use std::any::Any;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::current::{self, AnyTask};
use super::error::{Cause, TaskError};
use super::group::Group;
use crate::futures::{Slot, Stage};
use crate::panic::{announce_unheard, catch};
use crate::timeline::{self, CoroutineName, Label, NOTHING, State, Tracked, task_label};

/// Lo que devolvió una corrutina.
pub(super) type Value = Box<dyn Any + Send>;

/// Cómo acabó una tarea.
type Outcome = Result<Value, TaskError>;

/// Lo que comparten los mangos de una tarea y la tarea misma.
pub(super) struct Core {
    number: u64,
    name: OnceLock<Box<str>>,
    slot: Slot<Outcome>,
    /// Con quién se puso en marcha, y qué lugar ocupa entre ellas.
    group: Option<(Arc<Group>, usize)>,
    /// Nada, mientras no esté en marcha.
    handle: OnceLock<JoinHandle<()>>,
    cancel_requested: AtomicBool,
    /// ¿Ha visto alguien cómo acabó?
    seen: AtomicBool,
}

/// Un futuro del que ya no se sabe el tipo.
type Erased = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Una corrutina que no devuelve nada: lo que da lo deja en su [`Core`].
pub(super) struct Routine {
    pub(super) future: Erased,
    /// De qué función sale: para la línea de tiempo.
    pub(super) name: CoroutineName,
}

impl Routine {
    /// Con otro nombre en la línea de tiempo.
    pub(super) fn with_name(self, name: CoroutineName) -> Routine {
        Routine { name, ..self }
    }
}

/// Una tarea que todavía no está en ningún bucle.
#[must_use = "hay que ponerla en marcha"]
pub(super) struct Job {
    task: Arc<dyn AnyTask>,
    running: Running,
}

impl Job {
    pub(super) fn new(task: Arc<dyn AnyTask>, routine: Routine) -> Job {
        Job {
            task: Arc::clone(&task),
            running: Running {
                routine: Some(routine.future),
                task: Some(task),
                name: routine.name,
                lane: Tracked::default(),
            },
        }
    }

    /// La pone en marcha en ese bucle.
    pub(super) fn start(mut self, place: &Handle) {
        let (core, name) = (self.task.core(), self.running.name);
        self.running.lane.submitted(|| core.label(name));
        core.started(place.spawn(self.running));
    }
}

/// Lo que ejecuta tokio.
///
/// Pase lo que pase, la tarea llega a un final: también si se suelta a medias o sin empezar. Antes ha soltado todo lo que
/// tenía: quien espera el final lo ve ya suelto.
struct Running {
    /// `None` al acabar.
    routine: Option<Erased>,
    /// `None` mientras se ejecuta: entonces es la [actual](current) de su hilo.
    task: Option<Arc<dyn AnyTask>>,
    name: CoroutineName,
    /// Lo último que se suelta: todo lo demás pasa en su carril.
    lane: Tracked,
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
        let name = this.name;
        let label = || match current::current_task() {
            Some(task) => task.core().label(name),
            None => name().unwrap_or_default().into(),
        };
        let before = current::swap(this.task.take());
        let polled = catch(|| {
            this.lane
                .turn(label, context, |context| routine.as_mut().poll(context))
        });
        this.task = current::swap(before);
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(())) => {
                this.routine = None;
                Poll::Ready(())
            }
            Err(message) => {
                let _lane = this.lane.enter();
                // Lo que se cuenta es el primer pánico.
                let _ = this.let_go();
                if let Some(task) = &this.task {
                    task.core().settle(Err(Cause::Panic(message)));
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
        // Soltarla también es ejecutarla.
        let _turn = self.lane.last_turn();
        let dropped = self.let_go();
        if let Some(task) = &self.task {
            task.core().settle(Err(match dropped {
                Ok(()) => Cause::Cancelled,
                Err(message) => Cause::Panic(message),
            }));
        }
    }
}

impl Core {
    /// Una tarea sin corrutina todavía.
    pub(super) fn shared(
        name: Option<Box<str>>,
        group: Option<(Arc<Group>, usize)>,
    ) -> Arc<dyn AnyTask> {
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

    fn started(&self, handle: JoinHandle<()>) {
        // Una tarea se pone en marcha una sola vez.
        let _ = self.handle.set(handle);
        // Quien la canceló mientras tanto no encontró a quién decírselo.
        if self.cancel_requested.load(Ordering::SeqCst) {
            self.abort();
        }
    }

    /// Deja dicho cómo ha acabado.
    pub(super) fn settle(&self, outcome: Result<Value, Cause>) {
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

    /// Su nombre en la línea de tiempo.
    fn label(&self, routine: CoroutineName) -> Label {
        task_label(routine, self.name())
    }

    /// Quien pregunta se queda esperando a que acabe.
    fn still_pending<R>(&self) -> Poll<R> {
        timeline::pending(State::Wait, NOTHING, || {
            Label::owned(format!("resultado de {}", self.name()))
        });
        Poll::Pending
    }

    fn error(&self, cause: Cause) -> TaskError {
        TaskError::new(self.name(), cause)
    }

    /// ¿Ha llegado a un final?
    pub(super) fn is_over(&self) -> bool {
        self.slot.look(Stage::is_over)
    }

    /// ¿Se ha cortado?
    pub(super) fn is_cancelled(&self) -> bool {
        self.slot.look(|stage| matches!(stage, Stage::Cancelled))
    }

    /// En qué está.
    pub(super) fn state(&self) -> &'static str {
        let cancelling = self.cancel_requested.load(Ordering::Relaxed);
        self.slot.look(|stage| match stage {
            Stage::Pending | Stage::Running if cancelling => "cancelándose",
            Stage::Pending | Stage::Running => "pendiente",
            Stage::Cancelled => "cancelada",
            Stage::Finished(Ok(_)) | Stage::Taken => "acabada",
            Stage::Finished(Err(error)) if error.is_panic() => "en pánico",
            Stage::Finished(Err(_)) => "fallida",
        })
    }

    /// Pide que se corte; `false` si ya había acabado.
    pub(super) fn cancel(&self) -> bool {
        if self.is_over() {
            return false;
        }
        self.cancel_requested.store(true, Ordering::SeqCst);
        self.abort();
        true
    }

    fn abort(&self) {
        if let Some(handle) = self.handle.get() {
            handle.abort();
        }
    }

    /// Encarga algo del crate, que no tarda, para el momento del final. Si ya ha llegado, se hace ahora.
    pub(super) fn on_end(&self, hook: Box<dyn FnOnce() + Send>) {
        self.slot.on_end(hook);
    }

    /// Encarga algo de quien usa el crate para el final, que no deja salir pánicos. Si ya ha llegado, se hace ahora.
    pub(super) fn add_callback(&self, callback: Box<dyn FnOnce() + Send>) {
        self.slot.add_callback(callback);
    }

    /// Si ha acabado, se lleva el resultado.
    pub(super) fn poll_take(&self, context: &mut Context<'_>) -> Poll<Outcome> {
        let taken = self
            .slot
            .poll(context.waker(), |stage| self.take_from(stage));
        taken.map_or_else(|| self.still_pending(), Poll::Ready)
    }

    /// Si ha acabado, enseña el resultado.
    pub(super) fn poll_show(
        &self,
        context: &mut Context<'_>,
        look: &mut dyn FnMut(&dyn Any),
    ) -> Poll<Result<(), TaskError>> {
        let shown = self
            .slot
            .poll(context.waker(), |stage| self.show_from(stage, look));
        shown.map_or_else(|| self.still_pending(), Poll::Ready)
    }

    /// Se lleva el resultado de una tarea que ha acabado; si no, es un error.
    pub(super) fn take(&self) -> Outcome {
        self.slot.read(|stage| self.take_from(stage))
    }

    /// Enseña el resultado de una tarea que ha acabado; si no, es un error.
    pub(super) fn show(&self, look: &mut dyn FnMut(&dyn Any)) -> Result<(), TaskError> {
        self.slot.read(|stage| self.show_from(stage, look))
    }

    /// ¿Acabó mal? Si `seen`, ya no hay que anunciarlo.
    pub(super) fn has_failed(&self, seen: bool) -> bool {
        let failed = self
            .slot
            .look(|stage| matches!(stage, Stage::Finished(Err(_)) | Stage::Cancelled));
        if failed && seen {
            self.seen.store(true, Ordering::Relaxed);
        }
        failed
    }

    /// Por qué una tarea que ha acabado no tiene resultado.
    pub(super) fn failure(&self) -> Option<TaskError> {
        self.slot.look(|stage| match stage {
            Stage::Finished(Ok(_)) | Stage::Taken => None,
            other => Some(self.why_not(other)),
        })
    }

    fn take_from(&self, stage: &mut Stage<Outcome>) -> Outcome {
        match std::mem::replace(stage, Stage::Taken) {
            Stage::Finished(Ok(value)) => Ok(value),
            other => {
                let error = self.why_not(&other);
                *stage = other;
                Err(error)
            }
        }
    }

    fn show_from(
        &self,
        stage: &Stage<Outcome>,
        look: &mut dyn FnMut(&dyn Any),
    ) -> Result<(), TaskError> {
        match stage {
            Stage::Finished(Ok(value)) => {
                look(&**value);
                Ok(())
            }
            other => Err(self.why_not(other)),
        }
    }

    fn why_not(&self, stage: &Stage<Outcome>) -> TaskError {
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

impl AnyTask for Core {
    fn core(&self) -> &Core {
        self
    }
}

/// Un pánico que nadie ha visto ya no lo va a ver nadie: se anuncia.
impl Drop for Core {
    fn drop(&mut self) {
        if *self.seen.get_mut() {
            return;
        }
        let message = self.slot.look(|stage| match stage {
            Stage::Finished(Err(error)) => error.panic_message().map(str::to_owned),
            _ => None,
        });
        if let Some(message) = message {
            announce_unheard(self.name(), &message);
        }
    }
}
