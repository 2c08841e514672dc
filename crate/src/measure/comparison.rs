//! `Comparison`: varias mediciones en una tabla, cada una frente a la primera.

use std::borrow::Borrow;
use std::fmt;
use std::time::Duration;

use super::Measurement;
use super::conditions::conditions;
use super::table::Table;
use crate::MimeBundle;
use crate::text::{Unit, decimal};

/// Varias mediciones en una tabla, con lo que tarda cada una frente a la primera.
///
/// La primera es la referencia: pon la versión secuencial. «6,0 veces menos» es la mediana de la referencia partida
/// por la suya. Todas las duraciones van en la misma unidad, para compararlas de un vistazo.
///
/// # Examples
///
/// ```
/// use concurrencia::{Comparison, Measurement};
/// use std::time::Duration;
///
/// let serie = Measurement::from_samples("serie", [3000, 3002, 3005].map(Duration::from_millis));
/// let hilos = Measurement::from_samples("seis hilos", [500, 501, 503].map(Duration::from_millis));
/// let tabla = Comparison::new([&serie, &hilos]);
/// assert!(tabla.to_string().contains("6,0 veces menos"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    measurements: Vec<Measurement>,
}

impl Comparison {
    /// Compara unas mediciones con la primera de ellas.
    ///
    /// Acepta prestadas (`[&serie, &hilos]`) o cedidas (`vec![serie, hilos]`).
    ///
    /// # Panics
    ///
    /// Si no hay ninguna.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Comparison, measure};
    ///
    /// let tabla = Comparison::new((1..=3).map(|n| measure(format!("{n} vueltas"), 3, || n * n)));
    /// assert_eq!(tabla.measurements().len(), 3);
    /// ```
    pub fn new<M: Borrow<Measurement>>(measurements: impl IntoIterator<Item = M>) -> Comparison {
        let measurements: Vec<Measurement> = measurements
            .into_iter()
            .map(|m| m.borrow().clone())
            .collect();
        assert!(
            !measurements.is_empty(),
            "no hay nada que comparar: hace falta al menos una medición"
        );
        Comparison { measurements }
    }

    /// Las mediciones, en el orden en que se dieron.
    pub fn measurements(&self) -> &[Measurement] {
        &self.measurements
    }

    /// Cuántas veces menos tarda cada una que la primera: la mediana de la primera partida por la suya.
    ///
    /// La primera da 1; una que tarde más, menos de 1. Si una mediana es cero, el cociente es infinito o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Comparison, Measurement};
    /// use std::time::Duration;
    ///
    /// let [a, b] = [6, 2].map(|s| Measurement::from_samples(format!("{s} s"), [Duration::from_secs(s)]));
    /// assert_eq!(Comparison::new([a, b]).ratios(), [1.0, 3.0]);
    /// ```
    pub fn ratios(&self) -> Vec<f64> {
        let reference = self.measurements[0].median().as_secs_f64();
        self.measurements
            .iter()
            .map(|m| reference / m.median().as_secs_f64())
            .collect()
    }

    /// La enseña en la celda: la tabla y, por si no se puede, el texto. La llama el núcleo.
    pub fn evcxr_display(&self) {
        let table = self.table();
        MimeBundle::new()
            .with("text/html", table.html())
            .with("text/plain", table.text())
            .show();
    }

    fn table(&self) -> Table {
        let longest = self
            .measurements
            .iter()
            .map(|m| m.quartiles().1)
            .max()
            .unwrap_or(Duration::ZERO);
        let unit = Unit::fitting(longest);
        let mut header = Measurement::header().to_vec();
        header.push("tarda");
        let rows = self.measurements.iter().zip(self.ratios()).enumerate().map(
            |(i, (measurement, ratio))| {
                let mut row = measurement.row(unit);
                row.push(if i == 0 {
                    "(referencia)".to_owned()
                } else {
                    times(ratio)
                });
                row
            },
        );
        Table {
            caption: conditions(&self.measurements),
            header,
            rows: rows.collect(),
        }
    }
}

impl<M: Borrow<Measurement>> FromIterator<M> for Comparison {
    /// Como [`Comparison::new`], al final de una cadena: `….collect::<Comparison>()`.
    ///
    /// # Panics
    ///
    /// Si no hay ninguna medición.
    fn from_iter<I: IntoIterator<Item = M>>(measurements: I) -> Comparison {
        Comparison::new(measurements)
    }
}

impl<'a> IntoIterator for &'a Comparison {
    type Item = &'a Measurement;
    type IntoIter = std::slice::Iter<'a, Measurement>;

    fn into_iter(self) -> Self::IntoIter {
        self.measurements.iter()
    }
}

/// La tabla, en texto alineado.
impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table().text())
    }
}

/// «6,0 veces menos», «1,5 veces más» o «lo mismo».
pub(crate) fn times(ratio: f64) -> String {
    let (factor, which) = if ratio < 1.0 {
        (1.0 / ratio, "más")
    } else {
        (ratio, "menos")
    };
    if !factor.is_finite() {
        return "—".to_owned();
    }
    let decimals = if factor < 9.95 { 1 } else { 0 };
    match decimal(factor, decimals).as_str() {
        "1,0" => "lo mismo".to_owned(),
        factor => format!("{factor} veces {which}"),
    }
}
