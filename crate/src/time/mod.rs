//! Esperas a escala: un segundo de la lección dura aquí una décima.
//!
//! Las lecciones duermen 5 s para que se vea quién espera a quién; las proporciones se ven igual con 0,5 s y el
//! cuaderno no se eterniza.
//!
//! - [`sleep`] espera; recibe **segundos de la lección**.
//! - [`set_scale`] cambia la escala para todos los hilos; [`scale`] la dice; [`DEFAULT_SCALE`] es la de partida.
//! - [`to_real`] y [`to_lesson`] pasan de una unidad a la otra.
//!
//! | se escribe | escala 0,1 (la de partida) | escala 1 |
//! |---|---|---|
//! | `sleep(5)` | 500 ms | 5 s |
//! | `sleep(0.5)` | 50 ms | 500 ms |

mod scale;
pub use scale::{DEFAULT_SCALE, scale, set_scale, to_lesson, to_real};

mod sleep;
pub use sleep::sleep;

mod deadline;
pub(crate) use deadline::deadline;
