//! Lo que sale se parece a lo que da Pillow.

use std::path::Path;

use workloads::image;
use workloads::images::{SIZE, photo, photo_png, shrink};

use crate::comun::diferencia;
use crate::pruebas;

pruebas![se_parece_a_la_de_pillow];

/// La diferencia media que se admite, de 255. Es con los píxeles de Pillow antes de guardarlos: al guardar los suyos en
/// JPEG, él mismo se aparta unos 3.
const ADMITIDA: f64 = 3.0;

fn se_parece_a_la_de_pillow() {
    let datos = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/datos");
    for (semilla, ancho, alto, formato) in [
        (1, 1600, 900, "jpg"),
        (2, 1600, 900, "jpg"),
        (3, 1024, 576, "jpg"),
        (4, 900, 1200, "png"),
    ] {
        let pinta = if formato == "png" { photo_png } else { photo };
        let miniatura = shrink(&pinta(semilla, ancho, alto), SIZE).unwrap();
        let miniatura = image::load_from_memory(&miniatura).unwrap();
        let nombre = format!("{semilla}_{ancho}x{alto}_{formato}.png");
        let de_pillow = image::open(datos.join(&nombre)).unwrap();
        let diferencia = diferencia(&miniatura, &de_pillow);
        assert!(diferencia < ADMITIDA, "{nombre}: {diferencia:.2} de 255");
    }
}
