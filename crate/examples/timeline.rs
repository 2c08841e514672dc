//! La línea de tiempo de cuatro hilos que se reparten doce descargas y apuntan cada una en la misma cuenta.
//!
//! ```sh
//! cargo run -p concurrencia --example timeline
//! ```
//!
//! Escribe el texto, y deja el dibujo y la traza (para <https://ui.perfetto.dev>) en la carpeta temporal.

use concurrencia::{Lock, ThreadError, ThreadPool, sleep, timeline};

fn main() -> Result<(), ThreadError> {
    let cuenta = Lock::new(0_u32).with_name("cuenta");
    let descargar = {
        let cuenta = cuenta.clone();
        move |n: u32| {
            sleep(0.5 + f64::from(n % 3) * 0.3);
            let mut cuenta = cuenta.acquire().expect("nadie más coge otro cerrojo");
            sleep(0.2); // apuntar cuesta, y solo apunta uno a la vez
            *cuenta += 1;
        }
    };

    let pool = ThreadPool::new(4)?;
    let traza = timeline(|| pool.map(descargar, 0..12));

    let figura = traza.plot("Cuatro hilos, doce descargas: apuntarlas de una en una frena a todos");
    println!("{figura}\n\n{traza}");
    let carpeta = std::env::temp_dir();
    let (dibujo, datos) = (
        carpeta.join("linea_de_tiempo.svg"),
        carpeta.join("linea_de_tiempo.json"),
    );
    figura.save(&dibujo).expect("la carpeta temporal existe");
    traza.save(&datos).expect("la carpeta temporal existe");
    println!(
        "\nEl dibujo está en {} y la traza, en {}.",
        dibujo.display(),
        datos.display()
    );
    assert_eq!(*cuenta.acquire().expect("ya no lo tiene nadie"), 12);
    Ok(())
}
