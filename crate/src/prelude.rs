//! Lo que un cuaderno importa en una línea: `use concurrencia::prelude::*;`.
//!
//! Los nombres sueltos son los de los hilos. Lo que se llama igual en otra parte se nombra con su módulo:
//! `process::Queue`, `asyncio::Semaphore`, `futures::as_completed`… El tipo [`futures::Future`] también,
//! porque `Future` a secas es el rasgo del lenguaje.

pub use crate::asyncio;
pub use crate::futures::{self, ProcessPoolExecutor, ThreadPoolExecutor};
pub use crate::measure::{Comparison, Measurement, Speedup, measure};
pub use crate::parallel::{self, Parallel};
pub use crate::plot::{Diagram, Figure, bars, grid, histogram};
pub use crate::pool::{PendingResult, Pool};
pub use crate::process::{self, AsyncResult, Imap, Process, ProcessError, ProcessPool};
pub use crate::queue::{self, LifoQueue, PriorityQueue, Queue, SimpleQueue};
pub use crate::race::{self, Race, RaceError, RaceResults, Script};
pub use crate::sync::{self, Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore};
pub use crate::thread::{self, Thread, ThreadError, ThreadPool};
pub use crate::time::{set_scale, sleep};
pub use crate::timeline::{self, State, Trace, timeline};
pub use crate::timer::{self, RepeatingTimer, Timer};
