//! Procesos lanzados desde las celdas de un cuaderno de verdad, y lo que queda de ellos cuando algo acaba de golpe.

use crate::comun::*;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn las_funciones_de_las_celdas_se_ejecutan_en_otros_procesos() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = cuaderno_de_prueba(&raiz, carpeta.path(), "procesos.ipynb");
    let salida = curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap();
    exige_que_acabe_bien(&salida);

    let salidas: Vec<String> = salidas(&ruta)
        .into_iter()
        .filter(|texto| !texto.is_empty())
        .collect();
    let esperadas = [
        "[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]",
        "100",
        "[0, -1, -4, -9, -16]",
        "Punto { x: -2.0, y: 1.5, nombre: \"P'\" }",
        "2",
        "[Ok(2.0), Err(Negativo(-1.0))]",
        "0 bien\n1 bien\n2 bien\npánico con (3,): no puedo con el 3\n4 bien\nmuerte con (5,): señal 6\n6 bien\n()",
        "hola, Ana\nSome(0)",
        "10000",
        "\"HOLA\"",
        "(Some(3), Some(5))",
        "6",
        "0",
    ];
    let dadas: Vec<&str> = salidas.iter().map(String::as_str).collect();
    assert_eq!(dadas, esperadas);
    let texto = std::fs::read_to_string(&ruta).unwrap();
    assert!(
        texto.contains("esta clausura captura variables"),
        "el error al compilar está en español"
    );
}

#[cfg(target_os = "linux")]
const SIN_SU_BIBLIOTECA: &str = r#"
fn pid(_: u32) -> u32 { std::process::id() }
fn borra_las_bibliotecas_de_las_celdas() {
    for linea in std::fs::read_to_string("/proc/self/maps").unwrap().lines() {
        let Some(ruta) = linea.find('/').map(|desde| &linea[desde..]) else { continue };
        if ruta.contains("/ctx/") && !ruta.contains("libconcurrencia") {
            let _ = std::fs::remove_file(ruta);
        }
    }
}
borra_las_bibliotecas_de_las_celdas();
let error = pool.apply(pid, (1,)).unwrap_err();
assert!(error.is_message() && !error.is_died(), "{error}");
error.to_string().contains(".so")
"#;

#[cfg(target_os = "linux")]
#[test]
fn una_celda_cuya_biblioteca_ya_no_esta_es_un_error_y_lo_demas_sigue() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = carpeta.path().join("sin_biblioteca.ipynb");
    let celdas = [
        carga(&raiz),
        celda(
            "fn doble(x: u32) -> u32 { 2 * x }\nfn triple(x: u32) -> u32 { 3 * x }",
            json!({}),
        ),
        celda(
            "let pool = ProcessPool::new(1)?;\npool.apply(doble, (4,))?",
            json!({}),
        ),
        // La función de esta celda está en su biblioteca, que desaparece antes de que el otro proceso la cargue.
        celda(SIN_SU_BIBLIOTECA, json!({})),
        celda("pool.apply(triple, (5,))?", json!({})),
    ];
    escribe_cuaderno(&ruta, &celdas);
    let salida = curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap();
    exige_que_acabe_bien(&salida);
    assert_eq!(salidas(&ruta)[2..], ["8", "true", "15"]);
}

/// Lanza de todo, lo apunta y se queda esperando para siempre.
const DE_TODO: &str = r#"
fn gira() { loop { std::hint::spin_loop() } }
fn duerme(_: u8) { std::thread::sleep(std::time::Duration::from_secs(600)) }
fn abuelo(pids: process::Queue<u32>) {
    let mut nieto = Process::new(duerme, (0,));
    nieto.start().unwrap();
    pids.put(nieto.pid().unwrap()).unwrap();
    duerme(0)
}
let pool = ProcessPool::new(2)?;
let pids = process::Queue::new()?;
let encargos = (pool.apply_async(gira, ()), pool.map_async(duerme, 0..9));
let mut suelto = Process::new(abuelo, (pids.clone(),));
suelto.start()?;
let gestor = process::Manager::new()?;
let lista = gestor.list::<u8>()?;
lista.push(1)?;
let mut todos = pool.pids();
todos.extend([std::process::id(), suelto.pid().unwrap(), gestor.pid().unwrap(), pids.get()?]);
let nucleo = std::os::unix::process::parent_id();
std::fs::write(ARCHIVO, format!("{nucleo} {todos:?}"))?;
loop { std::hint::spin_loop() }
"#;

/// A quién se mata de golpe.
enum Victima {
    /// El proceso que ejecuta las celdas, como hace el núcleo al interrumpirlas.
    Celda,
    Evcxr,
    /// `curso nucleo`, que lo acompaña.
    Nucleo,
}

fn muere_y_no_queda_nadie(victima: &Victima) {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let temporal = tempfile::tempdir().unwrap();
    let (ruta, archivo) = (
        carpeta.path().join("de_todo.ipynb"),
        carpeta.path().join("pids"),
    );
    let fuente = DE_TODO.replace("ARCHIVO", &format!("{archivo:?}"));
    escribe_cuaderno(
        &ruta,
        &[carga(&raiz), celda(&fuente, json!({"plazo": 600}))],
    );
    let antes = memoria_con_nombre();
    let ejecuta = curso(&raiz)
        .arg("ejecutar")
        .arg(&ruta)
        .env("TMPDIR", temporal.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut ejecuta = Proceso(ejecuta);
    espera_a_que("la celda lo ha lanzado todo", || {
        assert!(
            ejecuta.0.try_wait().unwrap().is_none(),
            "la orden ha acabado antes de tiempo"
        );
        std::fs::read_to_string(&archivo).is_ok_and(|texto| texto.ends_with(']'))
    });
    let texto = std::fs::read_to_string(&archivo).unwrap();
    let numeros = texto
        .split(|c: char| !c.is_ascii_digit())
        .filter(|n| !n.is_empty());
    let numeros: Vec<i32> = numeros.map(|n| n.parse().unwrap()).collect();
    let (evcxr, todos) = (numeros[0], &numeros[1..]);
    // Dos del pool, la celda, el suelto, el gestor y el nieto.
    assert_eq!(todos.len(), 6);
    assert!(todos.iter().all(|pid| vive(*pid)), "{texto}");
    let a_quien = match victima {
        Victima::Celda => todos[2],
        Victima::Evcxr => evcxr,
        Victima::Nucleo => padre_de(evcxr),
    };
    let inicio = Instant::now();
    kill_process(Pid::from_raw(a_quien).unwrap(), Signal::KILL).unwrap();
    while todos.iter().any(|pid| vive(*pid)) {
        assert!(
            inicio.elapsed() < Duration::from_secs(2),
            "a los 2 s queda alguien: {todos:?}"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    if matches!(victima, Victima::Celda) && cfg!(target_os = "linux") {
        // El núcleo sigue, y los ha recogido: no quedan ni como zombis.
        espera_a_que("el núcleo los recoge", || {
            !todos.iter().any(|pid| existe(*pid))
        });
    }
    // La orden acaba sola, con error, y no deja nada: ni procesos, ni memoria con nombre, ni archivos.
    assert!(!ejecuta.0.wait().unwrap().success());
    assert_eq!(memoria_con_nombre(), antes);
    let quedan: Vec<_> = std::fs::read_dir(temporal.path())
        .unwrap()
        .flatten()
        .collect();
    assert!(quedan.is_empty(), "{quedan:?}");
}

#[test]
fn interrumpir_la_celda_no_deja_procesos() {
    muere_y_no_queda_nadie(&Victima::Celda);
}

#[test]
fn un_nucleo_muerto_de_golpe_no_deja_procesos() {
    muere_y_no_queda_nadie(&Victima::Evcxr);
    // En macOS nadie avisa a evcxr de que su acompañante ha muerto.
    if cfg!(target_os = "linux") {
        muere_y_no_queda_nadie(&Victima::Nucleo);
    }
}

/// Si está en la lista de procesos del sistema, aunque sea como zombi.
fn existe(pid: i32) -> bool {
    test_kill_process(Pid::from_raw(pid).unwrap()).is_ok()
}

fn padre_de(pid: i32) -> i32 {
    let salida = Command::new("ps")
        .args(["-o", "ppid=", "-p", &pid.to_string()])
        .output()
        .unwrap();
    String::from_utf8(salida.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

/// Los nombres que hay en `/dev/shm`, si el sistema tiene esa carpeta.
fn memoria_con_nombre() -> BTreeSet<std::ffi::OsString> {
    let entradas = std::fs::read_dir(Path::new("/dev/shm"))
        .into_iter()
        .flatten()
        .flatten();
    entradas.map(|entrada| entrada.file_name()).collect()
}
