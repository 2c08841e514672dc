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
//! | `multiprocessing.Process` | [`Process`] | [`process`] |
//! | `multiprocessing.Pool` | [`ProcessPool`] | [`process`] |
//! | `multiprocessing.Queue`, `Pipe`, `Lock`, `Value`… | [`process::Queue`], [`process::Pipe`]… | [`process`] |
//! | `time.sleep` | [`sleep`] | [`time`] |
//! | `timeit.repeat` | [`measure()`], [`Measurement`], [`Comparison`] | [`mod@measure`] |
//! | `matplotlib.pyplot.barh` | [`bars`], [`Figure`] | [`plot`] |
//! | `threading.excepthook` | [`install_panic_hook`] | [`mod@panic`] |
//! | `IPython.display.display` | [`MimeBundle`] | [`notebook`] |
//!
//! Lo que una celda importa de una vez está en [`prelude`]. Para usarlos tal cual, sin otro `:dep`, el crate
//! reexporta [`bytemuck`], [`crossbeam`], [`futures_util`], [`parking_lot`], [`plotters`], [`rayon`], [`serde`] y
//! [`tokio`].

#![deny(unsafe_code)]
#![warn(unnameable_types)]

pub use {bytemuck, crossbeam, futures_util, parking_lot, plotters, rayon, serde, tokio};

// HILOS
pub mod thread;
pub use thread::{Thread, ThreadError};

// PROCESOS
pub mod process;
pub use process::{AsyncResult, Imap, Process, ProcessError, ProcessPool};

// UN RESULTADO QUE LLEGARÁ
pub mod futures;

// ASÍNCRONO
pub mod asyncio;

// EN PARALELO SIN CAMBIAR DE FUNCIÓN
pub mod parallel;

// PONERSE DE ACUERDO
pub mod sync;

// PASAR MENSAJES
pub mod queue;

// ESPERAR
pub mod time;
pub use time::{set_scale, sleep};

// HAZ ESTO DENTRO DE UN RATO
pub mod timer;

// MEDIR
pub mod measure;
pub use measure::{Comparison, Measurement, measure};

// VER
pub mod plot;
pub use plot::{Figure, bars};

// FALLAR SIN PERDERSE
pub mod panic;
pub use panic::install_panic_hook;

// VIVIR EN UN CUADERNO
pub mod notebook;
pub use notebook::MimeBundle;

pub mod prelude;

mod primitives;
mod text;
