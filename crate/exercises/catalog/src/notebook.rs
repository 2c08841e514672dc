//! Un cuaderno de Jupyter: de cada celda, lo que importa aquí.

use std::fs;
use std::path::Path;

use crate::CatalogError;
use crate::json::Json;

/// Las celdas de un cuaderno, en orden; lo que no se conoce se pasa por alto.
#[derive(Clone, Debug)]
pub(crate) struct Notebook {
    pub(crate) cells: Vec<Cell>,
}

/// Una celda con texto o código.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// Desde 1, como se cuentan en los errores.
    pub(crate) number: usize,
    /// ¿Es de código? Si no, de Markdown.
    pub(crate) is_code: bool,
    pub(crate) source: String,
    /// `metadata.ejercicio`.
    pub(crate) exercise: Option<Json>,
}

impl Notebook {
    pub(crate) fn read(path: &Path) -> Result<Notebook, CatalogError> {
        let text = fs::read_to_string(path).map_err(|error| {
            CatalogError::new(
                "no se puede leer el cuaderno",
                "comprueba que está y que puedes leerlo",
            )
            .at(path)
            .because(error)
        })?;
        Notebook::of_text(&text).map_err(|error| error.at(path))
    }

    fn of_text(text: &str) -> Result<Notebook, CatalogError> {
        let json = Json::read(text).map_err(|error| {
            CatalogError::new(
                error.to_string(),
                "recupéralo con «git checkout -- RUTA», o arréglalo en esa línea con un editor de texto",
            )
        })?;
        let cells = match (json.get("nbformat"), json.get("cells")) {
            (Some(Json::Integer(4)), Some(Json::List(cells))) => cells,
            _ => {
                return Err(CatalogError::new(
                    "es JSON, pero no un cuaderno de Jupyter de formato 4",
                    "comprueba que es el archivo que querías, o guárdalo otra vez en JupyterLab",
                ));
            }
        };
        let cells = cells
            .iter()
            .enumerate()
            .map(|(index, cell)| Cell::of_json(index + 1, cell))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Notebook {
            cells: cells.into_iter().flatten().collect(),
        })
    }
}

impl Cell {
    /// `None` si no es de código ni de Markdown (las hay `raw`, que no se ejecutan ni se enseñan).
    fn of_json(number: usize, cell: &Json) -> Result<Option<Cell>, CatalogError> {
        let broken = |what: &str| {
            CatalogError::new(what, "guarda otra vez el cuaderno en JupyterLab").in_cell(number)
        };
        let is_code = match cell.get("cell_type").and_then(Json::text) {
            Some("code") => true,
            Some("markdown") => false,
            Some(_) => return Ok(None),
            None => return Err(broken("la celda no dice de qué clase es («cell_type»)")),
        };
        let source = cell
            .get("source")
            .and_then(joined)
            .ok_or_else(|| broken("la celda no tiene texto («source»)"))?;
        Ok(Some(Cell {
            number,
            is_code,
            source,
            exercise: cell
                .get("metadata")
                .and_then(|metadata| metadata.get("ejercicio"))
                .cloned(),
        }))
    }
}

/// Un texto de nbformat: una cadena o una lista de líneas.
fn joined(source: &Json) -> Option<String> {
    match source {
        Json::Text(text) => Some(text.clone()),
        Json::List(lines) => lines.iter().map(Json::text).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn se_lee_lo_que_importa_y_lo_demas_se_pasa_por_alto() {
        let notebook = Notebook::of_text(
            r##"{
 "metadata": {"kernelspec": {"name": "rust", "otros": [1, {"a": null}]}, "version": 1e3},
 "cells": [
  {"cell_type": "markdown", "id": "a", "attachments": {"x.png": {"image/png": "iVBOR"}}, "metadata": {}, "source": "# Uno"},
  {"cell_type": "raw", "metadata": {}, "source": []},
  {"cell_type": "code", "execution_count": null, "id": "b",
   "metadata": {"tags": ["tiempos"], "ejercicio": {"nombre": "x"}, "slideshow": {"slide_type": "slide"}},
   "outputs": [{"output_type": "stream", "name": "stdout", "text": ["}{\"\n"], "data": {"a": [[], {}]}}],
   "source": ["let a = \"}\";\n", "a"]}
 ],
 "nbformat_minor": 5, "nbformat": 4
}"##,
        )
        .unwrap();
        let [title, code] = &notebook.cells[..] else {
            panic!("{:?}", notebook.cells);
        };
        assert_eq!(
            (title.number, title.is_code, title.source.as_str()),
            (1, false, "# Uno")
        );
        assert_eq!((code.number, code.is_code), (3, true));
        assert_eq!(code.source, "let a = \"}\";\na");
        assert!(title.exercise.is_none());
        assert_eq!(
            code.exercise
                .as_ref()
                .unwrap()
                .get("nombre")
                .unwrap()
                .text(),
            Some("x")
        );
    }

    #[test]
    fn lo_que_no_es_un_cuaderno_se_dice() {
        for (text, wanted) in [
            ("<<<<<<< HEAD", "no es JSON (línea 1"),
            ("{\"nbformat\": 4, \"cells\": [", "se acaba a medias"),
            ("{}", "no un cuaderno de Jupyter de formato 4"),
            ("{\"nbformat\": 3, \"cells\": []}", "formato 4"),
            (
                "{\"nbformat\": 4, \"cells\": [{}]}",
                "celda 1: la celda no dice de qué clase es",
            ),
            (
                "{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": 3}]}",
                "celda 1: la celda no tiene texto",
            ),
        ] {
            let error = Notebook::of_text(text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }
}
