//! Lo que tienen en común los pools de hilos y los de procesos.
//!
//! - [`Pool`] es la interfaz de los dos: cambiar hilos por procesos es cambiar el tipo.
//! - [`PendingResult`] es la de lo que devuelven sus `…_async`.
//!
//! | | [`ThreadPool`](crate::ThreadPool) | [`ProcessPool`](crate::ProcessPool) |
//! |---|---|---|
//! | una tarea vacía, ida y vuelta | unos 2 µs | unos 12 µs |
//! | la función | también con capturas | sin capturas |
//! | los datos | cualquiera que sea `Send`, sin copiarlos | los que [viajan](crate::process::Portable), copiados |
//! | una tarea que aborta | acaba con el programa | es un `Err`, y el pool pone otro proceso |
//! | `terminate` con tareas en marcha | espera a que acaben | las mata |

#[expect(
    clippy::module_inception,
    reason = "el archivo se llama como el rasgo que define"
)]
mod pool;
pub use pool::Pool;

mod pending_result;
pub use pending_result::PendingResult;

mod chunks;
pub(crate) use chunks::{checked, chunksize};

mod lookahead;
pub(crate) use lookahead::{Lookahead, READER};

mod window;
