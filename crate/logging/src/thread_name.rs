//! Cómo se llama en el registro el hilo que escribe.

use std::borrow::Cow;
use std::sync::OnceLock;
use std::thread::{self, Thread, ThreadId};

// Dentro del núcleo, std no sabe cuál es el hilo principal y no le pone nombre. Lo es quien configura el registro.
static MAIN: OnceLock<ThreadId> = OnceLock::new();

/// Toma por principal a quien la llama, si no lo hay ya.
pub(crate) fn this_is_main() {
    MAIN.get_or_init(|| thread::current().id());
}

/// El nombre del hilo que la llama.
pub(crate) fn thread_name() -> Cow<'static, str> {
    let current = thread::current();
    match current.name() {
        Some("main") => "MainThread".into(),
        Some(name) => name.to_owned().into(),
        None if is_main(&current) => "MainThread".into(),
        None => "sin nombre".into(),
    }
}

fn is_main(thread: &Thread) -> bool {
    MAIN.get() == Some(&thread.id())
}
