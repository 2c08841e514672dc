//! Programas que leen por su entrada.

use std::io::{self, Write};
use std::process::{Command, Output, Stdio};

/// Ejecuta la orden con ese texto por su entrada.
pub(crate) fn ejecuta_con(orden: &mut Command, texto: &str) -> io::Result<Output> {
    let mut hijo = orden
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut entrada) = hijo.stdin.take() {
        match entrada.write_all(texto.as_bytes()) {
            // Se ha ido sin leerlo entero: lo que importa es lo que diga.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            escrito => escrito?,
        }
    }
    hijo.wait_with_output()
}
