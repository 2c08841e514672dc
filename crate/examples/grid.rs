//! Varias figuras en una, que es lo que enseña una celda. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example grid -- juntas.svg
//! ```

use std::error::Error;
use std::time::Duration;

use concurrencia::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let ruta = std::env::args()
        .nth(1)
        .ok_or("falta la ruta del SVG: prueba con «juntas.svg»")?;
    let medidas = [(1, 1000), (2, 520), (4, 510)].map(|(hilos, ms)| {
        let muestras = (0..20).map(|i| Duration::from_millis(ms + i * i % 11));
        let nombre = format!("con {hilos} a la vez");
        (
            hilos,
            Measurement::from_samples(nombre, muestras).with_cores(2),
        )
    });
    let tiempos = bars(
        "De dos en adelante, lo mismo",
        medidas.iter().map(|(_, m)| m),
    );
    let reparto = histogram("Todas las veces tarda parecido", &medidas[0].1);
    let escala = Speedup::from_measurements(medidas).plot("Con dos núcleos, hasta dos veces");

    let figura = grid(
        "No hay más núcleos que repartir",
        [tiempos, escala, reparto],
    );
    figura.save(&ruta)?;
    println!("{figura}");
    Ok(())
}
