//! Rótulos a la derecha de un dibujo, cada uno a la altura en que acaba su línea y sin pisarse.

use super::canvas::{Anchor, Canvas, Stroke, Style};
use super::frame::{Area, count};
use super::palette::INK;
use crate::text::{width, wrap};

/// Lo que hay que dejar libre a la derecha del dibujo.
pub(super) const SIDE_WIDTH: i32 = 196;
/// Del borde del dibujo al rótulo: por ahí sigue la línea.
const LEADER: i32 = 30;
const LINE: i32 = 18;
/// Entre un rótulo y el siguiente.
const GAP: i32 = 8;

const LABEL: Style = Style {
    size: 14.0,
    color: INK,
    bold: false,
    anchor: Anchor::Start,
};

/// El rótulo de una línea que acaba en `end`.
pub(super) struct SideLabel {
    lines: Vec<String>,
    end: (f64, f64),
    stroke: Stroke,
}

impl SideLabel {
    pub(super) fn new(text: &str, end: (f64, f64), stroke: Stroke) -> SideLabel {
        let room = f64::from(SIDE_WIDTH - LEADER - 6);
        SideLabel {
            lines: wrap(text, |line| width(line, LABEL.size) <= room),
            end,
            stroke,
        }
    }

    fn height(&self) -> i32 {
        LINE * count(&self.lines)
    }
}

/// Escribe los rótulos y alarga cada línea, con su color y su trazo, hasta el suyo.
pub(super) fn side_labels(canvas: &mut Canvas, plot: Area, mut labels: Vec<SideLabel>) {
    labels.sort_by(|a, b| a.end.1.total_cmp(&b.end.1));
    let x = plot.right + LEADER;
    for (label, top) in labels.iter().zip(tops(&labels, plot)) {
        let center = f64::from(top + label.height() / 2);
        canvas.polyline(&[label.end, (f64::from(x - 6), center)], label.stroke);
        canvas.paragraph(&label.lines, (x, top + LINE / 2), LINE, LABEL);
    }
}

/// Dónde empieza cada rótulo, ya ordenados: centrado en su línea si cabe, apartado si no.
fn tops(labels: &[SideLabel], plot: Area) -> Vec<i32> {
    let mut tops: Vec<i32> = Vec::new();
    let mut free = plot.top - LINE;
    for label in labels {
        let wanted = label.end.1.round() as i32 - label.height() / 2;
        let top = wanted.max(free);
        free = top + label.height() + GAP;
        tops.push(top);
    }
    // Y de abajo arriba, por si el último se ha salido.
    let mut limit = plot.bottom;
    for (top, label) in tops.iter_mut().zip(labels).rev() {
        *top = (*top).min(limit - label.height());
        limit = *top - GAP;
    }
    tops
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::canvas::Dash;
    use crate::plot::palette::BLUE;

    const PLOT: Area = Area {
        left: 0,
        top: 100,
        right: 500,
        bottom: 400,
    };

    fn tops_of(ends: &[f64]) -> Vec<i32> {
        let stroke = Stroke::new(BLUE, 2.0, Dash::Solid);
        let label = |y: &f64| SideLabel::new("ideal", (500.0, *y), stroke);
        tops(&ends.iter().map(label).collect::<Vec<_>>(), PLOT)
    }

    #[test]
    fn los_que_caben_van_a_la_altura_de_su_linea() {
        assert_eq!(tops_of(&[150.0, 300.0]), [141, 291]);
    }

    #[test]
    fn los_que_coinciden_se_apartan_sin_salirse() {
        for y in [100.0, 250.0, 400.0] {
            let tops = tops_of(&[y, y, y]);
            assert!(tops.windows(2).all(|pair| pair[1] - pair[0] >= LINE + GAP));
            assert!(tops[0] >= PLOT.top - LINE && tops[2] + LINE <= PLOT.bottom);
        }
    }
}
