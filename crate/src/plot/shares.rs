//! `shares`: cuánto hay hecho de cada cosa, de un total.

use super::canvas::{Anchor, Canvas, Style};
use super::figure::Figure;
use super::fill::{Fill, Texture};
use super::frame::{Area, BOLD, Body, Frame, count};
use super::legend::Key;
use super::palette::{BLUE, INK, PAPER};
use super::text_bars::bar;
use crate::text::{one_line, shorten, width, wrap};

const LONGEST_NAME: usize = 64;
const NAME_WIDTH: f64 = 330.0;
const NAME_LINE: i32 = 19;
const BAR: i32 = 24;
const GAP: i32 = 14;

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

/// Dibuja una barra por cosa, del mismo largo para todas: la parte hecha, con su color, y la que falta, en blanco.
///
/// Cada fila es su nombre, cuánto hay hecho y el total; al lado se lee «3 de 10». Lo hecho de más cuenta como el total.
///
/// # En Python
///
/// `pyplot.barh` dos veces, con `left=`.
///
/// # Panics
///
/// Si no hay ninguna fila.
///
/// # Examples
///
/// ```
/// use concurrencia::plot::shares;
///
/// let figura = shares("Un tercio del camino", [("hilos", 3, 10), ("procesos", 4, 11)]);
/// assert!(figura.text().contains("3 de 10"));
/// ```
pub fn shares<N: Into<String>>(
    title: impl Into<String>,
    rows: impl IntoIterator<Item = (N, usize, usize)>,
) -> Figure {
    let rows: Vec<Row> = rows
        .into_iter()
        .map(|(name, done, total)| Row {
            name: shorten(&one_line(&name.into()), LONGEST_NAME),
            done: done.min(total),
            total,
        })
        .collect();
    shares_of(title.into(), &rows)
}

struct Row {
    name: String,
    done: usize,
    total: usize,
}

impl Row {
    fn fraction(&self) -> f64 {
        if self.total == 0 {
            return 0.0;
        }
        self.done as f64 / self.total as f64
    }

    fn value(&self) -> String {
        format!("{} de {}", self.done, self.total)
    }
}

fn shares_of(title: String, rows: &[Row]) -> Figure {
    assert!(
        !rows.is_empty(),
        "no hay nada que dibujar: hace falta al menos una fila"
    );
    let names: Vec<Vec<String>> = rows
        .iter()
        .map(|row| wrap(&row.name, |line| width(line, NAME.size) <= NAME_WIDTH))
        .collect();
    let heights = names
        .iter()
        .map(|lines| BAR.max(NAME_LINE * count(lines)) + GAP);
    let heights: Vec<i32> = heights.collect();
    let said: Vec<String> = rows
        .iter()
        .map(|row| format!("{}: {}", row.name, row.value()))
        .collect();
    let body = Body {
        height: heights.iter().sum(),
        description: format!("Barras con la parte hecha. {}.", said.join("; ")),
        text: text(rows),
    };
    let keys = [
        Key::fill(done(), "hecho"),
        Key::fill(pending(), "por hacer"),
    ];
    Frame::new(title, "")
        .with_legend(keys)
        .figure(body, |canvas, area| {
            let mut top = area.top;
            for ((row, name), height) in rows.iter().zip(&names).zip(&heights) {
                draw(
                    canvas,
                    area,
                    rows,
                    names.as_slice(),
                    (row, name, top + height / 2),
                );
                top += height;
            }
        })
}

fn done() -> Fill {
    Fill::textured(BLUE, Texture::Rising)
}

fn pending() -> Fill {
    Fill::solid(PAPER)
}

fn draw(
    canvas: &mut Canvas,
    area: Area,
    rows: &[Row],
    names: &[Vec<String>],
    (row, name, center): (&Row, &[String], i32),
) {
    let widest = |widths: &mut dyn Iterator<Item = f64>| widths.fold(0.0, f64::max).ceil() as i32;
    let name_width = widest(&mut names.iter().flatten().map(|line| width(line, NAME.size)));
    let value_width = widest(
        &mut rows
            .iter()
            .map(|row| width(&row.value(), VALUE.size) * BOLD),
    );
    let bar = Area {
        left: area.left + name_width + 12,
        right: area.right - value_width - 12,
        top: center - BAR / 2,
        bottom: center + BAR / 2,
    };
    canvas.outlined((bar.left, bar.top), (bar.width(), BAR), pending());
    if row.done > 0 {
        let end = bar.x(row.fraction()).max(bar.left + 3);
        canvas.outlined((bar.left, bar.top), (end - bar.left, BAR), done());
    }
    let first = center - NAME_LINE * (count(name) - 1) / 2;
    canvas.paragraph(name, (bar.left - 12, first), NAME_LINE, NAME);
    canvas.text(&row.value(), (bar.right + 12, center), VALUE);
}

fn text(rows: &[Row]) -> String {
    let columns = rows
        .iter()
        .map(|row| row.name.chars().count())
        .max()
        .unwrap_or(0);
    let lines = rows.iter().map(|row| {
        let bar = bar(row.fraction());
        format!("{:<columns$}  {bar:<40}  {}", row.name, row.value())
    });
    lines.collect::<Vec<_>>().join("\n")
}
