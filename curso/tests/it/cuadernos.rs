//! Cuadernos ejecutados con el núcleo de verdad: qué se da por malo y qué se guarda.

use crate::comun::*;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::json;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

#[test]
fn se_da_por_malo_todo_lo_que_jupyter_calla_y_se_dice_en_una_tabla() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = carpeta.path().join("malo.ipynb");
    let celdas = [
        carga(&raiz),
        celda("let x: u32 = \"a\";", json!({})),
        celda("panic!(\"se acabó\\nde verdad\");", json!({})),
        celda("let y = \"no es un número\".parse::<u8>()?;", json!({})),
        celda(
            "let mut h = Thread::new(|| panic!(\"en otro hilo\")).with_name(\"descarga-3\");\nh.start()?;\nh.join().is_err()",
            json!({}),
        ),
        celda("1 + 1", json!({"tags": ["raises-exception"]})),
        celda(
            "let z: u32 = \"a\";",
            json!({"tags": ["raises-exception"], "error": "E0382"}),
        ),
        celda("std::process::abort();", json!({})),
        celda(
            "let bien: u32 = \"a\";",
            json!({"tags": ["raises-exception"], "error": "E0308"}),
        ),
        celda(
            "std::thread::sleep(std::time::Duration::from_secs(600));",
            json!({"plazo": 1.5}),
        ),
        celda("2 + 2", json!({})),
    ];
    escribe_cuaderno(&ruta, &celdas);
    let antes = std::fs::read(&ruta).unwrap();
    let salida = curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap();
    let dicho = dicho(&salida);
    assert_eq!(salida.status.code(), Some(1), "{dicho}");
    for (celda, que) in [
        (2, "mismatched types"),
        (3, "pánico en el hilo «main»: se acabó; de verdad"),
        (4, "sale un Err por «?»: invalid digit"),
        (5, "pánico en el hilo «descarga-3»: en otro hilo"),
        (6, "debía fallar (raises-exception) y no falla"),
        (7, "debía dar E0382"),
        (8, "signal"),
        (10, "pasa de su plazo (1,5 s)"),
        (11, "sin ejecutar"),
    ] {
        let hay = dicho
            .lines()
            .any(|l| l.contains(&format!(" {celda} ")) && l.contains(que));
        assert!(hay, "la celda {celda} no dice «{que}»:\n{dicho}");
    }
    assert!(
        !dicho.contains("bien: u32"),
        "la celda 9 falla como anuncia: está bien\n{dicho}"
    );
    assert_eq!(
        std::fs::read(&ruta).unwrap(),
        antes,
        "un cuaderno que no llega al final no se guarda"
    );
}

#[test]
fn se_guardan_las_salidas_y_las_celdas_corren_con_cifras_de_release() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = carpeta.path().join("bueno.ipynb");
    let celdas = [
        carga(&raiz),
        celda(
            "cfg!(debug_assertions)",
            json!({"execution": {"pasajero": 1}}),
        ),
        celda("let x = std::hint::black_box(255_u8);\nx + 1", json!({})),
    ];
    escribe_cuaderno(&ruta, &celdas);
    exige_que_acabe_bien(&curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap());
    assert_eq!(salidas(&ruta), ["", "false", "0"]);
    let texto = std::fs::read_to_string(&ruta).unwrap();
    assert!(
        !texto.contains("pasajero") && texto.contains("\"pygment_lexer\": \"rust\""),
        "{texto}"
    );
    assert!(texto.ends_with("}\n"));
}

#[test]
fn cortado_a_medias_el_cuaderno_queda_como_estaba_y_no_queda_nada_en_marcha() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = carpeta.path().join("largo.ipynb");
    let va_por_la_segunda = carpeta.path().join("segunda");
    let celdas = [
        carga(&raiz),
        celda(
            &format!(
                "std::fs::write({va_por_la_segunda:?}, std::process::id().to_string()).unwrap();\nloop {{ std::thread::park(); }}"
            ),
            json!({}),
        ),
    ];
    escribe_cuaderno(&ruta, &celdas);
    let antes = std::fs::read(&ruta).unwrap();
    let mut orden = curso(&raiz);
    orden
        .arg("ejecutar")
        .arg(&ruta)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    let mut hijo = orden.spawn().unwrap();
    let mut celda = None;
    espera_a_que("la segunda celda empieza", || {
        celda = std::fs::read_to_string(&va_por_la_segunda)
            .ok()
            .and_then(|pid| pid.parse().ok());
        celda.is_some()
    });
    kill_process_group(Pid::from_child(&hijo), Signal::INT).unwrap();
    assert!(!hijo.wait().unwrap().success());
    assert_eq!(std::fs::read(&ruta).unwrap(), antes);
    assert_eq!(
        std::fs::read_dir(carpeta.path()).unwrap().count(),
        2,
        "ni temporales ni copias"
    );
    espera_a_que("el proceso de la celda acaba", || !vive(celda.unwrap()));
}

#[test]
fn un_nucleo_muerto_se_dice_y_el_cuaderno_queda_como_estaba() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = carpeta.path().join("suicida.ipynb");
    // El padre de la celda es evcxr.
    let mata = "let padre = std::os::unix::process::parent_id().to_string();\n\
                std::process::Command::new(\"kill\").args([\"-9\", &padre]).status().unwrap();\n\
                std::thread::sleep(std::time::Duration::from_secs(30));";
    escribe_cuaderno(
        &ruta,
        &[
            celda("1 + 1", json!({})),
            celda(mata, json!({})),
            celda("2 + 2", json!({})),
        ],
    );
    let antes = std::fs::read(&ruta).unwrap();
    let salida = curso(&raiz).arg("ejecutar").arg(&ruta).output().unwrap();
    let dicho = dicho(&salida);
    assert_eq!(salida.status.code(), Some(1), "{dicho}");
    assert!(
        dicho.contains("el núcleo ha muerto") && dicho.contains("sin ejecutar"),
        "{dicho}"
    );
    assert_eq!(std::fs::read(&ruta).unwrap(), antes);
}

#[test]
fn ejecutar_un_cuaderno_no_toca_el_progreso_de_quien_lo_ejecuta() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let ruta = carpeta.path().join("progreso.ipynb");
    let mio = carpeta.path().join("el_mio.json");
    let celdas = [
        celda(
            "let donde = std::env::var(\"CONCURRENCIA_PROGRESO\").unwrap();",
            json!({}),
        ),
        celda("std::fs::write(&donde, \"{}\").unwrap();", json!({})),
        celda("println!(\"{donde}\");", json!({})),
    ];
    escribe_cuaderno(&ruta, &celdas);
    let salida = curso(&raiz)
        .arg("ejecutar")
        .arg(&ruta)
        .env("CONCURRENCIA_PROGRESO", &mio)
        .output()
        .unwrap();
    exige_que_acabe_bien(&salida);
    assert!(!mio.exists());
    let donde = salidas(&ruta).concat();
    let donde = std::path::Path::new(donde.trim());
    assert!(donde.is_absolute(), "{}", donde.display());
    assert!(!donde.exists(), "se borra al acabar: {}", donde.display());
}

#[test]
fn lo_que_una_celda_escribe_y_llega_tarde_es_suyo_aunque_sea_la_ultima() {
    let raiz = raiz_preparada();
    // El ejecutor, con un núcleo de mentira: lo que la celda escribe llega detrás de «he acabado» y, como hace evcxr, dicho ya
    // por la siguiente, que todavía no ha contestado nada.
    let guion = r#"
import asyncio, queue, sys
import ejecutor
from nbformat.v4 import new_code_cell, new_notebook

def mensaje(de, tipo, **contenido):
    return {"parent_header": {"msg_id": de}, "header": {"msg_type": tipo}, "msg_type": tipo, "content": contenido}

def texto(de, nombre, dicho):
    return mensaje(de, "stream", name=nombre, text=dicho)

def acaba(de):
    return mensaje(de, "status", execution_state="idle")

class Canal:
    def __init__(self, *mensajes):
        self.mensajes = list(mensajes)

    async def get_msg(self, timeout):
        if not self.mensajes:
            raise queue.Empty
        return self.mensajes.pop(0)

class Conexion:
    iopub_channel = Canal(
        texto("a", "stdout", "uno\n"), acaba("a"),
        texto("b", "stdout", "dos\n"), texto("b", "stderr", "tres\n"), acaba("b"),
        texto("b", "stdout", "cuatro\n"), texto("b", "stderr", "cinco\n"),
    )

async def prueba():
    celdas = [new_code_cell(), new_code_cell()]
    cliente = ejecutor.Cliente(new_notebook(cells=celdas), coalesce_streams=True, record_timing=False)
    cliente.clear_before_next_output = False
    cliente.kc = Conexion()
    for i, de in enumerate("ab"):
        await cliente._async_poll_output_msg(de, celdas[i], i)
    await cliente.lo_que_llega_tarde()
    dicho = [[(s.name, s.text) for s in celda.outputs] for celda in celdas]
    print(dicho, file=sys.stderr)

asyncio.run(prueba())
"#;
    let salida = Command::new(raiz.join(".curso/python/bin/python"))
        .args(["-B", "-c", guion])
        .env("PYTHONPATH", raiz.join("curso/python"))
        .output()
        .unwrap();
    exige_que_acabe_bien(&salida);
    assert_eq!(
        String::from_utf8_lossy(&salida.stderr).trim(),
        r"[[('stdout', 'uno\ndos\n'), ('stderr', 'tres\n')], [('stdout', 'cuatro\n'), ('stderr', 'cinco\n')]]"
    );
}
