//! Pruebas de los procesos: cada una lanza procesos de verdad.
//!
//! Este programa es su propio hijo, así que lleva su `main`: `process::init()` y después las pruebas, que corren como
//! las de siempre (`cargo test -p concurrencia --test process nombre`).

use std::process::ExitCode;

use concurrencia::process;
use libtest_mimic::{Arguments, Failed, Trial};

mod colas;
mod conexiones;
mod gestor;
mod memoria;
mod sincronizacion;

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
    let argumentos = Arguments::from_args();
    let pruebas = [
        conexiones::pruebas(),
        colas::pruebas(),
        sincronizacion::pruebas(),
        memoria::pruebas(),
        gestor::pruebas(),
    ];
    libtest_mimic::run(&argumentos, pruebas.into_iter().flatten().collect()).exit_code()
}
