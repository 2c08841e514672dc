//! Pruebas de los procesos: cada una lanza procesos de verdad.
//!
//! Este programa es su propio hijo, así que lleva su `main`: `process::init()` y después las pruebas, que corren como
//! las de siempre (`cargo test -p concurrencia --test process nombre`).

use std::env;
use std::process::ExitCode;

use concurrencia::process;
use libtest_mimic::{Arguments, Failed, Trial};

mod colas;
mod comun;
mod conexiones;
mod gestor;
mod memoria;
mod pool;
mod proceso;
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
    // Los programas que lanzan algunas pruebas para mirarlos desde fuera.
    match env::args().nth(1).as_deref() {
        Some("sin_init") => {
            proceso::sin_init();
            return ExitCode::SUCCESS;
        }
        Some("escriben_varios") => {
            process::init();
            proceso::escriben_varios();
            return ExitCode::SUCCESS;
        }
        Some("espera_con_la_salida_cogida") => {
            process::init();
            proceso::espera_con_la_salida_cogida();
            return ExitCode::SUCCESS;
        }
        _ => process::init(),
    }
    let argumentos = Arguments::from_args();
    let pruebas = [
        proceso::pruebas(),
        pool::pruebas(),
        conexiones::pruebas(),
        colas::pruebas(),
        sincronizacion::pruebas(),
        memoria::pruebas(),
        gestor::pruebas(),
    ];
    libtest_mimic::run(&argumentos, pruebas.into_iter().flatten().collect()).exit_code()
}
