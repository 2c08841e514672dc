//! Cuatro cajeros sobre la misma cuenta, y una función que llama a otra con el cerrojo cogido. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example lock
//! ```

use std::cell::Cell;
use std::error::Error;

use concurrencia::sync::{Lock, RLock, SyncError};
use concurrencia::{Thread, sleep};

fn cajero(saldo: &Lock<i32>, veces: u32) -> Result<(), SyncError> {
    for _ in 0..veces {
        let mut saldo = saldo.acquire()?;
        let antes = *saldo;
        sleep(0.01); // aquí se colaría otro, si pudiera
        *saldo = antes + 1;
    }
    Ok(())
}

fn apunta(diario: &RLock<Cell<u32>>) -> Result<(), SyncError> {
    let diario = diario.acquire()?; // quien llama ya lo tiene: no pasa nada
    diario.set(diario.get() + 1);
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let saldo = Lock::new(0).with_name("saldo");
    let mut hilos: Vec<_> = (0..4)
        .map(|_| {
            let saldo = saldo.clone();
            Thread::new(move || cajero(&saldo, 25))
        })
        .collect();
    for hilo in &mut hilos {
        hilo.start()?;
    }
    println!("{saldo:?}");
    for hilo in hilos {
        hilo.join()??;
    }
    println!("{saldo:?}");
    println!("total: {}", saldo.acquire()?);

    let diario = RLock::new(Cell::new(0)).with_name("diario");
    let turno = diario.acquire()?;
    apunta(&diario)?;
    apunta(&diario)?;
    println!("{diario:?}: {} apuntes seguidos", turno.get());
    Ok(())
}
