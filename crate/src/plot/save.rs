//! `save`: una figura, a un archivo entero o a ninguno.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::rasterize::rasterize;
use super::save_error::{Cause, SaveError};

/// Guarda el dibujo en el formato que dice la extensión.
pub(super) fn save(svg: &str, path: &Path) -> Result<(), SaveError> {
    write_as_its_extension_says(svg, path).map_err(|cause| SaveError::new(path, cause))
}

fn write_as_its_extension_says(svg: &str, path: &Path) -> Result<(), Cause> {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    match extension.to_lowercase().as_str() {
        "svg" => replace(path, svg.as_bytes())?,
        "png" => replace(path, &rasterize(svg)?)?,
        _ => return Err(Cause::UnknownFormat(extension.into_owned())),
    }
    Ok(())
}

/// Pone `content` en el archivo de una vez: quien lo lea entretanto ve el de antes o el nuevo, nunca un trozo.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    // Si es un enlace, se sustituye aquello a lo que apunta.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (mut file, temporary) = create_beside(&path)?;
    let written = file.write_all(content).and_then(|()| {
        if let Ok(previous) = path.metadata() {
            file.set_permissions(previous.permissions())?;
        }
        fs::rename(&temporary, &path)
    });
    written.inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })
}

/// Un archivo nuevo en la carpeta de `path`, que en otro disco no se podría renombrar.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!(".concurrencia-{}-{number}.tmp", process::id());
        let temporary = path.with_file_name(name);
        match File::create_new(&temporary) {
            // El de otro proceso con el mismo número, que murió a medias.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            created => return Ok((created?, temporary)),
        }
    }
}
