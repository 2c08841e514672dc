//! Cuadernos del profesor de mentira, celda a celda.

use std::fs;

use catalog::{Catalog, CatalogError};
use nanoserde::SerJson;
use tempfile::TempDir;

/// Una celda: su clase, lo que lleva dentro de `metadata.ejercicio` (si algo) y su texto.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) class: &'static str,
    pub(crate) fields: Option<String>,
    pub(crate) source: String,
}

impl Cell {
    pub(crate) fn plain(class: &'static str, source: &str) -> Cell {
        Cell {
            class,
            fields: None,
            source: source.to_owned(),
        }
    }

    /// De un ejercicio; `extra` son sus otros campos, en JSON.
    pub(crate) fn new(name: &str, role: &str, extra: &str, source: &str) -> Cell {
        let class = match role {
            "enunciado" | "pista" | "porque" => "markdown",
            _ => "code",
        };
        let comma = if extra.is_empty() { "" } else { ", " };
        Cell {
            class,
            fields: Some(format!(
                "{{\"nombre\": \"{name}\", \"papel\": \"{role}\"{comma}{extra}}}"
            )),
            source: source.to_owned(),
        }
    }

    fn json(&self) -> String {
        let metadata = self
            .fields
            .as_ref()
            .map_or_else(String::new, |fields| format!("\"ejercicio\": {fields}"));
        let lines: Vec<String> = self
            .source
            .split_inclusive('\n')
            .map(str::to_owned)
            .collect();
        let code = if self.class == "code" {
            "\"execution_count\": null, \"outputs\": [],"
        } else {
            ""
        };
        format!(
            "{{\"cell_type\": \"{}\", \"id\": \"x\", {code} \"metadata\": {{{metadata}}}, \"source\": {}}}",
            self.class,
            lines.serialize_json()
        )
    }
}

/// El título y la celda que carga.
pub(crate) fn opening() -> Vec<Cell> {
    vec![
        Cell::plain("markdown", "# Hilos y procesos\n\nTexto."),
        Cell::plain("code", ":dep x = { path = \"../x\" }\nuse x::prelude::*;"),
    ]
}

pub(crate) const STATEMENT: &str = "\"titulo\": \"Sumar\", \"minutos\": 10, \"dificultad\": 2, \
    \"clase\": \"completar\", \"unidades\": [\"L1-03\", \"L1-06\"]";

/// Las celdas de un ejercicio bien hecho: enunciado, dado, partida, comprobar, dos pistas, solución, porqué y una mala.
pub(crate) fn exercise(name: &str) -> Vec<Cell> {
    vec![
        Cell::new(name, "enunciado", STATEMENT, "### Sumar\n\nSuma."),
        Cell::new(name, "dado", "", "use std::thread;\n"),
        Cell::new(name, "partida", "", "fn suma() {\n    sin_hacer!()\n}"),
        Cell::new(
            name,
            "comprobar",
            "",
            &format!("comprobar!(\"{name}\", suma)"),
        ),
        Cell::new(name, "pista", "", "Mira `join`."),
        Cell::new(name, "pista", "", "Con `join`."),
        Cell::new(name, "solucion", "", "fn suma() { /* bien */ }"),
        Cell::new(name, "porque", "", "Porque sí."),
        Cell::new(
            name,
            "mala",
            "\"disfraz\": \"en serie\", \"suspende\": \"a la vez\", \"como\": \"plazo\"",
            "fn suma() { /* mal */ }",
        ),
    ]
}

/// Un proyecto con estos cuadernos en `curso/ejercicios`.
pub(crate) fn project(books: &[(&str, String)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("curso/ejercicios");
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in books {
        fs::write(folder.join(name), text).unwrap();
    }
    root
}

pub(crate) fn notebook(cells: &[Cell]) -> String {
    let cells: Vec<String> = cells.iter().map(Cell::json).collect();
    format!(
        "{{\"cells\": [{}], \"metadata\": {{}}, \"nbformat\": 4, \"nbformat_minor\": 5}}",
        cells.join(", ")
    )
}

/// El catálogo de un solo cuaderno.
pub(crate) fn load(cells: &[Cell]) -> Result<Catalog, CatalogError> {
    let root = project(&[("1_hilos.ipynb", notebook(cells))]);
    Catalog::load(root.path())
}
