//! Una carrera con un aviso de salida y otro de parada. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example event
//! ```

use concurrencia::prelude::*;
use concurrencia::sync::Event;

fn corre(salida: &Event, parada: &Event) -> u32 {
    salida.wait();
    let mut metros = 0;
    // Espera el aviso un rato cada vez; si no llega, sigue corriendo.
    while parada.wait_timeout(0.1).is_err() {
        metros += 1;
    }
    metros
}

fn main() -> Result<(), ThreadError> {
    let salida = Event::new().with_name("salida");
    let parada = Event::new().with_name("parada");
    let mut corredores: Vec<_> = (0..3)
        .map(|_| {
            let (salida, parada) = (salida.clone(), parada.clone());
            Thread::new(move || corre(&salida, &parada))
        })
        .collect();
    for corredor in &mut corredores {
        corredor.start()?;
    }
    sleep(1);
    println!("preparados… {salida:?}");
    salida.set();
    sleep(5);
    parada.set();
    for corredor in corredores {
        let nombre = corredor.name().to_owned();
        println!("{nombre}: {} m", corredor.join()?);
    }
    Ok(())
}
