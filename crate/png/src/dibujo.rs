//! Del SVG a los bytes del PNG.

use crate::explica;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};
use std::sync::Arc;

/// La familia de la letra que va dentro del programa.
const LETRA: &str = "DejaVu Sans";

/// Con más píxeles, la imagen no cabría en la memoria de una máquina modesta (cuatro bytes cada uno).
const PIXELES: f32 = 100_000_000.0;

/// El PNG de `svg` con `escala` píxeles por cada uno del dibujo; para lo mismo, siempre los mismos bytes.
pub(crate) fn png(svg: &[u8], escala: f32) -> Result<Vec<u8>, String> {
    let opciones = Options {
        font_family: LETRA.to_owned(),
        languages: vec!["es".to_owned()],
        fontdb: Arc::new(letras()),
        ..Options::default()
    };
    let dibujo = Tree::from_data(svg, &opciones)
        .map_err(|error| format!("el SVG no es válido: {}", explica::en_espanol(&error)))?;
    // Un píxel que solo se cubre en parte también hace falta.
    let ancho = (dibujo.size().width() * escala).ceil();
    let alto = (dibujo.size().height() * escala).ceil();
    let demasiado = || {
        format!(
            "la imagen sería de {ancho} × {alto} píxeles, que son demasiados: prueba con menos escala"
        )
    };
    if ancho * alto > PIXELES {
        return Err(demasiado());
    }
    let mut imagen = Pixmap::new(ancho as u32, alto as u32).ok_or_else(demasiado)?;
    let transformacion = Transform::from_scale(escala, escala);
    resvg::render(&dibujo, transformacion, &mut imagen.as_mut());
    imagen
        .encode_png()
        .map_err(|error| format!("no se puede codificar el PNG: {error}"))
}

/// Las letras del programa y ninguna del sistema: así la figura sale igual en todas partes.
fn letras() -> Database {
    let mut letras = Database::new();
    for letra in [dejavu::sans::regular(), dejavu::sans::bold()] {
        letras.load_font_source(Source::Binary(Arc::new(letra)));
    }
    letras.set_sans_serif_family(LETRA);
    letras.set_serif_family(LETRA);
    letras.set_monospace_family(LETRA);
    letras.set_cursive_family(LETRA);
    letras.set_fantasy_family(LETRA);
    letras
}
