//! `grid`: varias figuras en una, enteras y con sus proporciones.

use concurrencia::{Figure, bars, grid, histogram};
use roxmltree::Document;

use super::comun::{etiquetas, identificadores, medicion, numero, textos};

fn barras(titulo: &str) -> Figure {
    bars(
        titulo,
        [medicion("una", &[10, 11]), medicion("otra", &[20, 22])],
    )
}

/// Con una trama: dos ejecuciones se van muy lejos.
fn con_trama() -> Figure {
    let mut muestras: Vec<u64> = (0..50).map(|i| 1000 + i % 10).collect();
    muestras.push(900_000);
    histogram("Con trama", medicion("m", &muestras))
}

fn columnas(figura: &Figure) -> usize {
    let documento = Document::parse(figura.svg()).unwrap();
    let mut xs: Vec<String> = etiquetas(&documento, "svg")
        .filter_map(|nodo| nodo.attribute("x"))
        .map(str::to_owned)
        .collect();
    xs.sort();
    xs.dedup();
    xs.len()
}

#[test]
fn tiene_dentro_lo_que_tenian_las_demas() {
    let figuras = [barras("Primera"), con_trama()];
    let junta = grid("Las dos", &figuras);
    let leido = textos(&junta);
    for figura in &figuras {
        assert!(textos(figura).iter().all(|texto| leido.contains(texto)));
        assert!(junta.text().contains(figura.text()));
    }
    assert!(junta.text().starts_with("Las dos\n"));
    let documento = Document::parse(junta.svg()).unwrap();
    let descripcion = etiquetas(&documento, "desc").next().unwrap();
    assert_eq!(descripcion.text(), Some("2 figuras: Primera; Con trama."));
}

#[test]
fn hasta_tres_van_en_una_columna_y_mas_en_dos() {
    let figura = barras("Una");
    for (cuantas, esperadas) in [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (9, 2)] {
        let junta = grid("Juntas", vec![&figura; cuantas]);
        assert_eq!(columnas(&junta), esperadas, "con {cuantas}");
    }
}

#[test]
fn cada_una_conserva_sus_proporciones_y_ninguna_pisa_a_otra() {
    let junta = grid(
        "Juntas",
        [
            barras("a"),
            con_trama(),
            barras("c"),
            con_trama(),
            grid("d", [barras("e"), con_trama()]),
        ],
    );
    let documento = Document::parse(junta.svg()).unwrap();
    let raiz = documento.root_element();
    let mut cajas = Vec::new();
    for nodo in raiz
        .children()
        .filter(|nodo| nodo.tag_name().name() == "svg")
    {
        let [x, y, ancho, alto] = ["x", "y", "width", "height"].map(|a| numero(&nodo, a));
        let vista: Vec<f64> = nodo
            .attribute("viewBox")
            .unwrap()
            .split(' ')
            .map(|n| n.parse().unwrap())
            .collect();
        assert!((ancho / alto - vista[2] / vista[3]).abs() < 0.01);
        for (x2, y2, ancho2, alto2) in &cajas {
            assert!(x >= x2 + ancho2 || *x2 >= x + ancho || y >= y2 + alto2 || *y2 >= y + alto);
        }
        cajas.push((x, y, ancho, alto));
    }
    assert_eq!(cajas.len(), 5);
}

#[test]
fn la_misma_figura_dos_veces_no_repite_identificadores() {
    let trama = con_trama();
    let dos = grid("Dos", [&trama, &trama]);
    let cuatro = grid("Cuatro", [&dos, &dos]);
    for figura in [dos, cuatro] {
        let mut ids = identificadores(&figura);
        assert!(ids.iter().filter(|id| id.starts_with("trama-")).count() >= 2);
        let antes = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), antes);
    }
}

#[test]
fn acepta_figuras_prestadas_o_cedidas() {
    let figuras = vec![barras("a"), barras("b")];
    let prestadas = grid("Juntas", &figuras);
    assert_eq!(grid("Juntas", figuras), prestadas);
}

#[test]
#[should_panic(expected = "nada que juntar")]
fn juntar_nada_no_tiene_sentido() {
    grid("Nada", Vec::<Figure>::new());
}
