//! El gancho de pánico: una línea por pánico, escrita de una vez.

use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::Once;
use std::thread::{self, Thread};

use super::catch::is_quiet;
use super::panic_message;
use crate::process;
use crate::thread::is_main;

static INSTALL: Once = Once::new();

/// Anuncia cada pánico con una sola línea en la salida de error.
///
/// ```text
/// pánico en el hilo «descarga-3»: sin conexión
/// ```
///
/// Es un gancho para todo el proceso; instalarlo otra vez no hace nada. En el cuaderno **se instala solo** al cargar
/// el crate, así que solo hace falta llamarlo en un programa suelto.
///
/// - La línea se escribe de una vez: dos hilos que fallan a la vez no se mezclan.
/// - Un mensaje de varias líneas queda en una, separadas por «; ».
/// - En un proceso hijo dice también cuál. El de una tarea de un pool o de un ejecutor no se anuncia: le
///   llega, como error, a quien la mandó.
/// - Un hilo sin nombre se presenta como «sin nombre», y el principal, si no tiene otro, como «main».
/// - Con la variable de entorno `CONCURRENCIA_TRAZA` puesta y no vacía, detrás sale además lo que habría salido sin
///   este gancho (en std, el lugar del pánico y la traza).
///
/// Que el pánico se anuncie no quita que sea un valor: [`Thread::join`](crate::Thread::join) lo devuelve como `Err`.
///
/// # En Python
///
/// `threading.excepthook`.
///
/// # A pelo
///
/// [`std::panic::set_hook`].
///
/// # Examples
///
/// ```
/// concurrencia::install_panic_hook();
/// let fallo = std::thread::spawn(|| panic!("sin conexión")).join();
/// assert!(fallo.is_err()); // y en la salida de error, una línea
/// ```
pub fn install_panic_hook() {
    INSTALL.call_once(|| {
        #[cfg(not(target_os = "linux"))]
        crate::thread::suppose_main();
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !is_quiet() {
                announce(info);
            }
            if std::env::var_os("CONCURRENCIA_TRAZA").is_some_and(|value| !value.is_empty()) {
                previous(info);
            }
        }));
    });
}

fn announce(info: &PanicHookInfo<'_>) {
    let thread = thread::current();
    let message = on_one_line(panic_message(info.payload()));
    let line = match (process::worker_name(), name(&thread)) {
        (Some(process), "main") => {
            format!(
                "pánico en el proceso «{process}» (PID {}): {message}\n",
                std::process::id()
            )
        }
        (Some(process), thread) => format!(
            "pánico en el hilo «{thread}» del proceso «{process}» (PID {}): {message}\n",
            std::process::id()
        ),
        (None, thread) => format!("pánico en el hilo «{thread}»: {message}\n"),
    };
    // Si la salida de error está cerrada no queda dónde contarlo, y un pánico aquí abortaría el proceso.
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

/// Anuncia el pánico de una tarea cuyo resultado nadie ha querido ver.
pub(crate) fn announce_unheard(task: &str, message: &str) {
    let message = on_one_line(message);
    let line = format!("pánico en la tarea «{task}», que nadie ha esperado: {message}\n");
    // Como en `announce`: si no queda dónde contarlo, no se cuenta.
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

fn name(thread: &Thread) -> &str {
    match thread.name() {
        Some(name) => name,
        None if is_main() => "main",
        None => "sin nombre",
    }
}

fn on_one_line(message: &str) -> String {
    let lines: Vec<&str> = message
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("; ")
}
