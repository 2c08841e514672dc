//! Pruebas de las figuras: SVG bien formado, accesible, igual para los mismos datos y con todo dentro.

mod comun;

mod aceleracion;
mod barras;
mod diagrama;
mod histograma;
mod legible;
mod linea;
mod partes;
mod rejilla;
