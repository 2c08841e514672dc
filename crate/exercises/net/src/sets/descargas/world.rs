//! Un mundo en el que el tiempo no pasa: salta de espera en espera.

use std::collections::BTreeSet;
use std::future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// El programa de «descargas-07», ejecutado con un reloj que salta de espera en espera: los minutos que pasan y lo que
/// queda escrito.
pub(super) fn run_virtually(a: u32, b: u32, c: u32, limit: u32) -> (u32, String) {
    let world = World::default();
    let is_over = AtomicBool::new(false);
    let mut first = pin!(async {
        world.download("a", a).await;
        is_over.store(true, Ordering::Relaxed);
    });
    let mut main = pin!(async {
        // `first` está en la cola, y no empieza hasta que esta ceda.
        world.download("b", b).await;
        let last = world.download("c", c);
        world.until(|| is_over.load(Ordering::Relaxed)).await;
        world.within(limit, last).await;
    });
    let context = &mut Context::from_waker(Waker::noop());
    let mut is_first_over = false;
    loop {
        // Dos veces: la segunda tarea puede dar paso a la primera.
        for _ in 0..2 {
            if main.as_mut().poll(context).is_ready() {
                let world = world.lock();
                return (world.minute, world.diary.join(" "));
            }
            is_first_over = is_first_over || first.as_mut().poll(context).is_ready();
        }
        world.jump();
    }
}

/// Un reloj y un diario.
#[derive(Default)]
struct World(Mutex<Now>);

#[derive(Default)]
struct Now {
    minute: u32,
    alarms: BTreeSet<u32>,
    diary: Vec<String>,
}

impl World {
    fn lock(&self) -> MutexGuard<'_, Now> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn download(&self, name: &str, minutes: u32) {
        self.lock().diary.push(format!("{name}?"));
        self.sleep(minutes).await;
        self.lock().diary.push(format!("{name}!"));
    }

    async fn sleep(&self, minutes: u32) {
        let at = {
            let mut now = self.lock();
            let at = now.minute + minutes;
            now.alarms.insert(at);
            at
        };
        self.until(|| self.lock().minute >= at).await;
    }

    async fn until(&self, is_so: impl Fn() -> bool) {
        let poll = |_: &mut Context<'_>| {
            if is_so() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        };
        future::poll_fn(poll).await;
    }

    /// Lo que acabe antes: `task`, o el plazo.
    async fn within(&self, minutes: u32, task: impl Future<Output = ()>) {
        let (mut task, mut limit) = (pin!(task), pin!(self.sleep(minutes)));
        future::poll_fn(|context| {
            let is_done = task.as_mut().poll(context).is_ready();
            let is_late = limit.as_mut().poll(context).is_ready();
            if is_done || is_late {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    /// Hasta la siguiente espera que se acaba.
    fn jump(&self) {
        let mut now = self.lock();
        let minute = now.minute;
        if let Some(next) = now.alarms.range(minute + 1..).next().copied() {
            now.minute = next;
        }
    }
}
