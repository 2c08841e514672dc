//! Lo que comparten las pruebas de la orden: proyectos de mentira, cuadernos de una celda y la orden de verdad.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// La orden, tal como se compila para las pruebas.
pub(crate) fn curso(raiz: &Path) -> Command {
    let mut orden = Command::new(env!("CARGO_BIN_EXE_curso"));
    orden.arg("--raiz").arg(raiz);
    orden
}

/// El proyecto de verdad.
pub(crate) fn raiz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// El proyecto de verdad, preparado: si ya lo estaba, no cuesta nada.
pub(crate) fn raiz_preparada() -> PathBuf {
    let raiz = raiz();
    exige_que_acabe_bien(&curso(&raiz).arg("preparar").output().unwrap());
    raiz
}

/// Una carpeta que la orden toma por un proyecto, sin nada dentro.
pub(crate) fn proyecto_vacio() -> TempDir {
    let carpeta = tempfile::tempdir().unwrap();
    for parte in ["crate", "curso", "notebooks"] {
        std::fs::create_dir(carpeta.path().join(parte)).unwrap();
    }
    for parte in [
        "Cargo.toml",
        "Cargo.lock",
        "crate/Cargo.toml",
        "curso/Cargo.toml",
    ] {
        std::fs::write(carpeta.path().join(parte), "").unwrap();
    }
    carpeta
}

/// Dónde está un programa, si está en el PATH.
pub(crate) fn en_el_path(programa: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|carpeta| carpeta.join(programa))
        .find(|ruta| ruta.exists())
}

/// Chromium. Donde no está, lo dice y la prueba se salta, menos en una máquina de pruebas.
pub(crate) fn chromium() -> Option<PathBuf> {
    let chromium = en_el_path("chromium");
    if chromium.is_none() {
        assert!(std::env::var_os("CI").is_none(), "hace falta Chromium");
        eprintln!("no está Chromium: la prueba se salta");
    }
    chromium
}

/// Una carpeta de programas con solo los que se dicen, enlazados de los del PATH.
pub(crate) fn solo_estos_programas(programas: &[&str]) -> TempDir {
    let carpeta = tempfile::tempdir().unwrap();
    for programa in programas {
        let ruta = en_el_path(programa)
            .unwrap_or_else(|| panic!("hace falta «{programa}» para esta prueba"));
        std::os::unix::fs::symlink(ruta, carpeta.path().join(programa)).unwrap();
    }
    carpeta
}

/// Una celda de código con sus metadatos.
pub(crate) fn celda(fuente: &str, metadatos: Value) -> Value {
    json!({"cell_type": "code", "id": format!("c{:x}", fuente.len() * 31 + usize::from(fuente.as_bytes()[0])),
           "metadata": metadatos, "source": fuente, "outputs": [], "execution_count": null})
}

/// La celda que carga el crate de `raiz`. Llama a algo suyo: su biblioteca (y con ella su gancho de pánico) solo se
/// carga con la primera celda que la usa. En los cuadernos del curso ya lo hace `evcxr.toml` al arrancar.
pub(crate) fn carga(raiz: &Path) -> Value {
    let ruta = raiz.join("crate");
    let ruta = ruta.display().to_string();
    let fuente = format!(
        ":dep concurrencia = {{ path = {ruta:?} }}\nuse concurrencia::prelude::*;\nset_scale(0.1);"
    );
    celda(&fuente, json!({}))
}

/// Escribe un cuaderno con esas celdas.
pub(crate) fn escribe_cuaderno(ruta: &Path, celdas: &[Value]) {
    let mut celdas = celdas.to_vec();
    for (i, celda) in celdas.iter_mut().enumerate() {
        celda["id"] = json!(format!("celda-{i}"));
    }
    let cuaderno = json!({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": celdas});
    std::fs::write(ruta, cuaderno.to_string()).unwrap();
}

/// Copia en `carpeta` un cuaderno de `tests/cuadernos/`, con el crate donde está de verdad.
pub(crate) fn cuaderno_de_prueba(raiz: &Path, carpeta: &Path, nombre: &str) -> PathBuf {
    let ejemplo = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cuadernos")
        .join(nombre);
    let mut cuaderno: Value = serde_json::from_slice(&std::fs::read(ejemplo).unwrap()).unwrap();
    let crate_ = raiz.join("crate").display().to_string();
    for celda in cuaderno["cells"].as_array_mut().unwrap() {
        for linea in celda["source"].as_array_mut().unwrap() {
            *linea = json!(linea.as_str().unwrap().replace("../../../crate", &crate_));
        }
    }
    let ruta = carpeta.join(nombre);
    std::fs::write(&ruta, cuaderno.to_string()).unwrap();
    ruta
}

/// Todo lo que un cuaderno ejecutado escribió o dio como texto, celda a celda. Lo que va por la salida de errores llega
/// por otro camino, antes o después que lo demás: aquí va siempre delante.
pub(crate) fn salidas(ruta: &Path) -> Vec<String> {
    let cuaderno: Value = serde_json::from_str(&std::fs::read_to_string(ruta).unwrap()).unwrap();
    let junta = |v: &Value| match v {
        Value::Array(lineas) => lineas.iter().map(|l| l.as_str().unwrap()).collect(),
        otro => otro.as_str().unwrap_or_default().to_owned(),
    };
    let de_celda = |celda: &Value| -> String {
        let mut salidas: Vec<&Value> = celda["outputs"].as_array().into_iter().flatten().collect();
        salidas.sort_by_key(|s| s["name"] != "stderr");
        salidas
            .into_iter()
            .map(|s| junta(&s["text"]) + &junta(&s["data"]["text/plain"]))
            .collect()
    };
    cuaderno["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(de_celda)
        .collect()
}

pub(crate) fn dicho(salida: &Output) -> String {
    String::from_utf8_lossy(&salida.stdout).into_owned() + &String::from_utf8_lossy(&salida.stderr)
}

pub(crate) fn exige_que_acabe_bien(salida: &Output) {
    assert!(salida.status.success(), "{}", dicho(salida));
}

/// Espera a que `condicion` se cumpla; falla si no ocurre en un plazo muy holgado.
pub(crate) fn espera_a_que(que: &str, mut condicion: impl FnMut() -> bool) {
    let limite = std::time::Instant::now() + std::time::Duration::from_secs(180);
    while !condicion() {
        assert!(
            std::time::Instant::now() < limite,
            "no llega a ocurrir: {que}"
        );
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// Si el proceso existe y no es un zombi que nadie ha recogido.
pub(crate) fn vive(pid: i32) -> bool {
    let existe = rustix::process::Pid::from_raw(pid)
        .is_some_and(|p| rustix::process::test_kill_process(p).is_ok());
    let es_zombi =
        std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|s| s.contains(") Z "));
    existe && !es_zombi
}

/// Un proceso que se mata al soltarlo: si la prueba falla, no queda nada suyo en marcha.
pub(crate) struct Proceso(pub(crate) std::process::Child);

impl Drop for Proceso {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
