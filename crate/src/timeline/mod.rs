//! Ver qué hizo cada cual y cuándo: una línea de tiempo medida, no dibujada a mano.
//!
//! ```
//! use concurrencia::prelude::*;
//!
//! fn tarea(_: u32) {
//!     sleep(1);
//! }
//!
//! let pool = ThreadPool::new(4)?;
//! let traza = timeline(|| pool.map(tarea, 0..8));
//! let figura = traza.plot("Cuatro hilos, ocho esperas: dos tandas");
//! # assert!(figura.svg().len() < 150_000);
//! # Ok::<(), ThreadError>(())
//! ```
//!
//! - [`timeline()`] ejecuta algo y captura lo que pasa; [`record`] da además su resultado.
//! - [`Trace`] es lo capturado: [carriles](Lane) con sus [tramos](Span), [tareas](Task), cifras (trabajo, paralelismo,
//!   tiempo perdido, [ruta crítica](Trace::critical_path)) y figuras.
//! - [`span`], [`io`] y [`span_async`] apuntan lo que no es del crate.
//!
//! | color | [`State`] | qué es |
//! |---|---|---|
//! | ejecuta | [`Run`](State::Run) | tiene algo que hacer y su turno |
//! | espera E/S | [`Io`](State::Io) | `sleep`, la red, un archivo |
//! | espera un cerrojo | [`Lock`](State::Lock) | `Lock`, `Semaphore`, `Condition`, `Event`, `Barrier` |
//! | espera a otro | [`Wait`](State::Wait) | `join`, `result`, una cola vacía o llena |
//! | en cola | [`Queued`](State::Queued) | encargada, y nadie la ha cogido todavía |
//!
//! # Cómo se apunta
//!
//! Cada hilo escribe en su propio cuaderno, sin disputárselo a nadie; otro proceso, en el suyo, que manda con sus
//! resultados. El reloj es el monótono del sistema, el mismo para todos los procesos de la máquina. Sin captura abierta,
//! cada pieza paga una lectura de memoria. Caben cuatro millones de sucesos; los que no quepan se cuentan y se dice.
//!
//! Una tarea asíncrona no tiene hilo, pero sí carril: ahí está lo que hace y lo que espera. En el del hilo de su bucle se
//! ve cada turno que le da. Lo que se espera con un futuro que no es del crate sale como «E/S».

mod state;
pub use state::State;

mod capture;
pub use capture::{record, timeline};

mod own;
pub(crate) use own::sleeping;
pub use own::{SpanAsync, io, span, span_async};

mod trace;
pub use trace::Trace;

mod span;
pub use span::{Lane, LaneKind, Span, Task};

mod critical_path;
pub use critical_path::Step;

mod chrome;
pub use chrome::TraceError;

// CÓMO SE APUNTA
mod recorder;
pub(crate) use recorder::{
    Inside, Queue, address, epoch, is_on, next_object, signal, submit, task, wait_for_other,
    waiting,
};

mod ticket;
pub(crate) use ticket::Ticket;

mod task_lane;
pub(crate) use task_lane::{
    CoroutineName, InLane, Tracked, coroutine_name, pending, pending_on, pending_sleep, task_label,
};

mod remote;
pub(crate) use remote::{Away, Heard, Remote, Reporter, ask_before_closing, shared_object};

mod label;
pub(crate) use label::{FunctionName, Label, name_of, own_name_of};

mod build;
mod clock;
pub(crate) use clock::now;
mod event;
mod numbers;
mod summary;

/// El número de lo que no es nada: no se encargó, o no lo avisa nadie.
pub(crate) const NOTHING: u64 = 0;
