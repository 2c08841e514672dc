//! [`Report`]: lo que salió de un trabajo con muchas piezas, bien o mal, una a una.

use concurrencia::MimeBundle;
use std::error::Error;
use std::fmt;

/// Los resultados de un trabajo con muchas piezas, cada uno con el nombre de la suya: cuántos fueron bien y por qué
/// fallaron los demás.
///
/// Recoge pares de nombre y `Result`, en el orden en que se dan. Como texto es la cuenta y una línea por error; en una
/// celda se ve igual.
///
/// # En Python
///
/// `gather(…, return_exceptions=True)` o `Executor.map` sin consumir dejan los fallos donde nadie los mira. Aquí no se
/// pierde ninguno: se ven con solo escribir la variable.
///
/// # Examples
///
/// ```
/// use workloads::Report;
///
/// let leidos: Report<i32, _> = ["1", "dos", "3"].into_iter().map(|texto| (texto, texto.parse())).collect();
/// assert_eq!(leidos.values().sum::<i32>(), 4);
/// assert_eq!((leidos.succeeded(), leidos.failed()), (2, 1));
/// assert_eq!(leidos.to_string(), "2 bien, 1 mal\n  dos: invalid digit found in string");
/// assert_eq!(leidos.into_result().unwrap_err().to_string(), "1 de 3 ha fallado: dos: invalid digit found in string");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Report<T, E> {
    entries: Vec<(String, Result<T, E>)>,
}

impl<T, E> Report<T, E> {
    /// Cuántos fueron bien.
    pub fn succeeded(&self) -> usize {
        self.values().count()
    }

    /// Cuántos fallaron.
    pub fn failed(&self) -> usize {
        self.errors().count()
    }

    /// Si no falló ninguno.
    pub fn is_ok(&self) -> bool {
        self.failed() == 0
    }

    /// Los valores de los que fueron bien, en orden.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().filter_map(|(_, r)| r.as_ref().ok())
    }

    /// El nombre y el error de los que fallaron, en orden.
    pub fn errors(&self) -> impl Iterator<Item = (&str, &E)> {
        self.entries
            .iter()
            .filter_map(|(name, r)| Some((name.as_str(), r.as_ref().err()?)))
    }

    /// Cada nombre con su resultado, en orden.
    pub fn entries(&self) -> &[(String, Result<T, E>)] {
        &self.entries
    }

    /// Los valores, si todos fueron bien.
    ///
    /// # Errors
    ///
    /// El primer error, con su nombre y con cuántos fallaron.
    pub fn into_result(self) -> Result<Vec<T>, FirstError<E>> {
        let (failed, total) = (self.failed(), self.entries.len());
        self.entries
            .into_iter()
            .map(|(name, result)| {
                result.map_err(|error| FirstError {
                    name,
                    error,
                    failed,
                    total,
                })
            })
            .collect()
    }
}

impl<N: Into<String>, T, E> FromIterator<(N, Result<T, E>)> for Report<T, E> {
    fn from_iter<I: IntoIterator<Item = (N, Result<T, E>)>>(pairs: I) -> Self {
        let entries = pairs.into_iter().map(|(n, r)| (n.into(), r)).collect();
        Report { entries }
    }
}

impl<T, E> IntoIterator for Report<T, E> {
    type Item = (String, Result<T, E>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<T, E: fmt::Display> fmt::Display for Report<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bien, {} mal", self.succeeded(), self.failed())?;
        for (name, error) in self.errors() {
            write!(f, "\n  {name}: {error}")?;
        }
        Ok(())
    }
}

impl<T, E: fmt::Display> Report<T, E> {
    /// La enseña al acabar la celda (lo llama el núcleo): la cuenta y una línea por error.
    pub fn evcxr_display(&self) {
        MimeBundle::new()
            .with("text/plain", self.to_string())
            .show();
    }
}

/// El primero de los errores de un [`Report`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstError<E> {
    name: String,
    error: E,
    failed: usize,
    total: usize,
}

impl<E: fmt::Display> fmt::Display for FirstError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (failed, total) = (self.failed, self.total);
        let verb = if failed == 1 { "ha" } else { "han" };
        write!(
            f,
            "{failed} de {total} {verb} fallado: {}: {}",
            self.name, self.error
        )
    }
}

impl<E: Error + 'static> Error for FirstError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.error)
    }
}
