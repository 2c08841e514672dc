//! `Sealed`: un valor cuyo destructor se compila aquí y no en cada celda que suelta a quien lo lleva dentro.
//!
//! Soltar un valor es código genérico, y se compila entero en cada crate que lo suelta; una celda de evcxr es un crate, y suelta
//! todas las variables del cuaderno. Detrás de un rasgo, la celda solo llama al destructor que está en la biblioteca.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// Un `T` en una caja opaca.
pub(crate) struct Sealed<T: 'static>(Box<dyn Reach<T> + Send + Sync>);

trait Reach<T> {
    fn reach(&self) -> &T;
    fn reach_mut(&mut self) -> &mut T;
}

impl<T> Reach<T> for T {
    fn reach(&self) -> &T {
        self
    }

    fn reach_mut(&mut self) -> &mut T {
        self
    }
}

impl<T: Send + Sync> Sealed<T> {
    pub(crate) fn new(value: T) -> Sealed<T> {
        Sealed(Box::new(value))
    }
}

impl<T> Deref for Sealed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        (*self.0).reach()
    }
}

impl<T> DerefMut for Sealed<T> {
    fn deref_mut(&mut self) -> &mut T {
        (*self.0).reach_mut()
    }
}

impl<T: fmt::Debug> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
