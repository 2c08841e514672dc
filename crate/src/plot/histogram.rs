//! `histogram`: cómo se reparten las ejecuciones de una medición.

use std::borrow::Borrow;
use std::time::Duration;

use super::axes::{
    TICK, X_AXIS_HEIGHT, Y_TITLE_HEIGHT, bottom_edge, widest, x_axis, y_axis, y_labels_width,
    y_title,
};
use super::axis::Axis;
use super::bars::shown_name;
use super::bins::Bins;
use super::canvas::{Anchor, Canvas, Dash, Stroke, Style};
use super::figure::Figure;
use super::fill::{Fill, Texture};
use super::frame::{Area, Body, Frame};
use super::palette::{BLUE, INK, ORANGE, PAPER};
use super::text_bars::bar;
use crate::measure::{Measurement, cores, runs};
use crate::text::{decimal, width};

const PLOT_HEIGHT: i32 = 240;
/// Las filas de los rótulos de la mediana y de los cuartiles, encima del dibujo.
const MARK_LINE: i32 = 20;
/// Lo que mide la barra de un cajón abierto.
const OPEN_BAR: i32 = 44;

const MARK: Style = Style {
    size: 14.0,
    color: INK,
    bold: false,
    anchor: Anchor::Start,
};

/// Dibuja cómo se reparten las ejecuciones de una medición, con su mediana y sus cuartiles.
///
/// Cada barra es un cajón: cuántas ejecuciones duraron de tanto a tanto. La anchura es la de Freedman y Diaconis
/// (*Zeitschrift für Wahrscheinlichkeitstheorie*, 57, 1981), redondeada, y nunca hay más de unos cuarenta. El eje no
/// empieza en cero: enseña en qué se diferencian las ejecuciones, no cuánto duran. Las que se alejan tanto que
/// aplastarían el resto van a un cajón aparte, con trama y rótulo («505 ms o más»). Al pie, cuántas ejecuciones, el
/// ancho de los cajones y cuántos núcleos.
///
/// # En Python
///
/// `pyplot.hist(muestras, bins="fd")`.
///
/// # Examples
///
/// ```
/// use concurrencia::{Measurement, histogram};
/// use std::time::Duration;
///
/// let muestras = (0..200).map(|i| Duration::from_micros(500 + i * i % 37));
/// let suma = Measurement::from_samples("suma", muestras);
/// let figura = histogram("Casi siempre tarda lo mismo", &suma);
/// assert!(figura.text().contains("200 ejecuciones"));
/// ```
pub fn histogram(title: impl Into<String>, measurement: impl Borrow<Measurement>) -> Figure {
    histogram_of(title.into(), measurement.borrow())
}

fn histogram_of(title: String, measurement: &Measurement) -> Figure {
    let bins = Bins::of(measurement);
    let marks = marks(measurement, &bins);
    let body = Body {
        height: MARK_LINE * marks.len() as i32 + Y_TITLE_HEIGHT + PLOT_HEIGHT + X_AXIS_HEIGHT,
        description: description(measurement, &bins, &marks),
        text: text(&bins, &marks),
    };
    Frame::new(title, note(measurement, &bins)).figure(body, |canvas, area| {
        draw(canvas, area, &bins, &marks);
    })
}

/// Una línea vertical con su rótulo, que va a su izquierda, centrado o a su derecha.
struct Mark {
    at: Duration,
    label: String,
    side: Anchor,
    dash: Dash,
}

/// La mediana y, con más de una ejecución, los cuartiles.
fn marks(measurement: &Measurement, bins: &Bins) -> Vec<Mark> {
    let mark = |name: &str, at: Duration, side, dash| Mark {
        at,
        label: format!("{name} {}", bins.precise(at)),
        side,
        dash,
    };
    let median = measurement.median();
    if measurement.n() == 1 {
        return vec![mark("duró", median, Anchor::Middle, Dash::Solid)];
    }
    let (first, third) = measurement.quartiles();
    if first == third {
        let name = "mediana y cuartiles";
        return vec![mark(name, median, Anchor::Middle, Dash::Solid)];
    }
    vec![
        mark("mediana", median, Anchor::Middle, Dash::Solid),
        mark("primer cuartil", first, Anchor::End, Dash::Dashed),
        mark("tercer cuartil", third, Anchor::Start, Dash::Dashed),
    ]
}

fn note(measurement: &Measurement, bins: &Bins) -> String {
    let one = std::slice::from_ref(measurement);
    format!(
        "{}: {}; cajones de {}; {}",
        shown_name(measurement),
        runs(one),
        bins.width_label(),
        cores(one)
    )
}

/// Los cajones de izquierda a derecha, con su rótulo; los abiertos, si tienen algo.
fn rows(bins: &Bins) -> Vec<(String, usize)> {
    let closed = bins.counts.iter().enumerate();
    let mut rows: Vec<(String, usize)> = closed.map(|(i, n)| (bins.range(i), *n)).collect();
    if bins.below > 0 {
        rows.insert(0, (bins.below_label(), bins.below));
    }
    if bins.above > 0 {
        rows.push((bins.above_label(), bins.above));
    }
    rows
}

fn text(bins: &Bins, marks: &[Mark]) -> String {
    let rows = rows(bins);
    let columns = rows.iter().map(|(label, _)| label.chars().count()).max();
    let columns = columns.unwrap_or(0);
    let tallest = tallest(bins);
    let mut lines: Vec<String> = rows
        .iter()
        .map(|(label, n)| {
            let bar = bar(*n as f64 / tallest);
            let count = decimal(*n as f64, 0);
            format!(
                "{label:>columns$}  {bar}{}{count}",
                if *n > 0 { " " } else { "" }
            )
        })
        .collect();
    lines.push(String::new());
    lines.push(labels(marks));
    lines.join("\n")
}

fn labels(marks: &[Mark]) -> String {
    let labels: Vec<&str> = marks.iter().map(|mark| mark.label.as_str()).collect();
    labels.join("; ")
}

fn description(measurement: &Measurement, bins: &Bins, marks: &[Mark]) -> String {
    let rows: Vec<String> = rows(bins)
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(label, n)| format!("{label}: {}", decimal(*n as f64, 0)))
        .collect();
    format!(
        "Histograma de {}. Ejecuciones por duración: {}. Marcas: {}.",
        shown_name(measurement),
        rows.join("; "),
        labels(marks)
    )
}

fn tallest(bins: &Bins) -> f64 {
    let most = bins.counts.iter().max().copied().unwrap_or(0);
    most.max(bins.below).max(bins.above) as f64
}

fn draw(canvas: &mut Canvas, area: Area, bins: &Bins, marks: &[Mark]) {
    // El aire de arriba es para la cuenta de los cajones abiertos.
    let vertical = Axis::of_integers(0.0, tallest(bins) * 1.1);
    let ticks = vertical.ticks();
    let whole = Area {
        left: area.left + y_labels_width(&ticks),
        top: area.bottom - X_AXIS_HEIGHT - PLOT_HEIGHT,
        bottom: area.bottom - X_AXIS_HEIGHT,
        ..area
    };
    let axis = bins.axis();
    // Lo que asoman por los lados las cifras del primer borde y del último, que van centradas en ellos.
    let overhang = widest(&axis.ticks()) / 2;
    let open = |count: usize, label: String| Open {
        count,
        label,
        overhang,
    };
    let below = open(bins.below, bins.below_label());
    let above = open(bins.above, bins.above_label());
    let plot = Area {
        left: whole.left + below.width(),
        right: whole.right - above.width().max(overhang),
        ..whole
    };

    y_axis(canvas, whole, &ticks);
    let title = format!("tiempo ({})", bins.unit.symbol());
    x_axis(canvas, plot, &axis.ticks(), &title);
    let x = |i: usize| plot.x(axis.fraction(bins.edge(i)));
    for (i, count) in bins.counts.iter().enumerate() {
        let top = bar_top(plot, &vertical, *count);
        // Un píxel de más: dos barras seguidas comparten contorno.
        let size = (x(i + 1) - x(i) + 1, plot.bottom - top);
        if *count > 0 {
            canvas.outlined((x(i), top), size, Fill::solid(BLUE));
        }
    }
    below.draw(canvas, (whole.left, plot.left), plot, &vertical);
    above.draw(canvas, (plot.right, whole.right), plot, &vertical);
    bottom_edge(canvas, plot);

    let y = |row: i32| area.top + MARK_LINE * row + MARK_LINE / 2;
    let x = |mark: &Mark| plot.x(axis.fraction(bins.unit.value(mark.at)));
    for (mark, row) in marks.iter().zip(0..) {
        // La de en medio nace debajo de su rótulo; las otras, a su lado.
        let under = if mark.side == Anchor::Middle { 10 } else { -8 };
        for stroke in [
            Stroke::new(PAPER, 4.0, Dash::Solid),
            Stroke::new(INK, 2.0, mark.dash),
        ] {
            canvas.vertical(x(mark), (y(row) + under, plot.bottom), stroke);
        }
    }
    for (mark, row) in marks.iter().zip(0..) {
        let wide = width(&mark.label, MARK.size).ceil() as i32;
        let start = match mark.side {
            Anchor::Start => x(mark) + 6,
            Anchor::Middle => x(mark) - wide / 2,
            Anchor::End => x(mark) - wide - 6,
        };
        let start = start.clamp(area.left, area.right - wide);
        canvas.label(&mark.label, (start, y(row)), MARK);
    }
    y_title(canvas, (area.left, plot.top), "ejecuciones");
}

/// La barra llega a su cuenta; lo que no es cero se ve.
fn bar_top(plot: Area, axis: &Axis, count: usize) -> i32 {
    plot.y(axis.fraction(count as f64)).min(plot.bottom - 3)
}

/// Un cajón abierto, aparte de los demás.
struct Open {
    count: usize,
    label: String,
    /// Lo que invaden las cifras del eje de al lado.
    overhang: i32,
}

impl Open {
    /// Lo que ocupa a un lado del dibujo; si está vacío, nada.
    fn width(&self) -> i32 {
        if self.count == 0 {
            return 0;
        }
        let label = width(&self.label, TICK.size).ceil() as i32;
        OPEN_BAR.max(label) + 2 * (self.overhang + 6)
    }

    fn draw(&self, canvas: &mut Canvas, (left, right): (i32, i32), plot: Area, axis: &Axis) {
        if self.count == 0 {
            return;
        }
        let center = (left + right) / 2;
        let top = bar_top(plot, axis, self.count);
        canvas.outlined(
            (center - OPEN_BAR / 2, top),
            (OPEN_BAR, plot.bottom - top),
            Fill::textured(ORANGE, Texture::Rising),
        );
        let ground = (center - OPEN_BAR / 2 - 6, plot.bottom - 1);
        canvas.rect(ground, (OPEN_BAR + 12, 2), INK);
        canvas.text(&self.label, (center, plot.bottom + 16), TICK);
        let count = decimal(self.count as f64, 0);
        let style = MARK.anchored(Anchor::Middle);
        canvas.label(&count, (center, top - 12), style);
    }
}
