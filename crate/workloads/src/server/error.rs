//! Por qué no hay servidor de prácticas.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

/// Lo que ha impedido arrancar el servidor de prácticas o preguntarle algo.
///
/// # Examples
///
/// ```
/// use workloads::Server;
///
/// let error = Server::builder().program("/no/existe").start().unwrap_err();
/// assert!(error.is_missing());
/// assert!(error.to_string().contains("cargo curso preparar"));
/// ```
#[derive(Clone)]
pub struct ServerError(Cause);

#[derive(Clone, Debug)]
pub(super) enum Cause {
    /// Falta la variable, o el programa no está donde dice.
    Missing(Option<PathBuf>),
    /// No se ha podido lanzar, ni leer de él.
    System(Arc<io::Error>),
    /// El programa se acabó.
    Died(Option<ExitStatus>),
    /// No contestó a tiempo.
    Timeout(Duration),
    /// Contestó algo que no se entiende.
    Unreadable(String),
    /// Una variable de entorno dice algo que no vale.
    Setting(String),
}

impl ServerError {
    pub(super) fn new(cause: Cause) -> ServerError {
        ServerError(cause)
    }

    /// ¿Falta el programa, o la variable que dice dónde está?
    pub fn is_missing(&self) -> bool {
        matches!(self.0, Cause::Missing(_))
    }

    /// ¿Se ha acabado el programa por su cuenta?
    pub fn is_died(&self) -> bool {
        matches!(self.0, Cause::Died(_))
    }

    /// ¿No ha contestado a tiempo?
    pub fn is_timeout(&self) -> bool {
        matches!(self.0, Cause::Timeout(_))
    }

    /// ¿Lo ha impedido el sistema (permisos, procesos, memoria)?
    pub fn is_system(&self) -> bool {
        matches!(self.0, Cause::System(_))
    }

    /// ¿Vale `CONCURRENCIA_SITIOS` algo que no es ni `reales` ni `locales`?
    pub fn is_setting(&self) -> bool {
        matches!(self.0, Cause::Setting(_))
    }
}

impl From<io::Error> for ServerError {
    fn from(error: io::Error) -> ServerError {
        ServerError(Cause::System(Arc::new(error)))
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Missing(None) => write!(
                f,
                "no sé dónde está el servidor de prácticas (falta CONCURRENCIA_SERVER): {PREPARE}"
            ),
            Cause::Missing(Some(path)) => write!(
                f,
                "el servidor de prácticas no está en «{}»: {PREPARE}",
                path.display()
            ),
            Cause::System(error) => write!(f, "con el servidor de prácticas: {error}"),
            Cause::Died(None) => {
                f.write_str("el servidor de prácticas se ha acabado: arranca otro")
            }
            Cause::Died(Some(status)) => write!(
                f,
                "el servidor de prácticas se ha acabado ({status}): arranca otro"
            ),
            Cause::Timeout(limit) => write!(
                f,
                "el servidor de prácticas no contesta en {limit:?} y lo he parado: arranca otro"
            ),
            Cause::Unreadable(line) => write!(
                f,
                "el servidor de prácticas contesta «{line}», que no se entiende: vuelve a prepararlo con \
                 `cargo curso preparar`"
            ),
            Cause::Setting(value) => write!(
                f,
                "CONCURRENCIA_SITIOS vale «{value}»: tiene que ser «reales» o «locales»"
            ),
        }
    }
}

const PREPARE: &str = "prepáralo con `cargo curso preparar`, o compílalo con \
                       `cargo build --package concurrencia-server` y da su ruta en CONCURRENCIA_SERVER";

/// Lo mismo que el mensaje: es lo que se ve en una celda.
impl fmt::Debug for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerError({self})")
    }
}

impl Error for ServerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Cause::System(error) => Some(&**error),
            _ => None,
        }
    }
}
