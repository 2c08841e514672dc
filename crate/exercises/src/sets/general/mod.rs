//! Los ejercicios de la lección general: colas, pools, asyncio y cómo elegir.
//!
//! Un módulo por sección del cuaderno y, en `results`, lo que usan varias.

mod asincrono;
mod colas;
mod elegir;

mod results;
