//! `Exercise`: qué pide un ejercicio y cómo se juzga.

use crate::judge::Judge;

/// Un ejercicio: su nombre, la forma de la función que pide y el juez que la prueba.
///
/// Se implementa para [`Name`] del nombre, así que `comprobar!` lo encuentra al compilar la celda. Un paquete que añada
/// ejercicios pone en `Set` un tipo suyo.
///
/// # Examples
///
/// ```
/// use exercises::{Exercise, Judge, Name, name};
///
/// struct Mios;
///
/// impl Exercise<Mios> for Name<{ name("mio-01") }> {
///     const NAME: &'static str = "mio-01";
///     type Function = fn(u64) -> u64;
///
///     fn judge(doble: Self::Function, judge: &mut Judge) {
///         judge
///             .case("el doble de siete")
///             .with("7")
///             .because("es la definición")
///             .gives(14, || doble(7));
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "no hay ningún ejercicio con ese nombre",
    label = "el nombre está en el título del enunciado: «hilos-03»",
    note = "si el ejercicio es de otro cuaderno, carga su paquete como hace su primera celda"
)]
pub trait Exercise<Set = ()> {
    /// El nombre, como en el enunciado.
    const NAME: &'static str;

    /// La forma de la función: un puntero (`fn(Vec<u64>, usize) -> u64`).
    type Function: Copy + 'static;

    /// Prueba la función, caso a caso. Se ejecuta en el proceso de prueba.
    fn judge(function: Self::Function, judge: &mut Judge);
}

/// El nombre de un ejercicio como tipo: `Name<{ name("hilos-03") }>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<const HASH: u64>;

/// El número que corresponde a un nombre, al compilar (FNV-1a de 64 bits).
///
/// Fuente: Fowler, Noll y Vo, <http://www.isthe.com/chongo/tech/comp/fnv/>.
///
/// # Examples
///
/// ```
/// assert_ne!(exercises::name("hilos-03"), exercises::name("hilos-04"));
/// ```
pub const fn name(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    hash
}
