//! `Measurement`: las muestras de algo que se ha medido, y su resumen.

use std::fmt;
use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use super::conditions::conditions;
use super::quantile::quantile;
use super::table::Table;
use crate::MimeBundle;
use crate::text::{Unit, one_line};

/// Lo que ha tardado algo cada vez que se ejecutó, con su nombre y los núcleos de la máquina.
///
/// La da [`measure()`](crate::measure()); [`from_samples`](Measurement::from_samples) la construye con muestras ya
/// tomadas. En una celda se enseña como tabla; con `{}`, como texto.
///
/// # Examples
///
/// ```
/// use concurrencia::Measurement;
/// use std::time::Duration;
///
/// let hilos = Measurement::from_samples("hilos", [501, 502, 507].map(Duration::from_millis)).with_cores(2);
/// assert_eq!(hilos.median(), Duration::from_millis(502));
/// assert_eq!(
///     format!("{hilos:?}"),
///     "Measurement(hilos: mediana 502\u{a0}ms, cuartiles 502–504\u{a0}ms, 3 ejecuciones, 2 núcleos)",
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Measurement {
    name: String,
    samples: Vec<Duration>,
    sorted: Vec<Duration>,
    cores: usize,
}

impl Measurement {
    /// Una medición hecha con muestras ya tomadas.
    ///
    /// Los núcleos son los de esta máquina; [`with_cores`](Measurement::with_cores) pone los de otra.
    ///
    /// # Panics
    ///
    /// Si no hay ninguna muestra.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Measurement;
    /// use std::time::Duration;
    ///
    /// let serie = Measurement::from_samples("serie", [Duration::from_secs(3)]);
    /// assert_eq!(serie.n(), 1);
    /// ```
    pub fn from_samples(
        name: impl Into<String>,
        samples: impl IntoIterator<Item = Duration>,
    ) -> Measurement {
        Measurement::of(name.into(), samples.into_iter().collect())
    }

    fn of(name: String, samples: Vec<Duration>) -> Measurement {
        assert!(
            !samples.is_empty(),
            "una medición necesita al menos una muestra"
        );
        let mut sorted = samples.clone();
        sorted.sort_unstable();
        let cores = available_parallelism().map_or(1, NonZeroUsize::get);
        Measurement {
            name,
            samples,
            sorted,
            cores,
        }
    }

    /// La misma medición, hecha en una máquina con esos núcleos.
    ///
    /// Para figuras que salgan iguales en cualquier máquina.
    #[must_use = "with_cores devuelve la medición con sus núcleos"]
    pub fn with_cores(mut self, cores: usize) -> Measurement {
        self.cores = cores;
        self
    }

    /// El nombre de lo medido.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Lo que tardó cada ejecución, en el orden en que se hicieron.
    pub fn samples(&self) -> &[Duration] {
        &self.samples
    }

    /// Cuántas ejecuciones se midieron (sin el calentamiento).
    pub fn n(&self) -> usize {
        self.samples.len()
    }

    /// Los núcleos que el programa podía usar al medir, según [`available_parallelism`].
    pub fn cores(&self) -> usize {
        self.cores
    }

    /// La ejecución más corta.
    pub fn min(&self) -> Duration {
        self.sorted[0]
    }

    /// La mediana: la mitad de las ejecuciones tardó menos y la otra mitad, más.
    pub fn median(&self) -> Duration {
        quantile(&self.sorted, 0.5)
    }

    /// El primer y el tercer cuartil: entre ellos cae la mitad central de las ejecuciones.
    ///
    /// Se calculan por interpolación lineal (el método 7 de Hyndman y Fan, 1996; el de NumPy y R por omisión).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Measurement;
    /// use std::time::Duration;
    ///
    /// let ms = Duration::from_millis;
    /// let tarea = Measurement::from_samples("tarea", [1, 2, 3, 4, 5].map(ms));
    /// assert_eq!(tarea.quartiles(), (ms(2), ms(4)));
    /// assert_eq!(tarea.spread(), ms(2));
    /// ```
    pub fn quartiles(&self) -> (Duration, Duration) {
        (quantile(&self.sorted, 0.25), quantile(&self.sorted, 0.75))
    }

    /// La dispersión: lo que va del primer cuartil al tercero (rango intercuartílico).
    pub fn spread(&self) -> Duration {
        let (first, third) = self.quartiles();
        third - first
    }

    /// La enseña en la celda: la tabla y, por si no se puede, el texto. La llama el núcleo.
    pub fn evcxr_display(&self) {
        let table = self.table();
        MimeBundle::new()
            .with("text/html", table.html())
            .with("text/plain", table.text())
            .show();
    }

    pub(crate) fn sorted(&self) -> &[Duration] {
        &self.sorted
    }

    fn table(&self) -> Table {
        let unit = Unit::fitting(self.quartiles().1);
        Table {
            caption: conditions(std::slice::from_ref(self)),
            header: Measurement::header().to_vec(),
            rows: vec![self.row(unit)],
        }
    }

    pub(crate) fn header() -> [&'static str; 5] {
        ["medición", "mediana", "cuartiles", "dispersión", "mínimo"]
    }

    pub(crate) fn row(&self, unit: Unit) -> Vec<String> {
        let (first, third) = self.quartiles();
        vec![
            one_line(&self.name),
            unit.write(self.median()),
            unit.write_range(first, third),
            unit.write(self.spread()),
            unit.write(self.min()),
        ]
    }
}

/// La tabla, en texto alineado.
impl fmt::Display for Measurement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table().text())
    }
}

/// Una línea con lo esencial.
impl fmt::Debug for Measurement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, third) = self.quartiles();
        let unit = Unit::fitting(third);
        write!(
            f,
            "Measurement({}: mediana {}, cuartiles {}, {}, {})",
            one_line(&self.name),
            unit.write(self.median()),
            unit.write_range(first, third),
            super::runs(std::slice::from_ref(self)),
            super::cores(std::slice::from_ref(self)),
        )
    }
}
