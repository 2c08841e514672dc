//! `Site`: algo que descargar, con lo que pesa y lo que tarda.

use std::fmt;
use std::time::Duration;

/// Uno de los 16 sitios de la lección, listo para descargarlo: lo da [`Server::sites`](super::Server::sites).
///
/// # Examples
///
/// ```
/// use workloads::Server;
///
/// let servidor = Server::builder().scale(0.01).start()?;
/// let sitios = servidor.sites()?;
/// let cnn = &sitios[1];
/// assert_eq!((cnn.name(), cnn.bytes()), ("cnn", 1_122_956));
/// assert_eq!(cnn.url(), servidor.url("/sitios/cnn"));
/// assert_eq!(cnn.latency().as_micros(), 11_341);
/// # Ok::<(), workloads::server::ServerError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Site {
    pub(super) name: &'static str,
    pub(super) url: String,
    pub(super) bytes: usize,
    pub(super) latency: Duration,
}

impl Site {
    /// El nombre corto: «yahoo», «cnn»…
    pub fn name(&self) -> &str {
        self.name
    }

    /// De dónde se descarga: de esta máquina, o de la red si el servidor va con los sitios reales.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Lo que pesa el cuerpo sin comprimir (lo que pesaba en la lección, si es el de verdad).
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Lo que espera antes del primer byte, en tiempo real, a la escala del servidor (el de verdad, lo que quiera).
    pub fn latency(&self) -> Duration {
        self.latency
    }
}

/// La dirección, para `print!` y para pasarlo donde va una.
impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

impl AsRef<str> for Site {
    fn as_ref(&self) -> &str {
        &self.url
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Site {
            name,
            bytes,
            latency,
            ..
        } = self;
        write!(f, "Site(«{name}», {bytes} bytes, {latency:.1?})")
    }
}
