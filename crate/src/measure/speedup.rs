//! `Speedup`: cuánto se gana al repartir un trabajo entre más hilos.

use std::borrow::Borrow;
use std::fmt;

use super::amdahl::Amdahl;
use super::{Comparison, Measurement, measure};
use crate::text::decimal;

/// El mismo trabajo medido con 1, 2, 4… hilos, y cuántas veces menos tarda con cada uno.
///
/// La referencia es la medida con menos hilos, normalmente uno. La aceleración es su mediana partida por la de cada
/// una: con dos hilos y dos núcleos, 2 como mucho. Lo que no se puede repartir pone un tope, por muchos núcleos que
/// haya: es la ley de Amdahl («Validity of the single processor approach to achieving large scale computing
/// capabilities», AFIPS, 1967), y [`serial_fraction`](Speedup::serial_fraction) estima cuánto es.
///
/// Vale también para procesos; la figura los llama hilos. En una celda se enseña como tabla;
/// [`plot`](Speedup::plot) la dibuja.
///
/// # En Python
///
/// Un bucle con `timeit.repeat` y las cuentas a mano.
///
/// # A pelo
///
/// [`Instant::now`](std::time::Instant::now) alrededor del trabajo, con un
/// [`rayon::ThreadPoolBuilder`] de cada tamaño o un [`std::thread::scope`], y
/// [`available_parallelism`](std::thread::available_parallelism) para saber hasta dónde tiene sentido.
///
/// # Examples
///
/// ```
/// use concurrencia::{Measurement, Speedup};
/// use std::time::Duration;
///
/// let [uno, dos] = [1000, 550].map(|ms| Measurement::from_samples("suma", [Duration::from_millis(ms)]).with_cores(2));
/// let escala = Speedup::from_measurements([(1, &uno), (2, &dos)]);
/// assert_eq!(escala.threads(), [1, 2]);
/// assert_eq!(format!("{escala:?}"), "Speedup(1 hilo: 1,0×; 2 hilos: 1,8×)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Speedup {
    threads: Vec<usize>,
    comparison: Comparison,
}

impl Speedup {
    /// Mide `f` con cada número de hilos, `n` veces cada uno, como [`measure()`](crate::measure()).
    ///
    /// `f` recibe cuántos hilos tiene que usar: el trabajo ha de ser el mismo, repartido entre ellos. Las mediciones
    /// se llaman «1 hilo», «2 hilos»…
    ///
    /// **Bloquea** hasta haber ejecutado `f` `n + 1` veces con cada número. Si `f` entra en pánico, se pierde todo lo
    /// medido.
    ///
    /// # Panics
    ///
    /// Si no hay ningún número de hilos, alguno es 0 o está repetido, o si `n` es 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Speedup;
    ///
    /// let repartido = |hilos: usize| {
    ///     std::thread::scope(|bloque| {
    ///         for _ in 0..hilos {
    ///             bloque.spawn(move || (0..100_000 / hilos).sum::<usize>());
    ///         }
    ///     });
    /// };
    /// let escala = Speedup::measure([1, 2], 3, repartido);
    /// assert_eq!(escala.measurements()[1].name(), "2 hilos");
    /// ```
    pub fn measure<T>(
        threads: impl IntoIterator<Item = usize>,
        n: usize,
        mut f: impl FnMut(usize) -> T,
    ) -> Speedup {
        let threads = checked(threads.into_iter().map(|threads| (threads, ())).collect());
        Speedup::from_measurements(threads.into_iter().map(|(threads, ())| {
            let name = threads_name(threads);
            (threads, measure(name, n, || f(threads)))
        }))
    }

    /// La escala de unas mediciones ya hechas, cada una con su número de hilos.
    ///
    /// Acepta mediciones prestadas o cedidas, en cualquier orden; quedan de menos a más hilos.
    ///
    /// # Panics
    ///
    /// Si no hay ninguna, o algún número de hilos es 0 o está repetido.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Speedup, measure};
    ///
    /// let medidas = [4, 1, 2].map(|hilos| (hilos, measure("nada", 3, || hilos)));
    /// assert_eq!(Speedup::from_measurements(medidas).threads(), [1, 2, 4]);
    /// ```
    pub fn from_measurements<M: Borrow<Measurement>>(
        measurements: impl IntoIterator<Item = (usize, M)>,
    ) -> Speedup {
        let mut measurements = checked(measurements.into_iter().collect());
        measurements.sort_by_key(|(threads, _)| *threads);
        let (threads, measurements): (Vec<usize>, Vec<M>) = measurements.into_iter().unzip();
        Speedup {
            threads,
            comparison: Comparison::new(measurements),
        }
    }

    /// Los números de hilos, de menos a más.
    pub fn threads(&self) -> &[usize] {
        &self.threads
    }

    /// Las mediciones, de menos a más hilos.
    pub fn measurements(&self) -> &[Measurement] {
        self.comparison.measurements()
    }

    /// La aceleración con cada número de hilos: la mediana de la referencia partida por la suya.
    ///
    /// La primera es 1. Si una mediana es cero, el cociente es infinito o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Measurement, Speedup};
    /// use std::time::Duration;
    ///
    /// let [uno, dos] = [6, 4].map(|s| Measurement::from_samples("suma", [Duration::from_secs(s)]));
    /// assert_eq!(Speedup::from_measurements([(1, uno), (2, dos)]).ratios(), [1.0, 1.5]);
    /// ```
    pub fn ratios(&self) -> Vec<f64> {
        self.comparison.ratios()
    }

    /// La parte del trabajo que no se reparte, de 0 a 1, según la ley de Amdahl.
    ///
    /// Es la que mejor explica, por mínimos cuadrados sobre los tiempos, las medidas con tantos hilos como núcleos o
    /// menos: con más hilos que núcleos no se gana, y no por culpa del trabajo. `None` si no queda ninguna con que
    /// estimarla (un solo número de hilos, un solo núcleo).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Measurement, Speedup};
    /// use std::time::Duration;
    ///
    /// // De diez segundos, dos son en serie: con cuatro núcleos, 2 + 8/4.
    /// let [uno, cuatro] = [10, 4].map(|s| Measurement::from_samples("suma", [Duration::from_secs(s)]).with_cores(4));
    /// let escala = Speedup::from_measurements([(1, uno), (4, cuatro)]);
    /// assert!((escala.serial_fraction().unwrap() - 0.2).abs() < 1e-9);
    /// ```
    pub fn serial_fraction(&self) -> Option<f64> {
        self.amdahl().map(|law| law.serial)
    }

    /// La enseña en la celda: la tabla y, por si no se puede, el texto. La llama el núcleo.
    pub fn evcxr_display(&self) {
        self.comparison.evcxr_display();
    }

    pub(crate) fn amdahl(&self) -> Option<Amdahl> {
        let cores = self.cores();
        let points = self.threads.iter().copied().zip(self.ratios());
        Amdahl::fit(
            self.threads[0],
            points.filter(|(threads, _)| *threads <= cores),
        )
    }

    /// Los núcleos de la máquina en que se midió la referencia.
    pub(crate) fn cores(&self) -> usize {
        self.measurements()[0].cores()
    }
}

/// La tabla, en texto alineado.
impl fmt::Display for Speedup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.comparison.fmt(f)
    }
}

/// Una línea con lo esencial.
impl fmt::Debug for Speedup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each: Vec<String> = self
            .threads
            .iter()
            .zip(self.ratios())
            .map(|(threads, ratio)| format!("{}: {}", threads_name(*threads), times(ratio, 1)))
            .collect();
        write!(f, "Speedup({})", each.join("; "))
    }
}

/// «1 hilo», «4 hilos».
pub(crate) fn threads_name(threads: usize) -> String {
    let plural = if threads == 1 { "hilo" } else { "hilos" };
    format!("{} {plural}", decimal(threads as f64, 0))
}

/// «1,9×»; de lo que no es un número, «—».
pub(crate) fn times(ratio: f64, decimals: usize) -> String {
    if ratio.is_finite() {
        format!("{}×", decimal(ratio, decimals))
    } else {
        "—".to_owned()
    }
}

fn checked<T>(points: Vec<(usize, T)>) -> Vec<(usize, T)> {
    assert!(
        !points.is_empty(),
        "no hay nada que comparar: hace falta al menos un número de hilos"
    );
    let mut seen: Vec<usize> = points.iter().map(|(threads, _)| *threads).collect();
    seen.sort_unstable();
    assert!(seen[0] > 0, "con 0 hilos no se hace nada: empieza por 1");
    if let Some(pair) = seen.windows(2).find(|pair| pair[0] == pair[1]) {
        panic!(
            "el número de hilos {} está repetido: mídelo una vez",
            pair[0]
        );
    }
    points
}
