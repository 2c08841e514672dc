//! Duraciones en la unidad que mejor se lee.

use std::time::Duration;

use super::significant;

/// La unidad en que se escribe una duración.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Millis,
    Micros,
    Nanos,
}

impl Unit {
    /// La mayor unidad en que `longest` llega a 1.
    pub(crate) fn fitting(longest: Duration) -> Unit {
        match longest.as_nanos() {
            0 | 1_000_000_000.. => Unit::Seconds,
            1_000_000.. => Unit::Millis,
            1_000.. => Unit::Micros,
            _ => Unit::Nanos,
        }
    }

    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Unit::Seconds => "s",
            Unit::Millis => "ms",
            Unit::Micros => "µs",
            Unit::Nanos => "ns",
        }
    }

    /// La duración como número en esta unidad.
    pub(crate) fn value(self, duration: Duration) -> f64 {
        let nanos = match self {
            Unit::Seconds => 1e9,
            Unit::Millis => 1e6,
            Unit::Micros => 1e3,
            Unit::Nanos => 1.0,
        };
        duration.as_nanos() as f64 / nanos
    }

    /// «502 ms»; si en esta unidad se quedaría en menos de una centésima, en la suya.
    pub(crate) fn write(self, duration: Duration) -> String {
        let unit = self.or_smaller(duration);
        format!(
            "{}\u{a0}{}",
            significant(unit.value(duration)),
            unit.symbol()
        )
    }

    /// «501–504 ms».
    pub(crate) fn write_range(self, low: Duration, high: Duration) -> String {
        let (low_unit, high_unit) = (self.or_smaller(low), self.or_smaller(high));
        if low_unit == high_unit {
            format!("{}–{}", significant(low_unit.value(low)), self.write(high))
        } else {
            format!("{}–{}", self.write(low), self.write(high))
        }
    }

    fn or_smaller(self, duration: Duration) -> Unit {
        if !duration.is_zero() && self.value(duration) < 0.01 {
            Unit::fitting(duration)
        } else {
            self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cada_orden_de_magnitud_tiene_su_unidad() {
        assert_eq!(Unit::fitting(Duration::from_secs(3)), Unit::Seconds);
        assert_eq!(Unit::fitting(Duration::from_millis(999)), Unit::Millis);
        assert_eq!(Unit::fitting(Duration::from_micros(1)), Unit::Micros);
        assert_eq!(Unit::fitting(Duration::from_nanos(7)), Unit::Nanos);
        assert_eq!(Unit::fitting(Duration::ZERO), Unit::Seconds);
    }

    #[test]
    fn lo_diminuto_al_lado_de_lo_grande_conserva_su_unidad() {
        assert_eq!(
            Unit::Seconds.write(Duration::from_millis(502)),
            "0,502\u{a0}s"
        );
        assert_eq!(
            Unit::Seconds.write(Duration::from_micros(45)),
            "45,0\u{a0}µs"
        );
        assert_eq!(Unit::Seconds.write(Duration::ZERO), "0\u{a0}s");
    }

    #[test]
    fn un_intervalo_dice_la_unidad_una_vez_si_es_la_misma() {
        let ms = Duration::from_millis;
        assert_eq!(
            Unit::Millis.write_range(ms(501), ms(504)),
            "501–504\u{a0}ms"
        );
        assert_eq!(
            Unit::Seconds.write_range(ms(1), ms(2000)),
            "1,00\u{a0}ms–2,00\u{a0}s"
        );
    }
}
