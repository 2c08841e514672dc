//! Ver lo medido: una figura en una línea de celda.
//!
//! | para ver… | pide |
//! |---|---|
//! | cuánto tarda cada cosa | [`bars`] |
//! | cuánto se gana con más hilos | [`Speedup::plot`](crate::Speedup::plot) |
//! | quién tarda menos, en Rust y en Python | [`RaceResults::plot`](crate::race::RaceResults::plot) |
//! | cómo se reparten las ejecuciones de una | [`histogram`] |
//! | qué hizo cada hilo, proceso o tarea | [`Trace::plot`](crate::Trace::plot) |
//! | cuánto esperó cada tarea | [`Trace::waterfall`](crate::Trace::waterfall) |
//! | varias figuras a la vez | [`grid`] |
//! | cuánto hay hecho, de un total | [`shares`] |
//! | cómo está hecho algo, con cajas y flechas | [`Diagram`] |
//!
//! Todas dan una [`Figure`]: el dibujo (SVG) y su equivalente en texto; la celda la pinta, [`Figure::save`] la guarda
//! en SVG o en PNG.
//!
//! El título lo pone quien dibuja y dice la conclusión: «Seis hilos tardan lo que uno», no «Tiempos». Los colores son
//! los de Okabe e Ito, que distingue también quien no distingue el rojo del verde, y ninguno es la única pista.

mod figure;
pub use figure::Figure;

mod save_error;
pub use save_error::SaveError;

mod bars;
pub use bars::bars;

mod histogram;
pub use histogram::histogram;

mod grid;
pub use grid::grid;

mod shares;
pub use shares::shares;

mod diagram;
pub use diagram::Diagram;

mod speedup;

mod race;
pub(crate) use race::race;

mod axes;
mod axis;
mod bar_rows;
mod bins;
mod canvas;
mod diagram_layout;
mod diagram_routes;
mod fill;
mod frame;
mod legend;
mod names;
mod palette;
mod pixels;
mod rasterize;
mod save;
mod side_labels;
mod text_bars;
mod text_timeline;
mod timeline;
mod waterfall;
