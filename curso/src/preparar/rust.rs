//! La cadena de herramientas de Rust: versión, objetivo y el componente `rust-src`.

use crate::fallo::{Fallo, Resultado};
use crate::orden::{en_el_path, orden, salida_de};
use crate::progreso::Paso;
use std::path::PathBuf;

/// La versión mínima de Rust: la que declara el espacio de trabajo.
pub(crate) const MINIMA: &str = env!("CARGO_PKG_RUST_VERSION");

/// El compilador que usarán las celdas.
#[derive(Debug)]
pub(crate) struct Herramientas {
    /// La respuesta entera de `rustc -vV`: si cambia, lo compilado no vale.
    pub(crate) version: String,
    /// La terna del equipo, `x86_64-unknown-linux-gnu`.
    pub(crate) objetivo: String,
    sysroot: PathBuf,
}

impl Herramientas {
    /// Pregunta al `rustc` del PATH.
    pub(crate) fn hallar() -> Resultado<Self> {
        let instalar = "instala Rust con rustup (https://rustup.rs) y abre otra terminal";
        let rustc = en_el_path("rustc").ok_or_else(|| {
            Fallo::nuevo("encontrar Rust")
                .causa("no hay «rustc» en el PATH")
                .remedio(instalar)
        })?;
        let mut pregunta = orden(&rustc);
        pregunta.arg("-vV");
        let version = salida_de(pregunta, "saber la versión de Rust")?;
        let campo = |nombre: &str| {
            version
                .lines()
                .find_map(|l| l.strip_prefix(nombre))
                .map(|v| v.trim().to_owned())
                .ok_or_else(|| {
                    Fallo::nuevo("entender la versión de Rust")
                        .causa(version.clone())
                        .remedio(instalar)
                })
        };
        let (objetivo, release) = (campo("host:")?, campo("release:")?);
        if numeros(&release) < numeros(MINIMA) {
            return Err(Fallo::nuevo("usar este Rust")
                .causa(format!(
                    "es el {release} y el curso pide {MINIMA} o posterior"
                ))
                .remedio("actualízalo con «rustup update stable»"));
        }
        let mut pregunta = orden(&rustc);
        pregunta.args(["--print", "sysroot"]);
        let sysroot = salida_de(pregunta, "saber dónde está Rust")?.trim().into();
        Ok(Herramientas {
            version,
            objetivo,
            sysroot,
        })
    }

    /// Si están las fuentes de la biblioteca estándar, sin las que una celda no deduce tipos de std.
    pub(crate) fn tiene_rust_src(&self) -> bool {
        self.biblioteca_estandar().join("std/src/lib.rs").exists()
    }

    /// La carpeta de `rustc` y `cargo`, sin los intermediarios de rustup, que añaden lo suyo a cada llamada.
    pub(crate) fn programas(&self) -> PathBuf {
        self.sysroot.join("bin")
    }

    /// Dónde deja rustup las fuentes de la biblioteca estándar.
    pub(crate) fn biblioteca_estandar(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib/src/rust/library")
    }

    /// Instala `rust-src` con rustup si falta.
    pub(crate) fn asegurar_rust_src(&self) -> Resultado {
        if self.tiene_rust_src() {
            return Ok(());
        }
        let intento = "instalar el componente rust-src (las fuentes de la biblioteca estándar)";
        let rustup = en_el_path("rustup").ok_or_else(|| {
            Fallo::nuevo(intento).causa("no hay «rustup» en el PATH").remedio(
                "si Rust viene de tu distribución, instala su paquete rust-src; si no, usa rustup (https://rustup.rs)",
            )
        })?;
        let paso = Paso::nuevo(
            "fuentes de la biblioteca estándar (rust-src)",
            "unos segundos",
        );
        let mut instala = orden(rustup);
        instala.args(["component", "add", "rust-src"]);
        salida_de(instala, intento)?;
        if !self.tiene_rust_src() {
            return Err(Fallo::nuevo(intento)
                .causa(format!(
                    "rustup acabó bien pero no están en «{}»",
                    self.sysroot.display()
                ))
                .remedio("comprueba con «rustup show» que el rustc del PATH es el de rustup"));
        }
        paso.hecho("");
        Ok(())
    }
}

/// Los números de una versión, para comparar: «1.95.0-nightly» → [1, 95, 0].
pub(crate) fn numeros(version: &str) -> Vec<u64> {
    version
        .split(['-', '+', ' '])
        .next()
        .unwrap_or_default()
        .split('.')
        .map_while(|parte| parte.parse().ok())
        .collect()
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn las_versiones_se_comparan_por_numeros() {
        assert!(numeros("1.88.0") >= numeros("1.88"));
        assert!(numeros("1.9.0") < numeros("1.88"));
        assert_eq!(numeros("1.95.0-nightly (x)"), [1, 95, 0]);
    }
}
