//! `Diagram`: todo lo que se pide sale, nada se encima y lo imposible se dice.

use concurrencia::{Diagram, Figure, grid};
use roxmltree::Document;

use super::comun::{comprueba_que_cabe, etiquetas, identificadores, numero, puntos, textos};

type Caja = [f64; 4];

fn bucle() -> Diagram {
    Diagram::new()
        .node("listas", "tareas listas", (0, 0))
        .node("turno", "una ejecuta:\npoll", (1, 0))
        .node("espera", "espera", (1, 1))
        .node("reactor", "reactor", (0, 1))
        .arrow("listas", "turno", "le toca")
        .arrow("turno", "espera", "Pending")
        .arrow("espera", "reactor", "deja su Waker")
        .arrow("reactor", "listas", "wake")
}

/// De todas clases: con grupos anidados, cajas anchas, codos, parejas de flechas, textos hostiles y muchas columnas.
fn todos() -> Vec<Figure> {
    let hostil = "<&\"»' ]]> 日本 🦀\u{0}\u{1b}[31m url(#trama-0) id=\"trama-";
    let largo = "descarga número siete con reintentos y espera exponencial entre ellos";
    let mut ancho = Diagram::new();
    for i in 0..9 {
        ancho = ancho.node(format!("{i}"), format!("{largo} {i}"), (i, i % 2));
    }
    for i in 0..8 {
        ancho = ancho.arrow(&format!("{i}"), &format!("{}", i + 1), largo);
    }
    let mut clases = Diagram::new();
    for i in 0..9 {
        clases = clases
            .node(format!("{i}"), format!("caja {i}"), (i % 3, i / 3))
            .class(format!("clase {i}"), [format!("{i}")]);
    }
    vec![
        Diagram::new().node("una", "", (0, 0)).plot("Una caja"),
        bucle().plot("Un bucle"),
        bucle().note(largo.repeat(6)).plot(largo.repeat(6)),
        Diagram::new()
            .node("1", "hilo 1", (0, 0))
            .node("2", "hilo 2", (1, 0))
            .node("3", "hilo 3", (2, 0))
            .node("memoria", "memoria común", (0, 1))
            .wide("memoria", 3)
            .both_ways("1", "memoria", "lee y escribe")
            .both_ways("2", "memoria", "lee")
            .arrow("3", "memoria", "escribe")
            .arrow("memoria", "3", "avisa")
            .group("hilos", ["1", "2", "3"])
            .group("un proceso", ["1", "2", "3", "memoria"])
            .group("una máquina", ["1", "2", "3", "memoria"])
            .plot("Grupos dentro de grupos"),
        Diagram::new()
            .node("a", "a", (0, 0))
            .node("b", "b", (2, 1))
            .node("c", "c", (0, 2))
            .node("d", "d", (3, 0))
            .arrow("a", "b", "baja por la derecha")
            .arrow("c", "b", "sube")
            .arrow("d", "b", "")
            .plot("Con codos"),
        ancho.plot("Más ancho que el papel"),
        clases.plot("Nueve clases"),
        Diagram::new()
            .node(hostil, hostil, (0, 0))
            .node("b", largo.repeat(9), (1, 1))
            .arrow(hostil, "b", hostil)
            .class(hostil, [hostil])
            .class(largo, ["b"])
            .group(hostil, [hostil])
            .plot(hostil),
    ]
}

/// Las cajas de los rectángulos que no son el papel ni están dentro de otro un píxel mayor.
fn rectangulos(documento: &Document<'_>) -> Vec<Caja> {
    let todos: Vec<Caja> = etiquetas(documento, "rect")
        .skip(1)
        .map(|nodo| {
            let [x, y, ancho, alto] = ["x", "y", "width", "height"].map(|a| numero(&nodo, a));
            [x, y, x + ancho, y + alto]
        })
        .collect();
    let hay = |caja: &Caja| {
        !todos.contains(&[caja[0] - 1.0, caja[1] - 1.0, caja[2] + 1.0, caja[3] + 1.0])
    };
    todos.iter().copied().filter(hay).collect()
}

#[test]
fn nada_se_sale_ni_se_encima() {
    for figura in todos() {
        comprueba_que_cabe(&figura);
    }
}

#[test]
fn ninguna_flecha_atraviesa_una_caja() {
    for figura in todos() {
        let documento = Document::parse(figura.svg()).unwrap();
        // Lo bastante grande para no ser una muestra de la leyenda ni la franja de una clase.
        let cajas = rectangulos(&documento);
        for linea in etiquetas(&documento, "polyline") {
            let puntos = puntos(&linea);
            for tramo in puntos.windows(2) {
                let [(x1, y1), (x2, y2)] = [tramo[0], tramo[1]];
                let (x1, x2, y1, y2) = (x1.min(x2), x1.max(x2), y1.min(y2), y1.max(y2));
                for [izquierda, arriba, derecha, abajo] in &cajas {
                    // Un recuadro de grupo sí se cruza: contiene un extremo, o los dos.
                    let contiene = |x: f64, y: f64| {
                        *izquierda < x && x < *derecha && *arriba < y && y < *abajo
                    };
                    let grupo = contiene(x1, y1) || contiene(x2, y2);
                    let corta = x1 < *derecha
                        && *izquierda < x2.max(x1 + 0.5)
                        && y1 < *abajo
                        && *arriba < y2.max(y1 + 0.5);
                    assert!(
                        grupo || !corta,
                        "{:?} cruza {:?}",
                        tramo,
                        [izquierda, arriba, derecha, abajo]
                    );
                }
            }
        }
    }
}

#[test]
fn el_texto_y_la_descripcion_dicen_cajas_flechas_y_grupos() {
    let figura = bucle()
        .class("del ejecutor", ["listas", "turno"])
        .group("un hilo", ["listas", "turno", "espera", "reactor"])
        .note("Sin escala")
        .plot("Un bucle");
    let documento = Document::parse(figura.svg()).unwrap();
    let descripcion = etiquetas(&documento, "desc")
        .next()
        .unwrap()
        .text()
        .unwrap();
    for dicho in [
        "una ejecuta: poll (del ejecutor)",
        "tareas listas → una ejecuta: poll: le toca",
        "reactor → tareas listas: wake",
        "un hilo: tareas listas, una ejecuta: poll, espera, reactor",
        "Sin escala",
    ] {
        assert!(figura.text().contains(dicho), "{}", figura.text());
        assert!(descripcion.contains(dicho), "{descripcion}");
    }
    assert!(descripcion.starts_with("Diagrama con 4 cajas, 4 flechas, 1 grupo."));
    let titulo = etiquetas(&documento, "title").next().unwrap();
    assert_eq!(titulo.text(), Some("Un bucle"));
}

#[test]
fn se_lee_todo_lo_que_se_pide() {
    let leido = textos(
        &bucle()
            .group("un hilo", ["listas", "turno", "espera", "reactor"])
            .plot("Un bucle"),
    );
    for texto in [
        "tareas listas",
        "una ejecuta:",
        "poll",
        "le toca",
        "deja su Waker",
        "wake",
        "un hilo",
    ] {
        assert!(
            leido.iter().any(|otro| otro == texto),
            "«{texto}» en {leido:?}"
        );
    }
}

#[test]
fn la_leyenda_sale_con_mas_de_una_clase() {
    let una = bucle().class("del ejecutor", ["listas"]);
    assert!(!textos(&una.plot("Una")).contains(&"del ejecutor".to_owned()));
    let dos = una.class("de fuera", ["reactor"]);
    let leido = textos(&dos.plot("Dos"));
    assert!(leido.contains(&"del ejecutor".to_owned()) && leido.contains(&"de fuera".to_owned()));
}

#[test]
fn una_flecha_con_dos_puntas_tiene_dos() {
    let puntas = |diagrama: Diagram| {
        let figura = diagrama.plot("Puntas");
        let documento = Document::parse(figura.svg()).unwrap();
        etiquetas(&documento, "polygon").count()
    };
    let dos = Diagram::new().node("a", "a", (0, 0)).node("b", "b", (1, 0));
    assert_eq!(puntas(dos.clone().arrow("a", "b", "")), 1);
    assert_eq!(puntas(dos.both_ways("a", "b", "")), 2);
}

#[test]
fn sin_nota_no_hay_pie() {
    let figura = bucle().plot("Un bucle");
    assert!(!figura.text().ends_with('\n'));
    assert!(!figura.svg().contains("Al pie"));
}

#[test]
fn el_mismo_diagrama_da_los_mismos_bytes() {
    for (una, otra) in todos().iter().zip(todos()) {
        assert_eq!(*una, otra);
    }
}

#[test]
fn en_una_rejilla_no_repite_identificadores() {
    let figuras = todos();
    let mut ids = identificadores(&grid("Juntos", figuras.iter().chain(&figuras)));
    let antes = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), antes);
}

#[test]
fn se_ve_en_una_linea_al_depurar() {
    assert_eq!(
        format!("{:?}", bucle()),
        "Diagram(4 cajas, 4 flechas, 0 grupos)"
    );
}

#[test]
#[should_panic(
    expected = "no hay ninguna caja que se llame «tunro»: están «listas», «turno», «espera», «reactor»"
)]
fn una_flecha_a_quien_no_existe_dice_quienes_hay() {
    let _ = bucle().arrow("listas", "tunro", "");
}

#[test]
#[should_panic(expected = "añádela antes con node")]
fn un_grupo_de_quien_no_existe_se_dice() {
    let _ = Diagram::new().group("vacío", ["nadie"]);
}

#[test]
#[should_panic(expected = "está vacío")]
fn un_grupo_de_nadie_se_dice() {
    let _ = Diagram::new().group("vacío", Vec::<&str>::new());
}

#[test]
#[should_panic(expected = "ya hay una caja que se llama «listas»")]
fn dos_cajas_no_se_llaman_igual() {
    let _ = bucle().node("listas", "otra", (5, 5));
}

#[test]
#[should_panic(expected = "«otra» y «turno» están en la misma casilla")]
fn dos_cajas_no_estan_en_la_misma_casilla() {
    let _ = bucle().node("otra", "otra", (1, 0));
}

#[test]
#[should_panic(expected = "están en la misma casilla")]
fn una_caja_no_se_ensancha_sobre_otra() {
    let _ = bucle().wide("listas", 2);
}

#[test]
#[should_panic(expected = "la flecha de «a» a «c» pasaría por encima de otra caja")]
fn una_flecha_que_no_tiene_por_donde_pasar_se_dice() {
    let _ = Diagram::new()
        .node("a", "a", (0, 0))
        .node("b", "b", (1, 0))
        .node("c", "c", (2, 0))
        .arrow("a", "c", "")
        .plot("No cabe");
}

#[test]
#[should_panic(expected = "el recuadro «los dos» pisaría «b»")]
fn un_recuadro_no_pisa_cajas_ajenas() {
    let _ = Diagram::new()
        .node("a", "a", (0, 0))
        .node("b", "b", (1, 0))
        .node("c", "c", (2, 0))
        .group("los dos", ["a", "c"])
        .plot("No cabe");
}

#[test]
#[should_panic(expected = "no se puede dibujar")]
fn una_flecha_a_si_misma_se_dice() {
    let _ = bucle().arrow("listas", "listas", "");
}

#[test]
#[should_panic(expected = "ya hay dos flechas")]
fn entre_dos_cajas_no_hay_tres_flechas() {
    let _ = bucle()
        .arrow("turno", "listas", "")
        .arrow("turno", "listas", "");
}

#[test]
#[should_panic(expected = "al menos una caja")]
fn un_diagrama_sin_cajas_no_se_dibuja() {
    let _ = Diagram::new().plot("Nada");
}

#[test]
#[should_panic(expected = "queda muy lejos")]
fn una_casilla_lejisimos_se_dice() {
    let _ = Diagram::new().node("a", "a", (1_000_000, 0));
}
