//! Las fuentes de la biblioteca estándar, aligeradas para el analizador del núcleo.
//!
//! evcxr deduce el tipo de las variables de una celda con rust-analyzer, que al arrancar el núcleo lee dos veces las
//! fuentes de std con sus pruebas, sus bancos y la aritmética interna del compilador. Una copia sin nada de eso, con
//! los mismos manifiestos, deduce los mismos tipos y ahorra más de un segundo en cada arranque. También deja
//! descargadas las dependencias de std que el analizador pide: si no, el primer núcleo sin red no las tendría.

use super::rust::Herramientas;
use crate::arbol::copia_arbol;
use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::orden::{con_progreso, en_el_path, orden};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use crate::sello::Sello;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::DirEntry;

/// Cambia cuando cambia lo que se copia.
const FORMATO: &str = "1";

/// La copia, si está hecha y es de este compilador.
pub(crate) fn lista(proyecto: &Proyecto, herramientas: &Herramientas) -> Option<PathBuf> {
    let carpeta = carpeta(proyecto);
    (sello(proyecto, herramientas).vale() && carpeta.join("core").exists()).then_some(carpeta)
}

/// Hace la copia si falta o si el compilador ha cambiado.
pub(crate) fn asegurar(proyecto: &Proyecto, herramientas: &Herramientas) -> Resultado {
    if lista(proyecto, herramientas).is_some() {
        return Ok(());
    }
    let paso = Paso::nuevo("fuentes de std para el analizador", "unos segundos");
    let sello = sello(proyecto, herramientas);
    sello.rompe()?;
    let carpeta = carpeta(proyecto);
    if carpeta.exists() {
        fs::remove_dir_all(&carpeta).al("borrar", &carpeta)?;
    }
    copia(&herramientas.biblioteca_estandar(), &carpeta)?;
    let cargo = en_el_path("cargo")
        .ok_or_else(|| Fallo::nuevo("encontrar cargo").causa("no está en el PATH"))?;
    let mut descarga = orden(cargo);
    // Los manifiestos de std usan funciones de cargo reservadas a la versión de desarrollo.
    descarga
        .args(["fetch", "--locked"])
        .current_dir(&carpeta)
        .env("RUSTC_BOOTSTRAP", "1");
    con_progreso(
        proyecto,
        &paso,
        "fuentes-std",
        descarga,
        "descargar las dependencias de std",
    )?;
    sello.pone()?;
    paso.hecho("");
    Ok(())
}

fn carpeta(proyecto: &Proyecto) -> PathBuf {
    proyecto.generado().join("fuentes-std")
}

fn sello(proyecto: &Proyecto, herramientas: &Herramientas) -> Sello {
    Sello::de(proyecto, "fuentes-std", &[FORMATO, &herramientas.version])
}

fn copia(origen: &Path, destino: &Path) -> Resultado {
    copia_arbol(origen, destino, interesa, |relativa, de, a| {
        if es_aritmetica_interna(relativa) {
            return fs::write(a, "").al("escribir", a);
        }
        fs::copy(de, a).map(drop).al("copiar a", a)
    })
}

/// Lo que no son pruebas ni bancos ni el espacio de trabajo aparte de las instrucciones vectoriales.
fn interesa(entrada: &DirEntry) -> bool {
    let nombre = entrada.file_name().to_string_lossy();
    !(entrada.file_type().is_dir()
        && matches!(&*nombre, "tests" | "benches" | "examples" | "stdarch"))
}

/// Las rutinas que el compilador llama por su cuenta: no dan tipo a nada que una celda pueda escribir.
fn es_aritmetica_interna(relativa: &Path) -> bool {
    relativa.starts_with("compiler-builtins") && relativa.extension().is_some_and(|e| e == "rs")
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn se_copian_los_fuentes_y_manifiestos_y_no_las_pruebas() {
        let carpeta = tempfile::tempdir().unwrap();
        let (origen, destino) = (carpeta.path().join("a"), carpeta.path().join("b"));
        for ruta in [
            "std/src/lib.rs",
            "std/Cargo.toml",
            "std/tests/x.rs",
            "stdarch/y.rs",
            "compiler-builtins/src/z.rs",
        ] {
            let ruta = origen.join(ruta);
            fs::create_dir_all(ruta.parent().unwrap()).unwrap();
            fs::write(ruta, "contenido").unwrap();
        }
        copia(&origen, &destino).unwrap();
        let copiado = |ruta: &str| fs::read_to_string(destino.join(ruta)).ok();
        assert_eq!(copiado("std/src/lib.rs").as_deref(), Some("contenido"));
        assert_eq!(copiado("std/Cargo.toml").as_deref(), Some("contenido"));
        assert_eq!(copiado("compiler-builtins/src/z.rs").as_deref(), Some(""));
        assert_eq!(copiado("std/tests/x.rs"), None);
        assert_eq!(copiado("stdarch/y.rs"), None);
    }
}
