//! `preparar`: deja en `.curso/` todo lo que los cuadernos necesitan, paso a paso y sin repetir lo hecho.

pub(crate) mod especificacion;
pub(crate) mod evcxr;
pub(crate) mod fuentes_std;
pub(crate) mod plantilla;
pub(crate) mod programa;
pub(crate) mod python;
pub(crate) mod rust;

use crate::cerrojo::Cerrojo;
use crate::fallo::{ConArchivo, Resultado};
use crate::proyecto::Proyecto;

/// Hace los pasos que falten; dos órdenes a la vez se esperan la una a la otra.
pub(crate) fn preparar(proyecto: &Proyecto) -> Resultado {
    let generado = proyecto.generado();
    std::fs::create_dir_all(&generado).al("crear", &generado)?;
    let cerrojo = generado.join("preparar.cerrojo");
    let _uno_cada_vez = match Cerrojo::si_esta_libre(&cerrojo) {
        Some(libre) => libre,
        None => {
            eprintln!("Otra orden está preparando el curso: espero a que acabe…");
            Cerrojo::exclusivo(&cerrojo)?
        }
    };
    let herramientas = rust::Herramientas::hallar()?;
    python::DEL_CURSO.asegurar(proyecto)?;
    herramientas.asegurar_rust_src()?;
    fuentes_std::asegurar(proyecto, &herramientas)?;
    let evcxr = evcxr::asegurar(proyecto)?;
    especificacion::asegurar(proyecto, &evcxr)?;
    plantilla::asegurar(proyecto, &herramientas)?;
    for programa in programa::PROGRAMAS {
        programa.asegurar(proyecto, &herramientas)?;
    }
    Ok(())
}
