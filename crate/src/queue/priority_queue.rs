//! `PriorityQueue`: una cola entre hilos; sale primero lo menor.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::sync::Arc;

use super::blocking::{Blocking, Store};
use super::debug::describe;
use super::wait::Wait;
use super::{Empty, Full, Iter, TaskDoneError};
use crate::time::to_real;

/// Una [`Queue`](super::Queue) que saca primero lo menor.
///
/// Para dar a cada elemento su prioridad, pon una tupla `(prioridad, elemento)`: las tuplas se comparan por su primer
/// campo, y con la misma prioridad, por el siguiente. El orden entre dos elementos iguales no está escrito: si importa
/// cuál llegó antes, mete un número de orden en la tupla. Para que salga lo mayor, envuélvelos en
/// [`Reverse`].
///
/// Por lo demás se usa igual: la usan a la vez todos los hilos que haga falta, cada elemento lo saca uno solo, los
/// clones son la misma cola y [`shutdown`](PriorityQueue::shutdown) la cierra.
///
/// # En Python
///
/// ```python
/// cola = queue.PriorityQueue()
/// cola.put((2, "barrer"))
/// ```
///
/// Allí, dos elementos que no se pueden comparar son un `TypeError` al ponerlos. Aquí no compila: un `f64`, que tiene
/// NaN, no es [`Ord`].
///
/// # A pelo
///
/// Un `Mutex<BinaryHeap<Reverse<T>>>` y un `Condvar` por cada cosa que se espera: que haya algo, que haya hueco.
///
/// # Examples
///
/// ```
/// use concurrencia::queue::PriorityQueue;
///
/// let cola = PriorityQueue::new();
/// cola.put((2, "barrer"))?;
/// cola.put((1, "apagar el fuego"))?;
/// cola.put((3, "regar"))?;
/// cola.shutdown();
/// let orden: Vec<&str> = cola.iter().map(|(_, tarea)| tarea).collect();
/// assert_eq!(orden, ["apagar el fuego", "barrer", "regar"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PriorityQueue<T> {
    shared: Arc<Blocking<Heap<T>>>,
}

struct Heap<T>(BinaryHeap<Reverse<T>>);

impl<T: Ord> Store for Heap<T> {
    type Item = T;

    fn push(&mut self, item: T) {
        self.0.push(Reverse(item));
    }

    fn pop(&mut self) -> Option<T> {
        self.0.pop().map(|Reverse(item)| item)
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T: Ord> Default for Heap<T> {
    fn default() -> Heap<T> {
        Heap(BinaryHeap::new())
    }
}

impl<T: Ord> PriorityQueue<T> {
    /// Una cola sin límite: [`put`](PriorityQueue::put) no espera nunca.
    ///
    /// # En Python
    ///
    /// `queue.PriorityQueue()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola = PriorityQueue::new();
    /// cola.put(1)?;
    /// cola.put(2)?;
    /// assert_eq!(cola.get()?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new() -> PriorityQueue<T> {
        PriorityQueue {
            shared: Arc::new(Blocking::new(None)),
        }
    }

    /// Una cola en la que caben `maxsize` elementos: [`put`](PriorityQueue::put) espera a que haya un hueco.
    ///
    /// # En Python
    ///
    /// `queue.PriorityQueue(maxsize)`; allí un `maxsize` de 0 es sin límite.
    ///
    /// # Panics
    ///
    /// Si `maxsize` es 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola = PriorityQueue::bounded(1);
    /// cola.put(1)?;
    /// assert!(cola.is_full());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bounded(maxsize: usize) -> PriorityQueue<T> {
        assert!(
            maxsize > 0,
            "en una cola de 0 huecos no cabe nada: para una sin límite, usa PriorityQueue::new()"
        );
        PriorityQueue {
            shared: Arc::new(Blocking::new(Some(maxsize))),
        }
    }

    /// Pone `value`. Si la cola tiene límite y está llena, **bloquea** hasta que haya un hueco.
    ///
    /// # En Python
    ///
    /// `cola.put(value)`.
    ///
    /// # Errors
    ///
    /// [`Full`] si la cola está cerrada, o si la cierran mientras espera el hueco. Lleva dentro `value`.
    ///
    /// # Panics
    ///
    /// Si entra en pánico la comparación de `T`. El elemento se queda dentro y la cola se puede seguir usando, aunque ya
    /// no se sabe en qué orden saldrán.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola = PriorityQueue::new();
    /// cola.put("algo")?;
    /// cola.shutdown();
    /// assert!(cola.put("más").unwrap_err().is_shutdown());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn put(&self, value: T) -> Result<(), Full<T>> {
        Ok(self.shared.put(value, Wait::Forever)?)
    }

    /// Como [`put`](PriorityQueue::put), pero espera el hueco como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `cola.put(value, timeout=seconds)`.
    ///
    /// # Errors
    ///
    /// [`Full`] si se acaba el plazo ([`is_timeout`](Full::is_timeout)) o la cola está cerrada
    /// ([`is_shutdown`](Full::is_shutdown)). Lleva dentro `value`.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola = PriorityQueue::bounded(1);
    /// cola.put_timeout(1, 5)?;
    /// assert!(cola.put_timeout(2, 0.1).unwrap_err().is_timeout());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn put_timeout(&self, value: T, seconds: impl Into<f64>) -> Result<(), Full<T>> {
        Ok(self.shared.put(value, Wait::at_most(to_real(seconds)))?)
    }

    /// Pone `value` si hay un hueco. No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.put_nowait(value)`.
    ///
    /// # Errors
    ///
    /// [`Full`] si no hay hueco o la cola está cerrada ([`is_shutdown`](Full::is_shutdown)). Lleva dentro `value`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola = PriorityQueue::bounded(1);
    /// cola.put_nowait(1)?;
    /// assert_eq!(cola.put_nowait(2).unwrap_err().into_inner(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn put_nowait(&self, value: T) -> Result<(), Full<T>> {
        Ok(self.shared.put(value, Wait::No)?)
    }

    /// Saca el menor elemento. **Bloquea** hasta que haya uno o se cierre la cola.
    ///
    /// # En Python
    ///
    /// `cola.get()`.
    ///
    /// # Errors
    ///
    /// [`Empty`] si la cola está cerrada y vacía.
    ///
    /// # Panics
    ///
    /// Si entra en pánico la comparación de `T`. El elemento se pierde, pero su tarea se cuenta: dala por hecha.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola = PriorityQueue::new();
    /// cola.put(1)?;
    /// cola.put(2)?;
    /// cola.shutdown();
    /// assert_eq!(cola.get()?, 1); // lo que había se puede sacar
    /// assert_eq!(cola.get()?, 2);
    /// assert!(cola.get().unwrap_err().is_shutdown());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get(&self) -> Result<T, Empty> {
        Ok(self.shared.get(Wait::Forever)?)
    }

    /// Como [`get`](PriorityQueue::get), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `cola.get(timeout=seconds)`.
    ///
    /// # Errors
    ///
    /// [`Empty`] si se acaba el plazo ([`is_timeout`](Empty::is_timeout)) o la cola está cerrada y vacía
    /// ([`is_shutdown`](Empty::is_shutdown)).
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola: PriorityQueue<u32> = PriorityQueue::new();
    /// assert!(cola.get_timeout(0.1).unwrap_err().is_timeout());
    /// ```
    pub fn get_timeout(&self, seconds: impl Into<f64>) -> Result<T, Empty> {
        Ok(self.shared.get(Wait::at_most(to_real(seconds)))?)
    }

    /// Saca el menor elemento, si hay alguno. No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.get_nowait()`.
    ///
    /// # Errors
    ///
    /// [`Empty`] si no hay ninguno; con [`is_shutdown`](Empty::is_shutdown) se sabe si aún puede haberlo.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola = PriorityQueue::new();
    /// assert!(cola.get_nowait().is_err());
    /// cola.put(1)?;
    /// assert_eq!(cola.get_nowait()?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get_nowait(&self) -> Result<T, Empty> {
        Ok(self.shared.get(Wait::No)?)
    }

    /// Lo que va saliendo, hasta que se cierra y se vacía. Cada vuelta **bloquea** como [`get`](PriorityQueue::get).
    ///
    /// Es lo que hace `for elemento in &cola`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola = PriorityQueue::new();
    /// cola.put(1)?;
    /// cola.put(2)?;
    /// cola.shutdown();
    /// assert_eq!(cola.iter().collect::<Vec<_>>(), [1, 2]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn iter(&self) -> Iter<'_, PriorityQueue<T>> {
        Iter::new(self)
    }

    /// Da por hecha la tarea de un elemento sacado, como [`Queue::task_done`](super::Queue::task_done). No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.task_done()`.
    ///
    /// # Errors
    ///
    /// Si se llama más veces que elementos se han puesto.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola = PriorityQueue::new();
    /// cola.put("tarea")?;
    /// cola.get()?;
    /// cola.task_done()?;
    /// assert!(cola.task_done().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn task_done(&self) -> Result<(), TaskDoneError> {
        TaskDoneError::unless(self.shared.task_done())
    }

    /// Espera a que esté hecho todo lo que se ha puesto: por cada elemento, un [`task_done`](PriorityQueue::task_done).
    ///
    /// **Bloquea**, sin plazo. Si nadie saca lo que hay o a alguien se le olvida `task_done`, no vuelve nunca.
    ///
    /// # En Python
    ///
    /// `cola.join()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola = PriorityQueue::new();
    /// cola.put("tarea")?;
    /// cola.get()?;
    /// cola.task_done()?;
    /// cola.join(); // ya está todo hecho
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn join(&self) {
        self.shared.join(Wait::Forever);
    }

    /// Como [`join`](PriorityQueue::join), pero espera como mucho `seconds` segundos de la lección. `true` si está todo hecho.
    ///
    /// # En Python
    ///
    /// No existe.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola = PriorityQueue::new();
    /// cola.put("tarea")?;
    /// assert!(!cola.join_timeout(0.1)); // no la hace nadie
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use = "dice si está todo hecho o se ha acabado el plazo"]
    pub fn join_timeout(&self, seconds: impl Into<f64>) -> bool {
        self.shared.join(Wait::at_most(to_real(seconds)))
    }

    /// Cierra la cola, como [`Queue::shutdown`](super::Queue::shutdown): no admite nada más, pero lo que hay dentro se
    /// puede sacar.
    ///
    /// # En Python
    ///
    /// `cola.shutdown()`, desde la versión 3.13.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola = PriorityQueue::new();
    /// cola.put(1)?;
    /// cola.shutdown();
    /// assert!(cola.put(2).is_err());
    /// assert_eq!(cola.get()?, 1);
    /// assert!(cola.get().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shutdown(&self) {
        self.shared.shutdown();
    }

    /// Cierra la cola y tira lo que hay dentro, como
    /// [`Queue::shutdown_immediate`](super::Queue::shutdown_immediate).
    ///
    /// # En Python
    ///
    /// `cola.shutdown(immediate=True)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::PriorityQueue;
    ///
    /// let cola = PriorityQueue::new();
    /// cola.put(1)?;
    /// cola.shutdown_immediate();
    /// assert!(cola.get().unwrap_err().is_shutdown());
    /// cola.join(); // no queda nada por hacer
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shutdown_immediate(&self) {
        self.shared.shutdown_immediate();
    }

    /// ¿Está cerrada? No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.is_shutdown`.
    pub fn is_shutdown(&self) -> bool {
        self.shared.is_shutdown()
    }

    /// Cuántos elementos hay ahora; cuando lo mires puede haber ya otros. No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.qsize()`.
    pub fn qsize(&self) -> usize {
        self.shared.len()
    }

    /// ¿Está vacía? No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.empty()`.
    pub fn is_empty(&self) -> bool {
        self.qsize() == 0
    }

    /// ¿Está llena? Una cola sin límite no lo está nunca. No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.full()`.
    pub fn is_full(&self) -> bool {
        self.maxsize() == Some(self.qsize())
    }

    /// Cuántos elementos caben; `None` si no tiene límite.
    ///
    /// # En Python
    ///
    /// `cola.maxsize`, que es 0 si no tiene límite.
    pub fn maxsize(&self) -> Option<usize> {
        self.shared.maxsize()
    }
}

impl<T: Ord> Default for PriorityQueue<T> {
    fn default() -> PriorityQueue<T> {
        PriorityQueue::new()
    }
}

impl<T> Clone for PriorityQueue<T> {
    fn clone(&self) -> PriorityQueue<T> {
        PriorityQueue {
            shared: Arc::clone(&self.shared),
        }
    }
}

/// `PriorityQueue(3 de 8)`: cuántos hay y cuántos caben en ese momento, y si está cerrada.
impl<T: Ord> fmt::Debug for PriorityQueue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe(
            f,
            "PriorityQueue",
            self.qsize(),
            self.maxsize(),
            self.is_shutdown(),
        )
    }
}
