//! Los ejercicios del manual: hilos, procesos, asyncio y temporizadores a fondo.
//!
//! Un módulo por sección del cuaderno y, con nombre inglés, lo que usan varias o merece el suyo.

mod asincrono;
mod hilos;
mod procesos;
mod proyecto;

mod accounts;
mod results;
