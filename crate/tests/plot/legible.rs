//! Lo que vale para todas las figuras: caben, contrastan, son iguales para los mismos datos y no se desmandan.

use std::sync::LazyLock;
use std::time::Duration;

use concurrencia::plot::shares;
use concurrencia::race::{Language, RaceResults};
use concurrencia::{Figure, Measurement, Speedup, bars, grid, histogram};
use roxmltree::{Document, Node};

use super::comun::{comprueba_que_cabe, etiquetas, identificadores, medicion, numero, textos};
use super::linea;

const DIFICIL: &str = "<&\"»' ]]> 日本 🦀\u{0}\u{1b}[31m\u{ffff}\nñandú url(#trama-0) id=\"trama-";

static FIGURAS: LazyLock<Vec<Figure>> = LazyLock::new(figuras);

/// Las que no salen de ninguna medida.
fn cuentas() -> Vec<Figure> {
    let largo = "cuaderno de ejercicios con un título que no cabe en ninguna parte ".repeat(80);
    let muchas = (0..64).map(|i| (format!("{i} {largo}"), i, 64));
    vec![
        shares("Una", [("una", 1, 3)]),
        shares(largo.as_str(), muchas),
        shares(DIFICIL, [(DIFICIL, 7, 7), ("", 0, 1_000_000)]),
    ]
}

/// Cada figura con pocos datos, con muchos, con nombres y títulos de todas clases.
fn figuras() -> Vec<Figure> {
    let muchas: Vec<u64> = (0..100_000_u64)
        .map(|i| 500_000 + i * i % 9973 * 13)
        .collect();
    let con_raras: Vec<u64> = (0..300)
        .map(|i| {
            if i % 60 == 7 {
                90_000_000
            } else {
                1000 + i * i % 50
            }
        })
        .collect();
    let raras_por_abajo: Vec<u64> = (0..300)
        .map(|i| if i % 60 == 7 { 1 } else { 900_000 + i * i % 50 })
        .collect();
    let largo = "descarga número siete con reintentos y espera exponencial entre ellos ".repeat(80);
    let escala = |hasta: u64, coste: fn(u64) -> u64| {
        let hilos = (0..hasta).map(|i| 1_u64 << i);
        let medidas = hilos.map(|n| {
            let t = coste(n);
            (
                n as usize,
                medicion(format!("{n} hilos"), &[t, t * 101 / 100, t * 120 / 100]),
            )
        });
        Speedup::from_measurements(medidas.collect::<Vec<_>>())
    };
    let sesenta_y_cuatro: Vec<Measurement> = (0..64)
        .map(|i| medicion(format!("{i} {largo}"), &muchas[..1000 + i]))
        .collect();
    let mut figuras = vec![
        bars("Una", [medicion("una", &[10])]),
        bars(largo.as_str(), &sesenta_y_cuatro),
        bars(
            "日本".repeat(500),
            (0..64).map(|i| medicion("語".repeat(400 + i), &muchas[..1000])),
        ),
        bars(DIFICIL, [medicion(DIFICIL, &[10, 20]), medicion("", &[0])]),
        histogram("Una", medicion("una", &[1500])),
        histogram("Iguales", medicion("iguales", &[1500; 20])),
        histogram("Nada", medicion("nada", &[0, 0])),
        histogram("Dos", medicion("dos", &[1500, 1_500_000])),
        histogram("Pocas", medicion("pocas", &[501, 503, 502, 509])),
        histogram("Cien mil ejecuciones", medicion("cien mil", &muchas)),
        histogram("Con rarezas", medicion("raras", &con_raras)),
        histogram("Con rarezas", medicion("raras", &raras_por_abajo)),
        histogram(largo.as_str(), medicion(largo.as_str(), &con_raras)),
        histogram(DIFICIL, medicion(DIFICIL, &[5, 6, 7])),
        escala(1, |_| 1000).plot("Un solo número"),
        escala(3, |n| 1000 / n.min(2)).plot("Dos núcleos"),
        escala(7, |n| 10_000 / n).plot("Hasta 64"),
        escala(7, |n| 10_000 / n.min(2)).plot("Hasta 64, pero se queda en dos"),
        escala(4, |n| 10_000 * n).plot("Cada vez peor"),
        escala(2, |n| 10_000 / (n * n)).plot("Mejor que la ideal"),
        escala(3, |_| 0).plot("Nada"),
        escala(3, |n| 1000 / n).plot(largo.as_str()),
        escala(3, |n| 1000 / n).plot(DIFICIL),
    ];
    let todos: Vec<Measurement> = (1..=64)
        .map(|n| medicion("reparto", &[64_000 / n, 66_000 / n]).with_cores(64))
        .collect();
    figuras.push(Speedup::from_measurements((1..).zip(&todos)).plot("De uno en uno"));
    for nombre in ["corta", largo.as_str(), DIFICIL] {
        let medidas = (0..8).map(|i| {
            let lenguaje = if i % 2 == 0 {
                Language::Rust
            } else {
                Language::Python
            };
            let tarda = 1 + i * i * 1000;
            (
                lenguaje,
                medicion(format!("{i} {nombre}"), &[tarda, tarda * 2, tarda + 7]),
            )
        });
        figuras.push(RaceResults::from_measurements(nombre, (), medidas).plot(nombre));
    }
    let con_nombre = |nombre: &str| {
        let nombre = nombre.to_owned();
        move |n: usize| format!("{nombre} {n}")
    };
    for (carriles, tareas) in [(0, 0), (1, 1), (8, 12), (64, 20)] {
        for nombre in ["corta", largo.as_str(), DIFICIL, &format!("{largo} número")] {
            let traza = linea::traza(carriles, tareas, con_nombre(nombre));
            figuras.push(traza.plot(nombre));
            figuras.push(traza.waterfall(nombre));
        }
    }
    let pequenas = || figuras.iter().filter(|figura| figura.svg().len() < 20_000);
    let rejillas = [
        grid("Dos", pequenas().take(2)),
        grid(largo.as_str(), pequenas().take(5)),
        grid(DIFICIL, [&figuras[3], &figuras[3], &figuras[10]]),
    ];
    let anidadas = grid(
        "Rejillas de rejillas",
        [&rejillas[0], &rejillas[0], &rejillas[1], &rejillas[2]],
    );
    figuras.extend(rejillas);
    figuras.push(anidadas);
    figuras.extend(cuentas());
    figuras
}

#[test]
fn nada_se_sale_del_papel_ni_se_encima() {
    for figura in FIGURAS.iter() {
        comprueba_que_cabe(figura);
    }
}

#[test]
fn ninguna_figura_es_enorme() {
    for figura in FIGURAS.iter() {
        assert!(figura.svg().len() < 150_000, "{figura:?}");
    }
}

#[test]
fn los_mismos_datos_dan_las_mismas_figuras() {
    for (una, otra) in FIGURAS.iter().zip(figuras()) {
        assert_eq!(una.svg(), otra.svg());
        assert_eq!(una.text(), otra.text());
    }
}

#[test]
fn todas_dicen_su_titulo_y_lo_describen() {
    for figura in FIGURAS.iter() {
        let documento = Document::parse(figura.svg()).unwrap();
        let raiz = documento.root_element();
        let dicho = |nombre: &str| {
            let nodo = raiz
                .children()
                .find(|nodo| nodo.tag_name().name() == nombre)
                .unwrap();
            assert!(
                raiz.attribute("aria-labelledby")
                    .unwrap()
                    .contains(nodo.attribute("id").unwrap())
            );
            nodo.text().unwrap().to_owned()
        };
        assert_eq!(dicho("title"), figura.title());
        assert!(dicho("desc").len() > 20);
        let titulo = textos(figura).join(" ");
        assert!(
            titulo.starts_with(figura.title())
                || figura.title().contains('…')
                || titulo.contains("日本"),
            "{titulo}"
        );
        assert!(figura.text().starts_with(figura.title()));
    }
}

#[test]
fn ningun_identificador_se_repite_y_todos_los_citados_existen() {
    for figura in FIGURAS.iter() {
        let mut ids = identificadores(figura);
        let documento = Document::parse(figura.svg()).unwrap();
        for nodo in documento.descendants() {
            let cita = nodo
                .attribute("fill")
                .and_then(|fill| fill.strip_prefix("url(#"));
            if let Some(cita) = cita.and_then(|cita| cita.strip_suffix(')')) {
                assert!(ids.iter().any(|id| id == cita), "{cita} no está en {ids:?}");
            }
        }
        let cuantos = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), cuantos);
    }
}

/// El contraste de dos colores según WCAG 2.2, de 1 a 21.
fn contraste(a: [f64; 3], b: [f64; 3]) -> f64 {
    let luminancia = |color: [f64; 3]| {
        let [r, g, b] = color.map(|c| {
            let c = c / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminancia(a), luminancia(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

const BLANCO: [f64; 3] = [255.0; 3];

fn color(texto: &str) -> [f64; 3] {
    [1, 3, 5].map(|i| f64::from(u8::from_str_radix(&texto[i..i + 2], 16).unwrap()))
}

/// Lo que se ve de un color traslúcido sobre el papel.
fn sobre_papel(nodo: &Node<'_, '_>, atributo: &str) -> [f64; 3] {
    let nodo = nodo
        .ancestors()
        .find(|nodo| nodo.has_attribute(atributo))
        .unwrap();
    let nodo = nodo
        .ancestors()
        .find(|nodo| nodo.has_attribute(atributo))
        .unwrap();
    let opacidad = nodo
        .attribute("fill-opacity")
        .map_or(1.0, |o| o.parse().unwrap());
    color(nodo.attribute(atributo).unwrap()).map(|c| c * opacidad + 255.0 * (1.0 - opacidad))
}

#[test]
fn los_textos_contrastan_como_pide_la_norma() {
    for figura in FIGURAS.iter() {
        let documento = Document::parse(figura.svg()).unwrap();
        for nodo in etiquetas(&documento, "text") {
            assert!(
                contraste(sobre_papel(&nodo, "fill"), BLANCO) >= 4.5,
                "{nodo:?}"
            );
        }
    }
}

#[test]
fn lo_dibujado_contrasta_con_el_papel_o_con_su_contorno() {
    const PAPEL: &str = "#FFFFFF";
    const RETICULA: &str = "#DDDDDD";
    for figura in FIGURAS.iter() {
        let documento = Document::parse(figura.svg()).unwrap();
        for nodo in etiquetas(&documento, "polyline") {
            let trazo = nodo.attribute("stroke").unwrap();
            assert!(
                trazo == PAPEL || contraste(color(trazo), BLANCO) >= 3.0,
                "{nodo:?}"
            );
        }
        for nodo in etiquetas(&documento, "circle")
            .filter(|nodo| nodo.has_attribute("cy") && nodo.attribute("r") != Some("1.3"))
        {
            assert!(
                contraste(sobre_papel(&nodo, "fill"), BLANCO) >= 3.0,
                "{nodo:?}"
            );
        }
        for nodo in etiquetas(&documento, "rect") {
            let relleno = nodo.attribute("fill").unwrap();
            if [PAPEL, RETICULA].contains(&relleno) {
                continue;
            }
            let trama = relleno.starts_with("url(");
            if !trama && contraste(color(relleno), BLANCO) >= 4.5 {
                continue;
            }
            // Lleva debajo su contorno: el rectángulo anterior, un píxel mayor por arriba y por abajo y, si no es una raya,
            // también por los lados.
            let contorno = nodo.prev_sibling_element().unwrap();
            assert_eq!(numero(&contorno, "y"), numero(&nodo, "y") - 1.0);
            assert_eq!(numero(&contorno, "height"), numero(&nodo, "height") + 2.0);
            if numero(&contorno, "width") >= 6.0 {
                assert_eq!(numero(&contorno, "x"), numero(&nodo, "x") - 1.0);
                assert_eq!(numero(&contorno, "width"), numero(&nodo, "width") + 2.0);
            }
            let tinta = color(contorno.attribute("fill").unwrap());
            assert!(contraste(tinta, BLANCO) >= 3.0);
            assert!(trama || contraste(tinta, color(relleno)) >= 3.0, "{nodo:?}");
        }
    }
}

#[test]
fn el_papel_es_blanco_aunque_el_tema_sea_oscuro() {
    for figura in FIGURAS.iter() {
        let documento = Document::parse(figura.svg()).unwrap();
        let raiz = documento.root_element();
        let fondo = etiquetas(&documento, "rect").next().unwrap();
        assert_eq!(fondo.attribute("fill"), Some("#FFFFFF"));
        assert_eq!(fondo.attribute("width"), raiz.attribute("width"));
        assert_eq!(fondo.attribute("height"), raiz.attribute("height"));
    }
}

#[test]
fn las_que_miden_dicen_en_cuantos_nucleos() {
    let cuentas = cuentas();
    for figura in FIGURAS.iter().filter(|figura| !cuentas.contains(figura)) {
        assert!(figura.text().contains("núcleos"), "{}", figura.text());
    }
}

#[test]
fn el_texto_de_una_figura_no_lleva_caracteres_de_control() {
    for figura in FIGURAS.iter() {
        let raro = figura.text().chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(raro, None);
    }
}

#[test]
fn prestada_o_cedida_la_medicion_se_dibuja_igual() {
    let muestras = [3, 1, 2].map(Duration::from_millis);
    let una = Measurement::from_samples("una", muestras).with_cores(2);
    assert_eq!(histogram("Igual", &una), histogram("Igual", una.clone()));
}
