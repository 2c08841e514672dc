//! Los ejercicios de la quinta lección: descargas, carreras y miniaturas.
//!
//! Un módulo por sección del cuaderno y, con nombre inglés, lo que usan varias o merece el suyo.

mod carreras;
mod con_hilos;
mod proyecto;
mod repartir;
mod sin_bloquear;

mod measure;
mod photos;
mod server;
mod web;
mod world;
