//! Tres excursionistas que se esperan en cada refugio, y lo que pasa si uno no llega. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example barrier
//! ```

use std::error::Error;

use concurrencia::sync::{Barrier, SyncError};
use concurrencia::{Thread, sleep};

fn camina(refugio: &Barrier, etapa: u32) -> Result<usize, SyncError> {
    for _ in 0..2 {
        sleep(etapa);
        refugio.wait()?;
    }
    refugio.wait()
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut noche = 0;
    let refugio = Barrier::new(3).with_name("refugio").with_action(move || {
        noche += 1;
        println!("noche {noche}: están los tres");
    });
    let mut hilos: Vec<_> = (1..=3)
        .map(|etapa| {
            let refugio = refugio.clone();
            Thread::new(move || camina(&refugio, etapa))
        })
        .collect();
    for hilo in &mut hilos {
        hilo.start()?;
    }
    for hilo in hilos {
        let nombre = hilo.name().to_owned();
        println!("{nombre} llegó con el índice {}", hilo.join()??);
    }

    // Solo, no pasa nadie: al acabarse el plazo queda rota.
    if let Err(error) = refugio.wait_timeout(1) {
        println!("{refugio:?}: {error}");
    }
    refugio.reset();
    println!("{refugio:?}");
    Ok(())
}
