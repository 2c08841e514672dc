//! Contar los números primos que hay hasta uno dado, en Rust y en Python: la tabla y la figura. Se lanza con:
//!
//! ```sh
//! cargo run --release -p concurrencia --example race -- carrera.svg
//! ```
//!
//! El Python es el de la variable `CONCURRENCIA_PYTHON` o el `python3` del PATH; sin él corre solo Rust y lo avisa.

use std::error::Error;

use concurrencia::prelude::*;

const HASTA: u64 = 60_000;

const PRIMOS: Script = Script::new(
    "primos",
    "
from concurrent.futures import ProcessPoolExecutor
from math import isqrt

def es_primo(n):
    return n > 1 and all(n % d for d in range(2, isqrt(n) + 1))

def en_serie(hasta):
    return sum(map(es_primo, range(hasta)))

def con_procesos(hasta, procesos):
    with ProcessPoolExecutor(procesos) as grupo:
        return sum(grupo.map(es_primo, range(hasta), chunksize=1000))
",
);

fn es_primo(n: u64) -> bool {
    n > 1 && (2..=n.isqrt()).all(|d| !n.is_multiple_of(d))
}

fn en_serie() -> usize {
    (0..HASTA).filter(|&n| es_primo(n)).count()
}

fn con_rayon() -> usize {
    use concurrencia::rayon::prelude::*;
    (0..HASTA).into_par_iter().filter(|&n| es_primo(n)).count()
}

fn main() -> Result<(), Box<dyn Error>> {
    let carrera = Race::new("primos hasta 60 000", 5)
        .rust("en serie", en_serie)
        .rust("rayon", con_rayon)
        .python("en serie", PRIMOS.call("en_serie", (HASTA,)))
        .python("2 procesos", PRIMOS.call("con_procesos", (HASTA, 2)))
        .run()?;
    println!("{} primos\n\n{carrera}", carrera.value());
    if let Some(ruta) = std::env::args().nth(1) {
        carrera
            .plot("Contar primos: lo mismo, en Rust y en Python")
            .save(ruta)?;
    }
    Ok(())
}
