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
/// Se calla las cifras que pisarían a la anterior.
pub(super) fn x_axis(canvas: &mut Canvas, plot: Area, ticks: &[Tick], title: &str) {
    let mut free = f64::MIN;
    for (at, label) in ticks {
        let x = plot.x(*at);
        canvas.rect((x, plot.top), (1, plot.height() + 5), GRID);
        let half = width(label, TICK.size) / 2.0;
        if f64::from(x) - half >= free {
            canvas.text(label, (x, plot.bottom + 16), TICK);
            free = f64::from(x) + half + LABEL_GAP;
        }
    }
    canvas.text(title, (plot.x(0.5), plot.bottom + 38), TICK);
}

/// El eje vertical de `plot`: una línea de retícula por marca y, a su izquierda, las cifras.
///
/// El título va encima, sin girar, que se lee mejor: deja [`Y_TITLE_HEIGHT`] por arriba.
pub(super) fn y_axis(canvas: &mut Canvas, plot: Area, ticks: &[Tick], title: &str) {
    for (at, label) in ticks {
        let y = plot.y(*at);
        canvas.rect((plot.left - 5, y), (plot.width() + 5, 1), GRID);
        canvas.text(label, (plot.left - 10, y), TICK.anchored(Anchor::End));
    }
    let start = plot.left - y_labels_width(ticks);
    canvas.text(title, (start, plot.top - 18), TICK.anchored(Anchor::Start));
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
