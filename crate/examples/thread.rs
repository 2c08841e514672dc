//! Seis hilos que esperan a la vez, y el valor de cada uno. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example thread
//! ```

use concurrencia::prelude::*;

fn tarea(id: u64) -> u64 {
    println!("tarea {id}: empieza");
    sleep(5);
    println!("tarea {id}: acaba");
    id * id
}

fn main() -> Result<(), ThreadError> {
    let entradas = [123, 456, 789, 111, 222, 333];
    let mut hilos: Vec<Thread<u64>> = entradas
        .into_iter()
        .map(|id| Thread::new(move || tarea(id)))
        .collect();
    for hilo in &mut hilos {
        hilo.start()?;
    }
    println!("{hilos:?}");
    let salidas = hilos
        .into_iter()
        .map(Thread::join)
        .collect::<Result<Vec<_>, _>>()?;
    println!("salidas: {salidas:?}");
    Ok(())
}
