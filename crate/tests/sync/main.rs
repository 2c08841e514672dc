//! Pruebas de `sync`: ponerse de acuerdo entre hilos.

mod barrera;
mod cerrojo;
mod comun;
mod condicion;
mod estres;
mod evento;
mod interbloqueo;
mod reentrante;
mod semaforo;
