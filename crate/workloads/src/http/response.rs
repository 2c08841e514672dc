//! [`Response`]: lo que ha contestado un servidor, leído entero.

use super::HttpError;
use concurrencia::nanoserde::DeJson;
use concurrencia::serde::{Deserialize, Serialize};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, RETRY_AFTER};
use std::fmt;
use std::time::Duration;

/// Lo que ha contestado un servidor a una petición que fue bien (2xx), con el cuerpo leído entero y descomprimido.
///
/// # En Python
///
/// La `Response` de `requests`. Con `aiohttp`, pedir la cabecera no descarga el cuerpo: hay que leerlo con
/// `await resp.read()`, y por eso dos programas que «descargan» lo mismo pueden no estar haciendo lo mismo.
///
/// # Examples
///
/// ```
/// use workloads::{Server, Session};
///
/// let servidor = Server::start()?;
/// let respuesta = Session::new()?.get(servidor.bytes(10_000))?;
/// assert_eq!((respuesta.status(), respuesta.len()), (200, 10_000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "concurrencia::serde")]
pub struct Response {
    url: String,
    status: u16,
    content_length: Option<u64>,
    content_type: Option<String>,
    body: Vec<u8>,
    elapsed: Duration,
}

/// La cabecera de una respuesta, antes de leer el cuerpo.
#[derive(Debug)]
pub(super) struct Head {
    status: u16,
    content_length: Option<u64>,
    content_type: Option<String>,
}

impl Head {
    /// Comprueba el estado y se queda con lo que hará falta.
    pub(super) fn checked(
        url: &str,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Result<Head, HttpError> {
        let text = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
        if !status.is_success() {
            let retry_after = text(RETRY_AFTER);
            return Err(HttpError::status_of(url, status.as_u16(), retry_after));
        }
        Ok(Head {
            status: status.as_u16(),
            content_length: text(CONTENT_LENGTH).and_then(|length| length.parse().ok()),
            content_type: text(reqwest::header::CONTENT_TYPE),
        })
    }

    pub(super) fn with_body(self, url: &str, body: Vec<u8>, elapsed: Duration) -> Response {
        Response {
            url: url.to_owned(),
            status: self.status,
            content_length: self.content_length,
            content_type: self.content_type,
            body,
            elapsed,
        }
    }
}

impl Response {
    /// La URL que se pidió.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn into_url(self) -> String {
        self.url
    }

    /// El estado: 200 casi siempre.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Lo que la cabecera dice que ocupa el cuerpo, en bytes; nada si llega comprimido o a trozos.
    ///
    /// Lo que de verdad ocupa es [`len`](Response::len).
    pub fn content_length(&self) -> Option<u64> {
        self.content_length
    }

    /// El tipo que dice la cabecera: `text/html`, `image/jpeg`…
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Cuánto ocupa el cuerpo, descomprimido, en bytes.
    pub fn len(&self) -> usize {
        self.body.len()
    }

    /// Si el cuerpo está vacío.
    pub fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// El cuerpo.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// Se lleva el cuerpo.
    pub fn into_bytes(self) -> Vec<u8> {
        self.body
    }

    /// El cuerpo como texto UTF-8.
    ///
    /// # Errors
    ///
    /// Si no lo es ([`is_parse`](HttpError::is_parse)).
    pub fn text(&self) -> Result<&str, HttpError> {
        std::str::from_utf8(&self.body).map_err(|error| HttpError::parse(&self.url, error))
    }

    /// El cuerpo, que es JSON, como un valor de Rust.
    ///
    /// Lo lee [`nanoserde`](concurrencia::nanoserde): el tipo lleva `#[derive(DeJson)]`.
    ///
    /// # Errors
    ///
    /// Si no es JSON o no tiene esa forma ([`is_parse`](HttpError::is_parse)).
    pub fn json<T: DeJson>(&self) -> Result<T, HttpError> {
        T::deserialize_json(self.text()?).map_err(|error| HttpError::parse(&self.url, error))
    }

    /// Cuánto pasó desde que se pidió hasta que llegó el último byte.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (url, status, length) = (&self.url, self.status, self.len());
        write!(f, "Response({status}, {length} bytes de «{url}»)")
    }
}
