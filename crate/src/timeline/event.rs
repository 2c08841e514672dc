//! Lo que se apunta mientras hay una captura abierta.

use nanoserde::{DeJson, SerJson};
use serde::{Deserialize, Serialize};

use super::State;
use super::label::Label;

/// El número de un carril, único en este proceso.
pub(crate) type LaneId = u32;

/// Un suceso: qué ha pasado, cuándo y en qué carril.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Event {
    /// En nanosegundos de [`now`](super::clock::now).
    pub(super) at: u64,
    pub(super) lane: LaneId,
    pub(super) what: What,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum What {
    /// Empieza algo, dentro de lo que hubiera empezado antes en su carril.
    Begin {
        state: State,
        kind: Kind,
        label: Label,
        /// Lo que se espera o, en una tarea, lo que se encargó; [`NOTHING`](super::NOTHING) si no es nada.
        object: u64,
    },
    /// Acaba lo que empezó en ese momento en su carril.
    End { began: u64, failed: bool },
    /// Lo que se esperaba en ese carril ya está: lo último que empezó pasa a estar en cola.
    Ready { by: LaneId },
    /// Quien espere ese objeto ya puede seguir.
    Signal { object: u64 },
    /// Se encarga una tarea; si va a la cola de alguien, a cuál.
    Submit {
        object: u64,
        label: Label,
        queue: Option<LaneId>,
    },
}

/// Qué clase de cosa empieza.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// Una tarea: lo que en la figura es una barra con su nombre.
    Task,
    /// Un tramo dentro de una tarea: una espera, o uno con nombre propio.
    Span,
    /// El turno que un bucle le da a una tarea que tiene su propio carril: no se cuenta dos veces.
    Turn,
}

/// Qué es lo que va por un carril.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, SerJson, DeJson)]
pub enum LaneKind {
    /// Un hilo.
    Thread,
    /// El hilo principal de otro proceso.
    Process,
    /// Una tarea asíncrona.
    Task,
    /// La cola de un pool o de un ejecutor: lo que ya se le ha encargado y aún no ha empezado.
    Queue,
}
