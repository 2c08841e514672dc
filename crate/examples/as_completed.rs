//! Recoger las descargas según llegan, con `as_completed` y con `wait`. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example as_completed
//! ```
#![expect(
    clippy::mutable_key_type,
    reason = "la clave es qué futuro es, no lo que tiene dentro"
)]

use std::collections::HashMap;
use std::error::Error;

use concurrencia::futures::{FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait};
use concurrencia::prelude::*;

/// Cuanto más largo el nombre, más tarda.
fn descarga(sitio: &str) -> usize {
    sleep(sitio.len() as f64 / 5.0);
    sitio.len()
}

fn main() -> Result<(), Box<dyn Error>> {
    let sitios = ["rust-lang.org", "python.org", "docs.rs", "crates.io"];
    let ejecutor = ThreadPoolExecutor::new(4)?;

    // Los futuros por clave: para saber de quién es cada resultado.
    let futuros: HashMap<Future<usize>, &str> = sitios
        .into_iter()
        .map(|sitio| (ejecutor.submit(descarga, (sitio,)), sitio))
        .collect();
    for futuro in as_completed(futuros.keys()) {
        println!("{}: {} bytes", futuros[&futuro], futuro.result()?);
    }

    let futuros: Vec<_> = sitios
        .map(|sitio| ejecutor.submit(descarga, (sitio,)))
        .into();
    let primero = wait(&futuros, FIRST_COMPLETED);
    println!(
        "el primero: {:?}; faltan {}",
        primero.done,
        primero.not_done.len()
    );
    for futuro in as_completed(&futuros).with_timeout(0.5) {
        match futuro {
            Ok(futuro) => println!("a tiempo: {} bytes", futuro.result()?),
            Err(error) => println!("{error}"),
        }
    }
    Ok(())
}
