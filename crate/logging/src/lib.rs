//! El `logging` de Python: mensajes con nivel y con el nombre del hilo que los escribe.
//!
//! [`basic_config`] lo pone en marcha en una línea; [`Config`] deja elegir qué lleva cada línea y adónde va. Los mensajes
//! se escriben con las macros de [tracing](https://docs.rs/tracing/0.1), que aceptan lo mismo que `format!`:
//! [`debug!`], [`info!`], [`warn!`] y [`error!`].
//!
//! ```
//! use logging::{Level, debug};
//! use std::thread;
//!
//! logging::basic_config(Level::DEBUG);
//! let hilo = thread::Builder::new().name("Worker".into()).spawn(|| {
//!     debug!("Iniciando…");
//!     debug!("Finalizando…");
//! })?;
//! hilo.join().unwrap();
//! // [DEBUG] (Worker) Iniciando…
//! // [DEBUG] (Worker) Finalizando…
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! | en Python | aquí |
//! |---|---|
//! | `logging.basicConfig(level=logging.DEBUG)` | [`basic_config`]`(Level::DEBUG)` |
//! | `basicConfig(format=…, stream=…, force=True)` | [`Config`] |
//! | `logging.debug("van %d", n)` | [`debug!`]`("van {n}")` |
//! | `logging.warning(…)`, `logging.error(…)` | [`warn!`], [`error!`] |
//! | `logging.getLogger("descargas").info(…)` | [`info!`]`(target: "descargas", …)` |
//!
//! En un cuaderno, detrás de la celda que carga `concurrencia`:
//!
//! ```text
//! :dep concurrencia-logging = { path = "../crate/logging" }
//! use logging::{Level, debug, info};
//! ```
//!
//! La configuración es una para todas las celdas. Otro proceso empieza sin ella.

#![forbid(unsafe_code)]
#![warn(unnameable_types)]

// Las dependencias que comparten tienen que estar en una sola biblioteca dinámica, la suya: si no, ninguna celda podría
// enlazar las dos.
use concurrencia as _;

pub use tracing::{Level, debug, error, info, trace, warn};

mod config;
pub use config::{Config, basic_config};

mod line;
mod output;
