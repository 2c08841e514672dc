//! `grid`: varias figuras en una.

use std::borrow::Borrow;

use super::canvas::{Anchor, Canvas, Style};
use super::figure::Figure;
use super::frame::{BOLD, MARGIN, WIDTH, count};
use super::palette::{GRID, INK};
use crate::text::{one_line, shorten, width, wrap};

/// Con más figuras que esto, dos columnas.
const ONE_COLUMN: usize = 3;
const GAP: i32 = 16;
const LONGEST_TITLE: usize = 300;

/// Junta varias figuras en una, de izquierda a derecha y de arriba abajo.
///
/// Para ver varias a la vez: una celda solo enseña una figura. Hasta tres van una debajo de otra; con más, en dos
/// columnas. Cada una conserva sus proporciones, su título y su pie. El texto es el de todas, uno detrás de otro.
/// Acepta figuras prestadas o cedidas, también las hechas con `grid`.
///
/// # En Python
///
/// `pyplot.subplots(2, 2)`.
///
/// # Panics
///
/// Si no hay ninguna figura.
///
/// # Examples
///
/// ```
/// use concurrencia::{Measurement, bars, grid, histogram};
/// use std::time::Duration;
///
/// let suma = Measurement::from_samples("suma", [501, 502, 507].map(Duration::from_millis));
/// let barras = bars("Lo que tarda", [&suma]);
/// let reparto = histogram("Cómo se reparte", &suma);
/// let figura = grid("La suma, de dos maneras", [&barras, &reparto]);
/// assert!(figura.text().contains("Cómo se reparte"));
/// ```
pub fn grid<F: Borrow<Figure>>(
    title: impl Into<String>,
    figures: impl IntoIterator<Item = F>,
) -> Figure {
    let figures: Vec<F> = figures.into_iter().collect();
    let figures: Vec<&Figure> = figures.iter().map(F::borrow).collect();
    grid_of(&title.into(), &figures)
}

fn grid_of(title: &str, figures: &[&Figure]) -> Figure {
    assert!(
        !figures.is_empty(),
        "no hay nada que juntar: hace falta al menos una figura"
    );
    let title = shorten(&one_line(title), LONGEST_TITLE);
    let titles: Vec<&str> = figures.iter().map(|figure| figure.title()).collect();
    let description = format!(
        "{}: {}.",
        match figures.len() {
            1 => "Una figura".to_owned(),
            n => format!("{n} figuras"),
        },
        titles.join("; ")
    );
    let texts = figures.iter().map(|figure| figure.text().to_owned());
    let text: Vec<String> = std::iter::once(title.clone()).chain(texts).collect();

    let columns = if figures.len() > ONE_COLUMN { 2 } else { 1 };
    draw(&title, figures, columns).into_figure(title, &description, text.join("\n\n\n"))
}

fn draw(title: &str, figures: &[&Figure], columns: usize) -> Canvas {
    let columns_i32 = columns as i32;
    let full_width = columns_i32 * WIDTH + (columns_i32 - 1) * GAP;
    // Con dos columnas el papel es el doble de ancho y se verá la mitad de grande: el título, el doble.
    let size = 22.0 * f64::from(columns_i32);
    let line = (size * 1.35) as i32;
    let inner = f64::from(full_width - 2 * MARGIN);
    let lines = wrap(title, |line| width(line, size) * BOLD <= inner);
    let style = Style {
        size,
        color: INK,
        bold: true,
        anchor: Anchor::Start,
    };

    let rows: Vec<&[&Figure]> = figures.chunks(columns).collect();
    let heights: Vec<i32> = rows.iter().map(|row| row_height(row)).collect();
    let top = MARGIN + line * count(&lines);
    let height = top + heights.iter().map(|height| height + GAP).sum::<i32>();

    let mut canvas = Canvas::new(full_width, height);
    canvas.paragraph(&lines, (MARGIN, MARGIN + line / 2), line, style);
    let mut y = top + GAP;
    let mut index = 0;
    for (row, height) in rows.iter().zip(heights) {
        canvas.rect((MARGIN, y - GAP / 2), (full_width - 2 * MARGIN, 1), GRID);
        let mut x = 0;
        for figure in *row {
            canvas.inset(figure, (x, y), (WIDTH, scaled_height(figure)), index);
            x += WIDTH + GAP;
            index += 1;
        }
        y += height + GAP;
    }
    canvas
}

fn row_height(row: &[&Figure]) -> i32 {
    row.iter()
        .map(|figure| scaled_height(figure))
        .max()
        .unwrap_or(0)
}

/// El alto de una figura con el ancho de una columna.
fn scaled_height(figure: &Figure) -> i32 {
    let (width, height) = figure.size();
    (f64::from(height) * f64::from(WIDTH) / f64::from(width)).ceil() as i32
}
