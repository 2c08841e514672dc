//! Los errores: qué pasó, con qué y qué hacer.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fmt, io};

/// El catálogo no se puede leer, o no tiene el ejercicio que se le pide.
///
/// # Examples
///
/// ```
/// use std::path::Path;
///
/// let error = catalog::Catalog::load(Path::new("/no/existe")).unwrap_err();
/// assert_eq!(error.path(), Some(Path::new("/no/existe/curso/ejercicios")));
/// assert!(error.to_string().contains(error.remedy()));
/// ```
#[derive(Debug)]
pub struct CatalogError {
    path: Option<PathBuf>,
    cell: Option<usize>,
    exercise: Option<String>,
    what: String,
    remedy: String,
    cause: Option<io::Error>,
}

impl CatalogError {
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> CatalogError {
        CatalogError {
            path: None,
            cell: None,
            exercise: None,
            what: what.into(),
            remedy: remedy.into(),
            cause: None,
        }
    }

    pub(crate) fn at(mut self, path: &Path) -> CatalogError {
        self.path = Some(path.to_owned());
        self
    }

    pub(crate) fn in_cell(mut self, cell: usize) -> CatalogError {
        self.cell = Some(cell);
        self
    }

    pub(crate) fn of(mut self, exercise: &str) -> CatalogError {
        self.exercise = Some(exercise.to_owned());
        self
    }

    pub(crate) fn because(mut self, cause: io::Error) -> CatalogError {
        self.cause = Some(cause);
        self
    }

    /// El archivo o la carpeta, si es de uno.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// El número de la celda, desde 1, si es de una.
    pub fn cell(&self) -> Option<usize> {
        self.cell
    }

    /// El ejercicio, si es de uno.
    pub fn exercise(&self) -> Option<&str> {
        self.exercise.as_deref()
    }

    /// Qué pasó y dónde, sin qué hacer.
    pub fn problem(&self) -> String {
        let place: Vec<String> = [
            self.path
                .as_ref()
                .map(|path| format!("«{}»", path.display())),
            self.cell.map(|cell| format!("celda {cell}")),
            self.exercise
                .as_ref()
                .map(|name| format!("ejercicio «{name}»")),
        ]
        .into_iter()
        .flatten()
        .collect();
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("{}: ", place.join(", "))
        };
        format!("{place}{}{}", self.what, because(self.cause.as_ref()))
    }

    /// Qué hacer.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

/// Qué pasó y, entre paréntesis, qué hacer.
impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.problem(), self.remedy)
    }
}

impl Error for CatalogError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

/// El progreso no se puede leer o guardar.
///
/// # Examples
///
/// ```
/// use std::path::Path;
///
/// let path = Path::new("/no/existe/progreso.json");
/// let error = catalog::Progress::update(path, |_| ()).unwrap_err();
/// assert!(error.path().starts_with("/no/existe"));
/// assert!(error.to_string().contains("no existe"));
/// ```
#[derive(Debug)]
pub struct ProgressError {
    intent: &'static str,
    path: PathBuf,
    cause: io::Error,
}

impl ProgressError {
    /// `intent` completa la frase «no se ha podido …».
    pub(crate) fn new(intent: &'static str, path: &Path, cause: io::Error) -> ProgressError {
        ProgressError {
            intent,
            path: path.to_owned(),
            cause,
        }
    }

    /// El archivo con el que pasó.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Qué pasó y con qué, sin qué hacer.
    pub fn problem(&self) -> String {
        format!(
            "no se ha podido {} «{}»{}",
            self.intent,
            self.path.display(),
            because(Some(&self.cause))
        )
    }

    /// Qué hacer.
    pub fn remedy(&self) -> &'static str {
        match self.cause.kind() {
            io::ErrorKind::PermissionDenied => {
                "comprueba de quién es y que puedes escribir en él y en su carpeta; lo guardado sigue como estaba"
            }
            io::ErrorKind::ReadOnlyFilesystem => {
                "copia el proyecto a un disco en el que se pueda escribir"
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "libera espacio en el disco y repítelo; lo guardado sigue como estaba"
            }
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                "crea la carpeta o, si la has puesto tú, corrige la variable CONCURRENCIA_PROGRESO"
            }
            _ => "repítelo; lo guardado sigue como estaba",
        }
    }
}

/// Qué pasó y, entre paréntesis, qué hacer.
impl fmt::Display for ProgressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.problem(), self.remedy())
    }
}

impl Error for ProgressError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}

/// «: no existe», en español si es de los corrientes.
fn because(cause: Option<&io::Error>) -> String {
    let Some(cause) = cause else {
        return String::new();
    };
    match cause.kind() {
        io::ErrorKind::NotFound => ": no existe".to_owned(),
        io::ErrorKind::PermissionDenied => ": no tienes permiso".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => ": el disco es de solo lectura".to_owned(),
        io::ErrorKind::StorageFull => ": el disco está lleno".to_owned(),
        io::ErrorKind::NotADirectory => ": su carpeta no es una carpeta".to_owned(),
        io::ErrorKind::IsADirectory => ": es una carpeta".to_owned(),
        io::ErrorKind::InvalidData => ": no es texto UTF-8".to_owned(),
        _ => format!(": {cause}"),
    }
}
