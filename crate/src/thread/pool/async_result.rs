//! `AsyncResult`: el resultado de algo que el pool aún puede estar haciendo.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use crate::futures::{Slot, Stage};
use crate::panic::message_of;
use crate::pool::PendingResult;
use crate::thread::ThreadError;
use crate::time::deadline;

/// Lo que devuelve un encargo del que no se ha esperado el resultado: se pregunta, se espera y se recoge.
///
/// `T` es lo que devuelve la función ([`apply_async`](crate::ThreadPool::apply_async)) o un `Vec` de ello
/// ([`map_async`](crate::ThreadPool::map_async)). Clonarlo da otro mango del mismo resultado. Soltarlo no cancela nada.
///
/// # En Python
///
/// `multiprocessing.pool.AsyncResult`.
///
/// # A pelo
///
/// El canal de [`Future`](crate::futures::Future), o el [`std::thread::JoinHandle`] de un hilo para él solo:
///
/// ```
/// let resultado = std::thread::spawn(|| 12 * 12);
/// assert_eq!(resultado.join().unwrap(), 144); // una sola vez, sin plazo y sin mirar antes
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::ThreadPool;
///
/// let pool = ThreadPool::new(2)?;
/// let resultado = pool.apply_async(|x: i64| x * x, (12,));
/// resultado.wait();
/// assert!(resultado.ready() && resultado.successful()?);
/// assert_eq!(resultado.get()?, 144);
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub struct AsyncResult<T> {
    slot: Arc<Slot<Result<T, ThreadError>>>,
    /// El nombre del pool, para los errores que no son de un hilo.
    pool: Arc<str>,
}

impl<T> AsyncResult<T> {
    pub(super) fn new(pool: &Arc<str>) -> AsyncResult<T> {
        AsyncResult {
            slot: Arc::new(Slot::new()),
            pool: Arc::clone(pool),
        }
    }

    /// Deja el resultado.
    pub(super) fn finish(&self, outcome: Result<T, ThreadError>) {
        // Solo lo deja uno: quien hace la tarea, o quien la suelta sin hacerla.
        if let Ok(callbacks) = self.slot.finish(outcome) {
            callbacks.run();
        }
    }

    /// Espera el resultado y da una copia. **Bloquea.** Se puede repetir.
    ///
    /// Si `T` no es `Clone`, [`into_result`](AsyncResult::into_result).
    ///
    /// # En Python
    ///
    /// `resultado.get()`.
    ///
    /// # Errors
    ///
    /// [`is_panic`](ThreadError::is_panic) si la función entró en pánico, [`is_closed`](ThreadError::is_closed) si el pool
    /// estaba cerrado o se terminó antes de hacer la tarea, [`is_taken`](ThreadError::is_taken) si otro se llevó el
    /// resultado. Con varias tareas, el error de la primera entrada que falló, cuando han acabado todas.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// let cuadrados = pool.map_async(|x: i64| x * x, 0..4);
    /// assert_eq!(cuadrados.get()?, [0, 1, 4, 9]);
    /// assert_eq!(cuadrados.get()?, [0, 1, 4, 9]);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn get(&self) -> Result<T, ThreadError>
    where
        T: Clone,
    {
        self.read_until(None, copy)
    }

    /// Como [`get`](AsyncResult::get), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `resultado.get(timeout=5)`.
    ///
    /// # Errors
    ///
    /// Los de `get`, y [`is_timeout`](ThreadError::is_timeout) si se acaba el plazo; la tarea sigue.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    /// use std::sync::mpsc::channel;
    ///
    /// let (suelta, espera) = channel();
    /// let pool = ThreadPool::new(1)?;
    /// let espera = std::sync::Mutex::new(espera);
    /// let resultado = pool.apply_async(move || espera.lock().unwrap().recv().unwrap(), ());
    /// assert!(resultado.get_timeout(0.1).unwrap_err().is_timeout());
    /// suelta.send(7).unwrap();
    /// assert_eq!(resultado.get()?, 7);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn get_timeout(&self, seconds: impl Into<f64>) -> Result<T, ThreadError>
    where
        T: Clone,
    {
        self.read_until(deadline(seconds), copy)
    }

    /// Espera el resultado y se lo lleva, sin copiarlo. **Bloquea.**
    ///
    /// Para lo que no es `Clone` (un `io::Result`, un archivo…). Los demás mangos del mismo resultado ya no lo
    /// encuentran.
    ///
    /// # En Python
    ///
    /// No hace falta: allí todo son referencias.
    ///
    /// # Errors
    ///
    /// Los de [`get`](AsyncResult::get).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// let texto = pool.apply_async(|| std::fs::read_to_string("no existe"), ());
    /// assert!(texto.into_result()?.is_err());
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn into_result(self) -> Result<T, ThreadError> {
        self.read_until(None, take)
    }

    fn read_until(
        &self,
        deadline: Option<Instant>,
        reader: impl FnOnce(&mut Stage<Result<T, ThreadError>>) -> Option<Result<T, ThreadError>>,
    ) -> Result<T, ThreadError> {
        match self.slot.wait(deadline, reader) {
            None => Err(ThreadError::pool_timeout(&self.pool)),
            Some(None) => Err(ThreadError::taken(&self.pool)),
            Some(Some(outcome)) => outcome,
        }
    }

    /// Espera a que acabe, sin recoger el resultado. **Bloquea.**
    ///
    /// # En Python
    ///
    /// `resultado.wait()`.
    pub fn wait(&self) {
        self.slot.wait(None, |_| ());
    }

    /// Como [`wait`](AsyncResult::wait), pero espera como mucho `seconds` segundos de la lección; dice si ha acabado.
    ///
    /// # En Python
    ///
    /// `resultado.wait(timeout=5)`, que no dice nada: hay que preguntar con `ready()`.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    pub fn wait_timeout(&self, seconds: impl Into<f64>) -> bool {
        self.slot.wait(deadline(seconds), |_| ()).is_some()
    }

    /// ¿Ha acabado? No bloquea.
    ///
    /// # En Python
    ///
    /// `resultado.ready()`.
    pub fn ready(&self) -> bool {
        self.slot.look(Stage::is_over)
    }

    /// ¿Ha acabado bien? No bloquea.
    ///
    /// # En Python
    ///
    /// `resultado.successful()`, que si no ha acabado lanza `ValueError`.
    ///
    /// # Errors
    ///
    /// [`is_not_ready`](ThreadError::is_not_ready) si aún no ha acabado.
    pub fn successful(&self) -> Result<bool, ThreadError> {
        let successful = self.slot.look(|stage| {
            stage
                .is_over()
                .then_some(!matches!(stage, Stage::Finished(Err(_))))
        });
        successful.ok_or_else(|| ThreadError::not_ready(&self.pool))
    }

    /// Encarga `callback` para cuando acabe, bien o mal. No bloquea.
    ///
    /// Se ejecuta una vez, en el hilo que acabe la tarea (la última, si son varias) y después de despertar a quienes
    /// esperan; si ya ha acabado, aquí y ahora. Recibe otro mango del resultado. Si entra en pánico, se anuncia y los demás
    /// se ejecutan igual.
    ///
    /// # En Python
    ///
    /// Los argumentos `callback` y `error_callback` de `apply_async` y `map_async`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    /// use std::sync::mpsc::channel;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// let (avisa, espera) = channel();
    /// pool.map_async(|x: i64| x * x, 0..4).add_done_callback(move |r| avisa.send(r.get()).unwrap());
    /// assert_eq!(espera.recv().unwrap()?, [0, 1, 4, 9]);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn add_done_callback(&self, callback: impl FnOnce(AsyncResult<T>) + Send + 'static)
    where
        T: Send + 'static,
    {
        let result = self.clone();
        self.slot.add_callback(Box::new(move || {
            // Quien acaba la tarea no tiene la culpa; el gancho de pánico ya lo ha anunciado.
            let _ = catch_unwind(AssertUnwindSafe(|| callback(result))).map_err(message_of);
        }));
    }
}

impl<T> PendingResult<T> for AsyncResult<T> {
    type Error = ThreadError;

    fn get(&self) -> Result<T, ThreadError>
    where
        T: Clone,
    {
        self.get()
    }

    fn get_timeout(&self, seconds: impl Into<f64>) -> Result<T, ThreadError>
    where
        T: Clone,
    {
        self.get_timeout(seconds)
    }

    fn into_result(self) -> Result<T, ThreadError> {
        self.into_result()
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

    fn successful(&self) -> Result<bool, ThreadError> {
        self.successful()
    }

    fn add_done_callback(&self, callback: impl FnOnce(Self) + Send + 'static)
    where
        T: Send + 'static,
    {
        self.add_done_callback(callback);
    }
}

impl<T> Clone for AsyncResult<T> {
    fn clone(&self) -> AsyncResult<T> {
        AsyncResult {
            slot: Arc::clone(&self.slot),
            pool: Arc::clone(&self.pool),
        }
    }
}

/// `AsyncResult(pendiente)`, `AsyncResult(acabado)`…
impl<T> fmt::Debug for AsyncResult<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsyncResult({:?})", self.slot)
    }
}

fn copy<T: Clone>(stage: &mut Stage<Result<T, ThreadError>>) -> Option<Result<T, ThreadError>> {
    match stage {
        Stage::Finished(outcome) => Some(outcome.clone()),
        _ => None,
    }
}

/// Un error se queda: los demás mangos también lo quieren.
fn take<T>(stage: &mut Stage<Result<T, ThreadError>>) -> Option<Result<T, ThreadError>> {
    match std::mem::replace(stage, Stage::Taken) {
        Stage::Finished(Ok(value)) => Some(Ok(value)),
        Stage::Finished(Err(error)) => {
            *stage = Stage::Finished(Err(error.clone()));
            Some(Err(error))
        }
        _ => None,
    }
}
