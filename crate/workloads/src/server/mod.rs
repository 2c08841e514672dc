//! Un servidor de prácticas en esta máquina: las mismas respuestas y las mismas esperas cada vez, sin red.
//!
//! [`Server::start`] lo arranca en un proceso aparte y da sus direcciones; muere al soltar el último mango o al morir el
//! núcleo. Todo lo que sirve depende solo de la semilla (y, donde dice una dirección suya, del puerto que le tocó).
//!
//! | en la lección | aquí |
//! |---|---|
//! | los 16 sitios que se descargan | [`Server::sites`] |
//! | `https://source.unsplash.com/1600x900` | [`Server::images`] |
//! | `https://randomuser.me/api?seed=123` y su retrato | [`Server::user`] |
//! | `https://jsonplaceholder.typicode.com/posts` y otras cuatro | [`Server::collections`] |
//! | tres páginas cualesquiera | [`Server::pages`] |
//! | que algo falle | [`Server::fault`] |
//! | cuántas descargas hubo a la vez | [`Server::stats`] |
//!
//! # Cuánto tarda en responder
//!
//! Cada respuesta espera [`latency`] antes de su primer byte: un fijo más un poco por byte, deducidos de lo que tardó la
//! lección en bajar los 16 sitios en serie y a la vez. La espera va a [escala](concurrencia::time) y no ocupa a nadie:
//! mil a la vez esperan lo mismo que una.
//!
//! # Con los sitios de verdad
//!
//! Con `CONCURRENCIA_SITIOS=reales` en el entorno, las mismas celdas van a los sitios de la lección. Si no hay red se
//! avisa al arrancar y se sigue con los de aquí.

#[expect(
    clippy::module_inception,
    reason = "el archivo se llama como el tipo que define"
)]
mod server;
pub use server::Server;

mod builder;
pub use builder::ServerBuilder;

mod site;
pub use site::Site;

mod lesson;
pub use lesson::{COLLECTIONS, Delivery, LessonSite, PAGES, SITES, latency};

mod fault;
pub use fault::Fault;

mod stats;
pub use stats::Stats;

mod error;
pub use error::ServerError;

// POR DENTRO
mod network;
mod program;
