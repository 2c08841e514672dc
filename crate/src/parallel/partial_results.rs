//! `PartialResults`: lo que llegó y lo que no.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use crate::futures::FutureError;

/// El error de lo que no salió entero: qué falló y por qué, y lo que sí llegó.
///
/// `K` es el nombre de cada llamada, o su número si son las entradas de un [`par_map`](super::Parallel::par_map) (desde
/// el 0). Las que no acabaron a tiempo dan un error [`is_timeout`](FutureError::is_timeout), y las que ni empezaron,
/// [`is_cancelled`](FutureError::is_cancelled).
///
/// # En Python
///
/// Lo que devuelve `f.map(items, silent=True)`, con sus `.succeeded`, `.failed` y `.replace_failed(…)`. Sin
/// `silent=True`, la primera excepción se lleva por delante los demás resultados.
///
/// # Examples
///
/// ```
/// use concurrencia::Parallel;
///
/// let parcial = (|x: i64| 12 / x).par_map([3, 0, 4]).run().unwrap_err();
/// assert_eq!(parcial.to_string(), "llegaron 2 de 3, que están en succeeded(); faltan: 1 (pánico: attempt to divide by zero)");
/// let mitades: Vec<i64> = parcial.replace_failed(-1).into_values().collect();
/// assert_eq!(mitades, [4, -1, 3]);
/// ```
pub struct PartialResults<K, T> {
    succeeded: BTreeMap<K, T>,
    failed: BTreeMap<K, FutureError>,
}

impl<K: Ord, T> PartialResults<K, T> {
    /// Todos los resultados, si no falló ninguno.
    pub(super) fn all(
        outcomes: Vec<(K, Result<T, FutureError>)>,
    ) -> Result<Vec<(K, T)>, PartialResults<K, T>> {
        if outcomes.iter().all(|(_, outcome)| outcome.is_ok()) {
            let value = |(key, outcome): (K, Result<T, FutureError>)| Some((key, outcome.ok()?));
            return Ok(outcomes.into_iter().filter_map(value).collect());
        }
        let mut partial = PartialResults {
            succeeded: BTreeMap::new(),
            failed: BTreeMap::new(),
        };
        for (key, outcome) in outcomes {
            match outcome {
                Ok(result) => drop(partial.succeeded.insert(key, result)),
                Err(error) => drop(partial.failed.insert(key, error)),
            }
        }
        Err(partial)
    }

    /// Lo que llegó, con un `value` en cada hueco.
    ///
    /// # En Python
    ///
    /// `resultados.replace_failed(value)`.
    pub fn replace_failed(self, value: T) -> BTreeMap<K, T>
    where
        T: Clone,
    {
        let mut results = self.succeeded;
        let holes = self.failed.into_keys();
        results.extend(holes.map(|key| (key, value.clone())));
        results
    }
}

impl<K, T> PartialResults<K, T> {
    /// Los resultados que sí llegaron.
    ///
    /// # En Python
    ///
    /// `resultados.succeeded`.
    pub fn succeeded(&self) -> &BTreeMap<K, T> {
        &self.succeeded
    }

    /// Los resultados que sí llegaron, sin copiarlos.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Parallel;
    ///
    /// let parcial = (|x: i64| 12 / x).par_map([3, 0, 4]).run().unwrap_err();
    /// assert_eq!(parcial.into_succeeded().into_values().sum::<i64>(), 7);
    /// ```
    pub fn into_succeeded(self) -> BTreeMap<K, T> {
        self.succeeded
    }

    /// Por qué no llegó cada uno de los demás.
    ///
    /// # En Python
    ///
    /// `resultados.failed`.
    pub fn failed(&self) -> &BTreeMap<K, FutureError> {
        &self.failed
    }

    /// ¿Faltó alguno porque se acabó el plazo?
    pub fn is_timeout(&self) -> bool {
        let late = |error: &FutureError| error.is_timeout() || error.is_cancelled();
        self.failed.values().any(late)
    }
}

/// Cuántos de los que faltan se enseñan en el mensaje.
const SHOWN: usize = 10;

impl<K: fmt::Debug, T> fmt::Display for PartialResults<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (arrived, missing) = (self.succeeded.len(), self.failed.len());
        let total = arrived + missing;
        match arrived {
            0 => write!(f, "no llegó ninguno de los {total}: ")?,
            1 => write!(f, "llegó 1 de {total}, que está en succeeded(); faltan: ")?,
            _ => write!(
                f,
                "llegaron {arrived} de {total}, que están en succeeded(); faltan: "
            )?,
        }
        for (index, (key, error)) in self.failed.iter().take(SHOWN).enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{key:?} ({})", Why(error))?;
        }
        if missing > SHOWN {
            write!(f, " y otros {}, en failed()", missing - SHOWN)?;
        }
        Ok(())
    }
}

/// Por qué falta uno, en pocas palabras.
struct Why<'a>(&'a FutureError);

impl fmt::Display for Why<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.panic_message() {
            Some(message) => write!(f, "pánico: {message}"),
            None if self.0.is_timeout() => f.write_str("se acabó el plazo sin que acabara"),
            None if self.0.is_cancelled() => f.write_str("se acabó el plazo sin que empezara"),
            None => write!(f, "{}", self.0),
        }
    }
}

/// `PartialResults(llegaron 2 de 3…)`, con lo mismo que dice el mensaje.
impl<K: fmt::Debug, T> fmt::Debug for PartialResults<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PartialResults({self})")
    }
}

impl<K: fmt::Debug, T> Error for PartialResults<K, T> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let first = self.failed.values().next()?;
        Some(first)
    }
}
