//! `medir`: cuánto tarda un núcleo en dar la primera figura y cada celda, el de serie y el caliente, intercalados.

use crate::ejecutar::{self, Ejecutado, Nucleo};
use crate::fallo::{Fallo, Resultado};
use crate::progreso::Paso;
use crate::proyecto::Proyecto;
use comfy_table::{Table, presets};
use std::path::Path;

/// Ejecuta el cuaderno `veces` con cada núcleo y enseña las medianas y su razón.
pub(crate) fn medir(proyecto: &Proyecto, cuaderno: Option<&Path>, veces: usize) -> Resultado<bool> {
    let ruta = match cuaderno {
        Some(pedido) => ejecutar::busca(proyecto, pedido)?,
        None => ejecutar::cuadernos(proyecto, &[])?
            .into_iter()
            .next()
            .ok_or_else(|| Fallo::nuevo("medir").causa("no hay cuadernos en «notebooks/»"))?,
    };
    let (mut de_serie, mut caliente) = (Medidas::default(), Medidas::default());
    for vez in 1..=veces {
        for (nucleo, nombre, medidas) in [
            (Nucleo::DeSerie, "núcleo de serie", &mut de_serie),
            (Nucleo::Caliente, "núcleo caliente", &mut caliente),
        ] {
            let paso = Paso::nuevo(format!("{nombre}, vez {vez} de {veces}"), "");
            let ejecutado = ejecutar::ejecuta(proyecto, &ruta, nucleo, &paso)?;
            medidas.anota(&ejecutado)?;
            paso.hecho("");
        }
    }
    println!(
        "{} · {veces} veces cada núcleo, intercaladas\n{}",
        proyecto.relativa(&ruta).display(),
        tabla(de_serie, caliente)
    );
    Ok(true)
}

/// Lo medido con un núcleo, en segundos.
#[derive(Debug, Default)]
struct Medidas {
    primera_figura: Vec<f64>,
    celdas: Vec<f64>,
}

impl Medidas {
    fn anota(&mut self, ejecutado: &Ejecutado) -> Resultado {
        if let Some((_, mala)) = ejecutado.malas.first().map(|m| ((), m)) {
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
