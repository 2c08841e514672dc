//! El dibujo de las barras: dónde va cada cosa, en píxeles, y pintarla.
//!
//! De arriba abajo: el título, una franja por medición (nombre, barra con bigotes, cifra y puntos), el eje y el pie.
//! Los nombres largos se parten en líneas y ensanchan su franja; nada se recorta.

use std::time::Duration;

use plotters::style::text_anchor::HPos;

use super::axis::TimeAxis;
use super::canvas::{Canvas, Style};
use super::palette::{GRID, INK, PAPER, PENCIL, series};
use crate::measure::Measurement;
use crate::text::{one_line, width, wrap};

const WIDTH: i32 = 820;
const MARGIN: i32 = 24;
const TITLE_LINE: i32 = 27;
const NAME_LINE: i32 = 19;
const NOTE_LINE: i32 = 18;
/// Lo que ocupan los puntos debajo de la barra.
const DOTS_HEIGHT: i32 = 10;
/// Entre una franja y la siguiente.
const GAP: i32 = 12;
/// Lo más ancho que puede ser un nombre antes de partirse.
const NAME_WIDTH: f64 = 270.0;
/// La negrita es más ancha que la letra corriente con que se estima.
const BOLD: f64 = 1.1;
/// Puntos en toda la figura: con más no se distinguirían y el archivo crecería sin enseñar nada nuevo.
pub(super) const MAX_DOTS: usize = 600;

const TITLE: Style = Style {
    size: 20.0,
    color: INK,
    bold: true,
    anchor: HPos::Left,
};
const NAME: Style = Style {
    size: 15.0,
    color: INK,
    bold: false,
    anchor: HPos::Right,
};
const VALUE: Style = Style {
    size: 15.0,
    color: INK,
    bold: true,
    anchor: HPos::Left,
};
const TICK: Style = Style {
    size: 13.0,
    color: PENCIL,
    bold: false,
    anchor: HPos::Center,
};
const NOTE: Style = Style {
    size: 13.0,
    color: PENCIL,
    bold: false,
    anchor: HPos::Left,
};

/// Pinta la figura y devuelve su SVG, todavía sin título ni descripción para lectores de pantalla.
pub(super) fn draw(
    title: &str,
    note: &str,
    measurements: &[Measurement],
    axis: &TimeAxis,
) -> String {
    Layout::new(title, note, measurements, axis).draw(measurements, axis)
}

/// Dónde va cada cosa, en píxeles.
struct Layout {
    title: Vec<String>,
    note: Vec<String>,
    names: Vec<Vec<String>>,
    values: Vec<String>,
    /// El centro de la franja de cada medición.
    centers: Vec<i32>,
    bar_height: i32,
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
}

impl Layout {
    fn new(title: &str, note: &str, measurements: &[Measurement], axis: &TimeAxis) -> Layout {
        let full_width = f64::from(WIDTH - 2 * MARGIN);
        let title = wrap(title, |line| width(line, TITLE.size) * BOLD <= full_width);
        let note = wrap(note, |line| width(line, NOTE.size) <= full_width);
        let names: Vec<Vec<String>> = measurements
            .iter()
            .map(|m| {
                wrap(&one_line(m.name()), |line| {
                    width(line, NAME.size) <= NAME_WIDTH
                })
            })
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
        let top = MARGIN + TITLE_LINE * count(&title) + 10;
        let mut bottom = top;
        let centers = names.iter().map(|lines| {
            let height = (bar_height + 2 * DOTS_HEIGHT).max(NAME_LINE * count(lines)) + GAP;
            let center = bottom + height / 2;
            bottom += height;
            center
        });
        let centers = centers.collect();
        Layout {
            title,
            note,
            names,
            values,
            centers,
            bar_height,
            left: MARGIN + name_width.ceil() as i32 + 12,
            right: WIDTH - MARGIN - value_width.ceil() as i32 - 12,
            top,
            bottom,
        }
    }

    /// Eje, su rótulo, el pie y el margen de abajo.
    fn height(&self) -> i32 {
        self.bottom + 62 + NOTE_LINE * count(&self.note) + MARGIN / 2
    }

    fn x(&self, fraction: f64) -> i32 {
        self.left + (f64::from(self.right - self.left) * fraction).round() as i32
    }

    fn draw(&self, measurements: &[Measurement], axis: &TimeAxis) -> String {
        let mut svg = String::new();
        let canvas = Canvas::new(&mut svg, WIDTH, self.height());
        canvas.paragraph(
            &self.title,
            (MARGIN, MARGIN + TITLE_LINE / 2),
            TITLE_LINE,
            TITLE,
        );
        self.draw_axis(&canvas, axis);
        for (i, measurement) in measurements.iter().enumerate() {
            self.draw_row(&canvas, i, measurement, axis, MAX_DOTS / measurements.len());
        }
        canvas.rect((self.left - 1, self.top), (2, self.bottom - self.top), INK);
        canvas.paragraph(&self.note, (MARGIN, self.bottom + 66), NOTE_LINE, NOTE);
        drop(canvas);
        svg
    }

    fn draw_axis(&self, canvas: &Canvas<'_>, axis: &TimeAxis) {
        for (at, label) in axis.ticks() {
            canvas.rect(
                (self.x(at), self.top),
                (1, self.bottom - self.top + 5),
                GRID,
            );
            canvas.text(&label, (self.x(at), self.bottom + 16), TICK);
        }
        canvas.text(
            &format!("tiempo ({})", axis.unit.symbol()),
            (self.x(0.5), self.bottom + 38),
            TICK,
        );
    }

    fn draw_row(
        &self,
        canvas: &Canvas<'_>,
        i: usize,
        measurement: &Measurement,
        axis: &TimeAxis,
        max_dots: usize,
    ) {
        let center = self.centers[i];
        let first_line = center - NAME_LINE * (count(&self.names[i]) - 1) / 2;
        canvas.paragraph(
            &self.names[i],
            (self.left - 12, first_line),
            NAME_LINE,
            NAME,
        );

        let end = self.x(axis.fraction(measurement.median()));
        if !measurement.median().is_zero() {
            // Tres píxeles como poco: lo que no es cero se ve.
            self.draw_bar(canvas, center, end.max(self.left + 3), i);
        }
        let mut right_edge = end;
        if measurement.n() > 1 {
            let (first, third) = measurement.quartiles();
            let whisker = (self.x(axis.fraction(first)), self.x(axis.fraction(third)));
            draw_whisker(canvas, center, whisker);
            right_edge = right_edge.max(whisker.1);
            let y = center + self.bar_height / 2 + 6;
            for sample in spread_out(measurement.sorted(), max_dots) {
                canvas.dot((self.x(axis.fraction(sample)), y), 3, INK);
            }
        }
        // Un hueco en la retícula: una raya entre las cifras se lee mal.
        let value_width = (width(&self.values[i], VALUE.size) * BOLD).ceil() as i32;
        canvas.rect((right_edge + 7, center - 9), (value_width, 18), PAPER);
        canvas.text(&self.values[i], (right_edge + 10, center), VALUE);
    }

    /// La barra con su contorno: los colores claros de la paleta no destacan lo bastante sobre el blanco.
    fn draw_bar(&self, canvas: &Canvas<'_>, center: i32, end: i32, i: usize) {
        let length = end - self.left;
        let top = center - self.bar_height / 2;
        canvas.rect((self.left, top), (length, self.bar_height), INK);
        canvas.rect(
            (self.left, top + 1),
            (length - 1, self.bar_height - 2),
            series(i),
        );
    }
}

/// Los bigotes, con un halo del color del papel para que se vean dentro y fuera de la barra.
fn draw_whisker(canvas: &Canvas<'_>, center: i32, (from, to): (i32, i32)) {
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

fn count(lines: &[String]) -> i32 {
    lines.len() as i32
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
