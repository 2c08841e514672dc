//! `LifoQueue`: una pila entre hilos; sale primero lo último que entró.

use std::fmt;
use std::sync::Arc;

use super::blocking::{Blocking, Store};
use super::debug::describe;
use super::wait::Wait;
use super::{Empty, Full, Iter, TaskDoneError};
use crate::time::to_real;

/// Una [`Queue`](super::Queue) que saca primero lo último que entró.
///
/// Por lo demás se usa igual: la usan a la vez todos los hilos que haga falta, cada elemento lo saca uno solo, los
/// clones son la misma cola y [`shutdown`](LifoQueue::shutdown) la cierra.
///
/// # En Python
///
/// `queue.LifoQueue(maxsize)`.
///
/// # A pelo
///
/// Un `Mutex<Vec<T>>` y un `Condvar` por cada cosa que se espera: que haya algo, que haya hueco.
///
/// # Examples
///
/// ```
/// use concurrencia::queue::LifoQueue;
///
/// let pila = LifoQueue::new();
/// for hoja in ["uno", "dos", "tres"] {
///     pila.put(hoja)?;
/// }
/// assert_eq!(pila.get()?, "tres");
/// assert_eq!(pila.qsize(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LifoQueue<T> {
    shared: Arc<Blocking<Stack<T>>>,
}

struct Stack<T>(Vec<T>);

impl<T> Store for Stack<T> {
    type Item = T;

    fn push(&mut self, item: T) {
        self.0.push(item);
    }

    fn pop(&mut self) -> Option<T> {
        self.0.pop()
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T> Default for Stack<T> {
    fn default() -> Stack<T> {
        Stack(Vec::new())
    }
}

impl<T> LifoQueue<T> {
    /// Una cola sin límite: [`put`](LifoQueue::put) no espera nunca.
    ///
    /// # En Python
    ///
    /// `queue.LifoQueue()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila = LifoQueue::new();
    /// pila.put(1)?;
    /// pila.put(2)?;
    /// assert_eq!(pila.get()?, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new() -> LifoQueue<T> {
        LifoQueue {
            shared: Arc::new(Blocking::new(None)),
        }
    }

    /// Una cola en la que caben `maxsize` elementos: [`put`](LifoQueue::put) espera a que haya un hueco.
    ///
    /// # En Python
    ///
    /// `queue.LifoQueue(maxsize)`; allí un `maxsize` de 0 es sin límite.
    ///
    /// # Panics
    ///
    /// Si `maxsize` es 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila = LifoQueue::bounded(1);
    /// pila.put(1)?;
    /// assert!(pila.is_full());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bounded(maxsize: usize) -> LifoQueue<T> {
        assert!(
            maxsize > 0,
            "en una cola de 0 huecos no cabe nada: para una sin límite, usa LifoQueue::new()"
        );
        LifoQueue {
            shared: Arc::new(Blocking::new(Some(maxsize))),
        }
    }

    /// Pone `value`. Si la cola tiene límite y está llena, **bloquea** hasta que haya un hueco.
    ///
    /// # En Python
    ///
    /// `pila.put(value)`.
    ///
    /// # Errors
    ///
    /// [`Full`] si la cola está cerrada, o si la cierran mientras espera el hueco. Lleva dentro `value`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila = LifoQueue::new();
    /// pila.put("algo")?;
    /// pila.shutdown();
    /// assert!(pila.put("más").unwrap_err().is_shutdown());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn put(&self, value: T) -> Result<(), Full<T>> {
        Ok(self.shared.put(value, Wait::Forever)?)
    }

    /// Como [`put`](LifoQueue::put), pero espera el hueco como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `pila.put(value, timeout=seconds)`.
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
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila = LifoQueue::bounded(1);
    /// pila.put_timeout(1, 5)?;
    /// assert!(pila.put_timeout(2, 0.1).unwrap_err().is_timeout());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn put_timeout(&self, value: T, seconds: impl Into<f64>) -> Result<(), Full<T>> {
        Ok(self.shared.put(value, Wait::at_most(to_real(seconds)))?)
    }

    /// Pone `value` si hay un hueco. No bloquea.
    ///
    /// # En Python
    ///
    /// `pila.put_nowait(value)`.
    ///
    /// # Errors
    ///
    /// [`Full`] si no hay hueco o la cola está cerrada ([`is_shutdown`](Full::is_shutdown)). Lleva dentro `value`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila = LifoQueue::bounded(1);
    /// pila.put_nowait(1)?;
    /// assert_eq!(pila.put_nowait(2).unwrap_err().into_inner(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn put_nowait(&self, value: T) -> Result<(), Full<T>> {
        Ok(self.shared.put(value, Wait::No)?)
    }

    /// Saca el último elemento que entró. **Bloquea** hasta que haya uno o se cierre la cola.
    ///
    /// # En Python
    ///
    /// `pila.get()`.
    ///
    /// # Errors
    ///
    /// [`Empty`] si la cola está cerrada y vacía.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila = LifoQueue::new();
    /// pila.put(1)?;
    /// pila.put(2)?;
    /// pila.shutdown();
    /// assert_eq!(pila.get()?, 2); // lo que había se puede sacar
    /// assert_eq!(pila.get()?, 1);
    /// assert!(pila.get().unwrap_err().is_shutdown());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get(&self) -> Result<T, Empty> {
        Ok(self.shared.get(Wait::Forever)?)
    }

    /// Como [`get`](LifoQueue::get), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `pila.get(timeout=seconds)`.
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
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila: LifoQueue<u32> = LifoQueue::new();
    /// assert!(pila.get_timeout(0.1).unwrap_err().is_timeout());
    /// ```
    pub fn get_timeout(&self, seconds: impl Into<f64>) -> Result<T, Empty> {
        Ok(self.shared.get(Wait::at_most(to_real(seconds)))?)
    }

    /// Saca el último elemento que entró, si hay alguno. No bloquea.
    ///
    /// # En Python
    ///
    /// `pila.get_nowait()`.
    ///
    /// # Errors
    ///
    /// [`Empty`] si no hay ninguno; con [`is_shutdown`](Empty::is_shutdown) se sabe si aún puede haberlo.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila = LifoQueue::new();
    /// assert!(pila.get_nowait().is_err());
    /// pila.put(1)?;
    /// assert_eq!(pila.get_nowait()?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get_nowait(&self) -> Result<T, Empty> {
        Ok(self.shared.get(Wait::No)?)
    }

    /// Lo que va saliendo, hasta que se cierra y se vacía. Cada vuelta **bloquea** como [`get`](LifoQueue::get).
    ///
    /// Es lo que hace `for elemento in &pila`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila = LifoQueue::new();
    /// pila.put(1)?;
    /// pila.put(2)?;
    /// pila.shutdown();
    /// assert_eq!(pila.iter().collect::<Vec<_>>(), [2, 1]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn iter(&self) -> Iter<'_, LifoQueue<T>> {
        Iter::new(self)
    }

    /// Da por hecha la tarea de un elemento sacado, como [`Queue::task_done`](super::Queue::task_done). No bloquea.
    ///
    /// # En Python
    ///
    /// `pila.task_done()`.
    ///
    /// # Errors
    ///
    /// Si se llama más veces que elementos se han puesto.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila = LifoQueue::new();
    /// pila.put("tarea")?;
    /// pila.get()?;
    /// pila.task_done()?;
    /// assert!(pila.task_done().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn task_done(&self) -> Result<(), TaskDoneError> {
        TaskDoneError::unless(self.shared.task_done())
    }

    /// Espera a que esté hecho todo lo que se ha puesto: por cada elemento, un [`task_done`](LifoQueue::task_done).
    ///
    /// **Bloquea**, sin plazo. Si nadie saca lo que hay o a alguien se le olvida `task_done`, no vuelve nunca.
    ///
    /// # En Python
    ///
    /// `pila.join()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila = LifoQueue::new();
    /// pila.put("tarea")?;
    /// pila.get()?;
    /// pila.task_done()?;
    /// pila.join(); // ya está todo hecho
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn join(&self) {
        self.shared.join(Wait::Forever);
    }

    /// Como [`join`](LifoQueue::join), pero espera como mucho `seconds` segundos de la lección. `true` si está todo hecho.
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
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila = LifoQueue::new();
    /// pila.put("tarea")?;
    /// assert!(!pila.join_timeout(0.1)); // no la hace nadie
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
    /// `pila.shutdown()`, desde la versión 3.13.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila = LifoQueue::new();
    /// pila.put(1)?;
    /// pila.shutdown();
    /// assert!(pila.put(2).is_err());
    /// assert_eq!(pila.get()?, 1);
    /// assert!(pila.get().is_err());
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
    /// `pila.shutdown(immediate=True)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::LifoQueue;
    ///
    /// let pila = LifoQueue::new();
    /// pila.put(1)?;
    /// pila.shutdown_immediate();
    /// assert!(pila.get().unwrap_err().is_shutdown());
    /// pila.join(); // no queda nada por hacer
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shutdown_immediate(&self) {
        self.shared.shutdown_immediate();
    }

    /// ¿Está cerrada? No bloquea.
    ///
    /// # En Python
    ///
    /// `pila.is_shutdown`.
    pub fn is_shutdown(&self) -> bool {
        self.shared.is_shutdown()
    }

    /// Cuántos elementos hay ahora; cuando lo mires puede haber ya otros. No bloquea.
    ///
    /// # En Python
    ///
    /// `pila.qsize()`.
    pub fn qsize(&self) -> usize {
        self.shared.len()
    }

    /// ¿Está vacía? No bloquea.
    ///
    /// # En Python
    ///
    /// `pila.empty()`.
    pub fn is_empty(&self) -> bool {
        self.qsize() == 0
    }

    /// ¿Está llena? Una cola sin límite no lo está nunca. No bloquea.
    ///
    /// # En Python
    ///
    /// `pila.full()`.
    pub fn is_full(&self) -> bool {
        self.maxsize() == Some(self.qsize())
    }

    /// Cuántos elementos caben; `None` si no tiene límite.
    ///
    /// # En Python
    ///
    /// `pila.maxsize`, que es 0 si no tiene límite.
    pub fn maxsize(&self) -> Option<usize> {
        self.shared.maxsize()
    }
}

impl<T> Default for LifoQueue<T> {
    fn default() -> LifoQueue<T> {
        LifoQueue::new()
    }
}

impl<T> Clone for LifoQueue<T> {
    fn clone(&self) -> LifoQueue<T> {
        LifoQueue {
            shared: Arc::clone(&self.shared),
        }
    }
}

/// `LifoQueue(3 de 8)`: cuántos hay y cuántos caben en ese momento, y si está cerrada.
impl<T> fmt::Debug for LifoQueue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe(
            f,
            "LifoQueue",
            self.qsize(),
            self.maxsize(),
            self.is_shutdown(),
        )
    }
}
