//! `as_completed`: los futuros, según van acabando.

use std::fmt;
use std::iter::FusedIterator;
use std::time::Instant;

use super::arrivals::{Arrivals, handles};
use super::error::{Cause, FutureError};
use super::future::Future;
use crate::time::deadline;

/// Da los futuros según van acabando: el primero que acaba, el primero que sale.
///
/// `futures` es un `&Vec`, un `&[…]`, las claves de un `HashMap`… Uno repetido sale una vez. Los que ya habían acabado
/// salen antes, en su orden. Para saber cuál es cada uno, un `HashMap` con los futuros por clave.
///
/// # En Python
///
/// ```python
/// futuros = {ejecutor.submit(descarga, url): url for url in urls}
/// for futuro in as_completed(futuros):
///     print(futuros[futuro], futuro.result())
/// ```
///
/// # A pelo
///
/// Un canal al que cada hilo manda lo suyo cuando acaba:
///
/// ```
/// use concurrencia::crossbeam::channel::unbounded;
/// use std::thread;
///
/// let (deja, llegan) = unbounded();
/// for x in [3, 1, 2] {
///     let deja = deja.clone();
///     thread::spawn(move || deja.send((x, x * x)));
/// }
/// drop(deja); // si no, el bucle espera para siempre a otro
/// assert_eq!(llegan.iter().map(|(_, cuadrado)| cuadrado).sum::<u32>(), 14);
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::futures::{Future, ThreadPoolExecutor, as_completed};
/// use std::collections::HashMap;
///
/// let ejecutor = ThreadPoolExecutor::new(2)?;
/// let futuros: HashMap<Future<usize>, &str> = ["python.org", "rust-lang.org"]
///     .into_iter()
///     .map(|url| (ejecutor.submit(str::len, (url,)), url))
///     .collect();
/// for futuro in as_completed(futuros.keys()) {
///     let url = futuros[&futuro];
///     assert_eq!(futuro.result()?, url.len());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn as_completed<'a, T: 'a>(futures: impl IntoIterator<Item = &'a Future<T>>) -> AsCompleted<T> {
    AsCompleted(Arrivals::new(handles(futures)))
}

/// Los futuros según van acabando: lo que devuelve [`as_completed`].
///
/// Cada `next` **bloquea** hasta que acaba otro; con [`with_timeout`](AsCompleted::with_timeout) espera con plazo.
/// Soltarlo no cancela nada.
///
/// # En Python
///
/// El generador que devuelve `as_completed`.
///
/// # Examples
///
/// ```
/// use concurrencia::futures::{Future, as_completed};
///
/// let futuros: Vec<Future<u32>> = vec![Future::new(), Future::new()];
/// let mut segun_acaban = as_completed(&futuros);
/// futuros[1].set_result(2)?;
/// assert_eq!(segun_acaban.next(), Some(futuros[1].clone()));
/// futuros[0].set_result(1)?;
/// assert_eq!(segun_acaban.next(), Some(futuros[0].clone()));
/// assert_eq!(segun_acaban.next(), None);
/// # Ok::<(), concurrencia::futures::FutureError>(())
/// ```
#[must_use = "as_completed devuelve un iterador: recórrelo"]
pub struct AsCompleted<T>(Arrivals<T>);

impl<T> AsCompleted<T> {
    /// Pone un plazo de `seconds` segundos de la lección, desde ahora, para que acaben todos.
    ///
    /// Los elementos pasan a ser `Result`. Pasado el plazo, si falta alguno sale un error
    /// [`is_timeout`](FutureError::is_timeout) y el iterador se acaba; los futuros siguen su curso.
    ///
    /// # En Python
    ///
    /// `as_completed(futuros, timeout=5)`.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::{Future, as_completed};
    ///
    /// let futuros: Vec<Future<u32>> = vec![Future::new(), Future::new()];
    /// futuros[1].set_result(2)?;
    /// let mut recogidos = vec![];
    /// for futuro in as_completed(&futuros).with_timeout(0.1) {
    ///     match futuro {
    ///         Ok(futuro) => recogidos.push(futuro.result()?),
    ///         Err(error) => assert!(error.is_timeout()), // falta uno
    ///     }
    /// }
    /// assert_eq!(recogidos, [2]);
    /// # Ok::<(), concurrencia::futures::FutureError>(())
    /// ```
    pub fn with_timeout(self, seconds: impl Into<f64>) -> AsCompletedTimeout<T> {
        AsCompletedTimeout {
            total: self.0.left(),
            arrivals: Some(self.0),
            deadline: deadline(seconds),
        }
    }
}

impl<T> Iterator for AsCompleted<T> {
    type Item = Future<T>;

    fn next(&mut self) -> Option<Future<T>> {
        self.0.next(None)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.left(), Some(self.0.left()))
    }
}

impl<T> ExactSizeIterator for AsCompleted<T> {}

impl<T> FusedIterator for AsCompleted<T> {}

/// `AsCompleted(quedan 3)`.
impl<T> fmt::Debug for AsCompleted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsCompleted(quedan {})", self.0.left())
    }
}

/// Los futuros según van acabando, con plazo: lo que devuelve [`AsCompleted::with_timeout`].
///
/// # En Python
///
/// El generador que devuelve `as_completed(futuros, timeout=5)`.
///
/// # Examples
///
/// ```
/// use concurrencia::futures::{ThreadPoolExecutor, as_completed};
///
/// let ejecutor = ThreadPoolExecutor::new(2)?;
/// let futuros: Vec<_> = (1..4).map(|x| ejecutor.submit(move || x * x, ())).collect();
/// let mut suma = 0;
/// for futuro in as_completed(&futuros).with_timeout(60) {
///     suma += futuro?.result()?;
/// }
/// assert_eq!(suma, 14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "as_completed devuelve un iterador: recórrelo"]
pub struct AsCompletedTimeout<T> {
    total: usize,
    /// `None` cuando se ha pasado el plazo.
    arrivals: Option<Arrivals<T>>,
    deadline: Option<Instant>,
}

impl<T> AsCompletedTimeout<T> {
    fn left(&self) -> usize {
        self.arrivals.as_ref().map_or(0, Arrivals::left)
    }
}

impl<T> Iterator for AsCompletedTimeout<T> {
    type Item = Result<Future<T>, FutureError>;

    fn next(&mut self) -> Option<Result<Future<T>, FutureError>> {
        let left = self.left();
        let next = self.arrivals.as_mut()?.next(self.deadline);
        if next.is_none() {
            self.arrivals = None;
        }
        let total = self.total;
        match next {
            Some(future) => Some(Ok(future)),
            None if left == 0 => None,
            None => Some(Err(Cause::Unfinished { left, total }.into())),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        // Como poco, el error de que se ha pasado el plazo.
        (self.left().min(1), Some(self.left()))
    }
}

impl<T> FusedIterator for AsCompletedTimeout<T> {}

/// `AsCompleted(quedan 3, con plazo)`.
impl<T> fmt::Debug for AsCompletedTimeout<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsCompleted(quedan {}, con plazo)", self.left())
    }
}
