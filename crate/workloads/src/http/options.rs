//! [`Options`]: cómo se porta una sesión.

use concurrencia::time::to_real;
use std::time::Duration;

/// El plazo de una petición si no se dice otro. En tiempo real: guarda de los cuelgues, no cuenta la lección.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Las redirecciones que se siguen si no se dice otra cosa; las de `requests` son 30.
const REDIRECTS: usize = 10;

/// Cómo se porta una [`Session`](super::Session) o una [`ClientSession`](super::ClientSession).
///
/// # En Python
///
/// `timeout=` y `max_redirects` de `requests`; `ClientTimeout` de `aiohttp`.
///
/// # Examples
///
/// ```
/// use workloads::http::{Options, Session};
///
/// let sesion = Session::with(&Options::new().timeout(5).redirects(3).compression(false))?;
/// # Ok::<(), workloads::http::HttpError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub(super) timeout: Duration,
    pub(super) redirects: usize,
    pub(super) compression: bool,
}

impl Options {
    /// Las de siempre: plazo de 30 s **reales**, 10 redirecciones, cuerpos comprimidos.
    pub fn new() -> Options {
        Options {
            timeout: TIMEOUT,
            redirects: REDIRECTS,
            compression: true,
        }
    }

    /// Cuánto puede tardar una petición entera, del primer byte que se manda al último que llega, en **segundos de la
    /// lección**.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o no caben en una [`Duration`].
    pub fn timeout(mut self, seconds: impl Into<f64>) -> Options {
        self.timeout = to_real(seconds);
        self
    }

    /// Cuántas redirecciones seguidas se siguen; con una más, la petición falla.
    pub fn redirects(mut self, redirects: usize) -> Options {
        self.redirects = redirects;
        self
    }

    /// Si se piden los cuerpos comprimidos. El de la [`Response`](super::Response) va siempre descomprimido.
    pub fn compression(mut self, compression: bool) -> Options {
        self.compression = compression;
        self
    }
}

impl Default for Options {
    fn default() -> Options {
        Options::new()
    }
}
