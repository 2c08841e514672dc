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

/// Las líneas con las que `cargo test` resume cada grupo de pruebas, y las de las que fallan.
fn muestra_resumen(proyecto: &Proyecto) {
    let ruta = proyecto
        .registros()
        .join(registro_de("pruebas de Rust"))
        .with_extension("log");
    for linea in fs::read_to_string(ruta).unwrap_or_default().lines() {
        let resume = linea.starts_with("test result:") && !linea.contains(" 0 passed; 0 failed");
        if resume || linea.starts_with("test ") && linea.ends_with("FAILED") {
            eprintln!("    {linea}");
        }
    }
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
