//! `SaveError`: por qué una figura no se ha podido guardar.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::rasterize::{PROGRAM, VARIABLE};

/// Lo que ha impedido guardar una [`Figure`](super::Figure).
///
/// Dice en qué archivo, qué pasó y qué probar; se pregunta con [`is_unknown_format`](SaveError::is_unknown_format) y
/// compañía. Se puede clonar. El error del sistema, si lo hay, está en [`source`](Error::source).
///
/// # En Python
///
/// `savefig` lanza `ValueError` si no conoce la extensión, y `OSError` si no puede escribir.
///
/// # Examples
///
/// ```
/// use concurrencia::{Measurement, bars};
/// use std::path::Path;
/// use std::time::Duration;
///
/// let figura = bars("Una", [Measurement::from_samples("una", [Duration::from_secs(1)])]);
/// let error = figura.save("una.jpg").unwrap_err();
/// assert!(error.is_unknown_format());
/// assert_eq!(error.path(), Path::new("una.jpg"));
/// assert!(error.to_string().ends_with("no sé escribir «.jpg»; valen «.svg» y «.png»"));
///
/// let error = figura.save("/carpeta/que/no/existe.svg").unwrap_err();
/// assert!(error.is_system() && !error.is_missing_program() && !error.is_conversion());
/// ```
#[derive(Clone, Debug)]
pub struct SaveError(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    cause: Cause,
}

#[derive(Debug)]
pub(super) enum Cause {
    /// La extensión, que puede no estar.
    UnknownFormat(String),
    MissingProgram,
    /// El programa que convierte en PNG ha hecho esto.
    Failed {
        program: String,
        what: String,
    },
    System(io::Error),
}

impl SaveError {
    pub(super) fn new(path: &Path, cause: Cause) -> SaveError {
        SaveError(Arc::new(Inner {
            path: path.to_owned(),
            cause,
        }))
    }

    /// La ruta en la que se quería guardar.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// ¿Le falta la extensión, o no es de las que valen?
    pub fn is_unknown_format(&self) -> bool {
        matches!(self.0.cause, Cause::UnknownFormat(_))
    }

    /// ¿Falta el programa que convierte en PNG?
    pub fn is_missing_program(&self) -> bool {
        matches!(self.0.cause, Cause::MissingProgram)
    }

    /// ¿Está el programa que convierte en PNG, pero ha fallado?
    pub fn is_conversion(&self) -> bool {
        matches!(self.0.cause, Cause::Failed { .. })
    }

    /// ¿Es del sistema: no existe la carpeta, no hay permiso, el disco está lleno…?
    pub fn is_system(&self) -> bool {
        matches!(self.0.cause, Cause::System(_))
    }
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.path.display();
        write!(f, "no se puede guardar la figura en «{path}»: ")?;
        match &self.0.cause {
            Cause::UnknownFormat(extension) if extension.is_empty() => {
                f.write_str("le falta la extensión; valen «.svg» y «.png»")
            }
            Cause::UnknownFormat(extension) => {
                write!(f, "no sé escribir «.{extension}»; valen «.svg» y «.png»")
            }
            Cause::MissingProgram => write!(
                f,
                "falta «{PROGRAM}», que la convierte en PNG (no está donde dice {VARIABLE} ni en el PATH); si usas los \
                 cuadernos, ejecuta «cargo curso preparar» en una terminal; si no, «cargo install --path crate/png»; \
                 o guárdala como «.svg», que no lo necesita"
            ),
            Cause::Failed { program, what } => write!(
                f,
                "el programa que la convierte en PNG, «{program}», {what}; prueba con «.svg», que no lo necesita"
            ),
            Cause::System(error) if error.kind() == ErrorKind::NotFound => {
                write!(f, "la carpeta no existe ({error}); créala antes")
            }
            Cause::System(error) => write!(f, "{error}"),
        }
    }
}

impl Error for SaveError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.cause {
            Cause::System(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Cause {
        Cause::System(error)
    }
}
