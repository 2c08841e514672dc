//! Los ejercicios del curso, compilados: la partida, la solución y las malas de cada uno, en [`EJERCICIOS`].
//!
//! `build.rs` escribe un módulo por variante con lo que hay a la vista en su celda: los `use` del cuaderno, lo dado, el
//! código y la celda que comprueba. Así el compilador y clippy ven las soluciones como cualquier otro código. Lo que se
//! promete de ellos se prueba en `tests/contrato/`.
//!
//! Un cuaderno que cargue otro paquete lo añade aquí: a las dependencias, a lo que se reexporta y a [`PAQUETES`]. Sus `use`
//! salen de su primera celda.
#![forbid(unsafe_code)]

pub use {concurrencia, exercises, exercises_net};

use catalog::{How, Kind};
use exercises::Verdict;

/// Lo que se añade a un módulo para compilarlo aparte, con este paquete como único conocido: de los que hay en la carpeta
/// de compilación, los demás son los mismos con los que se compiló este.
pub const PAQUETES: &str =
    "#[allow(unused_imports)]\nuse contrato::{concurrencia, exercises, exercises_net};\n";

include!(concat!(env!("OUT_DIR"), "/ejercicios.rs"));

/// El compilador con el que se ha compilado este paquete.
pub const RUSTC: &str = env!("CONTRATO_RUSTC");

/// Un ejercicio, como está en el cuaderno del profesor.
#[derive(Debug)]
pub struct Ejercicio {
    /// El nombre: `hilos-03`.
    pub nombre: &'static str,
    /// El título del enunciado, sin el nombre.
    pub titulo: &'static str,
    /// El cuaderno, sin extensión.
    pub libro: &'static str,
    /// Qué se entrega y qué se pide.
    pub clase: Kind,
    /// Lo que se calcula que lleva, en minutos.
    pub minutos: u32,
    /// De 1 a 3.
    pub dificultad: u8,
    /// Las unidades de las lecciones que practica.
    pub unidades: &'static [&'static str],
    /// El código del error que da la partida, si no compila.
    pub error: Option<&'static str>,
    /// Un fragmento del título del primer caso que la partida no pasa, si lo que hay que hacer es arreglarla.
    pub suspende: Option<&'static str>,
    /// El enunciado, en Markdown.
    pub enunciado: &'static str,
    /// Las celdas que se dan hechas.
    pub dado: &'static [&'static str],
    /// Lo que se entrega para empezar.
    pub partida: Variante,
    /// La celda que comprueba.
    pub comprobar: &'static str,
    /// Las pistas, de la primera a la última, en Markdown.
    pub pistas: &'static [&'static str],
    /// La solución.
    pub solucion: Variante,
    /// Por qué la solución es así, en Markdown.
    pub porque: &'static str,
    /// Las que parecen buenas y no lo son.
    pub malas: &'static [Mala],
}

/// Una mala: qué parece y dónde se la pilla.
#[derive(Debug)]
pub struct Mala {
    /// Lo que tiene de mala: «en serie disfrazada».
    pub disfraz: &'static str,
    /// Un fragmento del título del primer caso que no pasa; si no compila, el código de su error.
    pub suspende: &'static str,
    /// Cómo suspende.
    pub como: How,
    /// La mala.
    pub variante: Variante,
}

/// Una manera de escribir la función que pide un ejercicio.
#[derive(Debug)]
pub struct Variante {
    /// La celda.
    pub codigo: &'static str,
    /// La celda con todo lo que tiene a la vista: un módulo entero.
    pub archivo: &'static str,
    /// Ejecuta la celda que comprueba. Falta si la variante no compila.
    pub comprueba: Option<fn() -> Verdict>,
}
