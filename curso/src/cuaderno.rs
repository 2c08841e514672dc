//! Un cuaderno `.ipynb`: leerlo, limpiarle lo que cambia en cada ejecución y escribirlo de una vez.

use crate::fallo::{ConArchivo, Fallo, Resultado};
use crate::sello::escribe_de_una_vez;
use serde::Serialize;
use serde_json::{Value, json};
use std::path::Path;

/// Un cuaderno en formato 4, tal como está en su archivo.
#[derive(Debug, Clone)]
pub(crate) struct Cuaderno {
    json: Value,
}

/// Una celda de un [`Cuaderno`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Celda<'a> {
    json: &'a Value,
}

impl Cuaderno {
    pub(crate) fn lee(ruta: &Path) -> Resultado<Self> {
        let texto = match std::fs::read_to_string(ruta) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(Fallo::nuevo(format!("abrir el cuaderno «{}»", ruta.display()))
                    .causa("no existe")
                    .remedio("los del curso están en «notebooks/»; sin nombre, la orden los toma todos"));
            }
            otro => otro.al("leer", ruta)?,
        };
        Self::de_texto(&texto, ruta)
    }

    fn de_texto(texto: &str, ruta: &Path) -> Resultado<Self> {
        let intento = format!("leer el cuaderno «{}»", ruta.display());
        let json: Value = serde_json::from_str(texto).map_err(|e| {
            Fallo::nuevo(&*intento)
                .causa(format!("no es JSON: {e}"))
                .remedio("recupéralo con «git checkout -- RUTA» o ábrelo y guárdalo otra vez en JupyterLab")
        })?;
        if json["nbformat"] != 4 || !json["cells"].is_array() {
            return Err(Fallo::nuevo(&*intento)
                .causa("es JSON, pero no un cuaderno de Jupyter de formato 4")
                .remedio("comprueba que es el archivo que querías"));
        }
        Ok(Cuaderno { json })
    }

    pub(crate) fn celdas(&self) -> impl Iterator<Item = Celda<'_>> {
        self.json["cells"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|json| Celda { json })
    }

    /// Las celdas, para cambiarlas, añadirlas o quitarlas.
    pub(crate) fn celdas_mut(&mut self) -> &mut Vec<Value> {
        self.json["cells"]
            .as_array_mut()
            .expect("se comprueba al leerlo")
    }

    pub(crate) fn celda(&self, i: usize) -> Option<Celda<'_>> {
        self.json["cells"].get(i).map(|json| Celda { json })
    }

    /// Quita lo que cambia de una ejecución a otra sin que nadie haya cambiado nada.
    pub(crate) fn limpia(&mut self) {
        self.json["metadata"]["kernelspec"] =
            json!({"display_name": "Rust", "language": "rust", "name": "rust"});
        // Lo que dice evcxr, tal cual: con otra cosa, JupyterLab lo cambia al abrir y da el cuaderno por modificado.
        self.json["metadata"]["language_info"] = json!({
            "codemirror_mode": "rust",
            "file_extension": ".rs",
            "mimetype": "text/rust",
            "name": "Rust",
            "pygment_lexer": "rust",
            "version": "",
        });
        for celda in self.json["cells"].as_array_mut().into_iter().flatten() {
            if let Some(metadatos) = celda["metadata"].as_object_mut() {
                for pasajero in ["execution", "ExecuteTime", "scrolled", "collapsed"] {
                    metadatos.remove(pasajero);
                }
            }
        }
    }

    /// Escribe el cuaderno con la forma de nbformat: sangría de un espacio y salto de línea final.
    pub(crate) fn escribe(&self, ruta: &Path) -> Resultado {
        let mut texto = Vec::new();
        let forma = serde_json::ser::PrettyFormatter::with_indent(b" ");
        self.json
            .serialize(&mut serde_json::Serializer::with_formatter(
                &mut texto, forma,
            ))
            .map_err(|e| Fallo::nuevo(format!("escribir «{}»", ruta.display())).causa(e))?;
        texto.push(b'\n');
        escribe_de_una_vez(ruta, &texto)
    }
}

impl<'a> Celda<'a> {
    pub(crate) fn de(json: &'a Value) -> Self {
        Celda { json }
    }

    pub(crate) fn json(self) -> &'a Value {
        self.json
    }

    pub(crate) fn id(self) -> Option<&'a str> {
        self.json["id"].as_str()
    }

    /// El ejercicio del que es y el papel que hace en él, si es de uno.
    pub(crate) fn ejercicio(self) -> Option<(&'a str, &'a str)> {
        let suyo = &self.json["metadata"]["ejercicio"];
        Some((suyo["nombre"].as_str()?, suyo["papel"].as_str()?))
    }

    pub(crate) fn es_de_codigo(self) -> bool {
        self.json["cell_type"] == "code" && !self.fuente().trim().is_empty()
    }

    pub(crate) fn fuente(self) -> String {
        texto(&self.json["source"])
    }

    /// La primera línea con algo, para nombrarla.
    pub(crate) fn primera_linea(self) -> String {
        self.fuente()
            .lines()
            .find(|l| !l.trim().is_empty())
            .unwrap_or_default()
            .trim()
            .to_owned()
    }

    pub(crate) fn tiene_etiqueta(self, etiqueta: &str) -> bool {
        self.json["metadata"]["tags"]
            .as_array()
            .is_some_and(|t| t.iter().any(|e| e == etiqueta))
    }

    /// El código de error (`E0373`) que la celda dice que debe dar.
    pub(crate) fn error_anunciado(self) -> Option<&'a str> {
        self.json["metadata"]["error"].as_str()
    }

    pub(crate) fn salidas(self) -> impl Iterator<Item = &'a Value> {
        self.json["outputs"].as_array().into_iter().flatten()
    }

    /// Lo que escribió por `salida` (`stdout` o `stderr`).
    pub(crate) fn escrito(self, salida: &str) -> String {
        self.salidas()
            .filter(|s| s["output_type"] == "stream" && s["name"] == salida)
            .map(|s| texto(&s["text"]))
            .collect()
    }
}

/// Un texto de nbformat: una cadena o una lista de líneas.
pub(crate) fn texto(valor: &Value) -> String {
    match valor {
        Value::String(s) => s.clone(),
        Value::Array(lineas) => lineas.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod pruebas {
    use super::*;

    #[test]
    fn lo_que_no_es_un_cuaderno_se_rechaza_diciendo_por_que() {
        let lee = |t| {
            Cuaderno::de_texto(t, Path::new("x.ipynb"))
                .unwrap_err()
                .to_string()
        };
        assert!(lee("esto no").contains("no es JSON"));
        assert!(lee("{}").contains("no un cuaderno"));
        assert!(lee(r#"{"nbformat": 3, "cells": []}"#).contains("no un cuaderno"));
    }

    #[test]
    fn limpiar_quita_lo_pasajero_y_conserva_lo_demas() {
        let texto = r#"{"nbformat": 4, "metadata": {"autora": "x"}, "cells": [
            {"cell_type": "code", "metadata": {"execution": {"t": 1}, "unidades": ["L1-01"]}, "source": [], "outputs": []}]}"#;
        let mut cuaderno = Cuaderno::de_texto(texto, Path::new("x")).unwrap();
        cuaderno.limpia();
        assert_eq!(cuaderno.json["metadata"]["autora"], "x");
        assert_eq!(
            cuaderno.json["metadata"]["language_info"]["pygment_lexer"],
            "rust"
        );
        assert_eq!(
            cuaderno.json["cells"][0]["metadata"],
            json!({"unidades": ["L1-01"]})
        );
    }
}
