//! Lo que un cuaderno importa en una línea: `use workloads::prelude::*;`.

pub use crate::cpu;
pub use crate::http::{ClientSession, Download, HttpError, Options, Response, Session, User};
pub use crate::images;
pub use crate::progress::Progress;
pub use crate::python;
pub use crate::report::Report;
pub use crate::schedule::{self, Schedule};
pub use crate::server::{Fault, Server, ServerError, Site, Stats};
