//! Hacer algo dentro de un rato, o cada cierto tiempo, con la forma de `threading.Timer`.
//!
//! | para | está | en Python |
//! |---|---|---|
//! | llamar a una función una vez, pasado un tiempo | [`Timer`] | `threading.Timer` |
//! | llamarla cada cierto tiempo, hasta que se cancele o se acabe | [`RepeatingTimer`] | no hay: un `Timer` que arranca otro |
//!
//! Cada uno tiene su hilo, que duerme hasta que le toca. Cancelarlo lo despierta: no hay que esperar el plazo. Lo que
//! devuelve la función, o su pánico, se recoge con `join`, como en un [`Thread`](crate::Thread).

#[expect(
    clippy::module_inception,
    reason = "el archivo se llama como el tipo que define"
)]
mod timer;
pub use timer::Timer;

mod repeating_timer;
pub use repeating_timer::RepeatingTimer;

mod into_control_flow;
pub use into_control_flow::IntoControlFlow;

mod countdown;
mod schedule;
mod trigger;
