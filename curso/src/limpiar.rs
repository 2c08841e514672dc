//! `limpiar`: borra lo generado.

use crate::carpeta;
use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::preparar::plantilla;
use crate::proyecto::Proyecto;
use std::path::Path;
use walkdir::WalkDir;

/// Borra los restos (núcleos muertos, plantillas viejas, copias de prueba y registros) o, con `todo`, cuanto se generó.
pub(crate) fn limpiar(proyecto: &Proyecto, todo: bool) -> Resultado<bool> {
    let carpetas = [proyecto.generado(), proyecto.nucleos()];
    let antes = ocupado(&carpetas);
    for con_duenos in [proyecto.nucleos(), proyecto.copias()] {
        carpeta::barre(&con_duenos);
    }
    if todo {
        let vivos = carpeta::vivas(&proyecto.nucleos());
        if vivos > 0 {
            return Err(Fallo::nuevo("borrarlo todo")
                .causa(format!("hay {vivos} núcleos abiertos que lo están usando"))
                .remedio("cierra JupyterLab (Ctrl-C en su terminal) y repite la orden"));
        }
        for generada in &carpetas {
            borra(generada)?;
        }
    } else {
        plantilla::limpia(proyecto);
        borra(&proyecto.registros())?;
    }
    let despues = ocupado(&carpetas);
    println!(
        "Liberados {} MB; quedan {} MB.",
        antes.saturating_sub(despues) / 1_000_000,
        despues / 1_000_000
    );
    Ok(true)
}

fn borra(carpeta: &Path) -> Resultado {
    match std::fs::remove_dir_all(carpeta) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e).al("borrar", carpeta),
        _ => Ok(()),
    }
}

/// Los bytes de disco de las carpetas; lo enlazado en varios sitios cuenta una vez.
fn ocupado(carpetas: &[std::path::PathBuf]) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let mut vistos = std::collections::HashSet::new();
    carpetas
        .iter()
        .flat_map(|c| WalkDir::new(c).into_iter().flatten())
        .filter_map(|e| e.metadata().ok())
        .filter(|m| vistos.insert((m.dev(), m.ino())))
        .map(|m| m.blocks() * 512)
        .sum()
}
