//! Dormir hasta que otro proceso cambie una palabra de la memoria que comparten.

use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

use super::channel::Wait;

pub(super) use system::wake;

/// Lo más que se duerme sin mirar si sigue vivo el proceso al que se espera.
pub(super) const NAP: Duration = Duration::from_millis(50);

/// Duerme mientras `word` valga `expected`, hasta que otro llame a [`wake`] o se pase `wait`.
///
/// Puede volver antes de tiempo: quien llama vuelve a mirar.
pub(super) fn sleep(word: &AtomicU32, expected: u32, wait: Wait) {
    if !wait.is_over() {
        system::sleep(word, expected, wait.left());
    }
}

/// Como [`sleep`], pero no más de [`NAP`].
pub(super) fn nap(word: &AtomicU32, expected: u32, wait: Wait) {
    let waking = Instant::now() + NAP;
    let wait = match wait {
        Wait::Forever => Wait::Until(waking),
        Wait::Until(deadline) => Wait::Until(deadline.min(waking)),
        Wait::Never => Wait::Never,
    };
    sleep(word, expected, wait);
}

#[cfg(target_os = "linux")]
mod system {
    use std::sync::atomic::AtomicU32;
    use std::time::Duration;

    use rustix::thread::futex::{self, Flags};

    use super::super::channel::timespec;

    pub(in super::super) fn sleep(word: &AtomicU32, expected: u32, left: Option<Duration>) {
        // Sin `PRIVATE`: la palabra es de varios procesos. Todos sus errores (ya no vale eso, se pasó el plazo, una
        // señal) quieren decir lo mismo: que vuelva a mirar.
        let _ = futex::wait(word, Flags::empty(), expected, timespec(left).as_ref());
    }

    /// Despierta hasta `count` de los que duermen en `word`.
    pub(in super::super) fn wake(word: &AtomicU32, count: u32) {
        // El núcleo cuenta con signo.
        let _ = futex::wake(word, Flags::empty(), count.min(i32::MAX as u32));
    }
}

/// macOS no tiene un `futex` público entre procesos antes de la versión 14.4: se mira de vez en cuando.
#[cfg(not(target_os = "linux"))]
mod system {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread;
    use std::time::Duration;

    const NAP: Duration = Duration::from_micros(500);

    pub(in super::super) fn sleep(word: &AtomicU32, expected: u32, left: Option<Duration>) {
        if word.load(Ordering::Acquire) == expected {
            thread::sleep(left.map_or(NAP, |left| left.min(NAP)));
        }
    }

    /// Los que duermen se despiertan solos.
    pub(in super::super) fn wake(_word: &AtomicU32, _count: u32) {}
}
