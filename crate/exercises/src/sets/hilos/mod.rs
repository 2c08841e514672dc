//! Los ejercicios de la primera lección: hilos, futuros, ejecutores y procesos.
//!
//! Un módulo por sección del cuaderno.

mod con_hilos;
mod futuros;
mod procesos;
mod proyecto;
