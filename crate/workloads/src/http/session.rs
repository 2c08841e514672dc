//! [`Session`]: descargar esperando.

use super::client::blocking_client;
use super::download::{Target, save};
use super::response::Head;
use super::{Download, HttpError, Options, Response};
use concurrencia::timeline;
use reqwest::blocking::Client;
use std::fmt;
use std::path::Path;
use std::thread;
use std::time::Instant;
use tokio::runtime::Handle;

/// Una sesión que **bloquea** el hilo mientras espera: la de las descargas en serie y con hilos.
///
/// Guarda las conexiones abiertas y las vuelve a usar. Al clonarla se comparte; varios hilos pueden usar la misma a la vez.
/// Al soltar el último mango se cierran. En una captura ([`timeline`](mod@concurrencia::timeline)), cada petición
/// sale como espera de E/S.
///
/// # En Python
///
/// `requests.Session()`. Aquella no es segura entre hilos y la lección crea una por hilo con `threading.local`; esta es
/// `Sync`, y si no lo fuera compartirla no compilaría.
///
/// Como en Python, usarla dentro de una función asíncrona funciona y para el bucle entero: para eso, [`ClientSession`].
///
/// # A pelo
///
/// `reqwest::blocking::Client`, que sigue hasta 10 redirecciones, no mira el estado y, dentro de una función asíncrona,
/// entra en pánico.
///
/// # Examples
///
/// ```
/// use concurrencia::ThreadPool;
/// use workloads::{Server, Session};
///
/// let servidor = Server::start()?;
/// let (sesion, urls) = (Session::new()?, servidor.pages());
/// let pool = ThreadPool::new(3)?;
/// let bajadas = pool.map(move |url| sesion.get(url), urls)?;
/// assert!(bajadas.iter().all(|bajada| bajada.as_ref().is_ok_and(|pagina| !pagina.is_empty())));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [`ClientSession`]: super::ClientSession
#[derive(Clone)]
pub struct Session {
    client: Client,
}

impl Session {
    /// Una sesión con las [opciones](Options::new) de siempre.
    ///
    /// # Errors
    ///
    /// Si el sistema no deja crear el hilo que la atiende.
    pub fn new() -> Result<Session, HttpError> {
        Session::with(&Options::new())
    }

    /// Una sesión con esas opciones.
    ///
    /// # Errors
    ///
    /// Los de [`new`](Session::new).
    pub fn with(options: &Options) -> Result<Session, HttpError> {
        let client = outside(|| blocking_client(options))?;
        Ok(Session { client })
    }

    /// Pide `url` y espera a tener el cuerpo entero.
    ///
    /// # En Python
    ///
    /// ```python
    /// with session.get(url) as response:
    ///     response.raise_for_status()
    ///     response.content
    /// ```
    ///
    /// # Errors
    ///
    /// Un [`HttpError`]: sin conexión, fuera de plazo, un estado que no es 2xx, un cuerpo a medias…
    pub fn get(&self, url: impl AsRef<str>) -> Result<Response, HttpError> {
        let url = url.as_ref();
        timeline::io(short(url), || outside(|| self.read(url)))
    }

    fn read(&self, url: &str) -> Result<Response, HttpError> {
        let asked = Instant::now();
        let failed = |error| HttpError::of(url, error);
        let response = self.client.get(url).send().map_err(failed)?;
        let head = Head::checked(url, response.status(), response.headers())?;
        let body = response.bytes().map_err(failed)?.into();
        Ok(head.with_body(url, body, asked.elapsed()))
    }

    /// Descarga `url` en un archivo de `folder`, que crea si falta, con el nombre en que acaba la URL.
    ///
    /// El nombre se [sanea](Download). Si ya había un archivo con él, lo sustituye.
    ///
    /// # Errors
    ///
    /// Los de [`get`](Session::get), y los de escribir ([`is_file`](HttpError::is_file)).
    ///
    /// # Examples
    ///
    /// ```
    /// use workloads::{Server, Session};
    ///
    /// let (servidor, carpeta) = (Server::start()?, tempfile::tempdir()?);
    /// let bajada = Session::new()?.download(&servidor.collections()[0], carpeta.path())?;
    /// assert!(bajada.path().starts_with(carpeta.path()));
    /// assert_eq!(bajada.path().metadata()?.len(), bajada.bytes());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn download(
        &self,
        url: impl AsRef<str>,
        folder: impl AsRef<Path>,
    ) -> Result<Download, HttpError> {
        let url = url.as_ref();
        self.save(url, Target::from_url(url, folder.as_ref()))
    }

    /// Como [`download`](Session::download), con otro nombre: `9.jpg`.
    ///
    /// # Errors
    ///
    /// Los de [`download`](Session::download).
    pub fn download_as(
        &self,
        url: impl AsRef<str>,
        folder: impl AsRef<Path>,
        name: impl AsRef<str>,
    ) -> Result<Download, HttpError> {
        let url = url.as_ref();
        self.save(url, Target::named(name.as_ref(), folder.as_ref()))
    }

    fn save(&self, url: &str, target: Target) -> Result<Download, HttpError> {
        let response = self.get(url)?;
        timeline::io("guardar", || save(response, target))
    }
}

/// Ejecuta `f` donde esperar está permitido: reqwest entra en pánico si el hilo lleva un bucle asíncrono. El hilo espera
/// igual, con su bucle parado.
fn outside<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    if Handle::try_current().is_err() {
        return f();
    }
    match thread::scope(|scope| scope.spawn(f).join()) {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// El final de una URL, que es lo que cabe en una barra.
pub(super) fn short(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let last = path.trim_end_matches('/').rsplit('/').next();
    last.filter(|last| !last.is_empty())
        .unwrap_or(url)
        .to_owned()
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}
