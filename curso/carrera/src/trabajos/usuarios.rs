//! Los usuarios y retratos de la primera lección: dos peticiones encadenadas y un archivo por usuario.

use super::Hecho;
use concurrencia::{ProcessPoolExecutor, Race, ThreadPoolExecutor, asyncio};
use std::path::PathBuf;
use workloads::http::{HttpError, User};
use workloads::python::IMAGES;
use workloads::{ClientSession, Server, Session};

const USUARIOS: [u64; 6] = [123, 456, 789, 111, 222, 333];
const TRABAJADORES: usize = 4;

/// A quién se baja, de dónde y a qué carpeta: lo que viaja a otro proceso.
type Encargo = (u64, String, PathBuf);

pub(super) fn corre(repeticiones: usize) -> Hecho {
    let servidor = Server::start()?;
    let carpeta = tempfile::tempdir()?;
    let pares = USUARIOS.map(|id| (id, servidor.user(id))).to_vec();
    let encargos: Vec<Encargo> = pares
        .iter()
        .map(|(id, url)| (*id, url.clone(), carpeta.path().join("rust")))
        .collect();
    let la_de_python = carpeta.path().join("python").display().to_string();
    let de_python = (pares.clone(), la_de_python.clone());
    let con = (pares, la_de_python, TRABAJADORES);
    let carrera = Race::new("6 usuarios y sus retratos", repeticiones)
        .rust("en serie", || {
            encargos
                .iter()
                .cloned()
                .map(|e| retrato(e).unwrap())
                .collect()
        })
        .rust("4 hilos", || {
            let ejecutor = ThreadPoolExecutor::new(TRABAJADORES).unwrap();
            let hechos = ejecutor.map(retrato, encargos.clone());
            hechos.map(|hecho| hecho.unwrap().unwrap()).collect()
        })
        .rust("4 procesos", || {
            let ejecutor = ProcessPoolExecutor::new(TRABAJADORES).unwrap();
            let hechos = ejecutor.map(retrato, encargos.clone());
            hechos.map(|hecho| hecho.unwrap().unwrap()).collect()
        })
        .rust("asyncio", || a_la_vez(encargos.clone()).unwrap())
        .python(
            "requests, en serie",
            IMAGES.call("retratos_en_serie", de_python),
        )
        .python(
            "requests, 4 hilos",
            IMAGES.call("retratos_con_hilos", con.clone()),
        )
        .python(
            "requests, 4 procesos",
            IMAGES.call("retratos_con_procesos", con),
        )
        .run()?;
    println!("{carrera}");
    let _: &Vec<u64> = carrera.value();
    Ok(Vec::new())
}

/// Pide el usuario, baja su retrato y dice cuánto ocupa.
fn retrato((id, url, carpeta): Encargo) -> Result<u64, HttpError> {
    let sesion = Session::new()?;
    let usuario = User::from_response(&sesion.get(url)?)?;
    let bajado = sesion.download_as(usuario.picture(), carpeta, format!("{id}.jpg"))?;
    Ok(bajado.bytes())
}

fn a_la_vez(encargos: Vec<Encargo>) -> Result<Vec<u64>, HttpError> {
    asyncio::run(async move {
        let sesion = ClientSession::new()?;
        let retratos = encargos.into_iter().map(|(id, url, carpeta)| {
            let sesion = sesion.clone();
            async move {
                let usuario = User::from_response(&sesion.get(url).await?)?;
                let nombre = format!("{id}.jpg");
                let bajado = sesion
                    .download_as(usuario.picture(), carpeta, nombre)
                    .await?;
                Ok(bajado.bytes())
            }
        });
        let retratos = asyncio::gather(retratos).await.expect("ninguno se cancela");
        retratos.into_iter().collect()
    })
}
