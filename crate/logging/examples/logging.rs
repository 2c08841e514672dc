//! Quién escribe cada mensaje: dos hilos y el principal.
//!
//! `cargo run -p concurrencia-logging --example logging`

use concurrencia::{Thread, ThreadError};
use logging::{Config, Level, debug, warn};

fn main() -> Result<(), ThreadError> {
    logging::basic_config(Level::DEBUG);
    let mut worker = Thread::new(|| {
        debug!("Iniciando…");
        concurrencia::sleep(2);
        debug!("Finalizando…");
    })
    .with_name("Worker");
    worker.start()?;
    worker.join()?;

    // Otra configuración, desde aquí: con la hora y solo lo grave.
    Config::new()
        .with_level(Level::WARN)
        .with_time(true)
        .install();
    let mut service = Thread::new(|| {
        debug!("esto ya no sale");
        warn!(intentos = 3, "sin conexión");
    });
    service.start()?;
    service.join()?;
    warn!("acabo yo");
    Ok(())
}
