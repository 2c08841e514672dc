//! El proyecto copiado a una carpeta con espacios y acentos: se prepara, se corta, sigue y se edita.

use crate::comun::*;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::json;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use walkdir::WalkDir;

/// Una copia de lo que está en git, en «el proyecto de Íñigo y compañía», con las dependencias que aquí ya están compiladas.
///
/// Lo del propio proyecto no vale allí, por su ruta, y se compila entero. Desde cero, sin nada, ya se ha preparado este.
fn copia(raiz: &Path, en: &Path) -> PathBuf {
    let destino = en.join("el proyecto de Íñigo y compañía");
    for parte in [
        "Cargo.toml",
        "Cargo.lock",
        ".cargo",
        "crate",
        "curso",
        "notebooks",
    ] {
        for entrada in WalkDir::new(raiz.join(parte))
            .into_iter()
            .flatten()
            .filter(|e| e.file_type().is_file())
        {
            let hacia = destino.join(entrada.path().strip_prefix(raiz).unwrap());
            std::fs::create_dir_all(hacia.parent().unwrap()).unwrap();
            std::fs::copy(entrada.path(), hacia).unwrap();
        }
    }
    for compilado in ["target", "plantillas"].map(|parte| Path::new(".curso").join(parte)) {
        // Con sus fechas: por ellas decide cargo si algo está al día. Y sin lo que solo usan estas pruebas.
        let de = raiz.join(&compilado);
        for entrada in WalkDir::new(&de).min_depth(1).max_depth(2) {
            let de = entrada.unwrap().into_path();
            let es_de_plantilla = compilado.ends_with("plantillas") && de.join("lista").exists();
            let es_de_programa = compilado.ends_with("target") && de.ends_with("release");
            if es_de_plantilla || es_de_programa {
                let hacia = destino.join(de.strip_prefix(raiz).unwrap());
                std::fs::create_dir_all(hacia.parent().unwrap()).unwrap();
                let copiado = Command::new("cp").arg("-a").args([de, hacia]).status();
                assert!(copiado.unwrap().success());
            }
        }
    }
    destino
}

/// La orden sobre la copia, con el evcxr del proyecto de verdad en el PATH y su caché de paquetes de Python.
fn en_la_copia(copia: &Path, raiz: &Path) -> Command {
    let mut rutas = vec![raiz.join(".curso/evcxr/bin")];
    rutas.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let mut orden = curso(copia);
    orden
        .env("PATH", std::env::join_paths(rutas).unwrap())
        .env("UV_CACHE_DIR", raiz.join(".curso/cache-uv"));
    orden
}

#[test]
fn en_una_carpeta_con_espacios_y_acentos_cortado_a_medias_y_editado_con_un_nucleo_abierto() {
    let raiz = raiz_preparada();
    let carpeta = tempfile::tempdir().unwrap();
    let copia = copia(&raiz, carpeta.path());

    // Cortado de golpe mientras compila la plantilla, la vez siguiente sigue sin limpiar nada.
    let mut orden = en_la_copia(&copia, &raiz);
    orden
        .arg("preparar")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    let mut cortada = orden.spawn().unwrap();
    let compilando = copia.join(".curso/registros/plantilla.log");
    espera_a_que("empieza a compilar la plantilla", || {
        compilando.metadata().is_ok_and(|m| m.len() > 0)
    });
    kill_process_group(Pid::from_child(&cortada), Signal::KILL).unwrap();
    cortada.wait().unwrap();
    let sigue = en_la_copia(&copia, &raiz).arg("preparar").output().unwrap();
    exige_que_acabe_bien(&sigue);
    assert!(
        !dicho(&sigue).contains("entorno de Python"),
        "lo ya hecho no se repite: {}",
        dicho(&sigue)
    );
    let nada = en_la_copia(&copia, &raiz).arg("preparar").output().unwrap();
    assert!(
        !dicho(&nada).contains('✓'),
        "la segunda vez no hay nada que hacer: {}",
        dicho(&nada)
    );
    exige_que_acabe_bien(
        &en_la_copia(&copia, &raiz)
            .arg("diagnosticar")
            .output()
            .unwrap(),
    );

    // Con un núcleo abierto y parado en una celda, alguien edita el crate: el núcleo sigue con el suyo.
    let (abierto, siguiente) = (
        copia.join("notebooks/abierto.ipynb"),
        copia.join("notebooks/siguiente.ipynb"),
    );
    let (parado, editado) = (
        carpeta.path().join("parado"),
        carpeta.path().join("editado"),
    );
    let espera = format!(
        "std::fs::write({parado:?}, \"\").unwrap();\n\
         while !std::path::Path::new({editado:?}).exists() {{ std::thread::yield_now(); }}\n\
         let guardada = concurrencia::time::scale();"
    );
    let carga = celda(
        ":dep concurrencia = { path = \"../crate\" }\nuse concurrencia::prelude::*;",
        json!({}),
    );
    let escala = celda(
        "struct Nueva(f64);\nNueva(concurrencia::time::DEFAULT_SCALE).0",
        json!({}),
    );
    escribe_cuaderno(
        &abierto,
        &[
            carga.clone(),
            celda(&espera, json!({})),
            escala.clone(),
            celda("guardada", json!({})),
        ],
    );
    escribe_cuaderno(&siguiente, &[carga, escala]);
    let hijo = en_la_copia(&copia, &raiz)
        .arg("ejecutar")
        .arg(&abierto)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    espera_a_que("el núcleo está parado en su celda", || parado.exists());
    let fuente = copia.join("crate/src/time/scale.rs");
    let antes = std::fs::read_to_string(&fuente).unwrap();
    let despues = antes.replace("DEFAULT_SCALE: f64 = 0.1", "DEFAULT_SCALE: f64 = 0.25");
    assert_ne!(antes, despues);
    std::fs::write(&fuente, despues).unwrap();
    std::fs::write(&editado, "").unwrap();
    exige_que_acabe_bien(&hijo.wait_with_output().unwrap());
    assert_eq!(
        salidas(&abierto)[2..],
        ["0.1", "0.1"],
        "el núcleo abierto no se entera y conserva sus variables"
    );

    // El siguiente núcleo compila lo editado, y nada más.
    let rehecho = en_la_copia(&copia, &raiz)
        .arg("ejecutar")
        .arg(&siguiente)
        .output()
        .unwrap();
    exige_que_acabe_bien(&rehecho);
    let rehecho = dicho(&rehecho);
    assert!(
        rehecho.contains("✓ plantilla") && !rehecho.contains("✓ entorno"),
        "{rehecho}"
    );
    assert_eq!(salidas(&siguiente)[1], "0.25");
}
