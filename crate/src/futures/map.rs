//! `Map`: los resultados de un `map`, en el orden de las entradas.

use std::collections::VecDeque;
use std::fmt;
use std::time::Instant;

use super::error::{Cause, FutureError};
use super::future::{Future, Outcome};
use crate::time::deadline;

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
    pending: Pending<R>,
    deadline: Option<Instant>,
}

/// Lo que falta por dar.
enum Pending<R> {
    /// Cada entrada es una tarea.
    Single(VecDeque<Future<R>>),
    /// Cada tarea hace varias entradas.
    Chunked {
        /// Cada trozo, con las entradas que tiene.
        chunks: VecDeque<(Future<Vec<Outcome<R>>>, usize)>,
        /// Lo que queda por dar del último que ha llegado.
        ready: VecDeque<Outcome<R>>,
    },
}

impl<R> Map<R> {
    pub(super) fn single(futures: VecDeque<Future<R>>) -> Map<R> {
        Map {
            pending: Pending::Single(futures),
            deadline: None,
        }
    }

    pub(super) fn chunked(chunks: VecDeque<(Future<Vec<Outcome<R>>>, usize)>) -> Map<R> {
        Map {
            pending: Pending::Chunked {
                chunks,
                ready: VecDeque::new(),
            },
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
        let next = self.pending.next(self.deadline)?;
        if next.is_none() {
            self.pending.cancel();
        }
        Some(next.unwrap_or_else(|| Err(Cause::Timeout.into())))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.pending.left();
        // Pasado el plazo, los que falten no llegan a salir.
        let least = self.deadline.map_or(left, |_| left.min(1));
        (least, Some(left))
    }
}

impl<R> Pending<R> {
    /// El siguiente; por fuera, `None` si no hay más, y por dentro, si antes se pasa el plazo.
    fn next(&mut self, deadline: Option<Instant>) -> Option<Option<Outcome<R>>> {
        match self {
            Pending::Single(futures) => match futures.pop_front()?.into_result_until(deadline) {
                Ok(outcome) => Some(Some(outcome)),
                Err(late) => {
                    futures.push_front(late);
                    Some(None)
                }
            },
            Pending::Chunked { chunks, ready } => {
                if let Some(outcome) = ready.pop_front() {
                    return Some(Some(outcome));
                }
                let (chunk, len) = chunks.pop_front()?;
                match chunk.into_result_until(deadline) {
                    Ok(Ok(outcomes)) => *ready = outcomes.into(),
                    // El trozo no se ha hecho, y ninguna de sus entradas tampoco.
                    Ok(Err(error)) => *ready = (0..len).map(|_| Err(error.clone())).collect(),
                    Err(late) => {
                        chunks.push_front((late, len));
                        return Some(None);
                    }
                }
                // Un trozo tiene al menos una entrada.
                ready.pop_front().map(Some)
            }
        }
    }

    /// Cuántos faltan por dar.
    fn left(&self) -> usize {
        match self {
            Pending::Single(futures) => futures.len(),
            Pending::Chunked { chunks, ready } => {
                ready.len() + chunks.iter().map(|(_, len)| len).sum::<usize>()
            }
        }
    }

    /// Cancela lo que no ha empezado y se olvida de todo.
    fn cancel(&mut self) {
        match self {
            Pending::Single(futures) => futures.drain(..).for_each(|future| {
                future.cancel();
            }),
            Pending::Chunked { chunks, .. } => chunks.drain(..).for_each(|(chunk, _)| {
                chunk.cancel();
            }),
        }
    }
}

impl<R> Drop for Map<R> {
    fn drop(&mut self) {
        self.pending.cancel();
    }
}

/// Los elementos de `items`, de `size` en `size`.
pub(super) fn chunks<A>(
    items: impl IntoIterator<Item = A>,
    size: usize,
) -> impl Iterator<Item = Vec<A>> {
    assert!(size > 0, "un trozo tiene al menos una entrada");
    let mut items = items.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<A> = items.by_ref().take(size).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}

/// `Map(quedan 3)`.
impl<R> fmt::Debug for Map<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Map(quedan {})", self.pending.left())
    }
}
