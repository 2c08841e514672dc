//! Un futuro: preguntarle, esperarlo, cancelarlo y dejarle dicho qué hacer cuando acabe. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example future
//! ```

use std::error::Error;

use concurrencia::futures::{Future, ThreadPoolExecutor};
use concurrencia::prelude::*;

fn descarga(sitio: &str) -> usize {
    sleep(5);
    sitio.len()
}

fn main() -> Result<(), Box<dyn Error>> {
    let ejecutor = ThreadPoolExecutor::new(1)?;
    let futuro = ejecutor.submit(descarga, ("rust-lang.org",));
    futuro.add_done_callback(|f| println!("al acabar: {:?}", f.result()));
    let en_cola = ejecutor.submit(descarga, ("python.org",));
    println!("recién encargado: {futuro:?}; el siguiente: {en_cola:?}");

    println!("¿se cancela el que espera turno? {}", en_cola.cancel());
    match futuro.result_timeout(0.1) {
        Ok(bytes) => println!("ya estaba: {bytes} bytes"),
        Err(error) => println!("en un rato: {error}"),
    }
    println!("esperándolo: {} bytes", futuro.result()?);
    println!("el cancelado: {}", en_cola.result().unwrap_err());

    // Sin ejecutor: lo completa quien quiera.
    let a_mano = Future::new();
    let para_el_hilo = a_mano.clone();
    let mut hilo = Thread::new(move || para_el_hilo.set_result(5 * 5));
    hilo.start()?;
    println!("a mano: {}", a_mano.result()?);
    hilo.join()??;
    Ok(())
}
