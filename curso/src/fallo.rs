//! Un fallo que enseña: qué se intentaba, con qué pasó y qué hacer.

use std::fmt;
use std::io;
use std::path::Path;

/// Lo que devuelve toda función de la orden que puede fallar.
pub(crate) type Resultado<T = ()> = Result<T, Fallo>;

/// Qué se intentaba, qué pasó y qué puede hacer quien lo lee.
#[derive(Debug)]
pub(crate) struct Fallo {
    intento: String,
    causa: Option<String>,
    remedio: Option<String>,
}

impl Fallo {
    /// `intento` completa la frase «no se pudo …».
    pub(crate) fn nuevo(intento: impl Into<String>) -> Self {
        Fallo {
            intento: intento.into(),
            causa: None,
            remedio: None,
        }
    }

    /// Añade lo que pasó.
    pub(crate) fn causa(mut self, causa: impl fmt::Display) -> Self {
        self.causa = Some(causa.to_string());
        self
    }

    /// Añade lo que hay que hacer, si no lo sabía ya.
    pub(crate) fn remedio(mut self, remedio: impl Into<String>) -> Self {
        self.remedio.get_or_insert(remedio.into());
        self
    }

    /// Un fallo del sistema al hacer `intento` (leer, escribir, borrar…) con `ruta`.
    pub(crate) fn de_archivo(intento: &str, ruta: &Path, error: &io::Error) -> Self {
        let fallo =
            Fallo::nuevo(format!("{intento} «{}»", ruta.display())).causa(en_espanol(error));
        match remedio_del_sistema(error) {
            Some(remedio) => fallo.remedio(remedio),
            None => fallo,
        }
    }

    /// Un fallo de un programa externo, con lo último que dijo; reconoce el disco lleno y la falta de red.
    pub(crate) fn de_programa(intento: impl Into<String>, dicho: &str) -> Self {
        let ultimas: Vec<&str> = dicho.lines().filter(|l| !l.trim().is_empty()).collect();
        let desde = ultimas.len().saturating_sub(12);
        let fallo = Fallo::nuevo(intento).causa(ultimas[desde..].join("\n"));
        match remedio_de_lo_dicho(dicho) {
            Some(remedio) => fallo.remedio(remedio),
            None => fallo,
        }
    }
}

impl fmt::Display for Fallo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no se pudo {}", self.intento)?;
        if let Some(causa) = &self.causa {
            write!(
                f,
                "\n  qué pasó:  {}",
                causa.replace('\n', "\n             ")
            )?;
        }
        if let Some(remedio) = &self.remedio {
            write!(
                f,
                "\n  qué hacer: {}",
                remedio.replace('\n', "\n             ")
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for Fallo {}

const DISCO_LLENO: &str = "libera espacio en el disco (la primera preparación necesita unos 3 GB) y repite la orden: sigue donde estaba";
const SIN_RED: &str = "comprueba la conexión a internet y repite la orden: la primera vez hay que descargar; \
                       después todo funciona sin red";

fn remedio_del_sistema(error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some(DISCO_LLENO),
        io::ErrorKind::PermissionDenied => {
            Some("comprueba de quién es la carpeta y que puedes escribir en ella")
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            Some("copia el proyecto a un disco en el que se pueda escribir")
        }
        _ => None,
    }
}

fn remedio_de_lo_dicho(dicho: &str) -> Option<&'static str> {
    const DISCO: [&str; 3] = [
        "No space left on device",
        "os error 28",
        "Disk quota exceeded",
    ];
    const RED: [&str; 13] = [
        "dns error",
        "Could not resolve host",
        "Couldn't resolve host",
        "Temporary failure in name resolution",
        "Failed to establish a new connection",
        "error sending request",
        "Connection refused",
        "connect to server",
        "Network is unreachable",
        "failed to download",
        "Failed to fetch",
        "Failed to download",
        "(from versions: none)", // lo que dice pip cuando no llega a ningún índice
    ];
    if DISCO.iter().any(|aviso| dicho.contains(aviso)) {
        Some(DISCO_LLENO)
    } else if RED.iter().any(|aviso| dicho.contains(aviso)) {
        Some(SIN_RED)
    } else {
        None
    }
}

/// El texto de un error del sistema, en español si es de los corrientes.
fn en_espanol(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no existe".to_owned(),
        io::ErrorKind::PermissionDenied => "no tienes permiso".to_owned(),
        io::ErrorKind::StorageFull => "el disco está lleno".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "el disco es de solo lectura".to_owned(),
        io::ErrorKind::AddrInUse => "el puerto está ocupado".to_owned(),
        _ => error.to_string(),
    }
}

/// Convierte el error de una operación con un archivo en un [`Fallo`].
pub(crate) trait ConArchivo<T> {
    /// `intento` es el verbo («leer», «escribir»…); `ruta`, el archivo.
    fn al(self, intento: &str, ruta: &Path) -> Resultado<T>;
}

impl<T> ConArchivo<T> for io::Result<T> {
    fn al(self, intento: &str, ruta: &Path) -> Resultado<T> {
        self.map_err(|error| Fallo::de_archivo(intento, ruta, &error))
    }
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn el_disco_lleno_dice_que_hacer() {
        use std::io::Write;
        // /dev/full acepta abrirse y responde ENOSPC a toda escritura: un disco lleno de verdad.
        let ruta = Path::new("/dev/full");
        if !ruta.exists() {
            return;
        }
        let mut archivo = std::fs::OpenOptions::new().write(true).open(ruta).unwrap();
        let fallo = archivo
            .write_all(b"x")
            .al("escribir", ruta)
            .unwrap_err()
            .to_string();
        assert!(fallo.contains("el disco está lleno"), "{fallo}");
        assert!(fallo.contains("libera espacio"), "{fallo}");
    }

    #[test]
    fn un_programa_sin_red_remite_a_la_conexion() {
        let fallo = Fallo::de_programa("instalar x", "error: dns error: failed to lookup address")
            .to_string();
        assert!(fallo.contains("comprueba la conexión"), "{fallo}");
    }

    #[test]
    fn un_programa_con_el_disco_lleno_remite_al_espacio() {
        let fallo = Fallo::de_programa("instalar x", "OSError: [Errno 28] No space left on device")
            .to_string();
        assert!(fallo.contains("libera espacio"), "{fallo}");
    }

    #[test]
    fn se_ensenan_las_ultimas_lineas_de_lo_dicho() {
        let dicho: String = (1..=40).map(|i| format!("línea {i}\n")).collect();
        let fallo = Fallo::de_programa("compilar", &dicho).to_string();
        assert!(
            fallo.contains("línea 40")
                && fallo.contains("línea 29")
                && !fallo.contains("línea 28\n"),
            "{fallo}"
        );
    }
}
