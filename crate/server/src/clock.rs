//! `Clock`: esperas que acaban cuando tienen que acabar.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Instant;
use std::{io, thread};

use tokio::sync::oneshot;

/// Un hilo que despierta a cada espera a su hora.
///
/// No es `tokio::time::sleep` porque tokio cuenta en milisegundos y redondea hacia arriba dos veces: se pasa de uno a dos.
/// En esperas de 55 ms encadenadas de cuatro en cuatro eso ya es un 3 %, y lo que se mide aquí se compara con un 10 %.
pub(crate) struct Clock(Sender<Alarm>);

impl Clock {
    pub(crate) fn new() -> io::Result<Clock> {
        let (set, alarms) = mpsc::channel();
        thread::Builder::new()
            .name("reloj".to_owned())
            .spawn(move || ring_each(&alarms))?;
        Ok(Clock(set))
    }

    pub(crate) async fn sleep_until(&self, at: Instant) {
        let (ring, rung) = oneshot::channel();
        if self.0.send(Alarm { at, ring }).is_ok() {
            let _ = rung.await;
        }
    }
}

struct Alarm {
    at: Instant,
    ring: oneshot::Sender<()>,
}

fn ring_each(alarms: &Receiver<Alarm>) {
    let mut pending: BinaryHeap<Alarm> = BinaryHeap::new();
    loop {
        let next = match pending.peek() {
            None => alarms.recv().map_err(RecvTimeoutError::from),
            Some(first) => alarms.recv_timeout(first.at.saturating_duration_since(Instant::now())),
        };
        match next {
            Ok(alarm) => pending.push(alarm),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let now = Instant::now();
        while pending.peek().is_some_and(|first| first.at <= now) {
            // Si quien esperaba ya se fue, tanto da.
            let _ = pending.pop().map(|alarm| alarm.ring.send(()));
        }
    }
}

/// La mayor es la que antes suena: es la que da `BinaryHeap`.
impl Ord for Alarm {
    fn cmp(&self, other: &Alarm) -> Ordering {
        other.at.cmp(&self.at)
    }
}

impl PartialOrd for Alarm {
    fn partial_cmp(&self, other: &Alarm) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Alarm {
    fn eq(&self, other: &Alarm) -> bool {
        self.at == other.at
    }
}

impl Eq for Alarm {}

#[cfg(test)]
mod tests {
    use super::Clock;
    use std::time::{Duration, Instant};

    #[tokio::test]
    async fn no_despierta_antes_de_la_hora_ni_en_otro_orden() {
        let clock = Clock::new().unwrap();
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let wait = async |ms| {
            clock.sleep_until(at(ms)).await;
            assert!(Instant::now() >= at(ms));
            Instant::now()
        };
        let (late, soon, past) = tokio::join!(wait(60), wait(20), wait(0));
        assert!(past < soon && soon < late);
    }

    #[tokio::test]
    async fn quien_se_va_no_molesta_a_los_demas() {
        let clock = Clock::new().unwrap();
        let start = Instant::now();
        drop(
            tokio::time::timeout(
                Duration::ZERO,
                clock.sleep_until(start + Duration::from_millis(5)),
            )
            .await,
        );
        clock.sleep_until(start + Duration::from_millis(20)).await;
        assert!(start.elapsed() >= Duration::from_millis(20));
    }
}
