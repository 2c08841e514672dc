//! El juicio de una celda ejecutada: lo que Jupyter no cuenta como error también se mira.
//!
//! evcxr deja en «ok» una celda que entra en pánico o de la que sale un `Err` por `?`: solo escriben por stderr.

use crate::cuaderno::{Celda, texto};
use console::strip_ansi_codes;
use std::fmt;
use syn::visit::Visit;

/// Qué tiene de malo una celda.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mal {
    /// Una salida `error`: no compila o el proceso murió.
    Error(String),
    /// Un pánico, con su línea.
    Panico(String),
    /// Un `Err` que salió por `?`, con su texto.
    Err(String),
    /// Pasó de su plazo, en segundos.
    Plazo(f64),
    /// El núcleo murió mientras se ejecutaba.
    NucleoMuerto,
    /// Se esperaba que fallara (`raises-exception`) y no falla.
    NoFalla,
    /// Falla, pero no con el error que anuncia en `metadata.error`.
    OtroError { esperado: String, dado: String },
    /// No llegó a ejecutarse.
    SinEjecutar,
    /// Su salida no es la guardada.
    Distinta(String),
}

impl fmt::Display for Mal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mal::Error(linea) => write!(f, "error: {linea}"),
            Mal::Panico(linea) => write!(f, "{linea}"),
            Mal::Err(linea) => write!(f, "sale un Err por «?»: {linea}"),
            Mal::Plazo(s) => write!(
                f,
                "pasa de su plazo ({} s)",
                s.to_string().replace('.', ",")
            ),
            Mal::NucleoMuerto => write!(f, "el núcleo ha muerto"),
            Mal::NoFalla => write!(f, "debía fallar (raises-exception) y no falla"),
            Mal::OtroError { esperado, dado } => write!(f, "debía dar {esperado} y da: {dado}"),
            Mal::SinEjecutar => write!(f, "sin ejecutar"),
            Mal::Distinta(diferencia) => write!(f, "la salida no es la guardada:\n{diferencia}"),
        }
    }
}

/// Juzga una celda de código ya ejecutada por lo que dejó escrito.
pub(crate) fn juzga(celda: Celda<'_>) -> Option<Mal> {
    let fallo = fallo_de(celda);
    if !celda.tiene_etiqueta("raises-exception") {
        return fallo;
    }
    match (fallo, celda.error_anunciado()) {
        (None, _) => Some(Mal::NoFalla),
        (Some(fallo), Some(esperado)) if !todo_el_error(celda).contains(esperado) => {
            Some(Mal::OtroError {
                esperado: esperado.to_owned(),
                dado: fallo.to_string(),
            })
        }
        _ => None,
    }
}

fn fallo_de(celda: Celda<'_>) -> Option<Mal> {
    if let Some(error) = celda.salidas().find(|s| s["output_type"] == "error") {
        let dicho = texto(&error["evalue"]);
        let dicho = if dicho.is_empty() {
            texto(&error["traceback"])
        } else {
            dicho
        };
        return Some(Mal::Error(primera_linea(&dicho)));
    }
    let stderr = celda.escrito("stderr");
    if let Some(panico) = linea_de_panico(&stderr) {
        return Some(Mal::Panico(panico));
    }
    if !stderr.trim().is_empty() && tiene_interrogacion(&celda.fuente()) {
        return Some(Mal::Err(primera_linea(&stderr)));
    }
    None
}

fn todo_el_error(celda: Celda<'_>) -> String {
    let errores = celda.salidas().filter(|s| s["output_type"] == "error");
    let mut todo: String = errores
        .map(|e| texto(&e["evalue"]) + &texto(&e["traceback"]))
        .collect();
    todo += &celda.escrito("stderr");
    strip_ansi_codes(&todo).into_owned()
}

/// La línea que escribe el gancho del crate o la de Rust, con el mensaje que la sigue.
fn linea_de_panico(stderr: &str) -> Option<String> {
    let mut lineas = stderr.lines();
    while let Some(linea) = lineas.next() {
        if linea.contains("pánico en el hilo") {
            return Some(linea.trim().to_owned());
        }
        if linea.contains("panicked at") {
            let mensaje = lineas.next().unwrap_or_default();
            return Some(format!("pánico: {}", mensaje.trim()));
        }
    }
    None
}

fn primera_linea(dicho: &str) -> String {
    strip_ansi_codes(dicho)
        .lines()
        .find(|l| !l.trim().is_empty())
        .unwrap_or("(sin mensaje)")
        .trim()
        .to_owned()
}

/// Si la celda tiene un `?` propio, no de una función, clausura o bloque asíncrono: el que evcxr convierte en un texto
/// por stderr.
fn tiene_interrogacion(fuente: &str) -> bool {
    let rust: String = fuente
        .lines()
        .filter(|l| !l.trim_start().starts_with([':', '!']))
        .map(|l| format!("{l}\n"))
        .collect();
    let Ok(bloque) = syn::parse_str::<syn::Block>(&format!("{{{rust}}}")) else {
        return rust.contains('?');
    };
    let mut busca = Busca { hallada: false };
    busca.visit_block(&bloque);
    busca.hallada
}

struct Busca {
    hallada: bool,
}

impl<'ast> Visit<'ast> for Busca {
    fn visit_expr_try(&mut self, _: &'ast syn::ExprTry) {
        self.hallada = true;
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}

    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}

    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
}

#[cfg(test)]
mod pruebas {
    use super::*;
    use crate::cuaderno::Cuaderno;
    use serde_json::{Value, json};

    fn juicio(fuente: &str, metadatos: Value, salidas: Value) -> Option<Mal> {
        let carpeta = tempfile::tempdir().unwrap();
        let ruta = carpeta.path().join("x.ipynb");
        let cuaderno = json!({"nbformat": 4, "metadata": {}, "cells": [
            {"cell_type": "code", "source": fuente, "metadata": metadatos, "outputs": salidas}]});
        std::fs::write(&ruta, cuaderno.to_string()).unwrap();
        juzga(Cuaderno::lee(&ruta).unwrap().celda(0).unwrap())
    }

    fn stderr(texto: &str) -> Value {
        json!([{"output_type": "stream", "name": "stderr", "text": [texto]}])
    }

    fn error(texto: &str) -> Value {
        json!([{"output_type": "error", "ename": "Error", "evalue": "", "traceback": [texto]}])
    }

    #[test]
    fn una_celda_sin_nada_por_stderr_esta_bien() {
        assert_eq!(juicio("f()?", json!({}), json!([])), None);
    }

    #[test]
    fn un_error_de_compilacion_es_malo_y_se_nombra_sin_colores() {
        let mal = juicio(
            "x",
            json!({}),
            error("\u{1b}[31m[E0425] Error:\u{1b}[0m no existe\nmás"),
        )
        .unwrap();
        assert_eq!(mal, Mal::Error("[E0425] Error: no existe".to_owned()));
    }

    #[test]
    fn se_reconocen_el_panico_del_gancho_y_el_de_rust() {
        let del_gancho = juicio(
            "x",
            json!({}),
            stderr("pánico en el hilo «descarga-3»: uy\n"),
        );
        assert_eq!(
            del_gancho,
            Some(Mal::Panico("pánico en el hilo «descarga-3»: uy".to_owned()))
        );
        let de_rust = juicio(
            "x",
            json!({}),
            stderr("\nthread '<unnamed>' panicked at src/lib.rs:3:1:\nuy\nstack\n"),
        );
        assert_eq!(de_rust, Some(Mal::Panico("pánico: uy".to_owned())));
    }

    #[test]
    fn un_err_por_interrogacion_es_malo_y_un_eprintln_sin_ella_no() {
        let err = juicio("let x = f()?;", json!({}), stderr("cola vacía\n"));
        assert_eq!(err, Some(Mal::Err("cola vacía".to_owned())));
        assert_eq!(
            juicio("eprintln!(\"aviso\");", json!({}), stderr("aviso\n")),
            None
        );
    }

    #[test]
    fn la_interrogacion_de_una_funcion_o_clausura_no_es_de_la_celda() {
        assert!(tiene_interrogacion(
            ":dep x = \"1\"\nuse a::b;\nlet x = f()?;\nx"
        ));
        assert!(tiene_interrogacion("for h in hs { h.start()?; }"));
        assert!(!tiene_interrogacion("fn f() -> Option<u8> { g()?; None }"));
        assert!(!tiene_interrogacion(
            "let f = || -> Option<u8> { g()?; None };"
        ));
        assert!(!tiene_interrogacion("println!(\"¿qué?\");"));
    }

    #[test]
    fn raises_exception_exige_que_falle_y_con_el_error_anunciado() {
        let etiqueta = json!({"tags": ["raises-exception"], "error": "E0382"});
        assert_eq!(juicio("x", etiqueta.clone(), json!([])), Some(Mal::NoFalla));
        assert_eq!(
            juicio("x", etiqueta.clone(), error("[E0382] Error: movido")),
            None
        );
        let otro = juicio("x", etiqueta, error("[E0425] Error: no existe"));
        assert!(matches!(otro, Some(Mal::OtroError { .. })), "{otro:?}");
        assert_eq!(
            juicio(
                "x",
                json!({"tags": ["raises-exception"]}),
                stderr("pánico en el hilo «main»: uy")
            ),
            None
        );
    }
}
