//! `RwLock`: muchos leyendo o uno escribiendo.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

use super::gate::{Gate, Mode};

/// El [`std::sync::RwLock`] de los programas que se exploran.
///
/// Se usa igual. Solo vale dentro de [`explore`](crate::explore): fuera, entra en pánico. Entra cualquiera de los que
/// esperan, sin turno: lectores y escritores se adelantan unos a otros de todas las maneras.
///
/// # En Python
///
/// No hay nada parecido en la biblioteca estándar.
///
/// # A pelo
///
/// [`std::sync::RwLock`].
///
/// # Examples
///
/// ```
/// use explore::explore;
/// use explore::sync::{Arc, RwLock};
/// use explore::thread;
///
/// let informe = explore(|| {
///     let precio = Arc::new(RwLock::new(10));
///     let otro = Arc::clone(&precio);
///     let hilo = thread::spawn(move || *otro.write().unwrap() = 20);
///     let leido = *precio.read().unwrap();
///     assert!(leido == 10 || leido == 20);
///     hilo.join().unwrap();
/// });
/// assert!(informe.is_ok(), "{informe}");
/// ```
pub struct RwLock<T: ?Sized> {
    gate: Gate,
    value: std::sync::RwLock<T>,
}

impl<T> RwLock<T> {
    /// Un cerrojo libre con `value` dentro.
    pub fn new(value: T) -> RwLock<T> {
        RwLock {
            gate: Gate::new("RwLock", [" para escribir", " para leer"]),
            value: std::sync::RwLock::new(value),
        }
    }

    /// El nombre con el que sale en el informe, en vez de «RwLock A».
    #[must_use = "with_name devuelve el cerrojo con su nombre"]
    pub fn with_name(mut self, name: impl Into<String>) -> RwLock<T> {
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

impl<T: ?Sized> RwLock<T> {
    /// Espera a que nadie escriba y lee hasta que se suelte la guarda.
    ///
    /// # Errors
    ///
    /// Si un pánico lo dejó envenenado.
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        self.gate.enter(Mode::Shared);
        match self.value.try_read() {
            Ok(value) => Ok(RwLockReadGuard::new(self, value)),
            Err(TryLockError::Poisoned(error)) => Err(PoisonError::new(RwLockReadGuard::new(
                self,
                error.into_inner(),
            ))),
            Err(TryLockError::WouldBlock) => {
                unreachable!("la puerta no deja leer mientras se escribe")
            }
        }
    }

    /// Espera a que no haya nadie y escribe hasta que se suelte la guarda.
    ///
    /// # Errors
    ///
    /// Si un pánico lo dejó envenenado.
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        self.gate.enter(Mode::Alone);
        match self.value.try_write() {
            Ok(value) => Ok(RwLockWriteGuard::new(self, value)),
            Err(TryLockError::Poisoned(error)) => Err(PoisonError::new(RwLockWriteGuard::new(
                self,
                error.into_inner(),
            ))),
            Err(TryLockError::WouldBlock) => unreachable!("la puerta solo deja escribir a uno"),
        }
    }

    /// Lee si nadie escribe; no espera.
    ///
    /// # Errors
    ///
    /// Si alguien escribe, o si un pánico lo dejó envenenado.
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        if !self.gate.try_enter(Mode::Shared) {
            return Err(TryLockError::WouldBlock);
        }
        match self.value.try_read() {
            Ok(value) => Ok(RwLockReadGuard::new(self, value)),
            Err(TryLockError::Poisoned(error)) => Err(TryLockError::Poisoned(PoisonError::new(
                RwLockReadGuard::new(self, error.into_inner()),
            ))),
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        }
    }

    /// Escribe si no hay nadie; no espera.
    ///
    /// # Errors
    ///
    /// Si alguien lee o escribe, o si un pánico lo dejó envenenado.
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        if !self.gate.try_enter(Mode::Alone) {
            return Err(TryLockError::WouldBlock);
        }
        match self.value.try_write() {
            Ok(value) => Ok(RwLockWriteGuard::new(self, value)),
            Err(TryLockError::Poisoned(error)) => Err(TryLockError::Poisoned(PoisonError::new(
                RwLockWriteGuard::new(self, error.into_inner()),
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
}

impl<T: Default> Default for RwLock<T> {
    fn default() -> Self {
        RwLock::new(T::default())
    }
}

impl<T> From<T> for RwLock<T> {
    fn from(value: T) -> Self {
        RwLock::new(value)
    }
}

impl<T: ?Sized> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.gate.is_open() {
            "libre"
        } else {
            "cogido"
        };
        write!(f, "RwLock({}, {state})", self.gate.label().short())
    }
}

macro_rules! guard {
    ($(#[$doc:meta])* $name:ident, $inner:ident, $mode:expr) => {
        $(#[$doc])*
        pub struct $name<'a, T: ?Sized> {
            lock: &'a RwLock<T>,
            /// Vacía solo al soltarla.
            value: Option<std::sync::$inner<'a, T>>,
        }

        impl<'a, T: ?Sized> $name<'a, T> {
            fn new(lock: &'a RwLock<T>, value: std::sync::$inner<'a, T>) -> Self {
                $name {
                    lock,
                    value: Some(value),
                }
            }
        }

        impl<T: ?Sized> Drop for $name<'_, T> {
            fn drop(&mut self) {
                self.value = None;
                self.lock.gate.leave($mode);
            }
        }

        impl<T: ?Sized> Deref for $name<'_, T> {
            type Target = T;

            fn deref(&self) -> &T {
                self.value.as_ref().expect("solo se vacía al soltarla")
            }
        }

        impl<T: ?Sized + fmt::Debug> fmt::Debug for $name<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&**self, f)
            }
        }

        impl<T: ?Sized + fmt::Display> fmt::Display for $name<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&**self, f)
            }
        }
    };
}

guard! {
    /// Mientras existe, nadie escribe en el [`RwLock`].
    RwLockReadGuard, RwLockReadGuard, Mode::Shared
}

guard! {
    /// Mientras existe, el [`RwLock`] es de quien la tiene.
    RwLockWriteGuard, RwLockWriteGuard, Mode::Alone
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("solo se vacía al soltarla")
    }
}
