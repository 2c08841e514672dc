//! Entregar el PNG entero o no entregar nada.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::Path;

/// En la salida estándar, si no es una terminal.
pub(crate) fn en_la_salida(png: &[u8]) -> Result<(), String> {
    let mut salida = io::stdout().lock();
    if salida.is_terminal() {
        return Err("un PNG no se puede leer en la terminal: añade «> figura.png»".to_owned());
    }
    salida
        .write_all(png)
        .and_then(|()| salida.flush())
        .map_err(|error| format!("no se puede escribir la salida: {error}"))
}

/// En un archivo; si ya existía, lo sustituye de una vez.
pub(crate) fn en_archivo(ruta: &Path, png: &[u8]) -> Result<(), String> {
    // Al lado, que en otro disco no se podría renombrar.
    let nombre = ruta.file_name().unwrap_or_default().to_string_lossy();
    let temporal = ruta.with_file_name(format!(".{nombre}.{}.tmp", std::process::id()));
    let escrito = File::create_new(&temporal)
        .and_then(|mut archivo| archivo.write_all(png))
        .and_then(|()| fs::rename(&temporal, ruta));
    escrito.map_err(|error| {
        let _ = fs::remove_file(&temporal);
        format!("no se puede escribir «{}»: {error}", ruta.display())
    })
}
