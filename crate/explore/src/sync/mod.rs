//! Las piezas de [`std::sync`] para los programas que se exploran: mismo nombre, mismo uso.
//!
//! - [`Mutex`], [`RwLock`], [`Condvar`] y [`Barrier`]; en [`atomic`], los atómicos; en [`mpsc`], los canales.
//! - [`Arc`], [`Weak`] y los errores de los cerrojos son los de std.
//!
//! Las de std también compilan dentro de un programa explorado, pero nadie se cuela entre sus pasos, y la que bloquea
//! bloquea la celda para siempre. No están las esperas con plazo: aquí el tiempo no pasa.

pub use std::sync::{Arc, LockResult, PoisonError, TryLockError, TryLockResult, Weak};

pub mod atomic;
pub mod mpsc;

mod gate;

mod mutex;
pub use mutex::{Mutex, MutexGuard};

mod rwlock;
pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};

mod condvar;
pub use condvar::Condvar;

mod barrier;
pub use barrier::{Barrier, BarrierWaitResult};
