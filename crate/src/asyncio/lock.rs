//! `Lock`: un dato que solo toca una tarea a la vez, y se puede tener cogido mientras se espera.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::pin::pin;
use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::waiting::waiting;
use crate::timeline::State;

/// Un cerrojo entre tareas, con el dato que protege dentro: quien espera deja el hilo a las demás.
///
/// Se coge con [`acquire`](Lock::acquire), que da un guard: se usa como el dato y suelta el cerrojo al acabar su bloque,
/// también si la tarea se cancela o entra en pánico (y entonces no queda envenenado). Se coge por orden de llegada. Es
/// seguro cancelar a quien lo espera: pierde el turno y nada más.
///
/// Clonarlo da otro mango del **mismo** cerrojo. Quien ya lo tiene no puede volver a cogerlo: se queda esperándose a sí
/// mismo. Con plazo, [`wait_for`](super::wait_for)`(cerrojo.acquire(), 1)`.
///
/// Si mientras se tiene cogido no se espera a nada, [`sync::Lock`](crate::sync) es más rápido.
///
/// # En Python
///
/// ```python
/// cerrojo = asyncio.Lock()
/// async with cerrojo:
///     ...
/// ```
///
/// # A pelo
///
/// [`tokio::sync::Mutex`] en un `Arc`. Con el de std, el guard no puede cruzar un `.await` en una tarea: no es `Send`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let cuenta = std::sync::Arc::new(tokio::sync::Mutex::new(0));
/// *cuenta.lock().await += 1;
/// assert_eq!(*cuenta.lock().await, 1);
/// # }
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, Lock, gather, sleep};
///
/// async fn ingresa(saldo: Lock<u32>) {
///     let mut saldo = saldo.acquire().await;
///     let antes = *saldo;
///     sleep(0.1).await; // nadie lo toca mientras tanto
///     *saldo = antes + 10;
/// }
///
/// let saldo = Lock::new(0);
/// asyncio::run(gather((0..3).map(|_| ingresa(saldo.clone()))))?;
/// assert_eq!(*saldo.try_acquire().unwrap(), 30);
/// # Ok::<(), asyncio::TaskError>(())
/// ```
pub struct Lock<T>(Arc<Mutex<T>>);

impl<T> Lock<T> {
    /// Un cerrojo libre, con el dato que protege; si no protege ninguno, `Lock::new(())`.
    ///
    /// # En Python
    ///
    /// `asyncio.Lock()`, que no tiene dato.
    pub fn new(value: T) -> Lock<T> {
        Lock(Arc::new(Mutex::new(value)))
    }

    /// Espera a que esté libre, lo coge y da un guard que lo suelta al caer.
    ///
    /// # En Python
    ///
    /// `async with cerrojo:`, o `await cerrojo.acquire()` y `cerrojo.release()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, Lock};
    ///
    /// asyncio::run(async {
    ///     let cuenta = Lock::new(0);
    ///     *cuenta.acquire().await += 1;
    ///     {
    ///         let turno = cuenta.acquire().await;
    ///         assert_eq!(*turno, 1);
    ///         assert!(cuenta.is_locked());
    ///     }
    ///     assert!(!cuenta.is_locked());
    /// });
    /// ```
    pub async fn acquire(&self) -> LockGuard<T> {
        let turn = Arc::clone(&self.0).lock_owned();
        LockGuard(waiting(pin!(turn), State::Lock, "Lock").await)
    }

    /// Lo coge si está libre; si no, `None`. No espera.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::Lock;
    ///
    /// let cuenta = Lock::new(0);
    /// let turno = cuenta.try_acquire();
    /// assert!(turno.is_some() && cuenta.try_acquire().is_none());
    /// ```
    pub fn try_acquire(&self) -> Option<LockGuard<T>> {
        Arc::clone(&self.0).try_lock_owned().ok().map(LockGuard)
    }

    /// Espera a que esté libre y llama a `f` con el dato; da lo que devuelva.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, Lock};
    ///
    /// let nombres = Lock::new(vec!["ana"]);
    /// asyncio::run(nombres.with(|nombres| nombres.push("bea")));
    /// assert_eq!(*nombres.try_acquire().unwrap(), ["ana", "bea"]);
    /// ```
    pub async fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        let turn = self.0.lock();
        f(&mut *waiting(pin!(turn), State::Lock, "Lock").await)
    }

    /// ¿Lo tiene alguien? Es una foto: puede cambiar en cuanto la miras.
    ///
    /// # En Python
    ///
    /// `cerrojo.locked()`.
    pub fn is_locked(&self) -> bool {
        self.0.try_lock().is_err()
    }
}

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

/// `Lock(libre)` o `Lock(cogido)`.
impl<T> fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_locked() {
            "Lock(cogido)"
        } else {
            "Lock(libre)"
        })
    }
}

/// Un [`Lock`] cogido: se usa como el dato y se suelta al caer. Puede cruzar un `.await` y cambiar de tarea.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{Lock, LockGuard};
///
/// let cuenta = Lock::new(1);
/// let mut turno: LockGuard<i32> = cuenta.try_acquire().unwrap();
/// *turno += 1;
/// assert_eq!(*turno, 2);
/// ```
#[must_use = "el cerrojo se suelta en cuanto cae el guard: guárdalo en una variable (`let _turno = …`, no `let _ = …`)"]
pub struct LockGuard<T>(OwnedMutexGuard<T>);

impl<T> Deref for LockGuard<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for LockGuard<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

/// Como el dato.
impl<T: fmt::Debug> fmt::Debug for LockGuard<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Como el dato.
impl<T: fmt::Display> fmt::Display for LockGuard<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
