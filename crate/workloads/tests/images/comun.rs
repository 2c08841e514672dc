//! Lo que comparten las pruebas: carpetas de usar y tirar, e imágenes de todas las clases.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use workloads::image::{DynamicImage, ImageFormat};
use workloads::images::{Job, SIZE};

/// Una carpeta que se borra al acabar la prueba.
pub(crate) fn carpeta() -> TempDir {
    tempfile::tempdir().expect("hay dónde escribir")
}

/// Guarda unos bytes y da su ruta.
pub(crate) fn guarda(carpeta: &Path, nombre: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let ruta = carpeta.join(nombre);
    fs::create_dir_all(ruta.parent().expect("cuelga de la carpeta")).expect("se puede crear");
    fs::write(&ruta, bytes).expect("se puede escribir");
    ruta
}

/// El trabajo de hacer la miniatura de un archivo, al lado de él.
pub(crate) fn trabajo(origen: &Path) -> Job {
    Job {
        source: origen.to_owned(),
        target: origen.with_file_name("miniatura"),
        size: SIZE,
    }
}

pub(crate) fn como(imagen: &DynamicImage, formato: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    imagen.write_to(&mut bytes, formato).expect("se puede");
    bytes.into_inner()
}

/// La diferencia media, por canal, de dos imágenes del mismo tamaño.
pub(crate) fn diferencia(una: &DynamicImage, otra: &DynamicImage) -> f64 {
    let (una, otra) = (una.to_rgb8(), otra.to_rgb8());
    assert_eq!(una.dimensions(), otra.dimensions());
    let suma: u64 = una
        .iter()
        .zip(otra.iter())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    suma as f64 / una.len() as f64
}

/// Los archivos de una carpeta, por orden, con lo que tienen.
pub(crate) fn contenido(carpeta: &Path) -> Vec<(String, Vec<u8>)> {
    let mut archivos: Vec<_> = fs::read_dir(carpeta)
        .expect("está")
        .map(|entrada| {
            let entrada = entrada.expect("se puede leer");
            let nombre = entrada.file_name().to_string_lossy().into_owned();
            (nombre, fs::read(entrada.path()).expect("se puede leer"))
        })
        .collect();
    archivos.sort();
    archivos
}
