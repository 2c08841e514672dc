//! La figura de un puñado de medidas ya tomadas, en un archivo SVG o PNG. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example bars -- barras.svg
//! ```

use std::error::Error;
use std::time::Duration;

use concurrencia::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let ruta = std::env::args()
        .nth(1)
        .ok_or("falta la ruta: prueba con «barras.svg» o «barras.png»")?;
    let serie = Measurement::from_samples(
        "seis tareas, una tras otra",
        [3003, 3002, 3006, 3004, 3011].map(Duration::from_millis),
    );
    let hilos = Measurement::from_samples(
        "seis hilos",
        [501, 502, 501, 504, 530].map(Duration::from_millis),
    );
    let figura = bars("Seis hilos tardan lo que uno", [&serie, &hilos]);
    figura.save(&ruta)?;
    println!("{figura}");
    Ok(())
}
