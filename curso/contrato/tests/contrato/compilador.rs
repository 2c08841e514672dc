//! Lo que no tiene que compilar: se le da al compilador aparte, y se mira por qué lo rechaza.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use contrato::{Ejercicio, PAQUETES, RUSTC, Variante};

use crate::entrada::ejecuta_con;

/// Exige que la variante no compile, por ese error y ningún otro.
///
/// La solución del mismo ejercicio tiene que compilar de la misma manera: si no, lo que falla es cómo se compila.
pub(crate) fn rechaza(
    ejercicio: &Ejercicio,
    variante: &Variante,
    codigo: &str,
) -> Result<(), String> {
    if !es_codigo(codigo) {
        return Err(format!(
            "no compila, y «{codigo}» no es el código de su error (como E0373)"
        ));
    }
    let contrato = con_el_que_compila(&ejercicio.solucion)?;
    let Err(dicho) = compila(variante.archivo, &contrato)? else {
        return Err(format!(
            "compila, y tenía que dar el error {codigo}:\n{}",
            variante.codigo
        ));
    };
    let errores: BTreeSet<&str> = dicho.lines().filter_map(error).collect();
    if errores != BTreeSet::from([codigo]) {
        return Err(format!(
            "tenía que dar el error {codigo} y ningún otro:\n{dicho}"
        ));
    }
    Ok(())
}

/// `E0373`.
fn es_codigo(texto: &str) -> bool {
    texto.strip_prefix('E').is_some_and(|numero| {
        numero.len() == 4 && numero.bytes().all(|cifra| cifra.is_ascii_digit())
    })
}

/// El código del error que anuncia esta línea del compilador, o la línea entera si no lleva código.
fn error(linea: &str) -> Option<&str> {
    let resto = linea.strip_prefix("error")?;
    if let Some(resto) = resto.strip_prefix('[') {
        return resto.split(']').next();
    }
    let es_recuento = resto.starts_with(": aborting due to");
    (resto.starts_with(':') && !es_recuento).then_some(linea)
}

/// De los `contrato` compilados que haya en la carpeta de este programa, el más reciente con el que compila la solución.
fn con_el_que_compila(solucion: &Variante) -> Result<PathBuf, String> {
    let mut dichos = Vec::new();
    for contrato in compilados().map_err(|error| error.to_string())? {
        match compila(solucion.archivo, &contrato)? {
            Ok(()) => return Ok(contrato),
            Err(dicho) => dichos.push(format!("con «{}»:\n{dicho}", contrato.display())),
        }
    }
    if dichos.is_empty() {
        return Err(
            "junto a este programa falta «libcontrato-….rlib»: lánzalo con «cargo test»".to_owned(),
        );
    }
    Err(format!(
        "la solución no compila aparte, así que no se sabe por qué no lo hace esta\n{}",
        dichos.join("\n")
    ))
}

/// Los `contrato` compilados, del más reciente al más antiguo: puede haber varios, de otras veces o con otros añadidos.
fn compilados() -> io::Result<Vec<PathBuf>> {
    let mut compilados = Vec::new();
    for entrada in fs::read_dir(carpeta()?)? {
        let ruta = entrada?.path();
        let nombre = ruta.file_stem().and_then(|nombre| nombre.to_str());
        let es_suyo = nombre
            .is_some_and(|nombre| nombre == "libcontrato" || nombre.starts_with("libcontrato-"));
        if es_suyo
            && ruta
                .extension()
                .is_some_and(|extension| extension == "rlib")
        {
            compilados.push((Reverse(ruta.metadata()?.modified()?), ruta));
        }
    }
    compilados.sort();
    Ok(compilados.into_iter().map(|(_, ruta)| ruta).collect())
}

/// Donde cargo deja lo que compila: la de este programa.
fn carpeta() -> io::Result<PathBuf> {
    let programa = env::current_exe()?;
    Ok(programa.parent().unwrap_or(Path::new(".")).to_owned())
}

/// Compila un módulo como biblioteca, sin generar código; si no compila, lo que dice el compilador.
fn compila(archivo: &str, contrato: &Path) -> Result<Result<(), String>, String> {
    compila_en(archivo, contrato)
        .map_err(|error| format!("no se puede ejecutar el compilador, «{RUSTC}»: {error}"))
}

fn compila_en(archivo: &str, contrato: &Path) -> io::Result<Result<(), String>> {
    let salidas = tempfile::tempdir()?;
    let salida = ejecuta_con(
        Command::new(RUSTC)
            .args(["-", "--edition", "2024", "--crate-type", "lib"])
            .args(["--crate-name", "celda", "--emit", "metadata", "--out-dir"])
            .arg(salidas.path())
            .arg("-L")
            .arg(format!("dependency={}", carpeta()?.display()))
            .arg("--extern")
            .arg(format!("contrato={}", contrato.display())),
        &format!("{archivo}\n{PAQUETES}"),
    )?;
    if salida.status.success() {
        return Ok(Ok(()));
    }
    Ok(Err(String::from_utf8_lossy(&salida.stderr).into_owned()))
}
