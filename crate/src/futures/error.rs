//! `FutureError`: por qué un futuro no tiene resultado.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::process::ProcessError;
use crate::sealed::Sealed;

/// Por qué un [`Future`](super::Future) no ha dado su resultado.
///
/// Se pregunta con [`is_panic`](FutureError::is_panic) y compañía. Se puede clonar: todos los que esperan el mismo
/// futuro reciben el mismo error.
///
/// # En Python
///
/// La excepción de la función sale tal cual al llamar a `result()`; las demás son `CancelledError`, `TimeoutError`,
/// `InvalidStateError` y `BrokenExecutor`.
///
/// # Examples
///
/// ```
/// use concurrencia::futures::{FutureError, ThreadPoolExecutor};
///
/// fn descarga(sitio: &'static str) -> usize {
///     panic!("sin conexión con {sitio}")
/// }
///
/// let ejecutor = ThreadPoolExecutor::new(1)?;
/// let error: FutureError = ejecutor.submit(descarga, ("python.org",)).result().unwrap_err();
/// assert!(error.is_panic());
/// assert_eq!(error.panic_message(), Some("sin conexión con python.org"));
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
#[derive(Clone)]
pub struct FutureError(Arc<Sealed<Cause>>);

#[derive(Debug)]
pub(crate) enum Cause {
    /// La función entró en pánico, con este mensaje, en este hilo.
    Panic { message: String, thread: String },
    /// Se canceló antes de empezar.
    Cancelled,
    /// Se acabó el plazo de la espera.
    Timeout,
    /// Se acabó el plazo y de `total` tareas faltan `left`.
    Unfinished { left: usize, total: usize },
    /// Ya tenía resultado (o estaba cancelado) cuando se le quiso dar otro.
    InvalidState,
    /// Otro mango se llevó el resultado.
    Taken,
    /// Nadie va a dejar ya el resultado.
    Abandoned,
    /// El ejecutor ya no acepta tareas.
    ShutDown,
    /// El fallo que dejó `set_exception`.
    Exception(Box<dyn Error + Send + Sync>),
    /// Algo pasó en el otro proceso.
    Process(ProcessError),
}

impl FutureError {
    /// ¿Entró en pánico la función?
    pub fn is_panic(&self) -> bool {
        self.panic_message().is_some()
    }

    /// ¿Se canceló antes de empezar?
    pub fn is_cancelled(&self) -> bool {
        matches!(**self.0, Cause::Cancelled)
    }

    /// ¿Se acabó el plazo de la espera? El futuro sigue su curso.
    pub fn is_timeout(&self) -> bool {
        matches!(**self.0, Cause::Timeout | Cause::Unfinished { .. })
    }

    /// ¿Se le quiso dar un resultado a un futuro que ya lo tenía, o que estaba cancelado?
    pub fn is_invalid_state(&self) -> bool {
        matches!(**self.0, Cause::InvalidState)
    }

    /// ¿Se había llevado ya otro el resultado, con [`into_result`](super::Future::into_result)?
    pub fn is_taken(&self) -> bool {
        matches!(**self.0, Cause::Taken)
    }

    /// ¿Desapareció quien tenía que dejar el resultado, o el ejecutor ya no aceptaba tareas (o lo terminaron)?
    pub fn is_broken(&self) -> bool {
        match &**self.0 {
            Cause::Abandoned | Cause::ShutDown => true,
            Cause::Process(error) => error.is_closed(),
            _ => false,
        }
    }

    /// El mensaje del pánico, si lo hubo, en un hilo o en otro proceso.
    pub fn panic_message(&self) -> Option<&str> {
        match &**self.0 {
            Cause::Panic { message, .. } => Some(message),
            Cause::Process(error) => error.panic_message(),
            _ => None,
        }
    }

    /// El error del otro proceso, si fue allí.
    pub fn process_error(&self) -> Option<&ProcessError> {
        match &**self.0 {
            Cause::Process(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Cause> for FutureError {
    fn from(cause: Cause) -> FutureError {
        FutureError(Arc::new(Sealed::new(cause)))
    }
}

impl From<ProcessError> for FutureError {
    fn from(error: ProcessError) -> FutureError {
        Cause::Process(error).into()
    }
}

impl fmt::Display for FutureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &**self.0 {
            Cause::Panic { message, thread } => write!(
                f,
                "pánico en la tarea, en el hilo «{thread}»: {message} (las demás siguen; si la función puede fallar, \
                 haz que devuelva un Result)"
            ),
            Cause::Cancelled => f.write_str(
                "la tarea se canceló antes de empezar y no tiene resultado: pregunta antes con cancelled(), o encárgala \
                 otra vez",
            ),
            Cause::Timeout => f.write_str(
                "se acabó el plazo y la tarea no ha terminado; sigue su curso: vuelve a esperarla con result() o con \
                 otro plazo",
            ),
            Cause::Unfinished { left, total } => write!(
                f,
                "se acabó el plazo y no han terminado {left} de {total} tareas; siguen su curso: vuelve a esperarlas o \
                 cancela las que no han empezado"
            ),
            Cause::InvalidState => f.write_str(
                "el futuro ya tenía su resultado (o estaba cancelado) y no admite otro: cada uno se completa una sola vez",
            ),
            Cause::Taken => f.write_str(
                "otro se llevó ya el resultado con into_result(): para que lo lean varios, usa result(), que lo copia",
            ),
            Cause::Abandoned => f.write_str(
                "nadie va a dejar ya el resultado: quien tenía que hacerlo ha desaparecido sin acabar la tarea",
            ),
            Cause::ShutDown => f.write_str(
                "el ejecutor está cerrado y no acepta más tareas: encárgalas antes de shutdown(), o crea otro",
            ),
            Cause::Exception(error) => write!(f, "{error}"),
            Cause::Process(error) => write!(f, "{error}"),
        }
    }
}

/// `FutureError(…)`, con la causa.
impl fmt::Debug for FutureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FutureError").field(&self.0).finish()
    }
}

impl Error for FutureError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &**self.0 {
            // Ya se enseñan enteros en `Display`: debajo queda lo que tuvieran ellos.
            Cause::Exception(error) => error.source(),
            Cause::Process(error) => error.source(),
            _ => None,
        }
    }
}
