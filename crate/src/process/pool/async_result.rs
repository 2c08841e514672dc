//! `AsyncResult`: el resultado de algo que el pool aún puede estar haciendo.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, MutexGuard};

use super::job::{Job, State, value_of};
use crate::panic::message_of;
use crate::pool::PendingResult;
use crate::process::channel::Wait;
use crate::process::error::{Cause, ProcessError};
use crate::process::function::Portable;
use crate::thread::Workers;

/// Lo que devuelve un encargo del que no se ha esperado el resultado: se pregunta, se espera y se recoge.
///
/// `T` es lo que devuelve la función ([`apply_async`](crate::ProcessPool::apply_async)) o un `Vec` de ello
/// ([`map_async`](crate::ProcessPool::map_async)). Clonarlo da otro mango del mismo resultado. Soltarlo no cancela nada.
///
/// # En Python
///
/// `multiprocessing.pool.AsyncResult`. Allí, si un proceso del pool muere, `get()` espera para siempre; aquí da un `Err`.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::{ProcessPool, process};
///
/// fn cuadrado(x: i64) -> i64 {
///     x * x
/// }
///
/// fn main() -> Result<(), process::ProcessError> {
///     process::init();
///     let pool = ProcessPool::new(2)?;
///     let resultado = pool.apply_async(cuadrado, (12,));
///     resultado.wait();
///     assert!(resultado.ready() && resultado.successful()?);
///     assert_eq!(resultado.get()?, 144);
///     Ok(())
/// }
/// ```
pub struct AsyncResult<T> {
    job: Arc<Job>,
    notices: Arc<Workers>,
    /// Lo que se espera, en la línea de tiempo.
    what: &'static str,
    read: fn(&State) -> Result<T, ProcessError>,
}

impl<R: Portable> AsyncResult<R> {
    /// El de la única tarea de `job`.
    pub(super) fn one(job: Arc<Job>, notices: &Arc<Workers>) -> AsyncResult<R> {
        AsyncResult {
            job,
            notices: Arc::clone(notices),
            what: "un resultado",
            read: read_one,
        }
    }
}

impl<R: Portable> AsyncResult<Vec<R>> {
    /// El de todas las tareas de `job`, en su orden.
    pub(super) fn all(job: Arc<Job>, notices: &Arc<Workers>) -> AsyncResult<Vec<R>> {
        AsyncResult {
            job,
            notices: Arc::clone(notices),
            what: "los resultados",
            read: read_all,
        }
    }
}

impl<T> AsyncResult<T> {
    /// Espera el resultado y lo da. **Bloquea.** Se puede repetir: da otra copia.
    ///
    /// # Errors
    ///
    /// Si la función entró en pánico, si su proceso murió o si un argumento o un resultado no pudo viajar; con varias
    /// tareas, el error de la primera que falló, cuando han acabado todas.
    pub fn get(&self) -> Result<T, ProcessError> {
        self.get_until(Wait::Forever)
    }

    /// Como [`get`](AsyncResult::get), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # Errors
    ///
    /// Los de `get`, y [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo; la tarea sigue.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    pub fn get_timeout(&self, seconds: impl Into<f64>) -> Result<T, ProcessError> {
        self.get_until(Wait::lesson(seconds.into()))
    }

    fn get_until(&self, wait: Wait) -> Result<T, ProcessError> {
        let state = self.wait_until(wait);
        if !state.is_complete() {
            return Err(Cause::Timeout.into());
        }
        (self.read)(&state)
    }

    /// Espera a que acabe, sin recoger el resultado. **Bloquea.**
    pub fn wait(&self) {
        drop(self.wait_until(Wait::Forever));
    }

    /// Como [`wait`](AsyncResult::wait), pero espera como mucho `seconds` segundos de la lección; dice si ha acabado.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    pub fn wait_timeout(&self, seconds: impl Into<f64>) -> bool {
        self.wait_until(Wait::lesson(seconds.into())).is_complete()
    }

    fn wait_until(&self, wait: Wait) -> MutexGuard<'_, State> {
        self.job.wait_until(wait, self.what, &State::is_complete)
    }

    /// ¿Ha acabado? No bloquea.
    pub fn ready(&self) -> bool {
        self.job.lock().is_complete()
    }

    /// ¿Ha acabado bien? No bloquea.
    ///
    /// # Errors
    ///
    /// [`is_not_ready`](ProcessError::is_not_ready) si aún no ha acabado.
    pub fn successful(&self) -> Result<bool, ProcessError> {
        let state = self.job.lock();
        if !state.is_complete() {
            return Err(Cause::NotReady.into());
        }
        Ok((self.read)(&state).is_ok())
    }

    /// Encarga `callback` para cuando acabe, bien o mal. No bloquea.
    ///
    /// Se ejecuta una vez, en un hilo del pool que solo hace esto y de uno en uno; si ya ha acabado, aquí y ahora. Recibe
    /// otro mango del resultado. Si entra en pánico, se anuncia y los demás se ejecutan igual.
    ///
    /// # En Python
    ///
    /// Los argumentos `callback` y `error_callback` de `apply_async` y `map_async`. Allí se ejecutan en el hilo que recoge
    /// los resultados: mientras uno no acaba, el pool no entrega nada.
    ///
    /// # Examples
    ///
    /// ```standalone_crate
    /// use concurrencia::{ProcessPool, process};
    /// use std::sync::mpsc::channel;
    ///
    /// fn cuadrado(x: i64) -> i64 {
    ///     x * x
    /// }
    ///
    /// fn main() -> Result<(), process::ProcessError> {
    ///     process::init();
    ///     let pool = ProcessPool::new(2)?;
    ///     let (avisa, espera) = channel();
    ///     pool.map_async(cuadrado, 0..4).add_done_callback(move |r| avisa.send(r.get()).unwrap());
    ///     assert_eq!(espera.recv().unwrap()?, [0, 1, 4, 9]);
    ///     Ok(())
    /// }
    /// ```
    pub fn add_done_callback(&self, callback: impl FnOnce(AsyncResult<T>) + Send + 'static)
    where
        T: 'static,
    {
        let result = self.clone();
        let callback = move || {
            // El pool no tiene la culpa; el gancho de pánico ya lo ha anunciado.
            let _ = catch_unwind(AssertUnwindSafe(|| callback(result))).map_err(message_of);
        };
        if self.ready() {
            return callback();
        }
        let notices = Arc::clone(&self.notices);
        self.job.on_complete(Box::new(move || {
            // Si ya no hay quien dé avisos, este hilo mismo.
            if let Err(callback) = notices.spawn(callback) {
                callback();
            }
        }));
    }
}

impl<T> Clone for AsyncResult<T> {
    fn clone(&self) -> AsyncResult<T> {
        AsyncResult {
            job: Arc::clone(&self.job),
            notices: Arc::clone(&self.notices),
            what: self.what,
            read: self.read,
        }
    }
}

impl<T> PendingResult<T> for AsyncResult<T> {
    type Error = ProcessError;

    fn get(&self) -> Result<T, ProcessError>
    where
        T: Clone,
    {
        self.get()
    }

    fn get_timeout(&self, seconds: impl Into<f64>) -> Result<T, ProcessError>
    where
        T: Clone,
    {
        self.get_timeout(seconds)
    }

    fn into_result(self) -> Result<T, ProcessError> {
        self.get()
    }

    fn wait(&self) {
        self.wait();
    }

    fn wait_timeout(&self, seconds: impl Into<f64>) -> bool {
        self.wait_timeout(seconds)
    }

    fn ready(&self) -> bool {
        self.ready()
    }

    fn successful(&self) -> Result<bool, ProcessError> {
        self.successful()
    }

    fn add_done_callback(&self, callback: impl FnOnce(Self) + Send + 'static)
    where
        T: Send + 'static,
    {
        self.add_done_callback(callback);
    }
}

fn read_one<R: Portable>(state: &State) -> Result<R, ProcessError> {
    let mut result = None;
    state.read(&mut |raw| result = Some(value_of(raw)));
    // Un encargo completo tiene su resultado.
    result.unwrap_or_else(|| Err(Cause::NotReady.into()))
}

fn read_all<R: Portable>(state: &State) -> Result<Vec<R>, ProcessError> {
    let mut results = Vec::with_capacity(state.delivered);
    let mut failure = None;
    state.read(&mut |raw| match value_of(raw) {
        Ok(result) => results.push(result),
        Err(error) => {
            failure.get_or_insert(error);
        }
    });
    failure.map_or(Ok(results), Err)
}

impl<T> fmt::Debug for AsyncResult<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncResult")
            .field("ready", &self.ready())
            .finish_non_exhaustive()
    }
}
