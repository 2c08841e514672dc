//! Comparar lo que un cuaderno acaba de dar con lo que tiene guardado.

use crate::cuaderno::{Celda, Cuaderno, texto};
use crate::ejecutar::CeldaMala;
use crate::juicio::Mal;
use serde_json::Value;
use similar::TextDiff;
use std::collections::BTreeSet;

/// Las celdas con una de estas etiquetas enseñan tiempos o azar: se mira qué clase de salidas dan, no cuáles.
pub(crate) const NO_DETERMINISTAS: [&str; 2] = ["tiempos", "azar"];

/// Las celdas cuya salida de ahora no es la guardada.
pub(crate) fn distintas(guardado: &Cuaderno, ahora: &Cuaderno) -> Vec<CeldaMala> {
    guardado
        .celdas()
        .zip(ahora.celdas())
        .enumerate()
        .filter(|(_, (antes, _))| antes.es_de_codigo())
        .filter_map(|(indice, (antes, despues))| {
            let (a, b) = if NO_DETERMINISTAS.iter().any(|e| antes.tiene_etiqueta(e)) {
                (clases(antes), clases(despues))
            } else {
                (salida_en_texto(antes), salida_en_texto(despues))
            };
            (a != b).then(|| CeldaMala {
                indice,
                primera_linea: antes.primera_linea(),
                mal: Mal::Distinta(diferencia(&a, &b)),
            })
        })
        .collect()
}

/// Las clases de salida de una celda, sin repetir y en orden: una figura que deja de salir se nota.
fn clases(celda: Celda<'_>) -> String {
    let clases: BTreeSet<String> = celda
        .salidas()
        .flat_map(|salida| match salida["data"].as_object() {
            Some(datos) => datos.keys().cloned().collect(),
            None => vec![
                format!(
                    "{} {}",
                    texto(&salida["output_type"]),
                    texto(&salida["name"])
                )
                .trim()
                .to_owned(),
            ],
        })
        .collect();
    clases.into_iter().map(|c| c + "\n").collect()
}

/// Todo lo que dio una celda, como texto: lo escrito, los valores (cada tipo MIME) y los errores.
fn salida_en_texto(celda: Celda<'_>) -> String {
    let mut todo = String::new();
    for flujo in ["stdout", "stderr"] {
        todo += &celda.escrito(flujo);
    }
    for salida in celda.salidas() {
        if let Some(datos) = salida["data"].as_object() {
            for (mime, valor) in datos {
                todo += &format!("[{mime}]\n{}\n", texto_o_json(valor));
            }
        }
        if salida["output_type"] == "error" {
            let error = texto(&salida["evalue"]) + "\n" + &texto(&salida["traceback"]);
            todo += &sin_lineas_de_ctx(&console::strip_ansi_codes(&error));
        }
    }
    todo
}

/// Sin la línea y la columna de lo que evcxr escribió por su cuenta, que cambian con lo que haya definido cada celda anterior.
fn sin_lineas_de_ctx(error: &str) -> String {
    const CTX: &str = "ctx/src/lib.rs";
    let mut trozos = error.split(CTX);
    let mut limpio = trozos.next().unwrap_or_default().to_owned();
    for trozo in trozos {
        limpio += CTX;
        limpio += trozo.trim_start_matches(|c: char| c == ':' || c == ' ' || c.is_ascii_digit());
    }
    limpio
}

fn texto_o_json(valor: &Value) -> String {
    match valor {
        Value::String(_) | Value::Array(_) => texto(valor),
        _ => valor.to_string(),
    }
}

fn diferencia(antes: &str, despues: &str) -> String {
    let todo = TextDiff::from_lines(antes, despues)
        .unified_diff()
        .context_radius(1)
        .header("guardada", "ahora")
        .to_string();
    let lineas: Vec<&str> = todo.lines().take(12).collect();
    lineas.join("\n")
}

#[cfg(test)]
mod pruebas {
    use super::*;
    use serde_json::json;

    fn con(salidas: Value, etiquetas: &[&str]) -> Cuaderno {
        let carpeta = tempfile::tempdir().unwrap();
        let ruta = carpeta.path().join("x.ipynb");
        let cuaderno = json!({"nbformat": 4, "metadata": {}, "cells": [
            {"cell_type": "code", "source": "f()", "metadata": {"tags": etiquetas}, "outputs": salidas}]});
        std::fs::write(&ruta, cuaderno.to_string()).unwrap();
        Cuaderno::lee(&ruta).unwrap()
    }

    fn dice(texto: &str) -> Value {
        json!([{"output_type": "stream", "name": "stdout", "text": texto}])
    }

    #[test]
    fn la_misma_salida_es_igual_aunque_se_guarde_partida_en_lineas() {
        let junta = con(dice("a\nb\n"), &[]);
        let partida = con(
            json!([{"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"]}]),
            &[],
        );
        assert!(distintas(&junta, &partida).is_empty());
    }

    #[test]
    fn otra_salida_se_dice_con_su_diferencia() {
        let malas = distintas(&con(dice("suma 3\n"), &[]), &con(dice("suma 4\n"), &[]));
        let dicho = malas[0].mal.to_string();
        assert!(
            dicho.contains("-suma 3") && dicho.contains("+suma 4"),
            "{dicho}"
        );
    }

    #[test]
    fn de_un_error_no_cuenta_en_que_linea_de_lo_que_genera_evcxr_esta() {
        let error = |linea: &str, que: &str| {
            let traza = format!("within `{{closure@ctx/src/lib.rs:{linea}}}`, {que}");
            let salida = json!([{"output_type": "error", "evalue": "x", "traceback": [traza]}]);
            con(salida, &[])
        };
        let antes = error("104:20: 104:27", "Rc");
        assert!(distintas(&antes, &error("99:8: 99:15", "Rc")).is_empty());
        assert_eq!(distintas(&antes, &error("104:20: 104:27", "Arc")).len(), 1);
    }

    #[test]
    fn los_tiempos_y_el_azar_no_se_comparan_pero_su_clase_si() {
        for etiqueta in NO_DETERMINISTAS {
            assert!(
                distintas(
                    &con(dice("3 ms\n"), &[etiqueta]),
                    &con(dice("4 ms\n"), &[etiqueta])
                )
                .is_empty()
            );
            let figura =
                json!([{"output_type": "execute_result", "data": {"image/svg+xml": "<svg/>"}}]);
            assert_eq!(
                distintas(&con(figura, &[etiqueta]), &con(dice("4 ms\n"), &[etiqueta])).len(),
                1
            );
        }
    }
}
