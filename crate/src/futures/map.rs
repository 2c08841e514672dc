//! `Map`: los resultados de un `map`, en el orden de las entradas.

use std::collections::VecDeque;
use std::fmt;
use std::time::Instant;

use super::error::{Cause, FutureError};
use super::future::{Future, deadline};

/// Los resultados de un [`map`](super::ThreadPoolExecutor::map): un iterador en el orden de las entradas.
///
/// Cada `next` **bloquea** hasta que está el que toca. Que una tarea falle no quita las demás: se sigue con la
/// siguiente. Para tenerlos todos o el primer error, `collect::<Result<Vec<_>, _>>()`. Soltarlo sin acabar cancela las
/// tareas que no han empezado.
///
/// # En Python
///
/// Lo que devuelve `ejecutor.map`. Allí, tras una excepción, el generador se acaba y lo demás se pierde.
///
/// # Examples
///
/// ```
/// use concurrencia::futures::ThreadPoolExecutor;
///
/// let ejecutor = ThreadPoolExecutor::new(2)?;
/// let mitades: Vec<Result<u32, _>> = ejecutor.map(|x| 12 / x, [1, 0, 3]).collect();
/// assert_eq!(*mitades[0].as_ref().unwrap(), 12);
/// assert!(mitades[1].as_ref().unwrap_err().is_panic());
/// assert_eq!(*mitades[2].as_ref().unwrap(), 4);
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub struct Map<R> {
    futures: VecDeque<Future<R>>,
    deadline: Option<Instant>,
}

impl<R> Map<R> {
    pub(super) fn new(futures: VecDeque<Future<R>>) -> Map<R> {
        Map {
            futures,
            deadline: None,
        }
    }

    /// Pone un plazo de `seconds` segundos de la lección, desde ahora, para tenerlos todos.
    ///
    /// Pasado el plazo, el primero que falte da un error [`is_timeout`](FutureError::is_timeout) y el iterador se acaba.
    ///
    /// # En Python
    ///
    /// `ejecutor.map(f, items, timeout=5)`.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::futures::ThreadPoolExecutor;
    /// use std::sync::mpsc::channel;
    ///
    /// let (suelta, espera) = channel::<()>();
    /// let espera = std::sync::Mutex::new(espera);
    /// let ejecutor = ThreadPoolExecutor::new(1)?;
    /// let mut nunca = ejecutor.map(move |_| espera.lock().unwrap().recv().is_ok(), [1, 2]).with_timeout(0.1);
    /// assert!(nunca.next().unwrap().unwrap_err().is_timeout());
    /// assert!(nunca.next().is_none());
    /// drop(suelta);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    #[must_use = "with_timeout devuelve el iterador con su plazo"]
    pub fn with_timeout(mut self, seconds: impl Into<f64>) -> Map<R> {
        self.deadline = deadline(seconds);
        self
    }
}

impl<R> Iterator for Map<R> {
    type Item = Result<R, FutureError>;

    fn next(&mut self) -> Option<Result<R, FutureError>> {
        let future = self.futures.pop_front()?;
        match future.into_result_until(self.deadline) {
            Ok(outcome) => Some(outcome),
            Err(late) => {
                self.futures.push_front(late);
                self.cancel();
                Some(Err(Cause::Timeout.into()))
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.futures.len(), Some(self.futures.len()))
    }
}

impl<R> ExactSizeIterator for Map<R> {}

impl<R> Map<R> {
    fn cancel(&mut self) {
        for future in self.futures.drain(..) {
            future.cancel();
        }
    }
}

impl<R> Drop for Map<R> {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// `Map(quedan 3)`.
impl<R> fmt::Debug for Map<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Map(quedan {})", self.futures.len())
    }
}
