//! Los colores de las figuras.

use plotters::style::RGBColor;

pub(super) const PAPER: RGBColor = RGBColor(255, 255, 255);
/// Texto y ejes: contraste 16:1 sobre el papel.
pub(super) const INK: RGBColor = RGBColor(34, 34, 34);
/// Texto secundario: contraste 7:1 sobre el papel.
pub(super) const PENCIL: RGBColor = RGBColor(85, 85, 85);
pub(super) const GRID: RGBColor = RGBColor(221, 221, 221);

/// La paleta de Okabe e Ito («Color Universal Design», 2008) sin el negro, que es el de los ejes.
const SERIES: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(213, 94, 0),
    RGBColor(86, 180, 233),
    RGBColor(204, 121, 167),
    RGBColor(240, 228, 66),
];

/// El color de la serie número `index`; a partir de la séptima se repiten.
pub(super) fn series(index: usize) -> RGBColor {
    SERIES[index % SERIES.len()]
}
