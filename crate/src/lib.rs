//! Concurrencia y paralelismo en Rust con los nombres de Python, pensados para las celdas de un cuaderno.
//!
//! ```
//! use concurrencia::prelude::*;
//!
//! // Dos tareas que pasan el rato esperando, a la vez: cada hilo devuelve su valor.
//! let mut hilos: Vec<Thread<u64>> = [123, 456]
//!     .into_iter()
//!     .map(|id| Thread::new(move || { sleep(0.1); id * id }))
//!     .collect();
//! for hilo in &mut hilos {
//!     hilo.start()?;
//! }
//! let salidas = hilos.into_iter().map(Thread::join).collect::<Result<Vec<_>, _>>()?;
//! assert_eq!(salidas, [15129, 207936]);
//! # Ok::<(), ThreadError>(())
//! ```
//!
//! | en Python | aquí | módulo |
//! |---|---|---|
//! | `threading.Thread` | [`Thread`] | [`thread`] |
//! | `threading.enumerate`, `current_thread`… | [`thread::enumerate()`], [`thread::current_thread`]… | [`thread`] |
//! | `threading.local` | [`thread::Local`] | [`thread`] |
//! | al salir, esperar a los hilos | [`thread::block`], [`thread::Block`] | [`thread`] |
//! | `multiprocessing.Process` | [`Process`] | [`process`] |
//! | `multiprocessing.pool.ThreadPool` | [`ThreadPool`] | [`thread`] |
//! | `multiprocessing.Pool` | [`ProcessPool`] | [`process`] |
//! | cambiar uno por otro | [`Pool`] | [`pool`] |
//! | `multiprocessing.Queue`, `Pipe`, `Lock`, `Value`… | [`process::Queue`], [`process::Pipe`]… | [`process`] |
//! | `concurrent.futures.ThreadPoolExecutor`, `ProcessPoolExecutor` | [`ThreadPoolExecutor`], [`ProcessPoolExecutor`] | [`futures`] |
//! | `concurrent.futures.Future`, `as_completed`, `wait` | [`Future`], [`as_completed`], [`futures::wait`] | [`futures`] |
//! | `parallel.decorate`, `parallel.async_par` | [`Parallel`], [`parallel::async_par`] | [`parallel`] |
//! | `asyncio.run`, `gather`, `create_task`… | [`asyncio::run`], [`asyncio::gather`], [`asyncio::create_task`]… | [`asyncio`] |
//! | `threading.Lock`, `RLock`, `Condition`, `Event`, `Semaphore`, `Barrier` | [`Lock`], [`RLock`], [`Condition`], [`Event`], [`Semaphore`], [`Barrier`] | [`sync`] |
//! | `queue.Queue`, `LifoQueue`, `PriorityQueue`, `SimpleQueue` | [`Queue`], [`LifoQueue`], [`PriorityQueue`], [`SimpleQueue`] | [`queue`] |
//! | `threading.Timer` | [`Timer`], [`RepeatingTimer`] | [`timer`] |
//! | `time.sleep` | [`sleep`] | [`time`] |
//! | `timeit.repeat` | [`measure()`], [`Measurement`], [`Comparison`], [`Speedup`] | [`mod@measure`] |
//! | el mismo trabajo, aquí y en Python | [`Race`] | [`race`] |
//! | `matplotlib.pyplot.barh`, `hist`, `errorbar`, `subplots` | [`bars`], [`histogram()`], [`Speedup::plot`], [`grid()`] | [`plot`] |
//! | `graphviz.Digraph` | [`Diagram`] | [`plot`] |
//! | no hay de serie | [`timeline()`], [`Trace`] | [`mod@timeline`] |
//! | `threading.excepthook` | [`install_panic_hook`] | [`mod@panic`] |
//! | `IPython.display.display` | [`MimeBundle`] | [`notebook`] |
//!
//! La lista entera, con cómo se escribe cada cosa a pelo, está en [`from_python`]. Lo que una celda importa de una vez,
//! en [`prelude`]. Para usarlos tal cual, sin otro `:dep`, el crate
//! reexporta [`bytemuck`], [`crossbeam`], [`fastrand`], [`futures_util`], [`nanoserde`], [`parking_lot`], [`plotters`],
//! [`rayon`], [`serde`] y [`tokio`].

#![deny(unsafe_code)]
#![warn(unnameable_types)]

pub use {
    bytemuck, crossbeam, fastrand, futures_util, nanoserde, parking_lot, plotters, rayon, serde,
    tokio,
};

// HILOS
pub mod thread;
pub use thread::{Thread, ThreadError, ThreadPool};

// PROCESOS
pub mod process;
pub use process::{AsyncResult, Imap, Process, ProcessError, ProcessPool};

// HILOS O PROCESOS, EL MISMO CÓDIGO
pub mod pool;
pub use pool::Pool;

// UN RESULTADO QUE LLEGARÁ
pub mod futures;
pub use futures::{
    Executor, Future, FutureError, ProcessPoolExecutor, ThreadPoolExecutor, as_completed,
};

// ASÍNCRONO
pub mod asyncio;

// EN PARALELO SIN CAMBIAR DE FUNCIÓN
pub mod parallel;
pub use parallel::Parallel;

// PONERSE DE ACUERDO
pub mod sync;
pub use sync::{Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore, SyncError};

// PASAR MENSAJES
pub mod queue;
pub use queue::{LifoQueue, PriorityQueue, Queue, SimpleQueue};

// ESPERAR
pub mod time;
pub use time::{set_scale, sleep};

// HAZ ESTO DENTRO DE UN RATO
pub mod timer;
pub use timer::{RepeatingTimer, Timer};

// MEDIR
pub mod measure;
pub use measure::{Comparison, Measurement, Speedup, measure};

// COMPARAR CON PYTHON
pub mod race;
pub use race::{Race, RaceError};

// VER
pub mod plot;
pub use plot::{Diagram, Figure, bars, grid, histogram};

pub mod timeline;
pub use timeline::{Trace, timeline};

// FALLAR SIN PERDERSE
pub mod panic;
pub use panic::install_panic_hook;

// VIVIR EN UN CUADERNO
pub mod notebook;
pub use notebook::MimeBundle;

pub mod prelude;

pub mod from_python;

// POR DENTRO
mod callable;
pub use callable::{Callable, CallableOnce};

mod monitor;
mod primitives;
mod sealed;
mod text;
