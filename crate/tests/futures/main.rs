//! Pruebas de los futuros y de sus ejecutores; las que valen para los dos se hacen con los dos.
//!
//! Algunas lanzan procesos, que son este mismo programa: lleva su `main`, con `process::init()` y después las pruebas,
//! que corren como las de siempre (`cargo test -p concurrencia --test futures nombre`).

use std::process::ExitCode;

use concurrencia::{install_panic_hook, process};
use libtest_mimic::{Arguments, Failed, Trial};

mod bucle;
mod cierre;
mod comun;
mod ejecutores;
mod encargos;
mod espera;
mod estres;
mod futuro;
mod hilos;
mod procesos;
mod segun_acaban;

/// Las pruebas de un módulo: `pruebas![una, otra]`.
#[macro_export]
macro_rules! pruebas {
    ($($prueba:ident),* $(,)?) => {
        /// Las pruebas de este módulo, con su nombre.
        pub(crate) fn pruebas() -> Vec<libtest_mimic::Trial> {
            vec![$($crate::prueba(module_path!(), "", stringify!($prueba), $prueba)),*]
        }
    };
}

/// Las de un módulo que valen para los dos ejecutores: cada `una::<E>` se hace con hilos y con procesos.
#[macro_export]
macro_rules! pruebas_con_los_dos {
    ($($prueba:ident),* $(,)?) => {
        /// Las pruebas de este módulo, con su nombre y el de su ejecutor.
        pub(crate) fn pruebas() -> Vec<libtest_mimic::Trial> {
            use concurrencia::futures::{ProcessPoolExecutor, ThreadPoolExecutor};
            vec![$(
                $crate::prueba(module_path!(), "hilos::", stringify!($prueba), $prueba::<ThreadPoolExecutor>),
                $crate::prueba(module_path!(), "procesos::", stringify!($prueba), $prueba::<ProcessPoolExecutor>),
            )*]
        }
    };
}

fn prueba(modulo: &str, ejecutor: &str, nombre: &str, cuerpo: fn()) -> Trial {
    let modulo = modulo.rsplit("::").next().unwrap_or_default();
    Trial::test(format!("{modulo}::{ejecutor}{nombre}"), move || {
        cuerpo();
        Ok::<(), Failed>(())
    })
}

fn main() -> ExitCode {
    process::init();
    // Los pánicos que son un `Err` de su tarea no se anuncian.
    install_panic_hook();
    let argumentos = Arguments::from_args();
    let pruebas = [
        futuro::pruebas(),
        ejecutores::pruebas(),
        cierre::pruebas(),
        encargos::pruebas(),
        espera::pruebas(),
        segun_acaban::pruebas(),
        hilos::pruebas(),
        procesos::pruebas(),
        bucle::pruebas(),
        estres::pruebas(),
    ];
    libtest_mimic::run(&argumentos, pruebas.into_iter().flatten().collect()).exit_code()
}
