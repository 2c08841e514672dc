//! El mismo trabajo en Rust y en Python, medido en la misma ejecución y con el resultado comprobado.
//!
//! - [`Race`] es la carrera: quiénes corren, cuántas veces y frente a quién.
//! - [`Script`] es el código de Python; [`Script::call`] elige la función y le da los argumentos.
//! - [`RaceResults`] es lo que tardó cada uno: tabla y figura. [`RaceError`], por qué no ha podido correr.
//!
//! ```
//! use concurrencia::prelude::*;
//!
//! const SUMAS: Script = Script::new("sumas", "def cuadrados(n):\n    return sum(i * i for i in range(n))\n");
//!
//! let carrera = Race::new("sumar mil cuadrados", 5)
//!     .rust("en serie", || (0..1000_u64).map(|i| i * i).sum::<u64>())
//!     .python("generador", SUMAS.call("cuadrados", (1000,)))
//!     .run()?;
//! println!("{carrera}");
//! # Ok::<(), RaceError>(())
//! ```
//!
//! Lo que va y viene entre Rust y Python pasa por JSON, escrito y leído con serde: números (los enteros, exactos hasta
//! 128 bits), textos, listas, tuplas, opcionales, diccionarios y estructuras con `#[derive(Serialize, Deserialize)]`.

#[expect(
    clippy::module_inception,
    reason = "el archivo se llama como el tipo que define"
)]
mod race;
pub use race::Race;

mod script;
pub use script::Script;

mod call;
pub use call::Call;

mod arguments;
pub use arguments::Arguments;

mod race_results;
pub use race_results::RaceResults;

mod participant;
pub use participant::Participant;

mod language;
pub use language::Language;

mod error;
pub use error::RaceError;

mod entrant;
mod excerpt;
mod json;
mod python;
mod to_json;
mod track;
mod workspace;
