//! [`ImageError`]: por qué no hay miniatura de una imagen.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use serde::{Deserialize, Serialize};

use super::path_bytes;

/// Lo más grande que se abre, en píxeles: el límite de Pillow.
pub(super) const MAX_PIXELS: u64 = 178_956_970;

/// Por qué no hay miniatura de una imagen, y de cuál.
///
/// Viaja entre procesos. Las preguntas `is_*` dicen qué clase de fallo es; solo una da `true`.
///
/// # En Python
///
/// `FileNotFoundError`, `PermissionError`, `PIL.UnidentifiedImageError`, `Image.DecompressionBombError` y `OSError`
/// para lo demás: «image file is truncated» no se distingue del disco lleno.
///
/// # Examples
///
/// ```
/// use workloads::images::{SIZE, photo, shrink};
///
/// let foto = photo(1, 160, 90);
/// let cortada = shrink(&foto[..foto.len() / 2], SIZE).unwrap_err();
/// assert!(cortada.is_truncated());
///
/// let error = shrink(b"%PDF-1.7", SIZE).unwrap_err();
/// assert!(error.is_not_an_image());
/// assert_eq!(error.to_string(), "la imagen no es ni JPEG ni PNG, se llame como se llame");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageError {
    /// Vacía si la imagen está en memoria.
    #[serde(with = "path_bytes")]
    path: PathBuf,
    cause: Cause,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Cause {
    NotFound,
    Denied,
    NotAFile,
    Read(String),
    Empty,
    NotAnImage,
    Truncated,
    Corrupt(String),
    TooLarge(u32, u32),
    Write(String),
    Worker(String),
}

impl ImageError {
    pub(super) fn new(path: &Path, cause: Cause) -> ImageError {
        ImageError {
            path: path.to_owned(),
            cause,
        }
    }

    pub(super) fn in_memory(cause: Cause) -> ImageError {
        ImageError::new(Path::new(""), cause)
    }

    pub(super) fn reading(path: &Path, error: &io::Error) -> ImageError {
        let cause = match error.kind() {
            io::ErrorKind::NotFound => Cause::NotFound,
            io::ErrorKind::PermissionDenied => Cause::Denied,
            _ => Cause::Read(error.to_string()),
        };
        ImageError::new(path, cause)
    }

    /// La imagen de la que no hay miniatura; `None` si no era un archivo.
    pub fn path(&self) -> Option<&Path> {
        (!self.path.as_os_str().is_empty()).then_some(&self.path)
    }

    /// Si la imagen no está.
    pub fn is_not_found(&self) -> bool {
        self.cause == Cause::NotFound
    }

    /// Si no dejan leerla.
    pub fn is_permission_denied(&self) -> bool {
        self.cause == Cause::Denied
    }

    /// Si está, pero no se pudo leer: es una carpeta, falla el disco…
    pub fn is_read(&self) -> bool {
        matches!(self.cause, Cause::Read(_) | Cause::NotAFile)
    }

    /// Si está vacía.
    pub fn is_empty(&self) -> bool {
        self.cause == Cause::Empty
    }

    /// Si no es ni JPEG ni PNG.
    pub fn is_not_an_image(&self) -> bool {
        self.cause == Cause::NotAnImage
    }

    /// Si le falta el final.
    pub fn is_truncated(&self) -> bool {
        self.cause == Cause::Truncated
    }

    /// Si lo de dentro no se entiende.
    pub fn is_corrupt(&self) -> bool {
        matches!(self.cause, Cause::Corrupt(_))
    }

    /// Si dice ser tan grande que no se abre: una bomba de descompresión.
    pub fn is_too_large(&self) -> bool {
        matches!(self.cause, Cause::TooLarge(..))
    }

    /// Si lo que falló fue guardar la miniatura.
    pub fn is_write(&self) -> bool {
        matches!(self.cause, Cause::Write(_))
    }

    /// Si falló quien la hacía, hilo o proceso: entró en pánico, lo mataron o no se pudo crear.
    pub fn is_worker(&self) -> bool {
        matches!(self.cause, Cause::Worker(_))
    }
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let image = match self.path.file_name() {
            Some(name) => format!("la imagen «{}»", name.to_string_lossy()),
            None => "la imagen".to_owned(),
        };
        match &self.cause {
            Cause::NotFound => write!(f, "{image} no está: mira si la ruta es la que crees"),
            Cause::Denied => write!(f, "{image} no se deja leer: mira sus permisos"),
            Cause::NotAFile => write!(f, "{image} no es un archivo corriente"),
            Cause::Read(why) => write!(f, "{image} no se puede leer: {why}"),
            Cause::Empty => write!(f, "{image} está vacía: 0 bytes"),
            Cause::NotAnImage => write!(f, "{image} no es ni JPEG ni PNG, se llame como se llame"),
            Cause::Truncated => write!(
                f,
                "{image} está cortada, le falta el final: vuelve a copiarla o a bajarla"
            ),
            Cause::Corrupt(why) => write!(f, "{image} está estropeada: {why}"),
            Cause::TooLarge(w, h) => write!(
                f,
                "{image} dice medir {w}×{h}, más de los {} megapíxeles que se abren",
                MAX_PIXELS / 1_000_000
            ),
            Cause::Write(why) => write!(f, "la miniatura de {image} no se puede guardar: {why}"),
            Cause::Worker(why) => write!(f, "{image} se ha quedado sin hacer: {why}"),
        }
    }
}

impl Error for ImageError {}
