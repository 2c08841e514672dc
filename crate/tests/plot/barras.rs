//! `bars`: cada barra con su nombre, su cifra y sus puntos.

use concurrencia::{Comparison, Figure, Measurement, bars};
use roxmltree::Document;

use super::comun::{medicion, numero, textos as leidos};

fn serie_e_hilos() -> Figure {
    let serie = medicion("serie", &[3_003_000, 3_002_000, 3_006_000]);
    let hilos = medicion("seis hilos", &[501_000, 502_000, 530_000]);
    bars("Seis hilos tardan lo que uno", [&serie, &hilos])
}

#[test]
fn el_svg_esta_bien_formado_y_dice_lo_mismo_que_el_texto() {
    let figura = serie_e_hilos();
    let textos = leidos(&figura);
    for dicho in [
        "Seis hilos tardan lo que uno",
        "serie",
        "seis hilos",
        "3,00\u{a0}s",
        "0,502\u{a0}s",
    ] {
        assert!(
            textos.iter().any(|texto| texto == dicho),
            "falta «{dicho}» en {textos:?}"
        );
        assert!(
            figura.text().contains(dicho),
            "falta «{dicho}» en {}",
            figura.text()
        );
    }
    assert!(textos.contains(&"tiempo (s)".to_owned()));
    let pie = "mediana de 3 ejecuciones; bigotes: cuartiles; puntos: cada ejecución; 2 núcleos";
    assert!(textos.contains(&pie.to_owned()), "{textos:?}");
}

#[test]
fn un_lector_de_pantalla_encuentra_titulo_y_descripcion() {
    let figura = serie_e_hilos();
    let documento = Document::parse(figura.svg()).unwrap();
    let raiz = documento.root_element();
    assert_eq!(raiz.attribute("role"), Some("img"));
    let dichos: Vec<&str> = raiz
        .attribute("aria-labelledby")
        .unwrap()
        .split(' ')
        .map(|id| {
            documento
                .descendants()
                .find(|nodo| nodo.attribute("id") == Some(id))
                .unwrap()
        })
        .map(|nodo| nodo.text().unwrap())
        .collect();
    assert_eq!(dichos[0], "Seis hilos tardan lo que uno");
    assert!(
        dichos[1].contains("seis hilos: 0,502\u{a0}s (cuartiles"),
        "{}",
        dichos[1]
    );
}

#[test]
fn el_fondo_es_blanco_en_cualquier_tema() {
    let figura = serie_e_hilos();
    let documento = Document::parse(figura.svg()).unwrap();
    let raiz = documento.root_element();
    let fondo = raiz
        .descendants()
        .find(|nodo| nodo.tag_name().name() == "rect")
        .unwrap();
    assert_eq!(fondo.attribute("fill"), Some("#FFFFFF"));
    assert_eq!(fondo.attribute("width"), raiz.attribute("width"));
    assert_eq!(fondo.attribute("height"), raiz.attribute("height"));
}

#[test]
fn los_mismos_datos_dan_el_mismo_dibujo() {
    assert_eq!(serie_e_hilos(), serie_e_hilos());
}

#[test]
fn dos_figuras_distintas_no_comparten_identificadores() {
    let id = |figura: &Figure| {
        let documento = Document::parse(figura.svg()).unwrap();
        documento
            .root_element()
            .attribute("aria-labelledby")
            .unwrap()
            .to_owned()
    };
    let otra = bars("Otra", [medicion("otra", &[1])]);
    assert_ne!(id(&serie_e_hilos()), id(&otra));
}

#[test]
fn los_caracteres_dificiles_llegan_enteros() {
    let nombre = "<&\"»' ]]> 日本 🦀";
    let figura = bars(nombre, [medicion(nombre, &[10, 20])]);
    let documento = Document::parse(figura.svg()).unwrap();
    assert!(
        leidos(&figura)
            .iter()
            .filter(|texto| *texto == nombre)
            .count()
            == 2
    );
    assert!(
        documento
            .descendants()
            .any(|nodo| nodo.tag_name().name() == "title" && nodo.text() == Some(nombre))
    );
}

#[test]
fn un_nombre_con_lo_que_xml_no_admite_no_rompe_la_figura() {
    let figura = bars(
        "título\ncon saltos",
        [
            medicion("\u{0}nulo\u{1b}[31m\u{ffff}", &[10]),
            medicion("", &[5]),
        ],
    );
    let textos = leidos(&figura);
    assert!(textos.contains(&"título con saltos".to_owned()));
    assert!(textos.contains(&"(sin nombre)".to_owned()));
}

#[test]
fn con_muchas_barras_y_nombres_largos_nada_se_sale_ni_se_encima() {
    for cuantas in [1, 2, 8, 20] {
        let mediciones: Vec<Measurement> = (1..=cuantas)
            .map(|i| {
                let nombre =
                    format!("descarga número {i} con reintentos y espera exponencial entre ellos");
                medicion(nombre, &[i * 1000, i * 1100, i * 1500])
            })
            .collect();
        let figura = bars(
            "Un título larguísimo que no cabe en una sola línea ".repeat(3),
            &mediciones,
        );
        assert!(figura.svg().len() < 150_000);
        let documento = Document::parse(figura.svg()).unwrap();
        let raiz = documento.root_element();
        let (ancho, alto) = (numero(&raiz, "width"), numero(&raiz, "height"));

        let mut nombres = Vec::new();
        for nodo in documento
            .descendants()
            .filter(|nodo| nodo.tag_name().name() == "text")
        {
            let texto = nodo.text().unwrap().trim();
            // Con la letra más ancha de las corrientes, de media 0,62 del tamaño por carácter.
            let largo = texto.chars().count() as f64 * numero(&nodo, "font-size") * 0.62;
            let (x, y) = (numero(&nodo, "x"), numero(&nodo, "y"));
            let (desde, hasta) = match nodo.attribute("text-anchor").unwrap() {
                "start" => (x, x + largo),
                "end" => (x - largo, x),
                _ => (x - largo / 2.0, x + largo / 2.0),
            };
            assert!(
                desde >= 0.0 && hasta <= ancho,
                "«{texto}» va de {desde} a {hasta} en {ancho}"
            );
            assert!(y > 8.0 && y < alto - 8.0, "«{texto}» está en {y} de {alto}");
            if nodo.attribute("text-anchor") == Some("end") {
                nombres.push(y);
            }
        }
        assert!(
            nombres.len() as u64 >= 2 * cuantas,
            "cada nombre ocupa más de una línea"
        );
        assert!(
            nombres.windows(2).all(|par| par[1] - par[0] >= 18.0),
            "{nombres:?}"
        );
        for nodo in documento
            .descendants()
            .filter(|nodo| nodo.tag_name().name() == "rect")
        {
            assert!(numero(&nodo, "x") + numero(&nodo, "width") <= ancho);
            assert!(numero(&nodo, "width") >= 0.0 && numero(&nodo, "height") > 0.0);
        }
    }
}

#[test]
fn miles_de_muestras_no_hacen_un_archivo_enorme_y_el_pie_lo_cuenta() {
    let muestras: Vec<u64> = (0..5000).map(|i| 1000 + i * 7 % 311).collect();
    let mediciones: Vec<Measurement> = (0..20)
        .map(|i| medicion(format!("serie {i}"), &muestras))
        .collect();
    let figura = bars("Muchas", &mediciones);
    assert!(figura.svg().len() < 150_000, "{figura:?}");
    assert!(
        figura.text().contains("puntos: hasta 30 ejecuciones"),
        "{}",
        figura.text()
    );
}

#[test]
fn una_sola_ejecucion_no_presume_de_cuartiles() {
    let figura = bars("Una", [medicion("una", &[1500])]);
    assert!(!figura.svg().contains("<circle"));
    assert!(
        figura.text().ends_with("1 ejecución; 2 núcleos"),
        "{}",
        figura.text()
    );
    assert!(!figura.text().contains("cuartiles"));
}

#[test]
fn una_duracion_de_cero_tambien_se_dibuja() {
    let figura = bars(
        "Nada",
        [medicion("nada", &[0]), medicion("nada tampoco", &[0, 0])],
    );
    Document::parse(figura.svg()).unwrap();
    assert!(figura.text().contains("0\u{a0}ns") || figura.text().contains("0\u{a0}s"));
}

#[test]
fn las_barras_guardan_la_proporcion() {
    let figura = bars(
        "El doble",
        [medicion("una", &[1000]), medicion("dos", &[2000])],
    );
    let documento = Document::parse(figura.svg()).unwrap();
    let ancho = |color: &str| {
        let nodo = documento
            .descendants()
            .find(|nodo| nodo.attribute("fill") == Some(color))
            .unwrap();
        // El contorno se come un píxel.
        numero(&nodo, "width") + 1.0
    };
    let razon = ancho("#E69F00") / ancho("#0072B2");
    assert!((razon - 2.0).abs() < 0.02, "{razon}");
}

#[test]
fn una_comparacion_se_dibuja_tal_cual() {
    let comparacion = Comparison::new([medicion("a", &[2]), medicion("b", &[1])]);
    let directa = bars("Igual", comparacion.measurements());
    assert_eq!(bars("Igual", &comparacion), directa);
}

#[test]
#[should_panic(expected = "nada que dibujar")]
fn dibujar_nada_no_tiene_sentido() {
    bars("Nada", Vec::<Measurement>::new());
}

#[test]
fn guardar_donde_no_se_puede_dice_donde() {
    let error = serie_e_hilos()
        .save("/carpeta/que/no/existe/barras.svg")
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("«/carpeta/que/no/existe/barras.svg»"),
        "{error}"
    );
}
