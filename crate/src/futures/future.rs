//! `Future`: el resultado de una tarea que quizá no ha acabado.

use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread;
use std::time::Instant;

use super::error::{Cause, FutureError};
use super::slot::{Callbacks, Slot, Stage};
use crate::panic::{catch, message_of};
use crate::time::deadline;
use crate::timeline::{self, State};

/// El resultado de una tarea que quizá no ha acabado: se pregunta, se espera, se cancela y se recoge.
///
/// Lo devuelven los ejecutores ([`submit`](super::ThreadPoolExecutor::submit)); también se puede crear uno vacío y que
/// otro hilo deje en él el resultado. Clonarlo da otro mango del **mismo** futuro, y dos futuros son iguales si son el
/// mismo: sirve de clave en un `HashMap`. Soltarlo no cancela la tarea.
///
/// También se puede esperar con `.await`, sin bloquear el hilo: da lo mismo que [`result`](Future::result).
///
/// No es el rasgo [`std::future::Future`]: aquel es una receta que nadie ha puesto en marcha; este, algo que ya está en
/// manos de otro hilo.
///
/// # En Python
///
/// ```python
/// futuro = ejecutor.submit(pow, 2, 10)
/// futuro.add_done_callback(lambda f: print(f.result()))
/// futuro.result()
/// ```
///
/// # A pelo
///
/// Un canal por el que pasa un solo mensaje:
///
/// ```
/// use concurrencia::crossbeam::channel::bounded;
/// use std::thread;
///
/// let (deja, espera) = bounded(1);
/// thread::spawn(move || deja.send(2_i64.pow(10)));
/// assert_eq!(espera.recv(), Ok(1024)); // si el hilo entra en pánico, aquí llega un Err sin mensaje
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
/// use concurrencia::futures::Future;
///
/// let futuro = Future::new();
/// let para_el_hilo = futuro.clone();
/// let mut hilo = Thread::new(move || para_el_hilo.set_result(5 * 5));
/// hilo.start()?;
/// assert_eq!(futuro.result()?, 25);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Future<T>(Arc<Slot<Outcome<T>>>);

/// Cómo acabó la tarea.
pub(crate) type Outcome<T> = Result<T, FutureError>;

impl<T> Future<T> {
    /// Un futuro sin resultado: alguien tendrá que dárselo con [`set_result`](Future::set_result).
    ///
    /// Si nadie lo hace, quien lo espere sin plazo no vuelve.
    ///
    /// # En Python
    ///
    /// `concurrent.futures.Future()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::Future;
    ///
    /// let futuro: Future<u32> = Future::new();
    /// assert!(!futuro.done());
    /// assert!(futuro.result_timeout(0.1).unwrap_err().is_timeout());
    /// ```
    #[expect(
        clippy::new_without_default,
        reason = "un futuro que nadie completa no es un valor por omisión"
    )]
    pub fn new() -> Future<T> {
        Future(Arc::new(Slot::new()))
    }

    /// Uno que ya ha acabado así.
    pub(crate) fn ready(outcome: Outcome<T>) -> Future<T> {
        Future(Arc::new(Slot::finished(outcome)))
    }

    /// ¿Ha llegado a un final: resultado, error o cancelación? No bloquea.
    ///
    /// # En Python
    ///
    /// `futuro.done()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::Future;
    ///
    /// let futuro = Future::new();
    /// futuro.set_result("listo")?;
    /// assert!(futuro.done() && !futuro.running() && !futuro.cancelled());
    /// # Ok::<(), concurrencia::futures::FutureError>(())
    /// ```
    pub fn done(&self) -> bool {
        self.0.look(Stage::is_over)
    }

    /// ¿Se está ejecutando? No bloquea.
    ///
    /// # En Python
    ///
    /// `futuro.running()`.
    pub fn running(&self) -> bool {
        self.0.look(|stage| matches!(stage, Stage::Running))
    }

    /// ¿Se canceló? No bloquea.
    ///
    /// # En Python
    ///
    /// `futuro.cancelled()`.
    pub fn cancelled(&self) -> bool {
        self.0.look(|stage| matches!(stage, Stage::Cancelled))
    }

    /// Lo cancela si aún no ha empezado; dice si está cancelado. No bloquea.
    ///
    /// Una tarea que ya se está ejecutando no se interrumpe: sigue hasta el final y esto da `false`.
    ///
    /// # En Python
    ///
    /// `futuro.cancel()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::Future;
    ///
    /// let futuro: Future<u32> = Future::new();
    /// assert!(futuro.cancel());
    /// assert!(futuro.result().unwrap_err().is_cancelled());
    /// ```
    pub fn cancel(&self) -> bool {
        let callbacks = self.0.cancel();
        callbacks.map(Callbacks::run).is_some()
    }

    /// Avisa de que la tarea empieza; `false` si se canceló antes y no hay que hacerla.
    ///
    /// Solo hace falta en un ejecutor propio: después de un `true`, [`cancel`](Future::cancel) ya no hace nada.
    ///
    /// # En Python
    ///
    /// `futuro.set_running_or_notify_cancel()`, que si ya corría lanza una excepción; aquí da `false`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::Future;
    ///
    /// let futuro = Future::new();
    /// if futuro.set_running_or_notify_cancel() {
    ///     assert!(futuro.running() && !futuro.cancel());
    ///     futuro.set_result(1)?;
    /// }
    /// # Ok::<(), concurrencia::futures::FutureError>(())
    /// ```
    pub fn set_running_or_notify_cancel(&self) -> bool {
        self.0.start()
    }

    /// Deja el resultado y despierta a quienes lo esperan.
    ///
    /// Ejecuta aquí mismo, en el hilo que llama, lo encargado con [`add_done_callback`](Future::add_done_callback).
    ///
    /// # En Python
    ///
    /// `futuro.set_result(valor)`.
    ///
    /// # Errors
    ///
    /// [`is_invalid_state`](FutureError::is_invalid_state) si ya había acabado o estaba cancelado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::Future;
    ///
    /// let futuro = Future::new();
    /// futuro.set_result(25)?;
    /// assert!(futuro.set_result(26).unwrap_err().is_invalid_state());
    /// assert_eq!(futuro.result()?, 25);
    /// # Ok::<(), concurrencia::futures::FutureError>(())
    /// ```
    pub fn set_result(&self, value: T) -> Result<(), FutureError> {
        self.finish(Ok(value))
    }

    /// Deja un fallo en lugar del resultado.
    ///
    /// `error` es cualquier error, o un texto. Quien espera lo recibe como [`FutureError`], que se lee igual.
    ///
    /// # En Python
    ///
    /// `futuro.set_exception(error)`.
    ///
    /// # Errors
    ///
    /// [`is_invalid_state`](FutureError::is_invalid_state) si ya había acabado o estaba cancelado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::Future;
    ///
    /// let futuro: Future<u32> = Future::new();
    /// futuro.set_exception("sin conexión")?;
    /// assert_eq!(futuro.result().unwrap_err().to_string(), "sin conexión");
    /// # Ok::<(), concurrencia::futures::FutureError>(())
    /// ```
    pub fn set_exception(
        &self,
        error: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Result<(), FutureError> {
        self.finish(Err(Cause::Exception(error.into()).into()))
    }

    pub(crate) fn finish(&self, outcome: Outcome<T>) -> Result<(), FutureError> {
        match self.0.finish(outcome) {
            Ok(callbacks) => {
                callbacks.run();
                Ok(())
            }
            Err(_) => Err(Cause::InvalidState.into()),
        }
    }

    /// Espera a que acabe y dice por qué no hay resultado; `None` si lo hay. **Bloquea**, sin plazo.
    ///
    /// # En Python
    ///
    /// `futuro.exception()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::Future;
    ///
    /// let futuro = Future::new();
    /// futuro.set_result(25)?;
    /// assert!(futuro.exception().is_none());
    /// # Ok::<(), concurrencia::futures::FutureError>(())
    /// ```
    pub fn exception(&self) -> Option<FutureError> {
        self.read_until(None, check).err()
    }

    /// Como [`exception`](Future::exception), pero espera como mucho `seconds` segundos de la lección; si no acaba, da un
    /// error [`is_timeout`](FutureError::is_timeout).
    ///
    /// # En Python
    ///
    /// `futuro.exception(timeout=5)`.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::Future;
    ///
    /// let futuro: Future<u32> = Future::new();
    /// assert!(futuro.exception_timeout(0.1).unwrap().is_timeout());
    /// futuro.set_exception("sin conexión")?;
    /// assert_eq!(futuro.exception_timeout(0.1).unwrap().to_string(), "sin conexión");
    /// # Ok::<(), concurrencia::futures::FutureError>(())
    /// ```
    pub fn exception_timeout(&self, seconds: impl Into<f64>) -> Option<FutureError> {
        self.read_until(deadline(seconds), check).err()
    }

    /// Espera a que acabe y se lleva el resultado, sin copiarlo. **Bloquea**, sin plazo.
    ///
    /// Para resultados que no son `Clone` (un `io::Result`, un archivo…). Los demás mangos del mismo futuro ya no lo
    /// encuentran.
    ///
    /// # En Python
    ///
    /// No hace falta: allí todo son referencias.
    ///
    /// # Errors
    ///
    /// Los de [`result`](Future::result).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    ///
    /// let ejecutor = ThreadPoolExecutor::new(2)?;
    /// let futuro = ejecutor.submit(|| std::fs::read_to_string("no existe"), ());
    /// let otro = futuro.clone();
    /// assert!(futuro.into_result()?.is_err());
    /// assert!(otro.into_result().unwrap_err().is_taken());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn into_result(self) -> Result<T, FutureError> {
        self.read_until(None, take)
    }

    /// Como [`into_result`](Future::into_result), pero espera como mucho `seconds` segundos de la lección; si no llega,
    /// devuelve el futuro para volver a intentarlo.
    ///
    /// # Errors
    ///
    /// Fuera, el propio futuro si se acaba el plazo; dentro, los de [`result`](Future::result).
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::Future;
    ///
    /// let futuro = Future::new();
    /// let futuro = futuro.into_result_timeout(0.1).unwrap_err(); // aún no está
    /// futuro.set_result(25)?;
    /// assert_eq!(futuro.into_result_timeout(0.1).unwrap()?, 25);
    /// # Ok::<(), concurrencia::futures::FutureError>(())
    /// ```
    pub fn into_result_timeout(
        self,
        seconds: impl Into<f64>,
    ) -> Result<Result<T, FutureError>, Future<T>> {
        self.into_result_until(deadline(seconds))
    }

    pub(crate) fn into_result_until(
        self,
        deadline: Option<Instant>,
    ) -> Result<Result<T, FutureError>, Future<T>> {
        self.0.wait(deadline, take).ok_or(self)
    }

    /// Encarga `callback` para cuando acabe (bien, mal o cancelado). No bloquea.
    ///
    /// Se ejecuta una vez, en el hilo que acabe la tarea (con procesos, en uno del ejecutor; si se cancela, en el que la
    /// cancela), después de despertar a quienes esperan y en el orden en que se encargó; si ya ha acabado, aquí y ahora.
    /// Recibe otro mango del futuro. Si entra en pánico, se anuncia y los demás se ejecutan igual.
    ///
    /// # En Python
    ///
    /// `futuro.add_done_callback(lambda f: …)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::Future;
    /// use std::sync::mpsc::channel;
    ///
    /// let (avisa, espera) = channel();
    /// let futuro = Future::new();
    /// futuro.add_done_callback(move |f: Future<u32>| avisa.send(f.result()).unwrap());
    /// futuro.set_result(25)?;
    /// assert_eq!(espera.recv().unwrap()?, 25);
    /// # Ok::<(), concurrencia::futures::FutureError>(())
    /// ```
    pub fn add_done_callback(&self, callback: impl FnOnce(Future<T>) + Send + 'static)
    where
        T: Send + 'static,
    {
        let future = self.clone();
        self.0.add_callback(Box::new(move || {
            // Quien acaba la tarea no tiene la culpa; el gancho de pánico ya lo ha anunciado.
            let _ = catch_unwind(AssertUnwindSafe(|| callback(future))).map_err(message_of);
        }));
    }

    /// Encarga algo que no tarda para el momento mismo en que acabe, antes que ningún
    /// [`add_done_callback`](Future::add_done_callback); da con qué retirarlo.
    pub(crate) fn on_end(&self, hook: impl FnOnce() + Send + 'static) -> Option<u64> {
        self.0.on_end(Box::new(hook))
    }

    /// Retira un encargo de `on_end`.
    pub(crate) fn forget(&self, id: u64) {
        self.0.forget(id);
    }

    /// ¿Ha acabado mal? Que lo cancelaran no es un fallo.
    pub(crate) fn failed(&self) -> bool {
        self.0
            .look(|stage| matches!(stage, Stage::Finished(Err(_))))
    }

    /// Espera a que acabe, sin recoger el resultado; `false` si antes se pasa el plazo.
    pub(crate) fn wait_until(&self, deadline: Option<Instant>) -> bool {
        self.0.wait(deadline, |_| ()).is_some()
    }

    fn read_until<R>(
        &self,
        deadline: Option<Instant>,
        reader: impl FnOnce(&mut Stage<Outcome<T>>) -> Result<R, FutureError>,
    ) -> Result<R, FutureError> {
        self.0
            .wait(deadline, reader)
            .unwrap_or_else(|| Err(Cause::Timeout.into()))
    }
}

impl<T: Clone> Future<T> {
    /// Espera a que acabe y da una copia del resultado. **Bloquea**, sin plazo. Se puede repetir.
    ///
    /// Si `T` no es `Clone`, [`into_result`](Future::into_result). Desde una función asíncrona, `.await`.
    ///
    /// # En Python
    ///
    /// `futuro.result()`.
    ///
    /// # Errors
    ///
    /// [`is_panic`](FutureError::is_panic) si la función entró en pánico, [`is_cancelled`](FutureError::is_cancelled)
    /// si se canceló, [`is_broken`](FutureError::is_broken) si nadie va a hacer ya la tarea,
    /// [`is_taken`](FutureError::is_taken) si otro se lo llevó; o lo que dejara `set_exception`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    ///
    /// let ejecutor = ThreadPoolExecutor::new(2)?;
    /// let futuro = ejecutor.submit(i64::pow, (2, 10));
    /// assert_eq!(futuro.result()?, 1024);
    /// assert_eq!(futuro.result()?, 1024);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn result(&self) -> Result<T, FutureError> {
        self.read_until(None, copy)
    }

    /// Como [`result`](Future::result), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `futuro.result(timeout=5)`.
    ///
    /// # Errors
    ///
    /// Los de `result`, y [`is_timeout`](FutureError::is_timeout) si se acaba el plazo: la tarea sigue su curso.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::Future;
    ///
    /// let futuro: Future<u32> = Future::new();
    /// assert!(futuro.result_timeout(0.1).unwrap_err().is_timeout());
    /// futuro.set_result(25)?;
    /// assert_eq!(futuro.result_timeout(0.1)?, 25);
    /// # Ok::<(), concurrencia::futures::FutureError>(())
    /// ```
    pub fn result_timeout(&self, seconds: impl Into<f64>) -> Result<T, FutureError> {
        self.read_until(deadline(seconds), copy)
    }
}

impl<T: Clone> std::future::Future for Future<T> {
    type Output = Result<T, FutureError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.0.poll(context.waker(), copy) {
            Some(outcome) => Poll::Ready(outcome),
            None => {
                timeline::pending(State::Wait, self.0.object(), || "un resultado".into());
                Poll::Pending
            }
        }
    }
}

impl<T> Clone for Future<T> {
    fn clone(&self) -> Future<T> {
        Future(Arc::clone(&self.0))
    }
}

/// Son iguales si son el mismo.
impl<T> PartialEq for Future<T> {
    fn eq(&self, other: &Future<T>) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Eq for Future<T> {}

impl<T> Hash for Future<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

/// `Future(pendiente)`, `Future(acabado)`…
impl<T> fmt::Debug for Future<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Future({:?})", self.0)
    }
}

/// Lo que tiene quien hace la tarea: completa el futuro pase lo que pase.
///
/// Soltarla sin haber empezado lo cancela.
pub(crate) struct Promise<T>(Future<T>);

impl<T> Promise<T> {
    pub(crate) fn new() -> (Promise<T>, Future<T>) {
        let future = Future::new();
        (Promise(future.clone()), future)
    }

    /// Hace la tarea, si nadie la ha cancelado, y deja lo que dé. Un pánico es un error.
    pub(crate) fn run(self, task: impl FnOnce() -> T) {
        if self.0.set_running_or_notify_cancel() {
            self.finish(catch(task).map_err(panicked));
        }
    }

    /// Deja el resultado de fuera; si alguien llegó antes, se pierde.
    pub(crate) fn finish(self, outcome: Outcome<T>) {
        let _ = self.0.finish(outcome);
    }

    /// Como [`finish`](Promise::finish), pero da los encargos para que los ejecute otro.
    pub(crate) fn settle(self, outcome: Outcome<T>) -> Callbacks {
        self.0.0.finish(outcome).unwrap_or_default()
    }

    pub(crate) fn future(&self) -> &Future<T> {
        &self.0
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        if !self.0.done() && !self.0.cancel() {
            let _ = self.0.finish(Err(Cause::Abandoned.into()));
        }
    }
}

/// El error de una tarea que entró en pánico en este hilo.
pub(crate) fn panicked(message: String) -> FutureError {
    let thread = thread::current().name().unwrap_or("sin nombre").to_owned();
    Cause::Panic { message, thread }.into()
}

fn check<T>(stage: &mut Stage<Outcome<T>>) -> Outcome<()> {
    match stage {
        Stage::Finished(Ok(_)) => Ok(()),
        other => Err(why_not(other)),
    }
}

fn copy<T: Clone>(stage: &mut Stage<Outcome<T>>) -> Outcome<T> {
    match stage {
        Stage::Finished(Ok(value)) => Ok(value.clone()),
        other => Err(why_not(other)),
    }
}

fn take<T>(stage: &mut Stage<Outcome<T>>) -> Outcome<T> {
    match std::mem::replace(stage, Stage::Taken) {
        Stage::Finished(Ok(value)) => Ok(value),
        other => {
            let error = why_not(&other);
            *stage = other;
            Err(error)
        }
    }
}

/// Por qué un futuro que ha llegado a un final no tiene resultado.
fn why_not<T>(stage: &Stage<Outcome<T>>) -> FutureError {
    match stage {
        Stage::Finished(Err(error)) => error.clone(),
        Stage::Cancelled => Cause::Cancelled.into(),
        _ => Cause::Taken.into(),
    }
}
