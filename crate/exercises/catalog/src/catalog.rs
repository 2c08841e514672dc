//! `Catalog`: todos los ejercicios del curso.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::CatalogError;
use crate::book::{Book, Exercise, read_book};
use crate::nearest::nearest;

/// Dónde están los cuadernos del profesor, respecto de la carpeta del proyecto.
pub(crate) const FOLDER: &str = "curso/ejercicios";

/// Los ejercicios del curso, por libros y en orden.
///
/// # Examples
///
/// ```
/// # let root = std::env::temp_dir().join(format!("catalogo-{}", std::process::id()));
/// # std::fs::create_dir_all(root.join("curso/ejercicios"))?;
/// # std::fs::write(root.join("curso/ejercicios/1_hilos.ipynb"), catalog::EXAMPLE)?;
/// let catalog = catalog::Catalog::load(&root)?;
/// assert_eq!(catalog.books()[0].title, "Hilos y procesos");
/// assert_eq!(catalog.exercises().count(), 2);
/// assert_eq!(catalog.get("hilos-01")?.minutes, 10);
/// # std::fs::remove_dir_all(root)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    books: Vec<Book>,
}

impl Catalog {
    /// Lee los cuadernos de `curso/ejercicios` del proyecto `root`, en el orden de sus nombres.
    ///
    /// Si la carpeta no tiene ninguno, el catálogo está vacío.
    ///
    /// # Errors
    ///
    /// Si la carpeta no existe o no se puede leer, o si un cuaderno no es JSON o no tiene lo que debe: el error dice en
    /// qué archivo, celda y ejercicio.
    pub fn load(root: &Path) -> Result<Catalog, CatalogError> {
        let mut seen = HashMap::new();
        let books = notebooks(&root.join(FOLDER))?
            .iter()
            .map(|path| read_book(path, &mut seen))
            .collect::<Result<_, _>>()?;
        Ok(Catalog { books })
    }

    /// Los libros: uno por cuaderno.
    pub fn books(&self) -> &[Book] {
        &self.books
    }

    /// Todos los ejercicios, libro a libro.
    pub fn exercises(&self) -> impl Iterator<Item = &Exercise> {
        self.books.iter().flat_map(|book| &book.exercises)
    }

    /// El ejercicio que se llama `name`.
    ///
    /// # Errors
    ///
    /// Si no hay ninguno: el error sugiere el que más se le parece y dice cuáles hay.
    ///
    /// # Examples
    ///
    /// ```
    /// # let root = std::env::temp_dir().join(format!("catalogo-get-{}", std::process::id()));
    /// # std::fs::create_dir_all(root.join("curso/ejercicios"))?;
    /// # std::fs::write(root.join("curso/ejercicios/1_hilos.ipynb"), catalog::EXAMPLE)?;
    /// # let catalog = catalog::Catalog::load(&root)?;
    /// # std::fs::remove_dir_all(root)?;
    /// let error = catalog.get("hilo-01").unwrap_err().to_string();
    /// assert!(error.contains("¿querías decir «hilos-01»?"), "{error}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get(&self, name: &str) -> Result<&Exercise, CatalogError> {
        self.exercises()
            .find(|exercise| exercise.name == name)
            .ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> CatalogError {
        let names = self.exercises().map(|exercise| exercise.name.as_str());
        let maybe = nearest(name, names)
            .map(|near| format!("¿querías decir «{near}»? "))
            .unwrap_or_default();
        let ranges: Vec<String> = self.books.iter().filter_map(range).collect();
        let all = if ranges.is_empty() {
            format!("no hay ninguno: faltan los cuadernos de «{FOLDER}»")
        } else {
            format!("los que hay son: {}", ranges.join("; "))
        };
        CatalogError::new(
            format!("no hay ningún ejercicio «{name}»"),
            format!("{maybe}{all}"),
        )
    }
}

/// Los nombres de un libro: todos si son pocos; si no, del primero al último.
fn range(book: &Book) -> Option<String> {
    let names: Vec<&str> = book.exercises.iter().map(|e| e.name.as_str()).collect();
    match names[..] {
        [] => None,
        [first, _, _, .., last] => Some(format!("de {first} a {last}")),
        _ => Some(names.join(", ")),
    }
}

fn notebooks(folder: &Path) -> Result<Vec<PathBuf>, CatalogError> {
    let unreadable = |error| {
        CatalogError::new(
            "no se puede leer la carpeta de los ejercicios",
            "tiene que estar en el proyecto, con los cuadernos del profesor: recupérala con «git checkout -- \
             curso/ejercicios»",
        )
        .at(folder)
        .because(error)
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !hidden && path.extension().is_some_and(|e| e == "ipynb") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
