//! Dónde está cada cosa del proyecto; todo lo generado, en `.curso/`.

use crate::fallo::{Fallo, Resultado};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// La carpeta del proyecto y las que cuelgan de ella.
#[derive(Debug, Clone)]
pub(crate) struct Proyecto {
    raiz: PathBuf,
}

impl Proyecto {
    /// El proyecto de `raiz` o, si no se da, el que contiene la carpeta actual.
    pub(crate) fn hallar(raiz: Option<&Path>) -> Resultado<Self> {
        let partida = match raiz {
            Some(raiz) => raiz.to_owned(),
            None => std::env::current_dir()
                .map_err(|e| Fallo::nuevo("saber en qué carpeta estás").causa(e))?,
        };
        let partida = partida.canonicalize().unwrap_or(partida);
        partida
            .ancestors()
            .find(|carpeta| es_raiz(carpeta))
            .map(|carpeta| Proyecto {
                raiz: carpeta.to_owned(),
            })
            .ok_or_else(|| {
                Fallo::nuevo("encontrar el proyecto")
                    .causa(format!(
                        "ni «{}» ni las carpetas que la contienen son las del curso",
                        partida.display()
                    ))
                    .remedio(
                        "lanza la orden desde la carpeta que contiene crate/, curso/ y notebooks/",
                    )
            })
    }

    pub(crate) fn raiz(&self) -> &Path {
        &self.raiz
    }

    pub(crate) fn cuadernos(&self) -> PathBuf {
        self.raiz.join("notebooks")
    }

    /// Los cuadernos de ejercicios, donde escribe quien los hace.
    pub(crate) fn ejercicios(&self) -> PathBuf {
        self.cuadernos().join("ejercicios")
    }

    pub(crate) fn crate_auxiliar(&self) -> PathBuf {
        self.raiz.join("crate")
    }

    pub(crate) fn cerrojo_de_cargo(&self) -> PathBuf {
        self.raiz.join("Cargo.lock")
    }

    /// Donde se deja todo lo que no es para mirar.
    pub(crate) fn generado(&self) -> PathBuf {
        self.raiz.join(".curso")
    }

    pub(crate) fn sellos(&self) -> PathBuf {
        self.generado().join("sellos")
    }

    pub(crate) fn registros(&self) -> PathBuf {
        self.generado().join("registros")
    }

    /// La copia de esta orden que usa la especificación del núcleo: no la toca `cargo`.
    pub(crate) fn orden_instalada(&self) -> PathBuf {
        self.generado().join("bin").join("curso")
    }

    /// Datos, configuración y sesión de Jupyter: nada va al HOME.
    pub(crate) fn jupyter(&self) -> PathBuf {
        self.generado().join("jupyter")
    }

    /// Los datos de un Jupyter cuyo núcleo `rust` es el evcxr de serie, para comparar.
    pub(crate) fn jupyter_de_serie(&self) -> PathBuf {
        self.generado().join("jupyter-de-serie")
    }

    pub(crate) fn evcxr(&self) -> PathBuf {
        self.generado().join("evcxr")
    }

    /// Configuración vacía de evcxr: la del usuario no se lee.
    pub(crate) fn configuracion_evcxr(&self) -> PathBuf {
        self.generado().join("evcxr-config")
    }

    pub(crate) fn plantillas(&self) -> PathBuf {
        self.generado().join("plantillas")
    }

    /// El sitio publicado.
    pub(crate) fn sitio(&self) -> PathBuf {
        self.raiz.join("_site")
    }

    /// Las copias desechables de los cuadernos.
    pub(crate) fn copias(&self) -> PathBuf {
        self.generado().join("copias")
    }

    /// Los directorios de los núcleos vivos.
    ///
    /// El proceso hijo de evcxr parte por espacios la orden que carga cada celda: si la ruta del proyecto tiene
    /// espacios, los núcleos viven en la carpeta temporal del sistema.
    pub(crate) fn nucleos(&self) -> PathBuf {
        let dentro = self.generado().join("nucleos");
        if dentro
            .as_os_str()
            .to_string_lossy()
            .contains(char::is_whitespace)
        {
            let usuario = rustix::process::getuid().as_raw();
            std::env::temp_dir().join(format!(
                "curso-{}-{usuario}",
                &self.huella_de_la_ruta()[..12]
            ))
        } else {
            dentro
        }
    }

    fn huella_de_la_ruta(&self) -> String {
        hex(&Sha256::digest(self.raiz.as_os_str().as_encoded_bytes()))
    }

    /// `ruta` respecto de la raíz si está dentro; si no, tal cual.
    pub(crate) fn relativa<'a>(&self, ruta: &'a Path) -> &'a Path {
        ruta.strip_prefix(&self.raiz).unwrap_or(ruta)
    }
}

/// Los bytes, en hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn es_raiz(carpeta: &Path) -> bool {
    [
        "Cargo.toml",
        "crate/Cargo.toml",
        "curso/Cargo.toml",
        "notebooks",
    ]
    .iter()
    .all(|parte| carpeta.join(parte).exists())
}

#[cfg(test)]
mod pruebas {
    use super::*;

    fn de(ruta: &str) -> Proyecto {
        Proyecto {
            raiz: PathBuf::from(ruta),
        }
    }

    #[test]
    fn sin_espacios_los_nucleos_viven_en_el_proyecto() {
        assert_eq!(
            de("/casa/año/curso").nucleos(),
            Path::new("/casa/año/curso/.curso/nucleos")
        );
    }

    #[test]
    fn con_espacios_los_nucleos_viven_en_una_ruta_sin_ellos_y_propia_de_cada_proyecto() {
        let uno = de("/casa/mis cosas/curso").nucleos();
        let otro = de("/casa/otras cosas/curso").nucleos();
        assert!(uno.starts_with(std::env::temp_dir()));
        assert!(!uno.to_string_lossy().contains(' '));
        assert_ne!(uno, otro);
    }
}
