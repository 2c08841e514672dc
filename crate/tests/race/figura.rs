//! La figura: cada lenguaje con su color, su trama y su nombre.

use std::time::Duration;

use concurrencia::Measurement;
use concurrencia::race::{Language, RaceResults};
use roxmltree::Document;

fn carrera() -> RaceResults<()> {
    let medida = |nombre: &str, ms: [u64; 3]| {
        Measurement::from_samples(nombre, ms.map(Duration::from_millis)).with_cores(2)
    };
    RaceResults::from_measurements(
        "16 sitios",
        (),
        [
            (Language::Rust, medida("en serie", [1080, 1083, 1085])),
            (Language::Rust, medida("5 hilos", [220, 222, 231])),
            (
                Language::Python,
                medida("requests, 5 hilos", [228, 236, 250]),
            ),
            (Language::Python, medida("aiohttp", [120, 124, 133])),
        ],
    )
}

#[test]
fn cada_lenguaje_tiene_su_trama_y_su_entrada_en_la_leyenda() {
    let figura = carrera().plot("16 sitios, Rust y Python");
    let documento = Document::parse(figura.svg()).unwrap();
    let tramas: Vec<&str> = documento
        .descendants()
        .filter(|nodo| nodo.tag_name().name() == "pattern")
        .map(|nodo| nodo.attribute("id").unwrap())
        .collect();
    let [trama] = tramas[..] else {
        panic!("{tramas:?}")
    };
    let con_relleno = |relleno: &str| {
        documento
            .descendants()
            .filter(|nodo| {
                nodo.tag_name().name() == "rect" && nodo.attribute("fill") == Some(relleno)
            })
            .count()
    };
    // Dos barras y la muestra de la leyenda, de cada uno.
    assert_eq!(con_relleno(&format!("url(#{trama})")), 3);
    assert_eq!(con_relleno("#E69F00"), 3);
    let textos: Vec<&str> = documento
        .descendants()
        .filter(|nodo| nodo.tag_name().name() == "text")
        .filter_map(|nodo| nodo.text())
        .collect();
    for dicho in [
        "Rust",
        "Python",
        "Rust: en serie",
        "Python: aiohttp",
        "0,124\u{a0}s",
    ] {
        assert!(textos.contains(&dicho), "falta «{dicho}» en {textos:?}");
    }
}

#[test]
fn se_lee_tambien_sin_verla() {
    let figura = carrera().plot("16 sitios, Rust y Python");
    let documento = Document::parse(figura.svg()).unwrap();
    let descripcion = documento
        .descendants()
        .find(|nodo| nodo.tag_name().name() == "desc")
        .and_then(|nodo| nodo.text())
        .unwrap();
    assert!(
        descripcion.contains("Rust: 5 hilos: 0,222\u{a0}s"),
        "{descripcion}"
    );
    assert!(
        descripcion.contains("Python: aiohttp: 0,124\u{a0}s"),
        "{descripcion}"
    );
    assert!(figura.text().contains("Python: requests, 5 hilos"));
}

#[test]
fn con_un_solo_lenguaje_no_se_nombra_el_otro() {
    let medida = Measurement::from_samples("nada", [Duration::from_millis(1)]);
    let figura = RaceResults::from_measurements("una", (), [(Language::Rust, medida)]).plot("Una");
    assert!(!figura.svg().contains("Python"));
}
