//! Nada queda vivo ni en disco: ni al acabar bien, ni al colgarse, ni si muere quien corre la carrera.

use std::process::Command;
use std::{env, fs};

use concurrencia::Race;
use concurrencia::race::Script;

use super::comun::{Carpeta, acaba_por, carpetas_de, hay_python, numeros, texto, vive};

const PROCESOS: Script = Script::new(
    "procesos",
    "
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor


def apunta(ruta, *pids):
    with open(ruta, 'a') as archivo:
        archivo.write(''.join(f'{pid}\\n' for pid in pids))

def duerme():
    time.sleep(3600)

def se_cuelga(ruta):
    hijo = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)'])
    nieto = os.fork()
    if nieto == 0:
        duerme()
    apunta(ruta, os.getpid(), hijo.pid, nieto)
    print('aquí me quedo')
    duerme()

def no_acaba(ruta):
    apunta(ruta, os.getpid())
    threading.Thread(target=duerme).start()
    return 0

def muere_con_hijos(ruta):
    nieto = os.fork()
    if nieto == 0:
        duerme()
    apunta(ruta, os.getpid(), nieto)
    os._exit(3)

def habla_sin_parar(ruta):
    apunta(ruta, os.getpid())
    while True:
        print('x' * 1000)

def cuadrado(n):
    return n * n

def en_procesos(n, forma):
    contexto = multiprocessing.get_context(forma)
    with ProcessPoolExecutor(2, mp_context=contexto) as grupo:
        return list(grupo.map(cuadrado, range(n)))

def deja_hijos(ruta):
    hijo = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)'])
    apunta(ruta, os.getpid(), hijo.pid)
    return 0
",
);

fn comprueba_que_no_queda_nadie(pids: &[i32]) {
    assert!(!pids.is_empty());
    assert!(
        acaba_por(|| !pids.iter().any(|pid| vive(*pid))),
        "quedan vivos de {pids:?}"
    );
}

#[test]
fn a_esta_maquina_se_va_sin_proxy() {
    if !hay_python() {
        return;
    }
    let entorno = Script::new(
        "entorno",
        "import os\ndef sin_proxy():\n    return '127.0.0.1' in os.environ['no_proxy'].split(',')\n",
    );
    let carrera = Race::new("proxy", 1)
        .rust("sí", || true)
        .python("sí", entorno.call("sin_proxy", ()))
        .startups(0);
    assert!(carrera.run().unwrap().value());
}

#[test]
fn lo_que_se_cuelga_muere_con_sus_hijos_al_acabar_el_plazo() {
    if !hay_python() {
        return;
    }
    let carpeta = Carpeta::nueva();
    let ruta = carpeta.archivo("pids");
    let error = Race::<i32>::new("colgado", 1)
        .python("colgado", PROCESOS.call("se_cuelga", (texto(&ruta),)))
        .timeout(10)
        .run()
        .unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.output(), Some("aquí me quedo"));
    assert!(error.to_string().contains("procesos.se_cuelga("), "{error}");
    let pids = numeros(&ruta);
    assert_eq!(pids.len(), 3);
    comprueba_que_no_queda_nadie(&pids);
}

#[test]
fn quien_imprime_sin_parar_tambien_tiene_plazo() {
    if !hay_python() {
        return;
    }
    let carpeta = Carpeta::nueva();
    let ruta = carpeta.archivo("pids");
    let error = Race::<i32>::new("charlatán", 1)
        .python(
            "charlatán",
            PROCESOS.call("habla_sin_parar", (texto(&ruta),)),
        )
        .timeout(5)
        .run()
        .unwrap_err();
    assert!(error.is_timeout());
    assert!(error.output().unwrap().len() <= 8 * 1024);
    comprueba_que_no_queda_nadie(&numeros(&ruta));
}

#[test]
fn el_que_no_acaba_de_despedirse_se_mata_y_se_dice() {
    if !hay_python() {
        return;
    }
    let carpeta = Carpeta::nueva();
    let ruta = carpeta.archivo("pids");
    let carrera = |arranques| {
        Race::new("hilo colgado", 1)
            .rust("nada", || 0)
            .python("no acaba", PROCESOS.call("no_acaba", (texto(&ruta),)))
            .startups(arranques)
            .timeout(10)
            .run()
    };
    // Sin medir el arranque nadie espera a que acabe: se mata al final.
    assert!(carrera(0).is_ok());
    assert!(carrera(1).unwrap_err().is_timeout());
    comprueba_que_no_queda_nadie(&numeros(&ruta));
}

#[test]
fn si_muere_el_de_python_mueren_los_hijos_que_dejo() {
    if !hay_python() {
        return;
    }
    let carpeta = Carpeta::nueva();
    let ruta = carpeta.archivo("pids");
    let error = Race::<i32>::new("muere", 1)
        .python("muere", PROCESOS.call("muere_con_hijos", (texto(&ruta),)))
        .run()
        .unwrap_err();
    assert!(error.is_died(), "{error}");
    comprueba_que_no_queda_nadie(&numeros(&ruta));
}

#[test]
fn al_acabar_bien_tampoco_queda_nadie() {
    if !hay_python() {
        return;
    }
    let carpeta = Carpeta::nueva();
    let ruta = carpeta.archivo("pids");
    Race::new("deja hijos", 2)
        .rust("nada", || 0)
        .python("deja hijos", PROCESOS.call("deja_hijos", (texto(&ruta),)))
        .run()
        .unwrap();
    // El calentamiento, dos vueltas y la del arranque: el proceso y su hijo.
    let pids = numeros(&ruta);
    assert_eq!(pids.len(), 2 * 4);
    comprueba_que_no_queda_nadie(&pids);
}

#[test]
fn un_grupo_de_procesos_importa_el_guion_se_cree_como_se_cree() {
    if !hay_python() {
        return;
    }
    let cuadrados: Vec<u64> = (0..5).map(|n| n * n).collect();
    for forma in ["fork", "spawn", "forkserver"] {
        let carrera = Race::new(forma, 1)
            .rust("en serie", || cuadrados.clone())
            .python(forma, PROCESOS.call("en_procesos", (5, forma.to_owned())))
            .run();
        assert_eq!(*carrera.unwrap().value(), cuadrados, "{forma}");
    }
}

#[test]
fn el_guion_no_tapa_a_los_modulos_de_python() {
    if !hay_python() {
        return;
    }
    let guion = Script::new(
        "json",
        "
import json

def escribe():
    return json.dumps([1, 2])
",
    );
    let carrera = Race::new("json", 1)
        .rust("rust", || "[1, 2]".to_owned())
        .python("json", guion.call("escribe", ()))
        .run();
    assert_eq!(carrera.unwrap().value(), "[1, 2]");
}

/// Si está, este proceso corre una carrera que se cuelga y apunta ahí los PID.
const CORRE_Y_MUERE: &str = "PRUEBA_CARRERA_MUERE";

#[test]
fn si_muere_quien_corre_la_carrera_muere_python() {
    if let Some(ruta) = env::var_os(CORRE_Y_MUERE) {
        let ruta = ruta.into_string().unwrap();
        let _ = Race::<i32>::new("colgado", 1)
            .python("colgado", PROCESOS.call("se_cuelga", (ruta,)))
            .timeout(6000)
            .run();
        return;
    }
    if !hay_python() {
        return;
    }
    let carpeta = Carpeta::nueva();
    let ruta = carpeta.archivo("pids");
    let mut hija = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "procesos::si_muere_quien_corre_la_carrera_muere_python",
        ])
        .env(CORRE_Y_MUERE, &ruta)
        .spawn()
        .unwrap();
    let todos = || fs::read_to_string(&ruta).is_ok_and(|texto| texto.lines().count() == 3);
    assert!(acaba_por(todos));
    assert_eq!(carpetas_de(hija.id()).len(), 1);
    hija.kill().unwrap();
    hija.wait().unwrap();
    comprueba_que_no_queda_nadie(&numeros(&ruta));
    assert!(acaba_por(|| carpetas_de(hija.id()).is_empty()));
}

#[test]
fn no_quedan_archivos() {
    if env::var_os(CORRE_Y_MUERE).is_some() || !hay_python() {
        return;
    }
    // En otro proceso: en este hay otras pruebas con las suyas.
    let hija = Command::new(env::current_exe().unwrap())
        .args(["--exact", "resultados::todos_corren_lo_mismo_y_da_lo_mismo"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let pid = hija.id();
    assert!(hija.wait_with_output().unwrap().status.success());
    assert_eq!(carpetas_de(pid), [] as [std::path::PathBuf; 0]);
}
