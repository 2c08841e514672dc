//! Un pool de hilos: el mismo trabajo en uno y en dos, lo capturado, un pánico y los resultados según llegan. Se lanza
//! con:
//!
//! ```sh
//! cargo run --release -p concurrencia --example thread_pool
//! ```

use concurrencia::prelude::*;
use concurrencia::{Comparison, ThreadPool};

fn suma_de_cuadrados(n: u64) -> u64 {
    (0..n).map(|x| std::hint::black_box(x) * x).sum()
}

fn main() -> Result<(), ThreadError> {
    concurrencia::install_panic_hook(); // en un cuaderno se instala solo
    let entradas = || (0..8).map(|_| 5_000_000);
    let (uno, dos) = (ThreadPool::new(1)?, ThreadPool::new(2)?);
    let en_uno = measure("un hilo", 3, || uno.map(suma_de_cuadrados, entradas()));
    let en_dos = measure("dos hilos", 3, || dos.map(suma_de_cuadrados, entradas()));
    println!("{}", Comparison::new([en_uno, en_dos]));

    // La función puede llevarse lo que necesite, y los datos se mueven: no se copian.
    let saludo = "hola".to_owned();
    let largos = dos.map(
        move |nombre: String| saludo.len() + nombre.len(),
        ["Ada".to_owned(), "Grace".to_owned()],
    );
    println!("{:?}", largos?);

    for salida in dos.imap(|x: u32| 12 / x, 0..4) {
        match salida {
            Ok(x) => println!("{x}, bien"),
            Err(error) => println!("{error}"),
        }
    }

    let resultado = dos.apply_async(|a: i64, b| a + b, (2, 3));
    println!("{resultado:?}");
    println!("{}", resultado.get()?);
    Ok(())
}
