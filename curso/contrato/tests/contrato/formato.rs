//! El código tiene el formato de rustfmt.

use std::env;
use std::process::Command;

use catalog::Kind;
use contrato::Ejercicio;

use crate::entrada::ejecuta_con;

/// La solución y, si compila, la partida.
pub(crate) fn es_el_de_rustfmt(ejercicio: &Ejercicio) -> Result<(), String> {
    comprueba("solución", ejercicio.solucion.codigo)?;
    if ejercicio.clase == Kind::DoesNotCompile {
        return Ok(());
    }
    comprueba("partida", ejercicio.partida.codigo)
}

fn comprueba(que: &str, codigo: &str) -> Result<(), String> {
    let rustfmt = env::var_os("RUSTFMT").unwrap_or_else(|| "rustfmt".into());
    let salida = ejecuta_con(
        Command::new(&rustfmt).args(["--check", "--edition", "2024", "--color", "never"]),
        codigo,
    )
    .map_err(|error| {
        format!(
            "no se puede ejecutar «{}» ({error}): instálalo con «rustup component add rustfmt»",
            rustfmt.display()
        )
    })?;
    // De lo que le llega por su entrada dice qué cambiaría, pero acaba bien.
    if salida.status.success() && salida.stdout.is_empty() {
        return Ok(());
    }
    Err(format!(
        "la {que} no tiene el formato de rustfmt:\n{}{}",
        String::from_utf8_lossy(&salida.stdout),
        String::from_utf8_lossy(&salida.stderr)
    ))
}
