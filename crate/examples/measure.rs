//! Tres esperas, una tras otra y a la vez: cuánto tarda cada forma. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example measure
//! ```

use concurrencia::prelude::*;

fn una_tras_otra() {
    for _ in 0..3 {
        sleep(0.5);
    }
}

fn a_la_vez() {
    let mut hilos: Vec<Thread<()>> = (0..3).map(|_| Thread::new(|| sleep(0.5))).collect();
    for hilo in &mut hilos {
        hilo.start().expect("el sistema da para tres hilos");
    }
    for hilo in hilos {
        hilo.join().expect("dormir no falla");
    }
}

fn main() {
    let serie = measure("una tras otra", 5, una_tras_otra);
    let hilos = measure("tres hilos", 5, a_la_vez);
    println!("{}", Comparison::new([&serie, &hilos]));
}
