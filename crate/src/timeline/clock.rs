//! El reloj de la línea de tiempo: uno para todos los procesos de la máquina.
//!
//! [`Instant`](std::time::Instant) usa el mismo, pero no se puede mandar a otro proceso: aquí es un número.

use rustix::time::{ClockId, clock_gettime};

/// Nanosegundos desde un origen que es el mismo para todos los procesos de esta máquina.
#[inline]
pub(crate) fn now() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    // Desde que se encendió la máquina: nunca es negativo, y faltan siglos para que no quepa.
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}
