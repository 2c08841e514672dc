//! Los errores que verá quien empieza: qué se intentaba, con qué y qué hacer.

use crate::comun::{
    curso, dicho, exige_que_acabe_bien, proyecto_vacio, raiz_preparada, solo_estos_programas,
};
use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

/// Exige que la orden falle y que diga todas estas cosas.
fn falla_diciendo(salida: &Output, cosas: &[&str]) {
    let dicho = dicho(salida);
    assert!(!salida.status.success(), "debía fallar: {dicho}");
    for cosa in cosas {
        assert!(dicho.contains(cosa), "no dice «{cosa}»:\n{dicho}");
    }
}

fn prepara_con(programas: &Path) -> Output {
    let proyecto = proyecto_vacio();
    curso(proyecto.path())
        .arg("preparar")
        .env("PATH", programas)
        .output()
        .unwrap()
}

fn programa_de_mentira(carpeta: &Path, nombre: &str, guion: &str) {
    let ruta = carpeta.join(nombre);
    std::fs::write(&ruta, format!("#!/bin/sh\n{guion}\n")).unwrap();
    std::fs::set_permissions(&ruta, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn sin_python_dice_que_se_instale() {
    let programas = solo_estos_programas(&["rustc", "cargo", "rustup"]);
    falla_diciendo(
        &prepara_con(programas.path()),
        &["encontrar Python", "python3", "instala Python 3.10"],
    );
}

#[test]
fn con_un_python_viejo_dice_cual_es_y_cual_hace_falta() {
    let programas = solo_estos_programas(&["rustc", "cargo", "rustup"]);
    programa_de_mentira(programas.path(), "python3", "echo 3.8.10");
    falla_diciendo(
        &prepara_con(programas.path()),
        &["3.8.10", "el curso pide 3.10"],
    );
}

#[test]
fn sin_rust_dice_que_se_instale() {
    let programas = tempfile::tempdir().unwrap();
    falla_diciendo(
        &prepara_con(programas.path()),
        &["encontrar Rust", "rustup"],
    );
}

#[test]
fn con_un_rust_viejo_dice_cual_es_y_como_actualizarlo() {
    let programas = tempfile::tempdir().unwrap();
    programa_de_mentira(
        programas.path(),
        "rustc",
        "echo 'rustc 1.70.0'; echo 'host: x86_64-x-y'; echo 'release: 1.70.0'",
    );
    falla_diciendo(
        &prepara_con(programas.path()),
        &["1.70.0", "el curso pide 1.88", "rustup update"],
    );
}

#[test]
fn sin_red_la_primera_vez_dice_que_hace_falta_conexion() {
    let proyecto = proyecto_vacio();
    // Un puerto en el que nadie escucha: la conexión se rechaza, como sin red.
    let puerto = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let salida = curso(proyecto.path())
        .arg("preparar")
        .env("PIP_INDEX_URL", format!("http://127.0.0.1:{puerto}/simple"))
        .env("PIP_RETRIES", "0")
        .env("PIP_CONFIG_FILE", "/dev/null")
        .env_remove("PIP_FIND_LINKS")
        .env_remove("PIP_EXTRA_INDEX_URL")
        .output()
        .unwrap();
    falla_diciendo(
        &salida,
        &["instalar uv", "comprueba la conexión", "repite la orden"],
    );
}

#[test]
fn con_el_disco_lleno_dice_que_se_libere_espacio() {
    let proyecto = proyecto_vacio();
    let generado = proyecto.path().join(".curso");
    std::fs::create_dir(&generado).unwrap();
    // Un disco de 300 kB para lo generado, en un espacio de nombres propio; no todas las máquinas dejan.
    let guion = "mount -t tmpfs -o size=300k tmpfs \"$1\" && exec \"$2\" --raiz \"$3\" preparar";
    let monta = |que: &str| {
        Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", que, "sh"])
            .arg(&generado)
            .arg(env!("CARGO_BIN_EXE_curso"))
            .arg(proyecto.path())
            .output()
    };
    if !monta("mount -t tmpfs tmpfs \"$1\"").is_ok_and(|s| s.status.success()) {
        eprintln!("esta máquina no deja montar un disco pequeño: la prueba se salta");
        return;
    }
    falla_diciendo(&monta(guion).unwrap(), &["no se pudo", "libera espacio"]);
}

#[test]
fn fuera_del_proyecto_dice_donde_hay_que_estar() {
    let otra = tempfile::tempdir().unwrap();
    let salida = Command::new(env!("CARGO_BIN_EXE_curso"))
        .arg("preparar")
        .current_dir(&otra)
        .output()
        .unwrap();
    falla_diciendo(
        &salida,
        &["encontrar el proyecto", "crate/, curso/ y notebooks/"],
    );
}

#[test]
fn un_cuaderno_que_no_existe_se_dice_antes_de_preparar_nada() {
    let proyecto = proyecto_vacio();
    std::fs::write(proyecto.path().join("notebooks/01_hilos.ipynb"), "{}").unwrap();
    for orden in ["ejecutar", "abrir", "medir"] {
        let salida = curso(proyecto.path())
            .args([orden, "02_nada"])
            .output()
            .unwrap();
        falla_diciendo(
            &salida,
            &["«02_nada»", "no existe", "notebooks/01_hilos.ipynb"],
        );
        assert!(!proyecto.path().join(".curso").exists());
    }
}

#[test]
fn un_cuaderno_que_no_es_json_o_no_es_un_cuaderno_se_dice() {
    let proyecto = proyecto_vacio();
    let ruta = proyecto.path().join("notebooks/roto.ipynb");
    for (contenido, causa) in [
        ("<<<<<<< HEAD", "no es JSON"),
        ("{\"a\": 1}", "no un cuaderno"),
    ] {
        std::fs::write(&ruta, contenido).unwrap();
        let salida = curso(proyecto.path())
            .args(["ejecutar", "roto"])
            .output()
            .unwrap();
        falla_diciendo(&salida, &["roto.ipynb", causa, "qué hacer"]);
    }
}

#[test]
fn lo_que_solo_hace_falta_para_publicar_se_dice_con_su_arreglo_y_no_es_una_falta() {
    if cfg!(target_os = "macos") {
        return; // allí Chromium no se busca en el PATH
    }
    let (raiz, vacio) = (raiz_preparada(), proyecto_vacio());
    let (_otras, path) = path_sin(&[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ]);
    let diagnostica = |raiz: &Path| {
        let mut orden = curso(raiz);
        orden.arg("diagnosticar").env("PATH", &path);
        orden.output().unwrap()
    };
    let preparado = diagnostica(&raiz);
    exige_que_acabe_bien(&preparado);
    let sin_nada = diagnostica(vacio.path());
    falla_diciendo(
        &sin_nada,
        &[
            "FALTA  entorno de Python",
            "no hay entorno para publicar: solo hace falta para publicar",
            "lo instala «cargo curso publicar»",
        ],
    );
    for salida in [preparado, sin_nada] {
        let dicho = dicho(&salida);
        let chromium = "no hay Chromium: solo hace falta para publicar los PDF";
        for cosa in [chromium, "apt install chromium"] {
            assert!(dicho.contains(cosa), "no dice «{cosa}»:\n{dicho}");
        }
    }
}

/// El PATH, con las carpetas que tengan alguno de esos programas cambiadas por otras que tienen los demás.
fn path_sin(fuera: &[&str]) -> (tempfile::TempDir, OsString) {
    let otras = tempfile::tempdir().unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let carpetas = std::env::split_paths(&path)
        .enumerate()
        .map(|(i, carpeta)| {
            if !fuera.iter().any(|programa| carpeta.join(programa).exists()) {
                return carpeta;
            }
            let otra = otras.path().join(i.to_string());
            std::fs::create_dir(&otra).unwrap();
            for programa in std::fs::read_dir(carpeta).unwrap().flatten() {
                let nombre = programa.file_name();
                if !fuera.iter().any(|uno| nombre == *uno) {
                    std::os::unix::fs::symlink(programa.path(), otra.join(nombre)).unwrap();
                }
            }
            otra
        });
    let path = std::env::join_paths(carpetas).unwrap();
    (otras, path)
}

#[test]
fn un_puerto_ocupado_se_dice_con_su_salida() {
    let proyecto = proyecto_vacio();
    std::fs::write(proyecto.path().join("notebooks/01_hilos.ipynb"), "{}").unwrap();
    let ocupado = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let puerto = ocupado.local_addr().unwrap().port().to_string();
    let salida = curso(proyecto.path())
        .args(["abrir", "--puerto", &puerto])
        .output()
        .unwrap();
    falla_diciendo(&salida, &[&puerto, "ocupado", "--puerto"]);
}

#[test]
fn una_orden_mal_escrita_sugiere_la_buena_y_acaba_con_2() {
    let salida = Command::new(env!("CARGO_BIN_EXE_curso"))
        .arg("prepara")
        .output()
        .unwrap();
    falla_diciendo(&salida, &["«prepara»", "«preparar»"]);
    assert_eq!(salida.status.code(), Some(2));
}
