//! [`thumbnail`]: de una imagen en un archivo a su miniatura en otro.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use concurrencia::timeline::span;
use serde::{Deserialize, Serialize};

use super::error::Cause;
use super::shrink::{Small, shrink_bytes};
use super::{ImageError, Job, path_bytes};
use crate::whole_file;

/// Una miniatura guardada.
///
/// Viaja entre procesos: lleva dónde está y lo que mide, no los píxeles.
///
/// # Examples
///
/// Ve [`thumbnail`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thumbnail {
    #[serde(with = "path_bytes")]
    path: PathBuf,
    size: (u32, u32),
    source_size: (u32, u32),
    bytes: usize,
}

impl Thumbnail {
    /// Dónde está.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Ancho y alto, en píxeles.
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// Ancho y alto de la imagen de la que sale, en píxeles.
    pub fn source_size(&self) -> (u32, u32) {
        self.source_size
    }

    /// Lo que ocupa, en bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Hace la miniatura de una imagen y la guarda: cabe en lo que dice el [`Job`], en el mismo formato que la imagen.
///
/// **Bloquea** lo que tarde en leer, reducir y guardar. Se escribe en otro archivo de la misma carpeta, que se crea si
/// falta, y al final se le cambia el nombre: aunque maten el programa a medias, con el nombre de la miniatura está la
/// nueva entera, la de antes o nada. Lo que deje a medias se quita con [`clean`].
///
/// En una [línea de tiempo](mod@concurrencia::timeline) cada miniatura es una barra con el nombre de su imagen.
///
/// # En Python
///
/// ```python
/// imagen = Image.open(origen)
/// imagen.thumbnail((128, 128))
/// imagen.save(destino)     # si lo matan a medias, queda cortada
/// ```
///
/// # Errors
///
/// Un [`ImageError`] con la ruta de la imagen: si no se puede leer, no es una imagen, está cortada o estropeada, o la
/// miniatura no se puede guardar.
///
/// # Panics
///
/// Si el tamaño del trabajo tiene un lado de 0.
///
/// # Examples
///
/// ```
/// use workloads::images::{Job, SIZE, photo, thumbnail};
///
/// # let carpeta = std::env::temp_dir().join(format!("thumbnail-{}", std::process::id()));
/// # std::fs::create_dir_all(&carpeta)?;
/// std::fs::write(carpeta.join("playa.jpg"), photo(1, 640, 360))?;
/// let hecha = thumbnail(Job {
///     source: carpeta.join("playa.jpg"),
///     target: carpeta.join("playa_thumbnail.jpg"),
///     size: SIZE,
/// })?;
/// assert_eq!((hecha.size(), hecha.source_size()), ((128, 72), (640, 360)));
/// assert_eq!(std::fs::read(hecha.path())?.len(), hecha.bytes());
/// # std::fs::remove_dir_all(&carpeta)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn thumbnail(job: Job) -> Result<Thumbnail, ImageError> {
    let name = job.source.file_name().unwrap_or(job.source.as_os_str());
    span(name.to_string_lossy(), || make(&job))
}

fn make(job: &Job) -> Result<Thumbnail, ImageError> {
    let source = &job.source;
    let reading = |error| ImageError::reading(source, &error);
    // Abrir una tubería con nombre esperaría para siempre a que alguien escriba.
    if !fs::metadata(source).map_err(reading)?.is_file() {
        return Err(ImageError::new(source, Cause::NotAFile));
    }
    let bytes = fs::read(source).map_err(reading)?;
    let small = shrink_bytes(&bytes, job.size).map_err(|cause| ImageError::new(source, cause))?;
    whole_file::write(&job.target, &small.bytes)
        .map_err(|error| ImageError::new(source, Cause::Write(error.to_string())))?;
    let Small {
        bytes,
        size,
        source_size,
    } = small;
    Ok(Thumbnail {
        path: job.target.clone(),
        size,
        source_size,
        bytes: bytes.len(),
    })
}

/// Borra de una carpeta las miniaturas y las descargas que alguien dejó a medio escribir, y dice cuántas eran.
///
/// Solo las que llevan más de un minuto quietas: las de ahora mismo son de otro que está trabajando. Lo demás no se
/// toca. [`convert`](super::convert) la llama antes de empezar.
///
/// # Errors
///
/// Si la carpeta no se puede leer o no se puede borrar lo que hay en ella. Si no existe, no hay nada que limpiar.
///
/// # Examples
///
/// ```
/// use workloads::images;
///
/// assert_eq!(images::clean("una carpeta que no existe")?, 0);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn clean(folder: impl AsRef<Path>) -> io::Result<usize> {
    whole_file::clean(folder.as_ref())
}
