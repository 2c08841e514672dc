//! Pintar los ejes: retícula, marcas y título.

use super::axis::Tick;
use super::canvas::{Anchor, Canvas, Style};
use super::frame::Area;
use super::palette::{GRID, INK, PENCIL};
use crate::text::width;

/// Lo que ocupa el eje horizontal por debajo del dibujo, con su título.
pub(super) const X_AXIS_HEIGHT: i32 = 50;
/// El hueco mínimo entre dos rótulos seguidos.
const LABEL_GAP: f64 = 10.0;

/// Las cifras de las marcas y el título de los ejes.
pub(super) const TICK: Style = Style {
    size: 13.0,
    color: PENCIL,
    bold: false,
    anchor: Anchor::Middle,
};

/// El eje horizontal de `plot`: una línea de retícula por marca y, debajo, las cifras y el título.
///
/// Se calla las marcas cuya cifra pisaría a la anterior o a la última.
pub(super) fn x_axis(canvas: &mut Canvas, plot: Area, ticks: &[Tick], title: &str) {
    let span = |(at, label): &Tick| {
        let (x, half) = (f64::from(plot.x(*at)), width(label, TICK.size) / 2.0);
        (x - half, x + half)
    };
    let last = ticks.last().map_or(f64::MAX, |tick| span(tick).0);
    let mut free = f64::MIN;
    for (i, tick) in ticks.iter().enumerate() {
        let (from, to) = span(tick);
        let is_last = i + 1 == ticks.len();
        if from >= free && (is_last || to + LABEL_GAP <= last) {
            let x = plot.x(tick.0);
            canvas.rect((x, plot.top), (1, plot.height() + 5), GRID);
            canvas.text(&tick.1, (x, plot.bottom + 16), TICK);
            free = to + LABEL_GAP;
        }
    }
    canvas.text(title, (plot.x(0.5), plot.bottom + 38), TICK);
}

/// El eje vertical de `plot`: una línea de retícula por marca y, a su izquierda, las cifras.
pub(super) fn y_axis(canvas: &mut Canvas, plot: Area, ticks: &[Tick]) {
    for (at, label) in ticks {
        let y = plot.y(*at);
        canvas.rect((plot.left - 5, y), (plot.width() + 5, 1), GRID);
        canvas.text(label, (plot.left - 10, y), TICK.anchored(Anchor::End));
    }
}

/// El título del eje vertical, que empieza en `x`: encima y sin girar, que se lee mejor.
///
/// Lleva halo, por si lo cruza una línea: se escribe al final. Necesita [`Y_TITLE_HEIGHT`] por arriba.
pub(super) fn y_title(canvas: &mut Canvas, (x, plot_top): (i32, i32), title: &str) {
    canvas.label(title, (x, plot_top - 18), TICK.anchored(Anchor::Start));
}

/// Lo que ocupa el título del eje vertical por encima del dibujo.
pub(super) const Y_TITLE_HEIGHT: i32 = 30;

/// Lo que ocupan las cifras del eje vertical a la izquierda del dibujo.
pub(super) fn y_labels_width(ticks: &[Tick]) -> i32 {
    widest(ticks) + 10
}

/// Lo que ocupa la cifra más ancha.
pub(super) fn widest(ticks: &[Tick]) -> i32 {
    ticks
        .iter()
        .map(|(_, label)| width(label, TICK.size).ceil() as i32)
        .max()
        .unwrap_or(0)
}

/// La línea del origen, a la izquierda del dibujo.
pub(super) fn left_edge(canvas: &mut Canvas, plot: Area) {
    canvas.rect((plot.left - 1, plot.top), (2, plot.height()), INK);
}

/// La línea del cero, al pie del dibujo.
pub(super) fn bottom_edge(canvas: &mut Canvas, plot: Area) {
    canvas.rect((plot.left, plot.bottom - 1), (plot.width(), 2), INK);
}
