//! Decirle a la línea de tiempo quién espera algo de una memoria compartida, y quién avisa.
//!
//! Lo que se espera se nombra por el nodo de la memoria, que es el mismo en todos los procesos que la tienen. Sin captura
//! abierta, las dos funciones solo miran si la hay.

use rustix::fs::fstat;

use super::channel::Wait;
use super::raw::SharedMemory;
use crate::timeline::{self, Inside, NOTHING, State};

/// Quien llama espera, hasta `wait`, lo que hay en `offset`, que se llama `label`. Nada si no va a esperar.
pub(super) fn waiting(
    state: State,
    wait: Wait,
    memory: &SharedMemory,
    offset: usize,
    label: &'static str,
) -> Option<Inside> {
    if !timeline::is_on() || wait.is_over() {
        return None;
    }
    timeline::waiting(state, object(memory, offset), || label.into())
}

/// Quien espere lo que hay en `offset` ya puede seguir. Hay que decirlo antes de despertarlo.
pub(super) fn signal(memory: &SharedMemory, offset: usize) {
    if timeline::is_on() {
        timeline::signal(object(memory, offset));
    }
}

fn object(memory: &SharedMemory, offset: usize) -> u64 {
    // Un descriptor abierto siempre tiene nodo.
    fstat(memory.fd()).map_or(NOTHING, |stat| timeline::shared_object(stat.st_ino, offset))
}
