//! `MimeBundle`: un mismo resultado en varios formatos, para que Jupyter elija el mejor que sepa pintar.

use std::fmt;
use std::io::{self, Write};

/// Un resultado en uno o varios formatos, listo para enseñarlo en una celda.
///
/// El núcleo reconoce los bloques `EVCXR_BEGIN_CONTENT` … `EVCXR_END_CONTENT` de la salida estándar, uno por tipo
/// MIME, y Jupyter pinta el más rico que sepa. [`Display`](fmt::Display) da esos bloques tal cual.
///
/// # En Python
///
/// `IPython.display.display({"text/html": …, "text/plain": …}, raw=True)`.
///
/// # Examples
///
/// ```
/// use concurrencia::MimeBundle;
///
/// let bundle = MimeBundle::new().with("text/html", "<b>6</b>").with("text/plain", "6");
/// assert_eq!(
///     bundle.to_string(),
///     "EVCXR_BEGIN_CONTENT text/html\n<b>6</b>\nEVCXR_END_CONTENT\n\
///      EVCXR_BEGIN_CONTENT text/plain\n6\nEVCXR_END_CONTENT\n",
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MimeBundle {
    blocks: Vec<(String, String)>,
}

impl MimeBundle {
    /// Un resultado todavía sin ningún formato.
    pub fn new() -> MimeBundle {
        MimeBundle::default()
    }

    /// Añade el resultado en el formato `mime` (`"text/html"`, `"image/svg+xml"`…).
    #[must_use = "with devuelve el resultado con un formato más"]
    pub fn with(mut self, mime: impl Into<String>, body: impl Into<String>) -> MimeBundle {
        self.blocks.push((mime.into(), body.into()));
        self
    }

    /// Lo escribe en la salida estándar, todos los formatos de una vez.
    ///
    /// Coge la salida estándar en exclusiva mientras escribe: otro hilo que use `println!` no parte los bloques.
    /// **Bloquea** lo que tarde en conseguirla.
    ///
    /// El núcleo lee por líneas, así que la salida tiene que estar al principio de una: si lo último que imprimiste
    /// fue un `print!` sin salto de línea, el primer bloque se pega a ese texto y sale como texto corriente. Acaba
    /// tus líneas con `println!`. Y en cada celda cuenta un solo resultado por formato: el último.
    ///
    /// Si la salida está cerrada no dice nada: no hay a quién enseñárselo.
    pub fn show(&self) {
        let mut stdout = io::stdout().lock();
        let _ = stdout
            .write_all(self.to_string().as_bytes())
            .and_then(|()| stdout.flush());
    }
}

/// Los bloques que entiende el núcleo, en el orden en que se añadieron.
impl fmt::Display for MimeBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (mime, body) in &self.blocks {
            writeln!(f, "EVCXR_BEGIN_CONTENT {mime}")?;
            for line in body.lines() {
                // Un renglón que imita una marca cerraría el bloque antes de tiempo: se sangra y deja de serlo.
                let indent = if line.starts_with("EVCXR_") { " " } else { "" };
                writeln!(f, "{indent}{line}")?;
            }
            writeln!(f, "EVCXR_END_CONTENT")?;
        }
        Ok(())
    }
}
