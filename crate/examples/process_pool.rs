//! Un pool de procesos: el mismo trabajo en uno y en dos, un pánico y una muerte. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example process_pool
//! ```

use concurrencia::prelude::*;

fn suma_de_cuadrados(n: u64) -> u64 {
    (0..n).map(|x| std::hint::black_box(x) * x).sum()
}

fn quebradiza(x: u32) -> u32 {
    match x {
        3 => panic!("no puedo con el {x}"),
        5 => std::process::abort(),
        _ => x,
    }
}

fn main() -> Result<(), ProcessError> {
    process::init();
    let entradas = || (0..8).map(|_| 5_000_000);
    let (uno, dos) = (ProcessPool::new(1)?, ProcessPool::new(2)?);
    let en_uno = measure("un proceso", 3, || uno.map(suma_de_cuadrados, entradas()));
    let en_dos = measure("dos procesos", 3, || dos.map(suma_de_cuadrados, entradas()));
    println!("{en_uno}\n{en_dos}");

    for salida in dos.imap(quebradiza, 0..7) {
        match salida {
            Ok(x) => println!("{x}, bien"),
            Err(error) => println!("{error}"),
        }
    }
    Ok(())
}
