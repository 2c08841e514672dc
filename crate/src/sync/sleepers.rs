//! Los que duermen hasta que los avisen, por orden de llegada.
//!
//! Cada uno tiene su propio despertador, así que avisar a tres despierta a tres, y a los que más llevan. Nadie despierta
//! sin que lo avisen.
//!
//! **No se pierde ningún aviso.** Ponerse en la cola y dormirse son dos pasos: el primero se da con el cerrojo de la
//! condición cogido, y el segundo tras soltarlo. Quien cambie el dato en medio ya encuentra al durmiente en la cola, y
//! su aviso queda puesto en el despertador aunque aún no se haya dormido. El plazo y el aviso se disputan el sitio en la
//! cola, con su cerrojo cogido: quien ya no está en ella es que fue avisado, y no puede decir que se le acabó el plazo.

use std::collections::VecDeque;
use std::sync::PoisonError;

use crate::monitor::Monitor;
use crate::primitives::{Arc, Instant, Mutex, MutexGuard};

/// La cola de los que duermen.
#[derive(Debug, Default)]
pub(super) struct Sleepers {
    queue: Mutex<VecDeque<Arc<Sleeper>>>,
}

/// El despertador de uno: si ya ha sonado.
type Sleeper = Monitor<bool>;

/// El sitio de uno en la cola.
#[derive(Debug)]
pub(super) struct Seat(Arc<Sleeper>);

impl Sleepers {
    /// Se pone en la cola. Con el cerrojo de la condición cogido.
    pub(super) fn enter(&self) -> Seat {
        let sleeper = Arc::new(Monitor::new(false));
        self.lock().push_back(Arc::clone(&sleeper));
        Seat(sleeper)
    }

    /// Duerme hasta que lo avisen, o hasta que se acabe el plazo. ¿Lo han avisado?
    pub(super) fn sleep<N>(
        &self,
        seat: &Seat,
        deadline: Option<Instant>,
        note: impl FnOnce(u64) -> N,
    ) -> bool {
        let rang = seat
            .0
            .wait_noting(deadline, |rang| rang.then_some(()), note);
        rang.is_some() || !self.leave(seat)
    }

    /// Se va de la cola sin que lo avisen. ¿Seguía en ella?
    pub(super) fn leave(&self, seat: &Seat) -> bool {
        let mut queue = self.lock();
        let place = queue.iter().position(|other| Arc::ptr_eq(other, &seat.0));
        place.and_then(|place| queue.remove(place)).is_some()
    }

    /// Avisa a los `n` que más llevan.
    pub(super) fn wake(&self, n: usize) {
        let woken: Vec<_> = {
            let mut queue = self.lock();
            let n = n.min(queue.len());
            queue.drain(..n).collect()
        };
        for sleeper in woken {
            sleeper.change_for_one(|rang| *rang = true);
        }
    }

    /// Cuántos duermen.
    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Sleeper>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
