//! `Fault`: lo que puede salir mal en una descarga, a petición.

use std::fmt;

/// Algo que sale mal, siempre igual: [`Server::fault`](super::Server::fault) da la dirección donde ocurre.
///
/// # Examples
///
/// ```
/// use workloads::server::Fault;
///
/// assert_eq!(Fault::NotFound.path(), "/fallos/404");
/// assert_eq!(Fault::Truncated.to_string(), "cuerpo cortado");
/// assert_eq!(Fault::ALL.len(), 8);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Responde 404: no existe.
    NotFound,
    /// Responde 500: se ha roto el servidor.
    ServerError,
    /// Responde 429: demasiadas peticiones, con `Retry-After: 1` (un segundo de verdad).
    TooManyRequests,
    /// Responde bien, pero a los 30 s de la lección (3 s a la escala de partida).
    Slow,
    /// Dice que manda 10 000 bytes y cuelga antes de la mitad.
    Truncated,
    /// Manda a otra dirección, que manda a esta.
    RedirectLoop,
    /// Manda una cabecera de un mebibyte: ningún cliente la quiere.
    AbsurdHeader,
    /// Lee la petición y cuelga sin responder.
    Disconnect,
}

impl Fault {
    /// Todos, en el orden en que están descritos.
    pub const ALL: [Fault; 8] = [
        Fault::NotFound,
        Fault::ServerError,
        Fault::TooManyRequests,
        Fault::Slow,
        Fault::Truncated,
        Fault::RedirectLoop,
        Fault::AbsurdHeader,
        Fault::Disconnect,
    ];

    /// Su ruta en el servidor.
    pub const fn path(self) -> &'static str {
        match self {
            Fault::NotFound => "/fallos/404",
            Fault::ServerError => "/fallos/500",
            Fault::TooManyRequests => "/fallos/429",
            Fault::Slow => "/fallos/lento",
            Fault::Truncated => "/fallos/cortado",
            Fault::RedirectLoop => "/fallos/bucle",
            Fault::AbsurdHeader => "/fallos/cabecera",
            Fault::Disconnect => "/fallos/cuelga",
        }
    }
}

/// En dos palabras: «cuerpo cortado».
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::NotFound => "no existe",
            Fault::ServerError => "servidor roto",
            Fault::TooManyRequests => "demasiadas peticiones",
            Fault::Slow => "servidor lento",
            Fault::Truncated => "cuerpo cortado",
            Fault::RedirectLoop => "redirección en bucle",
            Fault::AbsurdHeader => "cabecera absurda",
            Fault::Disconnect => "conexión que se cierra",
        })
    }
}
