//! `Mutex`: de uno en uno.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

use super::gate::{Gate, Mode};

/// El [`std::sync::Mutex`] de los programas que se exploran.
///
/// Se usa igual. Solo vale dentro de [`explore`](crate::explore): fuera, entra en pánico. Quien lo pide dos veces sin
/// soltarlo se espera a sí mismo, y el informe lo cuenta como un interbloqueo.
///
/// # En Python
///
/// `threading.Lock()`, sin el valor dentro.
///
/// # A pelo
///
/// [`std::sync::Mutex`], con un solo orden: el que toque.
///
/// # Examples
///
/// ```
/// use explore::explore;
/// use explore::sync::{Arc, Mutex};
/// use explore::thread;
///
/// let informe = explore(|| {
///     let n = Arc::new(Mutex::new(0).with_name("n"));
///     let otro = Arc::clone(&n);
///     let hilo = thread::spawn(move || *otro.lock().unwrap() += 1);
///     *n.lock().unwrap() += 1;
///     hilo.join().unwrap();
///     assert_eq!(*n.lock().unwrap(), 2);
/// });
/// assert!(informe.is_ok(), "{informe}");
/// ```
pub struct Mutex<T: ?Sized> {
    gate: Gate,
    value: std::sync::Mutex<T>,
}

impl<T> Mutex<T> {
    /// Un cerrojo libre con `value` dentro.
    ///
    /// A diferencia del de std no es `const`: cada ejecución del programa tiene que crear los suyos.
    pub fn new(value: T) -> Mutex<T> {
        Mutex {
            gate: Gate::new("Mutex", ["", ""]),
            value: std::sync::Mutex::new(value),
        }
    }

    /// El nombre con el que sale en el informe, en vez de «Mutex A».
    #[must_use = "with_name devuelve el cerrojo con su nombre"]
    pub fn with_name(mut self, name: impl Into<String>) -> Mutex<T> {
        self.gate.rename(name);
        self
    }

    /// El valor, sin el cerrojo.
    ///
    /// # Errors
    ///
    /// Si un pánico lo dejó envenenado.
    pub fn into_inner(self) -> LockResult<T> {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Espera a que esté libre y lo coge hasta que se suelte la guarda.
    ///
    /// # Errors
    ///
    /// Si un pánico lo dejó envenenado.
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        self.gate.enter(Mode::Alone);
        match self.value.try_lock() {
            Ok(value) => Ok(MutexGuard::new(self, value)),
            Err(TryLockError::Poisoned(error)) => {
                Err(PoisonError::new(MutexGuard::new(self, error.into_inner())))
            }
            Err(TryLockError::WouldBlock) => unreachable!("la puerta solo deja pasar a uno"),
        }
    }

    /// Lo coge si está libre; no espera.
    ///
    /// # Errors
    ///
    /// Si lo tiene otro, o si un pánico lo dejó envenenado.
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        if !self.gate.try_enter(Mode::Alone) {
            return Err(TryLockError::WouldBlock);
        }
        match self.value.try_lock() {
            Ok(value) => Ok(MutexGuard::new(self, value)),
            Err(TryLockError::Poisoned(error)) => Err(TryLockError::Poisoned(PoisonError::new(
                MutexGuard::new(self, error.into_inner()),
            ))),
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        }
    }

    /// El valor, sin cogerlo: quien tiene `&mut` es el único.
    ///
    /// # Errors
    ///
    /// Si un pánico lo dejó envenenado.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.value.get_mut()
    }

    pub(super) fn shown(&self, story: &crate::engine::Story) -> String {
        self.gate.label().shown(story)
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Mutex::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    fn from(value: T) -> Self {
        Mutex::new(value)
    }
}

impl<T: ?Sized> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.gate.is_open() {
            "libre"
        } else {
            "cogido"
        };
        write!(f, "Mutex({}, {state})", self.gate.label().short())
    }
}

/// Mientras existe, el [`Mutex`] es de quien la tiene.
pub struct MutexGuard<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
    /// Vacía solo al soltarla.
    value: Option<std::sync::MutexGuard<'a, T>>,
    /// La puerta ya se ha soltado: lo hizo una espera.
    has_left: bool,
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    fn new(mutex: &'a Mutex<T>, value: std::sync::MutexGuard<'a, T>) -> Self {
        MutexGuard {
            mutex,
            value: Some(value),
            has_left: false,
        }
    }

    /// El cerrojo que guarda.
    pub(super) fn mutex(&self) -> &'a Mutex<T> {
        self.mutex
    }

    /// Lo suelta sin que nadie se cuele antes.
    pub(super) fn leave_at_once(mut self) {
        self.value = None;
        self.mutex.gate.leave_at_once();
        self.has_left = true;
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.value = None;
        if !self.has_left {
            self.mutex.gate.leave(Mode::Alone);
        }
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("solo se vacía al soltarla")
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("solo se vacía al soltarla")
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}
