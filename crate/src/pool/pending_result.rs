//! `PendingResult`: lo que tienen en común los resultados que aún pueden estar haciéndose.

use std::error::Error;

/// El resultado de algo que un [`Pool`](super::Pool) aún puede estar haciendo: se pregunta, se espera y se recoge.
///
/// Lo cumplen [`thread::AsyncResult`](crate::thread::AsyncResult) y
/// [`process::AsyncResult`](crate::process::AsyncResult), que tienen estos mismos métodos: el rasgo hace falta para
/// llamarlos desde una función genérica. Soltarlo no cancela nada.
///
/// # En Python
///
/// `multiprocessing.pool.AsyncResult`.
///
/// # Examples
///
/// ```
/// use concurrencia::ThreadPool;
/// use concurrencia::pool::{PendingResult, Pool};
///
/// fn doble(x: i64) -> i64 {
///     2 * x
/// }
///
/// fn encarga<P: Pool>(pool: &P) -> Result<i64, P::Error> {
///     let resultado = pool.apply_async(doble, (21,));
///     resultado.wait();
///     assert!(resultado.ready() && resultado.successful()?);
///     resultado.get()
/// }
///
/// assert_eq!(encarga(&ThreadPool::new(2)?)?, 42);
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub trait PendingResult<T>: Sized {
    /// Lo que puede ir mal.
    type Error: Error + Clone + Send + Sync + 'static;

    /// Espera el resultado y da una copia. **Bloquea.** Se puede repetir.
    ///
    /// # Errors
    ///
    /// El de la tarea; con varias, el de la primera entrada que falló, cuando han acabado todas.
    fn get(&self) -> Result<T, Self::Error>
    where
        T: Clone;

    /// Como [`get`](PendingResult::get), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # Errors
    ///
    /// Los de `get`, y uno de plazo si se acaba; la tarea sigue.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    fn get_timeout(&self, seconds: impl Into<f64>) -> Result<T, Self::Error>
    where
        T: Clone;

    /// Espera el resultado y se lo lleva, sin copiarlo. **Bloquea.**
    ///
    /// # Errors
    ///
    /// Los de [`get`](PendingResult::get).
    fn into_result(self) -> Result<T, Self::Error>;

    /// Espera a que acabe, sin recoger el resultado. **Bloquea.**
    fn wait(&self);

    /// Como [`wait`](PendingResult::wait), pero espera como mucho `seconds` segundos de la lección; dice si ha acabado.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    fn wait_timeout(&self, seconds: impl Into<f64>) -> bool;

    /// ¿Ha acabado? No bloquea.
    fn ready(&self) -> bool;

    /// ¿Ha acabado bien? No bloquea.
    ///
    /// # Errors
    ///
    /// Si aún no ha acabado.
    fn successful(&self) -> Result<bool, Self::Error>;

    /// Encarga `callback` para cuando acabe, bien o mal. No bloquea.
    ///
    /// Se ejecuta una vez, en un hilo del pool; si ya ha acabado, aquí y ahora. Recibe otro mango del resultado. Si entra
    /// en pánico, se anuncia y los demás se ejecutan igual.
    fn add_done_callback(&self, callback: impl FnOnce(Self) + Send + 'static)
    where
        T: Send + 'static;
}
