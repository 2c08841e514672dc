//! Paralelizar una función sin cambiarla, como con la biblioteca `parallel` de Python. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example parallel
//! ```

use concurrencia::prelude::*;
use concurrencia::{Parallel, parallel};

/// Como si bajara una página: espera un rato y dice cuánto ocupa.
fn descarga(url: &str) -> usize {
    sleep(url.len() as f64 / 20.0);
    url.len()
}

fn especie(nombre: &'static str, color: &'static str) -> String {
    format!("{nombre}: {color}")
}

fn cuadrado(x: i64) -> i64 {
    x * x
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    process::init();
    let urls = [
        "https://python.org",
        "https://python-requests.com",
        "https://rmotr.com",
    ];

    // results = descarga.map(urls, timeout=5, max_workers=4)
    println!(
        "{:?}",
        descarga.par_map(urls).timeout(5).max_workers(4).run()?
    );

    // En procesos, la misma llamada.
    println!(
        "{:?}",
        cuadrado.par_map(1..=10).processes().max_workers(2).run()?
    );

    // Si vence el plazo, el error dice cuáles faltaron y guarda las que llegaron.
    match descarga.par_map(urls).timeout(1.1).run() {
        Ok(tamaños) => println!("{tamaños:?}"),
        Err(parcial) => println!("{parcial}\n{:?}", parcial.succeeded()),
    }

    // with parallel.async_par(futuros, max_workers=5) as ex: resultados = ex.results(timeout=4)
    let futuros = [
        ("planta", especie.future(("rosa", "roja"))),
        ("animal", especie.future(("león", "amarillo"))),
        ("insecto", especie.future(("abeja", "café"))),
    ];
    let ex = parallel::async_par(futuros).max_workers(5).start();
    println!("iniciamos la ejecución");
    let resultados = ex.results_timeout(4)?;
    println!("terminamos la ejecución: {resultados:?}");
    Ok(())
}
