//! `ejercicio reiniciar`: devolver un ejercicio a como estaba, sin tocar lo demás.

use super::copia::{DE_CODIGO, compone};
use super::{catalogo, de_catalogo, guarda_lo_anterior, ruta_de_la_copia};
use crate::cuaderno::{Celda, Cuaderno};
use crate::fallo::{Fallo, Resultado};
use crate::proyecto::Proyecto;
use catalog::{Book, Catalog};
use serde_json::Value;

/// Devuelve a su principio las celdas de código de los ejercicios que se dicen.
pub(crate) fn reiniciar(proyecto: &Proyecto, nombres: &[String]) -> Resultado {
    let catalogo = catalogo(proyecto)?;
    // Todos se buscan antes de empezar: por un nombre mal escrito no se queda a medias.
    let libros = nombres
        .iter()
        .map(|nombre| libro_de(&catalogo, nombre))
        .collect::<Resultado<Vec<_>>>()?;
    for (nombre, libro) in nombres.iter().zip(libros) {
        reinicia(proyecto, libro, nombre)?;
    }
    println!("Si tienes el cuaderno abierto en JupyterLab: Archivo, Recargar … desde el Disco.");
    Ok(())
}

fn libro_de<'a>(catalogo: &'a Catalog, nombre: &str) -> Resultado<&'a Book> {
    let intento = format!("reiniciar «{nombre}»");
    let ejercicio = catalogo
        .get(nombre)
        .map_err(|e| de_catalogo(&intento, &e))?;
    catalogo
        .books()
        .iter()
        .find(|libro| libro.name == ejercicio.book)
        .ok_or_else(|| Fallo::nuevo(intento).causa("no está en ningún libro"))
}

fn reinicia(proyecto: &Proyecto, libro: &Book, nombre: &str) -> Resultado {
    let ruta = ruta_de_la_copia(proyecto, libro);
    let relativa = proyecto.relativa(&ruta).display().to_string();
    if !ruta.exists() {
        return Err(Fallo::nuevo(format!("reiniciar «{nombre}»"))
            .causa(format!(
                "no existe «{relativa}», el cuaderno en el que está"
            ))
            .remedio(
                "hazlo con «cargo curso ejercicios»: tendrá todos los ejercicios como al principio",
            ));
    }
    let mut cuaderno = Cuaderno::lee(&ruta)?;
    let nuevo = compone(libro)?;
    let nuevas: Vec<&Value> = nuevo
        .celdas()
        .filter(|celda| es_codigo_de(*celda, nombre))
        .map(Celda::json)
        .collect();
    let guardado = match codigo_cambiado(&cuaderno, &nuevas, nombre) {
        codigo if codigo.is_empty() => None,
        codigo => Some(guarda_lo_anterior(
            proyecto,
            nombre,
            "rs",
            codigo.as_bytes(),
        )?),
    };
    repone(cuaderno.celdas_mut(), &nuevas, nombre);
    cuaderno.escribe(&ruta)?;
    match guardado {
        Some(guardado) => println!(
            "{nombre} está como al principio, en «{relativa}». Lo que había se guarda en «{}».",
            proyecto.relativa(&guardado).display()
        ),
        None => println!(
            "{nombre} ya estaba como al principio, en «{relativa}»: se han quitado sus salidas."
        ),
    }
    Ok(())
}

fn es_codigo_de(celda: Celda<'_>, nombre: &str) -> bool {
    celda
        .ejercicio()
        .is_some_and(|(suyo, papel)| suyo == nombre && DE_CODIGO.contains(&papel))
}

/// El código del ejercicio que hay en el cuaderno y no es como al principio, celda a celda.
fn codigo_cambiado(cuaderno: &Cuaderno, nuevas: &[&Value], nombre: &str) -> String {
    let cambiadas: Vec<String> = cuaderno
        .celdas()
        .filter(|celda| es_codigo_de(*celda, nombre))
        .map(Celda::fuente)
        .filter(|fuente| {
            let igual = |nueva: &&Value| Celda::de(nueva).fuente().trim_end() == fuente.trim_end();
            !fuente.trim().is_empty() && !nuevas.iter().any(igual)
        })
        .map(|fuente| format!("{}\n", fuente.trim_end()))
        .collect();
    cambiadas.join("\n")
}

/// Pone cada celda nueva en el sitio de la suya; la que falte, detrás de la anterior; las que sobren, fuera.
fn repone(celdas: &mut Vec<Value>, nuevas: &[&Value], nombre: &str) {
    let del_ejercicio = |celda: &Value| {
        Celda::de(celda)
            .ejercicio()
            .is_some_and(|(suyo, _)| suyo == nombre)
    };
    let mut puestas = Vec::new();
    let mut sitio = celdas
        .iter()
        .position(del_ejercicio)
        .map_or(celdas.len(), |enunciado| enunciado + 1);
    for nueva in nuevas {
        let (id, papel) = (Celda::de(nueva).id(), Celda::de(nueva).ejercicio());
        let libre = |i: usize| es_codigo_de(Celda::de(&celdas[i]), nombre) && !puestas.contains(&i);
        let suya = (0..celdas.len())
            .find(|&i| libre(i) && Celda::de(&celdas[i]).id() == id)
            .or_else(|| {
                (0..celdas.len()).find(|&i| libre(i) && Celda::de(&celdas[i]).ejercicio() == papel)
            });
        let puesta = match suya {
            Some(i) => {
                celdas[i] = (*nueva).clone();
                i
            }
            None => {
                celdas.insert(sitio, (*nueva).clone());
                for i in &mut puestas {
                    *i += usize::from(*i >= sitio);
                }
                sitio
            }
        };
        puestas.push(puesta);
        sitio = puesta + 1;
    }
    let mut i = 0;
    celdas.retain(|celda| {
        let se_queda = puestas.contains(&i) || !es_codigo_de(Celda::de(celda), nombre);
        i += 1;
        se_queda
    });
}
