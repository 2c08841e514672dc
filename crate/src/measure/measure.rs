//! `measure`: ejecutar algo varias veces y apuntar lo que tarda cada una.

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::Measurement;

/// Ejecuta `f` una vez de calentamiento y `n` veces más con el cronómetro en la mano.
///
/// El calentamiento no se cuenta: en él se pagan las páginas de memoria nuevas, las cachés vacías y los pools que se
/// crean al primer uso. Cada muestra es una llamada entera a `f`, en tiempo real (no de procesador) según
/// [`Instant`]; lo que cuesta soltar su resultado queda fuera. El resultado pasa por [`black_box`] para que el
/// compilador no pueda saltarse el cálculo. Lo que tarda en compilarse la celda no entra nunca.
///
/// **Bloquea** hasta haber ejecutado `f` `n + 1` veces, siempre en el hilo que llama. Si `f` entra en pánico, la
/// medida se pierde.
///
/// # En Python
///
/// `timeit.repeat(f, repeat=n, number=1)`, que no calienta.
///
/// # Panics
///
/// Si `n` es 0.
///
/// # Examples
///
/// ```
/// use concurrencia::measure;
///
/// let suma = measure("suma de 0 a 9999", 5, || (0..10_000_u64).sum::<u64>());
/// assert_eq!(suma.n(), 5);
/// assert!(suma.min() <= suma.median());
/// ```
pub fn measure<T>(name: impl Into<String>, n: usize, mut f: impl FnMut() -> T) -> Measurement {
    assert!(
        n > 0,
        "hace falta al menos una ejecución para medir: pide n = 1 o más"
    );
    black_box(f());
    Measurement::from_samples(name, (0..n).map(|_| time(&mut f)))
}

fn time<T>(f: &mut impl FnMut() -> T) -> Duration {
    let start = Instant::now();
    let result = black_box(f());
    let elapsed = start.elapsed();
    drop(result);
    elapsed
}
