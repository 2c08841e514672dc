//! Cuantiles por interpolación lineal.
//!
//! Es el método 7 de Hyndman y Fan («Sample Quantiles in Statistical Packages», *The American Statistician*, 50(4),
//! 1996), el de NumPy y R por omisión: con las `n` muestras ordenadas, el cuantil `p` está en la posición
//! `(n − 1)·p`, contando desde cero; si cae entre dos, se reparte en proporción.

use std::time::Duration;

/// El cuantil `p` (entre 0 y 1) de unas muestras **ordenadas** y no vacías.
pub(super) fn quantile(sorted: &[Duration], p: f64) -> Duration {
    let position = (sorted.len() - 1) as f64 * p;
    let below = sorted[position.floor() as usize];
    let above = sorted[position.ceil() as usize];
    below + (above - below).mul_f64(position.fract())
}
