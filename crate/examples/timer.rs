//! Dos avisos: uno llega a su hora y el otro se cancela antes. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example timer
//! ```

use concurrencia::Timer;
use concurrencia::prelude::*;

fn main() -> Result<(), ThreadError> {
    let mut horno = Timer::new(3, || {
        println!("¡el pan!");
        "tostado"
    })
    .with_name("horno");
    let mut alarma = Timer::new(1_000_000, || "nunca").with_name("alarma");
    horno.start()?;
    alarma.start()?;
    println!("{horno:?}\n{alarma:?}");

    let a_tiempo = alarma.cancel();
    println!("{alarma:?}, ¿a tiempo? {a_tiempo}");
    println!("alarma: {:?}, sin esperar el plazo", alarma.join()?);

    println!("horno: {:?}", horno.join_timeout(60)?);
    println!("{horno:?}, ¿se puede cancelar ya? {}", horno.cancel());
    Ok(())
}
