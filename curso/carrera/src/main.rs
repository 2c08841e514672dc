//! `curso-carrera`: los trabajos de las lecciones en Rust y en Python, medidos en esta máquina. La lanza
//! `cargo curso carrera`.
//!
//! | módulo | qué hay |
//! |---|---|
//! | [`orden`] | lo que se le pide en la línea de órdenes |
//! | [`trabajos`] | los trabajos, uno por archivo |
//! | [`cifra`] | lo que se espera de cada uno, y la tabla final |

mod cifra;
mod orden;
mod trabajos;

use concurrencia::process;
use orden::Orden;
use std::process::ExitCode;
use std::time::Instant;
use trabajos::TRABAJOS;

fn main() -> ExitCode {
    // Los procesos de las carreras son este mismo programa.
    process::init();
    match Orden::lee() {
        Ok(orden) => corre(&orden),
        Err(fallo) => {
            eprintln!("{fallo}");
            ExitCode::from(2)
        }
    }
}

/// Todos, también los que siguen a uno que falla.
fn corre(orden: &Orden) -> ExitCode {
    let inicio = Instant::now();
    let (mut cifras, mut fallos) = (Vec::new(), Vec::new());
    for trabajo in TRABAJOS.iter().filter(|t| orden.pide(t.nombre)) {
        println!("\n## {}: {}\n", trabajo.nombre, trabajo.que);
        match (trabajo.corre)(orden.repeticiones) {
            Ok(suyas) => cifras.extend(suyas),
            Err(fallo) => {
                eprintln!("{}: {fallo}", trabajo.nombre);
                fallos.push(trabajo.nombre);
            }
        }
    }
    if !cifras.is_empty() {
        println!("\n{}", cifra::tabla(&cifras));
    }
    println!("En {} s.", inicio.elapsed().as_secs());
    if fallos.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("No se ha podido correr: {}", fallos.join(", "));
    ExitCode::FAILURE
}
