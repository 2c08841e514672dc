//! Tres factoriales a la vez, en un solo hilo: mientras uno espera, avanzan los demás.
//!
//! ```text
//! cargo run -p concurrencia --example asyncio
//! ```

use std::time::Instant;

use concurrencia::asyncio::{self, TaskError, gather, sleep, wait_for};
use concurrencia::time::to_lesson;

async fn factorial(nombre: &str, n: u64) -> u64 {
    let mut f = 1;
    for i in 2..=n {
        println!("{nombre}: multiplico por {i}…");
        sleep(1).await;
        f *= i;
    }
    println!("{nombre}: {n}! = {f}");
    f
}

fn main() -> Result<(), TaskError> {
    let inicio = Instant::now();
    let salidas = asyncio::run(gather((
        factorial("A", 2),
        factorial("B", 3),
        factorial("C", 4),
    )))?;
    println!(
        "{salidas:?} en {:.0} s de la lección, y no en 6",
        to_lesson(inicio.elapsed())
    );

    // Con plazo: lo que no acaba a tiempo se cancela, y es un valor.
    match asyncio::run(wait_for(factorial("D", 20), 2)) {
        Ok(f) => println!("20! = {f}"),
        Err(error) => println!("{error}"),
    }
    Ok(())
}
