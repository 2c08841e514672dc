//! Los trabajos con los que las lecciones miden: descargas, imágenes y cálculo, sin red y siempre iguales.
//!
//! | en Python | aquí | módulo |
//! |---|---|---|
//! | un servidor de pruebas (`pytest-httpserver`…) | [`Server`] | [`server`] |
//! | `requests.Session` | [`Session`] | [`http`] |
//! | `aiohttp.ClientSession`, `httpx.AsyncClient` | [`ClientSession`] | [`http`] |
//! | `PIL.Image.thumbnail` | `thumbnail` | [`images`] |
//! | `hashlib.pbkdf2_hmac` | `pbkdf2_hmac` | [`cpu`] |
//! | no hay de serie | el mejor reparto posible | [`schedule`] |
//! | todo eso, en Python, para correr contra ello | `DOWNLOADS`, `IMAGES`, `THUMBNAILS`, `CPU` | [`python`] |
//! | `tqdm` | [`Progress`] | [`progress`] |
//!
//! En un cuaderno, detrás de la celda que carga `concurrencia`:
//!
//! ```text
//! :dep concurrencia-workloads = { path = "../crate/workloads" }
//! use workloads::prelude::*;
//! ```
//!
//! Lo que a una celda le llega de muchos sitios a la vez, bien o mal, se cuenta y se enseña con [`Report`]. Para usarlos
//! tal cual, sin otro `:dep`, el paquete reexporta [`image`], [`reqwest`] y [`walkdir`].

#![deny(unsafe_code)]
#![warn(unnameable_types)]

// Lo que comparten tiene que estar en una sola biblioteca dinámica, la suya: si no, ninguna celda podría enlazarlas.
use concurrencia as _;
use logging as _;

pub use {image, reqwest, walkdir};

// UN SERVIDOR EN ESTA MÁQUINA
pub mod server;
pub use server::Server;

// DESCARGAR
pub mod http;
pub use http::{ClientSession, Session};

// IMÁGENES Y MINIATURAS
pub mod images;

// CALCULAR
pub mod cpu;

// REPARTIR
pub mod schedule;
pub use schedule::Schedule;

// LO MISMO, EN PYTHON
pub mod python;

// LO QUE FUE BIEN Y LO QUE NO
pub mod report;
pub use report::Report;

// CUÁNTO VA HECHO
pub mod progress;
pub use progress::Progress;

pub mod prelude;

// POR DENTRO
mod whole_file;
