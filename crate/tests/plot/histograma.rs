//! `histogram`: cada ejecución cuenta una vez, y lo raro no aplasta lo corriente.

use concurrencia::histogram;
use roxmltree::Document;

use super::comun::{etiquetas, medicion, numero, textos};

/// Las cuentas de las líneas del texto que son cajones.
fn cuentas(texto: &str) -> Vec<usize> {
    let cuerpo: Vec<&str> = texto.split("\n\n").collect();
    cuerpo[1]
        .lines()
        .map(|linea| linea.rsplit(' ').next().unwrap().parse().unwrap())
        .collect()
}

#[test]
fn todas_las_ejecuciones_estan_en_algun_cajon() {
    let muestras: Vec<u64> = (0..500).map(|i| 1000 + i * i % 211).collect();
    let figura = histogram("Reparto", medicion("suma", &muestras));
    assert_eq!(cuentas(figura.text()).iter().sum::<usize>(), 500);
}

#[test]
fn la_altura_de_las_barras_guarda_la_proporcion() {
    // Tres cajones de un milisegundo, con 8, 4 y 2 ejecuciones.
    let muestras = [vec![1100; 8], vec![2100; 4], vec![3100; 2]].concat();
    let figura = histogram("Cada vez menos", medicion("suma", &muestras));
    let documento = Document::parse(figura.svg()).unwrap();
    // El contorno se come un píxel por arriba y otro por abajo.
    let altos: Vec<f64> = etiquetas(&documento, "rect")
        .filter(|nodo| nodo.attribute("fill") == Some("#0072B2"))
        .map(|nodo| numero(&nodo, "height") + 2.0)
        .collect();
    assert_eq!(altos.len(), 3);
    assert!((altos[0] / altos[1] - 2.0).abs() < 0.05, "{altos:?}");
    assert!((altos[0] / altos[2] - 4.0).abs() < 0.1, "{altos:?}");
}

#[test]
fn la_mediana_y_los_cuartiles_se_leen_en_el_dibujo_y_en_el_texto() {
    let figura = histogram("Cinco", medicion("m", &[1000, 2000, 3000, 4000, 5000]));
    let leidos = textos(&figura);
    for dicho in [
        "mediana 3,00\u{a0}ms",
        "primer cuartil 2,00\u{a0}ms",
        "tercer cuartil 4,00\u{a0}ms",
    ] {
        assert!(leidos.iter().any(|texto| texto == dicho), "{leidos:?}");
        assert!(figura.text().contains(dicho), "{}", figura.text());
    }
    assert!(leidos.contains(&"tiempo (ms)".to_owned()));
    assert!(leidos.contains(&"ejecuciones".to_owned()));
}

#[test]
fn las_marcas_se_distinguen_aunque_duren_casi_lo_mismo() {
    let muestras: Vec<u64> = (0..40).map(|i| 1_000_000 + 100 * i).collect();
    let figura = histogram("Casi", medicion("m", &muestras));
    assert!(
        figura.text().contains("mediana 1,002\u{a0}s"),
        "{}",
        figura.text()
    );
}

#[test]
fn una_sola_ejecucion_no_presume_de_cuartiles() {
    let figura = histogram("Una", medicion("una", &[1500]));
    assert!(!figura.text().contains("cuartil") && !figura.svg().contains("cuartil"));
    assert!(
        figura.text().contains("duró 1,50\u{a0}ms"),
        "{}",
        figura.text()
    );
    assert_eq!(cuentas(figura.text()), [1]);
}

#[test]
fn todas_iguales_van_a_un_solo_cajon() {
    let figura = histogram("Iguales", medicion("iguales", &[2000; 50]));
    assert_eq!(cuentas(figura.text()), [50]);
}

#[test]
fn lo_rarisimo_va_aparte_con_trama_y_rotulo() {
    let mut muestras: Vec<u64> = (0..100).map(|i| 1000 + i % 10).collect();
    muestras.extend([500_000, 900_000]);
    let figura = histogram("Dos se han ido", medicion("m", &muestras));
    assert!(figura.text().contains("1,010\u{a0}ms o más") || figura.text().contains("ms o más"));
    assert!(figura.svg().contains("<pattern") && figura.svg().contains("url(#trama-"));
    assert_eq!(cuentas(figura.text()).last(), Some(&2));
    // Las demás siguen repartidas.
    assert!(cuentas(figura.text()).len() > 5);
}

#[test]
fn si_nada_es_raro_no_hay_cajon_aparte() {
    let figura = histogram("Normal", medicion("m", &[10, 11, 12, 13, 14]));
    assert!(!figura.text().contains("o más") && !figura.text().contains("menos de"));
    assert!(!figura.svg().contains("<pattern"));
}

#[test]
fn el_pie_dice_n_el_ancho_y_los_nucleos() {
    let figura = histogram("Pie", medicion("suma", &[501, 502, 503, 504, 505]));
    let pie = figura.text().lines().last().unwrap();
    assert_eq!(pie, "suma: 5 ejecuciones; cajones de 1\u{a0}µs; 2 núcleos");
}
