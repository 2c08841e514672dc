//! Colas entre hilos, con la forma de `queue`: unos ponen, otros sacan y nadie comparte nada más.
//!
//! | sale primero | está | en Python |
//! |---|---|---|
//! | lo primero que entró | [`Queue`] | `Queue` |
//! | lo último que entró | [`LifoQueue`] | `LifoQueue` |
//! | lo menor | [`PriorityQueue`] | `PriorityQueue` |
//! | lo primero que entró, sin límite, cierre ni tareas | [`SimpleQueue`] | `SimpleQueue` |
//!
//! - [`Empty`] y [`Full`] dicen por qué no se ha sacado o no se ha puesto: vacía o llena, se acabó el plazo o está
//!   cerrada. `Full` devuelve el elemento.
//! - [`Iter`] e [`IntoIter`] son lo que va saliendo en un `for`, hasta que se cierra.
//! - [`TaskDoneError`] avisa de un `task_done` de más.
//!
//! Entre procesos, [`process::Queue`](crate::process::Queue).
//!
//! Para esperar hay siempre dos formas: `get()`, sin plazo, y `get_timeout(5)`; para no esperar, `get_nowait()`.

#[expect(
    clippy::module_inception,
    reason = "el archivo se llama como el tipo que define"
)]
mod queue;
pub use queue::Queue;

mod lifo_queue;
pub use lifo_queue::LifoQueue;

mod priority_queue;
pub use priority_queue::PriorityQueue;

mod simple_queue;
pub use simple_queue::SimpleQueue;

mod error;
pub use error::{Empty, Full, TaskDoneError};

mod iter;
pub use iter::{IntoIter, Iter};

mod blocking;
mod crowd;
mod debug;
mod door;
mod wait;
