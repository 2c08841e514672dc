//! `Crowd`: saber cuándo han salido todos los que estaban dentro, sin que entrar y salir cueste nada.
//!
//! Cada hilo tiene su cuenta, que solo escribe él: impar, dentro; par, fuera. Quien quiere que salgan todos las lee, y
//! espera a que cambien las impares. No impide que entren otros: eso lo hace quien llama, cerrando antes la
//! [puerta](super::door), y por eso nadie que vea dentro puede tardar más que su visita.

use std::sync::PoisonError;

use crate::primitives::{Arc, AtomicUsize, Mutex, MutexGuard, Ordering, yield_now};

/// La cuenta de un hilo, sola en sus líneas de caché: la escribe en cada visita.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Visitor(AtomicUsize);

impl Visitor {
    /// Llama a `visit` estando dentro. No puede haber una visita en medio de otra.
    pub(crate) fn inside<R>(&self, visit: impl FnOnce() -> R) -> R {
        struct Leave<'a>(&'a AtomicUsize, usize);
        impl Drop for Leave<'_> {
            fn drop(&mut self) {
                // Quien vea que ha salido ve todo lo que hizo dentro.
                self.0.store(self.1, Ordering::Release);
            }
        }
        let outside = self.0.load(Ordering::Relaxed);
        // Que se vea a tiempo lo asegura la puerta: se pide paso después, con una operación que publica esta.
        self.0.store(outside.wrapping_add(1), Ordering::Relaxed);
        let _leave = Leave(&self.0, outside.wrapping_add(2));
        visit()
    }
}

/// Los hilos que pueden estar dentro.
#[derive(Debug)]
pub(crate) struct Crowd {
    visitors: Mutex<Vec<Arc<Visitor>>>,
}

impl Crowd {
    pub(crate) const fn new() -> Crowd {
        Crowd {
            visitors: Mutex::new(Vec::new()),
        }
    }

    /// Apunta a un hilo nuevo.
    pub(crate) fn join(&self) -> Arc<Visitor> {
        let visitor = Arc::new(Visitor(AtomicUsize::new(0)));
        self.visitors().push(Arc::clone(&visitor));
        visitor
    }

    /// Borra a un hilo que ya no va a volver.
    pub(crate) fn leave(&self, visitor: &Arc<Visitor>) {
        self.visitors().retain(|other| !Arc::ptr_eq(other, visitor));
    }

    /// Espera a que salgan los que estén dentro ahora.
    pub(crate) fn wait_for_exit(&self) {
        let visitors = self.visitors().clone();
        for Visitor(count) in visitors.iter().map(|visitor| &**visitor) {
            let seen = count.load(Ordering::Acquire);
            while seen % 2 == 1 && count.load(Ordering::Acquire) == seen {
                yield_now();
            }
        }
    }

    fn visitors(&self) -> MutexGuard<'_, Vec<Arc<Visitor>>> {
        self.visitors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
