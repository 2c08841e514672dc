//! Los paquetes que solo carga el cuaderno que los usa: a mitad, sin perder lo que había, sin compilar y sin red.

use crate::comun::*;
use serde_json::json;
use std::path::Path;
use std::process::Command;

fn exige_las_salidas_de_siempre(ruta: &Path) {
    let salidas: Vec<String> = salidas(ruta)
        .into_iter()
        .map(|texto| texto.trim().to_owned())
        .filter(|texto| !texto.is_empty())
        .collect();
    let dadas: Vec<&str> = salidas.iter().map(String::as_str).collect();
    let [antes, informe, resto @ ..] = &dadas[..] else {
        panic!("faltan salidas: {dadas:?}")
    };
    assert_eq!(
        *antes, "[1, 2, 3] 0.125",
        "cargar un paquete no pierde nada"
    );
    assert!(informe.starts_with("carrera: falla en "), "{informe}");
    assert!(informe.contains("(pisa lo que escribió"), "{informe}");
    assert!(informe.contains("para repetirlo: replay("), "{informe}");
    let esperadas = [
        "true",
        "bien en 10\u{202f}000 planes (al azar, semilla 0)",
        "[DEBUG] (Worker) Iniciando…\n[INFO] (MainThread) sigo yo",
        "principal espera Mutex B, que tiene hilo 1\nhilo 1 espera Mutex A, que tiene principal",
        "pánico en el hilo «sin nombre»: de verdad\ntrue",
        "[1, 2, 3] 0.125 true",
    ];
    assert_eq!(resto, esperadas);
}

#[test]
fn se_cargan_a_mitad_de_cuaderno_sin_perder_nada_y_conviven() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = cuaderno_de_prueba(&raiz, carpeta.path(), "paquetes.ipynb");
    exige_que_acabe_bien(&curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap());
    exige_las_salidas_de_siempre(&ruta);
}

#[test]
fn se_cargan_sin_red() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = cuaderno_de_prueba(&raiz, carpeta.path(), "paquetes.ipynb");
    // Un espacio de red propio en el que solo está la interfaz local; no todas las máquinas dejan.
    let sin_red = |guion: &str| {
        Command::new("unshare")
            .args(["--map-root-user", "--net", "sh", "-c", guion, "sh"])
            .arg(env!("CARGO_BIN_EXE_curso"))
            .args([&raiz, &ruta])
            .output()
    };
    if !sin_red("ip link set lo up").is_ok_and(|s| s.status.success()) {
        eprintln!("esta máquina no deja quitar la red a un proceso: la prueba se salta");
        return;
    }
    let ejecuta = "ip link set lo up && exec \"$1\" --raiz \"$2\" ejecutar \"$3\"";
    exige_que_acabe_bien(&sin_red(ejecuta).unwrap());
    exige_las_salidas_de_siempre(&ruta);
}

#[test]
fn no_se_vuelven_a_compilar_ni_solos_ni_juntos() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    // Desde la celda se mira qué bibliotecas ha escrito su propio núcleo desde que empezó el cuaderno.
    let mira = r#"let ctx = std::path::PathBuf::from(std::env::var("EVCXR_TMPDIR")?);
let objetivo = std::fs::read_dir(ctx.join("target"))?.flatten().find(|e| e.file_name().to_string_lossy().contains('-')).unwrap();
let nuevas = std::fs::read_dir(objetivo.path().join("debug/deps"))?.flatten().filter(|e| e.metadata().unwrap().modified().unwrap() > inicio);
let mut nuevas: Vec<String> = nuevas.map(|e| e.file_name().into_string().unwrap()).filter(|n| [".so", ".rlib", ".rmeta"].iter().any(|fin| n.ends_with(fin))).collect();
nuevas.sort();
println!("{nuevas:?}");"#;
    let explore = ("explore", "explore::explore(|| ()).is_ok()");
    let logging = (
        "logging",
        "logging::basic_config(logging::Level::INFO); true",
    );
    let workloads = ("workloads", "workloads::Session::new().is_ok()");
    let exercises = ("exercises", "exercises::SURRENDER == \"me rindo\"");
    for cargados in [
        vec![explore],
        vec![logging],
        vec![workloads],
        vec![exercises],
        vec![workloads, logging, explore, exercises],
    ] {
        let nombres = cargados.iter().map(|(nombre, _)| *nombre);
        let nombre = nombres.collect::<Vec<_>>().join(" y ");
        let ruta = carpeta.path().join(format!("{nombre}.ipynb"));
        let mut celdas = vec![
            carga(&raiz),
            celda("let inicio = std::time::SystemTime::now();", json!({})),
        ];
        for (paquete, usa) in &cargados {
            let donde = raiz.join("crate").join(paquete).display().to_string();
            let fuente = format!(":dep concurrencia-{paquete} = {{ path = {donde:?} }}\n{usa}");
            celdas.push(celda(&fuente, json!({})));
        }
        // Ante un tipo que no existe, evcxr pide además «cargo check», que no aprovecha lo de «cargo build».
        let falla = json!({"tags": ["raises-exception"], "error": "E0422"});
        celdas.push(celda("let nada = NoExiste { x: 1 };", falla));
        celdas.push(celda(mira, json!({})));
        escribe_cuaderno(&ruta, &celdas);
        exige_que_acabe_bien(&curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap());
        let salidas = salidas(&ruta);
        assert!(
            salidas[2..2 + cargados.len()].iter().all(|s| s == "true"),
            "{salidas:?}"
        );
        // Cada celda se enlaza; nada más.
        assert_eq!(
            salidas.last().unwrap().trim(),
            "[\"libctx.so\"]",
            "{nombre}"
        );
    }
}
