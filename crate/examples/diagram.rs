//! Un diagrama de cajas y flechas: lo que le pasa a un hilo, de que se crea a que se recoge. Se lanza con:
//!
//! ```sh
//! cargo run -p concurrencia --example diagram -- hilo.svg
//! ```

use std::error::Error;

use concurrencia::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let ruta = std::env::args()
        .nth(1)
        .ok_or("falta la ruta del SVG: prueba con «hilo.svg»")?;
    let figura = Diagram::new()
        .node("nuevo", "creado\nThread::new", (0, 0))
        .node("listo", "listo,\nsin núcleo", (1, 0))
        .node("ejecuta", "ejecuta", (2, 0))
        .node("espera", "espera: sleep,\ncerrojo, red", (1, 1))
        .node("acabado", "acabado", (2, 1))
        .class(
            "no gasta procesador",
            ["nuevo", "listo", "espera", "acabado"],
        )
        .class("gasta procesador", ["ejecuta"])
        .arrow("nuevo", "listo", "start")
        .arrow("listo", "ejecuta", "le toca")
        .arrow("ejecuta", "listo", "se acaba el turno")
        .arrow("espera", "listo", "ya está")
        .arrow("ejecuta", "acabado", "return o pánico")
        .group(
            "lo reparte el sistema operativo",
            ["listo", "ejecuta", "espera", "acabado"],
        )
        .plot("Un hilo que no ejecuta no gasta procesador");
    figura.save(&ruta)?;
    println!("{figura}");
    Ok(())
}
