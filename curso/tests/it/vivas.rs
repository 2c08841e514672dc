//! Las diapositivas vivas, como en clase: JupyterLab abierto con la orden y Chromium manejado con el teclado.

use crate::comun::*;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

#[test]
fn con_el_teclado_se_proyecta_se_ejecuta_y_se_avanza_y_al_cerrar_no_queda_nada() {
    let Some(chromium) = chromium() else { return };
    let raiz = raiz_preparada();
    let (python, _proyecto) = python_con_playwright(&raiz);
    let puerto = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut hijo = Proceso(
        curso(&raiz)
            .args(["abrir", "00_inicio", "--sin-navegador", "--puerto"])
            .arg(puerto.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let mut salida = BufReader::new(hijo.0.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let url = salida
        .find(|l| l.contains("http://"))
        .expect("dice la dirección");

    let guion = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vivas.py");
    let probado = Command::new(python)
        .arg(guion)
        .args([chromium.as_os_str(), url.trim().as_ref()])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    exige_que_acabe_bien(&probado);

    let suyos = descendientes(hijo.0.id());
    assert!(suyos.len() > 2, "JupyterLab, el núcleo y evcxr: {suyos:?}");
    kill_process(Pid::from_child(&hijo.0), Signal::INT).unwrap();
    assert!(salida.any(|l| l == "Cerrado."));
    assert!(hijo.0.wait().unwrap().success());
    espera_a_que("se acaba todo lo que lanzó", || {
        !suyos.iter().copied().any(vive)
    });
}

/// El Python de publicar, que maneja el navegador. Si el proyecto no lo tiene, el de uno de mentira: publicarlo, aunque no
/// pueda, lo deja hecho.
fn python_con_playwright(raiz: &Path) -> (PathBuf, Option<TempDir>) {
    let en = |proyecto: &Path| proyecto.join(".curso/publicar/bin/python");
    if raiz.join(".curso/sellos/publicar").exists() {
        return (en(raiz), None);
    }
    let proyecto = proyecto_vacio();
    let mut publica = curso(proyecto.path());
    publica
        .args(["publicar", "--sin-pdf"])
        .env("UV_CACHE_DIR", raiz.join(".curso/cache-uv"));
    let dicho = dicho(&publica.output().unwrap());
    let python = en(proyecto.path());
    assert!(python.exists(), "{dicho}");
    (python, Some(proyecto))
}

/// Los hijos de un proceso, los de sus hijos y así hasta el último.
fn descendientes(pid: u32) -> Vec<i32> {
    let tabla = Command::new("ps")
        .args(["-A", "-o", "ppid=,pid="])
        .output()
        .unwrap();
    exige_que_acabe_bien(&tabla);
    let numeros: Vec<i32> = String::from_utf8(tabla.stdout)
        .unwrap()
        .split_whitespace()
        .map(|numero| numero.parse().unwrap())
        .collect();
    let mut padres = vec![i32::try_from(pid).unwrap()];
    let mut suyos = Vec::new();
    while let Some(padre) = padres.pop() {
        let hijos = numeros.chunks(2).filter(|par| par[0] == padre);
        let hijos: Vec<i32> = hijos.map(|par| par[1]).collect();
        suyos.extend(&hijos);
        padres.extend(hijos);
    }
    suyos
}
