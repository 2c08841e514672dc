//! `Queue`: pasar elementos de unas tareas a otras.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::error::Error;
use std::fmt;
use std::ops::Deref;
use std::pin::pin;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::Event;
use super::waiting::waiting;
use crate::queue::TaskDoneError;
use crate::timeline::State;

/// Una cola entre tareas: cada elemento lo saca una sola, en el orden en que se pusieron.
///
/// Quien espera un elemento, o un hueco en una cola con límite, deja el hilo a las demás y pasa por orden de llegada. Es
/// seguro cancelarlo: a quien esperaba en [`get`](Queue::get) no se le pierde ningún elemento; lo que no llegó a entrar
/// con [`put`](Queue::put) se suelta. Se puede usar desde cualquier hilo. Un clon es otro mango de la misma cola. Con
/// plazo, [`wait_for`](super::wait_for)`(cola.get(), 1)`.
///
/// # En Python
///
/// ```python
/// cola = asyncio.Queue(maxsize=8)
/// await cola.put(1)
/// await cola.get()
/// ```
///
/// # A pelo
///
/// [`tokio::sync::mpsc`], con un solo lector.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tokio::sync::mpsc::error::SendError<u32>> {
/// let (pone, mut saca) = tokio::sync::mpsc::channel(8);
/// pone.send(1).await?;
/// assert_eq!(saca.recv().await, Some(1));
/// # Ok(())
/// # }
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, Queue, create_task};
///
/// async fn consume(cola: Queue<u32>) -> u32 {
///     let mut suma = 0;
///     while let Ok(x) = cola.get().await {
///         suma += x;
///         cola.task_done().unwrap();
///     }
///     suma
/// }
///
/// let suma = asyncio::run(async {
///     let cola = Queue::bounded(2);
///     let consumidor = create_task(consume(cola.clone()));
///     for x in 1..=10 {
///         cola.put(x).await?; // espera si ya hay dos sin sacar
///     }
///     cola.join().await;
///     cola.shutdown(); // el consumidor acaba su bucle
///     Ok::<u32, Box<dyn std::error::Error>>(consumidor.await?)
/// })?;
/// assert_eq!(suma, 55);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Queue<T>(Arc<Shared<T>>);

struct Shared<T> {
    inside: Mutex<Inside<T>>,
    /// Una plaza por cada elemento que no tiene ya dueño entre los que esperan.
    items: Semaphore,
    /// Una plaza por cada hueco; sin límite, nada.
    slots: Option<Semaphore>,
    maxsize: Option<usize>,
    /// Está dado mientras no quede nada por hacer.
    finished: Event,
}

struct Inside<T> {
    store: Box<dyn Store<T> + Send>,
    /// Puestos y sin `task_done`.
    unfinished: usize,
    shutdown: bool,
}

/// Dónde están los elementos: decide cuál sale.
trait Store<T> {
    fn push(&mut self, item: T);
    fn pop(&mut self) -> Option<T>;
    fn len(&self) -> usize;
}

impl<T: Send + 'static> Queue<T> {
    /// Una cola sin límite: [`put`](Queue::put) no espera nunca.
    ///
    /// # En Python
    ///
    /// `asyncio.Queue()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::Queue;
    ///
    /// let cola = Queue::new();
    /// cola.put_nowait("uno")?;
    /// cola.put_nowait("dos")?;
    /// assert_eq!(cola.qsize(), 2);
    /// assert_eq!(cola.get_nowait()?, "uno");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new() -> Queue<T> {
        Queue::with_store(VecDeque::new(), None)
    }

    /// Una cola en la que caben `maxsize` elementos: [`put`](Queue::put) espera a que haya un hueco.
    ///
    /// # En Python
    ///
    /// `asyncio.Queue(maxsize)`; allí un `maxsize` de 0 es sin límite.
    ///
    /// # Panics
    ///
    /// Si `maxsize` es 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::Queue;
    ///
    /// let cola = Queue::bounded(1);
    /// cola.put_nowait(1)?;
    /// assert!(cola.is_full());
    /// assert_eq!(cola.put_nowait(2).unwrap_err().into_inner(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bounded(maxsize: usize) -> Queue<T> {
        Queue::with_store(VecDeque::new(), limit(maxsize))
    }
}

impl<T> Queue<T> {
    fn with_store(store: impl Store<T> + Send + 'static, maxsize: Option<usize>) -> Queue<T> {
        let finished = Event::new();
        finished.set();
        Queue(Arc::new(Shared {
            inside: Mutex::new(Inside {
                store: Box::new(store),
                unfinished: 0,
                shutdown: false,
            }),
            items: Semaphore::new(0),
            slots: maxsize.map(Semaphore::new),
            maxsize,
            finished,
        }))
    }

    /// Pone `item`. Si la cola tiene límite y está llena, espera a que haya un hueco.
    ///
    /// Si se cancela la espera, `item` no ha entrado y se suelta.
    ///
    /// # En Python
    ///
    /// `await cola.put(item)`.
    ///
    /// # Errors
    ///
    /// Solo si está cerrada: el error lleva `item` dentro.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, Queue, gather};
    ///
    /// let cola = Queue::bounded(1);
    /// asyncio::run(async {
    ///     cola.put(1).await?;
    ///     let (pone, saca) = (cola.clone(), cola.clone());
    ///     // El segundo entra cuando sale el primero.
    ///     let (puesto, sacado) = gather((async move { pone.put(2).await }, async move { saca.get().await })).await?;
    ///     puesto?;
    ///     assert_eq!(sacado?, 1);
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn put(&self, item: T) -> Result<(), QueueFull<T>> {
        if let Some(slots) = &self.0.slots {
            match waiting(pin!(slots.acquire()), State::Wait, "Queue llena").await {
                Ok(slot) => slot.forget(),
                Err(_) => return Err(QueueFull::shutdown(item)),
            }
        }
        self.0.push(item)
    }

    /// Pone `item` si hay un hueco. No espera.
    ///
    /// # En Python
    ///
    /// `cola.put_nowait(item)`, que lanza `QueueFull`.
    ///
    /// # Errors
    ///
    /// Si no hay hueco (o lo hay, pero es para quien ya esperaba) o está cerrada: el error lleva `item` dentro.
    pub fn put_nowait(&self, item: T) -> Result<(), QueueFull<T>> {
        match self.0.slots.as_ref().map(Semaphore::try_acquire) {
            None => {}
            Some(Ok(slot)) => slot.forget(),
            Some(Err(_)) => {
                let shutdown = self.is_shutdown();
                return Err(QueueFull { item, shutdown });
            }
        }
        self.0.push(item)
    }

    /// Saca el primer elemento; si no hay, espera a que lo haya.
    ///
    /// Si se cancela la espera, no se pierde nada: será para otro.
    ///
    /// # En Python
    ///
    /// `await cola.get()`.
    ///
    /// # Errors
    ///
    /// Solo si está cerrada y ya no queda nada.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, Queue, wait_for};
    ///
    /// let cola: Queue<u32> = Queue::new();
    /// asyncio::run(async {
    ///     assert!(wait_for(cola.get(), 0.1).await.is_err()); // no hay nada
    ///     cola.put(25).await?;
    ///     assert_eq!(cola.get().await?, 25);
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn get(&self) -> Result<T, QueueEmpty> {
        // Si está cerrada no hay plazas, pero puede quedar algo.
        let item = waiting(pin!(self.0.items.acquire()), State::Wait, "Queue vacía").await;
        let _ = item.map(SemaphorePermit::forget);
        self.0.pop().ok_or(QueueEmpty { shutdown: true })
    }

    /// Saca el primer elemento, si lo hay. No espera.
    ///
    /// # En Python
    ///
    /// `cola.get_nowait()`, que lanza `QueueEmpty`.
    ///
    /// # Errors
    ///
    /// Si no hay ninguno (o el que hay es para quien ya esperaba).
    pub fn get_nowait(&self) -> Result<T, QueueEmpty> {
        let item = self.0.items.try_acquire();
        let shutdown = self.is_shutdown();
        match item {
            Ok(item) => item.forget(),
            Err(_) if shutdown => {}
            Err(_) => return Err(QueueEmpty { shutdown }),
        }
        self.0.pop().ok_or(QueueEmpty { shutdown: true })
    }

    /// Cuántos elementos se pueden sacar ahora; cuando lo mires puede haber ya otros. No espera.
    ///
    /// # En Python
    ///
    /// `cola.qsize()`. Allí cuenta también el que ya le ha tocado a quien estaba esperando.
    pub fn qsize(&self) -> usize {
        let inside = self.0.inside.lock();
        if inside.shutdown {
            inside.store.len()
        } else {
            self.0.items.available_permits()
        }
    }

    /// ¿Está vacía? No espera.
    ///
    /// # En Python
    ///
    /// `cola.empty()`.
    pub fn is_empty(&self) -> bool {
        self.qsize() == 0
    }

    /// ¿Está llena? Una cola sin límite no lo está nunca. No espera.
    ///
    /// # En Python
    ///
    /// `cola.full()`.
    pub fn is_full(&self) -> bool {
        let slots = self.0.slots.as_ref();
        slots.is_some_and(|slots| slots.available_permits() == 0)
    }

    /// Cuántos elementos caben; `None` si no tiene límite.
    ///
    /// # En Python
    ///
    /// `cola.maxsize`, que si no tiene límite es 0.
    pub fn maxsize(&self) -> Option<usize> {
        self.0.maxsize
    }

    /// Da por hecha la tarea de un elemento sacado. No espera.
    ///
    /// Se llama una vez por cada elemento, al acabar con él; quien espera en [`join`](Queue::join) sigue cuando se ha
    /// llamado por todos.
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
    /// use concurrencia::asyncio::{self, Queue};
    ///
    /// let cola = Queue::new();
    /// cola.put_nowait("tarea")?;
    /// cola.get_nowait()?;
    /// cola.task_done()?;
    /// asyncio::run(cola.join()); // ya está todo hecho
    /// assert!(cola.task_done().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn task_done(&self) -> Result<(), TaskDoneError> {
        let mut inside = self.0.inside.lock();
        let left = inside.unfinished.checked_sub(1).ok_or(TaskDoneError)?;
        self.0.set_unfinished(&mut inside, left);
        Ok(())
    }

    /// Espera a que esté hecho todo lo que se ha puesto: por cada elemento, un [`task_done`](Queue::task_done).
    ///
    /// Si nadie saca lo que hay o a alguien se le olvida `task_done`, no vuelve nunca.
    ///
    /// # En Python
    ///
    /// `await cola.join()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, Queue, create_task};
    ///
    /// let cola = Queue::new();
    /// asyncio::run(async {
    ///     let tareas = cola.clone();
    ///     create_task(async move {
    ///         while let Ok(tarea) = tareas.get().await {
    ///             println!("{tarea}: hecha");
    ///             tareas.task_done().unwrap();
    ///         }
    ///     });
    ///     for tarea in 1..=3 {
    ///         cola.put(tarea).await?;
    ///     }
    ///     cola.join().await; // las tres, hechas y no solo sacadas
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn join(&self) {
        let finished = self.0.finished.wait();
        waiting(pin!(finished), State::Wait, "Queue sin acabar").await;
    }

    /// Cierra la cola: no admite nada más, pero lo que hay dentro se puede sacar.
    ///
    /// Los que esperan un hueco o un elemento se despiertan con un error. Los que esperan en [`join`](Queue::join)
    /// siguen esperando lo que falte por hacer. Cerrarla otra vez no hace nada.
    ///
    /// # En Python
    ///
    /// `cola.shutdown()`, desde la versión 3.13.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::Queue;
    ///
    /// let cola = Queue::new();
    /// cola.put_nowait(1)?;
    /// cola.shutdown();
    /// assert!(cola.put_nowait(2).unwrap_err().is_shutdown());
    /// assert_eq!(cola.get_nowait()?, 1);
    /// assert!(cola.get_nowait().unwrap_err().is_shutdown());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shutdown(&self) {
        self.0.inside.lock().shutdown = true;
        self.0.items.close();
        if let Some(slots) = &self.0.slots {
            slots.close();
        }
    }

    /// Cierra la cola y tira lo que hay dentro.
    ///
    /// Lo tirado cuenta como hecho para [`join`](Queue::join). Lo que ya se había sacado, no: le sigue tocando su
    /// [`task_done`](Queue::task_done).
    ///
    /// # En Python
    ///
    /// `cola.shutdown(immediate=True)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, Queue};
    ///
    /// let cola = Queue::new();
    /// cola.put_nowait(1)?;
    /// cola.shutdown_immediate();
    /// assert!(cola.get_nowait().is_err());
    /// asyncio::run(cola.join()); // no queda nada por hacer
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shutdown_immediate(&self) {
        self.shutdown();
        let mut inside = self.0.inside.lock();
        let mut dropped = Vec::with_capacity(inside.store.len());
        while let Some(item) = inside.store.pop() {
            dropped.push(item);
        }
        let left = inside.unfinished.saturating_sub(dropped.len());
        self.0.set_unfinished(&mut inside, left);
        // Los elementos se sueltan sin el cerrojo: al caer podrían usar la cola.
        drop(inside);
    }

    /// ¿Está cerrada? No espera.
    ///
    /// # En Python
    ///
    /// `cola._is_shutdown`.
    pub fn is_shutdown(&self) -> bool {
        self.0.inside.lock().shutdown
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        write!(f, "{name}({}", self.qsize())?;
        if let Some(maxsize) = self.0.maxsize {
            write!(f, " de {maxsize}")?;
        }
        f.write_str(if self.is_shutdown() {
            ", cerrada)"
        } else {
            ")"
        })
    }
}

impl<T> Shared<T> {
    /// Pone `item` en el hueco que ya tiene.
    fn push(&self, item: T) -> Result<(), QueueFull<T>> {
        let mut inside = self.inside.lock();
        if inside.shutdown {
            return Err(QueueFull::shutdown(item));
        }
        let unfinished = inside.unfinished + 1;
        self.set_unfinished(&mut inside, unfinished);
        // Antes de comparar elementos, que es código de otros y puede entrar en pánico: aun así el elemento queda dentro.
        self.items.add_permits(1);
        inside.store.push(item);
        Ok(())
    }

    /// Saca el que toca y deja su hueco.
    fn pop(&self) -> Option<T> {
        let mut inside = self.inside.lock();
        if inside.store.len() == 0 {
            return None;
        }
        // Sacar también compara elementos: pase lo que pase, uno ya no está.
        let _freed = self.slots.as_ref().map(Freed);
        inside.store.pop()
    }

    fn set_unfinished(&self, inside: &mut Inside<T>, unfinished: usize) {
        let before = std::mem::replace(&mut inside.unfinished, unfinished);
        match (before, unfinished) {
            (0, 1..) => self.finished.clear(),
            (1.., 0) => self.finished.set(),
            _ => {}
        }
    }
}

/// Un hueco que va a quedar libre.
struct Freed<'a>(&'a Semaphore);

impl Drop for Freed<'_> {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

fn limit(maxsize: usize) -> Option<usize> {
    assert!(
        maxsize > 0,
        "en una cola de 0 huecos no cabe nada: para una sin límite, usa new()"
    );
    Some(maxsize)
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Queue<T> {
        Queue(Arc::clone(&self.0))
    }
}

impl<T: Send + 'static> Default for Queue<T> {
    fn default() -> Queue<T> {
        Queue::new()
    }
}

/// `Queue(3 de 8)`: los que hay y los que caben.
impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(f, "Queue")
    }
}

impl<T> Store<T> for VecDeque<T> {
    fn push(&mut self, item: T) {
        self.push_back(item);
    }

    fn pop(&mut self) -> Option<T> {
        self.pop_front()
    }

    fn len(&self) -> usize {
        self.len()
    }
}

impl<T> Store<T> for Vec<T> {
    fn push(&mut self, item: T) {
        self.push(item);
    }

    fn pop(&mut self) -> Option<T> {
        self.pop()
    }

    fn len(&self) -> usize {
        self.len()
    }
}

impl<T: Ord> Store<T> for BinaryHeap<Reverse<T>> {
    fn push(&mut self, item: T) {
        self.push(Reverse(item));
    }

    fn pop(&mut self) -> Option<T> {
        self.pop().map(|Reverse(item)| item)
    }

    fn len(&self) -> usize {
        self.len()
    }
}

/// Una [`Queue`] de la que sale primero el último que entró.
///
/// Es una `Queue` en todo lo demás, y donde se pide una `&Queue` vale.
///
/// # En Python
///
/// `asyncio.LifoQueue()`.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::LifoQueue;
///
/// let pila = LifoQueue::new();
/// pila.put_nowait("abajo")?;
/// pila.put_nowait("arriba")?;
/// assert_eq!(pila.get_nowait()?, "arriba");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LifoQueue<T>(Queue<T>);

impl<T: Send + 'static> LifoQueue<T> {
    /// Una pila sin límite.
    pub fn new() -> LifoQueue<T> {
        LifoQueue(Queue::with_store(Vec::new(), None))
    }

    /// Una pila en la que caben `maxsize` elementos.
    ///
    /// # Panics
    ///
    /// Si `maxsize` es 0.
    pub fn bounded(maxsize: usize) -> LifoQueue<T> {
        LifoQueue(Queue::with_store(Vec::new(), limit(maxsize)))
    }
}

/// Una [`Queue`] de la que sale primero el menor.
///
/// Los elementos suelen ser tuplas, `(prioridad, tarea)`; entre iguales, el orden no está escrito. Es una `Queue` en todo
/// lo demás, y donde se pide una `&Queue` vale.
///
/// # En Python
///
/// `asyncio.PriorityQueue()`.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::PriorityQueue;
///
/// let cola = PriorityQueue::new();
/// cola.put_nowait((2, "luego"))?;
/// cola.put_nowait((1, "ya"))?;
/// assert_eq!(cola.get_nowait()?, (1, "ya"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PriorityQueue<T>(Queue<T>);

impl<T: Ord + Send + 'static> PriorityQueue<T> {
    /// Una cola con prioridad, sin límite.
    pub fn new() -> PriorityQueue<T> {
        PriorityQueue(Queue::with_store(BinaryHeap::new(), None))
    }

    /// Una cola con prioridad en la que caben `maxsize` elementos.
    ///
    /// # Panics
    ///
    /// Si `maxsize` es 0.
    pub fn bounded(maxsize: usize) -> PriorityQueue<T> {
        PriorityQueue(Queue::with_store(BinaryHeap::new(), limit(maxsize)))
    }
}

macro_rules! is_a_queue {
    ($($name:ident: [$($bound:tt)+])+) => {$(
        impl<T> Deref for $name<T> {
            type Target = Queue<T>;

            fn deref(&self) -> &Queue<T> {
                &self.0
            }
        }

        impl<T> Clone for $name<T> {
            fn clone(&self) -> $name<T> {
                $name(self.0.clone())
            }
        }

        impl<T: $($bound)+> Default for $name<T> {
            fn default() -> $name<T> {
                $name::new()
            }
        }

        /// Como una [`Queue`], con su nombre.
        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.describe(f, stringify!($name))
            }
        }
    )+};
}

is_a_queue! {
    LifoQueue: [Send + 'static]
    PriorityQueue: [Ord + Send + 'static]
}

/// En la cola no hay nada que sacar: todavía no o, si [está cerrada](QueueEmpty::is_shutdown), ya nunca.
///
/// # En Python
///
/// `asyncio.QueueEmpty`, y `asyncio.QueueShutDown` si está cerrada.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::Queue;
///
/// let cola: Queue<u32> = Queue::new();
/// assert!(!cola.get_nowait().unwrap_err().is_shutdown()); // podría llegar algo
/// cola.shutdown();
/// assert!(cola.get_nowait().unwrap_err().is_shutdown());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueEmpty {
    shutdown: bool,
}

impl QueueEmpty {
    /// ¿Está la cola cerrada? Entonces ya no habrá nada más.
    pub fn is_shutdown(&self) -> bool {
        self.shutdown
    }
}

impl fmt::Display for QueueEmpty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.shutdown {
            "la cola está cerrada y ya no queda nada que sacar: es el momento de acabar el bucle"
        } else {
            "la cola está vacía: para esperar a que haya algo, usa get().await"
        })
    }
}

impl Error for QueueEmpty {}

/// En la cola no cabe el elemento, que va [dentro del error](QueueFull::into_inner): todavía no o, si
/// [está cerrada](QueueFull::is_shutdown), ya nunca.
///
/// # En Python
///
/// `asyncio.QueueFull`, y `asyncio.QueueShutDown` si está cerrada.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::Queue;
///
/// let cola = Queue::bounded(1);
/// cola.put_nowait("uno")?;
/// let error = cola.put_nowait("dos").unwrap_err();
/// assert!(!error.is_shutdown()); // podría haber hueco luego
/// assert_eq!(error.into_inner(), "dos");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct QueueFull<T> {
    item: T,
    shutdown: bool,
}

impl<T> QueueFull<T> {
    fn shutdown(item: T) -> QueueFull<T> {
        QueueFull {
            item,
            shutdown: true,
        }
    }

    /// El elemento que no ha entrado.
    pub fn into_inner(self) -> T {
        self.item
    }

    /// ¿Está la cola cerrada? Entonces ya no admite nada más.
    pub fn is_shutdown(&self) -> bool {
        self.shutdown
    }
}

/// Sin el elemento, que puede no tener `Debug`.
impl<T> fmt::Debug for QueueFull<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueueFull")
            .field("shutdown", &self.shutdown)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Display for QueueFull<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.shutdown {
            "la cola está cerrada y no admite nada más: el elemento sigue en este error (into_inner)"
        } else {
            "la cola está llena: para esperar a que haya un hueco, usa put(…).await"
        })
    }
}

impl<T> Error for QueueFull<T> {}
