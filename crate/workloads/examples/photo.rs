//! Pinta una foto inventada y la guarda.
//!
//! `cargo run --release -p concurrencia-workloads --example photo -- 7 1600 900 foto.jpg`

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;

use workloads::images::{photo, photo_png};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [seed, width, height, path] = args.as_slice() else {
        return Err("uso: photo SEMILLA ANCHO ALTO ARCHIVO.jpg (o .png)".into());
    };
    let paint = match Path::new(path).extension() {
        Some(extension) if extension == "png" => photo_png,
        _ => photo,
    };
    let bytes = paint(seed.parse()?, width.parse()?, height.parse()?);
    println!("{path}: {} kB", bytes.len() / 1000);
    fs::write(path, bytes)?;
    Ok(())
}
