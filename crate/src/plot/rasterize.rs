//! `rasterize`: de SVG a PNG, en otro proceso.
//!
//! Dibujar letras pide decenas de paquetes, y los de este crate se pagan en cada celda: los lleva el programa
//! `concurrencia-png` (`crate/png`), que lee el SVG por su entrada y escribe el PNG por su salida.

use std::env;
use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;

use super::save_error::Cause;

/// La variable de entorno que dice dónde está el programa; en el cuaderno la pone la orden `curso`.
pub(super) const VARIABLE: &str = "CONCURRENCIA_PNG";

/// Cómo se llama en el PATH.
pub(super) const PROGRAM: &str = "concurrencia-png";

/// Los ocho primeros bytes de todo PNG.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

pub(super) fn rasterize(svg: &str) -> Result<Vec<u8>, Cause> {
    let (child, program) = start()?;
    convert(child, svg).map_err(|what| Cause::Failed {
        program: program.to_string_lossy().into_owned(),
        what,
    })
}

fn start() -> Result<(Child, OsString), Cause> {
    let configured = env::var_os(VARIABLE).filter(|program| !program.is_empty());
    for program in configured.into_iter().chain([PROGRAM.into()]) {
        let spawned = Command::new(&program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        match spawned {
            Ok(child) => return Ok((child, program)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(Cause::Failed {
                    program: program.to_string_lossy().into_owned(),
                    what: format!("no se puede ejecutar ({error})"),
                });
            }
        }
    }
    Err(Cause::MissingProgram)
}

/// El PNG que devuelve el programa, o qué ha hecho mal.
fn convert(child: Child, svg: &str) -> Result<Vec<u8>, String> {
    let (fed, output) = exchange(child, svg.as_bytes());
    let Output {
        status,
        stdout,
        stderr,
    } = output.map_err(|error| format!("no se puede saber cómo ha acabado ({error})"))?;
    if !status.success() {
        return Err(ended_badly(status, &stderr));
    }
    fed.map_err(|error| format!("no ha leído el dibujo entero ({error})"))?;
    if !stdout.starts_with(SIGNATURE) {
        return Err("lo que devuelve no es un PNG".to_owned());
    }
    Ok(stdout)
}

/// Le da la entrada y recoge su salida a la vez: una cosa después de la otra, con las dos tuberías llenas, no acabaría.
fn exchange(mut child: Child, input: &[u8]) -> (io::Result<()>, io::Result<Output>) {
    let stdin = child.stdin.take();
    thread::scope(|scope| {
        // Al acabar, la entrada se cierra; si no hay hilo, también.
        let feeder = thread::Builder::new()
            .name(PROGRAM.to_owned())
            .spawn_scoped(scope, move || match stdin {
                Some(mut stdin) => stdin.write_all(input),
                None => Ok(()),
            });
        let output = child.wait_with_output();
        let fed = feeder.and_then(|feeder| {
            feeder
                .join()
                .unwrap_or_else(|_| Err(io::Error::other("pánico al escribir")))
        });
        (fed, output)
    })
}

fn ended_badly(status: ExitStatus, stderr: &[u8]) -> String {
    let how = match (status.code(), status.signal()) {
        (Some(code), _) => format!("ha acabado con el código {code}"),
        (None, Some(signal)) => format!("lo ha matado la señal {signal}"),
        (None, None) => format!("ha acabado mal ({status})"),
    };
    let said = String::from_utf8_lossy(stderr);
    match said.trim() {
        "" => how,
        said => format!("{how}: {said}"),
    }
}
