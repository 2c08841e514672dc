//! Por qué un hilo no arrancó o no dejó resultado.

use std::error::Error;
use std::sync::Arc;
use std::{fmt, io};

use crate::sealed::Sealed;

/// Lo que ha impedido arrancar un [`Thread`](crate::Thread) o recoger su resultado, o el de una tarea de un
/// [`ThreadPool`](crate::ThreadPool).
///
/// Sabe el nombre del hilo (o del pool) y qué pasó; se pregunta con [`is_panic`](ThreadError::is_panic) y compañía. Se
/// puede clonar.
///
/// # En Python
///
/// Arrancar dos veces, esperar a un hilo sin arrancar o esperarse a sí mismo lanza `RuntimeError`. Que se acabe un plazo
/// no es un error: hay que mirar después `is_alive()`. Una excepción *dentro* del hilo, en
/// cambio, se pierde: `join()` vuelve como si nada. Aquí es un `Err`.
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
///
/// let mut hilo = Thread::new(|| -> u8 { panic!("sin conexión") }).with_name("descarga-3");
/// hilo.start()?;
/// let error = hilo.join().unwrap_err();
/// assert!(error.is_panic());
/// assert_eq!(error.thread_name(), "descarga-3");
/// assert_eq!(error.panic_message(), Some("sin conexión"));
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
#[derive(Clone)]
pub struct ThreadError(Arc<Sealed<Inner>>);

struct Inner {
    thread: String,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    AlreadyStarted,
    NotStarted,
    /// Otro `join` se llevó el valor.
    AlreadyJoined,
    /// Se espera a sí mismo.
    Itself,
    Timeout,
    Panic(String),
    System(io::Error),
    /// Se acabó el plazo de una espera al pool.
    PoolTimeout,
    /// Entró en pánico una tarea; su hilo sigue.
    TaskPanic(String),
    /// El pool está cerrado.
    PoolClosed,
    /// El pool se terminó antes de hacer la tarea.
    PoolTerminated,
    /// Se espera a un pool que nadie ha cerrado.
    StillOpen,
    /// Todavía no ha acabado.
    NotReady,
    /// Otro mango se llevó el resultado.
    Taken,
}

impl ThreadError {
    pub(super) fn already_started(thread: &str) -> Self {
        Self::new(thread, Cause::AlreadyStarted)
    }

    pub(super) fn not_started(thread: &str) -> Self {
        Self::new(thread, Cause::NotStarted)
    }

    pub(crate) fn already_joined(thread: &str) -> Self {
        Self::new(thread, Cause::AlreadyJoined)
    }

    pub(super) fn itself(thread: &str) -> Self {
        Self::new(thread, Cause::Itself)
    }

    pub(crate) fn timeout(thread: &str) -> Self {
        Self::new(thread, Cause::Timeout)
    }

    pub(crate) fn panic(thread: &str, message: String) -> Self {
        Self::new(thread, Cause::Panic(message))
    }

    pub(crate) fn system(thread: &str, error: io::Error) -> Self {
        Self::new(thread, Cause::System(error))
    }

    pub(super) fn pool_timeout(pool: &str) -> Self {
        Self::new(pool, Cause::PoolTimeout)
    }

    pub(super) fn task_panic(thread: &str, message: String) -> Self {
        Self::new(thread, Cause::TaskPanic(message))
    }

    pub(super) fn pool_closed(pool: &str) -> Self {
        Self::new(pool, Cause::PoolClosed)
    }

    pub(super) fn pool_terminated(pool: &str) -> Self {
        Self::new(pool, Cause::PoolTerminated)
    }

    pub(super) fn still_open(pool: &str) -> Self {
        Self::new(pool, Cause::StillOpen)
    }

    pub(super) fn not_ready(pool: &str) -> Self {
        Self::new(pool, Cause::NotReady)
    }

    pub(super) fn taken(pool: &str) -> Self {
        Self::new(pool, Cause::Taken)
    }

    fn new(thread: &str, cause: Cause) -> Self {
        ThreadError(Arc::new(Sealed::new(Inner {
            thread: thread.to_owned(),
            cause,
        })))
    }

    /// El nombre del hilo al que le ha pasado, o el del pool si no le ha pasado a ninguno.
    pub fn thread_name(&self) -> &str {
        &self.0.thread
    }

    /// ¿Se llamó a `start` por segunda vez?
    pub fn is_already_started(&self) -> bool {
        matches!(self.0.cause, Cause::AlreadyStarted)
    }

    /// ¿Se llamó a `join` sin haber llamado a `start`?
    pub fn is_not_started(&self) -> bool {
        matches!(self.0.cause, Cause::NotStarted)
    }

    /// ¿Se había recogido ya su valor con otro `join`?
    pub fn is_already_joined(&self) -> bool {
        matches!(self.0.cause, Cause::AlreadyJoined)
    }

    /// ¿Se esperaba el hilo a sí mismo?
    pub fn is_deadlock(&self) -> bool {
        matches!(self.0.cause, Cause::Itself)
    }

    /// ¿Se acabó el plazo?
    ///
    /// Lo que se esperaba sigue en marcha y se puede volver a esperar.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.cause, Cause::Timeout | Cause::PoolTimeout)
    }

    /// ¿Acabó la tarea en pánico?
    pub fn is_panic(&self) -> bool {
        self.panic_message().is_some()
    }

    /// ¿Estaba cerrado el pool, o se terminó antes de hacer la tarea?
    pub fn is_closed(&self) -> bool {
        matches!(self.0.cause, Cause::PoolClosed | Cause::PoolTerminated)
    }

    /// ¿Se preguntó por un resultado que aún no está?
    pub fn is_not_ready(&self) -> bool {
        matches!(self.0.cause, Cause::NotReady)
    }

    /// ¿Se había llevado ya otro el resultado, con `into_result`?
    pub fn is_taken(&self) -> bool {
        matches!(self.0.cause, Cause::Taken)
    }

    /// ¿Se negó el sistema a crear el hilo?
    ///
    /// El motivo está en [`source`](Error::source).
    pub fn is_system(&self) -> bool {
        matches!(self.0.cause, Cause::System(_))
    }

    /// El mensaje del pánico, si lo hubo.
    pub fn panic_message(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Panic(message) | Cause::TaskPanic(message) => Some(message),
            _ => None,
        }
    }
}

impl fmt::Display for ThreadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thread = self.thread_name();
        match &self.0.cause {
            Cause::AlreadyStarted => write!(
                f,
                "el hilo «{thread}» ya se había arrancado: cada Thread arranca una sola vez; \
                 para repetir la tarea, crea otro con Thread::new"
            ),
            Cause::NotStarted => write!(
                f,
                "el hilo «{thread}» no se ha arrancado y join no tiene a quién esperar: llama antes a start()"
            ),
            Cause::AlreadyJoined => write!(
                f,
                "el valor del hilo «{thread}» ya se recogió con otro join: guárdalo la primera vez"
            ),
            Cause::Itself => write!(
                f,
                "el hilo «{thread}» no puede esperarse a sí mismo, no acabaría nunca: haz el join desde otro hilo"
            ),
            Cause::Timeout => write!(
                f,
                "el hilo «{thread}» no ha acabado en el plazo y sigue en marcha: vuelve a esperarlo con join o \
                 join_timeout"
            ),
            Cause::Panic(message) => write!(
                f,
                "el hilo «{thread}» acabó en pánico: {message} (los demás hilos siguen; \
                 si la tarea puede fallar, haz que devuelva un Result)"
            ),
            Cause::System(error) => write!(
                f,
                "el sistema no ha podido crear el hilo «{thread}» ({error}): espera con join a los que ya \
                 tienes o reparte el trabajo entre menos hilos"
            ),
            Cause::PoolTimeout => f.write_str(
                "se acabó el plazo; lo que se esperaba sigue su curso y se puede volver a esperar",
            ),
            Cause::TaskPanic(message) => write!(
                f,
                "pánico en la tarea, en el hilo «{thread}»: {message} (las demás siguen; si la función puede fallar, \
                 haz que devuelva un Result)"
            ),
            Cause::PoolClosed => write!(
                f,
                "el pool «{thread}» está cerrado y no acepta más tareas: crea otro con ThreadPool::new"
            ),
            Cause::PoolTerminated => write!(
                f,
                "el pool «{thread}» se terminó antes de hacer la tarea: espera con get() o close() y join()"
            ),
            Cause::StillOpen => write!(
                f,
                "el pool «{thread}» sigue abierto y join no acabaría nunca: llama antes a close() o a terminate()"
            ),
            Cause::NotReady => f.write_str(
                "el resultado aún no está: espera con wait() o get(), o pregunta con ready()",
            ),
            Cause::Taken => f.write_str(
                "otro se llevó ya el resultado con into_result(): para que lo lean varios, usa get(), que lo copia",
            ),
        }
    }
}

/// La causa y el hilo, en una línea.
impl fmt::Debug for ThreadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreadError")
            .field("thread", &self.0.thread)
            .field("cause", &self.0.cause)
            .finish()
    }
}

impl Error for ThreadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.cause {
            Cause::System(error) => Some(error),
            _ => None,
        }
    }
}
