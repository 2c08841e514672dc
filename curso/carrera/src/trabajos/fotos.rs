//! Las 50 imágenes de la cuarta lección, bajadas a una carpeta nueva sin bloquear.

use super::Hecho;
use crate::cifra::{Cifra, Meta::AlMenos};
use concurrencia::race::RaceResults;
use concurrencia::{Race, asyncio, time};
use std::path::Path;
use workloads::http::HttpError;
use workloads::python::IMAGES;
use workloads::{ClientSession, Server};

const IMAGENES: usize = 50;

pub(super) fn corre(repeticiones: usize) -> Hecho {
    // A la escala del curso, casi todo lo que se tarda es lo que tarda el servidor, en cualquier lenguaje. A la décima se ve
    // lo que pone quien descarga.
    baja_a_escala("50 imágenes", time::scale(), repeticiones)?;
    let carrera = baja_a_escala(
        "50 imágenes, a la décima",
        time::scale() / 10.0,
        repeticiones,
    )?;
    let razon = carrera.ratio("asyncio", "aiohttp y aiofiles");
    let cifra = Cifra::de(
        "50 imágenes a disco, a la décima, veces más deprisa que aiohttp",
        razon,
        AlMenos(1.5),
    );
    Ok(cifra.into_iter().collect())
}

type Carrera = Result<RaceResults<Vec<u64>>, Box<dyn std::error::Error>>;

fn baja_a_escala(titulo: &str, escala: f64, repeticiones: usize) -> Carrera {
    let servidor = Server::builder().scale(escala).start()?;
    let urls = servidor.images(IMAGENES)?;
    let carpeta = tempfile::tempdir()?;
    let la_de_python = carpeta.path().display().to_string();
    let de_python = (urls.clone(), la_de_python);
    let carrera = Race::new(titulo, repeticiones)
        .rust("asyncio", || baja(&urls, carpeta.path()).unwrap())
        .python(
            "aiohttp y aiofiles",
            IMAGES.call("con_aiohttp", de_python.clone()),
        )
        .python("httpx y aiofiles", IMAGES.call("con_httpx", de_python))
        .run()?;
    println!("{carrera}\n");
    Ok(carrera)
}

fn baja(urls: &[String], carpeta: &Path) -> Result<Vec<u64>, HttpError> {
    let nueva = tempfile::tempdir_in(carpeta)
        .expect("se puede escribir en la carpeta")
        .keep();
    let urls = urls.to_vec();
    asyncio::run(async move {
        let sesion = ClientSession::new()?;
        let bajadas = urls.into_iter().enumerate().map(|(numero, url)| {
            let (sesion, carpeta) = (sesion.clone(), nueva.clone());
            async move {
                sesion
                    .download_as(url, carpeta, format!("{numero:03}.jpg"))
                    .await
            }
        });
        let bajadas = asyncio::gather(bajadas).await.expect("ninguna se cancela");
        bajadas
            .into_iter()
            .map(|bajada| Ok(bajada?.bytes()))
            .collect()
    })
}
