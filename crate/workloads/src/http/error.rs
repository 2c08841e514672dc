//! [`HttpError`]: por qué no se ha podido descargar algo.

use concurrencia::serde::{Deserialize, Serialize};
use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

/// Por qué no se ha podido descargar una URL: cuál, qué pasó y qué probar.
///
/// Se pregunta con [`is_timeout`](HttpError::is_timeout) y compañía. Se puede clonar, comparar y mandar a otro proceso.
///
/// # En Python
///
/// `requests.exceptions`: `HTTPError`, `Timeout`, `ConnectionError`, `TooManyRedirects`, `InvalidURL`…
///
/// # Examples
///
/// ```
/// use workloads::Session;
///
/// // El puerto 1 de esta máquina no lo atiende nadie.
/// let error = Session::new()?.get("http://127.0.0.1:1/").unwrap_err();
/// assert!(error.is_connect());
/// assert_eq!(error.url(), "http://127.0.0.1:1/");
/// # Ok::<(), workloads::http::HttpError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "concurrencia::serde")]
pub struct HttpError {
    url: String,
    cause: Cause,
    /// Lo que dijo la biblioteca o el sistema.
    detail: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "concurrencia::serde")]
enum Cause {
    Status {
        code: u16,
        retry_after: Option<String>,
    },
    Timeout,
    Connect,
    Redirect,
    Body,
    Url,
    Protocol,
    Parse,
    File,
}

impl HttpError {
    pub(super) fn of(url: &str, error: reqwest::Error) -> HttpError {
        let cause = if error.is_timeout() {
            Cause::Timeout
        } else if error.is_redirect() {
            Cause::Redirect
        } else if error.is_connect() {
            Cause::Connect
        } else if error.is_builder() {
            Cause::Url
        } else if error.is_body() || error.is_decode() {
            Cause::Body
        } else {
            Cause::Protocol
        };
        HttpError::new(url, cause, innermost(&error))
    }

    pub(super) fn status_of(url: &str, code: u16, retry_after: Option<String>) -> HttpError {
        HttpError::new(url, Cause::Status { code, retry_after }, String::new())
    }

    pub(super) fn parse(url: &str, error: impl fmt::Display) -> HttpError {
        HttpError::new(url, Cause::Parse, error.to_string())
    }

    pub(super) fn file(url: &str, path: &Path, error: io::Error) -> HttpError {
        let detail = format!("«{}»: {error}", path.display());
        HttpError::new(url, Cause::File, detail)
    }

    fn new(url: &str, cause: Cause, detail: String) -> HttpError {
        HttpError {
            url: url.to_owned(),
            cause,
            detail,
        }
    }

    /// La URL que se pidió.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// El estado, si el servidor contestó 4xx o 5xx.
    pub fn status(&self) -> Option<u16> {
        match self.cause {
            Cause::Status { code, .. } => Some(code),
            _ => None,
        }
    }

    /// ¿Contestó el servidor, pero con un 4xx o un 5xx?
    pub fn is_status(&self) -> bool {
        self.status().is_some()
    }

    /// ¿Se acabó el plazo?
    pub fn is_timeout(&self) -> bool {
        self.cause == Cause::Timeout
    }

    /// ¿No se llegó a conectar: sin red, nombre que no existe, puerto que no atiende nadie?
    pub fn is_connect(&self) -> bool {
        self.cause == Cause::Connect
    }

    /// ¿Mandaba de un sitio a otro sin fin?
    pub fn is_redirect(&self) -> bool {
        self.cause == Cause::Redirect
    }

    /// ¿Se cortó el cuerpo, o venía mal comprimido?
    pub fn is_body(&self) -> bool {
        self.cause == Cause::Body
    }

    /// ¿Se cerró la conexión sin contestar, o lo que contestó no es HTTP?
    pub fn is_protocol(&self) -> bool {
        self.cause == Cause::Protocol
    }

    /// ¿No es una URL que se pueda pedir?
    pub fn is_invalid_url(&self) -> bool {
        self.cause == Cause::Url
    }

    /// ¿Llegó entero, pero no es lo que se esperaba (JSON, texto)?
    pub fn is_parse(&self) -> bool {
        self.cause == Cause::Parse
    }

    /// ¿Llegó entero, pero no se pudo guardar?
    pub fn is_file(&self) -> bool {
        self.cause == Cause::File
    }
}

/// La causa de la causa de la causa: lo de fuera solo repite la URL.
fn innermost(error: &reqwest::Error) -> String {
    let mut deepest: &dyn Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let HttpError { url, detail, .. } = self;
        match &self.cause {
            Cause::Status { code, retry_after } => {
                write!(f, "«{url}» ha contestado {code}")?;
                if let Some(meaning) = meaning(*code) {
                    write!(f, ": {meaning}")?;
                }
                match retry_after {
                    Some(wait) => write!(f, "; pide que esperes {wait} s"),
                    None => Ok(()),
                }
            }
            Cause::Timeout => write!(
                f,
                "«{url}» no ha acabado de contestar a tiempo: dale más plazo con Options::timeout"
            ),
            Cause::Connect => write!(
                f,
                "no se puede conectar con «{url}»: {detail}; mira que haya red y que el servidor siga vivo"
            ),
            Cause::Redirect => write!(
                f,
                "«{url}» manda de un sitio a otro sin llegar a ninguno: {detail}"
            ),
            Cause::Body => write!(f, "el cuerpo de «{url}» no ha llegado entero: {detail}"),
            Cause::Protocol => write!(
                f,
                "«{url}» no ha contestado como un servidor HTTP: {detail}"
            ),
            Cause::Url if url.is_empty() => write!(f, "no se puede crear la sesión: {detail}"),
            Cause::Url => write!(f, "«{url}» no es una URL que se pueda pedir: {detail}"),
            Cause::Parse => write!(f, "lo que ha dado «{url}» no se entiende: {detail}"),
            Cause::File => write!(f, "«{url}» no se ha podido guardar en {detail}"),
        }
    }
}

/// Qué quieren decir los estados que más se ven.
fn meaning(code: u16) -> Option<&'static str> {
    Some(match code {
        400 => "petición mal hecha",
        401 | 403 => "no deja entrar",
        404 => "no existe",
        429 => "demasiadas peticiones",
        500 => "fallo del servidor",
        502..=504 => "el servidor no puede atender ahora",
        _ => return None,
    })
}

impl fmt::Debug for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpError({self})")
    }
}

impl Error for HttpError {}
