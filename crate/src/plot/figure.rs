//! `Figure`: un dibujo y su equivalente en texto.

use std::ops::Range;
use std::path::Path;
use std::{fmt, fs, io};

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

    /// Guarda el SVG en un archivo (si ya existía, lo sustituye).
    ///
    /// **Bloquea** lo que tarde el disco.
    ///
    /// # En Python
    ///
    /// `figura.savefig("barras.svg")`.
    ///
    /// # Errors
    ///
    /// El del sistema, con la ruta: la carpeta no existe, no hay permiso…
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
    /// assert!(figura.save("/carpeta/que/no/existe.svg").is_err());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let path = path.as_ref();
        fs::write(path, &self.svg).map_err(|error| {
            let message = format!(
                "no se puede guardar la figura en «{}»: {error}",
                path.display()
            );
            io::Error::new(error.kind(), message)
        })
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
