//! Ver lo medido: una figura en una línea de celda.
//!
//! - [`bars`] compara lo que tarda cada cosa con barras.
//! - [`Figure`] es el dibujo (SVG) y su equivalente en texto; la celda la pinta, [`Figure::save`] la guarda.
//!
//! El título lo pone quien dibuja y dice la conclusión: «Seis hilos tardan lo que uno», no «Tiempos». Los colores son
//! los de Okabe e Ito, que distingue también quien no distingue el rojo del verde, y ninguno es la única pista.

mod figure;
pub use figure::Figure;

mod bars;
pub use bars::bars;

#[allow(dead_code, reason = "lo estrenan las figuras que vienen")]
mod axes;
#[allow(dead_code, reason = "lo estrenan las figuras que vienen")]
mod axis;
mod bar_rows;
#[allow(dead_code, reason = "lo estrenan las figuras que vienen")]
mod canvas;
#[allow(dead_code, reason = "las tramas son para las líneas de tiempo")]
mod fill;
#[allow(dead_code, reason = "el marco lo estrenan las figuras que vienen")]
mod frame;
#[allow(dead_code, reason = "la leyenda es para las líneas de tiempo")]
mod legend;
mod names;
#[allow(dead_code, reason = "lo estrenan las figuras que vienen")]
mod palette;
mod pixels;
mod text_bars;
mod text_timeline;
mod timeline;
mod waterfall;
