//! `nucleo`: lo que Jupyter lanza. Da a cada núcleo un directorio propio, copia de la plantilla, y arranca evcxr en él.

use crate::carpeta::Carpeta;
use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::orden::{muere_con_su_padre, orden};
use crate::preparar::{evcxr, fuentes_std, plantilla, programa, python, rust};
use crate::proyecto::Proyecto;
use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, WaitOptions, WaitStatus, getpgrp, getpid, kill_process, kill_process_group,
    waitpid,
};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::os::unix::process::parent_id;
use std::path::Path;
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
    plantilla.copia_en(&carpeta.ruta().join("espacio"))?;
    carpeta.vivo().que_lo_hereden_los_hijos()?;
    plantilla.uso().que_lo_hereden_los_hijos()?;
    let ajustes = proyecto.configuracion_evcxr();
    std::fs::create_dir_all(&ajustes).al("crear", &ajustes)?;
    let mut nucleo = orden(&evcxr);
    nucleo
        .arg("--control_file")
        .arg(conexion)
        .env("EVCXR_TMPDIR", carpeta.ruta().join("espacio").join("ctx"))
        .env("EVCXR_CONFIG_DIR", &ajustes)
        .env(python::VARIABLE, python::DEL_CURSO.python(proyecto))
        .stdout(std::process::Stdio::null()); // solo dice de dónde lee su configuración
    for programa in programa::PROGRAMAS {
        // Aunque falte: si se prepara con el cuaderno abierto, la celda lo encuentra.
        nucleo.env(programa.variable, programa.ruta(proyecto));
    }
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
    adopta_huerfanos();
    let hijo = nucleo.spawn().map_err(|e| {
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
    let estado = espera_a(pid).map_err(|e| Fallo::nuevo("esperar al núcleo").causa(e))?;
    acaba_con_su_grupo();
    drop(carpeta);
    Ok(ExitCode::from(
        estado
            .exit_status()
            .and_then(|c| u8::try_from(c).ok())
            .unwrap_or(1),
    ))
}

/// Al interrumpir una celda, los procesos que lanzó se quedan sin padre: que sean de este, y no de un proceso 1 que puede
/// no recogerlos (en un contenedor es a menudo un programa cualquiera).
fn adopta_huerfanos() {
    #[cfg(target_os = "linux")]
    {
        // Si no se puede, los recoge quien lo haga siempre.
        let _ = rustix::process::set_child_subreaper(Some(getpid()));
    }
}

/// Espera a evcxr y, entretanto, recoge a los huérfanos según van acabando.
fn espera_a(evcxr: Pid) -> rustix::io::Result<WaitStatus> {
    loop {
        match waitpid(None, WaitOptions::empty()) {
            Ok(Some((pid, estado))) if pid == evcxr => return Ok(estado),
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error),
        }
    }
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
