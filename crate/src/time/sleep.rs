//! `sleep`: esperar sin hacer nada, en segundos de la lección.

use std::thread;

use super::to_real;
use crate::timeline;

/// Duerme el hilo actual los segundos de la lección que se le digan.
///
/// **Bloquea** el hilo que llama (y solo ese) `seconds` × [`scale`](super::scale) segundos reales, o un poco más:
/// el sistema despierta cuando puede, nunca antes. Mientras tanto no gasta procesador. Dentro de una función
/// asíncrona bloquearía a todas las tareas de su hilo: ahí se usa `tokio::time::sleep`.
///
/// Acepta enteros y decimales, como en Python: `sleep(5)`, `sleep(0.5)`.
///
/// # En Python
///
/// `time.sleep(5)`.
///
/// # A pelo
///
/// `std::thread::sleep(Duration::from_millis(500))`, en tiempo real.
///
/// # Panics
///
/// Si los segundos son negativos, infinitos o NaN (en Python, `ValueError`).
///
/// # Examples
///
/// ```
/// use concurrencia::time::{sleep, to_lesson};
/// use std::time::Instant;
///
/// let inicio = Instant::now();
/// sleep(0.5);
/// assert!(to_lesson(inicio.elapsed()) >= 0.5);
/// ```
pub fn sleep(seconds: impl Into<f64>) {
    let time = to_real(seconds);
    let _sleeping = timeline::sleeping();
    thread::sleep(time);
}
