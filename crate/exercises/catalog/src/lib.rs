//! El catálogo de ejercicios del curso, leído de los cuadernos del profesor, y el progreso de quien los hace.
//!
//! Los ejercicios se escriben una sola vez, en `curso/ejercicios/*.ipynb`: un cuaderno por libro, con las celdas de cada
//! ejercicio seguidas y marcadas en `metadata.ejercicio`. De ahí los leen la orden `curso`, que hace las copias de los
//! alumnos; el crate `exercises`, que los corrige; y el contrato, que comprueba que cada uno cumple lo que promete.
//!
//! ```
//! # let root = std::env::temp_dir().join(format!("catalogo-lib-{}", std::process::id()));
//! # std::fs::create_dir_all(root.join("curso/ejercicios"))?;
//! # std::fs::write(root.join("curso/ejercicios/1_hilos.ipynb"), catalog::EXAMPLE)?;
//! use catalog::{Catalog, Progress, Summary};
//!
//! let catalog = Catalog::load(&root)?;
//! let path = Progress::path(&root);
//! # let path = root.join("progreso.json");
//! Progress::update(&path, |progress| {
//!     let record = progress.record_mut("hilos-01");
//!     record.attempts += 1;
//!     record.passed_on = Some(record.attempts);
//! })?;
//!
//! let summary = Summary::new(&catalog, &Progress::load(&path));
//! assert_eq!((summary.total().done, summary.total().total), (1, 2));
//! assert_eq!(summary.next.as_deref(), Some("hilos-02"));
//! # std::fs::remove_dir_all(root)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! El progreso es un archivo que varios procesos cambian a la vez (cada núcleo abierto es uno): [`Progress::update`] echa
//! un cerrojo, y así no se pierde nada.

#![forbid(unsafe_code)]
#![warn(unnameable_types)]

// LOS EJERCICIOS
mod catalog;
pub use catalog::Catalog;

mod root;
pub use root::root;

mod book;
pub use book::{Book, Exercise, How, Kind, Wrong};

// LO QUE LLEVA HECHO QUIEN LOS HACE
mod progress;
pub use progress::{Progress, Record};

mod summary;
pub use summary::{BookSummary, Counts, Summary};

// LO QUE PUEDE SALIR MAL
mod error;
pub use error::{CatalogError, ProgressError};

// CÓMO SE LEE
mod json;
mod nearest;
mod notebook;

/// Un cuaderno del profesor muy corto, con dos ejercicios, para los ejemplos de esta documentación.
#[doc(hidden)]
pub const EXAMPLE: &str = include_str!("example.json");
