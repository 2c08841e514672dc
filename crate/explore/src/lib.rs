//! Recorre los órdenes en que se pueden cruzar los hilos de un programa, encuentra el que falla y lo cuenta.
//!
//! Un programa con hilos que sale bien mil veces puede fallar la siguiente: depende de quién se adelante. [`explore`]
//! lo ejecuta bajo miles de *planes* (a qué hilo le toca en cada turno), con hilos que no corren a la vez sino por
//! turnos, y devuelve un [`Report`]. Si alguno falla, el informe cuenta paso a paso el más sencillo y da el plan que lo
//! repite.
//!
//! ```
//! use explore::sync::Arc;
//! use explore::sync::atomic::{AtomicU32, Ordering::SeqCst};
//! use explore::{explore, thread};
//!
//! let informe = explore(|| {
//!     let n = Arc::new(AtomicU32::new(0).with_name("n"));
//!     let hilos = [1, 2].map(|_| {
//!         let n = Arc::clone(&n);
//!         thread::spawn(move || {
//!             let leido = n.load(SeqCst); // si aquí se cuela el otro…
//!             n.store(leido + 1, SeqCst);
//!         })
//!     });
//!     for hilo in hilos {
//!         hilo.join().unwrap();
//!     }
//!     assert_eq!(n.load(SeqCst), 2, "se ha perdido una suma");
//! });
//! assert!(informe.is_race());
//! println!("{informe}");
//! ```
//!
//! En un cuaderno, detrás de la celda que carga `concurrencia`:
//!
//! ```text
//! :dep concurrencia-explore = { path = "../crate/explore" }
//! use explore::{explore, replay, thread, sync::{Arc, Mutex}};
//! ```
//!
//! Las piezas se llaman como las de std ([`sync`], [`thread`], [`hint`]) y se usan igual: el programa que se explora es
//! el de verdad con otros `use`. Tres diferencias: se crean dentro del programa, el tiempo no pasa (ni `sleep` ordena
//! nada ni hay esperas con plazo) y un pánico en cualquier hilo es un fallo.
//!
//! Quien elige los turnos es [shuttle](https://docs.rs/shuttle/0.8).

#![forbid(unsafe_code)]
#![warn(unnameable_types)]

// EXPLORAR
mod explore;
pub use explore::{explore, replay};

mod explorer;
pub use explorer::{Explorer, Strategy};

// LO QUE SE CUENTA
mod report;
pub use report::{Report, Step};

mod schedule;
pub use schedule::ScheduleError;

// CON QUÉ SE ESCRIBE EL PROGRAMA
pub mod hint;
pub mod sync;
pub mod thread;

mod engine;
