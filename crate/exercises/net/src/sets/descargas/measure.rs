//! Lo que se mide desde fuera de la función que se prueba.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// Cuántas llegó a haber a la vez, como se lee en un veredicto.
pub(super) fn several(peak: u64) -> String {
    format!("{peak} a la vez como mucho")
}

/// ¿Se cumple antes de medio segundo?
pub(super) fn soon(is_so: impl Fn() -> bool) -> bool {
    let until = Instant::now() + Duration::from_millis(500);
    while Instant::now() < until {
        if is_so() {
            return true;
        }
        thread::sleep(Duration::from_millis(2));
    }
    is_so()
}

/// Cuántos hilos de más llega a haber mientras se ejecuta `f`. Fuera de Linux no se ve ninguno.
pub(super) fn most_threads<T>(f: impl FnOnce() -> T) -> usize {
    let now = || fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        // Cuenta también a quien cuenta.
        let before = now() + 1;
        let watch = scope.spawn(|| {
            let mut most = 0;
            while !is_over.load(Ordering::Relaxed) {
                most = most.max(now());
                thread::sleep(Duration::from_millis(1));
            }
            most
        });
        f();
        is_over.store(true, Ordering::Relaxed);
        watch.join().map_or(0, |most| most.saturating_sub(before))
    })
}
