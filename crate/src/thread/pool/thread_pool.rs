//! `ThreadPool`: varios hilos que se reparten las llamadas a una función.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use super::chunk::{Chunk, panicked};
use super::gather::Gather;
use super::{AsyncResult, Imap};
use crate::panic::{catch, discard};
use crate::pool::{Pool, checked, chunksize};
use crate::process::Portable;
use crate::thread::{ThreadError, Workers};
use crate::time::deadline;
use crate::timeline::{self, FunctionName, Ticket, name_of};
use crate::{Callable, CallableOnce};

/// Un grupo fijo de hilos que se reparten las llamadas a funciones.
///
/// Cada llamada lleva su función, que puede ser una clausura con capturas, y sus datos, que no se copian: se mueven.
///
/// - Las tareas empiezan en el orden en que se encargan y cada una la hace el primer hilo que queda libre.
/// - Una tarea que entra en pánico da un `Err` con el mensaje y el hilo; el hilo y las demás tareas siguen.
/// - Clonarlo da otro mango del mismo pool. Soltar el último lo [termina](ThreadPool::terminate): lo que no ha empezado ya
///   no se hace, y **espera** a lo que sí, porque a un hilo no se le puede matar. Desde una de sus tareas no espera.
/// - Una tarea no debe esperar a otra del mismo pool: si todos los hilos esperan, no queda quien haga lo que esperan.
///
/// Tiene los métodos de [`ProcessPool`](crate::ProcessPool). Con los límites de los procesos, los dos son un
/// [`Pool`]: cambiar hilos por procesos es cambiar el tipo.
///
/// # En Python
///
/// ```python
/// with multiprocessing.pool.ThreadPool(4) as pool:
///     pool.map(descarga, urls)
/// ```
///
/// Sus hilos se turnan para calcular, por el GIL; los de aquí calculan a la vez.
///
/// # A pelo
///
/// Rayon, que está pensado para calcular (y para quien espera a la red, [`asyncio`](crate::asyncio)):
///
/// ```
/// use concurrencia::rayon::ThreadPoolBuilder;
/// use concurrencia::rayon::prelude::*;
///
/// let pool = ThreadPoolBuilder::new().num_threads(4).build()?;
/// let cuadrados: Vec<i64> = pool.install(|| (0..5).into_par_iter().map(|x| x * x).collect());
/// assert_eq!(cuadrados, [0, 1, 4, 9, 16]); // un pánico en una de ellas se repite aquí
/// # Ok::<(), concurrencia::rayon::ThreadPoolBuildError>(())
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::ThreadPool;
///
/// let pool = ThreadPool::new(4)?;
/// let base = 10;
/// assert_eq!(pool.map(move |x| base + x, 0..5)?, [10, 11, 12, 13, 14]);
/// assert_eq!(pool.apply(i64::pow, (2, 10))?, 1024);
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
#[derive(Clone)]
pub struct ThreadPool(Arc<Owner>);

/// Lo que comparten los mangos: cuando se suelta el último, se termina.
struct Owner(Arc<Shared>);

/// Lo que comparten el pool y sus tareas.
pub(super) struct Shared {
    name: Arc<str>,
    workers: Workers,
    terminated: AtomicBool,
    /// Cuántas llamadas sueltas se le han encargado.
    applied: AtomicUsize,
}

impl Shared {
    /// El resguardo de la vez número `number` que se encarga `name`.
    pub(super) fn ticket(&self, name: FunctionName, number: usize) -> Ticket {
        self.workers.ticket(name, number)
    }

    /// El de la siguiente llamada suelta.
    fn next_ticket(&self, name: FunctionName) -> Ticket {
        let number = self.applied.fetch_add(1, Ordering::Relaxed) + 1;
        self.ticket(name, number)
    }

    /// Por qué no se va a hacer una tarea que se ha soltado.
    pub(super) fn refusal(&self) -> ThreadError {
        if self.terminated.load(Ordering::Relaxed) {
            ThreadError::pool_terminated(&self.name)
        } else {
            ThreadError::pool_closed(&self.name)
        }
    }

    /// Encarga `f` de cada entrada, en trozos de `chunksize` o en unos cuatro por hilo.
    fn map<F, A, R>(
        self: &Arc<Self>,
        name: FunctionName,
        f: F,
        items: impl IntoIterator<Item = A>,
        chunksize: Option<usize>,
    ) -> AsyncResult<Vec<R>>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
    {
        let result = AsyncResult::new(&self.name);
        let gather = Gather::new(result.clone());
        let f = (name, Arc::new(f));
        let mut items = items.into_iter();
        let count = match (chunksize, items.size_hint()) {
            (Some(chunksize), _) => self.submit(&f, &mut items, chunksize, &gather),
            // Los primeros trozos ya se hacen mientras se leen los siguientes.
            (None, (low, Some(high))) if low == high => {
                self.submit(&f, &mut items, self.quarter(low), &gather)
            }
            _ => {
                let items: Vec<A> = items.collect();
                let chunksize = self.quarter(items.len());
                self.submit(&f, &mut items.into_iter(), chunksize, &gather)
            }
        };
        // Lo que capture la función se suelta con la última tarea; aquí, si ya han acabado todas.
        discard(f.1);
        gather.expect(count);
        result
    }

    fn quarter(&self, count: usize) -> usize {
        chunksize(count, self.workers.size())
    }

    /// Encarga las entradas y dice cuántas son.
    fn submit<F, A, R>(
        self: &Arc<Self>,
        (name, f): &(FunctionName, Arc<F>),
        items: &mut dyn Iterator<Item = A>,
        chunksize: usize,
        gather: &Arc<Gather<R>>,
    ) -> usize
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
    {
        let mut count = 0;
        loop {
            let chunk: Vec<A> = items.take(chunksize).collect();
            if chunk.is_empty() {
                return count;
            }
            let first = count;
            count += chunk.len();
            let gather = Arc::clone(gather);
            let deliver = Box::new(move |segment| gather.deliver(segment));
            let chunk = Chunk::new(self, *name, first, chunk, deliver);
            self.spawn(Arc::clone(f), chunk);
        }
    }

    fn spawn<F, A, R>(&self, f: Arc<F>, chunk: Chunk<A, R>)
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
    {
        // Si el pool ya no acepta más, al soltarlo dice por qué.
        drop(self.workers.spawn(move || chunk.run(f)));
    }

    fn close(&self) {
        self.workers.close();
    }

    fn terminate(&self) {
        self.terminated.store(true, Ordering::Relaxed);
        self.workers.close();
        self.workers.discard();
        self.workers.join(None);
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.terminate();
    }
}

impl ThreadPool {
    /// Arranca `threads` hilos, que se llaman «ThreadPool-0_0», «ThreadPool-0_1»…
    ///
    /// # En Python
    ///
    /// `multiprocessing.pool.ThreadPool(threads)`. Para uno por núcleo, `std::thread::available_parallelism()`.
    ///
    /// # Errors
    ///
    /// [`is_system`](ThreadError::is_system) si el sistema no da más hilos.
    ///
    /// # Panics
    ///
    /// Si `threads` es 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(3)?;
    /// assert!(format!("{pool:?}").ends_with("3 hilos, abierto)"));
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn new(threads: usize) -> Result<ThreadPool, ThreadError> {
        assert!(threads > 0, "un pool necesita al menos un hilo");
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("ThreadPool-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let workers = Workers::new(&name, threads)?;
        Ok(ThreadPool(Arc::new(Owner(Arc::new(Shared {
            name: name.into(),
            workers,
            terminated: AtomicBool::new(false),
            applied: AtomicUsize::new(0),
        })))))
    }

    /// `f(args…)` en uno de los hilos; espera el resultado. **Bloquea.**
    ///
    /// # En Python
    ///
    /// `pool.apply(f, args)`.
    ///
    /// # Errors
    ///
    /// Los de [`AsyncResult::get`].
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// assert_eq!(pool.apply(i64::pow, (2, 10))?, 1024);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn apply<F, Args>(&self, f: F, args: Args) -> Result<F::Output, ThreadError>
    where
        F: CallableOnce<Args> + Send + 'static,
        Args: Send + 'static,
        F::Output: Send + 'static,
    {
        self.apply_async(f, args).into_result()
    }

    /// Encarga `f(args…)` y vuelve sin esperar. Si no se puede encargar, el error está en el resultado.
    ///
    /// # En Python
    ///
    /// `pool.apply_async(f, args)`. Su `callback`, con [`add_done_callback`](AsyncResult::add_done_callback).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// let resultado = pool.apply_async(|a: i64, b: i64| a + b, (2, 3));
    /// assert_eq!(resultado.get()?, 5);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn apply_async<F, Args>(&self, f: F, args: Args) -> AsyncResult<F::Output>
    where
        F: CallableOnce<Args> + Send + 'static,
        Args: Send + 'static,
        F::Output: Send + 'static,
    {
        let result = AsyncResult::new(&self.0.0.name);
        let task = Single {
            pool: Arc::clone(&self.0.0),
            result: Some(result.clone()),
        };
        let shared = &self.0.0;
        let ticket = shared.next_ticket(name_of::<F>);
        let call = move || {
            let _task = ticket.begin();
            f.call_once_with(args)
        };
        let refused = shared.workers.spawn(move || task.run(call));
        // Si el pool ya no acepta más, al soltarla dice por qué.
        drop(refused);
        result
    }

    /// `f(x)` de cada entrada, en paralelo; da los resultados en el orden de las entradas. **Bloquea** hasta tenerlos.
    ///
    /// Las tareas se reparten en trozos, unos cuatro por hilo, como hace Python; con
    /// [`map_chunked`](ThreadPool::map_chunked) se elige su tamaño.
    ///
    /// # En Python
    ///
    /// `pool.map(f, items)`, que da el primer error que llega; aquí, siempre el mismo.
    ///
    /// # Errors
    ///
    /// El de la primera entrada que falló, cuando han acabado todas. Para quedarse con las demás,
    /// [`imap`](ThreadPool::imap).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// assert_eq!(pool.map(|x: i64| x * x, 0..5)?, [0, 1, 4, 9, 16]);
    /// let error = pool.map(|x: i64| 12 / x, -1..2).unwrap_err();
    /// assert!(error.is_panic());
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn map<F, A, R>(
        &self,
        f: F,
        items: impl IntoIterator<Item = A>,
    ) -> Result<Vec<R>, ThreadError>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
    {
        self.map_async(f, items).into_result()
    }

    /// [`map`](ThreadPool::map) en trozos de `chunksize` entradas seguidas: cada trozo lo hace entero un hilo.
    ///
    /// # En Python
    ///
    /// `pool.map(f, items, chunksize)`. Allí un fallo deja sin hacer el resto de su trozo; aquí, no.
    ///
    /// # Errors
    ///
    /// Los de `map`.
    ///
    /// # Panics
    ///
    /// Si `chunksize` es 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    /// use std::thread;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// let hilos = pool.map_chunked(|_| thread::current().id(), 0..6, 3)?;
    /// assert!(hilos[0] == hilos[2] && hilos[3] == hilos[5]);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn map_chunked<F, A, R>(
        &self,
        f: F,
        items: impl IntoIterator<Item = A>,
        chunksize: usize,
    ) -> Result<Vec<R>, ThreadError>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
    {
        let chunksize = checked(chunksize);
        self.0
            .0
            .map(name_of::<F>, f, items, Some(chunksize))
            .into_result()
    }

    /// Encarga un [`map`](ThreadPool::map) y vuelve en cuanto ha leído las entradas.
    ///
    /// # En Python
    ///
    /// `pool.map_async(f, items)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// let cuadrados = pool.map_async(|x: i64| x * x, 0..5);
    /// assert_eq!(cuadrados.get()?, [0, 1, 4, 9, 16]);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn map_async<F, A, R>(
        &self,
        f: F,
        items: impl IntoIterator<Item = A>,
    ) -> AsyncResult<Vec<R>>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
    {
        self.0.0.map(name_of::<F>, f, items, None)
    }

    /// `f(a, b…)` de cada tupla, en paralelo; da los resultados en el orden de las tuplas. **Bloquea** hasta tenerlos.
    ///
    /// # En Python
    ///
    /// `pool.starmap(f, tuplas)`.
    ///
    /// # Errors
    ///
    /// Los de [`map`](ThreadPool::map).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// assert_eq!(pool.starmap(i64::pow, [(2, 3), (3, 2)])?, [8, 9]);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn starmap<F, Args>(
        &self,
        f: F,
        items: impl IntoIterator<Item = Args>,
    ) -> Result<Vec<F::Output>, ThreadError>
    where
        F: Callable<Args> + Send + Sync + 'static,
        Args: Send + 'static,
        F::Output: Send + 'static,
    {
        self.starmap_async(f, items).into_result()
    }

    /// Encarga un [`starmap`](ThreadPool::starmap) y vuelve en cuanto ha leído las tuplas.
    ///
    /// # En Python
    ///
    /// `pool.starmap_async(f, tuplas)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// let potencias = pool.starmap_async(i64::pow, [(2, 3), (3, 2)]);
    /// assert_eq!(potencias.get()?, [8, 9]);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn starmap_async<F, Args>(
        &self,
        f: F,
        items: impl IntoIterator<Item = Args>,
    ) -> AsyncResult<Vec<F::Output>>
    where
        F: Callable<Args> + Send + Sync + 'static,
        Args: Send + 'static,
        F::Output: Send + 'static,
    {
        let call = move |args| f.call_with(args);
        self.0.0.map(name_of::<F>, call, items, None)
    }

    /// `f(x)` de cada entrada, en paralelo; da cada resultado en cuanto está, en el orden de las entradas.
    ///
    /// Un iterador cuyos elementos son `Result`: que una tarea falle no quita las demás. Ve [`Imap`].
    ///
    /// # En Python
    ///
    /// `pool.imap(f, items)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// let primeros: Result<Vec<u64>, _> = pool.imap(|x: u64| x * x, 0..).take(4).collect();
    /// assert_eq!(primeros?, [0, 1, 4, 9]);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn imap<F, A, R, I>(&self, f: F, items: I) -> Imap<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static,
    {
        self.lazily(f, items.into_iter(), 1, true)
    }

    /// [`imap`](ThreadPool::imap) en trozos de `chunksize` entradas seguidas.
    ///
    /// # En Python
    ///
    /// `pool.imap(f, items, chunksize)`.
    ///
    /// # Panics
    ///
    /// Si `chunksize` es 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// let suma: Result<u64, _> = pool.imap_chunked(|x: u64| x * x, 0..1000, 100).sum();
    /// assert_eq!(suma?, 332_833_500);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn imap_chunked<F, A, R, I>(&self, f: F, items: I, chunksize: usize) -> Imap<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static,
    {
        self.lazily(f, items.into_iter(), checked(chunksize), true)
    }

    /// Como [`imap`](ThreadPool::imap), en el orden en que acaban.
    ///
    /// # En Python
    ///
    /// `pool.imap_unordered(f, items)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    /// use std::collections::HashSet;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// let cuadrados: Result<HashSet<i64>, _> = pool.imap_unordered(|x: i64| x * x, 0..4).collect();
    /// assert_eq!(cuadrados?, HashSet::from([0, 1, 4, 9]));
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn imap_unordered<F, A, R, I>(&self, f: F, items: I) -> Imap<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static,
    {
        self.lazily(f, items.into_iter(), 1, false)
    }

    /// [`imap_unordered`](ThreadPool::imap_unordered) en trozos de `chunksize` entradas seguidas.
    ///
    /// # En Python
    ///
    /// `pool.imap_unordered(f, items, chunksize)`.
    ///
    /// # Panics
    ///
    /// Si `chunksize` es 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// let suma: Result<u64, _> = pool.imap_unordered_chunked(|x: u64| x * x, 0..1000, 100).sum();
    /// assert_eq!(suma?, 332_833_500);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn imap_unordered_chunked<F, A, R, I>(&self, f: F, items: I, chunksize: usize) -> Imap<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static,
    {
        self.lazily(f, items.into_iter(), checked(chunksize), false)
    }

    fn lazily<F, A, R>(
        &self,
        f: F,
        items: impl Iterator<Item = A> + Send + 'static,
        chunksize: usize,
        ordered: bool,
    ) -> Imap<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
    {
        let shared = Arc::clone(&self.0.0);
        let f = Arc::new(f);
        let (name, size) = (&self.0.0.name, self.0.0.workers.size());
        let submit = move |first, items, sender: crossbeam::channel::Sender<_>, object| {
            let deliver = Box::new(move |segment| {
                timeline::signal(object);
                // Si se ha soltado el iterador, ya no interesa.
                let _ = sender.send(segment);
            });
            let chunk = Chunk::new(&shared, name_of::<F>, first, items, deliver);
            shared.spawn(Arc::clone(&f), chunk);
        };
        Imap::new(name, items, chunksize, size, ordered, submit)
    }

    /// No acepta más encargos. Los hilos acaban cuando no quede nada por hacer. No bloquea.
    ///
    /// # En Python
    ///
    /// `pool.close()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// let cuadrados = pool.map_async(|x: i64| x * x, 0..5);
    /// pool.close();
    /// pool.join()?;
    /// assert!(cuadrados.ready());
    /// assert!(pool.apply(i64::abs, (-1,)).unwrap_err().is_closed());
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn close(&self) {
        self.0.0.close();
    }

    /// Espera a que los hilos acaben. **Bloquea.** Antes hay que llamar a [`close`](ThreadPool::close) o a
    /// [`terminate`](ThreadPool::terminate).
    ///
    /// Desde una de sus propias tareas no espera.
    ///
    /// # En Python
    ///
    /// `pool.join()`, que con el pool abierto lanza `ValueError`.
    ///
    /// # Errors
    ///
    /// Si el pool sigue abierto: no acabarían nunca.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(1)?;
    /// assert!(pool.join().is_err());
    /// pool.close();
    /// pool.join()?;
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn join(&self) -> Result<(), ThreadError> {
        self.join_until(None)
    }

    /// Como [`join`](ThreadPool::join), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # Errors
    ///
    /// Los de `join`, y [`is_timeout`](ThreadError::is_timeout) si se acaba el plazo; los hilos siguen.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    pub fn join_timeout(&self, seconds: impl Into<f64>) -> Result<(), ThreadError> {
        self.join_until(deadline(seconds))
    }

    fn join_until(&self, deadline: Option<Instant>) -> Result<(), ThreadError> {
        let Shared { name, workers, .. } = &*self.0.0;
        if !workers.is_closed() {
            return Err(ThreadError::still_open(name));
        }
        if workers.join(deadline) {
            Ok(())
        } else {
            Err(ThreadError::pool_timeout(name))
        }
    }

    /// No acepta más encargos, suelta lo que no ha empezado (que da un `Err`) y **espera** a lo que sí.
    ///
    /// A un hilo no se le puede matar: una tarea en marcha sigue hasta el final, y da su resultado. Desde una de sus
    /// propias tareas no espera.
    ///
    /// # En Python
    ///
    /// `pool.terminate()`, que deja sin respuesta para siempre a quien esperara un resultado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    ///
    /// let pool = ThreadPool::new(2)?;
    /// pool.terminate();
    /// assert!(pool.apply(i64::abs, (-1,)).unwrap_err().is_closed());
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn terminate(&self) {
        self.0.0.terminate();
    }
}

/// La tarea de un `apply_async`: deja su resultado pase lo que pase.
struct Single<T> {
    pool: Arc<Shared>,
    result: Option<AsyncResult<T>>,
}

impl<T> Single<T> {
    fn run(mut self, task: impl FnOnce() -> T) {
        self.finish(catch(task).map_err(panicked));
    }

    fn finish(&mut self, outcome: Result<T, ThreadError>) {
        if let Some(result) = self.result.take() {
            result.finish(outcome);
        }
    }
}

impl<T> Drop for Single<T> {
    fn drop(&mut self) {
        if self.result.is_some() {
            self.finish(Err(self.pool.refusal()));
        }
    }
}

impl Pool for ThreadPool {
    type Error = ThreadError;
    type AsyncResult<T: Send + 'static> = AsyncResult<T>;
    type Imap<R: Portable + Send> = Imap<R>;

    fn new(workers: usize) -> Result<ThreadPool, ThreadError> {
        ThreadPool::new(workers)
    }

    fn apply<F, Args>(&self, f: F, args: Args) -> Result<F::Output, ThreadError>
    where
        F: Callable<Args> + Send + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send,
    {
        self.apply(f, args)
    }

    fn apply_async<F, Args>(&self, f: F, args: Args) -> AsyncResult<F::Output>
    where
        F: Callable<Args> + Send + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send,
    {
        self.apply_async(f, args)
    }

    fn map<F, A, R>(&self, f: F, items: impl IntoIterator<Item = A>) -> Result<Vec<R>, ThreadError>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
    {
        self.map(f, items)
    }

    fn map_async<F, A, R>(&self, f: F, items: impl IntoIterator<Item = A>) -> AsyncResult<Vec<R>>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
    {
        self.map_async(f, items)
    }

    fn starmap<F, Args>(
        &self,
        f: F,
        items: impl IntoIterator<Item = Args>,
    ) -> Result<Vec<F::Output>, ThreadError>
    where
        F: Callable<Args> + Send + Sync + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send,
    {
        self.starmap(f, items)
    }

    fn starmap_async<F, Args>(
        &self,
        f: F,
        items: impl IntoIterator<Item = Args>,
    ) -> AsyncResult<Vec<F::Output>>
    where
        F: Callable<Args> + Send + Sync + 'static,
        Args: Portable + Send,
        F::Output: Portable + Send,
    {
        self.starmap_async(f, items)
    }

    fn imap<F, A, R, I>(&self, f: F, items: I) -> Imap<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static,
    {
        self.imap(f, items)
    }

    fn imap_unordered<F, A, R, I>(&self, f: F, items: I) -> Imap<R>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Portable + Send,
        R: Portable + Send,
        I: IntoIterator<Item = A>,
        I::IntoIter: Send + 'static,
    {
        self.imap_unordered(f, items)
    }

    fn close(&self) {
        self.close();
    }

    fn join(&self) -> Result<(), ThreadError> {
        self.join()
    }

    fn join_timeout(&self, seconds: impl Into<f64>) -> Result<(), ThreadError> {
        self.join_timeout(seconds)
    }

    fn terminate(&self) {
        self.terminate();
    }
}

/// `ThreadPool(ThreadPool-0, 4 hilos, abierto)`.
impl fmt::Debug for ThreadPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shared { name, workers, .. } = &*self.0.0;
        write!(f, "ThreadPool({name}, {workers:?})")
    }
}
