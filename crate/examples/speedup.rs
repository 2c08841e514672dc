//! Contar primos con 1, 2 y 4 hilos, y ver cuánto se gana. Se lanza con:
//!
//! ```sh
//! cargo run --release -p concurrencia --example speedup -- aceleracion.svg
//! ```

use std::error::Error;
use std::thread;

use concurrencia::prelude::*;

fn es_primo(n: u64) -> bool {
    n >= 2
        && (2..)
            .take_while(|d| d * d <= n)
            .all(|d| !n.is_multiple_of(d))
}

/// Cuenta los primos impares; cada hilo mira uno de cada `hilos` impares, y así a todos les toca lo mismo.
fn primos(hasta: u64, hilos: usize) -> usize {
    let parte = |primero: u64| {
        let impares = (2 * primero + 1..hasta).step_by(2 * hilos);
        impares.filter(|n| es_primo(*n)).count()
    };
    thread::scope(|bloque| {
        let partes: Vec<_> = (0..hilos as u64)
            .map(|primero| bloque.spawn(move || parte(primero)))
            .collect();
        let contados = partes
            .into_iter()
            .map(|hilo| hilo.join().expect("contar no falla"));
        contados.sum()
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let ruta = std::env::args()
        .nth(1)
        .ok_or("falta la ruta del SVG: prueba con «aceleracion.svg»")?;
    let escala = Speedup::measure([1, 2, 4], 5, |hilos| primos(200_000, hilos));
    println!("{escala}\n");

    let figura = escala.plot("Con dos núcleos, hasta dos veces");
    figura.save(&ruta)?;
    println!("{figura}");
    Ok(())
}
