//! El mismo ejecutor con procesos: una tarea que muere, una que no acaba nunca y las demás, que siguen. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example process_pool_executor
//! ```

use std::error::Error;

use concurrencia::futures::{Executor, FutureError, ProcessPoolExecutor, ThreadPoolExecutor};
use concurrencia::prelude::*;

fn cuadrado(x: i64) -> i64 {
    x * x
}

/// Vale para hilos y para procesos.
fn suma_de_cuadrados(ejecutor: &impl Executor) -> Result<i64, FutureError> {
    ejecutor.map_chunked(cuadrado, 0..10_000, 1000).sum()
}

fn quebradiza(x: u32) -> u32 {
    match x {
        3 => panic!("no puedo con el {x}"),
        5 => std::process::abort(),
        _ => x,
    }
}

fn sin_fin() {
    loop {
        sleep(1);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    process::init();
    let ejecutor = ProcessPoolExecutor::new(2)?;
    println!("con procesos: {}", suma_de_cuadrados(&ejecutor)?);
    let hilos = ThreadPoolExecutor::new(2)?;
    println!("con hilos: {}", suma_de_cuadrados(&hilos)?);

    for (x, salida) in ejecutor.map(quebradiza, 0..7).enumerate() {
        match salida {
            Ok(_) => println!("{x}, bien"),
            Err(error) => println!("{x}: {error}"),
        }
    }

    let nunca = ejecutor.submit(sin_fin, ());
    ejecutor.kill_workers(); // a un hilo no se le puede hacer esto
    println!("la que no acababa: {}", nunca.result().unwrap_err());
    Ok(())
}
