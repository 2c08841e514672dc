//! Los comprobantes de tres estudiantes, paso a paso y uno detrás de otro.

use std::time::Duration;

use concurrencia::timeline::{Task, span};
use concurrencia::{Figure, Trace, set_scale, sleep, timeline};

use crate::Imagen;
use crate::cifras::{exige, segundos};

pub(crate) const IMAGEN: Imagen = Imagen {
    nombre: "flujo_sincrono",
    trazas: &[("", mide)],
    figura,
};

/// Lo que tarda cada paso, en segundos: a escala 1.
const PASOS: [(&str, f64); 4] = [
    ("adjuntar", 0.5),
    ("validar", 0.1),
    ("subir", 2.0),
    ("notificar", 0.1),
];
const ESTUDIANTES: [&str; 3] = ["Ana", "Luis", "Eva"];

fn mide() -> Trace {
    set_scale(1);
    timeline(|| {
        for estudiante in ESTUDIANTES {
            for (paso, tarda) in PASOS {
                span(format!("{estudiante}: {paso}"), || sleep(tarda));
            }
        }
    })
}

fn figura(trazas: &[Trace]) -> Result<Figure, String> {
    let [traza] = trazas else {
        return Err("falta la traza".to_owned());
    };
    let tareas = traza.tasks();
    let pasos = PASOS.len() * ESTUDIANTES.len();
    exige(tareas.len() == pasos, || {
        format!("hay {} pasos, y no {pasos}", tareas.len())
    })?;
    let en_serie = tareas.windows(2).all(|dos| dos[0].end() <= dos[1].start());
    exige(en_serie, || "dos pasos se solapan".to_owned())?;
    let uno = traza.duration() / ESTUDIANTES.len() as u32;
    let empieza = |tarea: &Task| tarea.start().unwrap_or(Duration::MAX);
    let espera_el_ultimo = empieza(&tareas[pasos - PASOS.len()]);
    exige(espera_el_ultimo >= uno.mul_f64(1.9), || {
        "el último no espera a los otros dos".to_owned()
    })?;
    Ok(traza.waterfall(format!(
        "{} por comprobante, uno detrás de otro: con el de {} no se empieza hasta los {}",
        segundos(uno),
        ESTUDIANTES[ESTUDIANTES.len() - 1],
        segundos(espera_el_ultimo)
    )))
}
