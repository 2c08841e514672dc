//! `async_par`: varias llamadas distintas, cada una con su nombre, a la vez.

use std::collections::BTreeMap;
use std::fmt;

use super::{Job, PartialResults, Running};

/// Prepara varias llamadas con nombre, para hacerlas a la vez.
///
/// `jobs` son parejas de nombre y [`Job`]: una lista, un `Vec`, un `HashMap`… Todas dan el mismo tipo; cada una va a un
/// hilo o a otro proceso según se preparó. Un nombre repetido se queda con la última, como en un `dict`.
///
/// # En Python
///
/// ```python
/// futuros = {
///     "planta": get_especie_planta.future("roja"),
///     "animal": get_especie_animal.future("amarillo"),
/// }
/// with parallel.async_par(futuros, max_workers=5) as ex:
///     resultados = ex.results(timeout=4)
/// ```
///
/// # A pelo
///
/// Para calcular, [`rayon::scope`]; para esperar, [`tokio::join!`]:
///
/// ```
/// use concurrencia::{rayon, tokio};
///
/// let (mut rosa, mut leon) = (String::new(), String::new());
/// rayon::scope(|a_la_vez| {
///     a_la_vez.spawn(|_| rosa = format!("rosa: {}", "roja"));
///     a_la_vez.spawn(|_| leon = format!("leon: {}", "amarillo"));
/// });
/// assert_eq!((&*rosa, &*leon), ("rosa: roja", "leon: amarillo"));
///
/// async fn especie(nombre: &str, color: &str) -> String {
///     format!("{nombre}: {color}")
/// }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let (rosa, leon) = tokio::join!(especie("rosa", "roja"), especie("leon", "amarillo"));
/// assert_eq!((&*rosa, &*leon), ("rosa: roja", "leon: amarillo"));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::{Parallel, parallel};
///
/// fn planta(color: &str) -> String {
///     format!("rosa: {color}")
/// }
///
/// fn animal(color: &str) -> String {
///     format!("león: {color}")
/// }
///
/// let futuros = [("planta", planta.future(("roja",))), ("animal", animal.future(("amarillo",)))];
/// let ex = parallel::async_par(futuros).max_workers(5).start();
/// // Aquí se puede hacer otra cosa mientras.
/// let resultados = ex.results_timeout(60)?;
/// assert_eq!(resultados["planta"], "rosa: roja");
/// assert_eq!(resultados["animal"], "león: amarillo");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn async_par<K: Ord, T>(jobs: impl IntoIterator<Item = (K, Job<T>)>) -> AsyncPar<K, T> {
    AsyncPar {
        jobs: jobs.into_iter().collect(),
        max_workers: None,
    }
}

/// Varias llamadas con nombre, preparadas y sin empezar: las da [`async_par`].
///
/// # Examples
///
/// ```
/// use concurrencia::Parallel;
/// use concurrencia::parallel::{AsyncPar, async_par};
///
/// let llamadas: AsyncPar<&str, u32> = async_par([("uno", (|| 1).future(())), ("dos", (|| 2).future(()))]);
/// assert_eq!(llamadas.max_workers(2).results()?["dos"], 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "no empieza hasta que se llama a start() o a results()"]
pub struct AsyncPar<K, T> {
    jobs: BTreeMap<K, Job<T>>,
    max_workers: Option<usize>,
}

impl<K, T> AsyncPar<K, T> {
    /// Como mucho, `max_workers` hilos y `max_workers` procesos a la vez.
    ///
    /// Si no se dice, los de Python: en hilos, los núcleos más cuatro (32 como mucho); en procesos, los núcleos. Nunca se
    /// crean más que llamadas hay.
    ///
    /// # En Python
    ///
    /// `parallel.async_par(futuros, max_workers=5)`.
    ///
    /// # Panics
    ///
    /// Si `max_workers` es 0.
    pub fn max_workers(mut self, max_workers: usize) -> AsyncPar<K, T> {
        self.max_workers = Some(super::running::checked(max_workers));
        self
    }
}

impl<K: Ord, T: Send + 'static> AsyncPar<K, T> {
    /// Las echa a andar y vuelve enseguida.
    ///
    /// Si no se pueden crear los hilos o los procesos, el error está en los resultados.
    ///
    /// # En Python
    ///
    /// Lo hace ya `parallel.async_par(futuros)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Parallel, parallel};
    ///
    /// let ex = parallel::async_par([("kilo", i64::pow.future((10, 3)))]).start();
    /// assert_eq!(ex.results()?["kilo"], 1000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start(self) -> Running<K, T> {
        Running::start(self.jobs.into_iter().collect(), self.max_workers)
    }

    /// Las hace y espera todos los resultados. **Bloquea.** Como [`start`](AsyncPar::start) y
    /// [`results`](Running::results).
    ///
    /// # En Python
    ///
    /// `parallel.par(futuros)`.
    ///
    /// # Errors
    ///
    /// Los de [`Running::results`].
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Parallel, parallel};
    ///
    /// let potencias = [("kilo", i64::pow.future((10, 3))), ("mega", i64::pow.future((10, 6)))];
    /// assert_eq!(parallel::async_par(potencias).max_workers(2).results()?["mega"], 1_000_000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn results(self) -> Result<BTreeMap<K, T>, PartialResults<K, T>> {
        self.start().results()
    }

    /// Como [`results`](AsyncPar::results), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `parallel.par(futuros, timeout=4)`.
    ///
    /// # Errors
    ///
    /// Los de [`Running::results_timeout`].
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Parallel, parallel};
    ///
    /// let resultados = parallel::async_par([("uno", (|| 1).future(()))]).results_timeout(60)?;
    /// assert_eq!(resultados["uno"], 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn results_timeout(
        self,
        seconds: impl Into<f64>,
    ) -> Result<BTreeMap<K, T>, PartialResults<K, T>> {
        self.start().results_timeout(seconds)
    }
}

/// `AsyncPar("animal", "planta")`.
impl<K: fmt::Debug, T> fmt::Debug for AsyncPar<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tuple = f.debug_tuple("AsyncPar");
        for name in self.jobs.keys() {
            tuple.field(name);
        }
        tuple.finish()
    }
}
