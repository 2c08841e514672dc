//! Medir cuánto tarda algo y compararlo, diciendo siempre con qué certeza.
//!
//! - [`measure()`] ejecuta una función varias veces y apunta lo que tarda cada una.
//! - [`Measurement`] son esas muestras: mediana, cuartiles, mínimo, núcleos.
//! - [`Comparison`] pone varias en una tabla y dice cuántas veces menos tarda cada una que la primera.
//! - [`Speedup`] mide lo mismo con más y más hilos, y dice cuánto se gana.
//!
//! Se resume con la **mediana**, y no con la media, porque una interrupción del sistema alarga una ejecución y nunca
//! la acorta: la media se va con ella y la mediana no. La dispersión son los cuartiles por lo mismo.
//!
//! La orden `:timing` del cuaderno incluye lo que tarda en compilarse la celda: no sirve para medir.

#[expect(
    clippy::module_inception,
    reason = "el archivo se llama como la función que define"
)]
mod measure;
pub use measure::measure;

mod measurement;
pub use measurement::Measurement;

mod comparison;
pub use comparison::Comparison;
pub(crate) use comparison::times as times_less;

mod speedup;
pub use speedup::Speedup;
pub(crate) use speedup::{threads_name, times};

mod amdahl;
pub(crate) use amdahl::Amdahl;

mod quantile;

mod conditions;
pub(crate) use conditions::{conditions, cores, cores_text, runs};

mod table;
pub(crate) use table::Table;
