//! `imagenes`: dibuja las imágenes de las lecciones con el paquete `curso-imagenes`.
//!
//! Es otro paquete, y no un módulo de este, porque necesita el crate entero: compilarlo retrasaría a las demás órdenes.

use crate::fallo::{Fallo, Resultado};
use crate::orden::{con_barra_de_cargo, con_progreso, en_el_path, orden};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;

const PROGRAMA: &str = "curso-imagenes";

/// Las dibuja y, si `medir`, antes vuelve a medir lo que enseñan.
pub(crate) fn imagenes(proyecto: &Proyecto, medir: bool) -> Resultado {
    let (pista, intento) = if medir {
        (
            "mide y dibuja: alrededor de un minuto",
            "medir y dibujar las imágenes",
        )
    } else {
        ("la primera vez se compila", "dibujar las imágenes")
    };
    let cargo = en_el_path("cargo")
        .ok_or_else(|| Fallo::nuevo(intento).causa("no se encuentra cargo en el PATH"))?;
    let compilado = proyecto.generado().join("target");
    // Optimizado: lo que se mide es lo que tardaría de verdad.
    let de_cargo = |que: &str| {
        let mut orden = orden(&cargo);
        orden
            .args([
                que,
                "--release",
                "--locked",
                "--package",
                PROGRAMA,
                "--target-dir",
            ])
            .arg(&compilado)
            .current_dir(proyecto.raiz());
        con_barra_de_cargo(&mut orden);
        orden
    };
    let paso = Paso::nuevo("imágenes de las lecciones", pista);
    // Primero se compila: medir con el compilador en marcha saldría mal.
    con_progreso(
        proyecto,
        &paso,
        "imagenes-compilar",
        de_cargo("build"),
        "compilar el programa que dibuja las imágenes",
    )?;
    let mut dibuja = de_cargo("run");
    if medir {
        dibuja.args(["--", "--medir"]);
    }
    con_progreso(proyecto, &paso, "imagenes", dibuja, intento)?;
    paso.hecho("en «images/»");
    Ok(())
}
