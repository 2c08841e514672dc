//! `RLock`: un cerrojo que el hilo que lo tiene puede volver a coger.

use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use parking_lot::{ReentrantMutex, ReentrantMutexGuard};

use super::error::{Cause, SyncError};
use super::lock::{self, WAITS};
use super::waits::Node;
use super::{name, owner};
use crate::time::deadline;

/// Un cerrojo reentrante: el hilo que lo tiene puede volver a cogerlo, y queda libre cuando lo suelta tantas veces.
///
/// Es un [`Lock`](super::Lock) para cuando una función con el cerrojo cogido llama a otra que también lo coge. Como puede
/// haber varios guards a la vez en el mismo hilo, el guard solo deja *mirar* el dato; para cambiarlo, mete dentro un
/// [`Cell`](std::cell::Cell) o un [`RefCell`](std::cell::RefCell).
///
/// También descubre los interbloqueos, y un pánico también lo suelta. Un clon es otro mango del mismo cerrojo.
///
/// # En Python
///
/// ```python
/// cerrojo = threading.RLock()
/// with cerrojo:
///     with cerrojo:
///         ...
/// ```
///
/// # A pelo
///
/// [`parking_lot::ReentrantMutex`]; el de std aún no es estable. Con [`std::sync::Mutex`], la función de dentro recibe
/// el guard como argumento (`&mut T`) en vez de coger el cerrojo otra vez.
///
/// # Examples
///
/// ```
/// use std::cell::Cell;
/// use concurrencia::sync::{RLock, SyncError};
///
/// fn ingresa(saldo: &RLock<Cell<i32>>, cuanto: i32) -> Result<(), SyncError> {
///     let saldo = saldo.acquire()?;
///     saldo.set(saldo.get() + cuanto);
///     Ok(())
/// }
///
/// fn ingresa_dos(saldo: &RLock<Cell<i32>>) -> Result<(), SyncError> {
///     let _turno = saldo.acquire()?; // nadie ve el saldo entre los dos ingresos
///     ingresa(saldo, 10)?;
///     ingresa(saldo, 20)
/// }
///
/// let saldo = RLock::new(Cell::new(0));
/// ingresa_dos(&saldo)?;
/// assert_eq!(saldo.acquire()?.get(), 30);
/// # Ok::<(), SyncError>(())
/// ```
pub struct RLock<T>(Arc<Inner<T>>);

struct Inner<T> {
    node: Arc<Node<String>>,
    raw: ReentrantMutex<Held<T>>,
}

struct Held<T> {
    /// Cuántos guards hay: con el último se borra al dueño.
    depth: Cell<usize>,
    value: T,
}

type RawGuard<'a, T> = ReentrantMutexGuard<'a, Held<T>>;

impl<T> RLock<T> {
    /// Un cerrojo libre con `value` dentro.
    ///
    /// Se llama «RLock-1», «RLock-2»… por orden de creación; [`with_name`](RLock::with_name) le da otro nombre.
    ///
    /// # En Python
    ///
    /// `threading.RLock()`, sin dato.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::RLock;
    ///
    /// let cerrojo = RLock::new("dato");
    /// assert_eq!(*cerrojo.acquire()?, "dato");
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn new(value: T) -> RLock<T> {
        static CREATED: AtomicUsize = AtomicUsize::new(0);
        RLock(Arc::new(Inner {
            node: Arc::new(Node::new(name::next("RLock", &CREATED))),
            raw: ReentrantMutex::new(Held {
                depth: Cell::new(0),
                value,
            }),
        }))
    }

    /// Le pone nombre: el que sale en `Debug` y en los errores.
    ///
    /// # Panics
    ///
    /// Si ya se ha clonado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::RLock;
    ///
    /// let impresora = RLock::new(()).with_name("impresora");
    /// assert_eq!(format!("{impresora:?}"), "RLock(«impresora», libre)");
    /// ```
    #[must_use = "with_name devuelve el cerrojo con su nombre nuevo"]
    pub fn with_name(mut self, name: impl Into<String>) -> RLock<T> {
        let old = self.name().to_owned();
        name::unshared(&mut self.0, &old).node = Arc::new(Node::new(name.into()));
        self
    }

    /// Su nombre.
    pub fn name(&self) -> &str {
        self.0.node.label()
    }

    /// Coge el cerrojo, o lo vuelve a coger, y da un guard que lo suelta al caer. **Bloquea** mientras lo tenga otro hilo.
    ///
    /// # En Python
    ///
    /// `with cerrojo:`, o `cerrojo.acquire()` y `cerrojo.release()`.
    ///
    /// # Errors
    ///
    /// [`is_deadlock`](SyncError::is_deadlock) si esperarlo no acabaría nunca.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::RLock;
    ///
    /// let cerrojo = RLock::new(());
    /// let turno = cerrojo.acquire()?;
    /// let otra_vez = cerrojo.acquire()?;
    /// drop(turno);
    /// assert!(cerrojo.is_locked());
    /// drop(otra_vez);
    /// assert!(!cerrojo.is_locked());
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn acquire(&self) -> Result<RLockGuard<'_, T>, SyncError> {
        let inner = &*self.0;
        let me = owner::me();
        let try_take = || inner.raw.try_lock();
        let mut waiting = None;
        let raw = WAITS.acquire(
            me,
            &inner.node,
            || {
                try_take().or_else(|| {
                    waiting = Some(lock::wait(&inner.node));
                    lock::insist(&inner.node, me, try_take)
                })
            },
            || inner.raw.lock(),
        );
        drop(waiting);
        raw.map(|raw| inner.guard(raw)).map_err(lock::describe)
    }

    /// Como [`acquire`](RLock::acquire), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// Una espera con plazo acaba sola, así que no cuenta para un interbloqueo.
    ///
    /// # En Python
    ///
    /// `cerrojo.acquire(timeout=5)`, que devuelve `False` si se acaba el plazo.
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
    /// use concurrencia::sync::RLock;
    ///
    /// let cerrojo = RLock::new(());
    /// let _turno = cerrojo.acquire()?;
    /// assert!(cerrojo.acquire_timeout(0).is_ok()); // ya es nuestro
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn acquire_timeout(&self, seconds: impl Into<f64>) -> Result<RLockGuard<'_, T>, SyncError> {
        let (raw, deadline) = (&self.0.raw, deadline(seconds));
        let raw = raw.try_lock().or_else(|| {
            let _waiting = lock::wait(&self.0.node);
            match deadline {
                Some(deadline) => raw.try_lock_until(deadline),
                None => Some(raw.lock()),
            }
        });
        raw.map(|raw| self.0.taken(raw))
            .ok_or_else(|| SyncError::new(self.name(), Cause::Timeout))
    }

    /// Coge el cerrojo si está libre o ya es de este hilo; si lo tiene otro, `None`. No bloquea.
    ///
    /// # En Python
    ///
    /// `cerrojo.acquire(blocking=False)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    /// use concurrencia::sync::RLock;
    ///
    /// let cerrojo = RLock::new(());
    /// let _turno = cerrojo.acquire()?;
    /// assert!(cerrojo.try_acquire().is_some());
    /// let clon = cerrojo.clone();
    /// let mut hilo = Thread::new(move || clon.try_acquire().is_some());
    /// hilo.start()?;
    /// assert!(!hilo.join()?); // desde otro hilo, no
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn try_acquire(&self) -> Option<RLockGuard<'_, T>> {
        self.0.raw.try_lock().map(|raw| self.0.taken(raw))
    }

    /// Llama a `f` con el dato, con el cerrojo cogido, y da lo que devolvió. **Bloquea** mientras lo tenga otro hilo.
    ///
    /// # En Python
    ///
    /// `with cerrojo: …`
    ///
    /// # Errors
    ///
    /// Los de [`acquire`](RLock::acquire); entonces no llama a `f`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::RLock;
    ///
    /// let cerrojo = RLock::new(4);
    /// assert_eq!(cerrojo.with(|n| n * n)?, 16);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn with<R>(&self, f: impl FnOnce(&T) -> R) -> Result<R, SyncError> {
        Ok(f(&*self.acquire()?))
    }

    /// ¿Lo tiene alguien? Es una foto: puede cambiar en cuanto la miras.
    ///
    /// # En Python
    ///
    /// `cerrojo.locked()`, desde la versión 3.14.
    pub fn is_locked(&self) -> bool {
        self.0.raw.is_locked()
    }
}

impl<T> Inner<T> {
    fn taken<'a>(&'a self, raw: RawGuard<'a, T>) -> RLockGuard<'a, T> {
        self.node.taken_by(owner::me());
        self.guard(raw)
    }

    fn guard<'a>(&'a self, raw: RawGuard<'a, T>) -> RLockGuard<'a, T> {
        raw.depth.set(raw.depth.get() + 1);
        RLockGuard { inner: self, raw }
    }
}

/// Otro mango del mismo cerrojo.
impl<T> Clone for RLock<T> {
    fn clone(&self) -> RLock<T> {
        RLock(Arc::clone(&self.0))
    }
}

impl<T: Default> Default for RLock<T> {
    fn default() -> RLock<T> {
        RLock::new(T::default())
    }
}

/// `RLock(«cuenta», libre)` o `RLock(«cuenta», lo tiene el hilo «Thread-1»)`: cómo está en ese momento.
impl<T> fmt::Debug for RLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock::state(&self.0.node, self.is_locked());
        write!(f, "RLock(«{}», {state})", self.name())
    }
}

/// Un [`RLock`] cogido: se mira como el dato y se suelta al caer.
///
/// No se puede mandar a otro hilo: lo suelta quien lo cogió.
///
/// # Examples
///
/// ```
/// use std::cell::RefCell;
/// use concurrencia::sync::{RLock, RLockGuard};
///
/// let lista = RLock::new(RefCell::new(vec![1]));
/// let turno: RLockGuard<RefCell<Vec<i32>>> = lista.acquire()?;
/// turno.borrow_mut().push(2);
/// assert_eq!(turno.borrow().len(), 2);
/// # Ok::<(), concurrencia::SyncError>(())
/// ```
#[must_use = "el cerrojo se suelta en cuanto cae el guard: guárdalo en una variable (`let _turno = …`, no `let _ = …`)"]
pub struct RLockGuard<'a, T> {
    inner: &'a Inner<T>,
    raw: RawGuard<'a, T>,
}

impl<T> Deref for RLockGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.raw.value
    }
}

impl<T> Drop for RLockGuard<'_, T> {
    fn drop(&mut self) {
        let depth = self.raw.depth.get() - 1;
        self.raw.depth.set(depth);
        if depth == 0 {
            // `raw` cae después de esto: el dueño se borra antes de soltar.
            self.inner.node.about_to_release();
        }
    }
}

/// Como el dato.
impl<T: fmt::Debug> fmt::Debug for RLockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: fmt::Display> fmt::Display for RLockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
