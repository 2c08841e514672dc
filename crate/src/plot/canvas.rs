//! El papel: rectángulos, puntos, líneas y letras en píxeles, sobre el SVG de plotters.
//!
//! Cada elemento lo escribe plotters; aquí se le quita lo que repite (la mitad de los bytes de una figura grande) y se le
//! pone lo que no sabe: tramas, trazos discontinuos, halos y figuras dentro de figuras. Solo se usa lo que pintan igual un
//! navegador y un conversor de SVG a PNG: nada de hojas de estilo, filtros ni letras propias.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, IntoFont, RGBColor, ShapeStyle, TextStyle};

use super::figure::Figure;
use super::fill::Fill;
use super::palette::{Color, INK, PAPER};
use crate::text::escape;

/// El papel. Se pinta encima de lo que ya haya; [`into_figure`](Canvas::into_figure) lo acaba.
pub(super) struct Canvas {
    size: (i32, i32),
    /// Los rellenos con trama, en el orden en que se estrenan.
    fills: Vec<Fill>,
    body: String,
}

/// Cómo se escribe un texto: tamaño en píxeles, color, grosor y por dónde se agarra.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f64,
    pub(super) color: Color,
    pub(super) bold: bool,
    pub(super) anchor: Anchor,
}

/// Qué parte del texto cae en el punto dado.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Cómo se traza una línea: color, grosor en píxeles y si va a trozos.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stroke {
    pub(super) color: Color,
    pub(super) width: f64,
    pub(super) dash: Dash,
}

/// Continua, discontinua o de puntos: distingue líneas sin el color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dash {
    Solid,
    Dashed,
    Dotted,
}

impl Style {
    pub(super) fn anchored(self, anchor: Anchor) -> Style {
        Style { anchor, ..self }
    }
}

impl Stroke {
    pub(super) fn new(color: Color, width: f64, dash: Dash) -> Stroke {
        Stroke { color, width, dash }
    }
}

impl Canvas {
    /// Un papel blanco de ese tamaño, sea cual sea el tema de quien lo mire.
    pub(super) fn new(width: i32, height: i32) -> Canvas {
        let mut canvas = Canvas {
            size: (width, height),
            fills: Vec::new(),
            body: String::new(),
        };
        canvas.rect((0, 0), (width, height), PAPER);
        canvas
    }

    /// Un rectángulo macizo con esa esquina superior izquierda y ese tamaño.
    pub(super) fn rect(&mut self, at: (i32, i32), size: (i32, i32), color: Color) {
        self.filled(at, size, &color.to_string());
    }

    /// Un rectángulo con relleno y un píxel de contorno por dentro: los colores claros no destacan sobre el papel.
    ///
    /// Si no llega a tres píxeles de lado es todo contorno.
    pub(super) fn outlined(&mut self, (x, y): (i32, i32), (w, h): (i32, i32), fill: Fill) {
        self.rect((x, y), (w, h), INK);
        if w > 2 && h > 2 {
            self.textured((x + 1, y + 1), (w - 2, h - 2), fill);
        }
    }

    /// Un rectángulo con relleno y sin contorno.
    pub(super) fn textured(&mut self, at: (i32, i32), size: (i32, i32), fill: Fill) {
        if fill.pattern(0).is_none() {
            return self.rect(at, size, fill.color);
        }
        let known = self.fills.iter().position(|known| *known == fill);
        let index = known.unwrap_or_else(|| {
            self.fills.push(fill);
            self.fills.len() - 1
        });
        self.filled(at, size, &format!("url(#trama-{index})"));
    }

    fn filled(&mut self, (x, y): (i32, i32), (w, h): (i32, i32), fill: &str) {
        let rect = element(|svg| svg.draw_rect((x, y), (x + w, y + h), &shape(INK, 1.0), true));
        self.write(&rect.replace(&INK.to_string(), fill));
    }

    /// Discos traslúcidos: donde se amontonan se ve más oscuro.
    pub(super) fn dots(&mut self, centers: &[(i32, i32)], radius: i32, color: Color) {
        let color_attribute = format!(" fill=\"{color}\"");
        let dots: String = centers
            .iter()
            .map(|&center| circle(center, radius, color).replace(&color_attribute, ""))
            .collect();
        self.write(&format!(
            "<g{color_attribute} fill-opacity=\"0.5\">{dots}</g>"
        ));
    }

    /// Un disco macizo con un halo del color del papel, que lo separa de la línea que lo cruza.
    pub(super) fn disc(&mut self, center: (i32, i32), radius: i32, color: Color) {
        let halo = format!(" stroke=\"{PAPER}\" stroke-width=\"2\"/>");
        self.write(&circle(center, radius, color).replace("/>", &halo));
    }

    /// Una línea quebrada por esos puntos; con menos de dos no hay línea.
    pub(super) fn polyline(&mut self, points: &[(f64, f64)], stroke: Stroke) {
        if points.len() < 2 {
            return;
        }
        let points = points
            .iter()
            .map(|(x, y)| (x.round() as i32, y.round() as i32));
        let style = shape(stroke.color, stroke.width);
        let line = element(|svg| svg.draw_path(points, &style)).replace(" \"/>", "\"/>");
        let dash = match stroke.dash {
            Dash::Solid => "",
            Dash::Dashed => " stroke-dasharray=\"9 6\"",
            Dash::Dotted => " stroke-dasharray=\"2 4\"",
        };
        self.write(&line.replace("/>", &format!("{dash}/>")));
    }

    /// Un polígono macizo con esos vértices.
    pub(super) fn polygon(&mut self, points: &[(i32, i32)], color: Color) {
        let points = points.iter().copied();
        let polygon = element(|svg| svg.fill_polygon(points, &shape(color, 0.0)));
        self.write(&polygon.replace(" \"/>", "\"/>"));
    }

    /// Una línea vertical.
    pub(super) fn vertical(&mut self, x: i32, (top, bottom): (i32, i32), stroke: Stroke) {
        let x = f64::from(x);
        self.polyline(&[(x, f64::from(top)), (x, f64::from(bottom))], stroke);
    }

    /// Una línea de texto centrada en vertical en `y`.
    pub(super) fn text(&mut self, text: &str, at: (i32, i32), style: Style) {
        self.write(&text_element(text, at, style));
    }

    /// Como [`text`](Canvas::text), con un halo del color del papel: para escribir encima de líneas.
    pub(super) fn label(&mut self, text: &str, at: (i32, i32), style: Style) {
        let halo = format!(
            "<text stroke=\"{PAPER}\" stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\""
        );
        self.write(&text_element(text, at, style).replacen("<text", &halo, 1));
    }

    /// Varias líneas de texto, la primera centrada en `y`.
    pub(super) fn paragraph(
        &mut self,
        lines: &[String],
        (x, y): (i32, i32),
        line_height: i32,
        style: Style,
    ) {
        for (line, i) in lines.iter().zip(0..) {
            self.text(line, (x, y + i * line_height), style);
        }
    }

    /// Otra figura dentro de ese rectángulo, con sus proporciones y centrada en lo que sobre.
    pub(super) fn inset(
        &mut self,
        figure: &Figure,
        (x, y): (i32, i32),
        (w, h): (i32, i32),
        index: usize,
    ) {
        let (width, height) = figure.size();
        // En un texto las comillas van escapadas: esto solo puede ser un atributo.
        let body = figure
            .body()
            .replace("id=\"trama-", &format!("id=\"trama-{index}-"))
            .replace("fill=\"url(#trama-", &format!("fill=\"url(#trama-{index}-"));
        self.write(&format!(
            "<svg x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {width} {height}\">\n{body}</svg>"
        ));
    }

    fn write(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }

    /// La figura acabada: el dibujo con un título y una descripción que lee un lector de pantalla, y su texto.
    pub(super) fn into_figure(self, title: String, description: &str, text: String) -> Figure {
        let (width, height) = self.size;
        let patterns: String = (self.fills.iter().enumerate())
            .filter_map(|(id, fill)| fill.pattern(id))
            .collect();
        let defs = if patterns.is_empty() {
            String::new()
        } else {
            format!("<defs>\n{patterns}</defs>\n")
        };
        let body = defs + &self.body;
        let (name, description) = (escape(&title), escape(description));
        // Varias figuras pueden acabar en la misma página: los `id` salen de lo que hay dentro, y así también son
        // siempre los mismos para los mismos datos.
        let id = format!(
            "{:016x}",
            fingerprint(&[&body, &name, &description].map(String::as_str).concat())
        );
        let body = body
            .replace("id=\"trama-", &format!("id=\"trama-{id}-"))
            .replace("fill=\"url(#trama-", &format!("fill=\"url(#trama-{id}-"));
        let head = format!(
            "<svg role=\"img\" lang=\"es\" style=\"max-width:100%;height:auto\" aria-labelledby=\"titulo-{id} desc-{id}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" xmlns=\"http://www.w3.org/2000/svg\">\n\
             <title id=\"titulo-{id}\">{name}</title>\n<desc id=\"desc-{id}\">{description}</desc>\n"
        );
        let inside = head.len()..head.len() + body.len();
        Figure::new(title, head + &body + "</svg>\n", text, self.size, inside)
    }
}

/// Lo que plotters escribe en cada elemento y no hace falta: es lo que vale por omisión, o ya lo dice el documento.
const REDUNDANT: [&str; 5] = [
    " opacity=\"1\"",
    " stroke=\"none\"",
    " font-family=\"sans-serif\"",
    " stroke-width=\"0\"",
    "\n",
];

/// Un elemento, escrito por plotters y sin lo que sobra.
fn element<E: std::fmt::Debug>(paint: impl FnOnce(&mut SVGBackend<'_>) -> Result<(), E>) -> String {
    let mut svg = String::new();
    let mut backend = SVGBackend::with_string(&mut svg, (1, 1));
    paint(&mut backend).expect("escribir un SVG en memoria no puede fallar");
    drop(backend);
    // Sin el documento que lo envuelve.
    let from = svg.find('\n').map_or(0, |end| end + 1);
    let to = svg.rfind("</svg>").unwrap_or(svg.len());
    REDUNDANT
        .iter()
        .fold(svg[from..to].to_owned(), |svg, part| svg.replace(part, ""))
}

fn circle(center: (i32, i32), radius: i32, color: Color) -> String {
    element(|svg| svg.draw_circle(center, radius.unsigned_abs(), &shape(color, 0.0), true))
}

fn text_element(text: &str, at: (i32, i32), style: Style) -> String {
    let anchor = match style.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    // plotters divide el tamaño entre 1,24 al escribirlo.
    let font = ("sans-serif", style.size * 1.24).into_font();
    let font = font.style(if style.bold {
        FontStyle::Bold
    } else {
        FontStyle::Normal
    });
    let color = rgb(style.color);
    let text_style = TextStyle::from(font)
        .color(&color)
        .pos(Pos::new(anchor, VPos::Center));
    let written = element(|svg| svg.draw_text(text, &text_style, at));
    // La mitad de la altura de una equis es una en cada letra; con esto queda centrada en todas.
    written.replacen("dy=\"0.5ex\"", "dy=\"0.35em\"", 1)
}

fn rgb(color: Color) -> RGBColor {
    RGBColor(color.0, color.1, color.2)
}

fn shape(color: Color, width: f64) -> ShapeStyle {
    ShapeStyle {
        color: rgb(color).into(),
        filled: true,
        stroke_width: width as u32,
    }
}

/// FNV-1a de 64 bits: la misma huella en cualquier máquina y con cualquier versión de Rust.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
