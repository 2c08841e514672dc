//! Un eje con marcas en números redondos.

use std::time::Duration;

use crate::text::{Unit, decimal};

/// Un eje recto de un número a otro.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    from: f64,
    to: f64,
    /// Entre marca y marca: 1, 2 o 5 por una potencia de diez.
    step: f64,
}

/// Una marca: su sitio (de 0 a 1) y su rótulo.
pub(super) type Tick = (f64, String);

impl Axis {
    /// De `from` a `to`, que es mayor.
    pub(super) fn between(from: f64, to: f64) -> Axis {
        Axis {
            from,
            to,
            step: round_step((to - from) / 5.0),
        }
    }

    /// Como [`between`](Axis::between), solo con marcas en números enteros.
    pub(super) fn of_integers(from: f64, to: f64) -> Axis {
        let axis = Axis::between(from, to);
        Axis {
            step: axis.step.max(1.0),
            ..axis
        }
    }

    /// Qué fracción del eje (de 0 a 1) hay hasta un número.
    pub(super) fn fraction(&self, value: f64) -> f64 {
        (value - self.from) / (self.to - self.from)
    }

    /// Las marcas que caen dentro, entre tres y seis.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let decimals = decimals(self.step);
        // La holgura, en pasos, perdona el redondeo de la división.
        let first = (self.from / self.step - 1e-6).ceil() as i64;
        let last = (self.to / self.step + 1e-6).floor() as i64;
        (first..=last)
            .map(|i| {
                let value = i as f64 * self.step;
                let at = self.fraction(value).clamp(0.0, 1.0);
                (at, decimal(value.max(0.0), decimals))
            })
            .collect()
    }
}

/// El eje del tiempo, en la unidad que mejor se lee.
#[derive(Clone, Debug)]
pub(super) struct TimeAxis {
    pub(super) unit: Unit,
    axis: Axis,
}

impl TimeAxis {
    /// De cero a lo más largo que haya que pintar.
    pub(super) fn up_to(longest: Duration) -> TimeAxis {
        TimeAxis::between(Duration::ZERO, longest)
    }

    /// De una duración a otra; si son la misma, un nanosegundo más.
    pub(super) fn between(shortest: Duration, longest: Duration) -> TimeAxis {
        let longest = longest.max(shortest + Duration::from_nanos(1));
        let unit = Unit::fitting(longest);
        TimeAxis {
            unit,
            axis: Axis::between(unit.value(shortest), unit.value(longest)),
        }
    }

    /// Qué fracción del eje (de 0 a 1) hay hasta una duración.
    pub(super) fn fraction(&self, duration: Duration) -> f64 {
        self.axis.fraction(self.unit.value(duration))
    }

    /// Las marcas que caen dentro, entre tres y seis.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        self.axis.ticks()
    }

    /// «tiempo (ms)».
    pub(super) fn title(&self) -> String {
        format!("tiempo ({})", self.unit.symbol())
    }
}

/// El menor 1, 2 o 5 por una potencia de diez que no baja de `rough`.
pub(super) fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|factor| factor * power >= rough * (1.0 - 1e-9))
        .unwrap_or(10.0);
    factor * power
}

/// Los decimales que hacen falta para escribir los múltiplos de un paso redondo.
pub(super) fn decimals(step: f64) -> usize {
    (-(step.log10() + 1e-9).floor()).max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: Vec<Tick>) -> Vec<String> {
        ticks.into_iter().map(|(_, label)| label).collect()
    }

    fn up_to(longest: Duration) -> Vec<String> {
        labels(TimeAxis::up_to(longest).ticks())
    }

    #[test]
    fn las_marcas_son_numeros_redondos_en_la_unidad_que_toca() {
        assert_eq!(up_to(Duration::from_millis(3010)), ["0", "1", "2", "3"]);
        assert_eq!(up_to(Duration::from_millis(502)), ["0", "200", "400"]);
        assert_eq!(
            up_to(Duration::from_micros(1000)),
            ["0,0", "0,2", "0,4", "0,6", "0,8", "1,0"]
        );
    }

    #[test]
    fn un_eje_que_no_empieza_en_cero_tiene_marcas_dentro() {
        let (from, to) = (
            Duration::from_micros(501_300),
            Duration::from_micros(501_820),
        );
        let ticks = TimeAxis::between(from, to).ticks();
        assert!(ticks.iter().all(|(at, _)| (0.0..=1.0).contains(at)));
        assert_eq!(labels(ticks), ["501,4", "501,6", "501,8"]);
    }

    #[test]
    fn un_eje_de_duracion_cero_no_divide_por_cero() {
        let axis = TimeAxis::up_to(Duration::ZERO);
        assert_eq!(axis.fraction(Duration::ZERO), 0.0);
        assert!(axis.ticks().iter().all(|(at, _)| (0.0..=1.0).contains(at)));
    }

    #[test]
    fn un_eje_de_cuentas_no_tiene_medias_ejecuciones() {
        assert_eq!(labels(Axis::of_integers(0.0, 2.0).ticks()), ["0", "1", "2"]);
        let hundreds = labels(Axis::of_integers(0.0, 412.0).ticks());
        assert_eq!(hundreds, ["0", "100", "200", "300", "400"]);
    }
}
