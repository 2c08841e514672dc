//! Con qué se sincronizan los algoritmos propios.
//!
//! Lo toman todo de aquí, y de ningún otro sitio: así las pruebas pueden compilar el mismo archivo con las primitivas de
//! `shuttle` en lugar de estas y recorrer sus entrelazamientos (`crate/tests/entrelazamientos/`).

pub(crate) use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub(crate) use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
pub(crate) use std::thread::yield_now;
pub(crate) use std::time::Instant;

// Decirle a la línea de tiempo quién espera y quién avisa.
pub(crate) use crate::timeline::{address, signal, wait_for_other};
