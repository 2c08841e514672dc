//! El dibujo de las barras: una franja por medición (nombre, barra con bigotes, cifra y puntos).
//!
//! Los nombres largos se parten en líneas y ensanchan su franja.

use std::time::Duration;

use super::axes::{left_edge, x_axis};
use super::axis::TimeAxis;
use super::bars::shown_name;
use super::canvas::{Anchor, Canvas, Style};
use super::fill::Fill;
use super::frame::{Area, BOLD, count};
use super::palette::{INK, PAPER};
use crate::measure::Measurement;
use crate::text::{width, wrap};

const NAME_LINE: i32 = 19;
/// Lo que ocupan los puntos debajo de la barra.
const DOTS_HEIGHT: i32 = 10;
/// Entre una franja y la siguiente.
const GAP: i32 = 12;
/// Lo más ancho que puede ser un nombre antes de partirse.
const NAME_WIDTH: f64 = 270.0;
/// Puntos en toda la figura: con más no se distinguirían y el archivo crecería sin enseñar nada nuevo.
pub(super) const MAX_DOTS: usize = 600;

const NAME: Style = Style {
    size: 15.0,
    color: INK,
    bold: false,
    anchor: Anchor::End,
};
const VALUE: Style = Style {
    size: 15.0,
    color: INK,
    bold: true,
    anchor: Anchor::Start,
};

/// Dónde va cada cosa, en píxeles, desde la esquina del cuerpo.
pub(super) struct Layout {
    names: Vec<Vec<String>>,
    values: Vec<String>,
    /// El centro de la franja de cada medición.
    centers: Vec<i32>,
    bar_height: i32,
    name_width: i32,
    value_width: i32,
    height: i32,
}

impl Layout {
    pub(super) fn new(measurements: &[Measurement], axis: &TimeAxis) -> Layout {
        let fits = |line: &str| width(line, NAME.size) <= NAME_WIDTH;
        let names: Vec<Vec<String>> = measurements
            .iter()
            .map(|m| wrap(&shown_name(m), fits))
            .collect();
        let values: Vec<String> = measurements
            .iter()
            .map(|m| axis.unit.write(m.median()))
            .collect();
        let name_width = names
            .iter()
            .flatten()
            .map(|line| width(line, NAME.size))
            .fold(0.0, f64::max);
        let value_width = values
            .iter()
            .map(|value| width(value, VALUE.size) * BOLD)
            .fold(0.0, f64::max);

        let bar_height = if measurements.len() > 8 { 18 } else { 28 };
        let mut height = 0;
        let centers = names.iter().map(|lines| {
            let row = (bar_height + 2 * DOTS_HEIGHT).max(NAME_LINE * count(lines)) + GAP;
            let center = height + row / 2;
            height += row;
            center
        });
        let centers = centers.collect();
        Layout {
            names,
            values,
            centers,
            bar_height,
            name_width: name_width.ceil() as i32,
            value_width: value_width.ceil() as i32,
            height,
        }
    }

    /// Lo que ocupan las franjas, sin el eje.
    pub(super) fn height(&self) -> i32 {
        self.height
    }

    pub(super) fn draw(
        &self,
        canvas: &mut Canvas,
        area: Area,
        measurements: &[Measurement],
        axis: &TimeAxis,
        fill: impl Fn(usize) -> Fill,
    ) {
        let plot = Area {
            left: area.left + self.name_width + 12,
            right: area.right - self.value_width - 12,
            top: area.top,
            bottom: area.top + self.height,
        };
        x_axis(canvas, plot, &axis.ticks(), &axis.title());
        for (i, measurement) in measurements.iter().enumerate() {
            self.draw_row(canvas, plot, i, measurement, axis, fill(i));
        }
        left_edge(canvas, plot);
    }

    fn draw_row(
        &self,
        canvas: &mut Canvas,
        plot: Area,
        i: usize,
        measurement: &Measurement,
        axis: &TimeAxis,
        fill: Fill,
    ) {
        let center = plot.top + self.centers[i];
        let first_line = center - NAME_LINE * (count(&self.names[i]) - 1) / 2;
        canvas.paragraph(
            &self.names[i],
            (plot.left - 12, first_line),
            NAME_LINE,
            NAME,
        );

        let end = plot.x(axis.fraction(measurement.median()));
        if !measurement.median().is_zero() {
            // Tres píxeles como poco: lo que no es cero se ve.
            let length = end.max(plot.left + 3) - plot.left;
            canvas.outlined(
                (plot.left, center - self.bar_height / 2),
                (length, self.bar_height),
                fill,
            );
        }
        let mut right_edge = end;
        if measurement.n() > 1 {
            let (first, third) = measurement.quartiles();
            let whisker = (plot.x(axis.fraction(first)), plot.x(axis.fraction(third)));
            draw_whisker(canvas, center, whisker);
            right_edge = right_edge.max(whisker.1);
            let y = center + self.bar_height / 2 + 6;
            let dots: Vec<(i32, i32)> =
                spread_out(measurement.sorted(), MAX_DOTS / self.names.len())
                    .into_iter()
                    .map(|sample| (plot.x(axis.fraction(sample)), y))
                    .collect();
            canvas.dots(&dots, 3, INK);
        }
        // Un hueco en la retícula: una raya entre las cifras se lee mal.
        let value_width = (width(&self.values[i], VALUE.size) * BOLD).ceil() as i32;
        canvas.rect((right_edge + 7, center - 9), (value_width, 18), PAPER);
        canvas.text(&self.values[i], (right_edge + 10, center), VALUE);
    }
}

/// Los bigotes, con un halo del color del papel para que se vean dentro y fuera de la barra.
fn draw_whisker(canvas: &mut Canvas, center: i32, (from, to): (i32, i32)) {
    for (halo, color) in [(1, PAPER), (0, INK)] {
        canvas.rect(
            (from - halo, center - 1 - halo),
            (to - from + 2 * halo, 2 + 2 * halo),
            color,
        );
        for end in [from, to] {
            canvas.rect(
                (end - 1 - halo, center - 6 - halo),
                (2 + 2 * halo, 12 + 2 * halo),
                color,
            );
        }
    }
}

/// Como mucho `max` muestras, repartidas de la más corta a la más larga y con las dos.
fn spread_out(sorted: &[Duration], max: usize) -> Vec<Duration> {
    let max = max.max(2);
    if sorted.len() <= max {
        return sorted.to_vec();
    }
    (0..max)
        .map(|i| sorted[i * (sorted.len() - 1) / (max - 1)])
        .collect()
}
