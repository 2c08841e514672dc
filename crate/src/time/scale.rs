//! La escala: cuántos segundos reales dura un segundo de la lección.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// La escala de partida: 1 s de la lección son 0,1 s reales.
pub const DEFAULT_SCALE: f64 = 0.1;

// Los bits de un f64: no hay `AtomicF64` en std.
static SCALE: AtomicU64 = AtomicU64::new(DEFAULT_SCALE.to_bits());

/// La escala actual: segundos reales por cada segundo de la lección.
///
/// # Examples
///
/// ```
/// use concurrencia::time::{DEFAULT_SCALE, scale};
///
/// assert_eq!(scale(), DEFAULT_SCALE);
/// ```
pub fn scale() -> f64 {
    f64::from_bits(SCALE.load(Ordering::Relaxed))
}

/// Cambia la escala para todos los hilos y todas las celdas.
///
/// Con `set_scale(1)` las esperas duran lo que dice la lección. Vale para las esperas que empiecen después; las que
/// ya están en curso no cambian.
///
/// # Panics
///
/// Si la escala no es un número positivo y finito.
///
/// # Examples
///
/// ```
/// use concurrencia::time::{scale, set_scale};
///
/// set_scale(1);
/// assert_eq!(scale(), 1.0);
/// ```
pub fn set_scale(scale: impl Into<f64>) {
    let scale = scale.into();
    assert!(
        scale.is_finite() && scale > 0.0,
        "la escala tiene que ser un número positivo y finito, no {scale}: 1.0 son tiempos reales y 0.1 va diez veces \
         más deprisa"
    );
    SCALE.store(scale.to_bits(), Ordering::Relaxed);
}

/// Pasa de segundos de la lección a tiempo real, con la escala actual.
///
/// Sirve para dar un plazo o una espera a quien no conoce la escala: `tokio::time::sleep(to_real(5)).await`.
///
/// # Panics
///
/// Si los segundos son negativos, infinitos, NaN o no caben en una [`Duration`].
///
/// # Examples
///
/// ```
/// use concurrencia::time::to_real;
/// use std::time::Duration;
///
/// assert_eq!(to_real(5), Duration::from_millis(500));
/// ```
pub fn to_real(seconds: impl Into<f64>) -> Duration {
    let seconds = seconds.into();
    assert!(
        seconds >= 0.0,
        "no se puede esperar {seconds} segundos: tiene que ser un número mayor o igual que cero"
    );
    Duration::try_from_secs_f64(seconds * scale()).unwrap_or_else(|_| {
        panic!("no se puede esperar {seconds} segundos: no caben en una Duration")
    })
}

/// Pasa de una duración medida a segundos de la lección, con la escala actual.
///
/// # Examples
///
/// ```
/// use concurrencia::time::to_lesson;
/// use std::time::Duration;
///
/// assert_eq!(to_lesson(Duration::from_millis(500)), 5.0);
/// ```
pub fn to_lesson(elapsed: Duration) -> f64 {
    elapsed.as_secs_f64() / scale()
}
