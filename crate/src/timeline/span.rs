//! `Lane`, `Span` y `Task`: de qué está hecha una traza.

use std::sync::Arc;
use std::time::Duration;

use super::State;
pub use super::event::LaneKind;

/// Un carril: un hilo, un proceso, una tarea asíncrona o la cola de un pool, con lo que hizo de principio a fin.
///
/// Sus tramos van en orden y no se solapan: en cada momento hace una sola cosa, lo último que empezó. Donde no hay tramo
/// no hacía nada (un trabajador sin tarea).
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    pub(super) name: String,
    pub(super) kind: LaneKind,
    pub(super) process: Option<String>,
    pub(super) spans: Vec<Span>,
}

impl Lane {
    /// El nombre: el del hilo, el del proceso, el de la tarea o el del pool.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Qué es.
    pub fn kind(&self) -> LaneKind {
        self.kind
    }

    /// El proceso en que está, si no es el que abrió la captura.
    pub fn process(&self) -> Option<&str> {
        self.process.as_deref()
    }

    /// Lo que hizo, en orden y sin solaparse.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }
}

/// Un tramo: de cuándo a cuándo un carril estuvo en un mismo estado.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) state: State,
    pub(super) name: Arc<str>,
    pub(super) task: Option<usize>,
    pub(super) turn: bool,
    pub(super) count: u32,
    pub(super) woken: Option<Wake>,
}

/// Quién despertó a quien esperaba.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wake {
    pub(super) lane: usize,
    pub(super) at: u64,
}

impl Span {
    /// Cuándo empieza, desde que se abrió la captura.
    pub fn start(&self) -> Duration {
        Duration::from_nanos(self.start)
    }

    /// Cuándo acaba, desde que se abrió la captura.
    pub fn end(&self) -> Duration {
        Duration::from_nanos(self.end)
    }

    /// Cuánto dura.
    pub fn duration(&self) -> Duration {
        Duration::from_nanos(self.end - self.start)
    }

    /// Qué hacía.
    pub fn state(&self) -> State {
        self.state
    }

    /// Su nombre: el de la tarea si ejecuta; a qué o a quién espera, si espera.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Uno suelto, para dibujarlo.
    pub(crate) fn drawn(state: State, start: Duration, end: Duration) -> Span {
        Span {
            start: start.as_nanos() as u64,
            end: end.as_nanos() as u64,
            state,
            name: Arc::from(""),
            task: None,
            turn: false,
            count: 1,
            woken: None,
        }
    }

    pub(crate) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    /// La tarea de la que forma parte: su sitio en [`Trace::tasks`](super::Trace::tasks).
    pub fn task(&self) -> Option<usize> {
        self.task
    }

    /// ¿Es el turno que el hilo de un bucle da a una tarea asíncrona? La tarea tiene su propio carril, y ahí se cuenta.
    pub fn is_turn(&self) -> bool {
        self.turn
    }

    /// En el carril de una cola, cuántas tareas hay en ella; en los demás, 1.
    pub fn count(&self) -> u32 {
        self.count
    }

    pub(super) fn counts_as_work(&self) -> bool {
        self.state.is_work() && !self.turn
    }
}

/// Una tarea: lo que en la línea de tiempo es una barra con su nombre.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub(super) name: Arc<str>,
    pub(super) lane: Option<usize>,
    pub(super) queued: Option<u64>,
    pub(super) submitter: Option<usize>,
    pub(super) start: Option<u64>,
    pub(super) end: Option<u64>,
    pub(super) failed: bool,
}

impl Task {
    /// El nombre.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// En qué carril se hizo: su sitio en [`Trace::lanes`](super::Trace::lanes). Nada si no llegó a empezar.
    pub fn lane(&self) -> Option<usize> {
        self.lane
    }

    /// Cuándo se encargó, si fue dentro de la captura.
    pub fn queued(&self) -> Option<Duration> {
        self.queued.map(Duration::from_nanos)
    }

    /// Cuándo empezó; nada si al cerrarse la captura seguía en cola, o se canceló en ella.
    pub fn start(&self) -> Option<Duration> {
        self.start.map(Duration::from_nanos)
    }

    /// Cuándo acabó; nada si seguía en marcha al cerrarse la captura.
    pub fn end(&self) -> Option<Duration> {
        self.end.map(Duration::from_nanos)
    }

    /// ¿Acabó en pánico?
    pub fn is_panic(&self) -> bool {
        self.failed
    }
}
