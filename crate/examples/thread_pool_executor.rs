//! Seis descargas con cuatro hilos: de una en una, con `submit` y con `map`, y lo que pasa si una falla. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example thread_pool_executor
//! ```

use std::error::Error;

use concurrencia::futures::ThreadPoolExecutor;
use concurrencia::install_panic_hook;
use concurrencia::prelude::*;

fn descarga(id: u64) -> u64 {
    sleep(2);
    assert!(id != 789, "sin conexión con {id}");
    id * id
}

fn main() -> Result<(), Box<dyn Error>> {
    install_panic_hook();
    let ids = [123, 456, 111, 222, 333, 444];
    let ejecutor = ThreadPoolExecutor::new(4)?;
    println!("{ejecutor:?}");

    let seguidas = measure("seguidas", 3, || ids.map(descarga));
    let a_la_vez = measure("con 4 hilos", 3, || {
        ejecutor.map(descarga, ids).collect::<Result<Vec<_>, _>>()
    });
    println!("{seguidas}\n{a_la_vez}");

    let futuros: Vec<_> = [123, 789].map(|id| ejecutor.submit(descarga, (id,))).into();
    for futuro in &futuros {
        match futuro.result() {
            Ok(salida) => println!("salida: {salida}"),
            Err(error) => println!("error: {error}"),
        }
    }
    ejecutor.shutdown();
    println!("{ejecutor:?}");
    Ok(())
}
