//! `Executor`: lo que tienen en común los ejecutores de hilos y los de procesos.

use super::{Future, Map};
use crate::Callable;
use crate::process::Portable;

/// Un sitio donde encargar tareas: hilos o procesos, la misma llamada.
///
/// Una función que recibe `&impl Executor` sirve para los dos; cambiar de uno a otro es cambiar el tipo del ejecutor.
/// A cambio pide lo que piden los procesos: una función sin capturas, y datos que
/// [puedan viajar](crate::process::Portable). Una clausura que captura no se puede mandar a otro proceso: con
/// [`ProcessPoolExecutor`](super::ProcessPoolExecutor) no compila. Quien solo usa hilos llama a los métodos propios de
/// [`ThreadPoolExecutor`](super::ThreadPoolExecutor), que las admiten, y también cualquier dato `Send`.
///
/// # En Python
///
/// `concurrent.futures.Executor`, la clase de la que heredan los dos ejecutores.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::futures::{Executor, FutureError, ProcessPoolExecutor, ThreadPoolExecutor};
/// use concurrencia::process;
///
/// fn cuadrado(x: i64) -> i64 {
///     x * x
/// }
///
/// fn suma_de_cuadrados(ejecutor: &impl Executor) -> Result<i64, FutureError> {
///     ejecutor.map(cuadrado, 0..5).sum()
/// }
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     process::init(); // en un cuaderno no hace falta
///     assert_eq!(suma_de_cuadrados(&ThreadPoolExecutor::new(2)?)?, 30);
///     assert_eq!(suma_de_cuadrados(&ProcessPoolExecutor::new(2)?)?, 30);
///     Ok(())
/// }
/// ```
pub trait Executor {
    /// Encarga `f(args…)` y vuelve sin esperar. Si no se puede encargar, el error está en el futuro.
    ///
    /// # En Python
    ///
    /// `ejecutor.submit(f, *args)`.
    fn submit<F, Args>(&self, f: F, args: Args) -> Future<F::Output>
    where
        F: Callable<Args> + Send + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send;

    /// Encarga `f(x)` de cada entrada; da los resultados en el orden de las entradas.
    ///
    /// # En Python
    ///
    /// `ejecutor.map(f, items)`.
    fn map<F, A, R, I>(&self, f: F, items: I) -> Map<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
        I: IntoIterator<Item = A>;

    /// [`map`](Executor::map) en trozos de `chunksize` entradas seguidas: cada trozo es un solo viaje.
    ///
    /// # En Python
    ///
    /// `ejecutor.map(f, items, chunksize=100)`.
    ///
    /// # Panics
    ///
    /// Si `chunksize` es 0.
    fn map_chunked<F, A, R, I>(&self, f: F, items: I, chunksize: usize) -> Map<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
        I: IntoIterator<Item = A>;

    /// Deja de aceptar tareas y espera a que acaben las que hay. **Bloquea.**
    ///
    /// # En Python
    ///
    /// `ejecutor.shutdown()`, o el final del `with`.
    fn shutdown(&self);
}
