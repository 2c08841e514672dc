//! Los jueces, un módulo por cuaderno.

mod general;
mod hilos;
mod manual;
mod paralelo;
