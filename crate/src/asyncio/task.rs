//! `Task`: una corrutina puesta en marcha.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::core::{Core, Job};
use super::error::TaskError;
use super::event_loop::current_handle;
use crate::futures::Stage;
use crate::panic::{aloud, message_of};

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
    let (core, job) = Core::prepare(None, None, future, Ok);
    start(core, job)
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
    let (core, job) = Core::prepare(Some(name.into().into()), None, future, Ok);
    start(core, job)
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
pub struct Task<T>(pub(super) Arc<Core<T>>);

impl<T> Task<T> {
    /// Su nombre.
    ///
    /// # En Python
    ///
    /// `tarea.get_name()`.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// ¿Ha acabado: bien, mal o cancelada? No bloquea.
    ///
    /// # En Python
    ///
    /// `tarea.done()`.
    pub fn done(&self) -> bool {
        self.0.look(Stage::is_over)
    }

    /// ¿Se ha cortado? Justo después de [`cancel`](Task::cancel) todavía no. No bloquea.
    ///
    /// # En Python
    ///
    /// `tarea.cancelled()`.
    pub fn cancelled(&self) -> bool {
        self.0.look(|stage| matches!(stage, Stage::Cancelled))
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
        self.0.cancel()
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
        self.0.failure()
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
        self.0.add_callback(move || {
            // Puede ejecutarlo otra tarea, que calla sus pánicos: los de aquí no los recibe nadie más.
            aloud(|| {
                let _ = catch_unwind(AssertUnwindSafe(|| callback(task))).map_err(message_of);
            });
        });
    }

    fn state(&self) -> &'static str {
        let cancelling = self.0.is_cancelling();
        self.0.look(|stage| match stage {
            Stage::Pending | Stage::Running if cancelling => "cancelándose",
            Stage::Pending | Stage::Running => "pendiente",
            Stage::Cancelled => "cancelada",
            Stage::Finished(Ok(_)) | Stage::Taken => "acabada",
            Stage::Finished(Err(error)) if error.is_panic() => "en pánico",
            Stage::Finished(Err(_)) => "fallida",
        })
    }
}

impl<T: Clone> Task<T> {
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
        self.0.copy()
    }
}

impl<T> Clone for Task<T> {
    fn clone(&self) -> Task<T> {
        Task(Arc::clone(&self.0))
    }
}

/// Son iguales si son la misma.
impl<T> PartialEq for Task<T> {
    fn eq(&self, other: &Task<T>) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Eq for Task<T> {}

impl<T> Hash for Task<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

/// `Task(descarga, pendiente)`.
impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Task({}, {})", self.name(), self.state())
    }
}

/// Espera a que acabe y se lleva el resultado.
impl<T> IntoFuture for Task<T> {
    type Output = Result<T, TaskError>;
    type IntoFuture = TaskFuture<T>;

    fn into_future(self) -> TaskFuture<T> {
        TaskFuture(Some(self))
    }
}

/// Espera a que acabe y da una copia del resultado: así la pueden esperar varios.
impl<T: Clone> IntoFuture for &Task<T> {
    type Output = Result<T, TaskError>;
    type IntoFuture = TaskCopy<T>;

    fn into_future(self) -> TaskCopy<T> {
        TaskCopy(TaskFuture(Some(self.clone())))
    }
}

/// La espera de una [`Task`]: lo que hay detrás de `tarea.await`. Soltarla sin que haya acabado cancela la tarea.
#[must_use = "no espera a nadie hasta que se le hace .await"]
#[derive(Debug)]
pub struct TaskFuture<T>(Option<Task<T>>);

impl<T> TaskFuture<T> {
    fn poll_with(
        &mut self,
        context: &mut Context<'_>,
        read: impl Fn(&Core<T>, &mut Context<'_>) -> Poll<Result<T, TaskError>>,
    ) -> Poll<Result<T, TaskError>> {
        let task = self.0.as_ref().expect(SPENT);
        let outcome = read(&task.0, context);
        if outcome.is_ready() {
            self.0 = None;
        }
        outcome
    }

    /// Cancela la tarea y espera a que se corte; si ha acabado antes, da lo que dejó.
    pub(super) fn poll_cancel(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<T, TaskError>>> {
        if let Some(task) = &self.0 {
            task.cancel();
        }
        self.poll_with(context, Core::poll_take)
            .map(|outcome| match outcome {
                Err(error) if error.is_cancelled() => None,
                outcome => Some(outcome),
            })
    }
}

impl<T> Future for TaskFuture<T> {
    type Output = Result<T, TaskError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_with(context, Core::poll_take)
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

impl<T: Clone> Future for TaskCopy<T> {
    type Output = Result<T, TaskError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_with(context, Core::poll_copy)
    }
}

const SPENT: &str = "a un futuro que ya ha dado su resultado no se le vuelve a preguntar";

#[track_caller]
fn start<T>(core: Arc<Core<T>>, job: Job) -> Task<T> {
    job.start(&current_handle());
    Task(core)
}
