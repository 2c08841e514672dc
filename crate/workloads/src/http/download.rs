//! [`Download`]: un archivo descargado, y cómo se escribe.

use super::file_name::{file_name, of_url};
use super::{HttpError, Response};
use concurrencia::serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::AsyncWriteExt;

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

    /// Crea el archivo en el que se escribe hasta que está entero: al lado, para que cambiarle el nombre sea de una vez, y
    /// distinto en cada intento de cada proceso.
    fn partial(&self) -> io::Result<(Partial, File)> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.join(format!(".{}-{next}.part", process::id()));
        let file = File::create_new(&path).or_else(|error| {
            if error.kind() != ErrorKind::NotFound {
                return Err(error);
            }
            fs::create_dir_all(&self.folder)?;
            File::create_new(&path)
        })?;
        Ok((Partial(path), file))
    }
}

/// Un archivo a medias, que se borra si no llega a su final.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // Si ya tiene su nombre final, aquí no hay nada que borrar.
        let _ = fs::remove_file(&self.0);
    }
}

pub(super) fn save(response: Response, target: &Target) -> Result<Download, HttpError> {
    let written = || -> io::Result<()> {
        let (partial, mut file) = target.partial()?;
        file.write_all(response.bytes())?;
        fs::rename(&partial.0, &target.path)
    };
    written().map_err(|error| HttpError::file(response.url(), &target.path, error))?;
    Ok(done(&response, target))
}

pub(super) async fn save_async(response: Response, target: Target) -> Result<Download, HttpError> {
    let written = async {
        // Crearlo sí es aquí mismo, y no en el hilo de `tokio::fs`: si se cancela, ya está y se borra.
        let (partial, file) = target.partial()?;
        let mut file = tokio::fs::File::from_std(file);
        file.write_all(response.bytes()).await?;
        file.flush().await?;
        tokio::fs::rename(&partial.0, &target.path).await
    };
    let written: io::Result<()> = written.await;
    written.map_err(|error| HttpError::file(response.url(), &target.path, error))?;
    Ok(done(&response, &target))
}

fn done(response: &Response, target: &Target) -> Download {
    Download {
        url: response.url().to_owned(),
        path: target.path.clone(),
        bytes: response.len() as u64,
    }
}
