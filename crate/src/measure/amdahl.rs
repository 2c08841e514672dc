//! La ley de Amdahl y la fracción en serie que mejor la acerca a lo medido.
//!
//! Gene M. Amdahl, «Validity of the single processor approach to achieving large scale computing capabilities»,
//! *AFIPS Spring Joint Computer Conference*, 1967: si una fracción `s` del trabajo no se puede repartir, con `n`
//! núcleos se tarda `s + (1 − s)/n` de lo que se tardaba con uno.

/// La ley, con su fracción en serie y el número de hilos que hace de referencia.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Amdahl {
    /// De 0 (todo se reparte) a 1 (nada se reparte).
    pub(crate) serial: f64,
    reference: f64,
}

impl Amdahl {
    /// La fracción que mejor explica unas parejas (hilos, aceleración respecto a `reference` hilos).
    ///
    /// Son mínimos cuadrados sobre los tiempos. Si `t` es lo que se tarda partido por lo que tarda la referencia
    /// (`r` hilos), la ley dice `t·(s + (1 − s)/r) = s + (1 − s)/n`, que es una recta en `s`: `s·a = b`. `None` si
    /// ninguna pareja dice nada de `s`.
    pub(crate) fn fit(
        reference: usize,
        points: impl IntoIterator<Item = (usize, f64)>,
    ) -> Option<Amdahl> {
        let reference = reference as f64;
        let (mut ab, mut aa) = (0.0, 0.0);
        for (threads, ratio) in points {
            let (n, t) = (threads as f64, 1.0 / ratio);
            let a = t * (1.0 - 1.0 / reference) - (1.0 - 1.0 / n);
            let b = 1.0 / n - t / reference;
            ab += a * b;
            aa += a * a;
        }
        let serial = ab / aa;
        serial.is_finite().then(|| Amdahl {
            serial: serial.clamp(0.0, 1.0),
            reference,
        })
    }

    /// La aceleración que predice para `n` hilos.
    pub(crate) fn at(self, n: f64) -> f64 {
        self.time(self.reference) / self.time(n)
    }

    /// La aceleración a la que se acerca sin llegar, por muchos núcleos que haya.
    pub(crate) fn limit(self) -> f64 {
        self.time(self.reference) / self.serial
    }

    fn time(self, n: f64) -> f64 {
        self.serial + (1.0 - self.serial) / n
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law(serial: f64, reference: f64) -> Amdahl {
        Amdahl { serial, reference }
    }

    #[test]
    fn recupera_la_fraccion_con_que_se_hicieron_los_datos() {
        for serial in [0.0, 0.05, 0.12, 0.5, 1.0] {
            for reference in [1, 2] {
                let exact = law(serial, reference as f64);
                let points = [2, 3, 4, 8, 64].map(|n| (n, exact.at(n as f64)));
                let fitted = Amdahl::fit(reference, points).unwrap();
                assert!((fitted.serial - serial).abs() < 1e-9, "{fitted:?}");
            }
        }
    }

    #[test]
    fn el_tope_es_el_inverso_de_la_fraccion() {
        assert_eq!(law(0.25, 1.0).limit(), 4.0);
        assert_eq!(law(0.0, 1.0).limit(), f64::INFINITY);
    }

    #[test]
    fn lo_que_la_ley_no_explica_se_queda_en_los_extremos() {
        assert_eq!(Amdahl::fit(1, [(2, 2.5)]), Some(law(0.0, 1.0)));
        assert_eq!(Amdahl::fit(1, [(2, 0.5)]), Some(law(1.0, 1.0)));
        assert_eq!(Amdahl::fit(1, [(1, 1.0)]), None);
        assert_eq!(Amdahl::fit(1, [(2, f64::NAN)]), None);
    }

    #[test]
    fn el_ajuste_minimiza_el_error() {
        let points = [(2, 1.7), (4, 2.9), (8, 3.6)];
        let error = |serial: f64| -> f64 {
            let times = points.map(|(n, ratio)| law(serial, 1.0).time(n as f64) - 1.0 / ratio);
            times.iter().map(|e| e * e).sum()
        };
        let best = Amdahl::fit(1, points).unwrap().serial;
        assert!(error(best) < error(best + 0.001) && error(best) < error(best - 0.001));
    }
}
