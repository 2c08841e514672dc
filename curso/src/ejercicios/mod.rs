//! Los ejercicios: hacer sus cuadernos, devolver uno a como estaba y decir lo que va hecho.
//!
//! Se escriben una vez, en los cuadernos del profesor («curso/ejercicios/»); de ellos salen los de «notebooks/ejercicios/»,
//! que son los que se abren y donde escribe quien los hace. Lo que haya escrito no se pierde: o no se toca, o se guarda.

use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::proyecto::Proyecto;
use crate::sello::escribe_de_una_vez;
use catalog::{Book, Catalog, CatalogError, ProgressError};
use std::path::PathBuf;

mod copia;

mod generar;
pub(crate) use generar::{comprobar, generar};

mod marcador;
pub(crate) use marcador::{empezar_de_cero, progreso};

mod reiniciar;
pub(crate) use reiniciar::reiniciar;

/// La carpeta, junto a los cuadernos de ejercicios, en la que se guarda lo que había antes de cambiarlos.
pub(crate) const ANTERIORES: &str = ".anteriores";

/// Los ejercicios del proyecto, que tiene que haberlos.
fn catalogo(proyecto: &Proyecto) -> Resultado<Catalog> {
    let catalogo =
        Catalog::load(proyecto.raiz()).map_err(|e| de_catalogo("leer los ejercicios", &e))?;
    if catalogo.exercises().next().is_none() {
        return Err(Fallo::nuevo("leer los ejercicios")
            .causa("en «curso/ejercicios/» no hay ninguno")
            .remedio(
                "recupera los cuadernos del profesor con «git checkout -- curso/ejercicios»",
            ));
    }
    Ok(catalogo)
}

fn de_catalogo(intento: &str, error: &CatalogError) -> Fallo {
    Fallo::nuevo(intento)
        .causa(error.problem())
        .remedio(error.remedy())
}

fn de_progreso(intento: &str, error: &ProgressError) -> Fallo {
    Fallo::nuevo(intento)
        .causa(error.problem())
        .remedio(error.remedy())
}

/// Dónde está el cuaderno de un libro en el que escribe quien hace los ejercicios.
fn ruta_de_la_copia(proyecto: &Proyecto, libro: &Book) -> PathBuf {
    proyecto.ejercicios().join(format!("{}.ipynb", libro.name))
}

/// Guarda algo en [`ANTERIORES`] como `nombre-1.extension`, o con el siguiente número que no esté cogido, y dice dónde.
fn guarda_lo_anterior(
    proyecto: &Proyecto,
    nombre: &str,
    extension: &str,
    contenido: &[u8],
) -> Resultado<PathBuf> {
    let carpeta = proyecto.ejercicios().join(ANTERIORES);
    std::fs::create_dir_all(&carpeta).al("crear", &carpeta)?;
    let ruta = (1_u32..)
        .map(|n| carpeta.join(format!("{nombre}-{n}.{extension}")))
        .find(|ruta| !ruta.exists())
        .unwrap_or_else(|| carpeta.join(format!("{nombre}.{extension}")));
    escribe_de_una_vez(&ruta, contenido)?;
    Ok(ruta)
}

/// «1 ejercicio», «3 ejercicios».
fn cuenta(n: usize, uno: &str, varios: &str) -> String {
    format!("{n} {}", if n == 1 { uno } else { varios })
}
