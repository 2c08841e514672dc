//! [`thumbnail`]: de una imagen en un archivo a su miniatura en otro.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use concurrencia::timeline::span;
use serde::{Deserialize, Serialize};

use super::error::Cause;
use super::shrink::{Small, shrink_bytes};
use super::{ImageError, Job, path_bytes};

/// Cómo se llama lo que está a medio escribir. Una imagen no puede llamarse así.
const PREFIX: &str = ".thumbnail-";
const SUFFIX: &str = ".part";

/// Escribir una miniatura lleva milésimas: lo que lleva un minuto a medias ya no es de nadie.
const ABANDONED: Duration = Duration::from_secs(60);

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
    save(&small.bytes, &job.target)
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

fn save(bytes: &[u8], path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(PREFIX)
        .suffix(SUFFIX)
        // Los de cualquier archivo: los temporales solo los puede leer su dueño.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

/// Borra de una carpeta las miniaturas que alguien dejó a medio escribir, y dice cuántas eran.
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
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut removed = 0;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !(name.starts_with(PREFIX) && name.ends_with(SUFFIX)) {
            continue;
        }
        // Otro puede haberlo acabado, o limpiado, entretanto.
        let gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        let data = match entry.metadata() {
            Err(error) if gone(&error) => continue,
            data => data?,
        };
        let still = SystemTime::now().duration_since(data.modified()?);
        if data.is_file() && still.is_ok_and(|still| still > ABANDONED) {
            match fs::remove_file(entry.path()) {
                Err(error) if gone(&error) => {}
                done => {
                    done?;
                    removed += 1;
                }
            }
        }
    }
    Ok(removed)
}
