//! `Figure::save` con el programa de verdad.

use concurrencia::{Measurement, bars};
use resvg::tiny_skia::Pixmap;
use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

const PROGRAMA: &str = env!("CARGO_BIN_EXE_concurrencia-png");

#[test]
fn una_figura_se_guarda_como_png() {
    // La variable es de todo el proceso: la pone otro, este mismo programa, que se lanza con ella.
    if env::var_os("CONCURRENCIA_PNG").is_none_or(|ruta| ruta != PROGRAMA) {
        let salida = Command::new(env::current_exe().unwrap())
            .args(["una_figura_se_guarda_como_png", "--exact", "--nocapture"])
            .env("CONCURRENCIA_PNG", PROGRAMA)
            .output()
            .unwrap();
        assert!(
            salida.status.success(),
            "{}",
            String::from_utf8_lossy(&salida.stderr)
        );
        return;
    }
    let series = (1..=20).map(|i| {
        let muestras = (0..100).map(|j| Duration::from_micros(1000 * i + 7 * j));
        Measurement::from_samples(format!("la serie número {i}"), muestras)
    });
    let figura = bars("¿Cuánto tarda cada una?", series);
    let ruta = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("figura.png");
    figura.save(&ruta).unwrap();
    let imagen = Pixmap::decode_png(&std::fs::read(&ruta).unwrap()).unwrap();
    std::fs::remove_file(&ruta).unwrap();

    let medida = |nombre: &str| -> u32 {
        let resto = figura.svg().split(&format!(" {nombre}=\"")).nth(1).unwrap();
        resto.split('"').next().unwrap().parse().unwrap()
    };
    assert_eq!(imagen.width(), 2 * medida("width"));
    assert_eq!(imagen.height(), 2 * medida("height"));
    let hay = |rgb: [u8; 3]| {
        imagen
            .pixels()
            .iter()
            .any(|p| [p.red(), p.green(), p.blue()] == rgb)
    };
    assert!(
        hay([0x00, 0x72, 0xB2]) && hay([0xE6, 0x9F, 0x00]),
        "las barras, con sus colores"
    );
    let esquina = imagen.pixel(0, 0).unwrap();
    assert_eq!(
        (esquina.red(), esquina.alpha()),
        (255, 255),
        "el fondo es blanco"
    );
}
