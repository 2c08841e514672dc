//! `Progress`: lo que lleva hecho quien hace los ejercicios.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use super::{Record, file};
use crate::ProgressError;

/// Lo que consta de cada ejercicio, tal como está en su archivo.
///
/// Los ejercicios que ya no existen se conservan: puede que vuelvan.
///
/// # Examples
///
/// ```
/// use catalog::Progress;
///
/// # let folder = std::env::temp_dir().join(format!("progreso-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let path = folder.join("progreso.json");
/// Progress::update(&path, |progress| progress.record_mut("hilos-01").attempts += 1)?;
/// Progress::update(&path, |progress| progress.record_mut("hilos-01").attempts += 1)?;
/// assert_eq!(Progress::load(&path).get("hilos-01").attempts, 2);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Progress {
    pub(super) records: BTreeMap<String, Record>,
    set_aside: Option<PathBuf>,
    error: Option<ProgressError>,
}

impl Progress {
    /// La variable de entorno que lleva el progreso a otro archivo: `CONCURRENCIA_PROGRESO`.
    pub const VARIABLE: &str = "CONCURRENCIA_PROGRESO";

    /// El archivo del progreso del proyecto `root`: `progreso.json` o, si [`VARIABLE`](Progress::VARIABLE) está en el
    /// entorno y no vacía, el que diga.
    pub fn path(root: &Path) -> PathBuf {
        env::var_os(Progress::VARIABLE)
            .filter(|value| !value.is_empty())
            .map_or_else(|| root.join("progreso.json"), PathBuf::from)
    }

    /// Lo que hay en `path`; nada si no existe.
    ///
    /// Si está estropeado, lo aparta cambiándole el nombre ([`set_aside`](Progress::set_aside) dice cuál) y empieza de
    /// cero. Si no se puede leer o apartar, da un progreso vacío y [`error`](Progress::error) dice por qué.
    pub fn load(path: &Path) -> Progress {
        file::load(path).unwrap_or_else(|error| Progress {
            error: Some(error),
            ..Progress::default()
        })
    }

    /// Cambia lo que hay en `path` y da cómo queda. **Bloquea** mientras otro lo esté cambiando, en este proceso o en
    /// otro.
    ///
    /// Lo escribe de una vez: quien lo lea entretanto ve lo de antes o lo de después. Si `change` no cambia nada, no
    /// escribe. Si el archivo está estropeado, lo aparta como [`load`](Progress::load).
    ///
    /// # Errors
    ///
    /// Si no se puede leer, apartar o escribir; lo guardado sigue entonces como estaba.
    pub fn update(
        path: &Path,
        change: impl FnOnce(&mut Progress),
    ) -> Result<Progress, ProgressError> {
        file::update(path, change)
    }

    /// Empieza de cero sin borrar nada: le cambia el nombre al archivo y dice cuál tiene ahora; nada si no lo había.
    ///
    /// # Errors
    ///
    /// Si no se le puede cambiar el nombre.
    ///
    /// # Examples
    ///
    /// ```
    /// use catalog::Progress;
    ///
    /// # let folder = std::env::temp_dir().join(format!("progreso-apartado-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let path = folder.join("progreso.json");
    /// Progress::update(&path, |progress| progress.record_mut("hilos-01").attempts += 1)?;
    /// assert_eq!(Progress::put_away(&path)?, Some(folder.join("progreso.anterior-1.json")));
    /// assert_eq!(Progress::load(&path).get("hilos-01").attempts, 0);
    /// assert_eq!(Progress::put_away(&path)?, None);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn put_away(path: &Path) -> Result<Option<PathBuf>, ProgressError> {
        file::put_away(path)
    }

    /// Lo que consta de un ejercicio; si nada, todo a cero.
    pub fn get(&self, name: &str) -> Record {
        self.records.get(name).copied().unwrap_or_default()
    }

    /// Lo que consta de un ejercicio, para cambiarlo.
    pub fn record_mut(&mut self, name: &str) -> &mut Record {
        self.records.entry(name.to_owned()).or_default()
    }

    /// Los ejercicios de los que consta algo, por orden alfabético.
    pub fn records(&self) -> impl Iterator<Item = (&str, Record)> {
        self.records
            .iter()
            .map(|(name, record)| (name.as_str(), *record))
    }

    /// Dónde está ahora el archivo, si estaba estropeado y se ha apartado.
    pub fn set_aside(&self) -> Option<&Path> {
        self.set_aside.as_deref()
    }

    /// Por qué no se ha podido leer el archivo, si no se ha podido.
    pub fn error(&self) -> Option<&ProgressError> {
        self.error.as_ref()
    }

    pub(super) fn starting_over(set_aside: PathBuf) -> Progress {
        Progress {
            set_aside: Some(set_aside),
            ..Progress::default()
        }
    }

    pub(super) fn of_records(records: BTreeMap<String, Record>) -> Progress {
        Progress {
            records,
            ..Progress::default()
        }
    }
}
