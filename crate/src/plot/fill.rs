//! Con qué se rellena un rectángulo: un color y una trama.

use super::palette::Color;

/// Un relleno: sobre el color, una trama en tinta o en papel, según lo que más se vea.
///
/// Dos rellenos con distinta trama se distinguen aunque el color se pierda (fotocopia, daltonismo).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fill {
    pub(super) color: Color,
    pub(super) texture: Texture,
}

/// El dibujo que se repite dentro de un relleno.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Texture {
    /// Sin dibujo: el color liso.
    Solid,
    /// Rayas que suben hacia la derecha: ////
    Rising,
    /// Rayas que bajan hacia la derecha: \\\\
    Falling,
    /// Rayas verticales: ||||
    Vertical,
    /// Rayas horizontales: ====
    Horizontal,
    /// Las dos diagonales a la vez: xxxx
    Crossed,
    /// Puntos: ····
    Dots,
}

impl Fill {
    pub(super) fn solid(color: Color) -> Fill {
        Fill {
            color,
            texture: Texture::Solid,
        }
    }

    pub(super) fn textured(color: Color, texture: Texture) -> Fill {
        Fill { color, texture }
    }

    /// El `<pattern>` que lo dibuja; de un color liso, nada.
    pub(super) fn pattern(self, id: usize) -> Option<String> {
        let Fill { color, texture } = self;
        let over = color.opposite();
        // Las diagonales salen por las esquinas para que las baldosas casen sin mellas.
        let path = match texture {
            Texture::Solid => return None,
            Texture::Rising => "M-2,2L2,-2M0,8L8,0M6,10L10,6",
            Texture::Falling => "M-2,6L2,10M0,0L8,8M6,-2L10,2",
            Texture::Vertical => "M4,0V8",
            Texture::Horizontal => "M0,4H8",
            Texture::Crossed => "M0,0L8,8M0,8L8,0",
            Texture::Dots => "",
        };
        let drawing = if path.is_empty() {
            format!(
                "<circle cx=\"2\" cy=\"2\" r=\"1.3\" fill=\"{over}\"/><circle cx=\"6\" cy=\"6\" r=\"1.3\" fill=\"{over}\"/>"
            )
        } else {
            format!("<path d=\"{path}\" stroke=\"{over}\" stroke-width=\"1.5\"/>")
        };
        Some(format!(
            "<pattern id=\"trama-{id}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><path d=\"M0,0H8V8H0Z\" fill=\"{color}\"/>{drawing}</pattern>\n"
        ))
    }
}
