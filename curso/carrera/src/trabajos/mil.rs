//! Mil descargas a la vez: que no falle ninguna y que la memoria no crezca con ellas.

use super::Hecho;
use concurrencia::{Race, asyncio};
use workloads::python::DOWNLOADS;
use workloads::{ClientSession, Report, Server};

const DESCARGAS: usize = 1_000;
const BYTES: usize = 10_000;

pub(super) fn corre(repeticiones: usize) -> Hecho {
    let servidor = Server::start()?;
    let urls = vec![servidor.bytes(BYTES); DESCARGAS];
    let antes = pico_de_memoria();
    let primera = baja(&urls);
    println!(
        "{primera}; a la vez, según el servidor: {}.",
        servidor.stats()?.peak()
    );
    if let (Some(antes), Some(despues)) = (antes, pico_de_memoria()) {
        println!("Memoria: {antes} MB antes y {despues} MB en lo más alto.");
    }
    let carrera = Race::new("1 000 descargas a la vez", repeticiones)
        .rust("asyncio", || {
            baja(&urls)
                .into_result()
                .unwrap_or_else(|error| panic!("{error}"))
        })
        // Sin el tope de 100 conexiones que trae: que también vayan todas a la vez.
        .python("aiohttp", DOWNLOADS.call("con_aiohttp", (urls.clone(), 0)))
        .run()?;
    println!("{carrera}");
    Ok(Vec::new())
}

fn baja(urls: &[String]) -> Report<usize, workloads::http::HttpError> {
    let urls = urls.to_vec();
    asyncio::run(async move {
        let sesion = ClientSession::new().unwrap_or_else(|error| panic!("{error}"));
        let bajadas = urls.iter().cloned().map(|url| {
            let sesion = sesion.clone();
            async move { sesion.get(url).await.map(|bajada| bajada.len()) }
        });
        let bajadas = asyncio::gather(bajadas).await.expect("ninguna se cancela");
        urls.iter().map(String::as_str).zip(bajadas).collect()
    })
}

/// Lo más que ha llegado a ocupar este proceso, en MB; solo Linux lo dice.
fn pico_de_memoria() -> Option<u64> {
    let estado = std::fs::read_to_string("/proc/self/status").ok()?;
    let linea = estado
        .lines()
        .find_map(|linea| linea.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = linea.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1024)
}
