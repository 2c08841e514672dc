//! El marco común de las figuras: título arriba, leyenda si hace falta, cuerpo y pie.
//!
//! Cada figura dice cuánto mide su cuerpo y lo pinta; el marco reparte el papel, parte las líneas que no caben y
//! escribe lo mismo en el texto.

use super::canvas::{Anchor, Canvas, Style};
use super::figure::Figure;
use super::legend::{Key, Legend};
use super::palette::{INK, PENCIL};
use crate::text::{one_line, shorten, width, wrap};

/// El ancho del papel.
pub(super) const WIDTH: i32 = 820;
/// Lo que queda en blanco alrededor.
pub(super) const MARGIN: i32 = 24;
/// La negrita es más ancha que la letra corriente con que se estima.
pub(super) const BOLD: f64 = 1.1;

const TITLE_LINE: i32 = 27;
const NOTE_LINE: i32 = 18;
/// Entre el título, la leyenda, el cuerpo y el pie.
const GAP: i32 = 12;
/// Un título más largo que esto ya no es un título.
const LONGEST_TITLE: usize = 300;

const TITLE: Style = Style {
    size: 20.0,
    color: INK,
    bold: true,
    anchor: Anchor::Start,
};
const NOTE: Style = Style {
    size: 13.0,
    color: PENCIL,
    bold: false,
    anchor: Anchor::Start,
};

/// Un trozo del papel, en píxeles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

impl Area {
    pub(super) fn width(self) -> i32 {
        self.right - self.left
    }

    pub(super) fn height(self) -> i32 {
        self.bottom - self.top
    }

    /// El punto del ancho que está a esa fracción (0, el borde izquierdo; 1, el derecho).
    pub(super) fn x(self, fraction: f64) -> i32 {
        self.left + (f64::from(self.width()) * fraction).round() as i32
    }

    /// El punto del alto que está a esa fracción (0, abajo; 1, arriba).
    pub(super) fn y(self, fraction: f64) -> i32 {
        self.bottom - (f64::from(self.height()) * fraction).round() as i32
    }
}

/// El papel con su título, su leyenda y su pie, a falta del cuerpo.
pub(super) struct Frame {
    title: String,
    note: String,
    legend: Legend,
    width: i32,
}

/// Lo que una figura pone en el marco, además de lo que pinta.
pub(super) struct Body {
    /// Cuánto mide el dibujo, con sus ejes.
    pub(super) height: i32,
    /// Lo que se ve, para quien no lo ve: frases sin el título ni el pie.
    pub(super) description: String,
    /// Lo mismo que el dibujo, con caracteres.
    pub(super) text: String,
}

impl Frame {
    /// El ancho del cuerpo de cualquier figura.
    pub(super) fn area_width() -> i32 {
        WIDTH - 2 * MARGIN
    }

    /// Un marco con ese título y ese pie (vacío si no lo hay), sin leyenda.
    pub(super) fn new(title: impl Into<String>, note: impl Into<String>) -> Frame {
        Frame {
            title: shorten(&one_line(&title.into()), LONGEST_TITLE),
            note: note.into(),
            legend: Legend::default(),
            width: WIDTH,
        }
    }

    /// Con el papel tan ancho que en el cuerpo quepa algo de ese ancho, si no cabía.
    pub(super) fn with_width_for(mut self, body: i32) -> Frame {
        self.width = self.width.max(body + 2 * MARGIN);
        self
    }

    /// Con una leyenda debajo del título, en las filas que haga falta.
    pub(super) fn with_legend(mut self, keys: impl IntoIterator<Item = Key>) -> Frame {
        self.legend = Legend::new(keys, self.width - 2 * MARGIN);
        self
    }

    /// Pinta la figura: `paint` recibe el papel y el sitio del cuerpo, con el ancho del papel menos los márgenes.
    pub(super) fn figure(self, body: Body, paint: impl FnOnce(&mut Canvas, Area)) -> Figure {
        let inner = f64::from(self.width - 2 * MARGIN);
        let title = wrap(&self.title, |line| width(line, TITLE.size) * BOLD <= inner);
        let note = match self.note.as_str() {
            "" => Vec::new(),
            note => wrap(note, |line| width(line, NOTE.size) <= inner),
        };

        let legend_top = MARGIN + TITLE_LINE * count(&title);
        let legend_height = match self.legend.height() {
            0 => 0,
            height => height + GAP / 2,
        };
        let area = Area {
            left: MARGIN,
            top: legend_top + legend_height + GAP,
            right: self.width - MARGIN,
            bottom: legend_top + legend_height + GAP + body.height,
        };
        let note_top = area.bottom + GAP;
        let height = note_top + NOTE_LINE * count(&note) + MARGIN / 2;

        let mut canvas = Canvas::new(self.width, height);
        canvas.paragraph(&title, (MARGIN, MARGIN + TITLE_LINE / 2), TITLE_LINE, TITLE);
        self.legend
            .draw(&mut canvas, (MARGIN, legend_top + GAP / 2));
        paint(&mut canvas, area);
        canvas.paragraph(&note, (MARGIN, note_top + NOTE_LINE / 2), NOTE_LINE, NOTE);

        let (mut description, mut text) =
            (body.description, format!("{}\n\n{}", self.title, body.text));
        if !self.note.is_empty() {
            description += &format!(" Al pie: {}.", self.note);
            text += &format!("\n\n{}", self.note);
        }
        canvas.into_figure(self.title, &description, text)
    }
}

pub(super) fn count(lines: &[String]) -> i32 {
    lines.len() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::canvas::{Dash, Stroke};
    use crate::plot::fill::{Fill, Texture};
    use crate::plot::palette::{BLUE, series};

    const TEXTURES: [Texture; 7] = [
        Texture::Solid,
        Texture::Rising,
        Texture::Falling,
        Texture::Vertical,
        Texture::Horizontal,
        Texture::Crossed,
        Texture::Dots,
    ];

    fn muestrario(title: &str) -> Figure {
        let fills = || (0..).map(series).zip(TEXTURES);
        let keys = fills().map(|(color, texture)| {
            Key::fill(Fill::textured(color, texture), &format!("{texture:?}"))
        });
        let lines = [Dash::Solid, Dash::Dashed, Dash::Dotted];
        let lines = lines.map(|dash| Key::line(Stroke::new(BLUE, 2.0, dash), "línea"));
        let body = Body {
            height: 100,
            description: "Un muestrario de tramas.".to_owned(),
            text: "tramas".to_owned(),
        };
        let frame = Frame::new(title, "el pie").with_legend(keys.chain(lines));
        frame.figure(body, |canvas, area| {
            for ((color, texture), i) in fills().zip(0..) {
                let at = (area.left + i * 100, area.top);
                canvas.outlined(at, (90, 40), Fill::textured(color, texture));
                canvas.outlined((at.0, at.1 + 50), (90, 40), Fill::textured(color, texture));
            }
        })
    }

    #[test]
    fn cada_trama_se_define_una_vez_y_con_un_nombre_que_no_usa_otra_figura() {
        let (una, otra) = (muestrario("una"), muestrario("otra"));
        let ids = |figure: &Figure| -> Vec<String> {
            let document = roxmltree::Document::parse(figure.svg()).unwrap();
            let ids = document
                .descendants()
                .filter_map(|node| node.attribute("id"));
            ids.map(str::to_owned).collect()
        };
        // Título, descripción y las tramas, menos la lisa.
        assert_eq!(ids(&una).len(), 2 + TEXTURES.len() - 1);
        assert!(ids(&una).iter().all(|id| !ids(&otra).contains(id)));
        for id in ids(&una).iter().filter(|id| id.starts_with("trama-")) {
            let uses = una.svg().matches(&format!("fill=\"url(#{id})\"")).count();
            assert_eq!(uses, 3, "{id}: la leyenda y dos rectángulos");
        }
    }

    #[test]
    fn un_titulo_interminable_se_parte_y_se_abrevia() {
        let figure = muestrario(&"palabra ".repeat(5000));
        assert!(figure.title().ends_with('…'));
        assert!(figure.svg().len() < 20_000, "{figure:?}");
    }
}
