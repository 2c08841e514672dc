//! Dieciséis tareas de asyncio en un solo hilo: esperan a la red todas a la vez.

use std::net::SocketAddr;
use std::time::Duration;

use concurrencia::asyncio::{self, create_task_named};
use concurrencia::timeline::{LaneKind, timeline};
use concurrencia::{Figure, Trace};

use crate::Imagen;
use crate::cifras::{carriles_con, exige, milisegundos};
use crate::servidor::{arranca, descarga_asincrona};

pub(crate) const IMAGEN: Imagen = Imagen {
    nombre: "asyncio_en_un_hilo",
    trazas: &[("", mide)],
    figura,
};

const DESCARGAS: usize = 16;
/// Lo que tarda en responder el servidor: una descarga, sola, tarda eso y poco más.
const RETARDO: Duration = Duration::from_millis(100);

async fn descarga(servidor: SocketAddr) -> usize {
    descarga_asincrona(servidor).await.len()
}

async fn principal(servidor: SocketAddr) {
    let tareas = (1..=DESCARGAS).map(|n| create_task_named(n.to_string(), descarga(servidor)));
    let todas = asyncio::gather(tareas.collect::<Vec<_>>()).await;
    todas.expect("ninguna entra en pánico");
}

fn mide() -> Trace {
    let servidor = arranca(RETARDO);
    timeline(|| asyncio::run(principal(servidor)))
}

fn figura(trazas: &[Trace]) -> Result<Figure, String> {
    let [traza] = trazas else {
        return Err("falta la traza".to_owned());
    };
    let tareas = carriles_con(traza, LaneKind::Task, "descarga");
    exige(tareas == DESCARGAS, || format!("hay {tareas} tareas"))?;
    exige(traza.max_parallelism() >= DESCARGAS, || {
        format!("avanzan {} a la vez como mucho", traza.max_parallelism())
    })?;
    exige(traza.duration() < RETARDO.mul_f64(1.3), || {
        format!("tardan {:?}, bastante más que una", traza.duration())
    })?;
    Ok(traza.plot(format!(
        "Un solo hilo espera las dieciséis descargas a la vez: {}, casi lo que tarda una",
        milisegundos(traza.duration())
    )))
}
