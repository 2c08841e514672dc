//! `Pool`: lo que tienen en común un pool de hilos y uno de procesos.

use std::error::Error;

use super::PendingResult;
use crate::Callable;
use crate::process::Portable;

/// Un grupo fijo de trabajadores que se reparten las llamadas a funciones: hilos o procesos, las mismas llamadas.
///
/// Una función que recibe `&impl Pool` sirve para los dos; cambiar hilos por procesos es cambiar el tipo. A cambio pide
/// lo que piden los procesos: una función sin capturas y datos que [puedan viajar](Portable). Quien solo usa hilos llama a
/// los métodos propios de [`ThreadPool`](crate::ThreadPool), que admiten capturas y cualquier dato `Send`.
///
/// Cada método se comporta como el del mismo nombre de [`ThreadPool`](crate::ThreadPool) y
/// [`ProcessPool`](crate::ProcessPool), que es donde está contado. Soltarlo lo [termina](Pool::terminate).
///
/// # En Python
///
/// `multiprocessing.pool.ThreadPool` hereda de `multiprocessing.pool.Pool`: las dos clases tienen los mismos métodos.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::pool::Pool;
/// use concurrencia::{ProcessPool, ThreadPool, process};
///
/// fn cuadrado(x: i64) -> i64 {
///     x * x
/// }
///
/// fn suma_de_cuadrados<P: Pool>(pool: &P) -> Result<i64, P::Error> {
///     Ok(pool.map(cuadrado, 0..5)?.into_iter().sum())
/// }
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     process::init(); // en un cuaderno no hace falta
///     assert_eq!(suma_de_cuadrados(&ThreadPool::new(2)?)?, 30);
///     assert_eq!(suma_de_cuadrados(&ProcessPool::new(2)?)?, 30);
///     Ok(())
/// }
/// ```
pub trait Pool: Sized {
    /// Lo que puede ir mal: [`ThreadError`](crate::ThreadError) o [`ProcessError`](crate::ProcessError).
    type Error: Error + Clone + Send + Sync + 'static;

    /// Lo que devuelven los `…_async`.
    type AsyncResult<T: Send + 'static>: PendingResult<T, Error = Self::Error> + Send + Sync;

    /// Lo que devuelven los `imap`.
    type Imap<R: Portable + Send>: Iterator<Item = Result<R, Self::Error>> + Send;

    /// Pone en marcha `workers` trabajadores.
    ///
    /// # Errors
    ///
    /// Si el sistema no puede crearlos.
    ///
    /// # Panics
    ///
    /// Si `workers` es 0.
    fn new(workers: usize) -> Result<Self, Self::Error>;

    /// `f(args…)` en uno de los trabajadores; espera el resultado. **Bloquea.**
    ///
    /// # Errors
    ///
    /// El de la tarea.
    fn apply<F, Args>(&self, f: F, args: Args) -> Result<F::Output, Self::Error>
    where
        F: Callable<Args> + Send + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send;

    /// Encarga `f(args…)` y vuelve sin esperar. Si no se puede encargar, el error está en el resultado.
    fn apply_async<F, Args>(&self, f: F, args: Args) -> Self::AsyncResult<F::Output>
    where
        F: Callable<Args> + Send + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send;

    /// `f(x)` de cada entrada, en paralelo; da los resultados en el orden de las entradas. **Bloquea** hasta tenerlos.
    ///
    /// # Errors
    ///
    /// El de la primera entrada que falló, cuando han acabado todas.
    fn map<F, A, R>(&self, f: F, items: impl IntoIterator<Item = A>) -> Result<Vec<R>, Self::Error>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send;

    /// Encarga un [`map`](Pool::map) y vuelve en cuanto ha leído las entradas.
    fn map_async<F, A, R>(
        &self,
        f: F,
        items: impl IntoIterator<Item = A>,
    ) -> Self::AsyncResult<Vec<R>>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send;

    /// `f(a, b…)` de cada tupla, en paralelo; da los resultados en el orden de las tuplas. **Bloquea** hasta tenerlos.
    ///
    /// # Errors
    ///
    /// Los de [`map`](Pool::map).
    fn starmap<F, Args>(
        &self,
        f: F,
        items: impl IntoIterator<Item = Args>,
    ) -> Result<Vec<F::Output>, Self::Error>
    where
        F: Callable<Args> + Send + Sync + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send;

    /// Encarga un [`starmap`](Pool::starmap) y vuelve en cuanto ha leído las tuplas.
    fn starmap_async<F, Args>(
        &self,
        f: F,
        items: impl IntoIterator<Item = Args>,
    ) -> Self::AsyncResult<Vec<F::Output>>
    where
        F: Callable<Args> + Send + Sync + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send;

    /// `f(x)` de cada entrada, en paralelo; da cada resultado en cuanto está, en el orden de las entradas.
    fn imap<F, A, R, I>(&self, f: F, items: I) -> Self::Imap<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static;

    /// Como [`imap`](Pool::imap), en el orden en que acaban.
    fn imap_unordered<F, A, R, I>(&self, f: F, items: I) -> Self::Imap<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static;

    /// No acepta más encargos. Los trabajadores acaban cuando no quede nada por hacer. No bloquea.
    fn close(&self);

    /// Espera a que los trabajadores acaben. **Bloquea.** Antes hay que llamar a [`close`](Pool::close) o a
    /// [`terminate`](Pool::terminate).
    ///
    /// # Errors
    ///
    /// Si el pool sigue abierto: no acabarían nunca.
    fn join(&self) -> Result<(), Self::Error>;

    /// Como [`join`](Pool::join), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # Errors
    ///
    /// Los de `join`, y uno de plazo si se acaba; los trabajadores siguen.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    fn join_timeout(&self, seconds: impl Into<f64>) -> Result<(), Self::Error>;

    /// Acaba ya: lo que no ha empezado da un `Err`. Las tareas en marcha, en procesos, se matan; en hilos, se esperan.
    fn terminate(&self);
}
