//! `evcxr_jupyter`, el núcleo de Rust, en la versión exacta con la que está probado el curso.

use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::orden::{con_barra_de_cargo, con_progreso, en_el_path, orden};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use std::path::{Path, PathBuf};

pub(crate) const VERSION: &str = "0.22.0";
const PROGRAMA: &str = "evcxr_jupyter";

/// El ejecutable de la versión pedida: el del PATH si lo es, o el que instaló el proyecto.
pub(crate) fn hallar(proyecto: &Proyecto) -> Option<PathBuf> {
    let propio = proyecto.evcxr().join("bin").join(PROGRAMA);
    en_el_path(PROGRAMA)
        .into_iter()
        .chain([propio])
        .find(|ruta| es_la_version(ruta))
}

/// El ejecutable no sabe decir su versión: la dice el registro que `cargo install` deja junto a él.
fn es_la_version(ejecutable: &Path) -> bool {
    let Some(raiz) = ejecutable.parent().and_then(Path::parent) else {
        return false;
    };
    let registro = std::fs::read_to_string(raiz.join(".crates.toml")).unwrap_or_default();
    ejecutable.exists()
        && registro
            .lines()
            .any(|l| l.starts_with(&format!("\"{PROGRAMA} {VERSION} ")))
}

/// Lo encuentra o lo instala en la carpeta del proyecto. Cortada a medias, la instalación sigue donde estaba: lo ya
/// compilado queda en su carpeta hasta que acaba.
pub(crate) fn asegurar(proyecto: &Proyecto) -> Resultado<PathBuf> {
    if let Some(ruta) = hallar(proyecto) {
        return Ok(ruta);
    }
    let intento = format!("instalar {PROGRAMA} {VERSION}");
    let cargo = en_el_path("cargo").ok_or_else(|| {
        Fallo::nuevo(&*intento)
            .causa("no hay «cargo» en el PATH")
            .remedio("instala Rust con rustup (https://rustup.rs)")
    })?;
    let paso = Paso::nuevo(
        format!("núcleo de Rust ({PROGRAMA} {VERSION})"),
        "se compila una vez: de 5 a 10 minutos",
    );
    let compilando = proyecto.generado().join("compilando-evcxr");
    let mut instala = orden(cargo);
    instala.args([
        "install",
        "--locked",
        "--force",
        &format!("{PROGRAMA}@{VERSION}"),
        "--root",
    ]);
    instala
        .arg(proyecto.evcxr())
        .arg("--target-dir")
        .arg(&compilando);
    // Sin la configuración del proyecto de por medio, que pone otra carpeta de compilación.
    instala
        .current_dir(proyecto.generado())
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false");
    con_barra_de_cargo(&mut instala);
    con_progreso(proyecto, &paso, "evcxr", instala, &intento)?;
    let ruta = hallar(proyecto).ok_or_else(|| {
        Fallo::nuevo(&*intento).causa(format!(
            "cargo acabó bien pero no está en «{}»",
            proyecto.evcxr().display()
        ))
    })?;
    std::fs::remove_dir_all(&compilando).al("borrar", &compilando)?;
    paso.hecho("");
    Ok(ruta)
}

#[cfg(test)]
mod pruebas {
    use super::*;

    fn instalado(registro: &str) -> (tempfile::TempDir, PathBuf) {
        let raiz = tempfile::tempdir().unwrap();
        let ejecutable = raiz.path().join("bin").join(PROGRAMA);
        std::fs::create_dir(raiz.path().join("bin")).unwrap();
        std::fs::write(&ejecutable, "").unwrap();
        std::fs::write(raiz.path().join(".crates.toml"), registro).unwrap();
        (raiz, ejecutable)
    }

    #[test]
    fn solo_vale_la_version_exacta() {
        let registro = |v: &str| {
            format!("[v1]\n\"evcxr_jupyter {v} (registry+https://x)\" = [\"evcxr_jupyter\"]\n")
        };
        let (_a, bueno) = instalado(&registro(VERSION));
        let (_b, viejo) = instalado(&registro("0.21.1"));
        let (_c, sin_registro) = instalado("");
        assert!(es_la_version(&bueno));
        assert!(!es_la_version(&viejo));
        assert!(!es_la_version(&sin_registro));
    }
}
