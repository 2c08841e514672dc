//! La misma función con hilos y con procesos: cambiar unos por otros es cambiar el tipo. Se lanza con:
//!
//! ```sh
//! cargo run --release -p concurrencia --example pool
//! ```

use concurrencia::prelude::*;
use concurrencia::{Comparison, Pool, ThreadPool};

fn primos_hasta(n: u64) -> usize {
    let es_primo = |x: &u64| {
        (2..)
            .take_while(|d| d * d <= *x)
            .all(|d| !x.is_multiple_of(d))
    };
    (2..n).filter(es_primo).count()
}

fn cuadrado(x: i64) -> i64 {
    x * x
}

/// Cuenta los primos de unos cuantos tramos.
fn cuenta<P: Pool>(pool: &P) -> Result<usize, P::Error> {
    Ok(pool.map(primos_hasta, [200_000; 16])?.into_iter().sum())
}

/// Lo que cuesta repartir tareas que no cuestan nada.
fn reparte<P: Pool>(pool: &P) -> Result<i64, P::Error> {
    Ok(pool.map(cuadrado, 0..100_000)?.into_iter().sum())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    process::init();
    let (hilos, procesos) = (ThreadPool::new(2)?, ProcessPool::new(2)?);
    assert_eq!(cuenta(&hilos)?, cuenta(&procesos)?);

    println!("16 tareas de unos milisegundos:");
    let con_hilos = measure("hilos", 5, || cuenta(&hilos));
    let con_procesos = measure("procesos", 5, || cuenta(&procesos));
    println!("{}", Comparison::new([con_hilos, con_procesos]));

    println!("100 000 tareas de un nanosegundo:");
    let con_hilos = measure("hilos", 5, || reparte(&hilos));
    let con_procesos = measure("procesos", 5, || reparte(&procesos));
    println!("{}", Comparison::new([con_hilos, con_procesos]));
    Ok(())
}
