//! Carpetas con dueño: lo que un núcleo o una prueba necesita mientras vive, y que nadie deja olvidado.

use crate::cerrojo::Cerrojo;
use crate::fallo::{ConArchivo, Fallo, Resultado};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Una carpeta con dueño: se borra al soltarla; si el proceso muere antes, la barre quien cree la siguiente al lado.
#[derive(Debug)]
pub(crate) struct Carpeta {
    ruta: PathBuf,
    vivo: Cerrojo,
}

impl Carpeta {
    /// Crea una dentro de `en` y barre las que hayan quedado sin dueño.
    pub(crate) fn nueva(en: &Path) -> Resultado<Self> {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(en)
            .al("crear", en)?;
        es_nuestra(en)?;
        barre(en);
        // Nadie barre entre crear la carpeta y echar su cerrojo.
        let _turno = Cerrojo::exclusivo(&en.join("turno.cerrojo"))?;
        let ruta = tempfile::Builder::new()
            .prefix("n")
            .tempdir_in(en)
            .al("crear una carpeta en", en)?
            .keep();
        let vivo = Cerrojo::exclusivo(&ruta.join(VIVO))?;
        Ok(Carpeta { ruta, vivo })
    }

    pub(crate) fn ruta(&self) -> &Path {
        &self.ruta
    }

    /// Quien hereda este cerrojo impide que se barra.
    pub(crate) fn vivo(&self) -> &Cerrojo {
        &self.vivo
    }
}

const VIVO: &str = "vivo.cerrojo";

impl Drop for Carpeta {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.ruta);
    }
}

/// Borra las carpetas de `en` cuyo dueño murió sin borrarlas.
pub(crate) fn barre(en: &Path) {
    if !en.exists() {
        return;
    }
    let Ok(_turno) = Cerrojo::exclusivo(&en.join("turno.cerrojo")) else {
        return;
    };
    for entrada in std::fs::read_dir(en).into_iter().flatten().flatten() {
        let ruta = entrada.path();
        if ruta.is_dir()
            && let Some(_muerto) = Cerrojo::si_esta_libre(&ruta.join(VIVO))
        {
            let _ = std::fs::remove_dir_all(&ruta);
        }
    }
}

/// Cuántas carpetas de `en` tienen dueño vivo.
pub(crate) fn vivas(en: &Path) -> usize {
    std::fs::read_dir(en)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|e| {
            e.path().join(VIVO).exists() && Cerrojo::si_esta_libre(&e.path().join(VIVO)).is_none()
        })
        .count()
}

/// La carpeta puede estar en la temporal del sistema, que es de todos: no se usa si la puso otro.
fn es_nuestra(carpeta: &Path) -> Resultado {
    let datos = std::fs::symlink_metadata(carpeta).al("leer", carpeta)?;
    if datos.is_dir() && datos.uid() == rustix::process::getuid().as_raw() {
        return Ok(());
    }
    Err(
        Fallo::nuevo(format!("usar «{}» para los núcleos", carpeta.display()))
            .causa("es de otro usuario")
            .remedio("bórrala, o pon el proyecto en una carpeta sin espacios en el nombre"),
    )
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn la_carpeta_con_dueno_no_se_barre_y_la_que_quedo_sin_el_si() {
        let raiz = tempfile::tempdir().unwrap();
        let vivo = Carpeta::nueva(raiz.path()).unwrap();
        let muerto = raiz.path().join("nmuerto");
        std::fs::create_dir(&muerto).unwrap();
        std::fs::write(muerto.join(VIVO), "").unwrap();
        assert_eq!(vivas(raiz.path()), 1);
        barre(raiz.path());
        assert!(vivo.ruta.exists());
        assert!(!muerto.exists());
        let ruta = vivo.ruta.clone();
        drop(vivo);
        assert!(!ruta.exists());
    }
}
