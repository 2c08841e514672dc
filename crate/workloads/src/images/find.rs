//! [`find`]: las imágenes de un árbol de carpetas.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// Las imágenes que hay en una carpeta y en las que cuelgan de ella, en orden.
///
/// Son los archivos que acaban en `.jpg`, `.jpeg` o `.png`, con mayúsculas o sin ellas; lo que llevan dentro no se mira.
/// Vale un enlace a un archivo; en las carpetas enlazadas no se entra.
///
/// # En Python
///
/// ```python
/// [ruta for ruta in Path(raiz).rglob("*") if ruta.suffix.lower() in {".jpg", ".jpeg", ".png"}]
/// ```
///
/// `rglob` se salta sin avisar la carpeta que no puede leer.
///
/// # A pelo
///
/// [`walkdir::WalkDir`].
///
/// # Errors
///
/// Un [`FindError`] si alguna carpeta no se puede leer, `root` incluida. Lleva las imágenes de las demás.
///
/// # Examples
///
/// ```
/// use workloads::images::find;
///
/// # let raiz = std::env::temp_dir().join(format!("find-{}", std::process::id()));
/// std::fs::create_dir_all(raiz.join("vacaciones"))?;
/// for nombre in ["vacaciones/playa.JPG", "logo.png", "notas.txt"] {
///     std::fs::write(raiz.join(nombre), "")?;
/// }
/// assert_eq!(find(&raiz)?, [raiz.join("logo.png"), raiz.join("vacaciones/playa.JPG")]);
/// # std::fs::remove_dir_all(&raiz)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn find(root: impl AsRef<Path>) -> Result<Vec<PathBuf>, FindError> {
    let root = root.as_ref();
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for entry in WalkDir::new(root).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            // Un enlace roto también: que lo cuente quien intente abrirlo.
            Ok(entry) if is_image(entry.path()) && !entry.path().is_dir() => {
                found.push(entry.into_path());
            }
            Ok(_) => {}
            Err(error) => {
                let path = error.path().unwrap_or(root).to_owned();
                let why = error
                    .io_error()
                    .map_or_else(|| error.to_string(), ToString::to_string);
                failed.push((path, why));
            }
        }
    }
    if failed.is_empty() {
        Ok(found)
    } else {
        Err(FindError { found, failed })
    }
}

fn is_image(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["jpg", "jpeg", "png"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

/// Las carpetas que [`find`] no pudo leer, y las imágenes que encontró en las demás.
///
/// # Examples
///
/// ```
/// use workloads::images::find;
///
/// let error = find("una carpeta que no existe").unwrap_err();
/// assert_eq!(error.failed().len(), 1);
/// assert!(error.found().is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindError {
    found: Vec<PathBuf>,
    failed: Vec<(PathBuf, String)>,
}

impl FindError {
    /// Las imágenes de las carpetas que sí se pudieron leer, en orden.
    pub fn found(&self) -> &[PathBuf] {
        &self.found
    }

    /// Lo que no se pudo leer, y por qué.
    pub fn failed(&self) -> &[(PathBuf, String)] {
        &self.failed
    }
}

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, why) = &self.failed[0];
        match self.failed.len() {
            1 => write!(f, "no se puede leer «{}»", path.display())?,
            n => write!(
                f,
                "no se pueden leer {n} carpetas; la primera, «{}»",
                path.display()
            )?,
        }
        write!(f, ": {why}; mira si existe y sus permisos")
    }
}

impl Error for FindError {}
