//! `AsyncResult`: el resultado de algo que el pool aún puede estar haciendo.

use std::fmt;
use std::sync::Arc;

use super::job::{Job, State};
use crate::pool::PendingResult;
use crate::process::channel::Wait;
use crate::process::error::{Cause, ProcessError};
use crate::process::function::Portable;

/// Lo que devuelve un encargo del que no se ha esperado el resultado: se pregunta, se espera y se recoge.
///
/// `T` es lo que devuelve la función ([`apply_async`](crate::ProcessPool::apply_async)) o un `Vec` de ello
/// ([`map_async`](crate::ProcessPool::map_async)). Soltarlo no cancela nada.
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
    read: fn(&State) -> Result<T, ProcessError>,
}

impl<R: Portable> AsyncResult<R> {
    /// El de la única tarea de `job`.
    pub(super) fn one(job: Arc<Job>) -> AsyncResult<R> {
        AsyncResult {
            job,
            read: read_one,
        }
    }
}

impl<R: Portable> AsyncResult<Vec<R>> {
    /// El de todas las tareas de `job`, en su orden.
    pub(super) fn all(job: Arc<Job>) -> AsyncResult<Vec<R>> {
        AsyncResult {
            job,
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
        let state = self.job.wait_until(wait, State::is_complete);
        if !state.is_complete() {
            return Err(Cause::Timeout.into());
        }
        (self.read)(&state)
    }

    /// Espera a que acabe, sin recoger el resultado. **Bloquea.**
    pub fn wait(&self) {
        drop(self.job.wait_until(Wait::Forever, State::is_complete));
    }

    /// Como [`wait`](AsyncResult::wait), pero espera como mucho `seconds` segundos de la lección; dice si ha acabado.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    pub fn wait_timeout(&self, seconds: impl Into<f64>) -> bool {
        let wait = Wait::lesson(seconds.into());
        self.job.wait_until(wait, State::is_complete).is_complete()
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
}

fn read_one<R: Portable>(state: &State) -> Result<R, ProcessError> {
    let mut result = None;
    if let Some(segment) = state.arrived.first() {
        segment.read(|one| result = Some(one));
    }
    // Un encargo completo tiene su resultado.
    result.unwrap_or_else(|| Err(Cause::NotReady.into()))
}

fn read_all<R: Portable>(state: &State) -> Result<Vec<R>, ProcessError> {
    let mut order: Vec<usize> = (0..state.arrived.len()).collect();
    order.sort_unstable_by_key(|&index| state.arrived[index].first);
    let mut results = Vec::with_capacity(state.delivered);
    let mut failure = None;
    for index in order {
        state.arrived[index].read(|one| match one {
            Ok(result) => results.push(result),
            Err(error) => {
                failure.get_or_insert(error);
            }
        });
    }
    failure.map_or(Ok(results), Err)
}

impl<T> fmt::Debug for AsyncResult<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncResult")
            .field("ready", &self.ready())
            .finish_non_exhaustive()
    }
}
