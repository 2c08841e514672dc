//! Los ejercicios del curso, que se corrigen solos en la celda de debajo.
//!
//! ```text
//! fn suma_paralela(v: Vec<u64>, hilos: usize) -> u64 { todo!() }
//!
//! comprobar!("hilos-03", suma_paralela)
//! ```
//!
//! [`comprobar!`] prueba la función en **otro proceso**: si se cuelga o se interbloquea, se acaba su plazo, se mata ese
//! proceso y el cuaderno sigue con todas sus variables. Lo que devuelve es un [`Verdict`]: qué casos van bien, cuál no, con
//! qué entrada, qué se esperaba y por qué importa. [`pista!`] enseña las pistas de una en una, [`solucion!`] se abre al
//! aprobar (o al rendirse) y [`progreso!`] dibuja lo que va hecho.
//!
//! Cada ejercicio es un [`Exercise`]: su nombre, la forma de la función que pide y el juez que la prueba. No mira solo el
//! resultado: los [`Jobs`] apuntan quién hizo cada encargo y cuándo, [`Leftovers`] ve los hilos y procesos que quedan
//! sueltos, y los que tratan de carreras pasan por los entrelazamientos de [`explore`], con [`explored()`].
//!
//! Los enunciados, las pistas y las soluciones no están aquí, sino en los cuadernos del profesor (`curso/ejercicios`).

#![forbid(unsafe_code)]
#![warn(unnameable_types)]

pub use explore;

// COMPROBAR
mod check;
pub use check::check;

mod verdict;
pub use verdict::{CaseReport, Outcome, Verdict};

// ESCRIBIR UN JUEZ
mod exercise;
pub use exercise::{Exercise, Name, name};

mod judge;
pub use judge::{Case, Judge, Mismatch, expect, expect_eq};

mod job;
pub use job::Job;

mod jobs;
pub use jobs::Jobs;

mod done;
pub use done::Done;

mod folder;
pub use folder::folder;

mod leftovers;
pub use leftovers::Leftovers;

mod explored;
pub use explored::explored;

// AYUDARSE
mod hint;
pub use hint::{Hint, hint};

mod solution;
pub use solution::{SURRENDER, Solution, solution};

mod overview;
pub use overview::{Overview, overview};

mod macros;

pub mod prelude;

// POR DENTRO
mod markup;
mod record;
mod report;
mod sets;
mod wire;
