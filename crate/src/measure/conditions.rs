//! En qué condiciones se ha medido: cuántas ejecuciones y con cuántos núcleos.

use super::Measurement;
use crate::text::decimal;

/// «mediana de 5 ejecuciones; 2 núcleos».
pub(crate) fn conditions(measurements: &[Measurement]) -> String {
    let runs = runs(measurements);
    let cores = cores(measurements);
    if measurements.iter().all(|m| m.n() == 1) {
        format!("{runs}; {cores}")
    } else {
        format!("mediana de {runs}; {cores}")
    }
}

/// «1 ejecución», «5 ejecuciones», «5 a 10 ejecuciones».
pub(crate) fn runs(measurements: &[Measurement]) -> String {
    count(
        measurements.iter().map(Measurement::n),
        "ejecución",
        "ejecuciones",
    )
}

/// «1 núcleo», «2 núcleos», «2 a 4 núcleos».
pub(crate) fn cores(measurements: &[Measurement]) -> String {
    cores_text(measurements.iter().map(Measurement::cores))
}

pub(crate) fn cores_text(cores: impl Iterator<Item = usize> + Clone) -> String {
    count(cores, "núcleo", "núcleos")
}

fn count(values: impl Iterator<Item = usize> + Clone, one: &str, many: &str) -> String {
    let low = values.clone().min().unwrap_or(0);
    let high = values.max().unwrap_or(0);
    let number = |n: usize| decimal(n as f64, 0);
    match (low, high) {
        (1, 1) => format!("1 {one}"),
        (low, high) if low == high => format!("{} {many}", number(low)),
        (low, high) => format!("{} a {} {many}", number(low), number(high)),
    }
}
