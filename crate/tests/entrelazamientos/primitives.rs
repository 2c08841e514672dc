//! Las primitivas de shuttle, con la forma de las de std que usa el crate.
//!
//! shuttle no tiene reloj: aquí el plazo se pasa cuando menos se espera, una vez sí y otra no, y quien duerme con plazo se
//! despierta a veces sin que nadie le avise. Sin plazo, solo despierta un aviso: si se pierde, shuttle lo dice.
#![allow(unused_imports, reason = "cada algoritmo usa unas")]

use std::ops::{Deref, DerefMut};
use std::sync::LockResult;
use std::time::Duration;

use shuttle::rand::{Rng, thread_rng};

pub(crate) use std::sync::PoisonError;

pub(crate) use shuttle::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub(crate) use shuttle::sync::{Arc, RwLock};
pub(crate) use shuttle::thread::yield_now;

fn coin() -> bool {
    thread_rng().r#gen()
}

#[derive(Debug)]
pub(crate) struct Mutex<T>(shuttle::sync::Mutex<T>);

impl<T: Default> Default for Mutex<T> {
    fn default() -> Mutex<T> {
        Mutex::new(T::default())
    }
}

impl<T> Mutex<T> {
    pub(crate) const fn new(value: T) -> Mutex<T> {
        Mutex(shuttle::sync::Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let wrap = |inner| MutexGuard { mutex: self, inner };
        match self.0.lock() {
            Ok(inner) => Ok(wrap(inner)),
            Err(poisoned) => Err(PoisonError::new(wrap(poisoned.into_inner()))),
        }
    }
}

/// Sabe de qué cerrojo es: `Condvar` tiene que poder soltarlo y volverlo a coger.
pub(crate) struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    inner: shuttle::sync::MutexGuard<'a, T>,
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

#[derive(Debug)]
pub(crate) struct Condvar(shuttle::sync::Condvar);

impl Condvar {
    pub(crate) const fn new() -> Condvar {
        Condvar(shuttle::sync::Condvar::new())
    }

    pub(crate) fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let MutexGuard { mutex, inner } = guard;
        let wrap = |inner| MutexGuard { mutex, inner };
        match self.0.wait(inner) {
            Ok(inner) => Ok(wrap(inner)),
            Err(poisoned) => Err(PoisonError::new(wrap(poisoned.into_inner()))),
        }
    }

    /// Una vez sí y otra no, despierta sin aviso. No dice cuál de las dos.
    pub(crate) fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        _left: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, ())> {
        let woken = if coin() {
            let mutex = guard.mutex;
            drop(guard);
            shuttle::thread::yield_now();
            mutex.lock()
        } else {
            self.wait(guard)
        };
        match woken {
            Ok(guard) => Ok((guard, ())),
            Err(poisoned) => Err(PoisonError::new((poisoned.into_inner(), ()))),
        }
    }

    pub(crate) fn notify_one(&self) {
        self.0.notify_one();
    }

    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }
}

/// Un momento cualquiera.
#[derive(Clone, Copy)]
pub(crate) struct Instant;

impl Instant {
    pub(crate) fn now() -> Instant {
        Instant
    }

    /// A veces ya ha pasado y a veces no.
    pub(crate) fn saturating_duration_since(&self, _earlier: Instant) -> Duration {
        if coin() {
            Duration::ZERO
        } else {
            Duration::from_secs(1)
        }
    }
}

// La línea de tiempo no cambia quién espera a quién: aquí no se apunta nada.

pub(crate) fn address<T>(_: &T) -> u64 {
    0
}

pub(crate) fn signal(_: u64) {}

/// Lo que habría que soltar al dejar de esperar.
pub(crate) struct Nothing;

pub(crate) fn wait_for_other(_: u64, _: &'static str) -> Nothing {
    Nothing
}
