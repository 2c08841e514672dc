//! `Executor`: lo que tienen en común los ejecutores de hilos y los de procesos.

use super::{Future, Map};
use crate::process::{Callable, Portable};

/// Un sitio donde encargar tareas: hilos o procesos, la misma llamada.
///
/// Una función que recibe `&impl Executor` sirve para los dos; cambiar de uno a otro es cambiar el tipo del ejecutor.
/// A cambio pide lo que piden los procesos: una función sin capturas, y datos que
/// [puedan viajar](crate::process::Portable). Quien solo usa hilos llama a los métodos propios de
/// [`ThreadPoolExecutor`](super::ThreadPoolExecutor), que admiten clausuras con capturas y cualquier dato `Send`.
///
/// # En Python
///
/// `concurrent.futures.Executor`, la clase de la que heredan los dos ejecutores.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::futures::{Executor, FutureError, ThreadPoolExecutor};
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

    /// Deja de aceptar tareas y espera a que acaben las que hay. **Bloquea.**
    ///
    /// # En Python
    ///
    /// `ejecutor.shutdown()`, o el final del `with`.
    fn shutdown(&self);
}
