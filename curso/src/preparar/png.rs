//! `concurrencia-png`, el programa con el que las celdas guardan una figura como PNG.
//!
//! Es un paquete de `crate/` que ninguna celda compila: se instala una vez y los núcleos saben dónde está.

use super::rust::Herramientas;
use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::orden::{con_barra_de_cargo, con_progreso, orden};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use crate::sello::Sello;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// La variable en la que el crate busca el programa.
pub(crate) const VARIABLE: &str = "CONCURRENCIA_PNG";
const PROGRAMA: &str = "concurrencia-png";

/// Dónde está, o estará cuando se prepare.
pub(crate) fn programa(proyecto: &Proyecto) -> PathBuf {
    proyecto.generado().join("bin").join(PROGRAMA)
}

/// Si está y se compiló con los fuentes que hay ahora.
pub(crate) fn esta(proyecto: &Proyecto, herramientas: &Herramientas) -> bool {
    programa(proyecto).exists() && sello(proyecto, herramientas).is_ok_and(|s| s.vale())
}

/// Lo compila si falta o si ha cambiado. Lo ya compilado se queda con lo demás de `cargo`: rehacerlo cuesta poco.
pub(crate) fn asegurar(proyecto: &Proyecto, herramientas: &Herramientas) -> Resultado {
    if esta(proyecto, herramientas) {
        return Ok(());
    }
    let paso = Paso::nuevo(
        "figuras en PNG",
        "se compila una vez: alrededor de un minuto",
    );
    let sello = sello(proyecto, herramientas)?;
    sello.rompe()?;
    let compilado = proyecto.generado().join("target");
    // Sin «cargo install», que pregunta al índice aunque lo tenga todo: sin red no acabaría.
    let mut compila = orden(herramientas.programas().join("cargo"));
    compila
        .args(["build", "--release", "--locked", "--package", PROGRAMA])
        .args(["--target", &herramientas.objetivo, "--target-dir"])
        .arg(&compilado)
        .current_dir(proyecto.raiz());
    con_barra_de_cargo(&mut compila);
    let intento = "compilar el programa que guarda las figuras como PNG";
    con_progreso(proyecto, &paso, "png", compila, intento)?;
    let hecho = compilado.join(&herramientas.objetivo).join("release");
    instala(&hecho.join(PROGRAMA), &programa(proyecto))?;
    sello.pone()?;
    paso.hecho("");
    Ok(())
}

/// Lo copia y le pone el nombre de una vez: quien lo esté usando sigue con el suyo.
fn instala(hecho: &Path, programa: &Path) -> Resultado {
    let carpeta = programa.parent().unwrap_or(programa);
    fs::create_dir_all(carpeta).al("crear", carpeta)?;
    let nuevo = programa.with_extension("nuevo");
    fs::copy(hecho, &nuevo).al("copiar el programa a", &nuevo)?;
    fs::rename(&nuevo, programa).al("poner el programa en", programa)
}

fn fuentes(proyecto: &Proyecto) -> PathBuf {
    proyecto.crate_auxiliar().join("png")
}

fn sello(proyecto: &Proyecto, herramientas: &Herramientas) -> Resultado<Sello> {
    let fuentes = fuentes(proyecto);
    let mut rutas = vec![
        proyecto.raiz().join("Cargo.toml"),
        proyecto.cerrojo_de_cargo(),
        fuentes.join("Cargo.toml"),
    ];
    for entrada in WalkDir::new(fuentes.join("src")).sort_by_file_name() {
        let entrada = entrada.map_err(|e| Fallo::nuevo("recorrer «crate/png»").causa(e))?;
        if entrada.file_type().is_file() {
            rutas.push(entrada.into_path());
        }
    }
    let mut textos = vec![herramientas.objetivo.clone()];
    for ruta in rutas {
        textos.push(proyecto.relativa(&ruta).to_string_lossy().into_owned());
        textos.push(fs::read_to_string(&ruta).al("leer", &ruta)?);
    }
    let textos: Vec<&str> = textos.iter().map(String::as_str).collect();
    Ok(Sello::de(proyecto, "png", &textos))
}
