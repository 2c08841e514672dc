//! Un bloque que no se cierra hasta que acaban sus hilos, o hasta que se cansa de esperarlos. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example block
//! ```

use concurrencia::prelude::*;
use concurrencia::thread::{Block, block, enumerate};

/// Arranca un hilo que habla cuando ha pasado un rato. Nadie le hace `join`.
fn arranca(nombre: &'static str, segundos: f64) -> Result<(), ThreadError> {
    let tarea = move || {
        sleep(segundos);
        println!("{nombre}: he acabado");
    };
    Thread::new(tarea).with_name(nombre).start()
}

fn main() -> Result<(), ThreadError> {
    block(|| {
        arranca("el primero", 2.0)?;
        arranca("el segundo", 1.0)?;
        println!("en marcha: {:?}", enumerate());
        Ok::<(), ThreadError>(())
    })?;
    println!("los dos han acabado: {:?}", enumerate());

    // Con plazo: avisa del que sigue y no lo espera más. Morirá con el programa.
    Block::new().with_timeout(3).run(|| {
        arranca("el rápido", 1.0)?;
        arranca("el lento", 1000.0)
    })?;
    println!("y el programa sigue: {:?}", enumerate());
    Ok(())
}
