//! `progreso`: lo que va hecho de los ejercicios y cuál toca.

use super::{catalogo, cuenta, de_progreso, ruta_de_la_copia};
use crate::fallo::Resultado;
use crate::proyecto::Proyecto;
use catalog::{Catalog, Counts, Progress, Summary};
use comfy_table::{ContentArrangement, Table, presets};

/// Enseña las cuentas de cada libro y el ejercicio que toca.
pub(crate) fn progreso(proyecto: &Proyecto) -> Resultado {
    let catalogo = catalogo(proyecto)?;
    let progreso = lee(proyecto)?;
    let resumen = Summary::new(&catalogo, &progreso);
    println!("{}", tabla(&resumen));
    println!("{}", lo_que_toca(proyecto, &catalogo, &resumen));
    Ok(())
}

/// Aparta lo que consta, tras decir qué es.
pub(crate) fn empezar_de_cero(proyecto: &Proyecto) -> Resultado {
    let progreso = lee(proyecto)?;
    let constan = progreso.records().filter(|(_, r)| r.is_started()).count();
    let aprobados = progreso.records().filter(|(_, r)| r.is_passed()).count();
    let ruta = Progress::path(proyecto.raiz());
    println!(
        "En «{}»: {}, {}.",
        proyecto.relativa(&ruta).display(),
        cuenta(constan, "ejercicio empezado", "ejercicios empezados"),
        cuenta(aprobados, "aprobado", "aprobados"),
    );
    let apartado = Progress::put_away(&ruta).map_err(|e| de_progreso("empezar de cero", &e))?;
    match apartado {
        Some(apartado) => println!(
            "Empiezas de cero. Lo que había está en «{}»: para recuperarlo, devuélvele su nombre.",
            proyecto.relativa(&apartado).display()
        ),
        None => println!("No había nada que borrar."),
    }
    Ok(())
}

/// El progreso; si estaba estropeado, lo dice.
fn lee(proyecto: &Proyecto) -> Resultado<Progress> {
    let progreso = Progress::load(&Progress::path(proyecto.raiz()));
    if let Some(error) = progreso.error() {
        return Err(de_progreso("leer lo que llevas hecho", error));
    }
    if let Some(apartado) = progreso.set_aside() {
        eprintln!(
            "El archivo de progreso estaba estropeado: se ha apartado en «{}» y se empieza de cero.\n",
            proyecto.relativa(apartado).display()
        );
    }
    Ok(progreso)
}

fn tabla(resumen: &Summary) -> Table {
    let mut tabla = Table::new();
    tabla
        .load_style(presets::UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    tabla.set_header([
        "libro",
        "hechos",
        "minutos",
        "intentos",
        "pistas",
        "rendiciones",
    ]);
    for libro in &resumen.books {
        tabla.add_row(fila(&libro.title, libro.counts));
    }
    if resumen.books.len() > 1 {
        tabla.add_row(fila("todos", resumen.total()));
    }
    tabla
}

fn fila(nombre: &str, cuentas: Counts) -> [String; 6] {
    [
        nombre.to_owned(),
        format!("{}/{}", cuentas.done, cuentas.total),
        format!("{}/{}", cuentas.minutes_done, cuentas.minutes),
        cuentas.attempts.to_string(),
        cuentas.hints.to_string(),
        cuentas.gave_up.to_string(),
    ]
}

fn lo_que_toca(proyecto: &Proyecto, catalogo: &Catalog, resumen: &Summary) -> String {
    let toca = catalogo.books().iter().find_map(|libro| {
        let ejercicio = libro
            .exercises
            .iter()
            .find(|ejercicio| Some(&ejercicio.name) == resumen.next.as_ref())?;
        Some((libro, ejercicio))
    });
    match toca {
        None => "Los has aprobado todos.".to_owned(),
        Some((libro, ejercicio)) => format!(
            "Toca {} · {} ({} min), en «{}».",
            ejercicio.name,
            ejercicio.title,
            ejercicio.minutes,
            proyecto
                .relativa(&ruta_de_la_copia(proyecto, libro))
                .display()
        ),
    }
}
