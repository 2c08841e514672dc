//! Repartir unas muestras en cajones iguales.
//!
//! La anchura es la de Freedman y Diaconis («On the histogram as a density estimator: L₂ theory», *Zeitschrift für
//! Wahrscheinlichkeitstheorie und verwandte Gebiete*, 57, 1981): dos veces el rango intercuartílico partido por la
//! raíz cúbica del número de muestras, redondeada a 1, 2 o 5 por una potencia de diez para que los bordes se lean
//! bien, y con un mínimo y un máximo de cajones.
//!
//! Las muestras rarísimas (a más de tres rangos intercuartílicos de los cuartiles, la cerca exterior de Tukey) van a
//! un cajón abierto si dejarlas en su sitio aplastaría las demás en menos de la mitad de la figura.

use std::time::Duration;

use super::axis::{Axis, decimals, round_step};
use crate::measure::Measurement;
use crate::text::{Unit, decimal};

const FEWEST: f64 = 5.0;
const MOST: f64 = 40.0;

/// Los cajones: cuántas muestras hay en cada uno, y en los abiertos de los lados.
#[derive(Debug)]
pub(super) struct Bins {
    pub(super) unit: Unit,
    pub(super) counts: Vec<usize>,
    /// Las muestras más cortas que el primer cajón.
    pub(super) below: usize,
    /// Las muestras más largas que el último cajón.
    pub(super) above: usize,
    /// En qué múltiplo de `width` empieza el primero.
    first: f64,
    width: f64,
}

impl Bins {
    pub(super) fn of(measurement: &Measurement) -> Bins {
        let kept = kept(measurement);
        let (low, high) = (kept[0], kept[kept.len() - 1]);
        let unit = Unit::fitting(high.max(Duration::from_nanos(1)));
        let width = width(measurement, unit.value(high) - unit.value(low), unit);
        // La holgura perdona el redondeo de las divisiones.
        let bin = |sample: Duration| (unit.value(sample) / width + 1e-9).floor();

        let first = bin(low);
        let mut bins = Bins {
            unit,
            counts: vec![0; (bin(high) - first) as usize + 1],
            below: 0,
            above: 0,
            first,
            width,
        };
        for sample in measurement.sorted() {
            let index = bin(*sample) - first;
            if index < 0.0 {
                bins.below += 1;
            } else {
                match bins.counts.get_mut(index as usize) {
                    Some(count) => *count += 1,
                    None => bins.above += 1,
                }
            }
        }
        bins
    }

    /// Dónde empieza el cajón número `i` (y acaba el anterior), en la unidad.
    pub(super) fn edge(&self, i: usize) -> f64 {
        (self.first + i as f64) * self.width
    }

    /// El eje de los cajones cerrados; si son muy pocos, con aire a los lados.
    pub(super) fn axis(&self) -> Axis {
        let air = if self.counts.len() < 3 {
            self.width
        } else {
            0.0
        };
        let end = self.edge(self.counts.len());
        Axis::between((self.edge(0) - air).max(0.0), end + air)
    }

    /// «501–502 ms».
    pub(super) fn range(&self, i: usize) -> String {
        let (from, to) = (self.number(self.edge(i)), self.edge(i + 1));
        format!("{from}–{}", self.write(to))
    }

    /// «menos de 501 ms».
    pub(super) fn below_label(&self) -> String {
        format!("menos de {}", self.write(self.edge(0)))
    }

    /// «505 ms o más».
    pub(super) fn above_label(&self) -> String {
        format!("{} o más", self.write(self.edge(self.counts.len())))
    }

    /// «0,5 ms».
    pub(super) fn width_label(&self) -> String {
        self.write(self.width)
    }

    /// «501,25 ms»: con los decimales de los bordes, y al menos tres cifras.
    pub(super) fn precise(&self, duration: Duration) -> String {
        let value = self.unit.value(duration);
        let three_figures = if value > 0.0 {
            (2.0 - value.log10().floor()).max(0.0) as usize
        } else {
            0
        };
        let decimals = decimals(self.width).max(three_figures);
        format!("{}\u{a0}{}", decimal(value, decimals), self.unit.symbol())
    }

    fn number(&self, value: f64) -> String {
        decimal(value, decimals(self.width))
    }

    fn write(&self, value: f64) -> String {
        format!("{}\u{a0}{}", self.number(value), self.unit.symbol())
    }
}

/// Las muestras que van a cajones cerrados, ordenadas.
fn kept(measurement: &Measurement) -> &[Duration] {
    let sorted = measurement.sorted();
    let (first, third) = measurement.quartiles();
    let fence = (third - first).saturating_mul(3);
    let from = sorted.partition_point(|s| *s < first.saturating_sub(fence));
    let to = sorted.partition_point(|s| *s <= third.saturating_add(fence));
    let kept = &sorted[from..to];
    let span = |samples: &[Duration]| samples[samples.len() - 1] - samples[0];
    if span(sorted) > span(kept).saturating_mul(2) {
        kept
    } else {
        sorted
    }
}

/// La anchura de los cajones, en la unidad, para unas muestras que ocupan `range`.
fn width(measurement: &Measurement, range: f64, unit: Unit) -> f64 {
    if range <= 0.0 {
        let value = unit.value(measurement.median());
        return round_step(if value > 0.0 { value / 100.0 } else { 1.0 });
    }
    let n = measurement.n() as f64;
    let wanted = 2.0 * unit.value(measurement.spread()) / n.cbrt();
    let bins = if wanted > 0.0 {
        range / wanted
    } else {
        // Sin dispersión entre los cuartiles, la regla de Sturges.
        n.log2() + 1.0
    };
    round_step(range / bins.ceil().clamp(FEWEST, MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bins(millis: &[u64]) -> Bins {
        let samples = millis.iter().copied().map(Duration::from_millis);
        Bins::of(&Measurement::from_samples("m", samples))
    }

    #[test]
    fn cada_muestra_cae_en_un_cajon_y_solo_en_uno() {
        let many: Vec<u64> = (0..1000).map(|i| 500 + i * i % 97).collect();
        for millis in [&[7][..], &[5, 5, 5], &[1, 2, 3, 4, 5, 1000], &many] {
            let bins = bins(millis);
            let total = bins.counts.iter().sum::<usize>() + bins.below + bins.above;
            assert_eq!(total, millis.len(), "{bins:?}");
            assert!(bins.counts.len() <= MOST as usize + 1);
        }
    }

    #[test]
    fn los_bordes_son_numeros_redondos() {
        let bins = bins(&[501, 502, 503, 504, 505, 507, 509]);
        assert_eq!(bins.range(0), "500–502\u{a0}ms");
        assert_eq!(bins.counts, [1, 2, 2, 1, 1]);
    }

    #[test]
    fn lo_rarisimo_va_a_un_cajon_abierto_y_no_aplasta_lo_demas() {
        let arriba = bins(&[501, 502, 503, 504, 505, 90_000]);
        assert_eq!((arriba.below, arriba.above), (0, 1));
        assert_eq!(arriba.above_label(), "506\u{a0}ms o más");
        let abajo = bins(&[1, 501, 502, 503, 504, 505]);
        assert_eq!((abajo.below, abajo.above), (1, 0));
        assert_eq!(abajo.below_label(), "menos de 501\u{a0}ms");
    }

    #[test]
    fn lo_que_se_aleja_un_poco_se_queda_en_su_sitio() {
        let bins = bins(&[10, 11, 12, 13, 14, 15, 19]);
        assert_eq!((bins.below, bins.above), (0, 0));
    }

    #[test]
    fn muestras_iguales_o_nulas_tienen_su_cajon() {
        assert_eq!(bins(&[5, 5, 5]).counts, [3]);
        assert_eq!(bins(&[0]).counts, [1]);
        let casi = bins(&[5, 5, 5, 5, 5, 5, 5, 5, 900]);
        assert_eq!((casi.counts, casi.above), (vec![8], 1));
    }
}
