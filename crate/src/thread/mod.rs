//! Hilos, con la forma de `threading`: se crean, se arrancan y se esperan.
//!
//! - [`Thread`] ejecuta una función en otro hilo y guarda lo que devuelve.
//! - [`ThreadPool`] reparte muchas llamadas entre unos pocos hilos; lo que da se recoge de un [`AsyncResult`] o un
//!   [`Imap`].
//! - [`ThreadError`] dice por qué un hilo no arrancó o no dejó resultado.
//!
//! Un [`Thread`] se queda con lo que usa (la función es `'static`). Si la tarea solo necesita *mirar* datos que
//! siguen en su sitio, std tiene [`std::thread::scope`], que presta y no deja salir a nadie antes de tiempo.

mod error;
pub use error::ThreadError;

#[expect(
    clippy::module_inception,
    reason = "el archivo se llama como el tipo que define"
)]
mod thread;
pub use thread::Thread;

mod pool;
pub use pool::{AsyncResult, Imap, ThreadPool};

mod workers;
pub(crate) use workers::{Workers, default_size};
