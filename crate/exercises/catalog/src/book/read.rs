//! Un libro, leído de su cuaderno.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::draft::Draft;
use super::fields::Fields;
use super::{Book, Exercise};
use crate::CatalogError;
use crate::notebook::{Cell, Notebook};

/// Lee el libro de `path`; `seen` son los nombres de los ejercicios ya leídos, con su cuaderno y su celda.
pub(crate) fn read_book(
    path: &Path,
    seen: &mut HashMap<String, (PathBuf, usize)>,
) -> Result<Book, CatalogError> {
    let notebook = Notebook::read(path)?;
    let name = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let title = title(&notebook.cells).ok_or_else(|| {
        CatalogError::new(
            "el cuaderno no tiene título",
            "empieza por una celda de Markdown con «# Título»",
        )
        .at(path)
    })?;
    let mut book = Book {
        name,
        title,
        path: path.to_owned(),
        setup: Vec::new(),
        exercises: Vec::new(),
    };
    read_cells(&mut book, &notebook.cells, seen).map_err(|error| error.at(path))?;
    Ok(book)
}

fn read_cells(
    book: &mut Book,
    cells: &[Cell],
    seen: &mut HashMap<String, (PathBuf, usize)>,
) -> Result<(), CatalogError> {
    let mut draft: Option<Draft> = None;
    let finish = |draft: Option<Draft>, exercises: &mut Vec<Exercise>| {
        exercises.extend(draft.map(Draft::finish).transpose()?);
        Ok::<(), CatalogError>(())
    };
    for cell in cells {
        let Some(json) = &cell.exercise else {
            finish(draft.take(), &mut book.exercises)?;
            if cell.is_code && !cell.source.trim().is_empty() {
                book.setup.push(cell.source.clone());
            }
            continue;
        };
        let fields = Fields::read(cell.number, json)?;
        match &mut draft {
            Some(open) if open.name() == fields.name => open.add(&fields, cell)?,
            _ => {
                finish(draft.take(), &mut book.exercises)?;
                let place = (book.path.clone(), cell.number);
                if let Some((path, first)) = seen.insert(fields.name.to_owned(), place) {
                    return Err(fields.wrong(
                        format!(
                            "el nombre se repite: ya está en «{}», celda {first}",
                            path.display()
                        ),
                        "cambia uno o, si es el mismo ejercicio, pon sus celdas seguidas",
                    ));
                }
                draft = Some(Draft::begin(&book.name, &fields, cell)?);
            }
        }
    }
    finish(draft, &mut book.exercises)
}

fn title(cells: &[Cell]) -> Option<String> {
    cells
        .iter()
        .filter(|cell| !cell.is_code)
        .flat_map(|cell| cell.source.lines())
        .find_map(|line| line.strip_prefix("# "))
        .map(|title| title.trim().to_owned())
}
