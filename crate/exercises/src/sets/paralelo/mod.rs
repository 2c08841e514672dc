//! Los ejercicios de paralelismo: `Send`, `Sync`, carreras y cuánto se gana.
//!
//! Un módulo por sección del cuaderno y, con nombre inglés, lo que usan varias o merece el suyo.

mod carreras;
mod compartir;
mod proyecto;
mod que_se_note;
mod repartir;

mod accounts;
mod bank;
mod histogram;
mod interleavings;
