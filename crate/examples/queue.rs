//! Dos productores y tres consumidores con una cola de cuatro huecos, y un cierre que los despide. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example queue
//! ```

use std::error::Error;

use concurrencia::prelude::*;
use concurrencia::queue::{Full, Queue};

fn produce(cola: &Queue<u64>, desde: u64) -> Result<(), Full<u64>> {
    for n in desde..desde + 6 {
        cola.put(n)?; // espera si está llena
    }
    Ok(())
}

fn consume(cola: &Queue<u64>, id: u64) -> u64 {
    let mut suma = 0;
    for n in cola {
        sleep(1);
        println!("consumidor {id}: {n}");
        suma += n;
        cola.task_done().expect("uno por cada elemento");
    }
    suma // la cola está cerrada y vacía
}

fn main() -> Result<(), Box<dyn Error>> {
    let cola = Queue::bounded(4);
    let mut consumidores: Vec<Thread<u64>> = (1..=3)
        .map(|id| {
            let cola = cola.clone();
            Thread::new(move || consume(&cola, id))
        })
        .collect();
    let mut productores: Vec<Thread<Result<(), Full<u64>>>> = [100, 200]
        .into_iter()
        .map(|desde| {
            let cola = cola.clone();
            Thread::new(move || produce(&cola, desde))
        })
        .collect();
    for consumidor in &mut consumidores {
        consumidor.start()?;
    }
    for productor in &mut productores {
        productor.start()?;
    }
    for productor in productores {
        productor.join()??;
    }
    println!("ya está todo puesto: {cola:?}");
    cola.join();
    println!("y todo hecho: {cola:?}");
    cola.shutdown();
    for consumidor in consumidores {
        println!("un consumidor ha sumado {}", consumidor.join()?);
    }
    Ok(())
}
