//! `SimpleQueue`: una cola sin límite, sin cierre y sin tareas.

use std::fmt;

use crossbeam::channel::{self, Receiver, Sender};

use super::Empty;
use super::debug::describe;
use super::wait::Refusal;
use crate::time::to_real;
use crate::timeline::{self, Inside};

/// Una cola sin límite y nada más: ni se llena, ni se cierra, ni cuenta tareas. Poner no espera ni falla.
///
/// Cada elemento lo saca un solo hilo, y los que pone un mismo hilo salen en el orden en que los puso. Los clones son
/// la misma cola. Para poder decir «no hay más», usa [`Queue`](super::Queue), o pon un valor que lo signifique.
///
/// # En Python
///
/// `queue.SimpleQueue()`.
///
/// # A pelo
///
/// [`crossbeam::channel::unbounded`](crate::crossbeam::channel::unbounded), que es lo que hay dentro.
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
/// use concurrencia::queue::SimpleQueue;
///
/// let (preguntas, respuestas) = (SimpleQueue::new(), SimpleQueue::new());
/// let mut hilo = Thread::new({
///     let (preguntas, respuestas) = (preguntas.clone(), respuestas.clone());
///     move || {
///         while let Some(n) = preguntas.get() {
///             respuestas.put(n * n);
///         }
///     }
/// });
/// hilo.start()?;
/// preguntas.put(Some(12));
/// assert_eq!(respuestas.get(), 144);
/// preguntas.put(None); // no hay más
/// hilo.join()?;
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub struct SimpleQueue<T> {
    sender: Sender<T>,
    receiver: Receiver<T>,
    /// Su número en la línea de tiempo.
    object: u64,
}

impl<T> SimpleQueue<T> {
    /// Una cola vacía.
    ///
    /// # En Python
    ///
    /// `queue.SimpleQueue()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::SimpleQueue;
    ///
    /// let cola: SimpleQueue<u32> = SimpleQueue::new();
    /// assert!(cola.is_empty());
    /// ```
    pub fn new() -> SimpleQueue<T> {
        let (sender, receiver) = channel::unbounded();
        SimpleQueue {
            sender,
            receiver,
            object: timeline::next_object(),
        }
    }

    /// Pone `value` al final. No bloquea nunca: no hay un `put_nowait` aparte.
    ///
    /// # En Python
    ///
    /// `cola.put(value)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::SimpleQueue;
    ///
    /// let cola = SimpleQueue::new();
    /// cola.put(1);
    /// cola.put(2);
    /// assert_eq!(cola.qsize(), 2);
    /// ```
    pub fn put(&self, value: T) {
        timeline::signal(self.object);
        // Solo falla si no queda quien reciba, y está aquí mismo.
        let _ = self.sender.send(value);
    }

    /// Saca el primer elemento. **Bloquea** hasta que haya uno, sin plazo: no se cierra, así que siempre lo da.
    ///
    /// # En Python
    ///
    /// `cola.get()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::SimpleQueue;
    ///
    /// let cola = SimpleQueue::new();
    /// cola.put(1);
    /// assert_eq!(cola.get(), 1);
    /// ```
    pub fn get(&self) -> T {
        let _waiting = self.wait();
        self.receiver
            .recv()
            .expect("el otro extremo está en esta misma cola")
    }

    /// Como [`get`](SimpleQueue::get), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `cola.get(timeout=seconds)`.
    ///
    /// # Errors
    ///
    /// [`Empty`] si se acaba el plazo.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::SimpleQueue;
    ///
    /// let cola: SimpleQueue<u32> = SimpleQueue::new();
    /// assert!(cola.get_timeout(0.1).unwrap_err().is_timeout());
    /// ```
    pub fn get_timeout(&self, seconds: impl Into<f64>) -> Result<T, Empty> {
        let time = to_real(seconds);
        let _waiting = self.wait();
        self.receiver
            .recv_timeout(time)
            .map_err(|_| Refusal::Timeout.into())
    }

    /// Saca el primer elemento, si lo hay. No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.get_nowait()`.
    ///
    /// # Errors
    ///
    /// [`Empty`] si no hay ninguno.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::SimpleQueue;
    ///
    /// let cola = SimpleQueue::new();
    /// assert!(cola.get_nowait().is_err());
    /// cola.put(1);
    /// assert_eq!(cola.get_nowait()?, 1);
    /// # Ok::<(), concurrencia::queue::Empty>(())
    /// ```
    pub fn get_nowait(&self) -> Result<T, Empty> {
        self.receiver.try_recv().map_err(|_| Refusal::NotNow.into())
    }

    /// Cuántos elementos hay ahora; cuando lo mires puede haber ya otros. No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.qsize()`.
    pub fn qsize(&self) -> usize {
        self.receiver.len()
    }

    /// ¿Está vacía? No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.empty()`.
    pub fn is_empty(&self) -> bool {
        self.receiver.is_empty()
    }

    /// Apunta que se va a esperar, si no hay nada.
    fn wait(&self) -> Option<Inside> {
        self.receiver
            .is_empty()
            .then(|| timeline::wait_for_other(self.object, "algo en la cola"))
            .flatten()
    }
}

impl<T> Default for SimpleQueue<T> {
    fn default() -> SimpleQueue<T> {
        SimpleQueue::new()
    }
}

impl<T> Clone for SimpleQueue<T> {
    fn clone(&self) -> SimpleQueue<T> {
        SimpleQueue {
            sender: self.sender.clone(),
            receiver: self.receiver.clone(),
            object: self.object,
        }
    }
}

/// `SimpleQueue(3)`: cuántos hay en ese momento.
impl<T> fmt::Debug for SimpleQueue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe(f, "SimpleQueue", self.qsize(), None, false)
    }
}
