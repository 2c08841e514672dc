//! Pruebas de la carrera: que mide lo que dice, que no se le escapa una diferencia y que no deja nada atrás.
//!
//! Las que necesitan Python usan el de `CONCURRENCIA_PYTHON` o el `python3` del PATH; si no lo hay, avisan y se saltan.

mod comun;

mod fallos;
mod figura;
mod procesos;
mod resultados;
mod valores;
