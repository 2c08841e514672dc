//! `probar`: todo lo que tiene que ir bien antes de dar algo por bueno.

use crate::comparar::distintas;
use crate::copia::Copia;
use crate::cuaderno::Cuaderno;
use crate::ejecutar::{self, CeldaMala, Nucleo};
use crate::fallo::{Fallo, Resultado};
use crate::orden::{con_barra_de_cargo, con_progreso, en_el_path, orden};
use crate::preparar;
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use std::fs;
use std::path::{Path, PathBuf};

/// Hace todas las comprobaciones, también las que siguen a una que falla, y devuelve si todas están bien.
pub(crate) fn probar(proyecto: &Proyecto) -> Resultado<bool> {
    preparar::preparar(proyecto)?;
    let mut cuenta = Cuenta::default();
    cuenta.anota(cargo(
        proyecto,
        "formato",
        &["fmt", "--all", "--check"],
        &[],
    ));
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ];
    cuenta.anota(cargo(proyecto, "clippy", &clippy, &[]));
    let doc = ["doc", "--workspace", "--no-deps", "--locked"];
    cuenta.anota(cargo(
        proyecto,
        "documentación",
        &doc,
        &[("RUSTDOCFLAGS", "-D warnings")],
    ));
    // Las que comparan con Python, con el del curso, que tiene lo que usan.
    let python = proyecto.python().display().to_string();
    let pruebas = cargo(
        proyecto,
        "pruebas de Rust",
        &["test", "--workspace", "--locked", "--no-fail-fast"],
        &[(preparar::python::VARIABLE, &python)],
    );
    muestra_resumen(proyecto);
    cuenta.anota(pruebas);
    let copia = Copia::nueva(proyecto)?;
    let mut malas = Vec::new();
    let rutas = ejecutar::cuadernos_de(&copia.cuadernos());
    for ruta in &rutas {
        cuenta.anota(prueba_cuaderno(
            proyecto,
            &copia,
            ruta,
            Nucleo::Caliente,
            &mut malas,
        ));
    }
    // Que sin la orden `curso` también funcione: uno, con evcxr tal cual.
    let solo_el_crate = |ruta: &&PathBuf| {
        fs::read_to_string(ruta).is_ok_and(|texto| !texto.contains(":dep concurrencia-"))
    };
    if let Some(primero) = rutas.iter().find(solo_el_crate) {
        cuenta.anota(prueba_cuaderno(
            proyecto,
            &copia,
            primero,
            Nucleo::DeSerie,
            &mut malas,
        ));
    }
    ejecutar::muestra_malas(&malas);
    eprintln!("\nprobar: {} bien, {} mal", cuenta.bien, cuenta.mal);
    Ok(cuenta.mal == 0)
}

#[derive(Debug, Default)]
struct Cuenta {
    bien: usize,
    mal: usize,
}

impl Cuenta {
    fn anota(&mut self, resultado: Resultado) {
        match resultado {
            Ok(()) => self.bien += 1,
            Err(fallo) => {
                self.mal += 1;
                eprintln!("\n{fallo}\n");
            }
        }
    }
}

fn cargo(
    proyecto: &Proyecto,
    nombre: &str,
    argumentos: &[&str],
    variables: &[(&str, &str)],
) -> Resultado {
    let cargo = en_el_path("cargo")
        .ok_or_else(|| Fallo::nuevo("encontrar cargo").causa("no está en el PATH"))?;
    let paso = Paso::nuevo(nombre, "");
    let mut orden = orden(cargo);
    orden
        .args(argumentos)
        .current_dir(proyecto.raiz())
        .envs(variables.iter().copied());
    con_barra_de_cargo(&mut orden);
    let registro = registro_de(nombre);
    con_progreso(
        proyecto,
        &paso,
        &registro,
        orden,
        &format!("dar por buena la comprobación «{nombre}»"),
    )?;
    paso.hecho("");
    Ok(())
}

fn registro_de(nombre: &str) -> String {
    format!("probar-{}", nombre.replace(' ', "-"))
}

/// Enseña lo que resume cada grupo de pruebas y lo que dijo cada una de las que fallan.
fn muestra_resumen(proyecto: &Proyecto) {
    let ruta = proyecto
        .registros()
        .join(registro_de("pruebas de Rust"))
        .with_extension("log");
    for linea in resumen(&fs::read_to_string(ruta).unwrap_or_default()) {
        eprintln!("    {linea}");
    }
}

/// De lo que imprime `cargo test`: la línea final de cada grupo, las de las pruebas que fallan y lo que dijeron.
fn resumen(registro: &str) -> Vec<String> {
    /// Líneas por prueba que falla, y letras por línea: el registro guarda lo demás.
    const LINEAS: usize = 40;
    const LETRAS: usize = 400;
    let mut resumen = Vec::new();
    // Cuántas líneas caben aún de lo que dijo la prueba que se está leyendo.
    let mut caben = 0_usize;
    for linea in registro.lines() {
        let resume = linea.starts_with("test result:") && !linea.contains(" 0 passed; 0 failed");
        let empieza = linea.starts_with("---- ");
        if empieza {
            caben = LINEAS;
        } else if resume || linea == "failures:" {
            caben = 0;
        }
        let dicho = caben > 0 && !linea.is_empty();
        caben = caben.saturating_sub(dicho.into());
        if resume || dicho || linea.starts_with("test ") && linea.ends_with("FAILED") {
            resumen.push(linea.chars().take(LETRAS).collect());
        }
    }
    resumen
}

fn prueba_cuaderno(
    proyecto: &Proyecto,
    copia: &Copia,
    ruta: &Path,
    nucleo: Nucleo,
    malas: &mut Vec<(String, CeldaMala)>,
) -> Resultado {
    let nombre = copia.nombre(ruta).display().to_string();
    let (que, pista) = match nucleo {
        Nucleo::Caliente => (format!("cuaderno {nombre}"), ""),
        Nucleo::DeSerie => (
            format!("cuaderno {nombre}, con el núcleo de serie"),
            "compila las dependencias",
        ),
    };
    let paso = Paso::nuevo(que.clone(), pista);
    let ejecutado = ejecutar::ejecuta(proyecto, ruta, nucleo, &paso)?;
    let mut de_este = ejecutado.malas;
    if de_este.is_empty() {
        de_este = distintas(&Cuaderno::lee(ruta)?, &ejecutado.cuaderno);
    }
    if de_este.is_empty() {
        paso.hecho(&format!("{} celdas", ejecutado.tiempos.len()));
        return Ok(());
    }
    let cuantas = de_este.len();
    malas.extend(de_este.into_iter().map(|m| (nombre.clone(), m)));
    Err(Fallo::nuevo(format!("dar por bueno el {que}"))
        .causa(format!("{cuantas} celdas están mal (tabla al final)"))
        .remedio("si el cambio es bueno, guarda las salidas nuevas con «cargo curso ejecutar»"))
}

#[cfg(test)]
mod pruebas {
    use super::resumen;

    #[test]
    fn el_resumen_dice_por_que_falla_una_prueba() {
        let registro = "   Compiling curso v0.1.0
running 2 tests
test una ... ok
test otra ... FAILED

failures:

---- otra stdout ----

thread 'otra' panicked at it/otra.rs:3:5:
assertion failed: false


failures:
    otra

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s

running 0 tests

test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
error: 1 target failed:
";
        let dadas = resumen(registro);
        assert_eq!(
            dadas,
            [
                "test otra ... FAILED",
                "---- otra stdout ----",
                "thread 'otra' panicked at it/otra.rs:3:5:",
                "assertion failed: false",
                "test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
                "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            ]
        );
    }

    #[test]
    fn el_resumen_recorta_lo_que_no_acaba() {
        let mucho =
            format!("---- larga stdout ----\n{}\n", "ñ".repeat(1000)) + &"otra línea\n".repeat(500);
        let dadas = resumen(&mucho);
        assert_eq!(dadas.len(), 40);
        assert_eq!(dadas[1].chars().count(), 400);
    }
}
