//! Seis descargas de dos en dos, y una impresora que no admite devolver lo que no se cogió. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example semaphore
//! ```

use concurrencia::prelude::*;
use concurrencia::sync::{BoundedSemaphore, Semaphore};

fn main() -> Result<(), ThreadError> {
    let plazas = Semaphore::new(2).with_name("descargas");
    let mut hilos: Vec<_> = (1..=6)
        .map(|id| {
            let plazas = plazas.clone();
            Thread::new(move || {
                let _plaza = plazas.permit(); // vuelve al acabar, también con un pánico
                println!("descarga {id}: empieza");
                sleep(2);
                println!("descarga {id}: acaba");
            })
        })
        .collect();
    for hilo in &mut hilos {
        hilo.start()?;
    }
    sleep(1);
    println!("{plazas:?}");
    for hilo in hilos {
        hilo.join()?;
    }
    println!("{plazas:?}");

    let impresoras = BoundedSemaphore::new(1).with_name("impresoras");
    if let Err(error) = impresoras.release() {
        println!("{error}");
    }
    Ok(())
}
