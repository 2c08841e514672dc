//! `bars`: lo que tarda cada cosa, en barras horizontales.

use std::borrow::Borrow;
use std::time::Duration;

use super::axes::X_AXIS_HEIGHT;
use super::axis::TimeAxis;
use super::bar_rows::{Layout, MAX_DOTS};
use super::figure::Figure;
use super::fill::Fill;
use super::frame::{Body, Frame};
use super::palette::series;
use super::text_bars::text_bars;
use crate::measure::{Measurement, cores, runs};
use crate::text::{one_line, shorten};

/// Un nombre más largo se abrevia: no cabría en ningún sitio sin tapar a los demás.
const LONGEST_NAME: usize = 64;

/// Dibuja una barra por medición: su mediana, sus cuartiles y cada ejecución.
///
/// Las barras van en el orden en que se dan y empiezan en cero. Al lado de cada una se lee su mediana; los bigotes
/// van del primer cuartil al tercero, y cada punto de debajo es una ejecución. La unidad (s, ms, µs o ns) es la misma
/// para todas. Al pie, cuántas ejecuciones y cuántos núcleos. Acepta mediciones prestadas, cedidas o una
/// [`&Comparison`](crate::Comparison).
///
/// # En Python
///
/// `pyplot.barh(nombres, medianas, xerr=…)` y unas cuantas líneas más.
///
/// # Panics
///
/// Si no hay ninguna medición.
///
/// # Examples
///
/// ```
/// use concurrencia::{bars, measure};
/// use std::thread::sleep;
/// use std::time::Duration;
///
/// let una = measure("una espera", 3, || sleep(Duration::from_millis(1)));
/// let tres = measure("tres esperas", 3, || sleep(Duration::from_millis(3)));
/// let figura = bars("Esperar tres veces cuesta el triple", [&una, &tres]);
/// assert!(figura.text().contains("mediana de 3 ejecuciones"));
/// ```
pub fn bars<M: Borrow<Measurement>>(
    title: impl Into<String>,
    measurements: impl IntoIterator<Item = M>,
) -> Figure {
    let measurements: Vec<Measurement> = measurements
        .into_iter()
        .map(|m| m.borrow().clone())
        .collect();
    bars_of(title.into(), &measurements)
}

fn bars_of(title: String, measurements: &[Measurement]) -> Figure {
    assert!(
        !measurements.is_empty(),
        "no hay nada que dibujar: hace falta al menos una medición"
    );
    let axis = TimeAxis::up_to(longest(measurements));
    let layout = Layout::new(measurements, &axis);
    let body = Body {
        height: layout.height() + X_AXIS_HEIGHT,
        description: description(measurements, &axis),
        text: text_bars(measurements, &axis),
    };
    Frame::new(title, note(measurements)).figure(body, |canvas, area| {
        let fill = |i| Fill::solid(series(i));
        layout.draw(canvas, area, measurements, &axis, fill);
    })
}

pub(super) fn longest(measurements: &[Measurement]) -> Duration {
    let longest = |m: &Measurement| m.sorted().last().copied();
    measurements
        .iter()
        .filter_map(longest)
        .max()
        .unwrap_or(Duration::ZERO)
}

/// El pie: de qué son la barra, los bigotes y los puntos, y con cuántos núcleos.
pub(super) fn note(measurements: &[Measurement]) -> String {
    let (runs, cores) = (runs(measurements), cores(measurements));
    let most = measurements.iter().map(Measurement::n).max().unwrap_or(0);
    if most == 1 {
        let each = if measurements.len() == 1 {
            ""
        } else {
            " de cada"
        };
        return format!("{runs}{each}; {cores}");
    }
    let max_dots = (MAX_DOTS / measurements.len()).max(2);
    let dots = if most > max_dots {
        format!("puntos: hasta {max_dots} ejecuciones, repartidas de la más corta a la más larga")
    } else {
        "puntos: cada ejecución".to_owned()
    };
    format!("mediana de {runs}; bigotes: cuartiles; {dots}; {cores}")
}

/// Lo que se ve, para quien no lo ve.
pub(super) fn description(measurements: &[Measurement], axis: &TimeAxis) -> String {
    let bars = measurements.iter().map(|measurement| {
        let (first, third) = measurement.quartiles();
        let name = shown_name(measurement);
        let median = axis.unit.write(measurement.median());
        if measurement.n() == 1 {
            format!("{name}: {median}")
        } else {
            format!(
                "{name}: {median} (cuartiles {})",
                axis.unit.write_range(first, third)
            )
        }
    });
    let bars: Vec<String> = bars.collect();
    format!("Barras horizontales de tiempo. {}.", bars.join("; "))
}

/// El nombre en una línea, abreviado si es una parrafada.
pub(super) fn shown_name(measurement: &Measurement) -> String {
    shorten(&one_line(measurement.name()), LONGEST_NAME)
}
