//! `ServerBuilder`: con qué semilla, a qué escala y contra qué sitios arranca el servidor.

use std::env;
use std::path::PathBuf;

use super::error::Cause;
use super::{Server, ServerError};

/// El servidor antes de arrancar: lo da [`Server::builder`].
///
/// # Examples
///
/// ```
/// use workloads::Server;
///
/// let servidor = Server::builder().seed(7).scale(0.01).start()?;
/// assert_eq!((servidor.seed(), servidor.scale()), (7, 0.01));
/// # Ok::<(), workloads::server::ServerError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ServerBuilder {
    pub(super) seed: u64,
    pub(super) scale: Option<f64>,
    pub(super) real: Option<bool>,
    pub(super) program: Option<PathBuf>,
}

impl ServerBuilder {
    /// La semilla de todo lo que sirve (0, si no se dice).
    #[must_use = "da el servidor con esa semilla, sin arrancar"]
    pub fn seed(mut self, seed: u64) -> ServerBuilder {
        self.seed = seed;
        self
    }

    /// Cuántos segundos reales espera por cada uno de la lección (si no se dice, lo que
    /// [`concurrencia::time::scale`] al arrancar). Con 0 no espera.
    ///
    /// # Panics
    ///
    /// Si es negativa, infinita o NaN.
    #[must_use = "da el servidor a esa escala, sin arrancar"]
    pub fn scale(mut self, scale: impl Into<f64>) -> ServerBuilder {
        let scale = scale.into();
        assert!(
            scale.is_finite() && scale >= 0.0,
            "la escala tiene que ser un número finito que no sea negativo, no {scale}"
        );
        self.scale = Some(scale);
        self
    }

    /// Si las direcciones son las de verdad, diga lo que diga `CONCURRENCIA_SITIOS`.
    #[must_use = "da el servidor con esos sitios, sin arrancar"]
    pub fn real(mut self, real: bool) -> ServerBuilder {
        self.real = Some(real);
        self
    }

    /// Dónde está el programa, diga lo que diga `CONCURRENCIA_SERVER`.
    #[must_use = "da el servidor con ese programa, sin arrancar"]
    pub fn program(mut self, path: impl Into<PathBuf>) -> ServerBuilder {
        self.program = Some(path.into());
        self
    }

    /// Lo arranca en un proceso aparte, en un puerto libre de 127.0.0.1.
    ///
    /// **Bloquea** hasta que atiende: unos milisegundos (y, con los sitios reales, lo que tarde en verse si hay red: dos
    /// segundos como mucho).
    ///
    /// # Errors
    ///
    /// [`is_missing`](ServerError::is_missing) si no está el programa; [`is_setting`](ServerError::is_setting) si no se
    /// entiende `CONCURRENCIA_SITIOS`; [`is_system`](ServerError::is_system), [`is_died`](ServerError::is_died) o
    /// [`is_timeout`](ServerError::is_timeout) si no llega a arrancar.
    pub fn start(self) -> Result<Server, ServerError> {
        Server::launch(self)
    }

    pub(super) fn wants_real(&self) -> Result<bool, ServerError> {
        if let Some(real) = self.real {
            return Ok(real);
        }
        match env::var("CONCURRENCIA_SITIOS").as_deref() {
            Ok("reales") => Ok(true),
            Ok("locales" | "") | Err(env::VarError::NotPresent) => Ok(false),
            Ok(other) => Err(ServerError::new(Cause::Setting(other.to_owned()))),
            Err(error) => Err(ServerError::new(Cause::Setting(error.to_string()))),
        }
    }
}
