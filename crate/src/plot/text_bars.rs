//! Las mismas barras, con caracteres.

use super::axis::TimeAxis;
use super::bars::shown_name;
use crate::measure::Measurement;
use crate::text::wrap;

const NAME_COLUMNS: usize = 32;
const BAR_COLUMNS: usize = 40;

/// Una línea por medición: nombre, barra, mediana y cuartiles.
pub(super) fn text_bars(measurements: &[Measurement], axis: &TimeAxis) -> String {
    let fits = |line: &str| line.chars().count() <= NAME_COLUMNS;
    let names: Vec<Vec<String>> = measurements
        .iter()
        .map(|m| wrap(&shown_name(m), fits))
        .collect();
    let name_width = names
        .iter()
        .flatten()
        .map(|line| line.chars().count())
        .max()
        .unwrap_or(0);
    let medians: Vec<String> = measurements
        .iter()
        .map(|m| axis.unit.write(m.median()))
        .collect();
    let median_width = medians
        .iter()
        .map(|median| median.chars().count())
        .max()
        .unwrap_or(0);

    let mut out = Vec::new();
    for ((measurement, name), median) in measurements.iter().zip(&names).zip(&medians) {
        let bar = bar(axis.fraction(measurement.median()));
        let (last, before) = name
            .split_last()
            .expect("un nombre tiene al menos una línea");
        out.extend(before.iter().cloned());
        let range = quartiles(measurement, axis);
        out.push(format!(
            "{last:<name_width$}  {bar:<BAR_COLUMNS$}  {median:>median_width$}{range}"
        ));
    }
    out.join("\n")
}

fn quartiles(measurement: &Measurement, axis: &TimeAxis) -> String {
    if measurement.n() == 1 {
        return String::new();
    }
    let (first, third) = measurement.quartiles();
    format!("  ({})", axis.unit.write_range(first, third))
}

/// Una barra con precisión de un octavo de carácter; lo que no es cero se ve.
pub(super) fn bar(fraction: f64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (fraction * (BAR_COLUMNS * 8) as f64).round() as usize;
    let eighths = if fraction > 0.0 { eighths.max(1) } else { 0 };
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}
