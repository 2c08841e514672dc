//! Cerrojos de archivo: los suelta el sistema aunque el proceso muera de golpe.

use crate::fallo::{ConArchivo, Resultado};
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::path::Path;

/// Un cerrojo echado; se quita al soltarlo o al morir el último proceso que lo tenga abierto.
#[derive(Debug)]
pub(crate) struct Cerrojo {
    archivo: File,
}

impl Cerrojo {
    /// Espera hasta tenerlo para sí.
    pub(crate) fn exclusivo(ruta: &Path) -> Resultado<Self> {
        echa(ruta, FlockOperation::LockExclusive)
    }

    /// Espera hasta tenerlo junto con otros que también lo compartan.
    pub(crate) fn compartido(ruta: &Path) -> Resultado<Self> {
        echa(ruta, FlockOperation::LockShared)
    }

    /// Lo toma para sí si nadie lo tiene; no espera.
    pub(crate) fn si_esta_libre(ruta: &Path) -> Option<Self> {
        echa(ruta, FlockOperation::NonBlockingLockExclusive).ok()
    }

    /// Deja que lo hereden los procesos hijos: seguirá echado mientras viva alguno.
    pub(crate) fn que_lo_hereden_los_hijos(&self) -> Resultado {
        rustix::io::fcntl_setfd(&self.archivo, rustix::io::FdFlags::empty())
            .map_err(std::io::Error::from)
            .al("compartir el cerrojo", Path::new("del núcleo"))
    }
}

fn echa(ruta: &Path, operacion: FlockOperation) -> Resultado<Cerrojo> {
    if let Some(carpeta) = ruta.parent() {
        std::fs::create_dir_all(carpeta).al("crear", carpeta)?;
    }
    let archivo = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(ruta)
        .al("abrir", ruta)?;
    flock(&archivo, operacion)
        .map_err(std::io::Error::from)
        .al("echar el cerrojo de", ruta)?;
    Ok(Cerrojo { archivo })
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn el_exclusivo_impide_otro_y_el_compartido_no_impide_otro_compartido() {
        let carpeta = tempfile::tempdir().unwrap();
        let ruta = carpeta.path().join("c");
        let uno = Cerrojo::exclusivo(&ruta).unwrap();
        assert!(Cerrojo::si_esta_libre(&ruta).is_none());
        drop(uno);
        let a = Cerrojo::compartido(&ruta).unwrap();
        let b = Cerrojo::compartido(&ruta).unwrap();
        assert!(Cerrojo::si_esta_libre(&ruta).is_none());
        drop((a, b));
        assert!(Cerrojo::si_esta_libre(&ruta).is_some());
    }
}
