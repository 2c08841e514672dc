//! `ProcessPoolExecutor`: encargar tareas a unos cuantos procesos.

use std::num::NonZero;
use std::sync::Arc;
use std::time::Instant;
use std::{fmt, io, thread};

use super::backlog::Backlog;
use super::error::{Cause, FutureError};
use super::future::{Outcome, panicked};
use super::map::chunks;
use super::slot::Callbacks;
use super::{Executor, Future, Map, Promise};
use crate::Callable;
use crate::panic::catch;
use crate::process::{Arrival, Errand, Portable, ProcessError, ProcessPool};
use crate::thread::Workers;
use crate::time::deadline;

/// Unos cuantos procesos que van haciendo lo que se les encarga.
///
/// Se usa como el de hilos, con lo que piden los procesos: la función tiene nombre o es una clausura que no captura, y los
/// argumentos y el resultado [viajan copiados](Portable). Por debajo hay un [`ProcessPool`].
///
/// - Las tareas empiezan por orden de llegada. A los procesos solo se les pasa una más de las que caben a la vez: las
///   demás esperan aquí, y una que se [cancela](Future::cancel) mientras espera no se ejecuta. La que ya se ha pasado
///   cuenta como en marcha.
/// - Una tarea que entra en pánico da un `Err` con el mensaje; el proceso y las demás siguen.
/// - Un proceso que muere da un `Err` a la tarea que ejecutaba
///   ([`process_error`](FutureError::process_error) dice cómo); otro ocupa su lugar y las demás acaban.
/// - Unos argumentos que no pueden viajar dan un `Err` en su futuro.
/// - Los [`add_done_callback`](Future::add_done_callback) se ejecutan, de uno en uno, en un hilo que solo hace eso: uno
///   que tarde no retrasa ni las tareas ni los resultados.
///
/// Clonarlo da otro mango del mismo ejecutor. Soltar el último hace lo mismo que
/// [`shutdown`](ProcessPoolExecutor::shutdown): **espera** a lo encargado, como el final del `with` de Python. No deja
/// procesos sueltos.
///
/// # En Python
///
/// ```python
/// with ProcessPoolExecutor(max_workers=2) as ejecutor:
///     futuro = ejecutor.submit(pow, 2, 10)
///     print(futuro.result())
/// ```
///
/// Allí, si muere un proceso, todas las tareas pendientes dan `BrokenProcessPool` y el ejecutor queda inservible.
///
/// # A pelo
///
/// Rust no trae nada parecido: ejecutables unidos por tuberías ([`std::process::Command`]), y escribir y leer los datos
/// a mano. Para calcular en paralelo bastan los hilos, con [`rayon`](crate::rayon): los procesos son para lo que no debe
/// compartir memoria o puede morir.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::futures::ProcessPoolExecutor;
/// use concurrencia::process;
///
/// fn cuadrado(x: i64) -> i64 {
///     x * x
/// }
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     process::init(); // en un cuaderno no hace falta
///     let ejecutor = ProcessPoolExecutor::new(2)?;
///     let potencia = ejecutor.submit(i64::pow, (2, 10));
///     let cuadrados = ejecutor.map(cuadrado, 0..5).collect::<Result<Vec<_>, _>>()?;
///     assert_eq!(cuadrados, [0, 1, 4, 9, 16]);
///     assert_eq!(potencia.result()?, 1024);
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct ProcessPoolExecutor(Arc<Inner>);

/// Lo que comparten los mangos.
struct Inner(Arc<Core>);

/// Lo que comparten, además, las tareas.
struct Core {
    max_workers: usize,
    pool: ProcessPool,
    backlog: Backlog<Start>,
    /// El hilo de los `add_done_callback`.
    callbacks: Workers,
}

/// Pone en marcha una tarea; `false` si la habían cancelado. Soltarlo la cancela.
type Start = Box<dyn FnOnce() -> bool + Send>;

fn begin(start: Start) -> bool {
    start()
}

impl ProcessPoolExecutor {
    /// Lanza `max_workers` procesos. No espera a que estén listos.
    ///
    /// # En Python
    ///
    /// `ProcessPoolExecutor(max_workers)`.
    ///
    /// # Errors
    ///
    /// Si el sistema no puede crearlos o si, fuera del cuaderno, falta [`process::init`](crate::process::init).
    ///
    /// # Panics
    ///
    /// Si `max_workers` es 0.
    ///
    /// # Examples
    ///
    /// ```standalone_crate
    /// use concurrencia::futures::ProcessPoolExecutor;
    /// use concurrencia::process;
    ///
    /// fn main() -> Result<(), process::ProcessError> {
    ///     process::init();
    ///     let ejecutor = ProcessPoolExecutor::new(ProcessPoolExecutor::default_workers())?;
    ///     assert!(ejecutor.max_workers() >= 1);
    ///     Ok(())
    /// }
    /// ```
    pub fn new(max_workers: usize) -> Result<ProcessPoolExecutor, ProcessError> {
        assert!(max_workers > 0, "un ejecutor necesita al menos un proceso");
        let callbacks = Workers::new("ProcessPoolExecutor-callbacks", 1);
        Ok(ProcessPoolExecutor(Arc::new(Inner(Arc::new(Core {
            max_workers,
            callbacks: callbacks.map_err(io::Error::other)?,
            pool: ProcessPool::new(max_workers)?,
            // Una más: que el primero que quede libre no tenga que esperar a que llegue.
            backlog: Backlog::new(max_workers + 1),
        })))))
    }

    /// Los procesos que pone Python si no se le dice cuántos: uno por núcleo.
    pub fn default_workers() -> usize {
        thread::available_parallelism().map_or(1, NonZero::get)
    }

    /// Cuántos procesos tiene.
    pub fn max_workers(&self) -> usize {
        self.core().max_workers
    }

    fn core(&self) -> &Arc<Core> {
        &self.0.0
    }

    /// Encarga `f(args…)` y vuelve sin esperar. Si no se puede encargar, el error está en el futuro.
    ///
    /// # En Python
    ///
    /// `ejecutor.submit(f, *args)`, que si está cerrado lanza `RuntimeError`.
    ///
    /// # Examples
    ///
    /// ```standalone_crate
    /// use concurrencia::futures::ProcessPoolExecutor;
    /// use concurrencia::process;
    ///
    /// fn quebradiza(x: u32) -> u32 {
    ///     if x == 0 { std::process::abort() }
    ///     100 / x
    /// }
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     process::init();
    ///     let ejecutor = ProcessPoolExecutor::new(1)?;
    ///     let (mal, bien) = (ejecutor.submit(quebradiza, (0,)), ejecutor.submit(quebradiza, (4,)));
    ///     assert!(mal.result().unwrap_err().process_error().unwrap().is_died());
    ///     assert_eq!(bien.result()?, 25);
    ///     Ok(())
    /// }
    /// ```
    pub fn submit<F, Args>(&self, f: F, args: Args) -> Future<F::Output>
    where
        F: Callable<Args>,
        Args: Portable,
        F::Output: Portable + Send,
    {
        let number = self.core().pool.next_single();
        self.core().submit(&f, args, number)
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
    /// ```standalone_crate
    /// use concurrencia::futures::ProcessPoolExecutor;
    /// use concurrencia::process;
    ///
    /// fn mitad(x: u32) -> u32 {
    ///     12 / x
    /// }
    ///
    /// fn main() -> Result<(), process::ProcessError> {
    ///     process::init();
    ///     let ejecutor = ProcessPoolExecutor::new(2)?;
    ///     let mitades: Vec<Result<u32, _>> = ejecutor.map(mitad, [1, 0, 3]).collect();
    ///     assert!(mitades[1].as_ref().unwrap_err().is_panic());
    ///     assert_eq!(*mitades[2].as_ref().unwrap(), 4);
    ///     Ok(())
    /// }
    /// ```
    pub fn map<F, A, R, I>(&self, f: F, items: I) -> Map<R>
    where
        F: Fn(A) -> R,
        A: Portable,
        R: Portable + Send,
        I: IntoIterator<Item = A>,
    {
        let submit = |(number, item)| self.core().submit(&f, (item,), number);
        Map::single((1..).zip(items).map(submit).collect())
    }

    /// [`map`](ProcessPoolExecutor::map) en trozos de `chunksize` entradas seguidas: cada trozo es un solo viaje y lo hace
    /// entero un proceso.
    ///
    /// Para tareas tan cortas que mandarlas de una en una cuesta más que hacerlas. Si una entra en pánico, o su proceso
    /// muere, las demás de su trozo se hacen igual.
    ///
    /// # En Python
    ///
    /// `ejecutor.map(f, items, chunksize=100)`. Allí un fallo se lleva el resto de su trozo.
    ///
    /// # Panics
    ///
    /// Si `chunksize` es 0.
    ///
    /// # Examples
    ///
    /// ```standalone_crate
    /// use concurrencia::futures::ProcessPoolExecutor;
    /// use concurrencia::process;
    ///
    /// fn cuadrado(x: i64) -> i64 {
    ///     x * x
    /// }
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     process::init();
    ///     let ejecutor = ProcessPoolExecutor::new(2)?;
    ///     let suma: i64 = ejecutor.map_chunked(cuadrado, 0..1000, 100).sum::<Result<_, _>>()?;
    ///     assert_eq!(suma, 332_833_500);
    ///     Ok(())
    /// }
    /// ```
    pub fn map_chunked<F, A, R, I>(&self, f: F, items: I, chunksize: usize) -> Map<R>
    where
        F: Fn(A) -> R,
        A: Portable,
        R: Portable + Send,
        I: IntoIterator<Item = A>,
    {
        let mut number = 1;
        let submit = |chunk: Vec<A>| {
            let len = chunk.len();
            let first = number;
            number += len;
            let items = chunk.into_iter().map(|item| (item,));
            let errand = self.core().pool.errand(&f, items, first);
            let future = self.core().order(errand, |results| {
                let outcome = |result: Result<R, ProcessError>| result.map_err(FutureError::from);
                Ok(results.into_iter().map(outcome).collect())
            });
            (future, len)
        };
        Map::chunked(chunks(items, chunksize).map(submit).collect())
    }

    /// Deja de aceptar tareas y espera a que acaben las que hay, los procesos y los
    /// [`add_done_callback`](Future::add_done_callback). **Bloquea**, sin plazo. Se puede repetir.
    ///
    /// # En Python
    ///
    /// `ejecutor.shutdown()`, o el final del `with`.
    ///
    /// # Examples
    ///
    /// ```standalone_crate
    /// use concurrencia::futures::ProcessPoolExecutor;
    /// use concurrencia::process;
    ///
    /// fn main() -> Result<(), process::ProcessError> {
    ///     process::init();
    ///     let ejecutor = ProcessPoolExecutor::new(1)?;
    ///     let futuro = ejecutor.submit(i64::pow, (2, 10));
    ///     ejecutor.shutdown();
    ///     assert!(futuro.done());
    ///     assert!(ejecutor.submit(i64::pow, (2, 10)).result().unwrap_err().is_broken());
    ///     Ok(())
    /// }
    /// ```
    pub fn shutdown(&self) {
        self.shutdown_nowait();
        self.core().join(None);
    }

    /// Como [`shutdown`](ProcessPoolExecutor::shutdown), pero espera como mucho `seconds` segundos de la lección; dice si
    /// han acabado.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    ///
    /// # Examples
    ///
    /// ```standalone_crate
    /// use concurrencia::futures::ProcessPoolExecutor;
    /// use concurrencia::process::{self, Event};
    ///
    /// fn espera(senal: Event) {
    ///     senal.wait();
    /// }
    ///
    /// fn main() -> Result<(), process::ProcessError> {
    ///     process::init();
    ///     let senal = Event::new()?;
    ///     let ejecutor = ProcessPoolExecutor::new(1)?;
    ///     ejecutor.submit(espera, (senal.clone(),));
    ///     assert!(!ejecutor.shutdown_timeout(0.1));
    ///     senal.set();
    ///     assert!(ejecutor.shutdown_timeout(60));
    ///     Ok(())
    /// }
    /// ```
    pub fn shutdown_timeout(&self, seconds: impl Into<f64>) -> bool {
        self.shutdown_nowait();
        self.core().join(deadline(seconds))
    }

    /// Deja de aceptar tareas y vuelve enseguida; las que hay se hacen y los procesos acaban después.
    ///
    /// # En Python
    ///
    /// `ejecutor.shutdown(wait=False)`.
    ///
    /// # Examples
    ///
    /// ```standalone_crate
    /// use concurrencia::futures::ProcessPoolExecutor;
    /// use concurrencia::process;
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     process::init();
    ///     let ejecutor = ProcessPoolExecutor::new(1)?;
    ///     let futuro = ejecutor.submit(i64::pow, (5, 2));
    ///     ejecutor.shutdown_nowait();
    ///     assert_eq!(futuro.result()?, 25);
    ///     Ok(())
    /// }
    /// ```
    pub fn shutdown_nowait(&self) {
        self.core().close();
    }

    /// Deja de aceptar tareas, cancela las que no han empezado y espera a las que sí. **Bloquea**, sin plazo.
    ///
    /// # En Python
    ///
    /// `ejecutor.shutdown(cancel_futures=True)`.
    ///
    /// # Examples
    ///
    /// ```standalone_crate
    /// use concurrencia::futures::ProcessPoolExecutor;
    /// use concurrencia::{process, sleep};
    ///
    /// fn main() -> Result<(), process::ProcessError> {
    ///     process::init();
    ///     let ejecutor = ProcessPoolExecutor::new(1)?;
    ///     let futuros: Vec<_> = (0..10).map(|_| ejecutor.submit(|| sleep(0.1), ())).collect();
    ///     ejecutor.shutdown_cancel();
    ///     assert!(futuros[0].result().is_ok());
    ///     assert!(futuros[9].cancelled());
    ///     Ok(())
    /// }
    /// ```
    pub fn shutdown_cancel(&self) {
        self.core().close();
        self.core().discard();
        self.core().join(None);
    }

    /// Mata los procesos, hagan lo que hagan: lo que no había empezado se cancela y lo demás da un `Err`. **Bloquea** un
    /// instante.
    ///
    /// Para una tarea que no acaba nunca: a diferencia de un hilo, un proceso se puede matar.
    ///
    /// # En Python
    ///
    /// `ejecutor.kill_workers()`, desde la 3.14.
    ///
    /// # Examples
    ///
    /// ```standalone_crate
    /// use concurrencia::futures::ProcessPoolExecutor;
    /// use concurrencia::process;
    ///
    /// fn sin_fin() {
    ///     loop {
    ///         std::thread::park();
    ///     }
    /// }
    ///
    /// fn main() -> Result<(), process::ProcessError> {
    ///     process::init();
    ///     let ejecutor = ProcessPoolExecutor::new(1)?;
    ///     let futuro = ejecutor.submit(sin_fin, ());
    ///     ejecutor.kill_workers();
    ///     assert!(futuro.exception().is_some());
    ///     Ok(())
    /// }
    /// ```
    pub fn kill_workers(&self) {
        self.core().close();
        self.core().discard();
        self.core().pool.terminate();
        self.core().join(None);
    }
}

impl Core {
    fn submit<F, Args>(self: &Arc<Core>, f: &F, args: Args, number: usize) -> Future<F::Output>
    where
        F: Callable<Args>,
        Args: Portable,
        F::Output: Portable + Send,
    {
        let errand = self.pool.errand(f, [args], number);
        self.order(errand, |mut results| match results.pop() {
            Some(result) => result.map_err(FutureError::from),
            None => Err(Cause::Abandoned.into()),
        })
    }

    /// Encarga lo que ya está escrito; `read` dice qué se deja en el futuro.
    fn order<R, O>(
        self: &Arc<Core>,
        errand: Errand<R>,
        read: impl FnOnce(Vec<Result<R, ProcessError>>) -> Outcome<O> + Send + 'static,
    ) -> Future<O>
    where
        R: Portable + Send,
        O: Send + 'static,
    {
        if let Some(results) = errand.hopeless() {
            return Future::ready(read(results));
        }
        let (promise, future) = Promise::new();
        let core = Arc::clone(self);
        let start = move || {
            let going = promise.future().set_running_or_notify_cancel();
            if going {
                errand.run(move |arrival| core.settle(promise, &arrival, read));
            }
            going
        };
        if self.enqueue(Box::new(start)) {
            future
        } else {
            Future::ready(Err(Cause::ShutDown.into()))
        }
    }

    /// Pone algo a esperar su turno; `false` si ya no se acepta nada.
    fn enqueue(&self, start: Start) -> bool {
        let accepted = self.backlog.push(start, begin).is_ok();
        if accepted {
            self.dismiss_if_drained();
        }
        accepted
    }

    /// Si está cerrado y no queda nada, despide a los procesos.
    fn dismiss_if_drained(&self) {
        if self.backlog.is_drained() {
            self.pool.close();
        }
    }

    /// Una tarea ha acabado: deja su resultado en el futuro. En el hilo de los avisos del pool.
    fn settle<R: Portable, O: Send + 'static>(
        &self,
        promise: Promise<O>,
        arrival: &Arrival<R>,
        read: impl FnOnce(Vec<Result<R, ProcessError>>) -> Outcome<O>,
    ) {
        self.back();
        // Leer un resultado es ejecutar código de quien definió su tipo.
        let results = catch(|| arrival.results());
        let mut outcome = Some(results.map_err(panicked).and_then(read));
        let mut promise = Some(promise);
        let mut callbacks = Callbacks::default();
        arrival.on_behalf(&mut || {
            if let (Some(promise), Some(outcome)) = (promise.take(), outcome.take()) {
                callbacks = promise.settle(outcome);
            }
        });
        self.call(callbacks);
    }

    /// Ha vuelto una tarea: le toca a otra.
    fn back(&self) {
        self.backlog.done(begin);
        self.dismiss_if_drained();
    }

    fn call(&self, callbacks: Callbacks) {
        if callbacks.is_empty() {
            return;
        }
        // Si ya no hay quien los ejecute, este hilo mismo.
        if let Err(callbacks) = self.callbacks.spawn(|| callbacks.run()) {
            callbacks();
        }
    }

    fn close(&self) {
        self.backlog.close();
        self.dismiss_if_drained();
    }

    /// Cancela lo que espera su turno.
    fn discard(&self) {
        drop(self.backlog.discard());
        self.dismiss_if_drained();
    }

    /// Espera a que acabe todo, ya cerrado; `false` si antes se pasa el plazo.
    fn join(&self, deadline: Option<Instant>) -> bool {
        // El hilo que deja los resultados no puede esperar a que estén.
        if self.pool.is_noticing() {
            return true;
        }
        if !self.backlog.wait(deadline) {
            return false;
        }
        self.pool.close();
        if !self.pool.join_by(deadline) {
            return false;
        }
        // Ya nadie deja resultados, así que nadie encarga más.
        self.callbacks.close();
        self.callbacks.join(deadline)
    }
}

impl Executor for ProcessPoolExecutor {
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
        self.0.close();
        if self.0.pool.is_noticing() {
            // Quien deja los resultados no puede esperarlos: que espere el de los `add_done_callback`.
            let core = Arc::clone(&self.0);
            let _ = self.0.callbacks.spawn(move || {
                core.join(None);
            });
        } else {
            self.0.join(None);
        }
    }
}

/// `ProcessPoolExecutor(4 procesos, abierto)`.
impl fmt::Debug for ProcessPoolExecutor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let core = self.core();
        let count = core.max_workers;
        let procesos = if count == 1 { "proceso" } else { "procesos" };
        let door = if core.backlog.is_closed() {
            "cerrado"
        } else {
            "abierto"
        };
        write!(f, "ProcessPoolExecutor({count} {procesos}, {door})")
    }
}
