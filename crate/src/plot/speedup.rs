//! `Speedup::plot`: la aceleración con cada número de hilos, frente a la ideal y a la ley de Amdahl.

use super::axes::{
    TICK, X_AXIS_HEIGHT, Y_TITLE_HEIGHT, bottom_edge, left_edge, x_axis, y_axis, y_labels_width,
    y_title,
};
use super::axis::{Axis, Tick};
use super::canvas::{Anchor, Canvas, Dash, Stroke, Style};
use super::figure::Figure;
use super::frame::{Area, Body, Frame};
use super::palette::{BLUE, INK, PAPER, PENCIL, VERMILION};
use super::side_labels::{SIDE_WIDTH, SideLabel, side_labels};
use super::text_bars::bar;
use crate::measure::{Amdahl, Measurement, Speedup, cores, runs, threads_name, times};
use crate::text::{decimal, width};

const PLOT_HEIGHT: i32 = 320;
/// El rótulo de los núcleos, encima del dibujo.
const CORES_HEIGHT: i32 = 20;
/// A partir de este error relativo, el pie avisa de que la ley no explica lo medido.
const BAD_FIT: f64 = 0.1;
/// El radio de los puntos.
const DOT: i32 = 4;
/// En cuántos tramos rectos se traza la curva.
const SEGMENTS: i32 = 60;

const MEASURED: Stroke = Stroke {
    color: BLUE,
    width: 3.0,
    dash: Dash::Solid,
};
const IDEAL: Stroke = Stroke {
    color: PENCIL,
    width: 2.0,
    dash: Dash::Dashed,
};
const AMDAHL: Stroke = Stroke {
    color: VERMILION,
    width: 2.0,
    dash: Dash::Dotted,
};
const LABEL: Style = Style {
    size: 14.0,
    color: INK,
    bold: false,
    anchor: Anchor::Start,
};

impl Speedup {
    /// Dibuja la aceleración medida, la ideal y la de la ley de Amdahl.
    ///
    /// Cada punto es la mediana de la referencia partida por la suya; los bigotes, la misma cuenta con sus cuartiles.
    /// La ideal (discontinua) es la proporcional a los hilos; la de Amdahl (de puntos) es la que mejor se ajusta, con
    /// su [fracción en serie](Speedup::serial_fraction) y su tope. Una línea vertical marca cuántos núcleos hay. Al
    /// pie, cuántas ejecuciones y, si la ley se aparta más de un 10 % de lo medido, cuánto.
    ///
    /// # En Python
    ///
    /// `pyplot.errorbar(hilos, aceleraciones, yerr=…)` y unas cuantas líneas más.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Measurement, Speedup};
    /// use std::time::Duration;
    ///
    /// let [uno, dos] = [1000, 550].map(|ms| Measurement::from_samples("suma", [Duration::from_millis(ms)]).with_cores(2));
    /// let figura = Speedup::from_measurements([(1, uno), (2, dos)]).plot("Con dos núcleos, casi el doble");
    /// assert!(figura.text().contains("Amdahl: 10\u{a0}% en serie, tope 10×"));
    /// ```
    pub fn plot(&self, title: impl Into<String>) -> Figure {
        self.drawn(title.into())
    }

    fn drawn(&self, title: String) -> Figure {
        let chart = Chart::new(self);
        let body = Body {
            height: Y_TITLE_HEIGHT + CORES_HEIGHT + PLOT_HEIGHT + X_AXIS_HEIGHT,
            description: chart.description(),
            text: chart.text(),
        };
        Frame::new(title, chart.note()).figure(body, |canvas, area| chart.draw(canvas, area))
    }
}

/// Una medición: cuántos hilos, su aceleración y la de sus cuartiles.
struct Point {
    threads: usize,
    ratio: f64,
    low: f64,
    high: f64,
}

/// Lo que hay que dibujar.
struct Chart<'a> {
    measurements: &'a [Measurement],
    points: Vec<Point>,
    law: Option<Amdahl>,
    cores: usize,
}

impl Chart<'_> {
    fn new(speedup: &Speedup) -> Chart<'_> {
        let measurements = speedup.measurements();
        let reference = measurements[0].median().as_secs_f64();
        let points = speedup.threads().iter().zip(measurements);
        let points = points.map(|(threads, measurement)| {
            let (first, third) = measurement.quartiles();
            Point {
                threads: *threads,
                ratio: reference / measurement.median().as_secs_f64(),
                low: reference / third.as_secs_f64(),
                high: reference / first.as_secs_f64(),
            }
        });
        Chart {
            measurements,
            points: points.collect(),
            law: speedup.amdahl(),
            cores: speedup.cores(),
        }
    }

    fn fewest(&self) -> f64 {
        self.points[0].threads as f64
    }

    fn most(&self) -> f64 {
        self.points[self.points.len() - 1].threads as f64
    }

    /// Los puntos que son un número: una mediana de cero no da aceleración que pintar.
    fn drawable(&self) -> impl Iterator<Item = &Point> {
        self.points
            .iter()
            .filter(|p| p.ratio.is_finite() && p.low.is_finite() && p.high.is_finite())
    }

    /// Cuánto se aparta la ley, como mucho, de las medidas con que se ajustó (0,1 es un 10 %).
    fn misfit(&self) -> f64 {
        let Some(law) = self.law else { return 0.0 };
        self.points
            .iter()
            .filter(|p| p.threads <= self.cores)
            .map(|p| (law.at(p.threads as f64) - p.ratio).abs() / p.ratio)
            .fold(0.0, f64::max)
    }

    fn note(&self) -> String {
        let (runs, cores) = (runs(self.measurements), cores(self.measurements));
        let mut note = if self.measurements.iter().all(|m| m.n() == 1) {
            format!("{runs} de cada; {cores}")
        } else {
            format!("mediana de {runs}; bigotes: cuartiles; {cores}")
        };
        let beyond = self.points.iter().any(|p| p.threads > self.cores);
        if self.law.is_some() && beyond {
            note += "; Amdahl se ajusta sin contar los hilos que pasan de los núcleos";
        }
        if self.misfit() > BAD_FIT {
            let misfit = percent(self.misfit());
            note += &format!("; la ley de Amdahl se aparta hasta un {misfit} de lo medido");
        }
        note
    }

    /// «Amdahl: 12 % en serie, tope 8,3×».
    fn law_label(&self) -> Option<String> {
        let law = self.law?;
        let limit = law.limit();
        let limit = if limit.is_finite() {
            format!("tope {}", short(limit))
        } else {
            "sin tope".to_owned()
        };
        Some(format!("Amdahl: {} en serie, {limit}", percent(law.serial)))
    }

    fn measured_label(&self) -> String {
        let last = self.drawable().last();
        last.map_or_else(
            || "medido".to_owned(),
            |p| format!("medido: {}", short(p.ratio)),
        )
    }

    fn reference(&self) -> String {
        threads_name(self.points[0].threads)
    }

    fn description(&self) -> String {
        let points: Vec<String> = self.points.iter().map(describe).collect();
        let law = self.law_label().map_or(String::new(), |law| law + ". ");
        format!(
            "Líneas de aceleración respecto a {}. {}. {law}{} en la máquina.",
            self.reference(),
            points.join("; "),
            cores_name(self.cores),
        )
    }

    fn text(&self) -> String {
        let name = |p: &Point| threads_name(p.threads);
        let columns = self.points.iter().map(|p| name(p).chars().count()).max();
        let columns = columns.unwrap_or(0);
        let top = self.drawable().map(|p| p.ratio).fold(1.0, f64::max);
        let mut lines = vec![format!("aceleración respecto a {}:", self.reference())];
        lines.extend(self.points.iter().map(|p| {
            let finite = if p.ratio.is_finite() { p.ratio } else { 0.0 };
            let ideal = p.threads as f64 / self.fewest();
            format!(
                "{:>columns$}  {:<40}  {}{}  (ideal {})",
                name(p),
                bar(finite / top),
                times(p.ratio, 2),
                quartiles(p),
                short(ideal)
            )
        }));
        lines.extend(self.law_label());
        lines.join("\n")
    }

    /// Hasta dónde llega el eje vertical: la recta ideal entera, si no aplasta lo medido.
    fn top(&self) -> f64 {
        let highest = self.drawable().map(|p| p.high).fold(1.0, f64::max);
        let ideal = self.most() / self.fewest();
        let top = if ideal > 2.5 * highest {
            2.0 * highest
        } else {
            ideal.max(highest)
        };
        top * 1.05
    }

    fn draw(&self, canvas: &mut Canvas, area: Area) {
        let air = ((self.most() - self.fewest()) * 0.04).max(0.04);
        let horizontal = Axis::between(self.fewest() - air, self.most() + air);
        let vertical = Axis::between(0.0, self.top());
        let ticks = vertical.ticks();
        let plot = Area {
            left: area.left + y_labels_width(&ticks),
            top: area.top + Y_TITLE_HEIGHT + CORES_HEIGHT,
            right: area.right - SIDE_WIDTH,
            bottom: area.bottom - X_AXIS_HEIGHT,
        };
        let place = Place {
            plot,
            horizontal,
            vertical,
        };

        let title = format!("aceleración respecto a {} (veces)", self.reference());
        y_axis(canvas, plot, &ticks);
        y_title(canvas, (area.left, plot.top - CORES_HEIGHT), &title);
        x_axis(canvas, plot, &self.thread_ticks(&place), "hilos");
        left_edge(canvas, plot);
        bottom_edge(canvas, plot);
        self.draw_cores(canvas, &place);

        let mut labels = Vec::new();
        labels.extend(self.draw_ideal(canvas, &place));
        labels.extend(self.draw_law(canvas, &place));
        labels.extend(self.draw_measured(canvas, &place));
        side_labels(canvas, plot, labels);
    }

    fn thread_ticks(&self, place: &Place) -> Vec<Tick> {
        let tick = |p: &Point| {
            let n = p.threads as f64;
            (place.horizontal.fraction(n), decimal(n, 0))
        };
        self.points.iter().map(tick).collect()
    }

    fn draw_cores(&self, canvas: &mut Canvas, place: &Place) {
        let cores = self.cores as f64;
        if cores < self.fewest() || cores > self.most() {
            return;
        }
        let plot = place.plot;
        let x = place.at(cores, 0.0).0.round() as i32;
        let stroke = Stroke::new(PENCIL, 1.0, Dash::Dotted);
        canvas.vertical(x, (plot.top - 4, plot.bottom), stroke);
        let label = cores_name(self.cores);
        let half = (width(&label, TICK.size) / 2.0).ceil() as i32;
        let x = x.clamp(plot.left + half, plot.right - half);
        canvas.text(&label, (x, plot.top - 14), TICK);
    }

    /// La recta ideal hasta el borde del dibujo; si se sale por arriba, su rótulo va dentro.
    fn draw_ideal(&self, canvas: &mut Canvas, place: &Place) -> Option<SideLabel> {
        let ideal = self.most() / self.fewest();
        let top = ideal.min(self.top());
        let end = place.at(top * self.fewest(), top);
        canvas.polyline(&[place.at(self.fewest(), 1.0), end], IDEAL);
        if top == ideal {
            return Some(SideLabel::new("ideal", end, IDEAL));
        }
        place.label_inside(canvas, "ideal", end.0, 0);
        None
    }

    /// La curva de Amdahl; si se sale por arriba, su rótulo va dentro, debajo del de la ideal.
    fn draw_law(&self, canvas: &mut Canvas, place: &Place) -> Option<SideLabel> {
        let (law, label) = (self.law?, self.law_label()?);
        let step = (self.most() - self.fewest()) / f64::from(SEGMENTS);
        let curve: Vec<(f64, f64)> = (0..=SEGMENTS)
            .map(|i| self.fewest() + f64::from(i) * step)
            .filter(|n| law.at(*n) <= self.top())
            .map(|n| place.at(n, law.at(n)))
            .collect();
        canvas.polyline(&curve, AMDAHL);
        let end = *curve.last()?;
        if law.at(self.most()) <= self.top() {
            return Some(SideLabel::new(&label, end, AMDAHL));
        }
        place.label_inside(canvas, &label, end.0, 1);
        None
    }

    fn draw_measured(&self, canvas: &mut Canvas, place: &Place) -> Option<SideLabel> {
        let points = || {
            self.drawable()
                .map(|p| (p, place.at(p.threads as f64, p.ratio)))
        };
        let line: Vec<(f64, f64)> = points().map(|(_, at)| at).collect();
        canvas.polyline(&line, MEASURED);
        for (point, (x, y)) in points() {
            let low = place.at(0.0, point.low).1.round() as i32;
            let high = place.at(0.0, point.high).1.round() as i32;
            let (x, y) = (x.round() as i32, y.round() as i32);
            // Uno más corto que el punto solo asomaría a los lados.
            if low - high > 2 * DOT {
                draw_whisker(canvas, x, (high, low));
            }
            canvas.disc((x, y), DOT, BLUE);
        }
        let label = self.measured_label();
        Some(SideLabel::new(&label, *line.last()?, MEASURED))
    }
}

/// De números a píxeles.
struct Place {
    plot: Area,
    horizontal: Axis,
    vertical: Axis,
}

impl Place {
    /// Un rótulo a la derecha de donde una línea se sale por arriba, en esa fila.
    fn label_inside(&self, canvas: &mut Canvas, label: &str, x: f64, row: i32) {
        let wide = width(label, LABEL.size).ceil() as i32;
        let x = (x.round() as i32 + 12).min(self.plot.right + SIDE_WIDTH - wide);
        canvas.label(label, (x, self.plot.top + 14 + 22 * row), LABEL);
    }

    fn at(&self, threads: f64, ratio: f64) -> (f64, f64) {
        let plot = self.plot;
        (
            f64::from(plot.left) + self.horizontal.fraction(threads) * f64::from(plot.width()),
            f64::from(plot.bottom) - self.vertical.fraction(ratio) * f64::from(plot.height()),
        )
    }
}

/// Un bigote vertical, con un halo del color del papel para que se vea sobre las líneas.
fn draw_whisker(canvas: &mut Canvas, x: i32, (top, bottom): (i32, i32)) {
    for (halo, color) in [(1, PAPER), (0, INK)] {
        let stem = (2 + 2 * halo, bottom - top + 2 * halo);
        canvas.rect((x - 1 - halo, top - halo), stem, color);
        for end in [top, bottom] {
            let cap = (14 + 2 * halo, 2 + 2 * halo);
            canvas.rect((x - 7 - halo, end - 1 - halo), cap, color);
        }
    }
}

fn describe(point: &Point) -> String {
    let (name, ratio) = (threads_name(point.threads), times(point.ratio, 2));
    format!("{name}: {ratio}{}", quartiles(point))
}

/// « (1,85–1,96)»; con una sola ejecución, nada.
fn quartiles(point: &Point) -> String {
    let (low, high) = (times(point.low, 2), times(point.high, 2));
    if low == high || !point.high.is_finite() {
        return String::new();
    }
    format!(" ({low}–{high})")
}

/// «8,3×», «120×», «0,13×».
fn short(ratio: f64) -> String {
    let decimals = match ratio {
        r if r >= 9.95 || r.fract() == 0.0 => 0,
        r if r < 0.995 => 2,
        _ => 1,
    };
    times(ratio, decimals)
}

/// «12 %», «0,4 %».
fn percent(fraction: f64) -> String {
    let value = fraction * 100.0;
    let decimals = usize::from(value > 0.0 && value < 9.95);
    format!("{}\u{a0}%", decimal(value, decimals))
}

fn cores_name(cores: usize) -> String {
    let plural = if cores == 1 { "núcleo" } else { "núcleos" };
    format!("{} {plural}", decimal(cores as f64, 0))
}
