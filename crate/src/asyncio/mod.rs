//! Tareas asíncronas, con la forma de `asyncio`, sobre tokio.
//!
//! Una corrutina es una función que sabe parar en cada `.await` y dejar el hilo a otra: miles pueden esperar a la vez
//! (a la red, a un plazo) sin un hilo para cada una. Llamarla no la ejecuta; lo hace un bucle.
//!
//! Hay dos formas de tener un bucle, y todo lo de aquí vale en las dos:
//!
//! - [`run`] crea uno de un solo hilo, ejecuta en él una corrutina y lo cierra. Es la de Python, y la más barata en una
//!   celda.
//! - Un `.await` directo en una celda pone el núcleo en modo asíncrono, con un bucle que dura lo que el núcleo y que
//!   ejecuta las tareas en varios hilos a la vez. Por eso [`create_task`] pide `Send`.
//!
//! | en Python | aquí | a pelo |
//! |---|---|---|
//! | `async def`, `await` | `async fn`, `.await` | lo mismo |
//! | `asyncio.run(main())` | [`run`]`(main())` | `Runtime::block_on` |
//! | `asyncio.sleep(1)` | [`sleep`]`(1)` | `tokio::time::sleep` |
//! | `asyncio.create_task(f())` | [`create_task`]`(f())` | `tokio::spawn` |
//! | `asyncio.Task` | [`Task`] | `JoinHandle` |
//! | `asyncio.gather(…)` | [`gather`]`(…)` | `tokio::join!`, `join_all` |
//! | `gather(…)`, si alguna lanza | [`try_gather`]`(…)` | `tokio::try_join!`, `try_join_all` |
//! | `asyncio.wait_for(aw, 1)` | [`wait_for`]`(aw, 1)` | `tokio::time::timeout` |
//! | `asyncio.wait(aws, return_when=…)` | [`wait`]`(aws, …)` | `JoinSet::join_next` |
//! | `asyncio.as_completed(aws)` | [`as_completed`]`(aws)` | `JoinSet`, `FuturesUnordered` |
//! | `asyncio.shield(aw)` | [`shield`]`(aw)` | `tokio::spawn` |
//! | `asyncio.to_thread(f, x)` | [`to_thread`]`(f, (x,))` | `spawn_blocking` |
//! | `asyncio.get_running_loop()` | [`get_running_loop`]`()` | `Handle::current` |
//! | `loop.run_in_executor(e, f, x)` | [`EventLoop::run_in_executor`] | `spawn_blocking` |
//! | `asyncio.Future` | [`futures::Future`](crate::futures::Future), que se espera con `.await` | `oneshot` |
//! | `asyncio.Lock` | [`Lock`] | `tokio::sync::Mutex` |
//! | `asyncio.Semaphore` | [`Semaphore`] | `tokio::sync::Semaphore` |
//! | `asyncio.Event` | [`Event`] | `watch`, `Notify` |
//! | `asyncio.Queue`, `LifoQueue`, `PriorityQueue` | [`Queue`], [`LifoQueue`], [`PriorityQueue`] | `mpsc` |
//!
//! En una celda, todo esto se nombra con su módulo: `asyncio::sleep`, `asyncio::Lock`… Los nombres sueltos del
//! [`prelude`](crate::prelude) son los de los hilos, y en una corrutina bloquearían a todas las de su hilo.
//!
//! Lo que allí es una excepción, aquí es un [`TaskError`] o un [`TimeoutError`]. Los plazos son segundos de la lección.
//! `Condition` y `Barrier` no están: a pelo, [`tokio::sync::Notify`] y [`tokio::sync::Barrier`].

// EJECUTAR
mod run;
pub use run::run;

mod event_loop;
pub use event_loop::{EventLoop, get_running_loop};

mod sleep;
pub use sleep::{Sleep, sleep};

// TAREAS
mod task;
pub use task::{Task, TaskCopy, TaskFuture, create_task, create_task_named};

mod current;
pub use current::{CurrentTask, current_task};

mod error;
pub use error::TaskError;

mod core;

// ESPERAR A VARIAS
mod awaitable;
pub use awaitable::{Awaitable, ensure_future};

mod gather;
pub use gather::{Gather, GatherExceptions, TryGather, gather, try_gather};

mod gatherable;
pub use gatherable::{Gatherable, Tasks, TryTasks};

mod wait;
pub use crate::futures::{ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, ReturnWhen};
pub use wait::{Wait, wait};

mod as_completed;
pub use as_completed::{AsCompleted, as_completed};

mod batch;
mod group;

// ESPERAR CON PLAZO, O PASE LO QUE PASE
mod wait_for;
pub use wait_for::{TimeoutError, wait_for};

mod shield;
pub use shield::{Shield, shield};

// LO QUE BLOQUEA, A OTRO SITIO
mod to_thread;
pub use to_thread::to_thread;

mod run_in_executor;
pub use run_in_executor::ExecutorFor;

// PONERSE DE ACUERDO
mod lock;
pub use lock::{Lock, LockGuard};

mod semaphore;
pub use semaphore::{Permit, Semaphore};

mod event;
pub use event::Event;

mod waiting;

// PASAR MENSAJES
mod queue;
pub use crate::queue::TaskDoneError;
pub use queue::{LifoQueue, PriorityQueue, Queue, QueueEmpty, QueueFull};
