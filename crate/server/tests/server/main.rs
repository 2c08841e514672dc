//! El servidor de prácticas de verdad: cada recurso, cada fallo, la cuenta, su vida y su mango.

mod contar;
mod fallos;
mod mango;
mod programa;
mod recursos;
mod vida;
