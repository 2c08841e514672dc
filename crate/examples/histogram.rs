//! Cómo se reparten mil ejecuciones de lo mismo: casi todas igual y unas pocas, mucho más. Se lanza con:
//!
//! ```sh
//! cargo run --release -p concurrencia --example histogram -- reparto.svg
//! ```

use std::error::Error;

use concurrencia::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let ruta = std::env::args()
        .nth(1)
        .ok_or("falta la ruta del SVG: prueba con «reparto.svg»")?;
    let ordenar = measure("ordenar diez mil números", 1000, || {
        let mut numeros: Vec<u64> = (0..10_000_u64).map(|i| i * 7919 % 10_007).collect();
        numeros.sort();
        numeros
    });
    let figura = histogram("Casi siempre tarda lo mismo", &ordenar);
    figura.save(&ruta)?;
    println!("{figura}");
    Ok(())
}
