//! El archivo del progreso: leerlo, cambiarlo sin que nadie pierda nada y apartarlo si está estropeado.
//!
//! ```json
//! {
//!  "hilos-01": {"intentos": 3, "aprobado_en": 2, "pistas": 1, "rendido": false}
//! }
//! ```

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::retry_on_intr;

use super::{Progress, Record};
use crate::ProgressError;
use crate::json::Json;

/// Lo que hay en el archivo.
enum Found {
    Good(Progress),
    Broken,
}

pub(super) fn load(path: &Path) -> Result<Progress, ProgressError> {
    if let Found::Good(progress) = read(path)? {
        return Ok(progress);
    }
    // Con el cerrojo echado se mira otra vez: puede que otro lo haya apartado ya.
    let _turn = lock(path)?;
    read_or_set_aside(path)
}

pub(super) fn update(
    path: &Path,
    change: impl FnOnce(&mut Progress),
) -> Result<Progress, ProgressError> {
    let _turn = lock(path)?;
    let mut progress = read_or_set_aside(path)?;
    let before = progress.records.clone();
    change(&mut progress);
    if progress.records != before {
        write(path, &progress.records)?;
    }
    Ok(progress)
}

pub(super) fn put_away(path: &Path) -> Result<Option<PathBuf>, ProgressError> {
    let _turn = lock(path)?;
    let aside = free_name(path, "anterior");
    match fs::rename(path, &aside) {
        Ok(()) => Ok(Some(aside)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ProgressError::new("apartar", path, error)),
    }
}

/// Espera su turno; se acaba al soltar lo que devuelve o al morir el proceso.
fn lock(path: &Path) -> Result<File, ProgressError> {
    let lock = beside(path, ".cerrojo");
    let locked = || -> io::Result<File> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock)?;
        retry_on_intr(|| flock(&file, FlockOperation::LockExclusive))?;
        Ok(file)
    };
    locked().map_err(|error| ProgressError::new("echar el cerrojo", &lock, error))
}

/// El archivo que está al lado y se llama igual, con algo detrás.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

fn read_or_set_aside(path: &Path) -> Result<Progress, ProgressError> {
    match read(path)? {
        Found::Good(progress) => Ok(progress),
        Found::Broken => {
            let aside = free_name(path, "estropeado");
            fs::rename(path, &aside)
                .map_err(|error| ProgressError::new("apartar, por estropeado,", path, error))?;
            Ok(Progress::starting_over(aside))
        }
    }
}

/// `progreso.estropeado-1.json`, si `why` es «estropeado», o con el siguiente número que no esté cogido.
fn free_name(path: &Path, why: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default();
    (1_u32..)
        .map(|n| {
            let mut name = stem.to_owned();
            name.push(format!(".{why}-{n}"));
            if let Some(extension) = path.extension() {
                name.push(".");
                name.push(extension);
            }
            path.with_file_name(name)
        })
        .find(|candidate| candidate.symlink_metadata().is_err())
        .unwrap_or_else(|| beside(path, why))
}

fn read(path: &Path) -> Result<Found, ProgressError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Found::Good(Progress::default()));
        }
        Err(error) => return Err(ProgressError::new("leer el progreso de", path, error)),
    };
    let records = String::from_utf8(bytes)
        .ok()
        .and_then(|text| Json::read(&text).ok())
        .and_then(|json| records(&json));
    Ok(records.map_or(Found::Broken, |records| {
        Found::Good(Progress::of_records(records))
    }))
}

fn records(json: &Json) -> Option<BTreeMap<String, Record>> {
    json.object()?
        .iter()
        .map(|(name, json)| Some((name.clone(), record(json)?)))
        .collect()
}

/// Lo que falte está a cero; lo que sobre no se mira.
fn record(json: &Json) -> Option<Record> {
    json.object()?;
    let integer = |key| json.get(key).map_or(Some(0), Json::integer);
    Some(Record {
        attempts: integer("intentos")?,
        passed_on: match json.get("aprobado_en") {
            None | Some(Json::Null) => None,
            Some(number) => Some(number.integer()?),
        },
        hints: integer("pistas")?,
        gave_up: json.get("rendido").map_or(Some(false), Json::bool)?,
    })
}

fn text(records: &BTreeMap<String, Record>) -> String {
    let mut text = String::from("{");
    for (index, (name, record)) in records.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let passed_on = record
            .passed_on
            .map_or_else(|| "null".to_owned(), |attempt| attempt.to_string());
        let _ = write!(
            text,
            "{comma}\n {}: {{\"intentos\": {}, \"aprobado_en\": {passed_on}, \"pistas\": {}, \"rendido\": {}}}",
            nanoserde::SerJson::serialize_json(name),
            record.attempts,
            record.hints,
            record.gave_up,
        );
    }
    text.push_str("\n}\n");
    text
}

/// Lo escribe de una vez: al lado, al disco, y renombrado. Solo quien tiene el turno.
fn write(path: &Path, records: &BTreeMap<String, Record>) -> Result<(), ProgressError> {
    let new = beside(path, ".nuevo");
    let written = || -> io::Result<()> {
        // Renombrar encima de un archivo de solo lectura se puede, pero quien lo puso así no quiere que cambie.
        if path
            .metadata()
            .is_ok_and(|data| data.permissions().readonly())
        {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let mut file = File::create(&new)?;
        file.write_all(text(records).as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    written().map_err(|error| {
        let _ = fs::remove_file(&new);
        ProgressError::new("guardar el progreso en", path, error)
    })
}
