//! Lo que bloquea y lo que calcula, fuera del bucle: en hilos y en procesos, esperándolo con `.await`.
//!
//! ```text
//! cargo run -p concurrencia --example run_in_executor
//! ```

use std::error::Error;
use std::time::Instant;

use concurrencia::asyncio::{self, gather, get_running_loop, sleep};
use concurrencia::futures::{ProcessPoolExecutor, ThreadPoolExecutor};
use concurrencia::{process, time};

/// Bloquea su hilo: en una corrutina pararía el bucle entero.
fn lee(segundos: f64) -> usize {
    time::sleep(segundos);
    120
}

/// No espera a nada: solo calcula.
fn suma_de_cuadrados(n: u128) -> u128 {
    (0..n).map(|i| i * i).sum()
}

async fn late() {
    for latido in 1..=3 {
        sleep(0.5).await;
        println!("  el bucle sigue: {latido}");
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    process::init(); // en un cuaderno no hace falta
    let (hilos, procesos) = (ThreadPoolExecutor::new(4)?, ProcessPoolExecutor::new(2)?);
    asyncio::run(async {
        let (bucle, inicio) = (get_running_loop(), Instant::now());
        let (leidos, otros, suma, ()) = gather((
            bucle.run_in_executor(&hilos, lee, (1.5,)),
            bucle.run_in_executor(None, lee, (1.0,)), // los hilos del propio bucle
            bucle.run_in_executor(&procesos, suma_de_cuadrados, (1_000_000,)),
            late(),
        ))
        .await?;
        let segundos = time::to_lesson(inicio.elapsed());
        println!("{leidos} y {otros} bytes, {suma}: todo en {segundos:.1} s de la lección");
        Ok(())
    })
}
