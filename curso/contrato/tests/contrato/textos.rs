//! Lo que se lee de un ejercicio está y no cuenta de más.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use catalog::Kind;
use contrato::Ejercicio;

/// Las unidades de las lecciones.
const UNIDADES: &str = include_str!("../../../tests/unidades.csv");

/// Las malas que tiene un ejercicio, como poco.
const MALAS: usize = 3;

/// Lo que mide, sin espacios, una línea de código que por sí sola dice algo: `} else {` no.
const LINEA_QUE_DICE_ALGO: usize = 8;

/// Dice todo lo que falta o sobra, de una vez.
pub(crate) fn estan_todos(ejercicio: &Ejercicio) -> Result<(), String> {
    let mut faltas = Vec::new();
    let mut exige = |bien: bool, falta: String| {
        if !bien {
            faltas.push(falta);
        }
    };

    for (que, texto) in [
        ("el título", ejercicio.titulo),
        ("el enunciado", ejercicio.enunciado),
        ("la solución", ejercicio.solucion.codigo),
        ("el porqué", ejercicio.porque),
    ] {
        exige(!texto.trim().is_empty(), format!("{que} está vacío"));
    }
    exige(
        ejercicio.minutos > 0,
        "no dice cuántos minutos lleva".to_owned(),
    );
    exige(
        (1..=3).contains(&ejercicio.dificultad),
        format!("la dificultad va de 1 a 3, y es {}", ejercicio.dificultad),
    );
    exige(
        ejercicio.error.is_some() == (ejercicio.clase == Kind::DoesNotCompile),
        "lleva `error` si su clase es «no compila», y solo entonces".to_owned(),
    );
    exige(
        ejercicio.suspende.is_some() == (ejercicio.clase == Kind::Fails),
        "lleva `suspende` si su clase es «falla», y solo entonces".to_owned(),
    );
    exige(
        ejercicio.error.is_none() || ejercicio.partida.codigo.is_ascii(),
        "el núcleo no enseña el código de un error si en la celda hay una tilde".to_owned(),
    );
    let comprueba = format!("comprobar!(\"{}\"", ejercicio.nombre);
    exige(
        ejercicio.comprobar.contains(&comprueba),
        format!("la celda que comprueba no lleva `{comprueba}, …)`"),
    );

    let conocidas: BTreeSet<&str> = UNIDADES
        .lines()
        .skip(1)
        .filter_map(|linea| linea.split(',').next())
        .collect();
    exige(
        !ejercicio.unidades.is_empty(),
        "no practica ninguna unidad".to_owned(),
    );
    for unidad in ejercicio.unidades {
        exige(
            conocidas.contains(unidad),
            format!("la unidad {unidad} no existe"),
        );
    }

    let cuantas = pistas(ejercicio);
    exige(
        cuantas.contains(&ejercicio.pistas.len()),
        format!("lleva {} pistas, y son {cuantas:?}", ejercicio.pistas.len()),
    );
    let propias = lineas_propias(ejercicio);
    for (numero, pista) in (1..).zip(ejercicio.pistas) {
        exige(
            !pista.trim().is_empty(),
            format!("la pista {numero} está vacía"),
        );
        exige(
            !cuenta(pista, &propias),
            format!("la pista {numero} lleva más de la mitad de la solución:\n{pista}"),
        );
    }

    exige(
        ejercicio.malas.len() >= MALAS,
        format!(
            "lleva {} malas, y son {MALAS} como poco",
            ejercicio.malas.len()
        ),
    );
    let mut disfraces = BTreeSet::new();
    for mala in ejercicio.malas {
        let disfraz = mala.disfraz;
        exige(
            !disfraz.trim().is_empty(),
            "una mala no lleva disfraz".to_owned(),
        );
        exige(
            disfraces.insert(disfraz),
            format!("dos malas se llaman «{disfraz}»"),
        );
        exige(
            !mala.suspende.trim().is_empty(),
            format!("la mala «{disfraz}» no dice dónde suspende"),
        );
    }

    if faltas.is_empty() {
        return Ok(());
    }
    Err(faltas.join("\n"))
}

/// Las pistas que lleva: las miniaturas, las trece de su lección.
fn pistas(ejercicio: &Ejercicio) -> RangeInclusive<usize> {
    if ejercicio.titulo.to_lowercase().contains("miniatura") {
        13..=13
    } else {
        2..=4
    }
}

/// Las líneas de la solución que no estaban ya en lo que se da, sin espacios ni comentarios.
fn lineas_propias(ejercicio: &Ejercicio) -> Vec<String> {
    let dadas: BTreeSet<String> = ejercicio
        .dado
        .iter()
        .chain([&ejercicio.partida.codigo])
        .flat_map(|codigo| codigo.lines().map(sin_espacios))
        .collect();
    let mut propias: Vec<String> = ejercicio
        .solucion
        .codigo
        .lines()
        .map(sin_espacios)
        .collect();
    propias.retain(|linea| {
        linea.len() >= LINEA_QUE_DICE_ALGO && !linea.starts_with("//") && !dadas.contains(linea)
    });
    propias
}

/// ¿Lleva la pista más de la mitad de esas líneas?
fn cuenta(pista: &str, propias: &[String]) -> bool {
    let pista = sin_espacios(pista);
    let dichas = propias
        .iter()
        .filter(|linea| pista.contains(*linea))
        .count();
    2 * dichas > propias.len()
}

fn sin_espacios(texto: &str) -> String {
    texto.split_whitespace().collect()
}
