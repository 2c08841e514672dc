//! Pruebas de los ejercicios: cada comprobación lanza su proceso de verdad.
//!
//! El progreso y el catálogo son de mentira y están en una carpeta temporal: este programa se lanza a sí mismo con ella
//! como carpeta actual.

use std::env;
use std::fs;
use std::process::{Command, ExitCode};

use concurrencia::process;
use libtest_mimic::{Arguments, Failed, Trial};

mod ayudas;
mod encargos;
mod mios;
mod sueltos;
mod veredicto;

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

/// La variable que dice que esta es la segunda vez.
const DENTRO: &str = "EJERCICIOS_DE_MENTIRA";

fn main() -> ExitCode {
    process::init();
    if env::var_os(DENTRO).is_none() {
        return otra_vez();
    }
    let argumentos = Arguments::from_args();
    let pruebas = [
        veredicto::pruebas(),
        encargos::pruebas(),
        sueltos::pruebas(),
        ayudas::pruebas(),
    ];
    libtest_mimic::run(&argumentos, pruebas.into_iter().flatten().collect()).exit_code()
}

/// Se lanza otra vez en una carpeta con el catálogo de ejemplo.
fn otra_vez() -> ExitCode {
    let raiz = tempfile::tempdir().unwrap();
    let ejercicios = raiz.path().join("curso/ejercicios");
    fs::create_dir_all(&ejercicios).unwrap();
    fs::write(ejercicios.join("1_hilos.ipynb"), catalog::EXAMPLE).unwrap();
    let estado = Command::new(env::current_exe().unwrap())
        .args(env::args_os().skip(1))
        .current_dir(raiz.path())
        .env(DENTRO, "1")
        .env("CONCURRENCIA_PROGRESO", raiz.path().join("progreso.json"))
        .status()
        .unwrap();
    match estado.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
