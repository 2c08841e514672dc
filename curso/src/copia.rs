//! Una copia desechable de los cuadernos: ejecutarla no toca los de verdad.

use crate::arbol::copia_arbol;
use crate::carpeta::Carpeta;
use crate::ejecutar::es_de_seguridad;
use crate::fallo::{ConArchivo, Resultado};
use crate::proyecto::Proyecto;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::DirEntry;

/// Los cuadernos y sus ajustes, con `crate/` e `images/` al lado como en el proyecto; se borra al soltarla.
#[derive(Debug)]
pub(crate) struct Copia {
    carpeta: Carpeta,
}

impl Copia {
    pub(crate) fn nueva(proyecto: &Proyecto) -> Resultado<Self> {
        let copia = Copia {
            carpeta: Carpeta::nueva(&proyecto.copias())?,
        };
        let sin_copias_de_seguridad = |e: &DirEntry| !es_de_seguridad(e.file_name());
        copia_arbol(
            &proyecto.cuadernos(),
            &copia.cuadernos(),
            sin_copias_de_seguridad,
            |_, de, a| fs::copy(de, a).map(drop).al("copiar a", a),
        )?;
        for vecina in ["crate", "images"] {
            let enlace = copia.carpeta.ruta().join(vecina);
            std::os::unix::fs::symlink(proyecto.raiz().join(vecina), &enlace)
                .al("enlazar", &enlace)?;
        }
        Ok(copia)
    }

    pub(crate) fn cuadernos(&self) -> PathBuf {
        self.carpeta.ruta().join("notebooks")
    }

    pub(crate) fn ejercicios(&self) -> PathBuf {
        self.cuadernos().join("ejercicios")
    }

    /// El nombre de un cuaderno de la copia, como se llama en el proyecto.
    pub(crate) fn nombre<'a>(&self, ruta: &'a Path) -> &'a Path {
        ruta.strip_prefix(self.carpeta.ruta()).unwrap_or(ruta)
    }
}
