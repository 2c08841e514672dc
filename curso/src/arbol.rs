//! Copiar un árbol de carpetas decidiendo, archivo a archivo, cómo.

use crate::fallo::{ConArchivo, Fallo, Resultado};
use std::fs;
use std::path::Path;
use walkdir::{DirEntry, WalkDir};

/// Recorre `origen`, crea en `destino` las mismas carpetas y llama a `copia` con cada archivo: su ruta relativa, de
/// dónde y a dónde. De lo que no `interesa` no se mira ni el interior.
pub(crate) fn copia_arbol(
    origen: &Path,
    destino: &Path,
    interesa: impl Fn(&DirEntry) -> bool,
    mut copia: impl FnMut(&Path, &Path, &Path) -> Resultado,
) -> Resultado {
    for entrada in WalkDir::new(origen).into_iter().filter_entry(interesa) {
        let entrada = entrada
            .map_err(|e| Fallo::nuevo(format!("recorrer «{}»", origen.display())).causa(e))?;
        let relativa = entrada
            .path()
            .strip_prefix(origen)
            .unwrap_or(entrada.path());
        let hacia = destino.join(relativa);
        if entrada.file_type().is_dir() {
            fs::create_dir_all(&hacia).al("crear", &hacia)?;
        } else {
            copia(relativa, entrada.path(), &hacia)?;
        }
    }
    Ok(())
}
