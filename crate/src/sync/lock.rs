//! `Lock`: un dato que solo toca uno a la vez.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use crossbeam::utils::Backoff;
use parking_lot::{Mutex, MutexGuard};

use super::error::{Cause, Stuck, SyncError};
use super::waits::{Deadlock, NOBODY, Node, Waiting, Waits};
use super::{name, owner};
use crate::time::deadline;
use crate::timeline::{self, Inside, Label, State};

/// Las esperas de todos los cerrojos del programa.
pub(super) static WAITS: Waits<String> = Waits::new();

/// Un cerrojo entre hilos, con el dato que protege dentro: para tocarlo hay que cogerlo.
///
/// Se coge con [`acquire`](Lock::acquire), que da un guard: se usa como el dato y suelta el cerrojo al acabar su bloque.
/// Si no hay dato, `Lock::new(())`. Un clon es otro mango del mismo cerrojo, para llevárselo a otro hilo.
///
/// **Un interbloqueo no cuelga.** Si esperar un cerrojo cerrara un círculo de hilos que se esperan unos a otros (o si el
/// hilo ya lo tiene), `acquire` da un error [`is_deadlock`](SyncError::is_deadlock) que cuenta quién tiene qué y quién
/// espera qué; al soltar lo suyo quien lo recibe, los demás siguen. Vale para los [`Lock`], [`RLock`](super::RLock) y
/// [`Condition`](super::Condition) del programa, que se miran juntos; no para lo que se espere de otro modo (un `join`,
/// un semáforo, un cerrojo de `std`).
///
/// Un pánico con el guard cogido lo suelta: el cerrojo sigue sirviendo, con el dato como quedara. Cogerlo y soltarlo sin
/// que nadie estorbe cuesta poco más que un `parking_lot::Mutex`. El orden entre los que esperan no está escrito.
///
/// # En Python
///
/// ```python
/// cerrojo = threading.Lock()
/// with cerrojo:
///     cuenta += 1
/// ```
///
/// Nada impide tocar `cuenta` fuera del `with`, y un interbloqueo cuelga el programa sin decir nada.
///
/// # A pelo
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use std::thread;
///
/// let cuenta = Arc::new(Mutex::new(0));
/// let hilos: Vec<_> = (0..4)
///     .map(|_| {
///         let cuenta = Arc::clone(&cuenta);
///         thread::spawn(move || *cuenta.lock().unwrap() += 1) // un pánico con él cogido lo «envenena»
///     })
///     .collect();
/// for hilo in hilos {
///     hilo.join().unwrap();
/// }
/// assert_eq!(*cuenta.lock().unwrap(), 4);
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
/// use concurrencia::sync::{Lock, SyncError};
///
/// let cuenta = Lock::new(0);
/// let mut hilos: Vec<_> = (0..4)
///     .map(|_| {
///         let cuenta = cuenta.clone();
///         Thread::new(move || -> Result<(), SyncError> {
///             *cuenta.acquire()? += 1;
///             Ok(())
///         })
///     })
///     .collect();
/// for hilo in &mut hilos {
///     hilo.start()?;
/// }
/// for hilo in hilos {
///     hilo.join()??;
/// }
/// assert_eq!(*cuenta.acquire()?, 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Lock<T>(Arc<Inner<T>>);

pub(super) struct Inner<T> {
    node: Arc<Node<String>>,
    raw: Mutex<T>,
}

impl<T> Lock<T> {
    /// Un cerrojo libre con `value` dentro.
    ///
    /// Se llama «Lock-1», «Lock-2»… por orden de creación; [`with_name`](Lock::with_name) le da otro nombre.
    ///
    /// # En Python
    ///
    /// `threading.Lock()`, sin dato.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Lock;
    ///
    /// let lista = Lock::new(vec![1, 2]);
    /// lista.acquire()?.push(3);
    /// assert_eq!(lista.acquire()?.len(), 3);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn new(value: T) -> Lock<T> {
        static CREATED: AtomicUsize = AtomicUsize::new(0);
        Lock::named(name::next("Lock", &CREATED), value)
    }

    pub(super) fn named(name: String, value: T) -> Lock<T> {
        Lock(Arc::new(Inner {
            node: Arc::new(Node::new(name)),
            raw: Mutex::new(value),
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
    /// use concurrencia::sync::Lock;
    ///
    /// let tenedor = Lock::new(()).with_name("tenedor 1");
    /// assert_eq!(tenedor.name(), "tenedor 1");
    /// ```
    #[must_use = "with_name devuelve el cerrojo con su nombre nuevo"]
    pub fn with_name(mut self, name: impl Into<String>) -> Lock<T> {
        let old = self.name().to_owned();
        name::unshared(&mut self.0, &old).node = Arc::new(Node::new(name.into()));
        self
    }

    /// Su nombre.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// Coge el cerrojo y da un guard con el que se usa el dato, y que lo suelta al caer. **Bloquea** mientras lo tenga
    /// otro hilo.
    ///
    /// Quien lo coge ve todo lo que hizo el anterior antes de soltarlo. Coger dos a la vez pide un orden, el mismo en
    /// todos los hilos: si no, se acaban esperando unos a otros.
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
    /// use concurrencia::sync::Lock;
    ///
    /// let saldo = Lock::new(100);
    /// {
    ///     let mut saldo = saldo.acquire()?;
    ///     if *saldo >= 30 {
    ///         *saldo -= 30;
    ///     }
    /// } // aquí se suelta
    /// assert!(!saldo.is_locked());
    /// assert_eq!(*saldo.acquire()?, 70);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    #[inline]
    pub fn acquire(&self) -> Result<LockGuard<'_, T>, SyncError> {
        self.0.acquire()
    }

    /// Como [`acquire`](Lock::acquire), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// Una espera con plazo acaba sola, así que no cuenta para un interbloqueo: ni lo da ni lo provoca en otros.
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
    /// use concurrencia::sync::Lock;
    ///
    /// let cerrojo = Lock::new(());
    /// let turno = cerrojo.acquire_timeout(1)?;
    /// assert!(cerrojo.acquire_timeout(0.1).unwrap_err().is_timeout()); // lo tenemos nosotros
    /// # drop(turno);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn acquire_timeout(&self, seconds: impl Into<f64>) -> Result<LockGuard<'_, T>, SyncError> {
        let inner = &*self.0;
        let deadline = deadline(seconds);
        let raw = inner.raw.try_lock().or_else(|| {
            let _waiting = wait(&inner.node);
            match deadline {
                Some(deadline) => inner.raw.try_lock_until(deadline),
                None => Some(inner.raw.lock()),
            }
        });
        raw.map(|raw| inner.taken(raw))
            .ok_or_else(|| SyncError::new(self.name(), Cause::Timeout))
    }

    /// Coge el cerrojo si está libre; si lo tiene alguien, `None`. No bloquea.
    ///
    /// # En Python
    ///
    /// `cerrojo.acquire(blocking=False)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Lock;
    ///
    /// let cerrojo = Lock::new(7);
    /// let turno = cerrojo.try_acquire();
    /// assert_eq!(turno.as_deref(), Some(&7));
    /// assert!(cerrojo.try_acquire().is_none());
    /// ```
    pub fn try_acquire(&self) -> Option<LockGuard<'_, T>> {
        self.0.raw.try_lock().map(|raw| self.0.taken(raw))
    }

    /// Llama a `f` con el dato, con el cerrojo cogido, y da lo que devolvió. **Bloquea** mientras lo tenga otro hilo.
    ///
    /// Si `f` entra en pánico, también lo suelta.
    ///
    /// # En Python
    ///
    /// `with cerrojo: …`
    ///
    /// # Errors
    ///
    /// Los de [`acquire`](Lock::acquire); entonces no llama a `f`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Lock;
    ///
    /// let cuenta = Lock::new(41);
    /// let salida = cuenta.with(|n| { *n += 1; *n })?;
    /// assert_eq!(salida, 42);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> Result<R, SyncError> {
        Ok(f(&mut *self.acquire()?))
    }

    /// ¿Lo tiene alguien? Es una foto: puede cambiar en cuanto la miras.
    ///
    /// # En Python
    ///
    /// `cerrojo.locked()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Lock;
    ///
    /// let cerrojo = Lock::new(());
    /// let turno = cerrojo.acquire()?;
    /// assert!(cerrojo.is_locked());
    /// drop(turno);
    /// assert!(!cerrojo.is_locked());
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn is_locked(&self) -> bool {
        self.0.raw.is_locked()
    }

    pub(super) fn state(&self) -> String {
        state(&self.0.node, self.is_locked())
    }

    /// ¿Es de este cerrojo el guard?
    pub(super) fn owns(&self, guard: &LockGuard<'_, T>) -> bool {
        Arc::ptr_eq(&self.0.node, &guard.inner.node)
    }
}

impl<T> Inner<T> {
    pub(super) fn name(&self) -> &str {
        self.node.label()
    }

    #[inline]
    pub(super) fn acquire(&self) -> Result<LockGuard<'_, T>, SyncError> {
        let me = owner::me();
        let mut waiting = None;
        let raw = WAITS.acquire(
            me,
            &self.node,
            || {
                self.raw.try_lock().or_else(|| {
                    waiting = Some(wait(&self.node));
                    self.insist(me)
                })
            },
            || self.raw.lock(),
        );
        drop(waiting);
        match raw {
            Ok(raw) => Ok(LockGuard { inner: self, raw }),
            Err(deadlock) => Err(describe(deadlock)),
        }
    }

    /// Insiste un poco antes de apuntarse a esperar: lo que se hace con un cerrojo cogido suele durar menos.
    #[cold]
    fn insist(&self, me: u64) -> Option<MutexGuard<'_, T>> {
        insist(&self.node, me, || self.raw.try_lock())
    }

    fn taken<'a>(&'a self, raw: MutexGuard<'a, T>) -> LockGuard<'a, T> {
        self.node.taken_by(owner::me());
        LockGuard { inner: self, raw }
    }
}

/// Quien llama se pone a esperar un cerrojo, y en la línea de tiempo consta hasta que suelte lo que esto da.
#[cold]
pub(super) fn wait(node: &Node<String>) -> Waiting<'_, String, Option<Inside>> {
    node.waiting(|object| timeline::waiting(State::Lock, object, || Label::owned(node.label())))
}

/// Prueba unas cuantas veces, salvo que el cerrojo ya sea suyo.
pub(super) fn insist<G>(
    node: &Node<String>,
    me: u64,
    try_take: impl Fn() -> Option<G>,
) -> Option<G> {
    let backoff = Backoff::new();
    while node.owner() != me && !backoff.is_completed() {
        backoff.snooze();
        if let Some(guard) = try_take() {
            return Some(guard);
        }
    }
    None
}

/// Pone en palabras un interbloqueo. Los hilos de la cadena siguen ahí, esperando: sus nombres también.
#[cold]
pub(super) fn describe(Deadlock(links): Deadlock<String>) -> SyncError {
    let last = links.len() - 1;
    let stuck = (0..links.len()).map(|i| Stuck {
        thread: owner::describe(links[i].thread),
        has: links[if i == 0 { last } else { i - 1 }]
            .waits_for
            .label()
            .clone(),
        waits_for: links[i].waits_for.label().clone(),
    });
    SyncError::new(links[0].waits_for.label(), Cause::Deadlock(stuck.collect()))
}

/// «libre», «lo tiene el hilo «Thread-1»».
pub(super) fn state(node: &Node<String>, is_locked: bool) -> String {
    match node.owner() {
        // Entre cogerlo y apuntar al dueño, o entre borrarlo y soltarlo.
        NOBODY if is_locked => "cogido".to_owned(),
        NOBODY => "libre".to_owned(),
        who => format!("lo tiene {}", owner::describe(who)),
    }
}

/// Otro mango del mismo cerrojo.
impl<T> Clone for Lock<T> {
    fn clone(&self) -> Lock<T> {
        Lock(Arc::clone(&self.0))
    }
}

impl<T: Default> Default for Lock<T> {
    fn default() -> Lock<T> {
        Lock::new(T::default())
    }
}

/// `Lock(«cuenta», libre)` o `Lock(«cuenta», lo tiene el hilo «Thread-1»)`: cómo está en ese momento.
impl<T> fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lock(«{}», {})", self.name(), self.state())
    }
}

/// Un [`Lock`] (o una [`Condition`](super::Condition)) cogido: se usa como el dato y se suelta al caer.
///
/// No se puede mandar a otro hilo, porque lo suelta quien lo cogió:
///
/// ```compile_fail,E0277
/// # use concurrencia::sync::Lock;
/// let cerrojo = Lock::new(());
/// let turno = cerrojo.acquire().unwrap();
/// std::thread::scope(|hilos| { hilos.spawn(move || drop(turno)); }); // no compila
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::sync::{Lock, LockGuard};
///
/// let cuenta = Lock::new(1);
/// let mut turno: LockGuard<i32> = cuenta.acquire()?;
/// *turno += 1;
/// assert_eq!(*turno, 2);
/// drop(turno); // se puede soltar antes de que acabe el bloque
/// assert!(!cuenta.is_locked());
/// # Ok::<(), concurrencia::SyncError>(())
/// ```
#[must_use = "el cerrojo se suelta en cuanto cae el guard: guárdalo en una variable (`let _turno = …`, no `let _ = …`)"]
pub struct LockGuard<'a, T> {
    pub(super) inner: &'a Inner<T>,
    // Sin `send_guard` no es `Send`: el dueño apuntado es siempre el hilo que lo tiene.
    raw: MutexGuard<'a, T>,
}

impl<T> Deref for LockGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.raw
    }
}

impl<T> DerefMut for LockGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.raw
    }
}

impl<T> Drop for LockGuard<'_, T> {
    fn drop(&mut self) {
        // `raw` cae después de esto: el dueño se borra antes de soltar.
        self.inner.node.about_to_release();
    }
}

/// Como el dato.
impl<T: fmt::Debug> fmt::Debug for LockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: fmt::Display> fmt::Display for LockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
