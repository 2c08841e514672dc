//! [`Download`]: un archivo descargado, y cómo se escribe.

use super::file_name::{file_name, of_url};
use super::{HttpError, Response};
use concurrencia::serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

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
pub(super) struct Target {
    folder: PathBuf,
    path: PathBuf,
}

impl Target {
    pub(super) fn from_url(url: &str, folder: &Path) -> Target {
        Target::named(&of_url(url), folder)
    }

    pub(super) fn named(name: &str, folder: &Path) -> Target {
        Target {
            folder: folder.to_owned(),
            path: folder.join(file_name(name)),
        }
    }

    /// El archivo en el que se escribe hasta que está entero: al lado, para que cambiarle el nombre sea de una vez, y
    /// distinto en cada intento de cada proceso.
    fn partial(&self) -> PathBuf {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        self.folder.join(format!(".{}-{next}.part", process::id()))
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let partial = self.partial();
        let written = match fs::write(&partial, bytes) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                fs::create_dir_all(&self.folder)?;
                fs::write(&partial, bytes)
            }
            written => written,
        };
        written
            .and_then(|()| fs::rename(&partial, &self.path))
            .inspect_err(|_| {
                // Lo que haya quedado a medias; si no ha quedado nada, tampoco pasa nada.
                let _ = fs::remove_file(&partial);
            })
    }
}

/// Escribe y espera.
pub(super) fn save(response: Response, target: Target) -> Result<Download, HttpError> {
    target
        .write(response.bytes())
        .map_err(|error| HttpError::file(response.url(), &target.path, error))?;
    Ok(done(response, target))
}

/// Escribe en un hilo aparte. Es lo que hace `tokio::fs` con cada operación, pero todas de una vez: se salta de hilo una vez
/// y no tres, y cancelar no deja nada a medias.
pub(super) async fn save_async(response: Response, target: Target) -> Result<Download, HttpError> {
    let saved = tokio::task::spawn_blocking(move || save(response, target)).await;
    saved.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

fn done(response: Response, target: Target) -> Download {
    Download {
        bytes: response.len() as u64,
        url: response.into_url(),
        path: target.path,
    }
}
