//! Los pools de hilos y de procesos, y `parallel`: la misma batería para los dos, y lo propio de cada uno.
//!
//! Unas cuantas lanzan procesos, y los hijos son este mismo programa: por eso lleva su `main`, con `process::init()`
//! delante. Corren como las de siempre (`cargo test -p concurrencia --test pool nombre`).

use std::process::ExitCode;

use concurrencia::process;
use libtest_mimic::{Arguments, Failed, Trial};

mod comunes;
mod estres;
mod hilos;
mod paralelo;

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
    // Los pánicos a propósito, en una línea y no con su traza.
    concurrencia::install_panic_hook();
    let argumentos = Arguments::from_args();
    let pruebas = [
        comunes::pruebas(),
        hilos::pruebas(),
        paralelo::pruebas(),
        estres::pruebas(),
    ];
    libtest_mimic::run(&argumentos, pruebas.into_iter().flatten().collect()).exit_code()
}
