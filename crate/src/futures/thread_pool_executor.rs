//! `ThreadPoolExecutor`: encargar tareas a unos cuantos hilos.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::error::Cause;
use super::future::panicked;
use super::map::chunks;
use super::{Executor, Future, Map, Promise};
use crate::panic::{catch, discard};
use crate::process::Portable;
use crate::thread::{Initializer, ThreadError, Workers, default_size};
use crate::time::deadline;
use crate::timeline::{FunctionName, name_of};
use crate::{Callable, CallableOnce};

/// Unos cuantos hilos que van haciendo lo que se les encarga.
///
/// Las tareas empiezan por orden de llegada. Cada una es una función, o una clausura con lo que capture (que puede
/// gastarlo), y sus argumentos en una tupla. Si entra en pánico, su futuro da un `Err` con el mensaje; el hilo y las demás tareas siguen.
///
/// Clonarlo da otro mango del mismo ejecutor. Soltar el último hace lo mismo que
/// [`shutdown`](ThreadPoolExecutor::shutdown): **espera** a lo encargado, como el final del `with` de Python.
///
/// Una tarea que usa [`rayon`](crate::rayon) (`par_iter`) reparte en el pool de rayon de todo el programa, no en estos
/// hilos. Y no debe esperar a otra del mismo ejecutor: si todos los hilos esperan, no queda quien haga lo que esperan.
///
/// # En Python
///
/// ```python
/// with ThreadPoolExecutor(max_workers=4) as ejecutor:
///     futuro = ejecutor.submit(pow, 2, 10)
///     print(futuro.result())
/// ```
///
/// # A pelo
///
/// Con rayon y un canal (rayon está pensado para calcular: quien espera a la red o al disco quiere más hilos que
/// núcleos, o [`asyncio`](crate::asyncio)):
///
/// ```
/// use concurrencia::crossbeam::channel::bounded;
/// use concurrencia::rayon::ThreadPoolBuilder;
///
/// let pool = ThreadPoolBuilder::new().num_threads(4).build()?;
/// let (deja, espera) = bounded(1);
/// pool.spawn(move || deja.send(2_i64.pow(10)).unwrap());
/// assert_eq!(espera.recv()?, 1024);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::futures::ThreadPoolExecutor;
///
/// let ejecutor = ThreadPoolExecutor::new(4)?;
/// let base = 10;
/// let suma = ejecutor.submit(move |x| base + x, (5,));
/// let potencia = ejecutor.submit(i64::pow, (2, 10));
/// assert_eq!((suma.result()?, potencia.result()?), (15, 1024));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ThreadPoolExecutor(Arc<Inner>);

struct Inner {
    prefix: String,
    workers: Workers,
    /// Cuántas tareas sueltas se le han encargado.
    submitted: AtomicUsize,
}

impl ThreadPoolExecutor {
    /// Arranca `max_workers` hilos, que se llaman «ThreadPoolExecutor-0_0», «ThreadPoolExecutor-0_1»…
    ///
    /// # En Python
    ///
    /// `ThreadPoolExecutor(max_workers)`, que los va arrancando según hacen falta.
    ///
    /// # Errors
    ///
    /// [`is_system`](ThreadError::is_system) si el sistema no da más hilos.
    ///
    /// # Panics
    ///
    /// Si `max_workers` es 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    ///
    /// let ejecutor = ThreadPoolExecutor::new(3)?;
    /// assert_eq!(ejecutor.max_workers(), 3);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn new(max_workers: usize) -> Result<ThreadPoolExecutor, ThreadError> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        ThreadPoolExecutor::with_prefix(max_workers, format!("ThreadPoolExecutor-{number}"))
    }

    /// Arranca `max_workers` hilos que se llaman `prefix` y su número: «descarga_0», «descarga_1»…
    ///
    /// # En Python
    ///
    /// `ThreadPoolExecutor(max_workers, thread_name_prefix=prefix)`.
    ///
    /// # Errors
    ///
    /// [`is_system`](ThreadError::is_system) si el sistema no da más hilos.
    ///
    /// # Panics
    ///
    /// Si `max_workers` es 0 o el prefijo lleva el carácter nulo.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    ///
    /// let ejecutor = ThreadPoolExecutor::with_prefix(1, "descarga")?;
    /// let nombre = ejecutor.submit(|| std::thread::current().name().map(str::to_owned), ());
    /// assert_eq!(nombre.result()?.as_deref(), Some("descarga_0"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_prefix(
        max_workers: usize,
        prefix: impl Into<String>,
    ) -> Result<ThreadPoolExecutor, ThreadError> {
        ThreadPoolExecutor::with_initializer(max_workers, prefix, || ())
    }

    /// Como [`with_prefix`](ThreadPoolExecutor::with_prefix); cada hilo ejecuta `initializer` antes que ninguna tarea.
    ///
    /// # En Python
    ///
    /// `ThreadPoolExecutor(max_workers, prefix, initializer)`. Allí, si falla, el ejecutor queda inservible; aquí ese
    /// hilo sigue, con el pánico anunciado.
    ///
    /// # Errors
    ///
    /// [`is_system`](ThreadError::is_system) si el sistema no da más hilos.
    ///
    /// # Panics
    ///
    /// Si `max_workers` es 0 o el prefijo lleva el carácter nulo.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    /// use std::cell::Cell;
    ///
    /// thread_local!(static LISTO: Cell<bool> = const { Cell::new(false) });
    /// let ejecutor = ThreadPoolExecutor::with_initializer(2, "lector", || LISTO.set(true))?;
    /// assert!(ejecutor.submit(|| LISTO.get(), ()).result()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_initializer(
        max_workers: usize,
        prefix: impl Into<String>,
        initializer: impl Fn() + Send + Sync + 'static,
    ) -> Result<ThreadPoolExecutor, ThreadError> {
        ThreadPoolExecutor::launch(max_workers, prefix.into(), Arc::new(initializer))
    }

    fn launch(
        max_workers: usize,
        prefix: String,
        initializer: Initializer,
    ) -> Result<ThreadPoolExecutor, ThreadError> {
        assert!(max_workers > 0, "un ejecutor necesita al menos un hilo");
        let workers = Workers::with_initializer(&prefix, max_workers, initializer)?;
        Ok(ThreadPoolExecutor(Arc::new(Inner {
            prefix,
            workers,
            submitted: AtomicUsize::new(0),
        })))
    }

    /// Los hilos que pone Python si no se le dice cuántos: los núcleos más cuatro, y 32 como mucho.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    ///
    /// let ejecutor = ThreadPoolExecutor::new(ThreadPoolExecutor::default_workers())?;
    /// assert!((5..=32).contains(&ejecutor.max_workers()));
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn default_workers() -> usize {
        default_size()
    }

    /// Cuántos hilos tiene.
    pub fn max_workers(&self) -> usize {
        self.0.workers.size()
    }

    /// Encarga `f(args…)` y vuelve sin esperar. Si ya está cerrado, el error está en el futuro.
    ///
    /// # En Python
    ///
    /// `ejecutor.submit(f, *args)`, que si está cerrado lanza `RuntimeError`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    ///
    /// let ejecutor = ThreadPoolExecutor::new(2)?;
    /// assert_eq!(ejecutor.submit(|| 5 * 5, ()).result()?, 25);
    /// ejecutor.shutdown();
    /// assert!(ejecutor.submit(|| 5 * 5, ()).result().unwrap_err().is_broken());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn submit<F, Args>(&self, f: F, args: Args) -> Future<F::Output>
    where
        F: CallableOnce<Args> + Send + 'static,
        Args: Send + 'static,
        F::Output: Send + 'static,
    {
        let number = self.0.submitted.fetch_add(1, Ordering::Relaxed) + 1;
        self.submit_as(name_of::<F>, number, f, args)
    }

    /// Como `submit`, con el nombre y el número que tendrá la tarea en la línea de tiempo.
    fn submit_as<F, Args>(
        &self,
        name: FunctionName,
        number: usize,
        f: F,
        args: Args,
    ) -> Future<F::Output>
    where
        F: CallableOnce<Args> + Send + 'static,
        Args: Send + 'static,
        F::Output: Send + 'static,
    {
        let (promise, future) = Promise::new();
        let ticket = self.0.workers.ticket(name, number);
        let call = move || {
            let _task = ticket.begin();
            f.call_once_with(args)
        };
        // Lo que captura `f` se suelta antes de que se vea el resultado.
        let refused = self.0.workers.spawn(move || promise.run(call));
        match refused {
            Ok(()) => future,
            Err(_) => Future::ready(Err(Cause::ShutDown.into())),
        }
    }

    /// Encarga `f(x)` de cada entrada; da los resultados en el orden de las entradas.
    ///
    /// Lo encarga todo antes de volver; los resultados se piden al iterador, que espera cada uno.
    ///
    /// # En Python
    ///
    /// `ejecutor.map(f, items)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    ///
    /// let ejecutor = ThreadPoolExecutor::new(2)?;
    /// let cuadrados = ejecutor.map(|x| x * x, 0..5).collect::<Result<Vec<i64>, _>>()?;
    /// assert_eq!(cuadrados, [0, 1, 4, 9, 16]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn map<F, A, R, I>(&self, f: F, items: I) -> Map<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
        I: IntoIterator<Item = A>,
    {
        let f = Arc::new(f);
        let submit = |(number, item)| {
            let f = Arc::clone(&f);
            self.submit_as(name_of::<F>, number, move |item| f(item), (item,))
        };
        let results = Map::single((1..).zip(items).map(submit).collect());
        // Lo que capture la función se suelta con la última tarea; aquí, si ya han acabado todas.
        discard(f);
        results
    }

    /// [`map`](ThreadPoolExecutor::map) en trozos de `chunksize` entradas seguidas: cada trozo lo hace entero un hilo.
    ///
    /// Para tareas tan cortas que encargarlas de una en una cuesta más que hacerlas. Si una entra en pánico, las demás de
    /// su trozo se hacen igual. Para repartir cálculos, mejor `par_iter` de [`rayon`](crate::rayon).
    ///
    /// # En Python
    ///
    /// `ejecutor.map(f, items, chunksize=100)`, que con hilos no hace caso del tamaño.
    ///
    /// # Panics
    ///
    /// Si `chunksize` es 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    ///
    /// let ejecutor = ThreadPoolExecutor::new(2)?;
    /// let suma: i64 = ejecutor.map_chunked(|x| x * x, 0..1000, 100).sum::<Result<_, _>>()?;
    /// assert_eq!(suma, 332_833_500);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn map_chunked<F, A, R, I>(&self, f: F, items: I, chunksize: usize) -> Map<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
        I: IntoIterator<Item = A>,
    {
        let f = Arc::new(f);
        let submit = |(number, chunk): (usize, Vec<A>)| {
            let (f, len) = (Arc::clone(&f), chunk.len());
            let task = move |chunk: Vec<A>| {
                let one = |item| catch(|| f(item)).map_err(panicked);
                chunk.into_iter().map(one).collect()
            };
            (self.submit_as(name_of::<F>, number, task, (chunk,)), len)
        };
        let results = Map::chunked((1..).zip(chunks(items, chunksize)).map(submit).collect());
        discard(f);
        results
    }

    /// Deja de aceptar tareas y espera a que acaben las que hay. **Bloquea**, sin plazo. Se puede repetir.
    ///
    /// Desde una de sus propias tareas no espera.
    ///
    /// # En Python
    ///
    /// `ejecutor.shutdown()`, o el final del `with`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    ///
    /// let ejecutor = ThreadPoolExecutor::new(2)?;
    /// let futuro = ejecutor.submit(|| 5 * 5, ());
    /// ejecutor.shutdown();
    /// assert!(futuro.done());
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn shutdown(&self) {
        self.shutdown_nowait();
        self.0.workers.join(None);
    }

    /// Como [`shutdown`](ThreadPoolExecutor::shutdown), pero espera como mucho `seconds` segundos de la lección; dice si
    /// han acabado.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    /// use std::sync::mpsc::channel;
    ///
    /// let (suelta, espera) = channel::<()>();
    /// let ejecutor = ThreadPoolExecutor::new(1)?;
    /// ejecutor.submit(move || espera.recv().is_err(), ());
    /// assert!(!ejecutor.shutdown_timeout(0.1));
    /// drop(suelta);
    /// assert!(ejecutor.shutdown_timeout(60));
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn shutdown_timeout(&self, seconds: impl Into<f64>) -> bool {
        self.shutdown_nowait();
        self.0.workers.join(deadline(seconds))
    }

    /// Deja de aceptar tareas y vuelve enseguida; las que hay se hacen.
    ///
    /// # En Python
    ///
    /// `ejecutor.shutdown(wait=False)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    ///
    /// let ejecutor = ThreadPoolExecutor::new(1)?;
    /// let futuro = ejecutor.submit(|| 5 * 5, ());
    /// ejecutor.shutdown_nowait();
    /// assert_eq!(futuro.result()?, 25);
    /// assert!(ejecutor.submit(|| 5 * 5, ()).result().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shutdown_nowait(&self) {
        self.0.workers.close();
    }

    /// Deja de aceptar tareas, cancela las que no han empezado y espera a las que sí. **Bloquea**, sin plazo.
    ///
    /// # En Python
    ///
    /// `ejecutor.shutdown(cancel_futures=True)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    /// use std::sync::mpsc::channel;
    ///
    /// let (avisa, empezada) = channel();
    /// let (suelta, espera) = channel::<()>();
    /// let ejecutor = ThreadPoolExecutor::new(1)?;
    /// let larga = ejecutor.submit(move || { avisa.send(()).unwrap(); espera.recv().is_err() }, ());
    /// // Cuando se cancela la que esperaba turno, la que está en marcha ya puede acabar.
    /// let en_cola = ejecutor.submit(|| (), ());
    /// en_cola.add_done_callback(|_| drop(suelta));
    /// empezada.recv()?;
    /// ejecutor.shutdown_cancel();
    /// assert!(en_cola.cancelled());
    /// assert!(larga.result()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shutdown_cancel(&self) {
        self.shutdown_nowait();
        self.0.workers.discard();
        self.0.workers.join(None);
    }
}

impl Executor for ThreadPoolExecutor {
    fn submit<F, Args>(&self, f: F, args: Args) -> Future<F::Output>
    where
        F: Callable<Args> + Send + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send,
    {
        self.submit(f, args)
    }

    fn map<F, A, R, I>(&self, f: F, items: I) -> Map<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
        I: IntoIterator<Item = A>,
    {
        self.map(f, items)
    }

    fn map_chunked<F, A, R, I>(&self, f: F, items: I, chunksize: usize) -> Map<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
        I: IntoIterator<Item = A>,
    {
        self.map_chunked(f, items, chunksize)
    }

    fn shutdown(&self) {
        self.shutdown();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.workers.close();
        self.workers.join(None);
    }
}

/// `ThreadPoolExecutor(descarga, 4 hilos, abierto)`.
impl fmt::Debug for ThreadPoolExecutor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            prefix, workers, ..
        } = &*self.0;
        write!(f, "ThreadPoolExecutor({prefix}, {workers:?})")
    }
}
