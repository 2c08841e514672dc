//! Una tarea limitada por la E/S: pide, espera a la red y trata lo que llega.

use std::hint::black_box;
use std::time::Duration;

use concurrencia::timeline::{io, span};
use concurrencia::{Figure, Trace, timeline};

use crate::Imagen;
use crate::cifras::{exige, fraccion_esperando, tanto_por_ciento};
use crate::servidor::{arranca, descarga, resume};

pub(crate) const IMAGEN: Imagen = Imagen {
    nombre: "tarea_de_es",
    trazas: &[("", mide)],
    figura,
};

fn mide() -> Trace {
    let servidor = arranca(Duration::from_millis(80));
    timeline(|| {
        for _ in 0..4 {
            let bytes = io("esperar a la red", || descarga(servidor));
            span("tratar", || black_box(resume(&bytes, 100)));
        }
    })
}

fn figura(trazas: &[Trace]) -> Result<Figure, String> {
    let [traza] = trazas else {
        return Err("falta la traza".to_owned());
    };
    let esperando = fraccion_esperando(traza);
    exige(esperando > 0.8, || {
        format!("solo espera el {} del tiempo", tanto_por_ciento(esperando))
    })?;
    Ok(traza.plot(format!(
        "Una tarea de E/S pasa el {} del tiempo esperando a la red: el procesador está casi siempre libre",
        tanto_por_ciento(esperando)
    )))
}
