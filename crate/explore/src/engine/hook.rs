//! Que un pánico del programa explorado no ensucie la salida de error: ya sale en el informe.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

use shuttle::scheduler::RoundRobinScheduler;
use shuttle::{Config, Runner};

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Hace algo sin que nadie anuncie los pánicos de este hilo.
pub(super) fn quietly<R>(f: impl FnOnce() -> R) -> R {
    struct Restore;
    impl Drop for Restore {
        fn drop(&mut self) {
            QUIET.set(false);
        }
    }
    install();
    QUIET.set(true);
    let _restore = Restore;
    f()
}

fn install() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        // shuttle y su biblioteca de corrutinas ponen sus ganchos en la primera ejecución, y escriben: que la hagan ya
        // y así este queda delante.
        Runner::new(RoundRobinScheduler::new(1), Config::new()).run(|| ());
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                previous(info);
            }
        }));
    });
}
