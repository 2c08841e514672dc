//! `ejercicios`: hacer los cuadernos de ejercicios, o comprobar que son los que saldrían.

use super::copia::{Escrito, compone, conserva_las_salidas, diferencia, escrito};
use super::{catalogo, cuenta, guarda_lo_anterior, ruta_de_la_copia};
use crate::cuaderno::Cuaderno;
use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::proyecto::Proyecto;
use catalog::Book;
use std::path::PathBuf;

/// Un libro con el cuaderno que le sale y el que ya hay.
struct Copia<'a> {
    libro: &'a Book,
    ruta: PathBuf,
    nuevo: Cuaderno,
    hay: Option<Cuaderno>,
}

impl Copia<'_> {
    fn escrito(&self) -> Escrito {
        self.hay
            .as_ref()
            .map(|hay| escrito(hay, &self.nuevo))
            .unwrap_or_default()
    }
}

/// Hace los cuadernos de ejercicios de todos los libros. Si hay algo escrito en alguno, o lo guarda antes (si `pisar`) o
/// no toca ninguno.
pub(crate) fn generar(proyecto: &Proyecto, pisar: bool) -> Resultado {
    let catalogo = catalogo(proyecto)?;
    let copias = copias(proyecto, catalogo.books())?;
    if !pisar {
        nada_escrito(proyecto, &copias)?;
    }
    for mut copia in copias {
        let nombre = proyecto.relativa(&copia.ruta).display().to_string();
        if copia.escrito().hay() {
            let contenido = std::fs::read(&copia.ruta).al("leer", &copia.ruta)?;
            let guardado = guarda_lo_anterior(proyecto, &copia.libro.name, "ipynb", &contenido)?;
            println!(
                "{nombre}: el que había se guarda en «{}»",
                proyecto.relativa(&guardado).display()
            );
        }
        let sigue_igual = copia
            .hay
            .as_ref()
            .is_some_and(|hay| diferencia(hay, &copia.nuevo).is_none());
        let ejercicios = cuenta(copia.libro.exercises.len(), "ejercicio", "ejercicios");
        if sigue_igual {
            println!("{nombre}: {ejercicios}, ya estaba");
            continue;
        }
        if let Some(hay) = &copia.hay {
            conserva_las_salidas(&mut copia.nuevo, hay);
        }
        copia.nuevo.escribe(&copia.ruta)?;
        println!("{nombre}: {ejercicios}, hecho");
    }
    Ok(())
}

/// Dice en qué se distingue cada cuaderno de ejercicios del que saldría, y devuelve si ninguno.
pub(crate) fn comprobar(proyecto: &Proyecto) -> Resultado<bool> {
    let catalogo = catalogo(proyecto)?;
    let mut bien = true;
    for copia in copias(proyecto, catalogo.books())? {
        let diferencia = match &copia.hay {
            None => Some("no existe".to_owned()),
            Some(hay) => diferencia(hay, &copia.nuevo),
        };
        let nombre = proyecto.relativa(&copia.ruta).display();
        match diferencia {
            None => println!("{nombre}: coincide"),
            Some(diferencia) => {
                bien = false;
                eprintln!("{nombre}: no coincide: {diferencia}");
            }
        }
    }
    if !bien {
        eprintln!("\nSe hacen de nuevo con «cargo curso ejercicios».");
    }
    Ok(bien)
}

fn copias<'a>(proyecto: &Proyecto, libros: &'a [Book]) -> Resultado<Vec<Copia<'a>>> {
    let de_uno = |libro: &'a Book| {
        let ruta = ruta_de_la_copia(proyecto, libro);
        let nuevo = compone(libro)?;
        let hay = ruta.exists().then(|| Cuaderno::lee(&ruta)).transpose()?;
        Ok(Copia {
            libro,
            ruta,
            nuevo,
            hay,
        })
    };
    libros.iter().map(de_uno).collect()
}

/// Falla si alguien ha escrito en alguna.
fn nada_escrito(proyecto: &Proyecto, copias: &[Copia<'_>]) -> Resultado {
    let mut dicho = Vec::new();
    let mut ejemplo = None;
    for copia in copias {
        let escrito = copia.escrito();
        if !escrito.hay() {
            continue;
        }
        let mut partes = Vec::new();
        if !escrito.ejercicios.is_empty() {
            partes.push(escrito.ejercicios.join(", "));
        }
        if escrito.celdas > 0 {
            partes.push(cuenta(escrito.celdas, "celda añadida", "celdas añadidas"));
        }
        dicho.push(format!(
            "en «{}» hay algo escrito: {}",
            proyecto.relativa(&copia.ruta).display(),
            partes.join(" y ")
        ));
        ejemplo = ejemplo.or(escrito.ejercicios.into_iter().next());
    }
    if dicho.is_empty() {
        return Ok(());
    }
    let reiniciar = ejemplo.map_or_else(String::new, |nombre| {
        format!(
            "si lo tuyo de un ejercicio ya no te sirve, devuélvelo a su principio: cargo curso ejercicio reiniciar {nombre}\n"
        )
    });
    Err(Fallo::nuevo("hacer los cuadernos de ejercicios")
        .causa(format!("{}\nno se ha tocado ninguno", dicho.join("\n")))
        .remedio(format!(
            "{reiniciar}para hacerlos todos de nuevo, guardando antes lo que hay: cargo curso ejercicios --pisar"
        )))
}
