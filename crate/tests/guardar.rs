//! Pruebas de guardar una figura: el formato lo dice la extensión, y el archivo queda entero o no se toca.
//!
//! El programa que convierte en PNG se busca en variables de entorno, que un proceso no cambia sin estorbar a sus
//! hilos: este programa se lanza a sí mismo con otras. Aquí los programas son de mentira; con el de verdad se prueba en
//! `crate/png/tests/`.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{self, Command, ExitCode};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use concurrencia::{Figure, Measurement, bars};
use libtest_mimic::{Arguments, Failed, Trial};

/// Si está, este proceso solo guarda la figura ahí y dice cómo ha ido.
const GUARDA_EN: &str = "PRUEBA_GUARDA_EN";

/// Un SVG que no cabe en una tubería (64 KiB).
fn figura() -> Figure {
    let muestras: Vec<Duration> = (0..200).map(|i| Duration::from_micros(1000 + i)).collect();
    let figura = bars(
        "Muchas",
        (0..64)
            .map(|i| Measurement::from_samples(format!("la serie número {i}"), muestras.clone())),
    );
    assert!(figura.svg().len() > 70_000, "{figura:?}");
    figura
}

/// Una carpeta vacía que se borra al soltarla.
struct Carpeta(PathBuf);

impl Carpeta {
    fn nueva() -> Carpeta {
        static CUANTAS: AtomicUsize = AtomicUsize::new(0);
        let numero = CUANTAS.fetch_add(1, Ordering::Relaxed);
        let ruta = env::temp_dir().join(format!("concurrencia-guardar-{}-{numero}", process::id()));
        fs::create_dir(&ruta).unwrap();
        Carpeta(ruta)
    }

    /// Lo que hay dentro, en orden.
    fn contenido(&self) -> Vec<String> {
        let mut nombres: Vec<String> = fs::read_dir(&self.0)
            .unwrap()
            .map(|entrada| entrada.unwrap().file_name().into_string().unwrap())
            .collect();
        nombres.sort();
        nombres
    }
}

impl Drop for Carpeta {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Un programa de mentira, con ese nombre y ese guion de `sh`.
fn programa(carpeta: &Carpeta, nombre: &str, guion: &str) -> PathBuf {
    let ruta = carpeta.0.join(nombre);
    // Escrito por otro proceso: si lo tuviera abierto este cuando otra prueba lanza el suyo, no se podría ejecutar.
    let escrito = Command::new("sh")
        .args(["-c", "printf '%s' \"$1\" > \"$0\" && chmod +x \"$0\""])
        .arg(&ruta)
        .arg(format!("#!/bin/sh\n{guion}\n"))
        .status()
        .unwrap();
    assert!(escrito.success());
    ruta
}

/// Lo que escribe por su salida un programa que convierte bien: la firma de un PNG, sus argumentos y su entrada.
const BUENO: &str = r"printf '\211PNG\r\n\032\n'; printf '%s' $#; cat";

/// Los tipos de error que se preguntan y el mensaje, o nada si ha ido bien.
fn guarda(ruta: &Path, variable: &OsStr, path: &OsStr) -> Result<(), (String, String)> {
    let salida = Command::new(env::current_exe().unwrap())
        .env(GUARDA_EN, ruta)
        .env("CONCURRENCIA_PNG", variable)
        .env("PATH", path)
        .output()
        .unwrap();
    if salida.status.success() {
        return Ok(());
    }
    let dicho = String::from_utf8(salida.stdout).unwrap();
    let (tipo, mensaje) = dicho
        .split_once('\n')
        .unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&salida.stderr)));
    Err((tipo.to_owned(), mensaje.to_owned()))
}

/// Guarda y dice cómo ha ido a [`guarda`].
fn guarda_y_cuenta(ruta: &Path) -> ExitCode {
    let Err(error) = figura().save(ruta) else {
        return ExitCode::SUCCESS;
    };
    assert_eq!(error.path(), ruta);
    let tipos = [
        ("formato", error.is_unknown_format()),
        ("programa", error.is_missing_program()),
        ("conversión", error.is_conversion()),
        ("sistema", error.is_system()),
    ];
    let suyos: Vec<&str> = tipos
        .iter()
        .filter(|(_, es)| *es)
        .map(|(tipo, _)| *tipo)
        .collect();
    print!("{}\n{error}", suyos.join(" "));
    ExitCode::FAILURE
}

/// Con el programa de la variable, y el PATH de siempre para que tenga `cat` y compañía.
fn guarda_con(programa: &Path, ruta: &Path) -> Result<(), (String, String)> {
    guarda(ruta, programa.as_os_str(), &env::var_os("PATH").unwrap())
}

/// Exige que no se pueda, que el error sea de ese tipo y diga todas estas cosas, y que no quede nada escrito.
fn falla_diciendo(resultado: Result<(), (String, String)>, tipo: &str, cosas: &[&str]) {
    let (suyo, mensaje) = resultado.unwrap_err();
    assert_eq!(suyo, tipo, "{mensaje}");
    for cosa in cosas {
        assert!(mensaje.contains(cosa), "no dice «{cosa}»: {mensaje}");
    }
    assert!(
        !mensaje.ends_with('.') && !mensaje.contains("  "),
        "{mensaje}"
    );
}

fn una_extension_desconocida_dice_las_que_valen() {
    let carpeta = Carpeta::nueva();
    for nombre in ["barras.jpg", "barras.svg.gz", "barras.pdf"] {
        let error = figura().save(carpeta.0.join(nombre)).unwrap_err();
        assert!(error.is_unknown_format());
        let extension = Path::new(nombre).extension().unwrap().to_str().unwrap();
        let dicho = error.to_string();
        for cosa in [nombre, &format!("«.{extension}»"), "«.svg»", "«.png»"] {
            assert!(dicho.contains(cosa), "no dice «{cosa}»: {dicho}");
        }
    }
    assert!(carpeta.contenido().is_empty());
}

fn sin_extension_tambien() {
    for nombre in ["barras", "", ".png", "carpeta/"] {
        let error = figura().save(nombre).unwrap_err();
        assert!(error.is_unknown_format());
        assert!(
            error.to_string().contains("le falta la extensión; valen"),
            "{error}"
        );
    }
}

fn la_extension_vale_en_mayusculas() {
    let carpeta = Carpeta::nueva();
    figura().save(carpeta.0.join("barras.SVG")).unwrap();
    assert_eq!(carpeta.contenido(), ["barras.SVG"]);
}

fn el_svg_se_guarda_tal_cual_y_sustituye_al_que_hubiera() {
    let carpeta = Carpeta::nueva();
    let ruta = carpeta.0.join("año nuevo.svg");
    fs::write(&ruta, "el de antes").unwrap();
    fs::set_permissions(&ruta, fs::Permissions::from_mode(0o640)).unwrap();
    figura().save(&ruta).unwrap();
    assert_eq!(fs::read_to_string(&ruta).unwrap(), figura().svg());
    assert_eq!(ruta.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(
        carpeta.contenido(),
        ["año nuevo.svg"],
        "ni rastro del temporal"
    );
}

fn por_un_enlace_se_sustituye_aquello_a_lo_que_apunta() {
    let carpeta = Carpeta::nueva();
    let (enlace, destino) = (carpeta.0.join("enlace.svg"), carpeta.0.join("destino.svg"));
    fs::write(&destino, "el de antes").unwrap();
    symlink("destino.svg", &enlace).unwrap();
    figura().save(&enlace).unwrap();
    assert!(enlace.is_symlink());
    assert_eq!(fs::read_to_string(&destino).unwrap(), figura().svg());
}

fn varios_hilos_en_el_mismo_archivo_dejan_uno_entero() {
    let carpeta = Carpeta::nueva();
    let ruta = carpeta.0.join("barras.svg");
    let figura = figura();
    std::thread::scope(|ambito| {
        for _ in 0..8 {
            ambito.spawn(|| {
                for _ in 0..20 {
                    figura.save(&ruta).unwrap();
                    assert_eq!(fs::read_to_string(&ruta).unwrap(), figura.svg());
                }
            });
        }
    });
    assert_eq!(carpeta.contenido(), ["barras.svg"]);
}

fn en_una_carpeta_que_no_existe_se_dice() {
    let carpeta = Carpeta::nueva();
    let ruta = carpeta.0.join("no/existe/barras.svg");
    let error = figura().save(&ruta).unwrap_err();
    assert!(error.is_system());
    assert!(std::error::Error::source(&error).is_some());
    let dicho = error.to_string();
    assert!(
        dicho.contains("no/existe/barras.svg»: la carpeta no existe"),
        "{dicho}"
    );

    let convierte = programa(&carpeta, "convierte", BUENO);
    let ruta = ruta.with_extension("png");
    falla_diciendo(
        guarda_con(&convierte, &ruta),
        "sistema",
        &["la carpeta no existe"],
    );
}

fn donde_hay_una_carpeta_no_se_puede_y_no_queda_el_temporal() {
    let carpeta = Carpeta::nueva();
    fs::create_dir(carpeta.0.join("barras.svg")).unwrap();
    let error = figura().save(carpeta.0.join("barras.svg")).unwrap_err();
    assert!(error.is_system(), "{error}");
    assert_eq!(carpeta.contenido(), ["barras.svg"]);
}

fn el_png_es_lo_que_devuelve_el_programa_al_darle_el_svg_y_nada_mas() {
    let carpeta = Carpeta::nueva();
    let convierte = programa(&carpeta, "convierte", BUENO);
    let ruta = carpeta.0.join("barras.png");
    guarda_con(&convierte, &ruta).unwrap();
    let esperado = [b"\x89PNG\r\n\x1a\n0", figura().svg().as_bytes()].concat();
    assert!(
        fs::read(&ruta).unwrap() == esperado,
        "no es lo que devolvió"
    );
    assert_eq!(carpeta.contenido(), ["barras.png", "convierte"]);
}

fn sin_la_variable_se_busca_en_el_path() {
    let carpeta = Carpeta::nueva();
    programa(&carpeta, "concurrencia-png", BUENO);
    let mut rutas = vec![carpeta.0.clone()];
    rutas.extend(env::split_paths(&env::var_os("PATH").unwrap()));
    let rutas = env::join_paths(rutas).unwrap();
    // Vacía es como si no estuviera; y donde dice puede no estar todavía.
    for variable in ["", "/donde/no/esta"] {
        let ruta = carpeta.0.join("barras.png");
        guarda(&ruta, variable.as_ref(), &rutas).unwrap();
        fs::remove_file(ruta).unwrap();
    }
}

fn sin_programa_se_dice_que_falta_y_que_hacer() {
    let carpeta = Carpeta::nueva();
    let ruta = carpeta.0.join("barras.png");
    fs::write(&ruta, "el de antes").unwrap();
    let remedios = [
        "barras.png»",
        "falta «concurrencia-png»",
        "CONCURRENCIA_PNG",
        "cargo curso preparar",
        "cargo install --path crate/png",
        "«.svg»",
    ];
    for variable in ["", "/donde/no/esta"] {
        let resultado = guarda(&ruta, variable.as_ref(), carpeta.0.as_os_str());
        falla_diciendo(resultado, "programa", &remedios);
    }
    assert_eq!(fs::read_to_string(ruta).unwrap(), "el de antes");
}

fn un_programa_que_falla_cuenta_lo_que_dijo_y_no_toca_el_archivo() {
    let carpeta = Carpeta::nueva();
    let guion = format!("{BUENO}; echo 'no queda memoria' >&2; exit 3");
    let convierte = programa(&carpeta, "convierte", &guion);
    let ruta = carpeta.0.join("barras.png");
    fs::write(&ruta, "el de antes").unwrap();
    let cosas = ["convierte»", "código 3: no queda memoria", "«.svg»"];
    falla_diciendo(guarda_con(&convierte, &ruta), "conversión", &cosas);
    assert_eq!(fs::read_to_string(ruta).unwrap(), "el de antes");
    assert_eq!(carpeta.contenido(), ["barras.png", "convierte"]);
}

fn un_programa_que_muere_a_medias_es_un_error() {
    let carpeta = Carpeta::nueva();
    let ruta = carpeta.0.join("barras.png");
    for (nombre, guion) in [
        ("al-empezar", "kill -9 $$"),
        ("al-acabar", &format!("{BUENO}; kill -9 $$")),
    ] {
        let convierte = programa(&carpeta, nombre, guion);
        falla_diciendo(guarda_con(&convierte, &ruta), "conversión", &["señal 9"]);
        assert!(!ruta.exists());
    }
}

fn un_programa_que_no_lee_su_entrada_es_un_error_y_no_una_espera() {
    let carpeta = Carpeta::nueva();
    let convierte = programa(&carpeta, "convierte", r"printf '\211PNG\r\n\032\n'");
    let ruta = carpeta.0.join("barras.png");
    falla_diciendo(
        guarda_con(&convierte, &ruta),
        "conversión",
        &["no ha leído el dibujo entero"],
    );
    assert!(!ruta.exists());
}

fn un_programa_que_escribe_mucho_antes_de_leer_no_se_bloquea() {
    let carpeta = Carpeta::nueva();
    let guion = r"printf '\211PNG\r\n\032\n'; head -c 500000 /dev/zero; head -c 500000 /dev/zero >&2; cat >/dev/null";
    let convierte = programa(&carpeta, "convierte", guion);
    let ruta = carpeta.0.join("barras.png");
    guarda_con(&convierte, &ruta).unwrap();
    assert_eq!(ruta.metadata().unwrap().len(), 500_008);
}

fn lo_que_no_es_un_png_no_se_guarda() {
    let carpeta = Carpeta::nueva();
    let ruta = carpeta.0.join("barras.png");
    for (nombre, guion) in [("eco", "cat"), ("callado", "cat >/dev/null")] {
        let convierte = programa(&carpeta, nombre, guion);
        falla_diciendo(
            guarda_con(&convierte, &ruta),
            "conversión",
            &["no es un PNG"],
        );
        assert!(!ruta.exists());
    }
}

fn un_programa_sin_permiso_de_ejecucion_se_dice() {
    let carpeta = Carpeta::nueva();
    let convierte = carpeta.0.join("convierte");
    fs::write(&convierte, "#!/bin/sh\n").unwrap();
    let resultado = guarda_con(&convierte, &carpeta.0.join("barras.png"));
    falla_diciendo(
        resultado,
        "conversión",
        &["convierte»", "no se puede ejecutar"],
    );
}

fn prueba(nombre: &str, cuerpo: fn()) -> Trial {
    Trial::test(nombre, move || {
        cuerpo();
        Ok::<(), Failed>(())
    })
}

/// `pruebas![una, otra]`: con su nombre.
macro_rules! pruebas {
    ($($prueba:ident),* $(,)?) => { vec![$(prueba(stringify!($prueba), $prueba)),*] };
}

fn main() -> ExitCode {
    if let Some(ruta) = env::var_os(GUARDA_EN) {
        return guarda_y_cuenta(Path::new(&ruta));
    }
    let pruebas = pruebas![
        una_extension_desconocida_dice_las_que_valen,
        sin_extension_tambien,
        la_extension_vale_en_mayusculas,
        el_svg_se_guarda_tal_cual_y_sustituye_al_que_hubiera,
        por_un_enlace_se_sustituye_aquello_a_lo_que_apunta,
        varios_hilos_en_el_mismo_archivo_dejan_uno_entero,
        en_una_carpeta_que_no_existe_se_dice,
        donde_hay_una_carpeta_no_se_puede_y_no_queda_el_temporal,
        el_png_es_lo_que_devuelve_el_programa_al_darle_el_svg_y_nada_mas,
        sin_la_variable_se_busca_en_el_path,
        sin_programa_se_dice_que_falta_y_que_hacer,
        un_programa_que_falla_cuenta_lo_que_dijo_y_no_toca_el_archivo,
        un_programa_que_muere_a_medias_es_un_error,
        un_programa_que_no_lee_su_entrada_es_un_error_y_no_una_espera,
        un_programa_que_escribe_mucho_antes_de_leer_no_se_bloquea,
        lo_que_no_es_un_png_no_se_guarda,
        un_programa_sin_permiso_de_ejecucion_se_dice,
    ];
    libtest_mimic::run(&Arguments::from_args(), pruebas).exit_code()
}
