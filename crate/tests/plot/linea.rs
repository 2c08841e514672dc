//! La línea de tiempo y la cascada: lo que se pinta es lo que dice la traza.

use concurrencia::timeline::{LaneKind, State, Trace};
use roxmltree::Document;
use serde_json::{Value, json};

use super::comun::{etiquetas, numero, textos};

/// Una traza inventada, siempre la misma: tantos carriles, cada uno con tantas tareas seguidas que ejecutan, esperan el
/// cerrojo y esperan E/S; más la cola de la que salen y quien las espera.
pub(crate) fn traza(carriles: usize, tareas: usize, nombre: impl Fn(usize) -> String) -> Trace {
    let paso = 1_000_000_u64;
    let duracion = paso * 3 * tareas as u64 + paso;
    let mut sucesos: Vec<Value> = Vec::new();
    let mut lista: Vec<Value> = Vec::new();
    let mut tramo = |carril: usize, nombre: &str, estado: State, de: u64, a: u64, tarea: Value| {
        sucesos.push(json!({
            "name": nombre, "ph": "X", "pid": 1, "tid": carril + 1, "cat": estado.name(),
            "ts": de as f64 / 1000.0, "dur": (a - de) as f64 / 1000.0,
            "args": {"state": format!("{estado:?}"), "task": tarea},
        }));
    };
    tramo(0, "un resultado", State::Wait, 0, duracion, Value::Null);
    for n in 0..(4 * carriles.min(1) as u64) {
        tramo(
            1,
            "en cola",
            State::Queued,
            n * paso / 2,
            (n + 1) * paso / 2,
            Value::Null,
        );
    }
    for carril in 2..carriles + 2 {
        for i in 0..tareas {
            let (numero, desde) = (lista.len(), (3 * i as u64) * paso);
            let suya = nombre(numero);
            tramo(
                carril,
                &suya,
                State::Run,
                desde,
                desde + paso,
                json!(numero),
            );
            tramo(
                carril,
                "cuenta",
                State::Lock,
                desde + paso,
                desde + paso * 3 / 2,
                json!(numero),
            );
            tramo(
                carril,
                "dormir",
                State::Io,
                desde + paso * 3 / 2,
                desde + 3 * paso,
                json!(numero),
            );
            lista.push(json!({
                "name": suya, "lane": carril, "queued_ns": 0, "submitter": 0,
                "start_ns": desde, "end_ns": desde + 3 * paso, "failed": numero == 1,
            }));
        }
    }
    let nombres = (0..carriles).map(|i| json!({"name": nombre(i), "kind": "Thread"}));
    let primeros = [
        json!({"name": "MainThread", "kind": "Thread"}),
        json!({"name": "pool", "kind": "Queue"}),
    ];
    let documento = json!({
        "traceEvents": sucesos, "displayTimeUnit": "ms",
        "concurrencia": {
            "duration_ns": duracion, "cores": 2, "main": 0, "events": 10, "lost": 0,
            "lanes": primeros.into_iter().chain(nombres).collect::<Vec<_>>(), "tasks": lista,
        },
    });
    let ruta = std::env::temp_dir().join(format!(
        "traza-{}-{carriles}-{tareas}-{:?}.json",
        std::process::id(),
        std::thread::current().id()
    ));
    std::fs::write(&ruta, documento.to_string()).unwrap();
    let traza = Trace::load(&ruta).unwrap();
    std::fs::remove_file(&ruta).unwrap();
    traza
}

/// Una en la que nadie hizo nada.
pub(crate) fn vacia() -> Trace {
    traza(0, 0, |_| String::new())
}

fn descarga(n: usize) -> String {
    format!("descarga {}", n + 1)
}

#[test]
fn cada_carril_tiene_su_nombre_y_cada_barra_su_tarea() {
    let figura = traza(3, 2, descarga).plot("Tres hilos, seis descargas");
    let textos = textos(&figura);
    for esperado in [
        "MainThread",
        "cola de pool",
        "descarga 1",
        "ejecuta",
        "espera un cerrojo",
        "ruta crítica",
    ] {
        assert!(
            textos.iter().any(|texto| texto == esperado),
            "{esperado}: {textos:?}"
        );
    }
    assert!(
        figura
            .text()
            .contains("descarga 6: descarga 3, de 3,00\u{a0}ms a 6,00\u{a0}ms"),
        "{figura}"
    );
    assert!(figura.text().contains("1 tarea acabó en pánico"));
    assert!(figura.text().contains("2 núcleos"));
}

#[test]
fn las_cifras_del_pie_son_las_de_la_traza() {
    let traza = traza(4, 2, descarga);
    assert_eq!(traza.max_parallelism(), 4);
    // 2,5 de cada 3 ms avanza; dos veces, en cuatro carriles.
    assert_eq!(traza.work().as_micros(), 20_000);
    assert_eq!(traza.total(State::Lock).as_micros(), 4_000);
    let figura = traza.plot("Cuatro");
    let pie = figura.text().lines().last().unwrap().to_owned();
    assert!(pie.contains("trabajo 20,0\u{a0}ms"), "{pie}");
    assert!(
        pie.contains("paralelismo 2,9 de media y 4 como mucho"),
        "{pie}"
    );
}

#[test]
fn las_barras_ocupan_lo_que_duran() {
    let figura = traza(1, 2, |_| "una".to_owned()).plot("Una tras otra");
    let documento = Document::parse(figura.svg()).unwrap();
    // El contorno de cada barra es un rectángulo de tinta; los de quien espera son más bajos.
    let barras: Vec<(f64, f64)> = etiquetas(&documento, "rect")
        .filter(|nodo| nodo.attribute("fill") == Some("#222222") && numero(nodo, "height") == 24.0)
        .map(|nodo| (numero(&nodo, "y"), numero(&nodo, "width")))
        .collect();
    // Las del último carril: la cola y quien espera van por encima.
    let (abajo, _) = *barras.last().unwrap();
    let anchos: Vec<f64> = barras
        .iter()
        .filter(|barra| barra.0 == abajo)
        .map(|barra| barra.1)
        .collect();
    assert_eq!(anchos.len(), 6, "{anchos:?}");
    let total: f64 = anchos.iter().sum();
    for (ancho, parte) in anchos.iter().zip([1.0, 0.5, 1.5, 1.0, 0.5, 1.5]) {
        assert!((ancho / total - parte / 6.0).abs() < 0.01, "{anchos:?}");
    }
}

#[test]
fn con_demasiado_se_resume_y_se_dice() {
    let muchos = traza(200, 1, descarga).plot("Doscientos");
    assert!(muchos.text().contains("(y 136 carriles más)"), "{muchos}");
    assert!(muchos.text().contains("no caben 136 carriles más"));
    let densa = traza(60, 500, descarga).plot("Densa");
    assert!(densa.text().contains("resumidos"), "{densa}");
    assert!(densa.svg().len() < 150_000, "{densa:?}");
    let cascada = traza(10, 100, descarga).waterfall("Mil");
    assert!(
        cascada.text().contains("no caben 936 tareas más"),
        "{cascada}"
    );
}

#[test]
fn la_cascada_dice_cuanto_tardo_cada_una_desde_que_se_encargo() {
    let figura = traza(1, 2, descarga).waterfall("Dos");
    assert!(
        figura.text().contains("descarga 1: 3,00\u{a0}ms"),
        "{figura}"
    );
    assert!(
        figura.text().contains("descarga 2 (pánico): 6,00\u{a0}ms"),
        "{figura}"
    );
    assert!(figura.text().contains("en cola 3,00\u{a0}ms"));
}

#[test]
fn una_traza_vacia_tambien_se_dibuja() {
    let traza = vacia();
    assert!(traza.tasks().is_empty());
    assert_eq!(traza.lanes()[1].kind(), LaneKind::Queue);
    assert!(traza.lanes()[1].spans().is_empty());
    for figura in [traza.plot("Nada"), traza.waterfall("Nada")] {
        assert!(Document::parse(figura.svg()).is_ok());
    }
}

#[test]
fn una_traza_manipulada_no_se_lee_ni_desborda() {
    let ruta = std::env::temp_dir().join(format!("manipulada-{}.json", std::process::id()));
    let tramo = |ts: f64, dur: f64| json!({"name": "x", "ph": "X", "pid": 1, "tid": 1, "ts": ts, "dur": dur, "args": {"state": "Run"}});
    let documento = |sucesos: Vec<Value>| {
        json!({
            "traceEvents": sucesos, "displayTimeUnit": "ms",
            "concurrencia": {
                "duration_ns": 5_000, "cores": 2, "main": 0, "events": 1, "lost": 0,
                "lanes": [{"name": "uno", "kind": "Thread"}], "tasks": [],
            },
        })
    };
    let lee = |sucesos| {
        std::fs::write(&ruta, documento(sucesos).to_string()).unwrap();
        Trace::load(&ruta)
    };
    assert!(lee(vec![tramo(0.0, 1.0), tramo(1.0, 2.0)]).is_ok());
    for sucesos in [
        vec![tramo(0.0, 2.0), tramo(1.0, 2.0)],
        vec![tramo(1.0, 1.0), tramo(0.0, 1.0)],
        vec![tramo(1e300, 1e300)],
        vec![tramo(0.0, 6.0)],
    ] {
        let error = lee(sucesos).unwrap_err();
        assert!(error.is_format(), "{error}");
    }
    std::fs::remove_file(&ruta).unwrap();
}
