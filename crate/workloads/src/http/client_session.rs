//! [`ClientSession`]: descargar sin bloquear.

use super::client::client;
use super::download::{Target, save_async};
use super::response::Head;
use super::{Download, HttpError, Options, Response};
use reqwest::Client;
use std::fmt;
use std::path::Path;
use std::time::Instant;

/// Una sesión **asíncrona**: mientras una descarga espera, el bucle atiende a las demás.
///
/// Guarda las conexiones abiertas y las vuelve a usar dentro del mismo bucle. Al clonarla se comparte: cada tarea se
/// lleva la suya. Cancelar la tarea corta la petición; el archivo que ya se estuviera escribiendo
/// acaba entero.
///
/// Se crea donde se quiera, pero se usa dentro de **un** `asyncio::run`: las conexiones que deja abiertas son de ese bucle.
///
/// # En Python
///
/// `aiohttp.ClientSession()` o `httpx.AsyncClient()`. Aquí no hace falta `async with`: se cierra al soltarla.
///
/// # A pelo
///
/// `reqwest::Client`, que no mira el estado.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio;
/// use workloads::{ClientSession, Server};
///
/// let servidor = Server::start()?;
/// let urls = servidor.pages();
/// let tamaños = asyncio::run(async move {
///     let sesion = ClientSession::new()?;
///     let tareas = urls.into_iter().map(|url| {
///         let sesion = sesion.clone();
///         async move { sesion.get(url).await.map(|pagina| pagina.len()) }
///     });
///     Ok::<_, Box<dyn std::error::Error>>(asyncio::gather(tareas).await?)
/// })?;
/// assert!(tamaños.iter().all(Result::is_ok));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ClientSession {
    client: Client,
}

impl ClientSession {
    /// Una sesión con las [opciones](Options::new) de siempre.
    ///
    /// # Errors
    ///
    /// Si no se puede preparar el cifrado.
    pub fn new() -> Result<ClientSession, HttpError> {
        ClientSession::with(&Options::new())
    }

    /// Una sesión con esas opciones.
    ///
    /// # Errors
    ///
    /// Los de [`new`](ClientSession::new).
    pub fn with(options: &Options) -> Result<ClientSession, HttpError> {
        let client = client(options)?;
        Ok(ClientSession { client })
    }

    /// Pide `url` y espera, sin bloquear, a tener el cuerpo entero.
    ///
    /// # En Python
    ///
    /// ```python
    /// async with session.get(url, raise_for_status=True) as response:
    ///     await response.read()
    /// ```
    ///
    /// # Errors
    ///
    /// Los de [`Session::get`](super::Session::get).
    pub async fn get(&self, url: impl AsRef<str>) -> Result<Response, HttpError> {
        let url = url.as_ref();
        let asked = Instant::now();
        let failed = |error| HttpError::of(url, error);
        let response = self.client.get(url).send().await.map_err(failed)?;
        let head = Head::checked(url, response.status(), response.headers())?;
        let body = response.bytes().await.map_err(failed)?.into();
        Ok(head.with_body(url, body, asked.elapsed()))
    }

    /// Descarga `url` en un archivo de `folder`, que crea si falta, con el nombre en que acaba la URL.
    ///
    /// Escribe en un hilo aparte, como `tokio::fs`: el bucle sigue. El nombre se [sanea](Download). Si ya había un
    /// archivo con él, lo sustituye.
    ///
    /// # Errors
    ///
    /// Los de [`get`](ClientSession::get), y los de escribir ([`is_file`](HttpError::is_file)).
    pub async fn download(
        &self,
        url: impl AsRef<str>,
        folder: impl AsRef<Path>,
    ) -> Result<Download, HttpError> {
        let url = url.as_ref();
        let target = Target::from_url(url, folder.as_ref());
        save_async(self.get(url).await?, target).await
    }

    /// Como [`download`](ClientSession::download), con otro nombre: `9.jpg`.
    ///
    /// # Errors
    ///
    /// Los de [`download`](ClientSession::download).
    pub async fn download_as(
        &self,
        url: impl AsRef<str>,
        folder: impl AsRef<Path>,
        name: impl AsRef<str>,
    ) -> Result<Download, HttpError> {
        let target = Target::named(name.as_ref(), folder.as_ref());
        save_async(self.get(url).await?, target).await
    }
}

impl fmt::Debug for ClientSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSession")
    }
}
