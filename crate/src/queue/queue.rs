//! `Queue`: una cola entre hilos; sale primero lo que entró primero.
//!
//! El canal es de crossbeam. Aquí se le añade lo que no tiene: contar las tareas y cerrarse sin soltar sus extremos,
//! que están los dos en la cola. De lo primero, y de saber cuándo ya no entra nada, se encarga la [puerta](Door); de
//! despertar a quien espera, otro canal por el que no se manda nada y que se desconecta al cerrar.

use std::convert::Infallible;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crossbeam::channel::{self, Receiver, Select, Sender, TryRecvError};
use crossbeam::utils::{Backoff, CachePadded};

use super::crowd::{Crowd, Visitor};
use super::debug::describe;
use super::door::Door;
use super::wait::{Refusal, Wait};
use super::{Empty, Full, Iter, TaskDoneError};
use crate::time::to_real;
use crate::timeline::{self, Inside, address};

/// Una cola que usan a la vez todos los hilos que haga falta: cada elemento lo saca uno solo.
///
/// Los que pone un mismo hilo salen en el orden en que los puso. Los clones son la misma cola: dale uno a cada hilo.
///
/// [`shutdown`](Queue::shutdown) la cierra: los que esperan se despiertan, nadie más puede poner y, cuando se vacía,
/// sacar es un error. Recorrerla con `for` saca hasta entonces. Si nadie la cierra, el que espera espera para siempre:
/// que se suelten los demás clones no la cierra.
///
/// [`task_done`](Queue::task_done) y [`join`](Queue::join) dicen cuándo está hecho todo lo que se puso, no solo sacado.
///
/// Lo que quede dentro se suelta con el último clon.
///
/// # En Python
///
/// ```python
/// cola = queue.Queue(maxsize=8)
/// cola.put(1)
/// cola.get(timeout=5)   # queue.Empty si se acaba el plazo
/// cola.shutdown()       # desde la versión 3.13
/// ```
///
/// # A pelo
///
/// Un canal, con sus extremos separados: se cierra cuando cae el último emisor.
///
/// ```
/// use concurrencia::crossbeam::channel;
///
/// let (emisor, receptor) = channel::bounded(8);
/// emisor.send(1).unwrap();
/// drop(emisor);
/// assert_eq!(receptor.iter().sum::<i32>(), 1);
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
/// use concurrencia::queue::Queue;
///
/// let cola = Queue::bounded(8);
/// let mut consumidores: Vec<Thread<u64>> = (0..2)
///     .map(|_| {
///         let cola = cola.clone();
///         Thread::new(move || cola.iter().sum())
///     })
///     .collect();
/// for consumidor in &mut consumidores {
///     consumidor.start()?;
/// }
/// for n in 1..=100 {
///     cola.put(n)?;
/// }
/// cola.shutdown();
/// let mut suma = 0;
/// for consumidor in consumidores {
///     suma += consumidor.join()?;
/// }
/// assert_eq!(suma, 5050);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Queue<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    sender: Sender<T>,
    receiver: Receiver<T>,
    /// Se desconecta al cerrar, cuando ya no entra nada.
    closed: Receiver<Infallible>,
    closer: Mutex<Option<Sender<Infallible>>>,
    /// La escriben todos los que ponen; lo demás, ninguno.
    door: CachePadded<Door>,
    /// Cuántos duermen esperando algo o un hueco. Solo para la línea de tiempo: no ordena nada.
    waiting: CachePadded<AtomicUsize>,
}

impl<T> Queue<T> {
    /// Una cola sin límite: [`put`](Queue::put) no espera nunca.
    ///
    /// # En Python
    ///
    /// `queue.Queue()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::Queue;
    ///
    /// let cola = Queue::new();
    /// cola.put("uno")?;
    /// cola.put("dos")?;
    /// assert_eq!(cola.qsize(), 2);
    /// assert_eq!(cola.get()?, "uno");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new() -> Queue<T> {
        Queue::over(channel::unbounded())
    }

    /// Una cola en la que caben `maxsize` elementos: [`put`](Queue::put) espera a que haya un hueco.
    ///
    /// Reserva ya la memoria para todos.
    ///
    /// # En Python
    ///
    /// `queue.Queue(maxsize)`; allí un `maxsize` de 0 es sin límite.
    ///
    /// # Panics
    ///
    /// Si `maxsize` es 0, o si no hay memoria para tantos.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::Queue;
    ///
    /// let cola = Queue::bounded(1);
    /// cola.put(1)?;
    /// assert!(cola.is_full());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bounded(maxsize: usize) -> Queue<T> {
        assert!(
            maxsize > 0,
            "en una cola de 0 huecos no cabe nada: para una sin límite, usa Queue::new()"
        );
        Queue::over(channel::bounded(maxsize))
    }

    fn over((sender, receiver): (Sender<T>, Receiver<T>)) -> Queue<T> {
        let (closer, closed) = channel::bounded(0);
        Queue {
            shared: Arc::new(Shared {
                sender,
                receiver,
                closed,
                closer: Mutex::new(Some(closer)),
                door: CachePadded::new(Door::new()),
                waiting: CachePadded::new(AtomicUsize::new(0)),
            }),
        }
    }

    /// Pone `value` al final. Si la cola tiene límite y está llena, **bloquea** hasta que haya un hueco.
    ///
    /// Quien lo saca ve todo lo que se hizo antes de ponerlo.
    ///
    /// # En Python
    ///
    /// `cola.put(value)`.
    ///
    /// # Errors
    ///
    /// [`Full`] si la cola está cerrada, o si la cierran mientras espera el hueco. Lleva dentro `value`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::Queue;
    ///
    /// let cola = Queue::new();
    /// cola.put(1)?;
    /// cola.shutdown();
    /// let error = cola.put(2).unwrap_err();
    /// assert!(error.is_shutdown());
    /// assert_eq!(error.into_inner(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn put(&self, value: T) -> Result<(), Full<T>> {
        Ok(self.shared.put(value, Wait::Forever)?)
    }

    /// Como [`put`](Queue::put), pero espera el hueco como mucho `seconds` segundos de la lección.
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
    /// use concurrencia::queue::Queue;
    ///
    /// let cola = Queue::bounded(1);
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
    /// use concurrencia::queue::Queue;
    ///
    /// let cola = Queue::bounded(1);
    /// cola.put_nowait(1)?;
    /// assert_eq!(cola.put_nowait(2).unwrap_err().into_inner(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn put_nowait(&self, value: T) -> Result<(), Full<T>> {
        Ok(self.shared.put(value, Wait::No)?)
    }

    /// Saca el primer elemento. **Bloquea** hasta que haya uno o se cierre la cola.
    ///
    /// # En Python
    ///
    /// `cola.get()`.
    ///
    /// # Errors
    ///
    /// [`Empty`] si la cola está cerrada y vacía.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::Queue;
    ///
    /// let cola = Queue::new();
    /// cola.put(1)?;
    /// cola.shutdown();
    /// assert_eq!(cola.get()?, 1); // lo que había se puede sacar
    /// assert!(cola.get().unwrap_err().is_shutdown());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get(&self) -> Result<T, Empty> {
        Ok(self.shared.get(Wait::Forever)?)
    }

    /// Como [`get`](Queue::get), pero espera como mucho `seconds` segundos de la lección.
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
    /// use concurrencia::queue::Queue;
    ///
    /// let cola: Queue<u32> = Queue::new();
    /// assert!(cola.get_timeout(0.1).unwrap_err().is_timeout());
    /// ```
    pub fn get_timeout(&self, seconds: impl Into<f64>) -> Result<T, Empty> {
        Ok(self.shared.get(Wait::at_most(to_real(seconds)))?)
    }

    /// Saca el primer elemento, si lo hay. No bloquea.
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
    /// use concurrencia::queue::Queue;
    ///
    /// let cola = Queue::new();
    /// assert!(cola.get_nowait().is_err());
    /// cola.put(1)?;
    /// assert_eq!(cola.get_nowait()?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get_nowait(&self) -> Result<T, Empty> {
        Ok(self.shared.get(Wait::No)?)
    }

    /// Lo que va saliendo, hasta que se cierra y se vacía. Cada vuelta **bloquea** como [`get`](Queue::get).
    ///
    /// Es lo que hace `for elemento in &cola`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::Queue;
    ///
    /// let cola = Queue::new();
    /// cola.put(1)?;
    /// cola.put(2)?;
    /// cola.shutdown();
    /// assert_eq!(cola.iter().collect::<Vec<_>>(), [1, 2]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn iter(&self) -> Iter<'_, Queue<T>> {
        Iter::new(self)
    }

    /// Da por hecha la tarea de un elemento sacado. No bloquea.
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
    /// use concurrencia::queue::Queue;
    ///
    /// let cola = Queue::new();
    /// cola.put("tarea")?;
    /// cola.get()?;
    /// cola.task_done()?;
    /// cola.join(); // ya está todo hecho
    /// assert!(cola.task_done().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn task_done(&self) -> Result<(), TaskDoneError> {
        TaskDoneError::unless(self.shared.door.finish())
    }

    /// Espera a que esté hecho todo lo que se ha puesto: por cada elemento, un [`task_done`](Queue::task_done).
    ///
    /// **Bloquea**, sin plazo. Si nadie saca lo que hay o a alguien se le olvida `task_done`, no vuelve nunca. Quien
    /// vuelve ve todo lo que hicieron los demás antes de sus `task_done`.
    ///
    /// # En Python
    ///
    /// `cola.join()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    /// use concurrencia::queue::Queue;
    ///
    /// let cola = Queue::new();
    /// let tareas = cola.clone();
    /// let mut hilo = Thread::new(move || {
    ///     for tarea in &tareas {
    ///         println!("{tarea}: hecha");
    ///         tareas.task_done().unwrap();
    ///     }
    /// });
    /// hilo.start()?;
    /// for tarea in 1..=3 {
    ///     cola.put(tarea)?;
    /// }
    /// cola.join(); // las tres, hechas y no solo sacadas
    /// cola.shutdown();
    /// hilo.join()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn join(&self) {
        self.shared.door.join(Wait::Forever);
    }

    /// Como [`join`](Queue::join), pero espera como mucho `seconds` segundos de la lección. `true` si está todo hecho.
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
    /// use concurrencia::queue::Queue;
    ///
    /// let cola = Queue::new();
    /// cola.put("tarea")?;
    /// assert!(!cola.join_timeout(0.1)); // no la hace nadie
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use = "dice si está todo hecho o se ha acabado el plazo"]
    pub fn join_timeout(&self, seconds: impl Into<f64>) -> bool {
        self.shared.door.join(Wait::at_most(to_real(seconds)))
    }

    /// Cierra la cola: no admite nada más, pero lo que hay dentro se puede sacar.
    ///
    /// Los que esperan un hueco se despiertan con un error; los que esperan un elemento, también, cuando no queda
    /// ninguno. Los que esperan en [`join`](Queue::join) siguen esperando lo que falte por hacer. Cerrarla otra vez no
    /// hace nada.
    ///
    /// # En Python
    ///
    /// `cola.shutdown()`, desde la versión 3.13.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::queue::Queue;
    ///
    /// let cola = Queue::new();
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

    /// Cierra la cola y tira lo que hay dentro: los que esperan un elemento se despiertan ya con un error.
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
    /// use concurrencia::queue::Queue;
    ///
    /// let cola = Queue::new();
    /// cola.put(1)?;
    /// cola.shutdown_immediate();
    /// assert!(cola.get().unwrap_err().is_shutdown());
    /// cola.join(); // no queda nada por hacer
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shutdown_immediate(&self) {
        self.shared.shutdown();
        // Todos antes que ninguno: al caer uno podría usar la cola, o entrar en pánico.
        let dropped: Vec<T> = self.shared.receiver.try_iter().collect();
        for _ in &dropped {
            self.shared.door.finish();
        }
    }

    /// ¿Está cerrada? No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.is_shutdown`.
    pub fn is_shutdown(&self) -> bool {
        self.shared.door.is_closed()
    }

    /// Cuántos elementos hay ahora; cuando lo mires puede haber ya otros. No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.qsize()`.
    pub fn qsize(&self) -> usize {
        self.shared.receiver.len()
    }

    /// ¿Está vacía? No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.empty()`.
    pub fn is_empty(&self) -> bool {
        self.shared.receiver.is_empty()
    }

    /// ¿Está llena? Una cola sin límite no lo está nunca. No bloquea.
    ///
    /// # En Python
    ///
    /// `cola.full()`.
    pub fn is_full(&self) -> bool {
        self.shared.receiver.is_full()
    }

    /// Cuántos elementos caben; `None` si no tiene límite.
    ///
    /// # En Python
    ///
    /// `cola.maxsize`, que es 0 si no tiene límite.
    pub fn maxsize(&self) -> Option<usize> {
        self.shared.receiver.capacity()
    }
}

impl<T> Shared<T> {
    fn put(&self, mut value: T, wait: Wait) -> Result<(), (T, Refusal)> {
        loop {
            self.announce();
            value = match self.offer(value) {
                Err((value, Refusal::NotNow)) => value,
                done => return done,
            };
            // Se espera a que haya hueco y se vuelve a intentar: dejárselo poner al canal sería no pasar por la puerta.
            if let Err(refusal) = self.wait_for_room(wait) {
                return Err((value, refusal));
            }
        }
    }

    fn offer(&self, value: T) -> Result<(), (T, Refusal)> {
        as_visitor(|visitor| {
            self.door.pass(visitor, value, |value| {
                self.sender
                    .try_send(value)
                    .map_err(channel::TrySendError::into_inner)
            })
        })
    }

    #[cold]
    fn wait_for_room(&self, wait: Wait) -> Result<(), Refusal> {
        match wait {
            Wait::No => return Err(Refusal::NotNow),
            Wait::Until(deadline) if Instant::now() >= deadline => return Err(Refusal::Timeout),
            _ => {}
        }
        let _waiting = self.wait("hueco en la cola");
        let insist = Backoff::new();
        while !insist.is_completed() {
            insist.snooze();
            if !self.receiver.is_full() {
                return Ok(());
            }
        }
        let mut select = Select::new_biased();
        select.recv(&self.closed);
        select.send(&self.sender);
        match wait {
            Wait::Until(deadline) => {
                select
                    .ready_deadline(deadline)
                    .map_err(|_| Refusal::Timeout)?;
            }
            _ => {
                select.ready();
            }
        }
        Ok(())
    }

    fn get(&self, wait: Wait) -> Result<T, Refusal> {
        let insist = Backoff::new();
        let mut _waiting = None;
        loop {
            if let Ok(value) = self.receiver.try_recv() {
                self.announce();
                return Ok(value);
            }
            if timeline::is_on() && !matches!(wait, Wait::No) {
                _waiting.get_or_insert_with(|| self.wait("algo en la cola"));
            }
            // Dormir y despertar cuesta más que lo que suele tardar en llegar.
            if matches!(wait, Wait::No) || insist.is_completed() {
                return self.get_later(wait);
            }
            insist.snooze();
        }
    }

    #[cold]
    fn get_later(&self, wait: Wait) -> Result<T, Refusal> {
        let mut select = Select::new_biased();
        let ready = select.recv(&self.receiver);
        select.recv(&self.closed);
        let operation = match wait {
            Wait::No => return self.get_nothing(),
            Wait::Forever => select.select(),
            Wait::Until(deadline) => select
                .select_deadline(deadline)
                .map_err(|_| Refusal::Timeout)?,
        };
        if operation.index() == ready {
            let value = operation.recv(&self.receiver);
            return Ok(value.expect("el otro extremo está en esta misma cola"));
        }
        // Por aquí no llega nada: es que se ha cerrado.
        let _ = operation.recv(&self.closed);
        self.get_last()
    }

    /// No hay nada. ¿Porque todavía no, o porque ya no?
    /// Quien llama se pone a esperar, hasta que suelte lo que esto da.
    fn wait(&self, what: &'static str) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting {
            count: &self.waiting,
            _noted: timeline::wait_for_other(address(self), what),
        }
    }

    /// Se mete o se saca algo: quien espere puede seguir.
    #[inline]
    fn announce(&self) {
        if timeline::is_on() && self.waiting.load(Ordering::Relaxed) > 0 {
            timeline::signal(address(self));
        }
    }

    fn get_nothing(&self) -> Result<T, Refusal> {
        if !self.door.is_closed() {
            return Err(Refusal::NotNow);
        }
        // Puede estar metiendo lo suyo alguien que pasó antes de que se cerrara. Es un momento.
        let _ = self.closed.recv();
        self.get_last()
    }

    /// Saca lo que quede después de cerrada: lo que no haya ahora no lo habrá nunca.
    fn get_last(&self) -> Result<T, Refusal> {
        self.receiver
            .try_recv()
            .map_err(|_: TryRecvError| Refusal::Shutdown)
    }

    fn shutdown(&self) {
        self.door.close(&CROWD);
        let closer = self
            .closer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(closer);
    }
}

/// Alguien espera algo o un hueco, y en la línea de tiempo consta hasta que esto se suelte.
struct Waiting<'a> {
    count: &'a AtomicUsize,
    _noted: Option<Inside>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Los hilos que han puesto algo en alguna cola.
static CROWD: Crowd = Crowd::new();

/// Este hilo, mientras viva.
struct Member(Arc<Visitor>);

impl Member {
    fn new() -> Member {
        Member(CROWD.join())
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        CROWD.leave(&self.0);
    }
}

fn as_visitor<R>(visit: impl FnOnce(&Visitor) -> R) -> R {
    thread_local!(static MEMBER: Member = Member::new());
    let mut visit = Some(visit);
    let mut run = |member: &Member| visit.take().map(|visit| visit(&member.0));
    match MEMBER.try_with(&mut run) {
        Ok(done) => done,
        // El hilo está acabando y ya se ha borrado: se apunta solo para esto.
        Err(_) => run(&Member::new()),
    }
    .expect("se llama una sola vez")
}

impl<T> Default for Queue<T> {
    fn default() -> Queue<T> {
        Queue::new()
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Queue<T> {
        Queue {
            shared: Arc::clone(&self.shared),
        }
    }
}

/// `Queue(3 de 8)`: cuántos hay y cuántos caben en ese momento, y si está cerrada.
impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe(f, "Queue", self.qsize(), self.maxsize(), self.is_shutdown())
    }
}
