//! Pruebas de las imágenes: pintarlas, encontrarlas, reducirlas, y muchas a la vez.
//!
//! Este programa es su propio hijo, así que lleva su `main`: `process::init()` y después las pruebas.

use std::env;
use std::process::ExitCode;

use concurrencia::process;
use libtest_mimic::{Arguments, Failed, Trial};

mod arbol;
mod calidad;
mod comun;
mod convertir;
mod encontrar;
mod foto;
mod miniatura;
mod muerte;
mod nombres;

/// Las pruebas de un módulo: `pruebas![una, otra]`.
#[macro_export]
macro_rules! pruebas {
    ($($prueba:ident),* $(,)?) => {
        /// Las pruebas de este módulo, con su nombre.
        pub(crate) fn pruebas() -> Vec<libtest_mimic::Trial> {
            let modulo = module_path!().rsplit("::").next().unwrap_or_default();
            vec![$($crate::prueba(format!("{modulo}::{}", stringify!($prueba)), $prueba)),*]
        }
    };
}

fn prueba(nombre: String, cuerpo: fn()) -> Trial {
    Trial::test(nombre, move || {
        cuerpo();
        Ok::<(), Failed>(())
    })
}

fn main() -> ExitCode {
    process::init();
    // El programa al que mata una de las pruebas.
    let argumentos: Vec<String> = env::args().collect();
    if let [_, orden, resto @ ..] = argumentos.as_slice()
        && orden == "convierte_sin_parar"
    {
        muerte::convierte_sin_parar(resto);
        return ExitCode::SUCCESS;
    }
    let argumentos = Arguments::from_args();
    let pruebas = [
        foto::pruebas(),
        arbol::pruebas(),
        encontrar::pruebas(),
        nombres::pruebas(),
        miniatura::pruebas(),
        calidad::pruebas(),
        convertir::pruebas(),
        muerte::pruebas(),
    ];
    libtest_mimic::run(&argumentos, pruebas.into_iter().flatten().collect()).exit_code()
}
