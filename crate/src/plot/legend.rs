//! La leyenda: qué es cada relleno y cada línea, en las filas que hagan falta.

use super::canvas::{Anchor, Canvas, Stroke, Style};
use super::fill::Fill;
use super::palette::INK;
use crate::text::{one_line, shorten, width};

const ROW: i32 = 24;
/// Lo que mide la muestra de cada entrada.
const SAMPLE: (i32, i32) = (28, 14);
/// De la muestra a su rótulo.
const SPACE: i32 = 8;
/// De una entrada a la siguiente.
const GAP: i32 = 24;
/// Un rótulo más largo se abrevia: entero no cabría ni solo en su fila.
const LONGEST: usize = 70;

const LABEL: Style = Style {
    size: 14.0,
    color: INK,
    bold: false,
    anchor: Anchor::Start,
};

/// Una entrada: una muestra y lo que significa.
#[derive(Clone, Debug)]
pub(super) struct Key {
    sample: Sample,
    label: String,
}

#[derive(Clone, Copy, Debug)]
enum Sample {
    Fill(Fill),
    Line(Stroke),
}

impl Key {
    /// La entrada de un rectángulo relleno.
    pub(super) fn fill(fill: Fill, label: &str) -> Key {
        Key::new(Sample::Fill(fill), label)
    }

    /// La entrada de una línea.
    pub(super) fn line(stroke: Stroke, label: &str) -> Key {
        Key::new(Sample::Line(stroke), label)
    }

    fn new(sample: Sample, label: &str) -> Key {
        Key {
            sample,
            label: shorten(&one_line(label), LONGEST),
        }
    }

    fn width(&self) -> i32 {
        SAMPLE.0 + SPACE + width(&self.label, LABEL.size).ceil() as i32
    }

    fn draw(&self, canvas: &mut Canvas, (x, y): (i32, i32)) {
        match self.sample {
            Sample::Fill(fill) => canvas.outlined((x, y - SAMPLE.1 / 2), SAMPLE, fill),
            Sample::Line(stroke) => {
                let (from, to, y) = (f64::from(x), f64::from(x + SAMPLE.0), f64::from(y));
                canvas.polyline(&[(from, y), (to, y)], stroke);
            }
        }
        canvas.text(&self.label, (x + SAMPLE.0 + SPACE, y), LABEL);
    }
}

/// Las entradas, cada una con su sitio: x y número de fila.
#[derive(Debug, Default)]
pub(super) struct Legend {
    keys: Vec<(Key, i32, i32)>,
}

impl Legend {
    /// Reparte las entradas en filas de ese ancho, en el orden en que se dan.
    pub(super) fn new(keys: impl IntoIterator<Item = Key>, full_width: i32) -> Legend {
        let (mut x, mut row) = (0, 0);
        let place = |key: Key| {
            if x > 0 && x + key.width() > full_width {
                (x, row) = (0, row + 1);
            }
            let placed = (x, row);
            x += key.width() + GAP;
            (key, placed.0, placed.1)
        };
        Legend {
            keys: keys.into_iter().map(place).collect(),
        }
    }

    pub(super) fn height(&self) -> i32 {
        self.keys.last().map_or(0, |(_, _, row)| (row + 1) * ROW)
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, (left, top): (i32, i32)) {
        for (key, x, row) in &self.keys {
            key.draw(canvas, (left + x, top + row * ROW + ROW / 2));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::palette::BLUE;

    fn keys(labels: &[&str]) -> Legend {
        let key = |label: &&str| Key::fill(Fill::solid(BLUE), label);
        Legend::new(labels.iter().map(key), 772)
    }

    #[test]
    fn una_leyenda_que_no_cabe_se_parte_en_filas() {
        assert_eq!(keys(&[]).height(), 0);
        assert_eq!(keys(&["trabaja", "espera"]).height(), ROW);
        let largo = "espera a que alguien deje un mensaje en la cola";
        let varias = keys(&[largo, largo, "trabaja"]);
        assert_eq!(varias.height(), 2 * ROW);
        let rows: Vec<(i32, i32)> = varias.keys.iter().map(|key| (key.1, key.2)).collect();
        assert_eq!((rows[0], rows[1]), ((0, 0), (0, 1)));
        assert!(rows[2].0 > 0 && rows[2].1 == 1, "{rows:?}");
    }

    #[test]
    fn un_rotulo_larguisimo_cabe_en_su_fila() {
        let una = keys(&[&"W".repeat(5000)]);
        assert!(una.keys[0].0.label.ends_with('…'));
    }
}
