//! Lo que se promete de cada ejercicio: su partida no aprueba, su solución sí y las malas suspenden por lo suyo.
//!
//! Una prueba por cosa: `cargo test -p curso-contrato hilos-03`, o `-- 'hilos-03::mala'`. Las funciones se comprueban en
//! procesos que son este mismo programa, así que lleva su `main`, con `process::init()` lo primero.

mod compilador;
mod entrada;
mod formato;
mod juicio;
mod nombres;
mod textos;

use std::process::{Command, ExitCode};
use std::{env, thread};

use catalog::How;
use concurrencia::process;
use contrato::{EJERCICIOS, Ejercicio};
use libtest_mimic::{Arguments, Failed, Trial};

/// Donde se apuntan los intentos. Comprobar los apunta, y estos no son de ningún alumno.
const PROGRESO: &str = "CONCURRENCIA_PROGRESO";

/// Si está, el progreso de este proceso ya va aparte.
const APARTADO: &str = "CONTRATO_APARTADO";

/// Las pruebas a la vez por cada núcleo. Casi todo es esperar; con más, el procesador se ocupa y deja de verse si unas
/// esperas se solapan.
const POR_NUCLEO: usize = 2;

fn main() -> ExitCode {
    process::init();
    if env::var_os(APARTADO).is_none() {
        return con_el_progreso_aparte();
    }
    let mut argumentos = Arguments::from_args();
    let nucleos = thread::available_parallelism().map_or(1, usize::from);
    argumentos.test_threads.get_or_insert(POR_NUCLEO * nucleos);
    let de_todos = [
        Trial::test("hay ejercicios", hay_ejercicios),
        Trial::test("los nombres no chocan", || Ok(nombres::no_chocan()?)),
    ];
    let pruebas = de_todos
        .into_iter()
        .chain(EJERCICIOS.iter().flat_map(de))
        .collect();
    libtest_mimic::run(&argumentos, pruebas).exit_code()
}

/// Se lanza otra vez con otro progreso: un proceso no cambia sus variables de entorno sin estorbar a sus hilos.
fn con_el_progreso_aparte() -> ExitCode {
    let carpeta = tempfile::tempdir().unwrap();
    let resultado = Command::new(env::current_exe().unwrap())
        .args(env::args_os().skip(1))
        .env(APARTADO, "sí")
        .env(PROGRESO, carpeta.path().join("progreso.json"))
        .status()
        .unwrap();
    match resultado.code() {
        Some(codigo) => ExitCode::from(u8::try_from(codigo).unwrap_or(u8::MAX)),
        None => {
            eprintln!("las pruebas no han acabado: {resultado}");
            ExitCode::FAILURE
        }
    }
}

fn hay_ejercicios() -> Result<(), Failed> {
    if EJERCICIOS.is_empty() {
        return Err("no hay ejercicios: faltan los cuadernos de «curso/ejercicios»".into());
    }
    Ok(())
}

/// Las pruebas de un ejercicio.
fn de(ejercicio: &'static Ejercicio) -> Vec<Trial> {
    let prueba = |que: &str, cuerpo: fn(&Ejercicio) -> Result<(), String>| {
        Trial::test(format!("{}::{que}", ejercicio.nombre), move || {
            Ok(cuerpo(ejercicio)?)
        })
    };
    let mut pruebas = vec![
        prueba("textos", textos::estan_todos),
        prueba("formato", formato::es_el_de_rustfmt),
        prueba("partida", juicio::la_partida_no_aprueba),
        prueba("solución", juicio::la_solucion_aprueba_siempre),
    ];
    pruebas.extend(ejercicio.malas.iter().map(|mala| {
        let nombre = format!("{}::mala «{}»", ejercicio.nombre, mala.disfraz);
        Trial::test(nombre, move || {
            Ok(match mala.como {
                How::DoesNotCompile => {
                    compilador::rechaza(ejercicio, &mala.variante, mala.suspende)
                }
                _ => juicio::la_mala_suspende(mala),
            }?)
        })
    }));
    pruebas
}
