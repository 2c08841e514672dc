//! `Script`: un módulo de Python con nombre, y sus funciones.

use std::borrow::Cow;
use std::fmt;

use super::arguments::Arguments;
use super::call::Call;

/// El código de un módulo de Python, con su nombre.
///
/// No se ejecuta hasta que corre la carrera que llama a alguna de sus funciones: entonces se escribe en una carpeta
/// temporal y se importa como `guiones.nombre`, así que no tapa a ningún módulo de Python que se llame igual. Clonarlo
/// es barato si es constante.
///
/// # En Python
///
/// Un archivo `nombre.py`.
///
/// # A pelo
///
/// [`std::process::Command`] con `python3 -c`.
///
/// # Examples
///
/// ```
/// use concurrencia::race::Script;
///
/// const SUMAS: Script = Script::new("sumas", "def hasta(n):\n    return sum(range(n))\n");
///
/// assert_eq!(SUMAS.name(), "sumas");
/// assert_eq!(SUMAS.call("hasta", (10,)).to_string(), "sumas.hasta(10)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Script {
    name: Cow<'static, str>,
    source: Cow<'static, str>,
}

impl Script {
    /// Un módulo con ese nombre y ese código: un texto de la celda o un archivo, con [`include_str!`].
    ///
    /// El nombre tiene que valer en Python: letras, cifras y `_`, sin empezar por cifra. Se comprueba al llamar a una
    /// función.
    pub const fn new(name: &'static str, source: &'static str) -> Script {
        Script {
            name: Cow::Borrowed(name),
            source: Cow::Borrowed(source),
        }
    }

    /// Como [`new`](Script::new), con textos hechos al vuelo: `format!`, un archivo leído…
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::race::Script;
    ///
    /// let vueltas = 3;
    /// let guion = Script::from_string("dormir", format!("def siesta():\n    return {vueltas}\n"));
    /// assert!(guion.source().contains("return 3"));
    /// ```
    pub fn from_string(name: impl Into<String>, source: impl Into<String>) -> Script {
        Script {
            name: Cow::Owned(name.into()),
            source: Cow::Owned(source.into()),
        }
    }

    /// El nombre del módulo.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// El código.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// La llamada a una de sus funciones con esos argumentos, para [`Race::python`](super::Race::python).
    ///
    /// Los argumentos van en una tupla, como en [`Process::new`](crate::Process::new), y con dueño: `String` y no `&str`,
    /// `urls.clone()` y no `&urls`. Sirve cualquier tipo que se escriba con [`SerJson`](nanoserde::SerJson): a Python le
    /// llegan como números, textos, listas, `None` y diccionarios. Un entero de más de 64 bits, una ruta o un carácter
    /// van como texto. Un NaN, un infinito o un diccionario con claves que no son textos no llegan: lo dice
    /// [`run`](super::Race::run), con un error.
    ///
    /// # Panics
    ///
    /// Si el nombre del módulo no vale en Python.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::race::Script;
    ///
    /// let guion = Script::new("descargas", "def con_hilos(urls, hilos):\n    return len(urls) * hilos\n");
    /// let urls = vec!["http://127.0.0.1/a".to_owned()];
    /// let llamada = guion.call("con_hilos", (urls, 5));
    /// assert_eq!(llamada.to_string(), r#"descargas.con_hilos(["http://127.0.0.1/a"], 5)"#);
    /// ```
    pub fn call(&self, function: impl Into<String>, arguments: impl Arguments) -> Call {
        assert!(
            is_identifier(&self.name),
            "«{}» no vale como nombre de un módulo de Python: usa letras, cifras y «_», sin empezar por cifra",
            self.name
        );
        Call::new(self.clone(), function.into(), arguments.to_json())
    }
}

/// Solo ASCII: Python admite más, pero los nombres de archivo no en todas partes.
fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// El nombre y lo que ocupa, no el código.
impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.source.lines().count();
        write!(f, "Script({}, {lines} líneas)", self.name)
    }
}
