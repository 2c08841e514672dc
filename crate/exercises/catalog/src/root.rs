//! Dónde está el proyecto.

use std::env;
use std::path::PathBuf;

use crate::CatalogError;
use crate::catalog::FOLDER;

/// La carpeta del proyecto: la actual o la primera hacia arriba que tenga `curso/ejercicios`.
///
/// La de un cuaderno en marcha es la suya, `notebooks/ejercicios`.
///
/// # Errors
///
/// Si no la hay, o si no se puede saber cuál es la carpeta actual.
///
/// # Examples
///
/// ```
/// let root = catalog::root()?;
/// assert!(root.join("curso/ejercicios").is_dir());
/// # Ok::<(), catalog::CatalogError>(())
/// ```
pub fn root() -> Result<PathBuf, CatalogError> {
    let from = env::current_dir().map_err(|error| {
        CatalogError::new(
            "no se puede saber cuál es la carpeta actual",
            "vuelve a entrar en la carpeta del proyecto: puede que la hayas borrado o cambiado de nombre",
        )
        .because(error)
    })?;
    from.ancestors()
        .find(|folder| folder.join(FOLDER).is_dir())
        .map(PathBuf::from)
        .ok_or_else(|| {
            CatalogError::new(
                format!(
                    "ni «{}» ni las carpetas que la contienen tienen «{FOLDER}»",
                    from.display()
                ),
                "abre el cuaderno o lanza la orden desde dentro del proyecto del curso",
            )
        })
}
