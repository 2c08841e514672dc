//! `Stats`: lo que ha contado el servidor.

use std::fmt;

use concurrencia::MimeBundle;

/// Lo que ha contado el servidor desde que arrancó o desde el último [`forget`](super::Server::forget).
///
/// # Examples
///
/// ```
/// use workloads::Server;
///
/// let servidor = Server::start()?;
/// let cuenta = servidor.stats()?;
/// assert_eq!((cuenta.requests(), cuenta.peak()), (0, 0));
/// assert_eq!(cuenta.to_string(), "0 peticiones, 0 en vuelo, 0 a la vez como mucho, 0 bytes");
/// # Ok::<(), workloads::server::ServerError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub(super) requests: u64,
    pub(super) in_flight: u64,
    pub(super) peak: u64,
    pub(super) bytes: u64,
}

impl Stats {
    /// Las peticiones que han llegado.
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// Las que están ahora en vuelo: han llegado y aún no se ha entregado al sistema su cuerpo entero, ni se han cortado.
    pub fn in_flight(&self) -> u64 {
        self.in_flight
    }

    /// Cuántas hubo en vuelo a la vez, como mucho.
    pub fn peak(&self) -> u64 {
        self.peak
    }

    /// Los bytes de los cuerpos, tal como viajan (comprimidos, si lo van).
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// La enseña al acabar la celda (lo llama el núcleo).
    pub fn evcxr_display(&self) {
        MimeBundle::new()
            .with("text/plain", self.to_string())
            .show();
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stats {
            requests,
            in_flight,
            peak,
            bytes,
        } = self;
        let noun = if *requests == 1 {
            "petición"
        } else {
            "peticiones"
        };
        write!(
            f,
            "{requests} {noun}, {in_flight} en vuelo, {peak} a la vez como mucho, {bytes} bytes"
        )
    }
}
