//! Cuánto se espera en una cola, y por qué no se ha podido.

use std::time::{Duration, Instant};

/// Hasta cuándo esperar.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wait {
    No,
    Until(Instant),
    Forever,
}

impl Wait {
    pub(crate) fn at_most(time: Duration) -> Wait {
        // Un plazo que no cabe en un `Instant` no se va a cumplir nunca.
        Instant::now()
            .checked_add(time)
            .map_or(Wait::Forever, Wait::Until)
    }
}

/// Por qué no se ha puesto o no se ha sacado.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Llena o vacía, y no se quería esperar.
    NotNow,
    /// Se acabó el plazo.
    Timeout,
    Shutdown,
}
