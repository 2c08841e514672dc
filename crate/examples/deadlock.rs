//! La cena de los filósofos: se interbloquean, lo dicen, y en el orden bueno comen todos. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example deadlock
//! ```

use concurrencia::sync::{Barrier, Lock, SyncError};
use concurrencia::{Thread, ThreadError, sleep};

const NOMBRES: [&str; 5] = ["Platón", "Hipatia", "Séneca", "Beauvoir", "Zambrano"];

fn come(primero: &Lock<u32>, segundo: &Lock<u32>, mesa: &Barrier) -> Result<(), SyncError> {
    mesa.wait()?; // todos empiezan a la vez
    let mut primero = primero.acquire()?;
    sleep(0.5);
    let mut segundo = segundo.acquire()?;
    *primero += 1;
    *segundo += 1;
    Ok(())
}

fn cena(en_orden: bool) -> Result<(), ThreadError> {
    let tenedores: Vec<_> = (1..=5)
        .map(|i| Lock::new(0).with_name(format!("tenedor {i}")))
        .collect();
    let mesa = Barrier::new(NOMBRES.len());
    let mut filosofos = Vec::new();
    for (i, nombre) in NOMBRES.into_iter().enumerate() {
        let (mut uno, mut otro) = (i, (i + 1) % 5);
        if en_orden && uno > otro {
            (uno, otro) = (otro, uno);
        }
        let (uno, otro) = (tenedores[uno].clone(), tenedores[otro].clone());
        let mesa = mesa.clone();
        let mut hilo = Thread::new(move || come(&uno, &otro, &mesa)).with_name(nombre);
        hilo.start()?;
        filosofos.push(hilo);
    }
    for filosofo in filosofos {
        let nombre = filosofo.name().to_owned();
        match filosofo.join()? {
            Ok(()) => println!("{nombre} ha comido"),
            Err(error) => println!("{nombre} se queda sin comer: {error}"),
        }
    }
    Ok(())
}

fn main() -> Result<(), ThreadError> {
    println!("Cada uno coge primero el tenedor de su izquierda:");
    cena(false)?;
    println!("\nCada uno coge primero el de número menor:");
    cena(true)
}
