//! `Ticket`: el resguardo de una tarea encargada a un pool.

use super::recorder::{Inside, Queue, signal, submit, task};
use super::{FunctionName, Label, NOTHING};

/// Lo que acompaña a una tarea desde que se encarga hasta que alguien la empieza.
///
/// Si se suelta sin haberla empezado (se canceló, el pool se cerró), la tarea sale de la cola.
#[derive(Debug)]
pub(crate) struct Ticket {
    name: FunctionName,
    number: usize,
    object: u64,
}

impl Ticket {
    /// Encarga la vez número `number` (desde 1) de la función `name`, en la cola `queue`.
    #[inline]
    pub(crate) fn new(queue: &Queue, name: FunctionName, number: usize) -> Ticket {
        Ticket {
            name,
            number,
            object: submit(Some(queue), || Label::numbered(name(), number)),
        }
    }

    /// Quien llama la empieza; acaba al soltar lo que devuelve.
    #[inline]
    pub(crate) fn begin(mut self) -> Option<Inside> {
        let object = std::mem::replace(&mut self.object, NOTHING);
        task(object, || Label::numbered((self.name)(), self.number))
    }
}

impl Drop for Ticket {
    #[inline]
    fn drop(&mut self) {
        if self.object != NOTHING {
            signal(self.object);
        }
    }
}
