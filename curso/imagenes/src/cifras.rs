//! Las cifras de los títulos, que salen de las trazas.

use std::time::Duration;

use concurrencia::Trace;
use concurrencia::timeline::{Lane, LaneKind, State, Task};

/// «2,7 s».
pub(crate) fn segundos(duracion: Duration) -> String {
    con_coma(duracion.as_secs_f64(), 1) + "\u{a0}s"
}

/// «420 ms».
pub(crate) fn milisegundos(duracion: Duration) -> String {
    con_coma(duracion.as_secs_f64() * 1000.0, 0) + "\u{a0}ms"
}

/// «93 %».
pub(crate) fn tanto_por_ciento(fraccion: f64) -> String {
    con_coma(fraccion * 100.0, 0) + "\u{a0}%"
}

/// «3,8».
pub(crate) fn con_coma(numero: f64, decimales: usize) -> String {
    format!("{numero:.decimales$}").replace('.', ",")
}

/// Lo que duran, sumadas, las tareas cuyo nombre empieza así.
pub(crate) fn total_de_las_que_empiezan(traza: &Trace, nombre: &str) -> Duration {
    let suyas = |tarea: &&Task| tarea.name().starts_with(nombre);
    let dura = |tarea: &Task| Some(tarea.end()? - tarea.start()?);
    traza.tasks().iter().filter(suyas).filter_map(dura).sum()
}

/// Qué parte del tiempo esperó E/S su único carril.
pub(crate) fn fraccion_esperando(traza: &Trace) -> f64 {
    traza.total(State::Io).as_secs_f64() / traza.duration().as_secs_f64()
}

/// Los carriles de esa clase cuyo nombre empieza así.
pub(crate) fn carriles_con(traza: &Trace, clase: LaneKind, nombre: &str) -> usize {
    let suyo = |carril: &&Lane| carril.kind() == clase && carril.name().starts_with(nombre);
    traza.lanes().iter().filter(suyo).count()
}

/// Cuántas tareas cuyo nombre empieza así llegaron a estar en marcha a la vez.
pub(crate) fn a_la_vez(traza: &Trace, nombre: &str) -> usize {
    let suyas = || {
        traza
            .tasks()
            .iter()
            .filter(|tarea| tarea.name().starts_with(nombre))
    };
    let en_marcha = |cuando: Duration| {
        suyas()
            .filter(|tarea| tarea.start() <= Some(cuando) && tarea.end() > Some(cuando))
            .count()
    };
    suyas()
        .filter_map(|tarea| tarea.start())
        .map(en_marcha)
        .max()
        .unwrap_or(0)
}

/// Bien si se cumple; si no, por qué no.
pub(crate) fn exige(se_cumple: bool, porque: impl FnOnce() -> String) -> Result<(), String> {
    if se_cumple { Ok(()) } else { Err(porque()) }
}
