//! Hasta cuándo se espera.

use std::time::Instant;

use crate::time::to_real;

/// El instante en que se acaba un plazo en segundos de la lección. Uno que no cabe en un `Instant` no se acaba nunca.
pub(super) fn deadline(seconds: f64) -> Option<Instant> {
    Instant::now().checked_add(to_real(seconds))
}
