//! SIGKILL a medias: con su nombre final, un archivo está entero o no está.

use crate::comun::*;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use workloads::{Server, Session};

const CARPETA: &str = "PRUEBA_CARPETA";
const URL: &str = "PRUEBA_URL";
const BYTES: u64 = 3_000_000;

/// El hijo al que matan: descarga sin parar y dice por dónde va. A solas no hace nada.
#[test]
fn hijo_que_descarga_sin_parar() {
    let Some(carpeta) = std::env::var_os(CARPETA).map(PathBuf::from) else {
        return;
    };
    let (url, sesion) = (std::env::var(URL).unwrap(), Session::new().unwrap());
    for n in 0_u64.. {
        let nombre = format!("{}.bin", n % 7);
        sesion.download_as(&url, &carpeta, nombre).unwrap();
        eprintln!("van {n}");
    }
}

#[test]
fn matar_el_proceso_a_medias_no_deja_ningun_archivo_truncado() {
    let servidor: Server = servidor();
    let mut azar = fastrand::Rng::with_seed(6);
    let carpeta = tempfile::tempdir().unwrap();
    for _ in 0..12 {
        let mut hijo = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "muerte::hijo_que_descarga_sin_parar",
                "--nocapture",
            ])
            .env(CARPETA, carpeta.path())
            .env(URL, servidor.bytes(BYTES as usize))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Tras un número de descargas con semilla, y en el instante que toque de la siguiente.
        let dichas = BufReader::new(hijo.stderr.take().unwrap());
        let cuantas = azar.usize(1..5);
        assert_eq!(dichas.lines().take(cuantas).count(), cuantas);
        std::thread::sleep(std::time::Duration::from_micros(azar.u64(0..6000)));
        hijo.kill().unwrap();
        hijo.wait().unwrap();
        let acabados = nombres(carpeta.path())
            .into_iter()
            .filter(|nombre| nombre.ends_with(".bin"));
        let mut hay = 0;
        for nombre in acabados {
            let largo = carpeta.path().join(&nombre).metadata().unwrap().len();
            assert_eq!(largo, BYTES, "{nombre}");
            hay += 1;
        }
        assert!(hay > 0);
    }
}
