//! Pruebas de los hilos. Las que cuentan todos los hilos del programa, o necesitan ser el principal, están en
//! `thread_main.rs`.

mod bloque;
mod datos;
mod estres;
mod hilo;
mod quien;
