//! Los 16 sitios de la cuarta lección: el límite es el servidor, no quien descarga.

use super::Hecho;
use crate::cifra::{Cifra, Meta::ComoMucho};
use concurrencia::{Race, ThreadPoolExecutor, asyncio};
use std::time::Duration;
use workloads::http::HttpError;
use workloads::python::DOWNLOADS;
use workloads::{ClientSession, Server, Session, schedule};

const HILOS: usize = 5;

pub(super) fn corre(repeticiones: usize) -> Hecho {
    let servidor = Server::start()?;
    let sitios = servidor.sites()?;
    let urls: Vec<String> = sitios.iter().map(|sitio| sitio.url().to_owned()).collect();
    let esperas: Vec<Duration> = sitios.iter().map(|sitio| sitio.latency()).collect();
    let mayor = esperas.iter().max().copied().unwrap_or_default();
    let mejor = schedule::best(esperas.iter().copied(), HILOS);
    let carrera = Race::new("16 sitios", repeticiones)
        .rust("en serie", || en_serie(&urls).unwrap())
        .rust("5 hilos", || con_hilos(&urls).unwrap())
        .rust("5 hilos, en el mejor orden", || {
            en_el_orden(&urls, &mejor.order()).unwrap()
        })
        .rust("asyncio", || a_la_vez(&urls).unwrap())
        .python(
            "requests, en serie",
            DOWNLOADS.call("en_serie", (urls.clone(),)),
        )
        .python(
            "requests, 5 hilos",
            DOWNLOADS.call("con_hilos", (urls.clone(), HILOS)),
        )
        .python("aiohttp", DOWNLOADS.call("con_aiohttp", (urls.clone(),)))
        .python("httpx", DOWNLOADS.call("con_httpx", (urls.clone(),)))
        .run()?;
    println!("{carrera}");
    let (limite, en_cinco) = (mayor.as_secs_f64(), mejor.makespan().as_secs_f64());
    let en_orden = schedule::in_order(esperas, HILOS).makespan().as_secs_f64();
    println!(
        "Esperas del servidor: la mayor, {:.0} ms; entre cinco, {:.0} ms en el mejor orden y {:.0} ms en el de la lección.",
        limite * 1e3,
        en_cinco * 1e3,
        en_orden * 1e3
    );
    let segundos = |nombre: &str| Some(carrera.median(nombre)?.as_secs_f64());
    let a_la_vez = segundos("asyncio");
    let cifras = [
        Cifra::de(
            "16 sitios a la vez / la espera mayor",
            a_la_vez.map(|s| s / limite),
            ComoMucho(1.10),
        ),
        Cifra::de(
            "16 sitios a la vez / aiohttp",
            a_la_vez
                .zip(segundos("aiohttp"))
                .map(|(aqui, python)| aqui / python),
            ComoMucho(1.0),
        ),
        Cifra::de(
            "16 sitios con 5 hilos, en el mejor orden / el mejor reparto",
            segundos("5 hilos, en el mejor orden").map(|s| s / en_cinco),
            ComoMucho(1.10),
        ),
        Cifra::de(
            "16 sitios con 5 hilos, en el orden de la lección / el mejor reparto",
            segundos("Rust: 5 hilos").map(|s| s / en_cinco),
            ComoMucho(1.10),
        ),
    ];
    Ok(cifras.into_iter().flatten().collect())
}

fn en_serie(urls: &[String]) -> Result<Vec<usize>, HttpError> {
    let sesion = Session::new()?;
    urls.iter().map(|url| Ok(sesion.get(url)?.len())).collect()
}

fn con_hilos(urls: &[String]) -> Result<Vec<usize>, Box<dyn std::error::Error>> {
    let sesion = Session::new()?;
    let ejecutor = ThreadPoolExecutor::new(HILOS)?;
    let bajadas = ejecutor.map(move |url: String| sesion.get(url), urls.to_vec());
    bajadas.map(|bajada| Ok(bajada??.len())).collect()
}

/// Encargadas en otro orden, y los tamaños en el de siempre.
fn en_el_orden(urls: &[String], orden: &[usize]) -> Result<Vec<usize>, Box<dyn std::error::Error>> {
    let ordenadas: Vec<String> = orden.iter().map(|&i| urls[i].clone()).collect();
    let mut bajados: Vec<(usize, usize)> =
        orden.iter().copied().zip(con_hilos(&ordenadas)?).collect();
    bajados.sort_unstable();
    Ok(bajados.into_iter().map(|(_, bytes)| bytes).collect())
}

fn a_la_vez(urls: &[String]) -> Result<Vec<usize>, HttpError> {
    let urls = urls.to_vec();
    asyncio::run(async move {
        let sesion = ClientSession::new()?;
        let bajadas = urls.into_iter().map(|url| {
            let sesion = sesion.clone();
            async move { sesion.get(url).await }
        });
        let bajadas = asyncio::gather(bajadas).await.expect("ninguna se cancela");
        bajadas
            .into_iter()
            .map(|bajada| Ok(bajada?.len()))
            .collect()
    })
}
