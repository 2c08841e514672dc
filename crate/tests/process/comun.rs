//! Lo que necesitan varias pruebas: matar procesos y saber si siguen ahí.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

fn pid(pid: u32) -> Pid {
    Pid::from_raw(pid.try_into().unwrap()).unwrap()
}

/// SIGKILL.
pub(crate) fn mata(proceso: u32) {
    kill_process(pid(proceso), Signal::KILL).unwrap();
}

/// ¿Está en la lista de procesos del sistema, aunque sea como zombi?
pub(crate) fn existe(proceso: u32) -> bool {
    test_kill_process(pid(proceso)).is_ok()
}

/// Espera a que deje de estarlo.
pub(crate) fn acaba(proceso: u32) {
    let limite = Instant::now() + Duration::from_secs(20);
    while existe(proceso) {
        assert!(Instant::now() < limite, "el proceso {proceso} sigue ahí");
        thread::sleep(Duration::from_millis(1));
    }
}
