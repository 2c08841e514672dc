//! `Parallel`: lo que se le puede pedir a una función sin cambiarla.

use super::{Job, ParMap};
use crate::process::Portable;
use crate::timeline::name_of;
use crate::{Callable, CallableOnce};

/// Los métodos que en Python pone `@parallel.decorate`, en cualquier función.
///
/// La función sigue siendo la de siempre: se la puede seguir llamando tal cual.
///
/// # En Python
///
/// ```python
/// @parallel.decorate
/// def descarga(url):
///     return len(requests.get(url).text)
///
/// tamaños = descarga.map(urls, timeout=5, max_workers=4)
/// ```
///
/// # A pelo
///
/// Rayon, para calcular con todos los núcleos; sin plazo ni número de hilos propio:
///
/// ```
/// use concurrencia::rayon::prelude::*;
///
/// let largos: Vec<usize> = ["python.org", "rmotr.com"].par_iter().map(|url| url.len()).collect();
/// assert_eq!(largos, [10, 9]);
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::{Parallel, sleep};
///
/// fn descarga(url: &str) -> usize {
///     sleep(0.5);
///     url.len()
/// }
///
/// let urls = ["https://python.org", "https://python-requests.com", "https://rmotr.com"];
/// let tamaños = descarga.par_map(urls).timeout(60).max_workers(4).run()?;
/// assert_eq!(tamaños, [18, 27, 17]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Parallel: Sized {
    /// Prepara `f(x)` de cada entrada: se le ponen plazo y trabajadores, y se echa a andar con [`run`](ParMap::run).
    ///
    /// Lee ya las entradas. En hilos, si no se le pide otra cosa. Si la función tiene varios argumentos, con una clausura:
    /// `(|(a, b)| f(a, b)).par_map(parejas)`.
    ///
    /// # En Python
    ///
    /// `f.map(items)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Parallel;
    ///
    /// assert_eq!(i64::abs.par_map([-1, 2, -3]).run()?, [1, 2, 3]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn par_map<A, R>(self, items: impl IntoIterator<Item = A>) -> ParMap<Self, A>
    where
        Self: Fn(A) -> R,
    {
        ParMap::new(self, items)
    }

    /// Prepara la llamada `f(args…)` en un hilo, para [`async_par`](super::async_par()).
    ///
    /// # En Python
    ///
    /// `f.future(*args)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Parallel, parallel};
    ///
    /// let potencias = [("kilo", i64::pow.future((10, 3))), ("mega", i64::pow.future((10, 6)))];
    /// assert_eq!(parallel::async_par(potencias).results()?["mega"], 1_000_000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn future<Args>(self, args: Args) -> Job<Self::Output>
    where
        Self: CallableOnce<Args> + Send + 'static,
        Args: Send + 'static,
    {
        Job::in_thread(name_of::<Self>, move || self.call_once_with(args))
    }

    /// Prepara la llamada `f(args…)` en otro proceso, para [`async_par`](super::async_par()).
    ///
    /// La función no puede capturar nada, y los datos [viajan](Portable) copiados.
    ///
    /// # En Python
    ///
    /// `@parallel.decorate(executor=parallel.PROCESS_EXECUTOR)`, y luego `f.future(*args)`.
    ///
    /// # Examples
    ///
    /// ```standalone_crate
    /// use concurrencia::{Parallel, parallel, process};
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     process::init(); // en un cuaderno no hace falta
    ///     let pids = [("aquí", std::process::id.future(())), ("allí", std::process::id.process_future(()))];
    ///     let pids = parallel::async_par(pids).results()?;
    ///     assert_ne!(pids["aquí"], pids["allí"]);
    ///     Ok(())
    /// }
    /// ```
    fn process_future<Args>(self, args: Args) -> Job<Self::Output>
    where
        Self: Callable<Args> + Send + 'static,
        Args: Portable + Send,
        Self::Output: Portable,
    {
        Job::in_process(move |pool| pool.apply_async(self, args))
    }
}

impl<F> Parallel for F {}
