//! `shares`: la parte hecha de cada cosa, a la misma escala.

use concurrencia::plot::shares;
use roxmltree::Document;

use super::comun::{etiquetas, numero, textos};

#[test]
fn lo_hecho_guarda_la_proporcion_con_el_total() {
    let figura = shares("Media y un cuarto", [("media", 5, 10), ("cuarto", 1, 4)]);
    let documento = Document::parse(figura.svg()).unwrap();
    let anchos = |relleno: &str| -> Vec<f64> {
        etiquetas(&documento, "rect")
            .filter(|nodo| {
                nodo.attribute("fill")
                    .is_some_and(|f| f.starts_with(relleno))
            })
            .map(|nodo| numero(&nodo, "width") + 2.0)
            .collect()
    };
    // El primero es el de la leyenda.
    let [_, media, cuarto] = anchos("url(#trama-")[..] else {
        panic!("{}", figura.svg())
    };
    assert!((media / cuarto - 2.0).abs() < 0.05, "{media} y {cuarto}");
}

#[test]
fn se_lee_lo_mismo_en_el_dibujo_y_en_el_texto() {
    let figura = shares("Vamos", [("hilos", 3, 10), ("procesos", 0, 7)]);
    let leidos = textos(&figura);
    for dicho in [
        "hilos",
        "3 de 10",
        "procesos",
        "0 de 7",
        "hecho",
        "por hacer",
    ] {
        assert!(
            leidos.iter().any(|texto| texto == dicho),
            "{dicho}: {leidos:?}"
        );
    }
    assert!(figura.text().contains("3 de 10") && figura.text().contains("0 de 7"));
}

#[test]
fn hecho_de_mas_cuenta_como_el_total_y_de_nada_como_nada() {
    let figura = shares("Raras", [("de más", 12, 10), ("de nada", 0, 0)]);
    assert!(figura.text().contains("10 de 10"), "{}", figura.text());
    assert!(figura.text().contains("0 de 0"), "{}", figura.text());
}

#[test]
#[should_panic(expected = "al menos una fila")]
fn sin_filas_no_hay_figura() {
    let _ = shares("Nada", Vec::<(String, usize, usize)>::new());
}
