//! `TaskError`: por qué una tarea no tiene resultado.

use std::error::Error;
use std::sync::Arc;
use std::{fmt, io};

use crate::futures::FutureError;

/// Por qué una [`Task`](super::Task) no ha dado su resultado.
///
/// Se pregunta con [`is_panic`](TaskError::is_panic) y compañía. Se puede clonar.
///
/// También se convierte en `io::Error`, en `String` y en `Box<dyn Error>`: así `?` sirve en una función que devuelva
/// cualquiera de los tres.
///
/// # En Python
///
/// La excepción de la corrutina sale tal cual al esperarla; las demás son `asyncio.CancelledError`,
/// `asyncio.InvalidStateError` y `TimeoutError`.
///
/// # A pelo
///
/// [`tokio::task::JoinError`].
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, TaskError};
///
/// async fn descarga(sitio: &str) -> usize {
///     panic!("sin conexión con {sitio}")
/// }
///
/// let error: TaskError = asyncio::run(async { asyncio::create_task(descarga("python.org")).await.unwrap_err() });
/// assert!(error.is_panic() && !error.is_cancelled());
/// assert_eq!(error.panic_message(), Some("sin conexión con python.org"));
/// assert!(error.task_name().starts_with("Task-"));
/// ```
#[derive(Clone)]
pub struct TaskError(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    task: String,
    cause: Cause,
}

#[derive(Debug)]
pub(super) enum Cause {
    /// Entró en pánico, con este mensaje.
    Panic(String),
    Cancelled,
    /// Se le pidió el resultado antes de que acabara.
    NotDone,
    /// Otro se llevó el resultado.
    Taken,
    /// Se acabó el plazo para que acabaran.
    Timeout {
        left: usize,
    },
    /// Lo que encargó a un ejecutor falló por algo que no es un pánico ni una cancelación.
    Executor(FutureError),
}

impl TaskError {
    pub(super) fn new(task: &str, cause: Cause) -> TaskError {
        TaskError(Arc::new(Inner {
            task: task.to_owned(),
            cause,
        }))
    }

    /// ¿Entró en pánico?
    pub fn is_panic(&self) -> bool {
        self.panic_message().is_some()
    }

    /// ¿Se canceló?
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio;
    ///
    /// let error = asyncio::run(async {
    ///     let tarea = asyncio::create_task(asyncio::sleep(3600));
    ///     tarea.cancel();
    ///     tarea.await.unwrap_err()
    /// });
    /// assert!(error.is_cancelled());
    /// ```
    pub fn is_cancelled(&self) -> bool {
        matches!(self.0.cause, Cause::Cancelled)
    }

    /// ¿Se le pidió el resultado, con [`result`](super::Task::result), sin que hubiera acabado?
    pub fn is_not_done(&self) -> bool {
        matches!(self.0.cause, Cause::NotDone)
    }

    /// ¿Se había llevado ya otro mango el resultado, con `.await`?
    pub fn is_taken(&self) -> bool {
        matches!(self.0.cause, Cause::Taken)
    }

    /// ¿Se acabó el plazo de [`as_completed`](super::as_completed)?
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.cause, Cause::Timeout { .. })
    }

    /// El mensaje del pánico, si lo hubo, en la tarea, en un hilo o en otro proceso.
    pub fn panic_message(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Panic(message) => Some(message),
            Cause::Executor(error) => error.panic_message(),
            _ => None,
        }
    }

    /// El nombre de la tarea a la que le ha pasado.
    pub fn task_name(&self) -> &str {
        &self.0.task
    }

    /// El error del ejecutor, si la tarea esperaba a uno.
    ///
    /// De [`run_in_executor`](super::EventLoop::run_in_executor): un pánico allí, un proceso que muere, un ejecutor
    /// cerrado…
    pub fn future_error(&self) -> Option<&FutureError> {
        match &self.0.cause {
            Cause::Executor(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let task = &self.0.task;
        match &self.0.cause {
            Cause::Panic(message) => write!(
                f,
                "la tarea «{task}» acabó en pánico: {message} (las demás siguen; si la corrutina puede fallar, haz que \
                 devuelva un Result)"
            ),
            Cause::Cancelled => write!(
                f,
                "la tarea «{task}» se canceló y no tiene resultado: alguien llamó a cancel(), soltó a quien la esperaba \
                 o cerró su bucle; si tenía que acabar pase lo que pase, espérala con shield()"
            ),
            Cause::NotDone => write!(
                f,
                "la tarea «{task}» todavía no ha acabado: espérala con .await, o pregunta antes con done()"
            ),
            Cause::Taken => write!(
                f,
                "otro mango se llevó ya el resultado de la tarea «{task}»: para que lo lean varios, espérala con \
                 (&tarea).await o pídelo con result(), que lo copian"
            ),
            Cause::Timeout { left } => write!(
                f,
                "se acabó el plazo y quedan {left} tareas sin acabar; siguen en marcha: espera más, o cancélalas"
            ),
            Cause::Executor(error) => write!(f, "la tarea «{task}» no ha podido acabar: {error}"),
        }
    }
}

/// `TaskError(Task-1, …)`, con la causa.
impl fmt::Debug for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskError({}, {:?})", self.0.task, self.0.cause)
    }
}

impl Error for TaskError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.cause {
            // Ya se enseña entero en `Display`: debajo queda lo que tuviera él.
            Cause::Executor(error) => error.source(),
            _ => None,
        }
    }
}

impl From<TaskError> for io::Error {
    fn from(error: TaskError) -> io::Error {
        io::Error::other(error)
    }
}

impl From<TaskError> for String {
    fn from(error: TaskError) -> String {
        error.to_string()
    }
}
