//! Sellos: lo que dice que un paso está hecho y con qué se hizo.
//!
//! Un sello se borra antes de empezar su paso y se escribe, de una vez, cuando acaba: cortado a medias, no hay sello
//! y el paso se repite. Si cambia lo que entró en el paso, el sello no coincide y se rehace solo ese.

use crate::fallo::{ConArchivo, Resultado};
use crate::proyecto::{Proyecto, hex};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};

/// El sello de un paso con las entradas que tiene ahora.
#[derive(Debug)]
pub(crate) struct Sello {
    ruta: PathBuf,
    huella: String,
}

impl Sello {
    /// El sello de `paso` si se hiciera con `entradas`. La ruta del proyecto siempre es una de ellas: lo generado
    /// lleva rutas absolutas y moverlo lo estropea.
    pub(crate) fn de(proyecto: &Proyecto, paso: &str, entradas: &[&str]) -> Self {
        let raiz = proyecto.raiz().to_string_lossy();
        let huella = huella(entradas.iter().copied().chain([raiz.as_ref()]));
        Sello {
            ruta: proyecto.sellos().join(paso),
            huella,
        }
    }

    /// Si el paso ya se hizo con estas mismas entradas.
    pub(crate) fn vale(&self) -> bool {
        std::fs::read_to_string(&self.ruta).is_ok_and(|guardada| guardada == self.huella)
    }

    /// Quita el sello: el paso va a empezar.
    pub(crate) fn rompe(&self) -> Resultado {
        match std::fs::remove_file(&self.ruta) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e).al("borrar", &self.ruta),
            _ => Ok(()),
        }
    }

    /// Pone el sello: el paso ha acabado.
    pub(crate) fn pone(&self) -> Resultado {
        escribe_de_una_vez(&self.ruta, self.huella.as_bytes())
    }
}

/// Una huella de textos, en hexadecimal; distingue dónde acaba cada uno.
pub(crate) fn huella<'a>(textos: impl IntoIterator<Item = &'a str>) -> String {
    let mut suma = Sha256::new();
    for texto in textos {
        suma.update((texto.len() as u64).to_le_bytes());
        suma.update(texto.as_bytes());
    }
    hex(&suma.finalize())
}

/// Escribe un archivo entero o no lo toca: temporal al lado, al disco, y renombrado.
pub(crate) fn escribe_de_una_vez(ruta: &Path, contenido: &[u8]) -> Resultado {
    let carpeta = ruta.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(carpeta).al("crear", carpeta)?;
    let mut temporal = tempfile::Builder::new()
        .prefix(".curso-")
        .tempfile_in(carpeta)
        .al("escribir en", carpeta)?;
    temporal.write_all(contenido).al("escribir", ruta)?;
    if let Ok(anterior) = ruta.metadata() {
        temporal
            .as_file()
            .set_permissions(anterior.permissions())
            .al("escribir", ruta)?;
    } else {
        use std::os::unix::fs::PermissionsExt;
        let corrientes = std::fs::Permissions::from_mode(0o644);
        temporal
            .as_file()
            .set_permissions(corrientes)
            .al("escribir", ruta)?;
    }
    temporal.as_file().sync_all().al("escribir", ruta)?;
    temporal
        .persist(ruta)
        .map_err(|e| e.error)
        .al("escribir", ruta)?;
    Ok(())
}

#[cfg(test)]
mod pruebas {
    use super::*;

    fn proyecto() -> (tempfile::TempDir, Proyecto) {
        let carpeta = tempfile::tempdir().unwrap();
        for parte in ["crate", "curso", "notebooks"] {
            std::fs::create_dir(carpeta.path().join(parte)).unwrap();
        }
        for parte in ["Cargo.toml", "crate/Cargo.toml", "curso/Cargo.toml"] {
            std::fs::write(carpeta.path().join(parte), "").unwrap();
        }
        let proyecto = Proyecto::hallar(Some(carpeta.path())).unwrap();
        (carpeta, proyecto)
    }

    #[test]
    fn un_sello_vale_despues_de_ponerlo_y_deja_de_valer_al_romperlo() {
        let (_carpeta, proyecto) = proyecto();
        let sello = Sello::de(&proyecto, "paso", &["a"]);
        assert!(!sello.vale());
        sello.pone().unwrap();
        assert!(sello.vale());
        sello.rompe().unwrap();
        assert!(!sello.vale());
        sello.rompe().unwrap();
    }

    #[test]
    fn otra_entrada_u_otra_carpeta_invalidan_el_sello() {
        let (_una, uno) = proyecto();
        let (_otra, otro) = proyecto();
        Sello::de(&uno, "paso", &["a", "b"]).pone().unwrap();
        assert!(!Sello::de(&uno, "paso", &["ab"]).vale());
        std::fs::create_dir_all(otro.sellos()).unwrap();
        std::fs::copy(uno.sellos().join("paso"), otro.sellos().join("paso")).unwrap();
        assert!(!Sello::de(&otro, "paso", &["a", "b"]).vale());
    }

    #[test]
    fn escribir_de_una_vez_no_deja_temporales() {
        let carpeta = tempfile::tempdir().unwrap();
        let ruta = carpeta.path().join("x/y.txt");
        escribe_de_una_vez(&ruta, b"uno").unwrap();
        escribe_de_una_vez(&ruta, b"dos").unwrap();
        assert_eq!(std::fs::read(&ruta).unwrap(), b"dos");
        assert_eq!(
            std::fs::read_dir(ruta.parent().unwrap()).unwrap().count(),
            1
        );
    }
}
