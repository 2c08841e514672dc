//! `Door`: la puerta por la que entran las tareas de unos trabajadores.
//!
//! Está abierta hasta que alguien se lleva lo que hay detrás (el extremo del canal por el que les llegan): nadie puede
//! estar metiendo una tarea mientras se cierra, así que la que entra llega y la que no entra vuelve a quien la traía.

use crate::primitives::{PoisonError, RwLock};

/// Por donde se llega a `C`, mientras esté abierta.
pub(crate) struct Door<C>(RwLock<Option<C>>);

impl<C> Door<C> {
    /// Abierta, con `crew` detrás.
    pub(crate) fn new(crew: C) -> Door<C> {
        Door(RwLock::new(Some(crew)))
    }

    /// Entrega `task` con `hand_over`; la devuelve si está cerrada.
    pub(crate) fn pass<T>(&self, task: T, hand_over: impl FnOnce(&C, T)) -> Result<(), T> {
        let crew = self.0.read().unwrap_or_else(PoisonError::into_inner);
        match &*crew {
            Some(crew) => {
                hand_over(crew, task);
                Ok(())
            }
            None => Err(task),
        }
    }

    /// La cierra y da lo que había detrás; `None` si ya estaba cerrada.
    pub(crate) fn close(&self) -> Option<C> {
        let mut crew = self.0.write().unwrap_or_else(PoisonError::into_inner);
        crew.take()
    }

    /// ¿Está cerrada?
    pub(crate) fn is_closed(&self) -> bool {
        let crew = self.0.read().unwrap_or_else(PoisonError::into_inner);
        crew.is_none()
    }
}
