//! Hilos, con la forma de `threading`: se crean, se arrancan y se esperan.
//!
//! ```
//! use concurrencia::prelude::*;
//!
//! let mut hilo = Thread::new(|| 123 * 123).with_name("cuadrado");
//! hilo.start()?;
//! assert_eq!(hilo.join()?, 15129);
//! # Ok::<(), ThreadError>(())
//! ```
//!
//! | en Python (`threading`) | aquí | a pelo, con std |
//! |---|---|---|
//! | `Thread(target=f)`, `start()` | [`Thread::new`], [`start`](Thread::start) | [`std::thread::spawn`], que crea y arranca |
//! | `Thread(name="…")` | [`with_name`](Thread::with_name) | [`std::thread::Builder`] |
//! | `join()`, `join(timeout)` | [`join`](Thread::join), que da el valor; [`join_timeout`](Thread::join_timeout) | [`JoinHandle::join`]; con plazo, no hay |
//! | `is_alive()` | [`is_alive`](Thread::is_alive) | `!handle.is_finished()`, con [`is_finished`] |
//! | `ident`, `native_id` | [`ident`](Thread::ident), [`native_id`](Thread::native_id) | [`std::thread::ThreadId`] |
//! | `daemon=True` | [`with_daemon`](Thread::with_daemon) | todos lo son |
//! | la espera al salir del programa | [`block`], [`Block`] | [`std::thread::scope`], para los suyos |
//! | `current_thread()`, `main_thread()` | [`current_thread`], [`main_thread`]: un [`ThreadInfo`] | [`std::thread::current`] |
//! | `enumerate()`, `active_count()` | [`enumerate()`], [`active_count`] | no hay |
//! | `get_ident()`, `get_native_id()` | `current_thread().ident()`, `.native_id()` | `current().id()` |
//! | `local()` | [`Local`] | [`thread_local!`] |
//! | `multiprocessing.pool.ThreadPool` | [`ThreadPool`], que da [`AsyncResult`] e [`Imap`] | [`rayon`], pensado para calcular |
//! | `excepthook` | [`install_panic_hook`](crate::install_panic_hook) | [`std::panic::set_hook`] |
//! | `RuntimeError` | [`ThreadError`] | `Err` con la carga del pánico |
//!
//! # La vida de un hilo
//!
//! ```text
//!  Thread::new ──start()──▶ en marcha ──la tarea vuelve o entra en pánico──▶ acabado ──join()──▶ su valor o su error
//!  sin arrancar             is_alive()                                       !is_alive()
//! ```
//!
//! - **Sin arrancar** no hay hilo: ni número ni sitio en [`enumerate()`]. Soltarlo suelta la tarea.
//! - **En marcha** está desde que `start` vuelve, aunque el sistema no le haya dado turno todavía. Nadie puede pararlo
//!   desde fuera: acaba cuando acaba su tarea, o con el programa.
//! - **Acabado** quiere decir que ya no hace nada más: también ha soltado sus [`Local`] y sus `thread_local!`.
//! - Un pánico acaba con su hilo y con ningún otro: `join` lo da como [`ThreadError`], con el mensaje.
//!
//! # Una tarea con nombre propio
//!
//! En Python se hereda de `Thread` y se escribe `run`. Aquí no hay herencia: la tarea es un `struct` con sus datos y un
//! método que la gasta.
//!
//! ```
//! use concurrencia::{Thread, ThreadError};
//!
//! struct Descarga {
//!     sitio: String,
//! }
//!
//! impl Descarga {
//!     fn run(self) -> usize {
//!         self.sitio.len()
//!     }
//! }
//!
//! let descarga = Descarga { sitio: "example.org".to_owned() };
//! let mut hilo = Thread::new(move || descarga.run());
//! hilo.start()?;
//! assert_eq!(hilo.join()?, 11);
//! # Ok::<(), ThreadError>(())
//! ```
//!
//! # Prestado en vez de dado
//!
//! Un [`Thread`] se queda con lo que usa (la función es `'static`). Si la tarea solo necesita *mirar* datos que siguen
//! en su sitio, std tiene [`std::thread::scope`], que presta y no deja salir a nadie antes de tiempo:
//!
//! ```
//! let datos = vec![1, 2, 3];
//! let suma: i32 = std::thread::scope(|ambito| {
//!     let hilo = ambito.spawn(|| datos.iter().sum()); // ni move ni copia
//!     hilo.join().unwrap()
//! });
//! assert_eq!((suma, datos.len()), (6, 3));
//! ```
//!
//! [`JoinHandle::join`]: std::thread::JoinHandle::join
//! [`is_finished`]: std::thread::JoinHandle::is_finished
//! [`thread_local!`]: std::thread_local

// CREAR, ARRANCAR Y ESPERAR
#[expect(
    clippy::module_inception,
    reason = "el archivo se llama como el tipo que define"
)]
mod thread;
pub use thread::Thread;

mod error;
pub use error::ThreadError;

mod pool;
pub use pool::{AsyncResult, Imap, ThreadPool};

mod block;
pub use block::{Block, block};

// QUIÉN ES QUIÉN
mod info;
pub use info::ThreadInfo;

mod current;
pub use current::{active_count, current_thread, enumerate, main_thread};

// LO DE CADA UNO
mod local;
pub use local::Local;

// POR DENTRO
pub(crate) mod errand;
pub(crate) mod registry;
pub(crate) use registry::current_name;

mod context;
mod latch;
mod roster;

mod main_thread;
pub(crate) use main_thread::is_main;
#[cfg(not(target_os = "linux"))]
pub(crate) use main_thread::suppose_main;

mod door;

mod workers;
pub(crate) use workers::{Initializer, Workers, default_size};
