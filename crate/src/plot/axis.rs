//! Un eje desde cero con marcas en números redondos.

use std::time::Duration;

use crate::text::{Unit, decimal};

/// El eje del tiempo: de cero a lo más largo que haya que pintar.
#[derive(Debug)]
pub(super) struct TimeAxis {
    pub(super) unit: Unit,
    longest: Duration,
}

impl TimeAxis {
    pub(super) fn up_to(longest: Duration) -> TimeAxis {
        let longest = longest.max(Duration::from_nanos(1));
        TimeAxis {
            unit: Unit::fitting(longest),
            longest,
        }
    }

    /// Qué fracción del eje (de 0 a 1) ocupa una duración.
    pub(super) fn fraction(&self, duration: Duration) -> f64 {
        duration.as_secs_f64() / self.longest.as_secs_f64()
    }

    /// Las marcas: su sitio (de 0 a 1) y su etiqueta.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let end = self.unit.value(self.longest);
        let step = round_step(end);
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        let count = (end / step + 1e-9).floor() as usize;
        (0..=count)
            .map(|i| {
                let value = i as f64 * step;
                (value / end, decimal(value, decimals))
            })
            .collect()
    }
}

/// El 1, 2 o 5 por una potencia de diez que deja entre tres y seis marcas.
fn round_step(end: f64) -> f64 {
    let rough = end / 5.0;
    let power = 10_f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|factor| factor * power >= rough)
        .unwrap_or(10.0);
    factor * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(longest: Duration) -> Vec<String> {
        TimeAxis::up_to(longest)
            .ticks()
            .into_iter()
            .map(|(_, label)| label)
            .collect()
    }

    #[test]
    fn las_marcas_son_numeros_redondos_en_la_unidad_que_toca() {
        assert_eq!(labels(Duration::from_millis(3010)), ["0", "1", "2", "3"]);
        assert_eq!(labels(Duration::from_millis(502)), ["0", "200", "400"]);
        assert_eq!(
            labels(Duration::from_micros(1000)),
            ["0,0", "0,2", "0,4", "0,6", "0,8", "1,0"]
        );
    }

    #[test]
    fn un_eje_de_duracion_cero_no_divide_por_cero() {
        let axis = TimeAxis::up_to(Duration::ZERO);
        assert_eq!(axis.fraction(Duration::ZERO), 0.0);
        assert!(axis.ticks().iter().all(|(at, _)| (0.0..=1.0).contains(at)));
    }
}
