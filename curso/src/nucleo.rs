//! `nucleo`: lo que Jupyter lanza. Da a cada núcleo un directorio propio, copia de la plantilla, y arranca evcxr en él.

use crate::cerrojo::Cerrojo;
use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::orden::{muere_con_su_padre, orden};
use crate::preparar::{evcxr, fuentes_std, plantilla, rust};
use crate::proyecto::Proyecto;
use rustix::process::{Pid, Signal, getpgrp, getpid, kill_process, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::process::parent_id;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Arranca evcxr para `conexion` (el archivo que escribe Jupyter), espera a que acabe y borra su directorio.
pub(crate) fn nucleo(proyecto: &Proyecto, conexion: &Path) -> Resultado<ExitCode> {
    let evcxr = evcxr::hallar(proyecto).ok_or_else(|| {
        Fallo::nuevo("arrancar el núcleo")
            .causa(format!("no está evcxr_jupyter {}", evcxr::VERSION))
            .remedio("ejecuta «cargo curso preparar»")
    })?;
    let herramientas = rust::Herramientas::hallar()?;
    let plantilla = plantilla::asegurar(proyecto, &herramientas)?;
    let carpeta = Carpeta::nueva(&proyecto.nucleos())?;
    plantilla.copia_en(&carpeta.ruta.join("espacio"))?;
    carpeta.vivo.que_lo_hereden_los_hijos()?;
    plantilla.uso().que_lo_hereden_los_hijos()?;
    let ajustes = proyecto.configuracion_evcxr();
    std::fs::create_dir_all(&ajustes).al("crear", &ajustes)?;
    let mut nucleo = orden(&evcxr);
    nucleo
        .arg("--control_file")
        .arg(conexion)
        .env("EVCXR_TMPDIR", carpeta.ruta.join("espacio").join("ctx"))
        .env("EVCXR_CONFIG_DIR", &ajustes)
        .stdout(std::process::Stdio::null()); // solo dice de dónde lee su configuración
    let programas = std::iter::once(herramientas.programas());
    let en_el_path = std::env::var_os("PATH").unwrap_or_default();
    if let Ok(rutas) = std::env::join_paths(programas.chain(std::env::split_paths(&en_el_path))) {
        nucleo.env("PATH", rutas);
    }
    if let Some(fuentes) = fuentes_std::lista(proyecto, &herramientas) {
        nucleo.env("RUST_SRC_PATH", fuentes);
    }
    muere_con_su_padre(&mut nucleo);
    let mut avisos = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .map_err(|e| Fallo::nuevo("atender las señales").causa(e))?;
    let mut hijo = nucleo.spawn().map_err(|e| {
        Fallo::nuevo("arrancar el núcleo").causa(format!("«{}»: {e}", evcxr.display()))
    })?;
    let pid = Pid::from_child(&hijo);
    vigila_al_padre(pid);
    std::thread::spawn(move || {
        for aviso in avisos.forever() {
            // Jupyter interrumpe con un mensaje: SIGINT solo llega por error, y evcxr no lo atiende.
            if aviso != SIGINT {
                let _ = kill_process(pid, Signal::TERM);
            }
        }
    });
    let estado = hijo
        .wait()
        .map_err(|e| Fallo::nuevo("esperar al núcleo").causa(e))?;
    acaba_con_su_grupo();
    drop(carpeta);
    Ok(ExitCode::from(
        estado
            .code()
            .and_then(|c| u8::try_from(c).ok())
            .unwrap_or(1),
    ))
}

/// El proceso que ejecuta las celdas es hijo de evcxr, y si está a mitad de una no se entera de que evcxr ha muerto.
/// Jupyter da a cada núcleo un grupo de procesos propio: lo que quede en él sobra.
fn acaba_con_su_grupo() {
    if getpgrp() == getpid() {
        // A esta orden también le llega, pero la atiende.
        let _ = kill_process_group(getpid(), Signal::TERM);
    }
}

/// Si Jupyter muere sin cerrar sus núcleos, evcxr no se entera y se quedaría para siempre: se mira si aún es el padre.
fn vigila_al_padre(evcxr: Pid) {
    let jupyter = parent_id();
    std::thread::spawn(move || {
        while parent_id() == jupyter {
            std::thread::sleep(Duration::from_millis(500));
        }
        let _ = kill_process(evcxr, Signal::KILL);
    });
}

/// El directorio de un núcleo: se borra al soltarlo; si el proceso muere antes, lo barre el siguiente núcleo.
#[derive(Debug)]
struct Carpeta {
    ruta: PathBuf,
    vivo: Cerrojo,
}

impl Carpeta {
    fn nueva(nucleos: &Path) -> Resultado<Self> {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(nucleos)
            .al("crear", nucleos)?;
        es_nuestra(nucleos)?;
        barre(nucleos);
        // Nadie barre entre crear la carpeta y echar su cerrojo.
        let _turno = Cerrojo::exclusivo(&nucleos.join("turno.cerrojo"))?;
        let ruta = tempfile::Builder::new()
            .prefix("n")
            .tempdir_in(nucleos)
            .al("crear una carpeta en", nucleos)?
            .keep();
        let vivo = Cerrojo::exclusivo(&ruta.join(VIVO))?;
        Ok(Carpeta { ruta, vivo })
    }
}

const VIVO: &str = "vivo.cerrojo";

impl Drop for Carpeta {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.ruta);
    }
}

/// Borra los directorios de núcleos que murieron sin borrarlos.
pub(crate) fn barre(nucleos: &Path) {
    let Ok(_turno) = Cerrojo::exclusivo(&nucleos.join("turno.cerrojo")) else {
        return;
    };
    for entrada in std::fs::read_dir(nucleos).into_iter().flatten().flatten() {
        let ruta = entrada.path();
        if ruta.is_dir()
            && let Some(_muerto) = Cerrojo::si_esta_libre(&ruta.join(VIVO))
        {
            let _ = std::fs::remove_dir_all(&ruta);
        }
    }
}

/// Cuántos núcleos hay abiertos.
pub(crate) fn vivos(nucleos: &Path) -> usize {
    std::fs::read_dir(nucleos)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|e| {
            e.path().join(VIVO).exists() && Cerrojo::si_esta_libre(&e.path().join(VIVO)).is_none()
        })
        .count()
}

/// La carpeta puede estar en la temporal del sistema, que es de todos: no se usa si la puso otro.
fn es_nuestra(carpeta: &Path) -> Resultado {
    let datos = std::fs::symlink_metadata(carpeta).al("leer", carpeta)?;
    if datos.is_dir() && datos.uid() == rustix::process::getuid().as_raw() {
        return Ok(());
    }
    Err(
        Fallo::nuevo(format!("usar «{}» para los núcleos", carpeta.display()))
            .causa("es de otro usuario")
            .remedio("bórrala, o pon el proyecto en una carpeta sin espacios en el nombre"),
    )
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn la_carpeta_de_un_nucleo_vivo_no_se_barre_y_la_de_uno_muerto_si() {
        let raiz = tempfile::tempdir().unwrap();
        let vivo = Carpeta::nueva(raiz.path()).unwrap();
        let muerto = raiz.path().join("nmuerto");
        std::fs::create_dir(&muerto).unwrap();
        std::fs::write(muerto.join(VIVO), "").unwrap();
        assert_eq!(vivos(raiz.path()), 1);
        barre(raiz.path());
        assert!(vivo.ruta.exists());
        assert!(!muerto.exists());
        let ruta = vivo.ruta.clone();
        drop(vivo);
        assert!(!ruta.exists());
    }
}
