//! Una tarea limitada por el procesador: una espera corta y, después, calcular.

use std::hint::black_box;
use std::time::Duration;

use concurrencia::timeline::{io, span};
use concurrencia::{Figure, Trace, timeline};

use crate::Imagen;
use crate::cifras::{exige, fraccion_esperando, tanto_por_ciento};
use crate::servidor::{arranca, descarga, resume};

pub(crate) const IMAGEN: Imagen = Imagen {
    nombre: "tarea_de_cpu",
    trazas: &[("", mide)],
    figura,
};

fn mide() -> Trace {
    let servidor = arranca(Duration::from_millis(10));
    timeline(|| {
        for _ in 0..2 {
            let bytes = io("esperar a la red", || descarga(servidor));
            span("calcular", || black_box(resume(&bytes, 2500)));
        }
    })
}

fn figura(trazas: &[Trace]) -> Result<Figure, String> {
    let [traza] = trazas else {
        return Err("falta la traza".to_owned());
    };
    let calculando = 1.0 - fraccion_esperando(traza);
    exige(calculando > 0.9, || {
        format!(
            "solo calcula el {} del tiempo",
            tanto_por_ciento(calculando)
        )
    })?;
    Ok(traza.plot(format!(
        "Una tarea de CPU calcula el {} del tiempo: casi no hay esperas que aprovechar",
        tanto_por_ciento(calculando)
    )))
}
