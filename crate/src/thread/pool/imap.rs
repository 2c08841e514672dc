//! `Imap`: los resultados de un encargo, de uno en uno y sin esperar a los demás.

use std::collections::BTreeMap;
use std::fmt;
use std::iter::FusedIterator;
use std::sync::Arc;
use std::time::Instant;

use crossbeam::channel::{Receiver, RecvTimeoutError, Sender, unbounded};

use super::segment::{Outcomes, Segment};
use crate::pool::{Lookahead, READER};
use crate::thread::ThreadError;
use crate::time::deadline;
use crate::timeline;

/// Los resultados según se van teniendo: en el orden de las entradas ([`imap`](crate::ThreadPool::imap)) o en el que
/// acaban ([`imap_unordered`](crate::ThreadPool::imap_unordered)).
///
/// Cada elemento es un `Result`: que una tarea falle no quita las demás. `next` **bloquea** hasta que esté el
/// siguiente; [`next_timeout`](Imap::next_timeout) espera con plazo. Las entradas las lee un hilo por delante, pero con
/// medida: un iterador lento o sin fin vale. Soltarlo deja de leer entradas y no cancela lo ya encargado.
///
/// # En Python
///
/// Lo que devuelve `ThreadPool.imap`; `next(timeout)` es [`next_timeout`](Imap::next_timeout). Python se lee las entradas
/// enteras, acaben o no.
///
/// # Examples
///
/// ```
/// use concurrencia::ThreadPool;
///
/// let pool = ThreadPool::new(2)?;
/// let mut mitades = pool.imap(|x: u32| 12 / x, [1, 0, 3]);
/// assert_eq!(mitades.next().unwrap()?, 12);
/// assert!(mitades.next().unwrap().unwrap_err().is_panic());
/// assert_eq!(mitades.next().unwrap()?, 4);
/// assert!(mitades.next().is_none());
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub struct Imap<R> {
    /// Se cierra cuando no queda nadie que pueda dejar un resultado.
    segments: Receiver<Segment<R>>,
    /// `None` si no se pudo empezar a leer.
    lookahead: Option<Lookahead>,
    ordered: bool,
    /// Lo que ha llegado antes de que le toque, por su primera entrada.
    early: BTreeMap<usize, Segment<R>>,
    /// Lo que ya le toca.
    ready: Option<Outcomes<R>>,
    taken: usize,
    /// Su número en la línea de tiempo.
    object: u64,
    pool: Arc<str>,
}

impl<R: Send + 'static> Imap<R> {
    /// Lee las entradas de `items` por delante, en trozos de `chunksize`, y las encarga con `submit`, que recibe el número
    /// de la primera de cada trozo y dónde dejar lo que salga.
    pub(super) fn new<I>(
        pool: &Arc<str>,
        items: I,
        chunksize: usize,
        workers: usize,
        ordered: bool,
        submit: impl Fn(usize, Vec<I::Item>, Sender<Segment<R>>, u64) + Send + 'static,
    ) -> Imap<R>
    where
        I: Iterator + Send + 'static,
    {
        let (sender, segments) = unbounded();
        let (for_tasks, for_end) = (sender.clone(), sender.clone());
        let object = timeline::next_object();
        let submit = move |first, chunk| submit(first, chunk, for_tasks.clone(), object);
        let end = move |count, panicked: Option<String>| {
            if let Some(message) = panicked {
                let error = ThreadError::panic(READER, message);
                // Si nadie lo escucha, es que ya no interesa.
                let _ = for_end.send(Segment::failed(count, 1, &error));
            }
        };
        let lookahead = Lookahead::start(items, chunksize, workers, submit, end)
            .map_err(|error| {
                let error = ThreadError::system(READER, error);
                let _ = sender.send(Segment::failed(0, 1, &error));
            })
            .ok();
        Imap {
            segments,
            lookahead,
            ordered,
            early: BTreeMap::new(),
            ready: None,
            taken: 0,
            object,
            pool: Arc::clone(pool),
        }
    }
}

impl<R> Imap<R> {
    /// El resultado siguiente, o `None` si ya se han dado todos; espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `it.next(timeout=5)`.
    ///
    /// # Errors
    ///
    /// [`is_timeout`](ThreadError::is_timeout) si se acaba el plazo: no se pierde nada y se puede volver a pedir. Los
    /// demás son de la tarea.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::ThreadPool;
    /// use std::sync::mpsc::channel;
    ///
    /// let (suelta, espera) = channel();
    /// let espera = std::sync::Mutex::new(espera);
    /// let pool = ThreadPool::new(1)?;
    /// let mut salidas = pool.imap(move |x: u32| x + espera.lock().unwrap().recv().unwrap(), [1]);
    /// assert!(salidas.next_timeout(0.1).unwrap().unwrap_err().is_timeout());
    /// suelta.send(10).unwrap();
    /// assert_eq!(salidas.next_timeout(60).unwrap()?, 11);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn next_timeout(&mut self, seconds: impl Into<f64>) -> Option<Result<R, ThreadError>> {
        self.next_until(deadline(seconds))
    }

    fn next_until(&mut self, deadline: Option<Instant>) -> Option<Result<R, ThreadError>> {
        loop {
            if let Some(result) = self.ready.as_mut().and_then(Iterator::next) {
                self.taken += 1;
                if let Some(lookahead) = &self.lookahead {
                    lookahead.advance(self.taken);
                }
                return Some(result);
            }
            if let Some(segment) = self.early.remove(&self.taken) {
                self.ready = Some(segment.into_iter());
                continue;
            }
            let waiting = self
                .segments
                .is_empty()
                .then(|| timeline::wait_for_other(self.object, "el siguiente resultado"));
            let arrived = match deadline {
                None => self
                    .segments
                    .recv()
                    .map_err(|_| RecvTimeoutError::Disconnected),
                Some(deadline) => self.segments.recv_deadline(deadline),
            };
            drop(waiting);
            match arrived {
                Ok(segment) if self.ordered => {
                    self.early.insert(segment.first, segment);
                }
                Ok(segment) => self.ready = Some(segment.into_iter()),
                Err(RecvTimeoutError::Timeout) => {
                    return Some(Err(ThreadError::pool_timeout(&self.pool)));
                }
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }
}

impl<R> Iterator for Imap<R> {
    type Item = Result<R, ThreadError>;

    fn next(&mut self) -> Option<Result<R, ThreadError>> {
        self.next_until(None)
    }
}

impl<R> FusedIterator for Imap<R> {}

/// `Imap(en orden, recogidos 3)`.
impl<R> fmt::Debug for Imap<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = if self.ordered {
            "en orden"
        } else {
            "según acaban"
        };
        write!(f, "Imap({order}, recogidos {})", self.taken)
    }
}
