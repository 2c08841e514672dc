//! `Figure`: un dibujo y su equivalente en texto.

use std::fmt;
use std::ops::Range;
use std::path::Path;

use super::save::save;
use super::save_error::SaveError;
use crate::MimeBundle;

/// Una figura: el SVG, que la celda pinta, y un texto que cuenta lo mismo.
///
/// Para los mismos datos es siempre igual, byte a byte. El fondo es blanco aunque el tema sea oscuro, y lleva dentro
/// título y descripción para los lectores de pantalla. Con `{}` se escribe el texto.
///
/// # En Python
///
/// La `Figure` de matplotlib.
///
/// # Examples
///
/// ```
/// use concurrencia::{Measurement, bars};
/// use std::time::Duration;
///
/// let serie = Measurement::from_samples("serie", [Duration::from_secs(3)]);
/// let figura = bars("Una tras otra", [&serie]);
/// assert!(figura.svg().starts_with("<svg"));
/// assert!(figura.text().contains("serie"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Figure {
    title: String,
    svg: String,
    text: String,
    /// Ancho y alto, en píxeles.
    size: (i32, i32),
    /// Dónde está dentro del SVG lo pintado, sin la etiqueta que lo envuelve ni lo que leen los lectores de pantalla.
    body: Range<usize>,
}

impl Figure {
    pub(super) fn new(
        title: String,
        svg: String,
        text: String,
        size: (i32, i32),
        body: Range<usize>,
    ) -> Figure {
        Figure {
            title,
            svg,
            text,
            size,
            body,
        }
    }

    /// El título.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// El dibujo, un documento SVG completo.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    pub(super) fn size(&self) -> (i32, i32) {
        self.size
    }

    pub(super) fn body(&self) -> &str {
        &self.svg[self.body.clone()]
    }

    /// Lo mismo que el dibujo, contado con caracteres.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Guarda el dibujo en un archivo: en SVG o en PNG, según su extensión.
    ///
    /// El SVG se ve nítido a cualquier tamaño; el PNG, que tiene el doble de píxeles de ancho y de alto, vale donde no
    /// se admiten SVG. Los dos salen siempre iguales: el PNG lleva su propia letra, no la de la máquina.
    ///
    /// **Bloquea** lo que tarde el disco y, con `.png`, lo que tarde en dibujarlo otro proceso (centésimas de segundo):
    /// el programa `concurrencia-png`, que se busca donde diga la variable de entorno `CONCURRENCIA_PNG` y después en
    /// el PATH. En los cuadernos lo instala `cargo curso preparar`; fuera, `cargo install --path crate/png`.
    ///
    /// Si ya había un archivo, lo sustituye de una vez, con sus permisos. Si falla, deja lo que hubiera: nunca un
    /// dibujo a medias.
    ///
    /// # En Python
    ///
    /// `figura.savefig("barras.svg")`, `figura.savefig("barras.png")`.
    ///
    /// # Errors
    ///
    /// [`SaveError`], con la ruta: [`is_unknown_format`](SaveError::is_unknown_format) si la extensión no es ninguna de
    /// las dos, [`is_missing_program`](SaveError::is_missing_program) si falta el programa,
    /// [`is_conversion`](SaveError::is_conversion) si está y falla, e [`is_system`](SaveError::is_system) si no existe la
    /// carpeta, no hay permiso…
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Measurement, bars};
    /// use std::time::Duration;
    ///
    /// let figura = bars("Una", [Measurement::from_samples("una", [Duration::from_secs(1)])]);
    /// let ruta = std::env::temp_dir().join(format!("concurrencia-{}.svg", std::process::id()));
    /// figura.save(&ruta)?;
    /// assert_eq!(std::fs::read_to_string(&ruta)?, figura.svg());
    /// # std::fs::remove_file(&ruta)?;
    ///
    /// let ruta = ruta.with_extension("png");
    /// match figura.save(&ruta) {
    ///     Ok(()) => assert!(std::fs::read(&ruta)?.starts_with(b"\x89PNG")),
    ///     Err(error) => assert!(error.is_missing_program(), "{error}"),
    /// }
    /// # let _ = std::fs::remove_file(&ruta);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), SaveError> {
        save(&self.svg, path.as_ref())
    }

    /// La pinta en la celda: el SVG y, por si no se puede, el texto. La llama el núcleo.
    pub fn evcxr_display(&self) {
        MimeBundle::new()
            .with("image/svg+xml", &self.svg)
            .with("text/plain", &self.text)
            .show();
    }
}

/// El texto de la figura.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// El título y lo que ocupa, no los miles de caracteres del SVG.
impl fmt::Debug for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Figure({:?}, SVG de {} bytes)",
            self.title,
            self.svg.len()
        )
    }
}
