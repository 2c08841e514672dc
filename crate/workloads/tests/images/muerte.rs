//! Si matan el programa a medias, con el nombre de una miniatura no queda nada a medias.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use workloads::image;
use workloads::images::{Mode, Tree, convert, find, plan, shrink};

use crate::comun::{carpeta, contenido};
use crate::pruebas;

pruebas![con_sigkill_no_queda_ninguna_miniatura_a_medias];

/// El programa al que se mata: cada vez que acaba, vuelve a empezar.
pub(crate) fn convierte_sin_parar(argumentos: &[String]) {
    let [modo, fotos, destino] = argumentos else {
        panic!("faltan argumentos: {argumentos:?}");
    };
    let modo = if modo == "rayon" {
        Mode::Rayon
    } else {
        Mode::Serial
    };
    let trabajos = plan(fotos, find(fotos).expect("están"), destino);
    println!("empieza");
    loop {
        let informe = convert(trabajos.clone(), modo);
        assert!(informe.is_ok(), "{informe}");
    }
}

fn con_sigkill_no_queda_ninguna_miniatura_a_medias() {
    let raiz = carpeta();
    let (fotos, destino) = (raiz.path().join("fotos"), raiz.path().join("m"));
    Tree::new(1)
        .images(10)
        .size(160, 120)
        .generate(&fotos)
        .unwrap();
    let mut azar = fastrand::Rng::with_seed(2);
    for vuelta in 0..30 {
        let mut hijo = Command::new(env::current_exe().unwrap())
            .arg("convierte_sin_parar")
            .arg(if vuelta % 2 == 0 { "serie" } else { "rayon" })
            .args([&fotos, &destino])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut linea = String::new();
        BufReader::new(hijo.stdout.take().unwrap())
            .read_line(&mut linea)
            .unwrap();
        assert_eq!(linea, "empieza\n");
        // El momento en que muere, no una espera a que pase algo.
        thread::sleep(Duration::from_micros(azar.u64(..40_000)));
        hijo.kill().unwrap();
        hijo.wait().unwrap();
        comprueba(&destino);
    }
    // Y otro que venga detrás las hace todas.
    let trabajos = plan(&fotos, find(&fotos).unwrap(), &destino);
    assert!(convert(trabajos, Mode::Serial).is_ok());
    comprueba(&destino);
}

fn comprueba(destino: &Path) {
    if !fs::exists(destino).unwrap() {
        return;
    }
    for (nombre, bytes) in contenido(destino) {
        if nombre.starts_with(".concurrencia-") && nombre.ends_with(".part") {
            continue;
        }
        assert!(nombre.contains("_thumbnail."), "{nombre}");
        image::load_from_memory(&bytes).unwrap_or_else(|error| panic!("{nombre}: {error}"));
        // El de aquí no rellena lo que falta.
        shrink(&bytes, (16, 16)).unwrap_or_else(|error| panic!("{nombre}: {error}"));
    }
}
