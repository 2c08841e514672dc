//! Lanzar programas: entorno limpio, registro en archivo, y progreso o sucesos mientras tardan.

use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Una orden sin las variables que `cargo run` añade a su hijo y que confundirían a otro `cargo`, a evcxr o a Jupyter.
pub(crate) fn orden(programa: impl AsRef<OsStr>) -> Command {
    let mut orden = Command::new(programa);
    for (nombre, _) in std::env::vars_os() {
        let nombre = nombre.to_string_lossy().into_owned();
        let de_cargo = nombre == "CARGO"
            || [
                "CARGO_PKG_",
                "CARGO_MANIFEST_",
                "CARGO_BIN_",
                "CARGO_PRIMARY_",
            ]
            .iter()
            .any(|prefijo| nombre.starts_with(prefijo));
        if de_cargo {
            orden.env_remove(&nombre);
        }
    }
    const BIBLIOTECAS: &str = if cfg!(target_os = "macos") {
        "DYLD_FALLBACK_LIBRARY_PATH"
    } else {
        "LD_LIBRARY_PATH"
    };
    if std::env::var_os("CARGO").is_some()
        && let Some(rutas) = std::env::var_os(BIBLIOTECAS)
    {
        let ajenas: Vec<PathBuf> = std::env::split_paths(&rutas)
            .filter(|r| !la_puso_cargo(r))
            .collect();
        match std::env::join_paths(&ajenas) {
            Ok(rutas) if !ajenas.is_empty() => orden.env(BIBLIOTECAS, rutas),
            _ => orden.env_remove(BIBLIOTECAS),
        };
    }
    orden
}

/// Pide al sistema que mate al programa si esta orden muere de golpe (solo Linux lo ofrece).
pub(crate) fn muere_con_su_padre(orden: &mut Command) {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::process::CommandExt;
        // SAFETY: entre fork y exec solo se hace una llamada al sistema (prctl), sin reservar memoria ni cerrojos.
        #[allow(unsafe_code)]
        unsafe {
            orden.pre_exec(|| {
                rustix::process::set_parent_process_death_signal(Some(
                    rustix::process::Signal::KILL,
                ))?;
                Ok(())
            });
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = orden;
}

/// Si `cargo run` añadió `ruta` a las de bibliotecas: la del binario en marcha o la de la cadena de herramientas.
fn la_puso_cargo(ruta: &Path) -> bool {
    let junto_al_binario =
        std::env::current_exe().is_ok_and(|exe| exe.parent().is_some_and(|p| ruta.starts_with(p)));
    junto_al_binario
        || ruta
            .components()
            .any(|c| c.as_os_str() == "rustlib" || c.as_os_str() == "toolchains")
}

/// Dónde está `programa` según el PATH.
pub(crate) fn en_el_path(programa: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|carpeta| carpeta.join(programa))
        .find(|ruta| es_ejecutable(ruta))
}

fn es_ejecutable(ruta: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    ruta.metadata()
        .is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

/// Lo que imprime una orden corta que tiene que acabar bien.
pub(crate) fn salida_de(mut orden: Command, intento: &str) -> Resultado<String> {
    let salida = orden.stdin(Stdio::null()).output().map_err(|e| {
        Fallo::nuevo(intento).causa(format!("no se pudo lanzar {:?}: {e}", orden.get_program()))
    })?;
    if salida.status.success() {
        Ok(String::from_utf8_lossy(&salida.stdout).into_owned())
    } else {
        let dicho = [salida.stdout, salida.stderr].concat();
        Err(Fallo::de_programa(
            intento,
            &String::from_utf8_lossy(&dicho),
        ))
    }
}

/// Ejecuta una orden larga dentro de `paso`: lo que dice va al registro `nombre`, y su avance, a la barra.
pub(crate) fn con_progreso(
    proyecto: &Proyecto,
    paso: &Paso,
    nombre: &str,
    mut orden: Command,
    intento: &str,
) -> Resultado {
    let carpeta = proyecto.registros();
    std::fs::create_dir_all(&carpeta).al("crear", &carpeta)?;
    let ruta = carpeta.join(format!("{nombre}.log"));
    let mut registro = File::create(&ruta).al("crear", &ruta)?;
    let (mut lector, escritor) = std::io::pipe()
        .map_err(|e| Fallo::nuevo(intento).causa(format!("el sistema no da una tubería: {e}")))?;
    let otro = escritor
        .try_clone()
        .map_err(|e| Fallo::nuevo(intento).causa(e))?;
    let mut hijo = orden
        .stdin(Stdio::null())
        .stdout(escritor)
        .stderr(otro)
        .spawn()
        .map_err(|e| {
            Fallo::nuevo(intento).causa(format!("no se pudo lanzar {:?}: {e}", orden.get_program()))
        })?;
    drop(orden); // sus copias de la tubería: sin esto el lector no vería el final
    let mut dicho = String::new();
    let mut trozo = [0_u8; 8192];
    loop {
        let n = lector
            .read(&mut trozo)
            .map_err(|e| Fallo::nuevo(intento).causa(e))?;
        if n == 0 {
            break;
        }
        registro.write_all(&trozo[..n]).al("escribir", &ruta)?;
        let texto = String::from_utf8_lossy(&trozo[..n]);
        if let Some((hechas, total)) = avance(&texto) {
            paso.avanza(hechas, total);
        }
        // Las líneas de progreso acaban en \r: no cuentan como algo dicho.
        dicho.extend(
            texto
                .split_inclusive(['\n', '\r'])
                .filter(|l| !l.ends_with('\r')),
        );
    }
    let estado = hijo.wait().map_err(|e| Fallo::nuevo(intento).causa(e))?;
    if estado.success() {
        return Ok(());
    }
    Err(Fallo::de_programa(intento, &dicho)
        .remedio(format!("mira el registro entero en «{}»", ruta.display())))
}

/// Ejecuta un programa que cuenta lo que hace, un objeto JSON por línea de la salida estándar, y da cada suceso a `con`.
/// Lo que dice por la de errores va a `registro`. Que ha llegado al final lo cuenta él, con un suceso «fin».
pub(crate) fn con_sucesos<S: DeserializeOwned>(
    mut orden: Command,
    registro: &Path,
    intento: &str,
    mut con: impl FnMut(S),
) -> Resultado {
    let errores = File::create(registro).al("crear", registro)?;
    muere_con_su_padre(&mut orden);
    let mut hijo = orden
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(errores)
        .spawn()
        .map_err(|e| {
            Fallo::nuevo(intento).causa(format!("no se pudo lanzar {:?}: {e}", orden.get_program()))
        })?;
    let salida = BufReader::new(hijo.stdout.take().expect("se pidió una tubería"));
    let mut fin = false;
    for linea in salida.lines() {
        let linea = linea.map_err(|e| Fallo::nuevo(intento).causa(e))?;
        let no_es_un_suceso =
            |e| Fallo::nuevo(intento).causa(format!("el programa dijo «{linea}»: {e}"));
        let suceso: Value = serde_json::from_str(&linea).map_err(no_es_un_suceso)?;
        if suceso["tipo"] == "fin" {
            fin = true;
        } else {
            con(serde_json::from_value(suceso).map_err(no_es_un_suceso)?);
        }
    }
    let estado = hijo.wait().map_err(|e| Fallo::nuevo(intento).causa(e))?;
    if fin && estado.success() {
        return Ok(());
    }
    let dicho = std::fs::read(registro).unwrap_or_default();
    Err(Fallo::de_programa(
        intento,
        &String::from_utf8_lossy(&dicho),
    ))
}

/// El último «hechas/total» de una barra de `cargo` (`Building [===>  ] 12/345: …`).
fn avance(texto: &str) -> Option<(u64, u64)> {
    let barra = texto
        .rsplit(['\r', '\n'])
        .find(|l| l.contains("Building ["))?;
    let cuenta = barra.split(']').nth(1)?.split(':').next()?.trim();
    let (hechas, total) = cuenta.split_once('/')?;
    Some((hechas.trim().parse().ok()?, total.trim().parse().ok()?))
}

/// Pide a `cargo` que dibuje su barra aunque no vea una terminal, para leer de ella el avance.
pub(crate) fn con_barra_de_cargo(orden: &mut Command) {
    orden
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "100")
        .env("CARGO_TERM_COLOR", "never");
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn se_lee_el_ultimo_avance_de_la_barra_de_cargo() {
        let texto = "   Compiling a v1\n    Building [=>      ] 3/345: a, b\r    Building [==>     ] 12/345: c(build)\r";
        assert_eq!(avance(texto), Some((12, 345)));
        assert_eq!(avance("   Compiling a v1\n"), None);
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(tag = "tipo", rename_all = "lowercase")]
    enum Suceso {
        Hecha { i: usize },
    }

    /// Los sucesos que da un guion, y cómo acaba.
    fn cuenta(guion: &str) -> (Vec<usize>, Result<(), String>) {
        let carpeta = tempfile::tempdir().unwrap();
        let mut programa = orden("sh");
        programa.args(["-c", guion]);
        let mut hechas = Vec::new();
        let registro = carpeta.path().join("registro.txt");
        let acaba = con_sucesos(programa, &registro, "contar", |Suceso::Hecha { i }| {
            hechas.push(i);
        });
        (hechas, acaba.map_err(|fallo| fallo.to_string()))
    }

    const DOS: &str = r#"echo '{"tipo": "hecha", "i": 1}'; echo '{"tipo": "hecha", "i": 2}';"#;
    const FIN: &str = r#"echo '{"tipo": "fin"}';"#;

    #[test]
    fn los_sucesos_llegan_en_orden_y_lo_que_va_a_los_errores_no_es_uno() {
        let contado = cuenta(&format!("echo nada >&2; {DOS} {FIN}"));
        assert_eq!(contado, (vec![1, 2], Ok(())));
    }

    #[test]
    fn sin_fin_o_con_otro_estado_que_cero_no_ha_acabado_bien_y_se_dice_lo_que_dijo() {
        for guion in [
            format!("{DOS} echo se corta >&2"),
            format!("{DOS} {FIN} echo se corta >&2; exit 3"),
        ] {
            let (hechas, acaba) = cuenta(&guion);
            assert_eq!(hechas, [1, 2]);
            let fallo = acaba.unwrap_err();
            assert!(
                fallo.contains("contar") && fallo.contains("se corta"),
                "{fallo}"
            );
        }
    }

    #[test]
    fn lo_que_no_es_un_suceso_se_dice() {
        for linea in ["hola", r#"{"tipo": "otra"}"#] {
            let fallo = cuenta(&format!("echo '{linea}'; {FIN}")).1.unwrap_err();
            assert!(fallo.contains(&format!("«{linea}»")), "{fallo}");
        }
    }
}
