//! `probar`: todo lo que tiene que ir bien antes de dar algo por bueno.

use crate::comparar::distintas;
use crate::copia::Copia;
use crate::cuaderno::Cuaderno;
use crate::ejecutar::{self, CeldaMala, Nucleo};
use crate::fallo::{Fallo, Resultado};
use crate::orden::{con_barra_de_cargo, con_progreso, en_el_path, orden};
use crate::preparar::{self, python};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use crate::publicar;
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

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
    let python = python::DEL_CURSO.python(proyecto).display().to_string();
    let pruebas = cargo(
        proyecto,
        "pruebas de Rust",
        &["test", "--workspace", "--locked", "--no-fail-fast"],
        &[(python::VARIABLE, &python)],
    );
    muestra_resumen(proyecto);
    cuenta.anota(pruebas);
    cuenta.anota(publicar::probar(proyecto));
    let copia = Copia::nueva(proyecto)?;
    let rutas = ejecutar::cuadernos_de(&copia.cuadernos());
    let (ejercicios, lecciones): (Vec<_>, Vec<_>) = rutas
        .iter()
        .partition(|ruta| ruta.starts_with(copia.ejercicios()));
    let prueba = |ruta: &PathBuf, nucleo| prueba_cuaderno(proyecto, &copia, ruta, nucleo);
    for ruta in &lecciones {
        cuenta.anota_cuaderno(prueba(ruta, Nucleo::Caliente));
    }
    // En los de ejercicios no se mide nada hasta que alguien los hace: van de dos en dos.
    for par in ejercicios.chunks(2) {
        thread::scope(|ambito| {
            let lanzados: Vec<_> = par
                .iter()
                .map(|ruta| ambito.spawn(|| prueba(ruta, Nucleo::Caliente)))
                .collect();
            for lanzado in lanzados {
                cuenta.anota_cuaderno(lanzado.join().unwrap_or_else(|p| resume_unwind(p)));
            }
        });
    }
    // Que sin la orden `curso` también funcione: el más corto de los que puede ejecutar evcxr tal cual.
    let mas_corto = lecciones
        .iter()
        .filter_map(|ruta| Some((ruta, Cuaderno::lee(ruta).ok()?)))
        .filter(|(_, cuaderno)| {
            !cuaderno
                .celdas()
                .any(|c| c.fuente().contains(":dep concurrencia-"))
        })
        .min_by_key(|(_, cuaderno)| cuaderno.celdas().filter(|c| c.es_de_codigo()).count());
    if let Some((ruta, _)) = mas_corto {
        cuenta.anota_cuaderno(prueba(ruta, Nucleo::DeSerie));
    }
    ejecutar::muestra_malas(&cuenta.malas);
    eprintln!("\nprobar: {} bien, {} mal", cuenta.bien, cuenta.mal);
    Ok(cuenta.mal == 0)
}

#[derive(Debug, Default)]
struct Cuenta {
    bien: usize,
    mal: usize,
    malas: Vec<(String, CeldaMala)>,
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

    fn anota_cuaderno(&mut self, cuaderno: Probado) {
        self.anota(cuaderno.resultado);
        self.malas.extend(cuaderno.malas);
    }
}

/// Cómo ha ido un cuaderno, y las celdas que están mal con el nombre del cuaderno.
#[derive(Debug)]
struct Probado {
    resultado: Resultado,
    malas: Vec<(String, CeldaMala)>,
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

fn prueba_cuaderno(proyecto: &Proyecto, copia: &Copia, ruta: &Path, nucleo: Nucleo) -> Probado {
    let nombre = copia.nombre(ruta).display().to_string();
    let (que, pista) = match nucleo {
        Nucleo::Caliente => (format!("cuaderno {nombre}"), ""),
        Nucleo::DeSerie => (
            format!("cuaderno {nombre}, con el núcleo de serie"),
            "compila las dependencias",
        ),
    };
    let paso = Paso::nuevo(que.clone(), pista);
    let malas = match celdas_malas(proyecto, ruta, nucleo, &paso) {
        Ok((celdas, malas)) if malas.is_empty() => {
            paso.hecho(&format!("{celdas} celdas"));
            malas
        }
        Ok((_, malas)) => malas,
        Err(fallo) => {
            return Probado {
                resultado: Err(fallo),
                malas: Vec::new(),
            };
        }
    };
    let resultado = match malas.len() {
        0 => Ok(()),
        cuantas => Err(Fallo::nuevo(format!("dar por bueno el {que}"))
            .causa(format!("{cuantas} celdas están mal (tabla al final)"))
            .remedio(
                "si el cambio es bueno, guarda las salidas nuevas con «cargo curso ejecutar»",
            )),
    };
    let malas = malas.into_iter().map(|mala| (nombre.clone(), mala));
    Probado {
        resultado,
        malas: malas.collect(),
    }
}

/// Cuántas celdas se han ejecutado y cuáles están mal: por lo que han hecho o, si lo hacen bien, por dar otra cosa que la
/// que está guardada.
fn celdas_malas(
    proyecto: &Proyecto,
    ruta: &Path,
    nucleo: Nucleo,
    paso: &Paso,
) -> Resultado<(usize, Vec<CeldaMala>)> {
    let ejecutado = ejecutar::ejecuta(proyecto, ruta, nucleo, paso)?;
    let malas = if ejecutado.malas.is_empty() {
        distintas(&Cuaderno::lee(ruta)?, &ejecutado.cuaderno)
    } else {
        ejecutado.malas
    };
    Ok((ejecutado.tiempos.len(), malas))
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
