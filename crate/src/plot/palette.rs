//! Los colores de las figuras y cuánto contrastan.

use std::fmt;

/// Un color: rojo, verde y azul. Se escribe como en SVG («#0072B2»).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Color(pub(super) u8, pub(super) u8, pub(super) u8);

pub(super) const PAPER: Color = Color(255, 255, 255);
/// Texto, ejes y contornos: contraste 16:1 sobre el papel.
pub(super) const INK: Color = Color(34, 34, 34);
/// Texto y líneas secundarias: contraste 7:1 sobre el papel.
pub(super) const PENCIL: Color = Color(85, 85, 85);
/// La retícula, que es un adorno: la figura se entiende sin ella.
pub(super) const GRID: Color = Color(221, 221, 221);

/// La paleta de Okabe e Ito («Color Universal Design», 2008) sin el negro, que es el de los ejes.
const SERIES: [Color; 7] = [
    Color(0, 114, 178),
    Color(230, 159, 0),
    Color(0, 158, 115),
    Color(213, 94, 0),
    Color(86, 180, 233),
    Color(204, 121, 167),
    Color(240, 228, 66),
];

pub(super) const BLUE: Color = SERIES[0];
pub(super) const ORANGE: Color = SERIES[1];
pub(super) const VERMILION: Color = SERIES[3];

/// El color de la serie número `index`; a partir de la séptima se repiten.
pub(super) fn series(index: usize) -> Color {
    SERIES[index % SERIES.len()]
}

impl Color {
    /// La tinta o el papel: lo que más se ve encima de este color.
    pub(super) fn opposite(self) -> Color {
        if self.contrast(INK) > self.contrast(PAPER) {
            INK
        } else {
            PAPER
        }
    }

    /// El mismo color, muy aclarado: para el fondo de un texto.
    pub(super) fn pale(self) -> Color {
        let pale = |channel: u8| 255 - (255 - channel) / 6;
        Color(pale(self.0), pale(self.1), pale(self.2))
    }

    /// El contraste con otro color, de 1 a 21, como lo define WCAG 2.2.
    pub(super) fn contrast(self, other: Color) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// La luminancia relativa de WCAG 2.2, de 0 (negro) a 1 (blanco).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02X}{:02X}{:02X}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn el_contraste_es_el_de_wcag() {
        assert!((Color(0, 0, 0).contrast(PAPER) - 21.0).abs() < 1e-9);
        assert!((INK.contrast(INK) - 1.0).abs() < 1e-9);
        // #767676 es el gris más claro que llega a 4,5 sobre blanco.
        assert!(Color(0x76, 0x76, 0x76).contrast(PAPER) >= 4.5);
        assert!(Color(0x77, 0x77, 0x77).contrast(PAPER) < 4.5);
    }

    #[test]
    fn los_textos_se_leen_sobre_el_papel() {
        assert!(INK.contrast(PAPER) >= 4.5);
        assert!(PENCIL.contrast(PAPER) >= 4.5);
    }

    #[test]
    fn un_texto_se_lee_sobre_cualquier_color_aclarado() {
        for color in SERIES {
            assert!(color.pale().contrast(INK) >= 7.0, "{color}");
        }
    }

    #[test]
    fn cada_color_se_distingue_de_su_contorno_y_de_su_trama() {
        for color in SERIES {
            assert!(color.contrast(INK) >= 3.0, "{color} con el contorno");
            assert!(
                color.contrast(color.opposite()) >= 3.0,
                "{color} con su trama"
            );
        }
    }

    #[test]
    fn los_colores_de_las_lineas_se_ven_sin_contorno() {
        for color in [BLUE, VERMILION, PENCIL, INK] {
            assert!(color.contrast(PAPER) >= 3.0, "{color}");
        }
    }
}
