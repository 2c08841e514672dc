//! Una copia desechable de los cuadernos: ejecutarla no toca los de verdad.

use crate::fallo::{ConArchivo, Resultado};
use crate::proyecto::Proyecto;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Los cuadernos y sus ajustes, con `crate/` e `images/` al lado como en el proyecto; se borra al soltarla.
#[derive(Debug)]
pub(crate) struct Copia {
    raiz: tempfile::TempDir,
}

impl Copia {
    pub(crate) fn nueva(proyecto: &Proyecto) -> Resultado<Self> {
        let generado = proyecto.generado();
        let raiz = tempfile::Builder::new()
            .prefix("copia-")
            .tempdir_in(&generado)
            .al("crear una carpeta en", &generado)?;
        let copia = Copia { raiz };
        let origen = proyecto.cuadernos();
        let visibles = WalkDir::new(&origen)
            .into_iter()
            .filter_entry(|e| e.file_name() != ".ipynb_checkpoints");
        for entrada in visibles.flatten() {
            let hacia = copia.cuadernos().join(
                entrada
                    .path()
                    .strip_prefix(&origen)
                    .unwrap_or(entrada.path()),
            );
            if entrada.file_type().is_dir() {
                fs::create_dir_all(&hacia).al("crear", &hacia)?;
            } else {
                fs::copy(entrada.path(), &hacia).al("copiar a", &hacia)?;
            }
        }
        for vecina in ["crate", "images"] {
            let enlace = copia.raiz.path().join(vecina);
            std::os::unix::fs::symlink(proyecto.raiz().join(vecina), &enlace)
                .al("enlazar", &enlace)?;
        }
        Ok(copia)
    }

    pub(crate) fn cuadernos(&self) -> PathBuf {
        self.raiz.path().join("notebooks")
    }

    /// El nombre de un cuaderno de la copia, como se llama en el proyecto.
    pub(crate) fn nombre<'a>(&self, ruta: &'a Path) -> &'a Path {
        ruta.strip_prefix(self.raiz.path()).unwrap_or(ruta)
    }
}
