//! Un latido cada segundo que se cancela, y una cuenta atrás que acaba sola. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example repeating_timer
//! ```

use std::ops::ControlFlow;

use concurrencia::RepeatingTimer;
use concurrencia::prelude::*;

fn main() -> Result<(), ThreadError> {
    let mut latido = RepeatingTimer::new(1, || println!("  (sigo aquí)")).with_name("latido");
    latido.start()?;

    let mut falta = 4;
    let mut cohete = RepeatingTimer::new(2, move || {
        falta -= 1;
        if falta == 0 {
            return ControlFlow::Break("¡despegue!");
        }
        println!("{falta}…");
        ControlFlow::Continue(())
    });
    cohete.start()?;
    println!("{:?}", cohete.join()?);

    latido.cancel();
    println!("{latido:?}");
    assert_eq!(latido.join()?, None);
    Ok(())
}
