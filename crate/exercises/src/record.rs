//! Apuntar en el progreso lo que se hace en las celdas.

use std::path::PathBuf;

use catalog::{Catalog, Progress};

use crate::verdict::Verdict;

/// Apunta un intento y dice qué hacer ahora. Un ejercicio que no está en el catálogo no se apunta.
pub(crate) fn attempt(verdict: &Verdict) -> Vec<String> {
    let name = verdict.name;
    let path = match catalog().and_then(|catalog| Ok((catalog, progress_path()?))) {
        Ok((catalog, _)) if catalog.get(name).is_err() => return Vec::new(),
        Ok((_, path)) => path,
        Err(why) => return vec![format!("no se apunta el intento: {why}")],
    };
    let update = Progress::update(&path, |progress| {
        let record = progress.record_mut(name);
        record.attempts += 1;
        if verdict.is_pass() {
            record.passed_on.get_or_insert(record.attempts);
        }
    });
    let progress = match update {
        Ok(progress) => progress,
        Err(error) => return vec![format!("no se ha apuntado el intento: {error}")],
    };
    let mut notes = Vec::new();
    notes.extend(progress.set_aside().map(|path| {
        format!(
            "el archivo de progreso estaba estropeado: se ha apartado como {}",
            path.display()
        )
    }));
    notes.push(if verdict.is_pass() {
        format!(
            "solucion!(\"{name}\") enseña otra manera, y por qué. progreso!() dice cuánto llevas."
        )
    } else {
        format!("¿Atascado? pista!(\"{name}\")")
    });
    notes
}

/// Dónde se apunta, o por qué no se puede.
pub(crate) fn progress_path() -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os("CONCURRENCIA_PROGRESO") {
        return Ok(path.into());
    }
    let root = catalog::root().map_err(|error| error.to_string())?;
    Ok(Progress::path(&root))
}

/// El catálogo del proyecto en el que está esta carpeta.
pub(crate) fn catalog() -> Result<Catalog, String> {
    let root = catalog::root().map_err(|error| error.to_string())?;
    Catalog::load(&root).map_err(|error| error.to_string())
}
