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
//! Lo que va y viene entre Rust y Python pasa por JSON, escrito y leído con [`nanoserde`]: números (los enteros, exactos
//! hasta 64 bits; uno mayor, como texto), textos, listas, tuplas de hasta cuatro, opcionales y diccionarios con claves de
//! texto. Un tipo propio lleva `#[derive(DeJson)]` para volver de Python y `#[derive(SerJson)]` para ir: es un
//! diccionario con sus campos, y al ir falta el que sea `None`. La macro quiere tener `nanoserde` a la vista:
//!
//! ```
//! use concurrencia::nanoserde::{self, DeJson};
//! use concurrencia::prelude::*;
//!
//! #[derive(Debug, PartialEq, DeJson)]
//! struct Medida {
//!     ancho: u32,
//!     alto: u32,
//! }
//!
//! let guion = Script::new("medidas", "def mitad(ancho, alto):\n    return {'ancho': ancho // 2, 'alto': alto // 2}\n");
//! let carrera = Race::new("reducir", 1)
//!     .rust("a mano", || Medida { ancho: 960, alto: 540 })
//!     .python("dict", guion.call("mitad", (1920, 1080)))
//!     .run()?;
//! assert_eq!(carrera.value().ancho, 960);
//! # Ok::<(), RaceError>(())
//! ```

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
mod python;
mod track;
mod wire;
mod workspace;
