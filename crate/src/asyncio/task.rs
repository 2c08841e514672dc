//! `Task`: una corrutina puesta en marcha.

use std::any::Any;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::FutureExt;
use tokio::runtime::Handle;

use super::core::{Core, Job, Routine, Value};
use super::current::AnyTask;
use super::error::{Cause, TaskError};
use super::event_loop::current_handle;
use crate::panic::{aloud, message_of};
use crate::timeline::{CoroutineName, coroutine_name};

/// Pone en marcha una corrutina y da su [`Task`], sin esperarla. No bloquea.
///
/// Empieza en cuanto quien llama espere a algo; en el bucle de varios hilos del núcleo (una celda con `.await`) puede
/// empezar antes, en otro hilo. Por eso pide `Send + 'static`: nada prestado, y nada que no pueda cambiar de hilo. Se
/// llama «Task-1», «Task-2»… por orden de creación.
///
/// # En Python
///
/// `asyncio.create_task(corrutina())`.
///
/// # A pelo
///
/// [`tokio::spawn`], que da un `JoinHandle`.
///
/// # Panics
///
/// Si no hay ningún bucle en marcha (en Python, `RuntimeError`).
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio;
///
/// async fn cuadrado(x: u32) -> u32 {
///     asyncio::sleep(0.1).await;
///     x * x
/// }
///
/// let suma = asyncio::run(async {
///     let (a, b) = (asyncio::create_task(cuadrado(3)), asyncio::create_task(cuadrado(4)));
///     Ok::<u32, asyncio::TaskError>(a.await? + b.await?) // las dos esperas, a la vez
/// });
/// assert_eq!(suma?, 25);
/// # Ok::<(), concurrencia::asyncio::TaskError>(())
/// ```
#[track_caller]
pub fn create_task<F>(future: F) -> Task<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    start(Core::shared(None, None), future)
}

/// Como [`create_task`], con el nombre que se le diga.
///
/// # En Python
///
/// `asyncio.create_task(corrutina(), name="descarga")`.
///
/// # Panics
///
/// Si no hay ningún bucle en marcha.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio;
///
/// asyncio::run(async {
///     let tarea = asyncio::create_task_named("descarga", async { 1 + 1 });
///     assert_eq!(tarea.name(), "descarga");
///     assert_eq!(format!("{tarea:?}"), "Task(descarga, pendiente)");
///     assert_eq!(tarea.await?, 2);
///     Ok::<(), asyncio::TaskError>(())
/// })?;
/// # Ok::<(), concurrencia::asyncio::TaskError>(())
/// ```
#[track_caller]
pub fn create_task_named<F>(name: impl Into<String>, future: F) -> Task<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    start(Core::shared(Some(name.into().into()), None), future)
}

/// Una corrutina puesta en marcha: se pregunta, se cancela y se espera con `.await`.
///
/// `tarea.await` da `Result<T, TaskError>`: un pánico de la corrutina es un `Err` con su mensaje, no se anuncia y las
/// demás tareas siguen. Se lleva el resultado; `(&tarea).await` da una copia y deja la tarea para otros.
///
/// Clonarla da otro mango de la **misma** tarea, y dos son iguales si son la misma. Soltarla no la cancela: sigue sola,
/// hasta que acabe o acabe su bucle. Si entonces acaba en pánico y nadie lo ha visto, se anuncia en una línea.
///
/// Soltar a medias la espera (`tarea.await`), en cambio, **sí** la cancela: quien espera con un plazo que se acaba, o es
/// otra tarea que se cancela, cancela lo que esperaba. Para que no ocurra, [`shield`](super::shield).
///
/// # Cancelar
///
/// [`cancel`](Task::cancel) corta la tarea en el siguiente `.await` en el que tenga que esperar (si no tiene ninguno, no
/// hay por dónde cortar). Lo que estaba a medias se suelta: se ejecutan los `Drop` de todas sus variables, así que los
/// cerrojos, las plazas y los archivos quedan libres. No hay `except CancelledError` ni `finally` que pueda seguir
/// esperando: lo que haya que hacer al cortar va en un `Drop`.
///
/// # En Python
///
/// ```python
/// tarea = asyncio.create_task(descarga(), name="descarga")
/// tarea.add_done_callback(lambda t: print(t.result()))
/// await tarea
/// ```
///
/// # A pelo
///
/// [`tokio::task::JoinHandle`]: lo espera uno solo, y soltar la espera no cancela.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// let tarea = tokio::spawn(async { 5 * 5 });
/// assert_eq!(tarea.await?, 25);
/// # Ok(())
/// # }
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, Task, TaskError};
///
/// asyncio::run(async {
///     let tarea: Task<u32> = asyncio::create_task(async { 5 * 5 });
///     assert!(!tarea.done()); // empezará cuando esperemos a algo
///     assert_eq!((&tarea).await?, 25);
///     assert!(tarea.done() && !tarea.cancelled());
///     assert_eq!(tarea.result()?, 25);
///     Ok::<(), TaskError>(())
/// })?;
/// # Ok::<(), concurrencia::asyncio::TaskError>(())
/// ```
pub struct Task<T> {
    pub(super) shared: Arc<dyn AnyTask>,
    /// El valor va en una caja que solo se abre aquí.
    value: PhantomData<fn() -> T>,
}

impl<T> Task<T> {
    /// Su nombre.
    ///
    /// # En Python
    ///
    /// `tarea.get_name()`.
    pub fn name(&self) -> &str {
        self.core().name()
    }

    /// ¿Ha acabado: bien, mal o cancelada? No bloquea.
    ///
    /// # En Python
    ///
    /// `tarea.done()`.
    pub fn done(&self) -> bool {
        self.core().is_over()
    }

    /// ¿Se ha cortado? Justo después de [`cancel`](Task::cancel) todavía no. No bloquea.
    ///
    /// # En Python
    ///
    /// `tarea.cancelled()`.
    pub fn cancelled(&self) -> bool {
        self.core().is_cancelled()
    }

    /// Pide que se corte; `false` si ya había acabado. No bloquea ni espera a que se corte.
    ///
    /// Se corta en su siguiente `.await` que tenga que esperar, y lo que tenía a medias [se suelta](Task#cancelar). Si
    /// no llega a ninguno, acaba como si nada.
    ///
    /// # En Python
    ///
    /// `tarea.cancel()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio;
    ///
    /// asyncio::run(async {
    ///     let tarea = asyncio::create_task(asyncio::sleep(3600));
    ///     assert!(tarea.cancel());
    ///     assert!(!tarea.cancelled()); // se ha pedido, pero aún no se ha cortado
    ///     assert!((&tarea).await.unwrap_err().is_cancelled());
    ///     assert!(tarea.cancelled() && !tarea.cancel());
    /// });
    /// ```
    pub fn cancel(&self) -> bool {
        self.core().cancel()
    }

    /// Por qué ha acabado sin resultado; `None` si lo tiene. No espera: si no ha acabado, es un error
    /// [`is_not_done`](TaskError::is_not_done).
    ///
    /// # En Python
    ///
    /// `tarea.exception()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio;
    ///
    /// asyncio::run(async {
    ///     let tarea = asyncio::create_task(async { panic!("sin conexión") });
    ///     assert!(tarea.exception().unwrap().is_not_done());
    ///     asyncio::sleep(0).await;
    ///     assert_eq!(tarea.exception().unwrap().panic_message(), Some("sin conexión"));
    /// });
    /// ```
    pub fn exception(&self) -> Option<TaskError> {
        self.core().failure()
    }

    /// Encarga `callback` para cuando acabe (bien, mal o cancelada). No bloquea.
    ///
    /// Se ejecuta una vez, en el hilo que acabe la tarea, después de despertar a quienes la esperan y en el orden en que se
    /// encargó; si ya ha acabado, aquí y ahora. Recibe otro mango de la tarea. Si entra en pánico, se anuncia y los demás
    /// se ejecutan igual.
    ///
    /// # En Python
    ///
    /// `tarea.add_done_callback(lambda t: …)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, Task};
    /// use std::sync::mpsc::channel;
    ///
    /// let (avisa, espera) = channel();
    /// asyncio::run(async {
    ///     let tarea = asyncio::create_task(async { 5 * 5 });
    ///     tarea.add_done_callback(move |t: Task<u32>| avisa.send(t.result()).unwrap());
    ///     (&tarea).await
    /// })?;
    /// assert_eq!(espera.recv().unwrap()?, 25);
    /// # Ok::<(), concurrencia::asyncio::TaskError>(())
    /// ```
    pub fn add_done_callback(&self, callback: impl FnOnce(Task<T>) + Send + 'static)
    where
        T: Send + 'static,
    {
        let task = self.clone();
        self.core().add_callback(Box::new(move || {
            // Puede ejecutarlo otra tarea, que calla sus pánicos: los de aquí no los recibe nadie más.
            aloud(|| {
                let _ = catch_unwind(AssertUnwindSafe(|| callback(task))).map_err(message_of);
            });
        }));
    }

    pub(super) fn new(shared: Arc<dyn AnyTask>) -> Task<T> {
        Task {
            shared,
            value: PhantomData,
        }
    }

    pub(super) fn core(&self) -> &Core {
        self.shared.core()
    }
}

impl<T: 'static> Task<T> {
    /// Se lleva el resultado, si ha acabado.
    pub(super) fn take(&self) -> Result<T, TaskError> {
        self.core().take().map(unbox)
    }

    /// Se lleva el resultado, en cuanto acabe.
    pub(super) fn poll_take(&self, context: &mut Context<'_>) -> Poll<Result<T, TaskError>> {
        self.core()
            .poll_take(context)
            .map(|outcome| outcome.map(unbox))
    }

    /// ¿Ha acabado y lo que dejó es así?
    pub(super) fn has(&self, question: fn(&T) -> bool) -> bool {
        let mut answer = false;
        let shown = self
            .core()
            .show(&mut |value| answer = value.downcast_ref().is_some_and(question));
        shown.is_ok() && answer
    }
}

/// Abre la caja de un resultado.
fn unbox<T: 'static>(value: Value) -> T {
    *value.downcast().expect(ITS_TYPE)
}

/// Copia lo que haya en la caja de un resultado.
fn copy<T: Clone + 'static, S>(show: impl FnOnce(&mut dyn FnMut(&dyn Any)) -> S) -> (S, Option<T>) {
    let mut copied = None;
    let shown = show(&mut |value| copied = value.downcast_ref().cloned());
    (shown, copied)
}

const ITS_TYPE: &str = "la caja guarda lo que devolvió la corrutina de esta tarea";

impl<T: Clone + 'static> Task<T> {
    /// Una copia del resultado de una tarea que ya ha acabado. No espera, y se puede repetir.
    ///
    /// # En Python
    ///
    /// `tarea.result()`.
    ///
    /// # Errors
    ///
    /// [`is_not_done`](TaskError::is_not_done) si no ha acabado; los de `.await` si acabó mal;
    /// [`is_taken`](TaskError::is_taken) si otro se llevó el resultado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio;
    ///
    /// asyncio::run(async {
    ///     let tarea = asyncio::create_task(async { 5 * 5 });
    ///     assert!(tarea.result().unwrap_err().is_not_done());
    ///     asyncio::sleep(0).await;
    ///     assert_eq!(tarea.result()?, 25);
    ///     assert_eq!(tarea.result()?, 25);
    ///     Ok::<(), asyncio::TaskError>(())
    /// })?;
    /// # Ok::<(), concurrencia::asyncio::TaskError>(())
    /// ```
    pub fn result(&self) -> Result<T, TaskError> {
        let (shown, copied) = copy(|look| self.core().show(look));
        shown.map(|()| copied.expect(ITS_TYPE))
    }
}

impl<T> Clone for Task<T> {
    fn clone(&self) -> Task<T> {
        Task::new(Arc::clone(&self.shared))
    }
}

/// Son iguales si son la misma.
impl<T> PartialEq for Task<T> {
    fn eq(&self, other: &Task<T>) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}

impl<T> Eq for Task<T> {}

impl<T> Hash for Task<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.shared).cast::<()>().hash(state);
    }
}

/// `Task(descarga, pendiente)`.
impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Task({}, {})", self.name(), self.core().state())
    }
}

/// Espera a que acabe y se lleva el resultado.
impl<T: 'static> IntoFuture for Task<T> {
    type Output = Result<T, TaskError>;
    type IntoFuture = TaskFuture<T>;

    fn into_future(self) -> TaskFuture<T> {
        TaskFuture(Some(self))
    }
}

/// Espera a que acabe y da una copia del resultado: así la pueden esperar varios.
impl<T: Clone + 'static> IntoFuture for &Task<T> {
    type Output = Result<T, TaskError>;
    type IntoFuture = TaskCopy<T>;

    fn into_future(self) -> TaskCopy<T> {
        TaskCopy(TaskFuture(Some(self.clone())))
    }
}

/// La espera de una [`Task`]: lo que hay detrás de `tarea.await`. Soltarla sin que haya acabado cancela la tarea.
#[must_use = "no espera a nadie hasta que se le hace .await"]
#[derive(Debug)]
pub struct TaskFuture<T>(
    /// `None` cuando ya ha dado su resultado.
    Option<Task<T>>,
);

impl<T> TaskFuture<T> {
    fn core(&self) -> &Core {
        self.0.as_ref().expect(SPENT).core()
    }
}

impl<T: 'static> TaskFuture<T> {
    /// Cancela la tarea y espera a que se corte; si ha acabado antes, da lo que dejó.
    pub(super) fn poll_cancel(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<T, TaskError>>> {
        self.core().cancel();
        Pin::new(self).poll(context).map(|outcome| match outcome {
            Err(error) if error.is_cancelled() => None,
            outcome => Some(outcome),
        })
    }
}

impl<T: 'static> Future for TaskFuture<T> {
    type Output = Result<T, TaskError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = ready!(self.core().poll_take(context));
        self.0 = None;
        Poll::Ready(outcome.map(unbox))
    }
}

impl<T> Drop for TaskFuture<T> {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.cancel();
        }
    }
}

/// La espera de una `&Task`, que copia el resultado. Soltarla sin que haya acabado cancela la tarea.
#[must_use = "no espera a nadie hasta que se le hace .await"]
#[derive(Debug)]
pub struct TaskCopy<T>(TaskFuture<T>);

impl<T: Clone + 'static> Future for TaskCopy<T> {
    type Output = Result<T, TaskError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (shown, copied) = copy(|look| self.0.core().poll_show(context, look));
        let shown = ready!(shown);
        self.0.0 = None;
        Poll::Ready(shown.map(|()| copied.expect(ITS_TYPE)))
    }
}

const SPENT: &str = "a un futuro que ya ha dado su resultado no se le vuelve a preguntar";

/// La corrutina de una tarea: deja en `shared` lo que dé `future`, según diga `settle`.
pub(super) fn routine<F, T>(
    shared: &Arc<dyn AnyTask>,
    future: F,
    settle: fn(F::Output) -> Result<T, Cause>,
) -> Routine
where
    F: Future + Send + 'static,
    T: Send + 'static,
{
    let shared = Arc::clone(shared);
    // `map` suelta la corrutina antes de llamar a lo que sigue.
    let future = Box::pin(future.map(move |output| {
        let outcome = settle(output).map(|value| -> Value { Box::new(value) });
        shared.core().settle(outcome);
    }));
    Routine {
        future,
        name: coroutine_name::<F>,
    }
}

#[track_caller]
fn start<F>(shared: Arc<dyn AnyTask>, future: F) -> Task<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let routine = routine(&shared, future, Ok);
    start_here(Arc::clone(&shared), routine);
    Task::new(shared)
}

#[track_caller]
fn start_here(shared: Arc<dyn AnyTask>, routine: Routine) {
    Job::new(shared, routine).start(&current_handle());
}

/// Una tarea en ese bucle, con ese nombre en la línea de tiempo, que acabará como diga `settle`.
pub(super) fn start_in<F, T>(
    place: &Handle,
    name: CoroutineName,
    future: F,
    settle: fn(F::Output) -> Result<T, Cause>,
) -> Task<T>
where
    F: Future + Send + 'static,
    T: Send + 'static,
{
    let shared = Core::shared(None, None);
    let routine = routine(&shared, future, settle).with_name(name);
    Job::new(Arc::clone(&shared), routine).start(place);
    Task::new(shared)
}
