//! [`Download`]: un archivo descargado, y cómo se escribe.

use super::file_name::{file_name, of_url};
use super::{HttpError, Response};
use crate::whole_file;
use concurrencia::serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Un archivo descargado: de dónde, dónde está y cuánto ocupa.
///
/// El nombre del archivo es el final de la URL, **saneado**: sin barras, sin caracteres de control ni los que no valen en
/// otros sistemas, sin ser `.` ni `..`, sin empezar por punto y de 200 bytes como mucho. Así ninguna URL escribe fuera
/// de la carpeta que se le dio.
///
/// Dos URL que acaban igual se pisan, como en Python: para eso está [`download_as`](super::Session::download_as).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "concurrencia::serde")]
pub struct Download {
    url: String,
    path: PathBuf,
    bytes: u64,
}

impl Download {
    /// La URL de la que vino.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// El archivo.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Cuánto ocupa, en bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// Dónde se va a escribir.
#[derive(Debug)]
pub(super) struct Target(PathBuf);

impl Target {
    pub(super) fn from_url(url: &str, folder: &Path) -> Target {
        Target::named(&of_url(url), folder)
    }

    pub(super) fn named(name: &str, folder: &Path) -> Target {
        Target(folder.join(file_name(name)))
    }
}

/// Escribe y espera.
pub(super) fn save(response: Response, Target(path): Target) -> Result<Download, HttpError> {
    whole_file::write(&path, response.bytes())
        .map_err(|error| HttpError::file(response.url(), &path, error))?;
    Ok(Download {
        bytes: response.len() as u64,
        url: response.into_url(),
        path,
    })
}

/// Escribe en un hilo aparte. Es lo que hace `tokio::fs` con cada operación, pero todas de una vez: se salta de hilo una vez
/// y no tres, y cancelar no deja nada a medias.
pub(super) async fn save_async(response: Response, target: Target) -> Result<Download, HttpError> {
    let saved = tokio::task::spawn_blocking(move || save(response, target)).await;
    saved.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}
