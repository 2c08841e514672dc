//! `Semaphore`: deja pasar a unos cuantos a la vez.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use super::error::{Cause, SyncError};
use super::name;
use crate::monitor::Monitor;
use crate::time::deadline;
use crate::timeline::{self, Label, State};

/// Un semáforo entre hilos: deja pasar a `n` a la vez, y los demás esperan.
///
/// Hay dos formas de usarlo. [`permit`](Semaphore::permit) da un permiso que se suelta al caer, también con un pánico; se
/// puede guardar y mandar a otro hilo. [`acquire`](Semaphore::acquire) y [`release`](Semaphore::release) van sueltos,
/// como en Python: puede soltar un hilo lo que cogió otro.
///
/// Un clon es otro mango del mismo semáforo. El orden entre los que esperan no está escrito. Como una plaza no es de
/// nadie, no se sabe quién tendría que soltarla: aquí no se descubren los interbloqueos; si puede pasar, espera con plazo.
///
/// # En Python
///
/// ```python
/// descargas = threading.Semaphore(2)
/// with descargas:
///     ...
/// ```
///
/// # A pelo
///
/// std no tiene semáforos: un `Mutex<u32>` y un `Condvar`.
///
/// ```
/// use std::sync::{Condvar, Mutex};
///
/// let (libres, hay_plaza) = (Mutex::new(2), Condvar::new());
/// *hay_plaza.wait_while(libres.lock().unwrap(), |libres| *libres == 0).unwrap() -= 1; // acquire
/// *libres.lock().unwrap() += 1; // release
/// hay_plaza.notify_one();
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::sync::Semaphore;
/// use concurrencia::{Thread, sleep};
///
/// let plazas = Semaphore::new(2);
/// let mut hilos: Vec<_> = (0..4)
///     .map(|id| {
///         let plazas = plazas.clone();
///         Thread::new(move || {
///             let _plaza = plazas.permit(); // como mucho dos a la vez
///             sleep(0.1);
///             id
///         })
///     })
///     .collect();
/// for hilo in &mut hilos {
///     hilo.start()?;
/// }
/// let ids = hilos.into_iter().map(Thread::join).collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(ids, [0, 1, 2, 3]);
/// assert_eq!(plazas.value(), 2);
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
#[derive(Clone)]
pub struct Semaphore(Arc<Inner>);

struct Inner {
    name: String,
    /// De cuántas plazas libres no puede pasar.
    limit: u32,
    free: Monitor<u32>,
}

impl Semaphore {
    /// Un semáforo con `value` plazas.
    ///
    /// Se llama «Semaphore-1», «Semaphore-2»… por orden de creación; [`with_name`](Semaphore::with_name) le da otro
    /// nombre.
    ///
    /// # En Python
    ///
    /// `threading.Semaphore(2)`.
    pub fn new(value: u32) -> Semaphore {
        static CREATED: AtomicUsize = AtomicUsize::new(0);
        Semaphore::with_limit(name::next("Semaphore", &CREATED), value, u32::MAX)
    }

    fn with_limit(name: String, value: u32, limit: u32) -> Semaphore {
        Semaphore(Arc::new(Inner {
            name,
            limit,
            free: Monitor::new(value),
        }))
    }

    /// Le pone nombre: el que sale en `Debug` y en los errores.
    ///
    /// # Panics
    ///
    /// Si ya se ha clonado, o si hay algún permiso dado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Semaphore;
    ///
    /// let plazas = Semaphore::new(2).with_name("descargas");
    /// assert_eq!(format!("{plazas:?}"), "Semaphore(«descargas», libres 2)");
    /// ```
    #[must_use = "with_name devuelve el semáforo con su nombre nuevo"]
    pub fn with_name(mut self, name: impl Into<String>) -> Semaphore {
        let old = self.name().to_owned();
        name::unshared(&mut self.0, &old).name = name.into();
        self
    }

    /// Su nombre.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Ocupa una plaza y da un permiso que la deja al caer. **Bloquea** mientras no haya ninguna libre.
    ///
    /// # En Python
    ///
    /// `with semaforo:`
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Semaphore;
    ///
    /// let plazas = Semaphore::new(2);
    /// {
    ///     let _plaza = plazas.permit();
    ///     assert_eq!(plazas.value(), 1);
    /// }
    /// assert_eq!(plazas.value(), 2);
    /// ```
    pub fn permit(&self) -> Permit {
        self.acquire();
        Permit(self.clone())
    }

    /// Como [`permit`](Semaphore::permit), pero espera como mucho `seconds` segundos de la lección.
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
    /// use concurrencia::sync::Semaphore;
    ///
    /// let plazas = Semaphore::new(1);
    /// let _plaza = plazas.permit();
    /// assert!(plazas.permit_timeout(0.1).unwrap_err().is_timeout());
    /// ```
    pub fn permit_timeout(&self, seconds: impl Into<f64>) -> Result<Permit, SyncError> {
        self.acquire_timeout(seconds)?;
        Ok(Permit(self.clone()))
    }

    /// Un permiso si hay una plaza libre; si no, `None`. No bloquea.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Semaphore;
    ///
    /// let plazas = Semaphore::new(1);
    /// let plaza = plazas.try_permit();
    /// assert!(plaza.is_some());
    /// assert!(plazas.try_permit().is_none());
    /// ```
    pub fn try_permit(&self) -> Option<Permit> {
        self.try_acquire().then(|| Permit(self.clone()))
    }

    /// Ocupa una plaza, hasta que alguien llame a [`release`](Semaphore::release). **Bloquea** mientras no haya ninguna
    /// libre.
    ///
    /// # En Python
    ///
    /// `semaforo.acquire()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Semaphore;
    ///
    /// let pedidos = Semaphore::new(0); // nadie pasa hasta que alguien suelte
    /// assert!(!pedidos.try_acquire());
    /// pedidos.release()?;
    /// pedidos.acquire();
    /// assert_eq!(pedidos.value(), 0);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn acquire(&self) {
        self.acquire_until(None);
    }

    /// Como [`acquire`](Semaphore::acquire), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `semaforo.acquire(timeout=5)`, que devuelve `False` si se acaba el plazo.
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
    /// use concurrencia::sync::Semaphore;
    ///
    /// let pedidos = Semaphore::new(0);
    /// assert!(pedidos.acquire_timeout(0.1).unwrap_err().is_timeout());
    /// ```
    pub fn acquire_timeout(&self, seconds: impl Into<f64>) -> Result<(), SyncError> {
        if self.acquire_until(deadline(seconds)) {
            Ok(())
        } else {
            Err(SyncError::new(self.name(), Cause::Timeout))
        }
    }

    /// Ocupa una plaza si hay alguna libre, y dice si la ha ocupado. No bloquea.
    ///
    /// # En Python
    ///
    /// `semaforo.acquire(blocking=False)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Semaphore;
    ///
    /// let plazas = Semaphore::new(1);
    /// assert!(plazas.try_acquire());
    /// assert!(!plazas.try_acquire());
    /// ```
    #[must_use = "dice si ha ocupado una plaza: si sí, hay que soltarla con release"]
    pub fn try_acquire(&self) -> bool {
        self.0.free.with(|free| take(free).is_some())
    }

    fn acquire_until(&self, deadline: Option<Instant>) -> bool {
        let note = |object| timeline::waiting(State::Lock, object, || Label::owned(self.name()));
        self.0.free.wait_noting(deadline, take, note).is_some()
    }

    /// Deja libre una plaza, la haya ocupado quien la haya ocupado. No bloquea.
    ///
    /// En un `Semaphore` se puede soltar sin haber cogido: es una plaza más.
    ///
    /// # En Python
    ///
    /// `semaforo.release()`.
    ///
    /// # Errors
    ///
    /// [`is_overreleased`](SyncError::is_overreleased) si es un [`BoundedSemaphore`] y no había ninguna ocupada.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Semaphore;
    ///
    /// let pedidos = Semaphore::new(0);
    /// pedidos.release()?;
    /// assert_eq!(pedidos.value(), 1);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn release(&self) -> Result<(), SyncError> {
        let released = self
            .0
            .free
            .change_for_one(|free| give(free, 1, self.0.limit));
        released.ok_or_else(|| self.overreleased())
    }

    /// Deja libres `n` plazas de una vez. No bloquea.
    ///
    /// # En Python
    ///
    /// `semaforo.release(n)`.
    ///
    /// # Errors
    ///
    /// Los de [`release`](Semaphore::release); entonces no suelta ninguna.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Semaphore;
    ///
    /// let pedidos = Semaphore::new(0);
    /// pedidos.release_many(3)?;
    /// assert_eq!(pedidos.value(), 3);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn release_many(&self, n: u32) -> Result<(), SyncError> {
        let released = self
            .0
            .free
            .change_for_all(|free| give(free, n, self.0.limit));
        released.ok_or_else(|| self.overreleased())
    }

    fn overreleased(&self) -> SyncError {
        SyncError::new(self.name(), Cause::Overreleased)
    }

    /// Cuántas plazas hay libres. Es una foto: puede cambiar en cuanto la miras.
    ///
    /// # En Python
    ///
    /// No está en `threading`; en `multiprocessing`, `semaforo.get_value()`.
    pub fn value(&self) -> u32 {
        self.0.free.with(|free| *free)
    }

    fn waiting(&self) -> String {
        name::waiting(self.0.free.asleep())
    }
}

fn take(free: &mut u32) -> Option<()> {
    *free = free.checked_sub(1)?;
    Some(())
}

fn give(free: &mut u32, n: u32, limit: u32) -> Option<()> {
    *free = free.checked_add(n).filter(|free| *free <= limit)?;
    Some(())
}

/// `Semaphore(«descargas», libres 2)` o `Semaphore(«descargas», libres 0, espera 1)`: cómo está en ese momento.
impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (free, waiting) = (self.value(), self.waiting());
        write!(f, "Semaphore(«{}», libres {free}{waiting})", self.name())
    }
}

/// Una plaza de un [`Semaphore`]: queda libre al caer.
///
/// Es suya: se puede guardar en una variable, en una lista o mandar a otro hilo.
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
/// use concurrencia::sync::{Permit, Semaphore};
///
/// let plazas = Semaphore::new(2);
/// let plaza: Permit = plazas.permit(); // aquí se espera…
/// let mut hilo = Thread::new(move || drop(plaza)); // …y allí se suelta
/// hilo.start()?;
/// hilo.join()?;
/// assert_eq!(plazas.value(), 2);
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
#[must_use = "la plaza queda libre en cuanto cae el permiso: guárdalo en una variable (`let _plaza = …`, no `let _ = …`)"]
pub struct Permit(Semaphore);

impl Drop for Permit {
    fn drop(&mut self) {
        // Pasa del tope quien ha llamado a `release` por un permiso, y a ese ya se le ha contado.
        drop(self.0.release());
    }
}

/// `Permit(«descargas»)`: de qué semáforo es.
impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permit(«{}»)", self.0.name())
    }
}

/// Un [`Semaphore`] en el que soltar de más es un error.
///
/// Es un `Semaphore` en todo lo demás, y donde se pide un `&Semaphore` vale.
///
/// # En Python
///
/// `threading.BoundedSemaphore(2)`, que al soltar de más lanza `ValueError`.
///
/// # Examples
///
/// ```
/// use concurrencia::sync::BoundedSemaphore;
///
/// let plazas = BoundedSemaphore::new(2);
/// plazas.acquire();
/// plazas.release()?;
/// assert!(plazas.release().unwrap_err().is_overreleased());
/// # Ok::<(), concurrencia::SyncError>(())
/// ```
#[derive(Clone)]
pub struct BoundedSemaphore(Semaphore);

impl BoundedSemaphore {
    /// Un semáforo con `value` plazas, y nunca más.
    ///
    /// Se llama «BoundedSemaphore-1», «BoundedSemaphore-2»… por orden de creación.
    ///
    /// # En Python
    ///
    /// `threading.BoundedSemaphore(2)`.
    pub fn new(value: u32) -> BoundedSemaphore {
        static CREATED: AtomicUsize = AtomicUsize::new(0);
        let name = name::next("BoundedSemaphore", &CREATED);
        BoundedSemaphore(Semaphore::with_limit(name, value, value))
    }

    /// Le pone nombre: el que sale en `Debug` y en los errores.
    ///
    /// # Panics
    ///
    /// Si ya se ha clonado, o si hay algún permiso dado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::BoundedSemaphore;
    ///
    /// let plazas = BoundedSemaphore::new(2).with_name("impresoras");
    /// assert_eq!(plazas.name(), "impresoras");
    /// ```
    #[must_use = "with_name devuelve el semáforo con su nombre nuevo"]
    pub fn with_name(self, name: impl Into<String>) -> BoundedSemaphore {
        BoundedSemaphore(self.0.with_name(name))
    }
}

impl Deref for BoundedSemaphore {
    type Target = Semaphore;

    fn deref(&self) -> &Semaphore {
        &self.0
    }
}

/// `BoundedSemaphore(«impresoras», libres 1 de 2)`: cómo está en ese momento.
impl fmt::Debug for BoundedSemaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (free, limit, waiting) = (self.value(), self.0.0.limit, self.waiting());
        let name = self.name();
        write!(
            f,
            "BoundedSemaphore(«{name}», libres {free} de {limit}{waiting})"
        )
    }
}
