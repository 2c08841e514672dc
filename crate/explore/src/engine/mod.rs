//! El motor: da los turnos, apunta lo que pasa y, cuando algo falla, repite el plan contándolo.
//!
//! shuttle ejecuta el programa en hilos suyos (corrutinas) y pregunta a un planificador a quién toca en cada punto. El
//! de aquí ([`Director`](director::Director)) envuelve a uno de los de shuttle, que es quien elige, y hace lo demás:
//!
//! - Guarda los turnos: son el plan.
//! - Sabe de un interbloqueo antes que shuttle. La tarea 0 es un centinela que siempre podría seguir y al que nunca se
//!   le da turno mientras quede alguien vivo: si solo puede seguir él, los demás se esperan unos a otros.
//! - Detiene la ejecución que falla sin que el pánico llegue a shuttle, que lo anunciaría en la salida de error y no
//!   dejaría seguir con el plan siguiente. Cada hilo recoge su pánico; a los que quedan a medias los deshace shuttle.

mod director;
mod hook;
mod label;
mod run;
mod story;
mod tally;
mod waiters;

pub(crate) use director::{Picker, launch};
pub(crate) use drive::{Findings, Program, explore, replay};
pub(crate) use label::Label;
pub(crate) use run::{Failure, holds, is_over, is_unwinding, me, note, point, wait_for, with};
pub(crate) use story::{Story, Waiting};
pub(crate) use waiters::Waiters;

mod drive;
