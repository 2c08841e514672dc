//! `Condition`: esperar, con un cerrojo de por medio, a que el dato sea como hace falta.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use super::error::{Cause, SyncError};
use super::lock::{Lock, LockGuard};
use super::name;
use super::sleepers::Sleepers;
use crate::time::deadline;
use crate::timeline::{self, Label, State};

/// Un cerrojo con su dato y una cola de hilos que esperan a que el dato cambie.
///
/// Quien espera coge el cerrojo, mira el dato y, si no es lo que quiere, lo suelta y se duerme en un solo paso con
/// [`wait_for`](Condition::wait_for); quien lo cambia avisa con [`notify`](Condition::notify) o
/// [`notify_all`](Condition::notify_all). Como el dato solo se toca con el cerrojo cogido, no se pierde ningún aviso:
/// nadie puede cambiarlo entre que uno lo mira y se duerme. Nadie despierta sin que lo avisen, y avisa primero al que más
/// lleva.
///
/// Trae su propio [`Lock`], con el mismo nombre; [`with_lock`](Condition::with_lock) usa uno que ya tengas, y así varias
/// condiciones comparten un dato («hay sitio», «hay algo»). Volver a coger el cerrojo al despertar también descubre los
/// interbloqueos; esperar un aviso que nadie va a dar, no: para eso están los plazos.
///
/// Un clon es otro mango de la misma condición. Si alguien la suelta mientras otros esperan, no pasa nada: cada uno tiene
/// el suyo.
///
/// # En Python
///
/// ```python
/// hay_algo = threading.Condition()
/// with hay_algo:
///     hay_algo.wait_for(lambda: cola)
///     print(cola.pop())
/// ```
///
/// Allí `notify` sin el cerrojo cogido lanza `RuntimeError`; aquí se puede, porque el dato no se cambia sin él.
///
/// # A pelo
///
/// ```
/// use std::sync::{Condvar, Mutex};
/// use std::thread;
///
/// let (cola, hay_algo) = (Mutex::new(Vec::new()), Condvar::new());
/// let salida = thread::scope(|hilos| {
///     hilos.spawn(|| {
///         cola.lock().unwrap().push(7);
///         hay_algo.notify_one();
///     });
///     // Mientras esté vacía: al revés que en Python, y puede despertar sin aviso.
///     hay_algo.wait_while(cola.lock().unwrap(), |cola| cola.is_empty()).unwrap().pop()
/// });
/// assert_eq!(salida, Some(7));
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
/// use concurrencia::sync::{Condition, SyncError};
///
/// let cola = Condition::new(Vec::new());
/// let clon = cola.clone();
/// let mut consumidor = Thread::new(move || -> Result<Option<i32>, SyncError> {
///     let turno = clon.acquire()?;
///     let mut turno = clon.wait_for(turno, |cola| !cola.is_empty())?;
///     Ok(turno.pop())
/// });
/// consumidor.start()?;
/// cola.acquire()?.push(7);
/// cola.notify(1);
/// assert_eq!(consumidor.join()??, Some(7));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Condition<T> {
    lock: Lock<T>,
    sleepers: Arc<Sleepers>,
}

impl<T> Condition<T> {
    /// Una condición con su propio cerrojo, y `value` dentro.
    ///
    /// Se llama «Condition-1», «Condition-2»… por orden de creación; [`with_name`](Condition::with_name) le da otro
    /// nombre.
    ///
    /// # En Python
    ///
    /// `threading.Condition()`, sin dato y con un `RLock`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Condition;
    ///
    /// let plazas = Condition::new(3);
    /// assert_eq!(*plazas.acquire()?, 3);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn new(value: T) -> Condition<T> {
        static CREATED: AtomicUsize = AtomicUsize::new(0);
        Condition::with_lock(&Lock::named(name::next("Condition", &CREATED), value))
    }

    /// Una condición sobre un cerrojo que ya existe. Se llama como él.
    ///
    /// # En Python
    ///
    /// `threading.Condition(cerrojo)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::{Condition, Lock};
    ///
    /// let buzon = Lock::new(Vec::from(["carta"]));
    /// let hay_algo = Condition::with_lock(&buzon);
    /// let hay_sitio = Condition::with_lock(&buzon);
    ///
    /// let mut turno = hay_algo.wait_for(buzon.acquire()?, |buzon| !buzon.is_empty())?;
    /// assert_eq!(turno.pop(), Some("carta"));
    /// hay_sitio.notify(1);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn with_lock(lock: &Lock<T>) -> Condition<T> {
        Condition {
            lock: lock.clone(),
            sleepers: Arc::default(),
        }
    }

    /// Le pone nombre, a ella y a su cerrojo: el que sale en `Debug` y en los errores.
    ///
    /// # Panics
    ///
    /// Si ya se ha clonado o comparte el cerrojo: entonces el nombre es el del cerrojo.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Condition;
    ///
    /// let pedidos = Condition::new(0).with_name("pedidos");
    /// assert_eq!(pedidos.name(), "pedidos");
    /// ```
    #[must_use = "with_name devuelve la condición con su nombre nuevo"]
    pub fn with_name(mut self, name: impl Into<String>) -> Condition<T> {
        self.lock = self.lock.with_name(name);
        self
    }

    /// Su nombre, que es el de su cerrojo.
    pub fn name(&self) -> &str {
        self.lock.name()
    }

    /// Coge el cerrojo, como [`Lock::acquire`]. **Bloquea** mientras lo tenga otro hilo.
    ///
    /// # En Python
    ///
    /// `with condicion:`
    ///
    /// # Errors
    ///
    /// [`is_deadlock`](SyncError::is_deadlock) si esperarlo no acabaría nunca.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Condition;
    ///
    /// let plazas = Condition::new(0);
    /// *plazas.acquire()? += 1;
    /// plazas.notify(1);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn acquire(&self) -> Result<LockGuard<'_, T>, SyncError> {
        self.lock.acquire()
    }

    /// Coge el cerrojo con un plazo, como [`Lock::acquire_timeout`].
    ///
    /// # Errors
    ///
    /// [`is_timeout`](SyncError::is_timeout) si se acaba el plazo.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Condition;
    ///
    /// let plazas = Condition::new(3);
    /// let _turno = plazas.acquire()?;
    /// assert!(plazas.acquire_timeout(0.1).unwrap_err().is_timeout());
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn acquire_timeout(&self, seconds: impl Into<f64>) -> Result<LockGuard<'_, T>, SyncError> {
        self.lock.acquire_timeout(seconds)
    }

    /// Coge el cerrojo si está libre, como [`Lock::try_acquire`]. No bloquea.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Condition;
    ///
    /// let plazas = Condition::new(3);
    /// assert_eq!(plazas.try_acquire().as_deref(), Some(&3));
    /// ```
    pub fn try_acquire(&self) -> Option<LockGuard<'_, T>> {
        self.lock.try_acquire()
    }

    /// Llama a `f` con el dato, con el cerrojo cogido, como [`Lock::with`]. **Bloquea** mientras lo tenga otro hilo.
    ///
    /// # Errors
    ///
    /// Los de [`acquire`](Condition::acquire).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Condition;
    ///
    /// let plazas = Condition::new(0);
    /// plazas.with(|n| *n += 1)?;
    /// plazas.notify(1);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> Result<R, SyncError> {
        self.lock.with(f)
    }

    /// Suelta el cerrojo, espera un aviso y lo vuelve a coger. **Bloquea.**
    ///
    /// Solo vuelve si la han avisado, pero entre el aviso y volver a coger el cerrojo otro ha podido cambiar el dato:
    /// míralo otra vez, o deja que lo haga [`wait_for`](Condition::wait_for). El aviso de antes de llegar no cuenta.
    ///
    /// # En Python
    ///
    /// `condicion.wait()`.
    ///
    /// # Errors
    ///
    /// [`is_deadlock`](SyncError::is_deadlock) si, al despertar, esperar el cerrojo no acabaría nunca;
    /// [`is_wrong_guard`](SyncError::is_wrong_guard) si `guard` es de otro cerrojo. En los dos casos el guard ya se ha
    /// soltado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    /// use concurrencia::sync::{Condition, SyncError};
    ///
    /// let hecho = Condition::new(false);
    /// let clon = hecho.clone();
    /// let mut hilo = Thread::new(move || -> Result<(), SyncError> {
    ///     *clon.acquire()? = true;
    ///     clon.notify_all();
    ///     Ok(())
    /// });
    /// let mut turno = hecho.acquire()?;
    /// hilo.start()?;
    /// while !*turno {
    ///     turno = hecho.wait(turno)?;
    /// }
    /// drop(turno);
    /// hilo.join()??;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wait<'a>(&self, guard: LockGuard<'a, T>) -> Result<LockGuard<'a, T>, SyncError> {
        let inner = guard.inner;
        self.sleep(guard, None)?;
        inner.acquire()
    }

    /// Como [`wait`](Condition::wait), pero espera el aviso como mucho `seconds` segundos de la lección.
    ///
    /// Si se acaba el plazo, el cerrojo queda suelto. Si llega el aviso, volver a coger el cerrojo puede llevar más: lo
    /// que tarden en soltarlo.
    ///
    /// # En Python
    ///
    /// `condicion.wait(5)`, que devuelve `False` si se acaba el plazo, con el cerrojo cogido.
    ///
    /// # Errors
    ///
    /// Los de `wait`, y [`is_timeout`](SyncError::is_timeout) si se acaba el plazo.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Condition;
    ///
    /// let nadie_avisa = Condition::new(());
    /// let error = nadie_avisa.wait_timeout(nadie_avisa.acquire()?, 0.1).unwrap_err();
    /// assert!(error.is_timeout());
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn wait_timeout<'a>(
        &self,
        guard: LockGuard<'a, T>,
        seconds: impl Into<f64>,
    ) -> Result<LockGuard<'a, T>, SyncError> {
        let inner = guard.inner;
        if self.sleep(guard, deadline(seconds))? {
            inner.acquire()
        } else {
            Err(self.timeout())
        }
    }

    /// Espera a que el dato cumpla `ready`, y vuelve con el cerrojo cogido. **Bloquea**; si ya lo cumple, no espera.
    ///
    /// Suelta el cerrojo mientras duerme y mira el dato cada vez que la avisan.
    ///
    /// # En Python
    ///
    /// `condicion.wait_for(lambda: …)`.
    ///
    /// # Errors
    ///
    /// Los de [`wait`](Condition::wait).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Condition;
    ///
    /// let plazas = Condition::new(2);
    /// let mut turno = plazas.wait_for(plazas.acquire()?, |n| *n > 0)?;
    /// *turno -= 1;
    /// assert_eq!(*turno, 1);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn wait_for<'a>(
        &self,
        guard: LockGuard<'a, T>,
        ready: impl FnMut(&T) -> bool,
    ) -> Result<LockGuard<'a, T>, SyncError> {
        self.wait_for_until(guard, ready, None)
    }

    /// Como [`wait_for`](Condition::wait_for), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// Si se acaba el plazo mira el dato una última vez, y si sigue sin cumplirlo deja el cerrojo suelto.
    ///
    /// # En Python
    ///
    /// `condicion.wait_for(lambda: …, 5)`, que devuelve `False` si se acaba el plazo.
    ///
    /// # Errors
    ///
    /// Los de `wait`, y [`is_timeout`](SyncError::is_timeout) si se acaba el plazo.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Condition;
    ///
    /// let plazas = Condition::new(0);
    /// let error = plazas.wait_for_timeout(plazas.acquire()?, |n| *n > 0, 0.1).unwrap_err();
    /// assert!(error.is_timeout());
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn wait_for_timeout<'a>(
        &self,
        guard: LockGuard<'a, T>,
        ready: impl FnMut(&T) -> bool,
        seconds: impl Into<f64>,
    ) -> Result<LockGuard<'a, T>, SyncError> {
        self.wait_for_until(guard, ready, deadline(seconds))
    }

    fn wait_for_until<'a>(
        &self,
        mut guard: LockGuard<'a, T>,
        mut ready: impl FnMut(&T) -> bool,
        deadline: Option<Instant>,
    ) -> Result<LockGuard<'a, T>, SyncError> {
        let inner = guard.inner;
        self.check(&guard)?;
        let mut in_time = true;
        while !ready(&guard) {
            if !in_time {
                return Err(self.timeout());
            }
            in_time = self.sleep(guard, deadline)?;
            guard = inner.acquire()?;
        }
        Ok(guard)
    }

    /// Se pone en la cola, suelta el cerrojo y duerme. ¿La han avisado?
    fn sleep(&self, guard: LockGuard<'_, T>, deadline: Option<Instant>) -> Result<bool, SyncError> {
        self.check(&guard)?;
        let seat = self.sleepers.enter();
        drop(guard);
        let note = |object| timeline::waiting(State::Lock, object, || Label::owned(self.name()));
        Ok(self.sleepers.sleep(&seat, deadline, note))
    }

    fn check(&self, guard: &LockGuard<'_, T>) -> Result<(), SyncError> {
        if self.lock.owns(guard) {
            return Ok(());
        }
        let other = guard.inner.name().to_owned();
        Err(SyncError::new(self.name(), Cause::WrongGuard(other)))
    }

    fn timeout(&self) -> SyncError {
        SyncError::new(self.name(), Cause::Timeout)
    }

    /// Avisa a los `n` que más llevan esperando. No bloquea.
    ///
    /// Si esperan menos, avisa a todos; a los que lleguen después, no. No hace falta tener el cerrojo cogido: basta con
    /// haber cambiado el dato antes.
    ///
    /// # En Python
    ///
    /// `condicion.notify(n)`, con el cerrojo cogido.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Condition;
    ///
    /// let plazas = Condition::new(0);
    /// *plazas.acquire()? += 2;
    /// plazas.notify(2); // no espera nadie: no hace nada
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn notify(&self, n: usize) {
        self.sleepers.wake(n);
    }

    /// Avisa a todos los que esperan. No bloquea.
    ///
    /// # En Python
    ///
    /// `condicion.notify_all()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Condition;
    ///
    /// let abierto = Condition::new(false);
    /// *abierto.acquire()? = true;
    /// abierto.notify_all();
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn notify_all(&self) {
        self.sleepers.wake(usize::MAX);
    }
}

/// Otro mango de la misma condición.
impl<T> Clone for Condition<T> {
    fn clone(&self) -> Condition<T> {
        Condition {
            lock: self.lock.clone(),
            sleepers: Arc::clone(&self.sleepers),
        }
    }
}

impl<T: Default> Default for Condition<T> {
    fn default() -> Condition<T> {
        Condition::new(T::default())
    }
}

/// `Condition(«pedidos», libre, esperan 2)`: cómo está su cerrojo y cuántos esperan un aviso, en ese momento.
impl<T> fmt::Debug for Condition<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (state, waiting) = (self.lock.state(), name::waiting(self.sleepers.len()));
        write!(f, "Condition(«{}», {state}{waiting})", self.name())
    }
}
