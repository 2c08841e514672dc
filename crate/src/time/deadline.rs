//! `deadline`: un plazo en segundos de la lección, como instante.

use std::time::Instant;

use super::to_real;

/// Cuándo habrán pasado `seconds` segundos de la lección desde ahora; nada si es tan tarde que no llegará nunca.
///
/// Entra en pánico con los mismos segundos que [`to_real`].
pub(crate) fn deadline(seconds: impl Into<f64>) -> Option<Instant> {
    Instant::now().checked_add(to_real(seconds))
}
