//! Las miniaturas de la cuarta lección: cálculo de verdad, y por eso los núcleos cuentan.

use super::{Hecho, nucleos};
use crate::cifra::{Cifra, Meta::AlMenos};
use concurrencia::Race;
use rayon::prelude::*;
use std::fs;
use std::path::Path;
use workloads::images::{Job, Mode, convert, find, photo, plan};
use workloads::python::THUMBNAILS;

const FOTOS: u64 = 24;

pub(super) fn corre(repeticiones: usize) -> Hecho {
    let carpeta = tempfile::tempdir()?;
    let fotos = carpeta.path().join("fotos");
    // Solo JPEG: un PNG hay que decodificarlo entero en cualquier lenguaje.
    fs::create_dir(&fotos)?;
    (0..FOTOS)
        .into_par_iter()
        .try_for_each(|n| fs::write(fotos.join(format!("{n}.jpg")), photo(n, 1600, 900)))?;
    let jpeg = find(&fotos)?;
    let trabajos = plan(&fotos, &jpeg, carpeta.path().join("rust"));
    let de_python = plan(&fotos, &jpeg, carpeta.path().join("python"));
    fs::create_dir(carpeta.path().join("python"))?;
    let pares: Vec<(String, String)> = de_python
        .iter()
        .map(|trabajo| (texto(&trabajo.source), texto(&trabajo.target)))
        .collect();
    let con = |modo: Mode| {
        let trabajos: Vec<Job> = trabajos.clone();
        move || -> Vec<(u32, u32)> {
            let hechas = convert(trabajos.clone(), modo);
            let hechas = hechas
                .into_result()
                .unwrap_or_else(|error| panic!("{error}"));
            hechas.iter().map(|miniatura| miniatura.size()).collect()
        }
    };
    let n = nucleos();
    let carrera = Race::new("miniaturas", repeticiones)
        .rust("en serie", con(Mode::Serial))
        .rust(format!("{n} hilos"), con(Mode::Threads(n)))
        .rust(format!("{n} procesos"), con(Mode::Processes(n)))
        .rust("rayon", con(Mode::Rayon))
        .rust("tokio", con(Mode::Tokio(n)))
        .python(
            "Pillow, en serie",
            THUMBNAILS.call("en_serie", (pares.clone(),)),
        )
        .python(
            "Pillow, en serie, sin reducing_gap",
            THUMBNAILS.call("en_serie", (pares.clone(), None::<f64>)),
        )
        .python(
            format!("Pillow, {n} hilos"),
            THUMBNAILS.call("con_hilos", (pares.clone(), n)),
        )
        .python(
            format!("Pillow, {n} procesos"),
            THUMBNAILS.call("con_procesos", (pares.clone(), n)),
        )
        .run()?;
    println!("{carrera}");
    let hilos = format!("Rust: {n} hilos");
    let cifras = [
        Cifra::de(
            "miniaturas en serie, veces más deprisa que Pillow",
            carrera.ratio("Rust: en serie", "Pillow, en serie"),
            AlMenos(1.2),
        ),
        Cifra::de(
            format!("miniaturas con {n} hilos, veces más deprisa que en serie"),
            carrera.ratio(&hilos, "Rust: en serie").filter(|_| n == 2),
            AlMenos(1.8),
        ),
    ];
    Ok(cifras.into_iter().flatten().collect())
}

fn texto(ruta: &Path) -> String {
    ruta.display().to_string()
}
