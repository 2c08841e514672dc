//! `medir`: cuánto tarda un núcleo en dar la primera figura y cada celda, el de serie y el caliente, intercalados.

use crate::copia::Copia;
use crate::ejecutar::{self, Ejecutado, Nucleo};
use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::preparar;
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use comfy_table::{Table, presets};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Ejecuta el cuaderno `veces` con cada núcleo y enseña las medianas y su razón. Sin cuaderno, uno hecho para esto:
/// carga el crate, mide algo que no espera, dibuja la figura y sigue con celdas corrientes.
pub(crate) fn medir(proyecto: &Proyecto, cuaderno: Option<&Path>, veces: usize) -> Resultado<bool> {
    let pedido = cuaderno
        .map(|pedido| ejecutar::busca(proyecto, pedido))
        .transpose()?;
    preparar::preparar(proyecto)?;
    let copia = Copia::nueva(proyecto)?;
    let (ruta, nombre) = match pedido {
        Some(ruta) => (ruta.clone(), proyecto.relativa(&ruta).display().to_string()),
        None => (
            escribe_el_de_medida(&copia)?,
            format!("cuaderno de medida, {CORRIENTES} celdas corrientes"),
        ),
    };
    let (mut de_serie, mut caliente) = (Medidas::default(), Medidas::default());
    for vez in 1..=veces {
        for (nucleo, cual, medidas) in [
            (Nucleo::DeSerie, "de serie", &mut de_serie),
            (Nucleo::Caliente, "caliente", &mut caliente),
        ] {
            let paso = Paso::nuevo(format!("núcleo {cual}, vez {vez} de {veces}"), "");
            let ejecutado = ejecutar::ejecuta(proyecto, &ruta, nucleo, &paso)?;
            medidas.anota(&ejecutado)?;
            paso.hecho("");
        }
    }
    println!(
        "{nombre} · {veces} veces cada núcleo, intercaladas\n{}",
        tabla(de_serie, caliente)
    );
    Ok(true)
}

/// Cuántas celdas corrientes siguen a la figura: cada una, un tipo, una función y una línea escrita.
const CORRIENTES: usize = 30;

fn escribe_el_de_medida(copia: &Copia) -> Resultado<PathBuf> {
    let mut fuentes = vec![
        ":dep concurrencia = { path = \"../crate\" }\nuse concurrencia::prelude::*;".to_owned(),
        "fn suma(n: u64) -> u64 {\n    (0..n).sum()\n}".to_owned(),
        "let medida = measure(\"sumar\", 5, || suma(1_000_000));\nbars(\"Lo que tarda sumar\", [&medida])".to_owned(),
    ];
    fuentes.extend((0..CORRIENTES).map(|i| {
        format!("struct Dato{i}(u64);\nfn doble{i}(d: Dato{i}) -> u64 {{\n    d.0 * 2\n}}\nprintln!(\"{{}}\", doble{i}(Dato{i}({i})));")
    }));
    let celdas: Vec<_> = fuentes
        .iter()
        .enumerate()
        .map(|(i, fuente)| {
            json!({"cell_type": "code", "id": format!("celda-{i}"), "metadata": {}, "source": fuente, "outputs": [],
                   "execution_count": null})
        })
        .collect();
    let ruta = copia.cuadernos().join("medida.ipynb");
    let cuaderno = json!({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": celdas});
    std::fs::write(&ruta, cuaderno.to_string()).al("escribir", &ruta)?;
    Ok(ruta)
}

/// Lo medido con un núcleo, en segundos.
#[derive(Debug, Default)]
struct Medidas {
    primera_figura: Vec<f64>,
    celdas: Vec<f64>,
}

impl Medidas {
    fn anota(&mut self, ejecutado: &Ejecutado) -> Resultado {
        if let Some(mala) = ejecutado.malas.first() {
            return Err(Fallo::nuevo("medir el cuaderno")
                .causa(format!(
                    "la celda {} ({}) está mal: {}",
                    mala.indice + 1,
                    mala.primera_linea,
                    mala.mal
                ))
                .remedio(
                    "arréglalo antes de medirlo: «cargo curso ejecutar» dice qué celdas fallan",
                ));
        }
        let figura = ejecutado
            .tiempos
            .iter()
            .find(|t| t.con_figura)
            .ok_or_else(|| {
                Fallo::nuevo("medir el cuaderno")
                    .causa("no enseña ninguna figura")
                    .remedio("elige otro cuaderno")
            })?;
        self.primera_figura.push(figura.desde_el_arranque);
        self.celdas
            .extend(ejecutado.tiempos.iter().map(|t| t.celda));
        Ok(())
    }
}

fn tabla(mut de_serie: Medidas, mut caliente: Medidas) -> Table {
    let mut tabla = Table::new();
    tabla.load_style(presets::UTF8_BORDERS_ONLY);
    tabla.set_header(["segundos", "de serie", "caliente", "razón"]);
    for (nombre, a, b) in [
        (
            "del arranque a la primera figura, mediana",
            cuantil(&mut de_serie.primera_figura, 0.5),
            cuantil(&mut caliente.primera_figura, 0.5),
        ),
        (
            "una celda, mediana",
            cuantil(&mut de_serie.celdas, 0.5),
            cuantil(&mut caliente.celdas, 0.5),
        ),
        (
            "una celda, p95",
            cuantil(&mut de_serie.celdas, 0.95),
            cuantil(&mut caliente.celdas, 0.95),
        ),
    ] {
        tabla.add_row([nombre.to_owned(), cifra(a), cifra(b), cifra(a / b)]);
    }
    tabla
}

fn cifra(x: f64) -> String {
    format!("{x:.2}").replace('.', ",")
}

/// El cuantil `q` por interpolación lineal (el tipo 7 de Hyndman y Fan).
fn cuantil(valores: &mut [f64], q: f64) -> f64 {
    valores.sort_by(f64::total_cmp);
    let posicion = q * (valores.len() - 1) as f64;
    let (abajo, arriba) = (
        valores[posicion.floor() as usize],
        valores[posicion.ceil() as usize],
    );
    abajo + (arriba - abajo) * posicion.fract()
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn los_cuantiles_interpolan() {
        assert_eq!(cuantil(&mut [3.0, 1.0, 2.0], 0.5), 2.0);
        assert_eq!(cuantil(&mut [1.0, 2.0], 0.5), 1.5);
        assert_eq!(cuantil(&mut [7.0], 0.95), 7.0);
    }
}
