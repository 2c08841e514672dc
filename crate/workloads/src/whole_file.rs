//! Escribir un archivo entero o nada: al lado, con otro nombre, y al acabar se le pone el suyo.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Cómo se llama lo que está a medio escribir. Ni una imagen ni una descarga pueden llamarse así.
const PREFIX: &str = ".concurrencia-";
const SUFFIX: &str = ".part";

/// Escribir un archivo de estos lleva milésimas: lo que lleva un minuto a medias ya no es de nadie.
const ABANDONED: Duration = Duration::from_secs(60);

/// Escribe `bytes` en `path`, en una carpeta que crea si falta. Si falla, no queda nada a medias; si matan el programa,
/// queda algo que [`clean`] reconoce.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
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

/// Borra de una carpeta lo que alguien dejó a medias, y dice cuánto era.
pub(crate) fn clean(folder: &Path) -> io::Result<usize> {
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
