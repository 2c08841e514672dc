//! El papel: rectángulos, puntos y letras en píxeles, sobre el SVG de plotters.

use plotters::coord::Shift;
use plotters::prelude::{Circle, Color, DrawingArea, IntoDrawingArea, Rectangle, SVGBackend, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, IntoFont, RGBColor, TextStyle};

use super::palette::PAPER;
use crate::text::escape;

/// Solo pinta rectángulos y discos: en coordenadas enteras, son lo único que un navegador no emborrona.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Cómo se escribe un texto: tamaño en píxeles, color, grosor y por dónde se agarra.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f64,
    pub(super) color: RGBColor,
    pub(super) bold: bool,
    pub(super) anchor: HPos,
}

const IN_MEMORY: &str = "escribir un SVG en memoria no puede fallar";

impl<'a> Canvas<'a> {
    /// Un papel blanco de ese tamaño, sea cual sea el tema de quien lo mire.
    pub(super) fn new(buffer: &'a mut String, width: i32, height: i32) -> Canvas<'a> {
        let canvas = Canvas {
            area: SVGBackend::with_string(buffer, (width as u32, height as u32))
                .into_drawing_area(),
        };
        canvas.rect((0, 0), (width, height), PAPER);
        canvas
    }

    /// Un rectángulo macizo con esa esquina superior izquierda y ese tamaño.
    pub(super) fn rect(&self, (x, y): (i32, i32), (w, h): (i32, i32), color: RGBColor) {
        self.area
            .draw(&Rectangle::new([(x, y), (x + w, y + h)], color.filled()))
            .expect(IN_MEMORY);
    }

    /// Un disco traslúcido: donde se amontonan se ve más oscuro.
    pub(super) fn dot(&self, center: (i32, i32), radius: i32, color: RGBColor) {
        self.area
            .draw(&Circle::new(center, radius, color.mix(0.5).filled()))
            .expect(IN_MEMORY);
    }

    /// Una línea de texto centrada en vertical en `y`.
    pub(super) fn text(&self, text: &str, at: (i32, i32), style: Style) {
        // plotters divide el tamaño entre 1,24 al escribirlo.
        let font = ("sans-serif", style.size * 1.24).into_font();
        let font = font.style(if style.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        });
        let style = TextStyle::from(font)
            .color(&style.color)
            .pos(Pos::new(style.anchor, VPos::Center));
        self.area
            .draw(&Text::new(text, at, style))
            .expect(IN_MEMORY);
    }

    /// Varias líneas de texto, la primera centrada en `y`.
    pub(super) fn paragraph(
        &self,
        lines: &[String],
        (x, y): (i32, i32),
        line_height: i32,
        style: Style,
    ) {
        for (line, i) in lines.iter().zip(0..) {
            self.text(line, (x, y + i * line_height), style);
        }
    }
}

/// Da al dibujo un nombre y una descripción que lee un lector de pantalla.
pub(super) fn accessible(svg: &str, title: &str, description: &str) -> String {
    let (title, description) = (escape(title), escape(description));
    // Varias figuras pueden acabar en la misma página: los `id` salen de lo que hay dentro, y así también son
    // siempre los mismos para los mismos datos.
    let id = format!(
        "{:016x}",
        fingerprint(&[svg, &title, &description].concat())
    );
    let attributes = format!(
        "<svg role=\"img\" lang=\"es\" style=\"max-width:100%;height:auto\" aria-labelledby=\"titulo-{id} desc-{id}\""
    );
    let head = format!(
        "\n<title id=\"titulo-{id}\">{title}</title>\n<desc id=\"desc-{id}\">{description}</desc>"
    );
    svg.replacen("<svg", &attributes, 1)
        .replacen(SVG_OPEN_END, &format!("{SVG_OPEN_END}{head}"), 1)
}

/// Donde plotters acaba la etiqueta de apertura.
const SVG_OPEN_END: &str = "xmlns=\"http://www.w3.org/2000/svg\">";

/// FNV-1a de 64 bits: la misma huella en cualquier máquina y con cualquier versión de Rust.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
