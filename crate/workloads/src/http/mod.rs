//! Descargar: sesiones bloqueantes y asíncronas con los nombres de Python, sobre [reqwest].
//!
//! | en Python | aquí | espera |
//! |---|---|---|
//! | `requests.Session()` | [`Session`] | bloqueando su hilo |
//! | `aiohttp.ClientSession()`, `httpx.AsyncClient()` | [`ClientSession`] | con `.await` |
//!
//! Las dos hacen lo mismo y dan lo mismo: [`get`](Session::get), una [`Response`] con el cuerpo **leído entero**;
//! [`download`](Session::download), un archivo ([`Download`]). Al clonarlas se comparte la sesión, con sus conexiones
//! abiertas, y se pueden usar desde varios hilos: no hace falta una por hilo.
//!
//! # En qué se apartan de Python
//!
//! - Toda petición tiene plazo ([`Options::timeout`]); en `requests`, sin decirlo, se espera para siempre.
//! - Un estado 4xx o 5xx es un [`HttpError`], como si siempre se llamara a `raise_for_status`.
//! - El archivo se escribe al lado, con otro nombre, y se renombra al acabar: con su nombre final, o está entero o no
//!   está, aunque maten el proceso a medias. El nombre se sanea y no sale de su carpeta.
//!
//! # A pelo
//!
//! ```no_run
//! # async fn baja() -> Result<(), workloads::reqwest::Error> {
//! use workloads::reqwest;
//!
//! let cuerpo = reqwest::get("http://127.0.0.1:8000/").await?.error_for_status()?.bytes().await?;
//! # Ok(())
//! # }
//! ```

mod options;
pub use options::Options;

mod session;
pub use session::Session;

mod client_session;
pub use client_session::ClientSession;

mod response;
pub use response::Response;

mod download;
pub use download::Download;

mod error;
pub use error::HttpError;

mod user;
pub use user::User;

mod client;
mod file_name;
mod tls;
