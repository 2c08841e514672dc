//! SIGKILL a medias: con su nombre final, un archivo está entero o no está.

use crate::comun::*;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use workloads::{Server, Session};

const CARPETA: &str = "PRUEBA_CARPETA";
const URL: &str = "PRUEBA_URL";
/// Los bastantes para que escribirlos sea buena parte de lo que se tarda: alguna muerte tiene que caer ahí.
const BYTES: u64 = 20_000_000;

/// El hijo al que matan: descarga sin parar y dice por dónde va. A solas no hace nada.
#[test]
fn hijo_que_descarga_sin_parar() {
    let Some(carpeta) = std::env::var_os(CARPETA).map(PathBuf::from) else {
        return;
    };
    let (url, sesion) = (std::env::var(URL).unwrap(), Session::new().unwrap());
    for n in 0_u64.. {
        let nombre = format!("{}.bin", n % 3);
        sesion.download_as(&url, &carpeta, nombre).unwrap();
        eprintln!("van {n}");
    }
}

#[test]
fn matar_el_proceso_a_medias_no_deja_ningun_archivo_truncado() {
    let servidor: Server = servidor();
    let mut azar = fastrand::Rng::with_seed(6);
    let carpeta = tempfile::tempdir().unwrap();
    for _ in 0..15 {
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
        // En cualquier momento de una descarga, con semilla: se sabe lo que dura porque dice cuándo acaba cada una. Hasta
        // entonces se mira sin parar: tampoco vivo se le puede ver nunca un archivo a medias.
        let dichas = BufReader::new(hijo.stderr.take().unwrap());
        let acaban: Vec<Instant> = dichas.lines().take(2).map(|_| Instant::now()).collect();
        let [una, otra] = acaban[..] else {
            panic!("el hijo ha acabado antes de tiempo")
        };
        let muerte = otra + (otra - una).mul_f64(azar.f64() * 1.5);
        while Instant::now() < muerte {
            enteros(carpeta.path());
        }
        hijo.kill().unwrap();
        hijo.wait().unwrap();
        let hay = enteros(carpeta.path());
        assert!(hay > 0);
    }
}

/// Cuántos archivos hay con su nombre final; todos tienen que estar enteros.
fn enteros(carpeta: &Path) -> usize {
    let acabados = nombres(carpeta)
        .into_iter()
        .filter(|nombre| nombre.ends_with(".bin"));
    acabados
        .inspect(|nombre| {
            let largo = carpeta.join(nombre).metadata().unwrap().len();
            assert_eq!(largo, BYTES, "{nombre}");
        })
        .count()
}
