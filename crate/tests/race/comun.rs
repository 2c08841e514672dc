//! Lo que comparten las pruebas: si hay Python, carpetas que se borran y saber si vive un proceso.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, process};

pub(crate) fn interprete() -> OsString {
    env::var_os("CONCURRENCIA_PYTHON").unwrap_or_else(|| "python3".into())
}

static HAY: LazyLock<bool> = LazyLock::new(|| {
    Command::new(interprete())
        .args(["-c", "import sys; sys.exit(sys.version_info < (3, 10))"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|estado| estado.success())
});

/// ¿Hay Python? Si no, lo avisa: quien pregunta se salta su prueba.
pub(crate) fn hay_python() -> bool {
    if !*HAY {
        eprintln!("no hay Python 3.10 o posterior: esta prueba se salta");
    }
    *HAY
}

/// Una carpeta vacía que se borra al soltarla.
pub(crate) struct Carpeta(PathBuf);

impl Carpeta {
    pub(crate) fn nueva() -> Carpeta {
        static CUANTAS: AtomicUsize = AtomicUsize::new(0);
        let numero = CUANTAS.fetch_add(1, Ordering::Relaxed);
        let ruta = env::temp_dir().join(format!("prueba-carrera-{}-{numero}", process::id()));
        fs::create_dir(&ruta).unwrap();
        Carpeta(ruta)
    }

    pub(crate) fn archivo(&self, nombre: &str) -> PathBuf {
        self.0.join(nombre)
    }
}

impl Drop for Carpeta {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Una ruta, como se le pasa a Python.
pub(crate) fn texto(ruta: &Path) -> String {
    ruta.to_str().unwrap().to_owned()
}

/// Los números apuntados en un archivo, uno por línea.
pub(crate) fn numeros(ruta: &Path) -> Vec<i32> {
    let texto = fs::read_to_string(ruta).unwrap_or_default();
    texto.lines().map(|linea| linea.parse().unwrap()).collect()
}

/// ¿Sigue vivo? Un zombi que nadie recoge no lo está.
pub(crate) fn vive(pid: i32) -> bool {
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    if rustix::process::test_kill_process(pid).is_err() {
        return false;
    }
    let estado = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    estado.map_or(!Path::new("/proc/self").exists(), |estado| {
        !estado.rsplit(')').next().unwrap().trim().starts_with('Z')
    })
}

/// Espera a que se cumpla, con un tope holgado: matar a un proceso no es inmediato.
pub(crate) fn acaba_por(se_cumple: impl Fn() -> bool) -> bool {
    let tope = Instant::now() + Duration::from_secs(20);
    while Instant::now() < tope {
        if se_cumple() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

/// Las carpetas temporales de carreras de este proceso que aún existen.
pub(crate) fn carpetas_de(pid: u32) -> Vec<PathBuf> {
    let mias = format!("concurrencia-carrera-{pid}-");
    fs::read_dir(env::temp_dir())
        .unwrap()
        .filter_map(|entrada| Some(entrada.ok()?.path()))
        .filter(|ruta| {
            ruta.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with(&mias)
        })
        .collect()
}
