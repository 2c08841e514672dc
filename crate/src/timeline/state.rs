//! `State`: qué está haciendo una tarea.

use nanoserde::{DeJson, SerJson};
use serde::{Deserialize, Serialize};

/// Lo que hace una tarea en un momento dado.
///
/// # Examples
///
/// ```
/// use concurrencia::timeline::{State, timeline};
/// use concurrencia::sleep;
///
/// let traza = timeline(|| sleep(1));
/// assert!(traza.total(State::Io) > traza.total(State::Lock));
/// assert_eq!(State::Io.to_string(), "espera E/S");
/// ```
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    SerJson,
    DeJson,
)]
pub enum State {
    /// Ejecuta: tiene algo que hacer y su turno. Si hay más hilos que núcleos, el sistema los turna.
    Run,
    /// Espera algo de fuera del programa: un reloj ([`sleep`](crate::sleep)), la red, un archivo.
    Io,
    /// Espera un cerrojo o lo que haga sus veces: un semáforo, una condición, un aviso, una barrera.
    Lock,
    /// Espera a otro: que acabe un hilo, que llegue un resultado, que entre o salga algo de una cola.
    Wait,
    /// Está en cola: ya se encargó, o ya podría seguir, y nadie la ha cogido todavía.
    Queued,
}

impl State {
    /// Todos, en el orden en que los enseñan las figuras.
    pub const ALL: [State; 5] = [
        State::Run,
        State::Io,
        State::Lock,
        State::Wait,
        State::Queued,
    ];

    /// ¿Avanza la tarea? Ejecutar y esperar algo de fuera es trabajo suyo: hecho en serie, tardaría lo mismo.
    pub fn is_work(self) -> bool {
        matches!(self, State::Run | State::Io)
    }

    /// ¿Es tiempo que se pierde por ser varios: esperar un cerrojo o en una cola?
    pub fn is_lost(self) -> bool {
        matches!(self, State::Lock | State::Queued)
    }

    /// El nombre en las figuras: «ejecuta», «espera E/S», «espera un cerrojo», «espera a otro» o «en cola».
    pub fn name(self) -> &'static str {
        match self {
            State::Run => "ejecuta",
            State::Io => "espera E/S",
            State::Lock => "espera un cerrojo",
            State::Wait => "espera a otro",
            State::Queued => "en cola",
        }
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
