//! Las mismas tres tareas que esperan: una detrás de otra, y entrelazadas en el mismo hilo.

use std::time::Duration;

use concurrencia::asyncio::create_task_named;
use concurrencia::timeline::{span, timeline};
use concurrencia::{Figure, Trace, asyncio, grid, set_scale, sleep};

use crate::Imagen;
use crate::cifras::{exige, segundos};

pub(crate) const IMAGEN: Imagen = Imagen {
    nombre: "sincrono_y_asincrono",
    trazas: &[
        ("sincrono", mide_en_serie),
        ("asincrono", mide_entrelazadas),
    ],
    figura,
};

/// Lo que espera cada tarea las dos veces que espera, en segundos: a escala 1.
const TAREAS: [(&str, f64, f64); 3] = [
    ("café", 0.3, 0.5),
    ("tostada", 0.5, 0.2),
    ("huevo", 0.2, 0.4),
];

fn mide_en_serie() -> Trace {
    set_scale(1);
    timeline(|| {
        for (nombre, una, otra) in TAREAS {
            span(nombre, || {
                sleep(una);
                sleep(otra);
            });
        }
    })
}

async fn prepara(una: f64, otra: f64) {
    asyncio::sleep(una).await;
    asyncio::sleep(otra).await;
}

async fn principal() {
    let tareas = TAREAS.map(|(nombre, una, otra)| create_task_named(nombre, prepara(una, otra)));
    let todas = asyncio::gather(Vec::from(tareas)).await;
    todas.expect("ninguna entra en pánico");
}

fn mide_entrelazadas() -> Trace {
    set_scale(1);
    timeline(|| asyncio::run(principal()))
}

fn figura(trazas: &[Trace]) -> Result<Figure, String> {
    let [serie, juntas] = trazas else {
        return Err("faltan trazas".to_owned());
    };
    let (en_serie, a_la_vez) = (serie.duration(), juntas.duration());
    exige(serie.max_parallelism() == 1, || {
        "en serie se solapan".to_owned()
    })?;
    exige(juntas.max_parallelism() == TAREAS.len(), || {
        format!("entrelazadas avanzan {} a la vez", juntas.max_parallelism())
    })?;
    let larga = TAREAS
        .iter()
        .map(|(_, una, otra)| una + otra)
        .fold(0.0, f64::max);
    exige(a_la_vez < Duration::from_secs_f64(larga * 1.1), || {
        format!("entrelazadas tardan {a_la_vez:?}, más que la más larga")
    })?;
    Ok(grid(
        format!(
            "Tres tareas que esperan tardan {} una detrás de otra y {} con asyncio, en un solo hilo",
            segundos(en_serie),
            segundos(a_la_vez)
        ),
        [
            serie.plot("Síncrono: cada una empieza cuando acaba la anterior, y se suma lo que tardan"),
            juntas.plot("Asíncrono: mientras una espera se atiende a las otras, y se tarda lo que la más larga"),
        ],
    ))
}
