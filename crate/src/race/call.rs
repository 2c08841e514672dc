//! `Call`: una función de un guion de Python, con sus argumentos.

use std::fmt;

use super::Script;
use crate::text::shorten;

/// Lo que se enseña de los argumentos en un error.
const LONGEST_ARGUMENTS: usize = 200;

/// La llamada a una función de un guion de Python, con sus argumentos ya copiados. La da
/// [`Script::call`](super::Script::call).
#[derive(Clone)]
pub struct Call {
    script: Script,
    function: String,
    /// La lista en JSON, o por qué no se ha podido escribir.
    arguments: Result<Vec<String>, String>,
}

impl Call {
    pub(super) fn new(
        script: Script,
        function: String,
        arguments: Result<Vec<String>, String>,
    ) -> Call {
        Call {
            script,
            function,
            arguments,
        }
    }

    pub(super) fn script(&self) -> &Script {
        &self.script
    }

    pub(super) fn function(&self) -> &str {
        &self.function
    }

    /// La lista de argumentos en JSON.
    pub(super) fn arguments(&self) -> Result<String, &str> {
        match &self.arguments {
            Ok(arguments) => Ok(format!("[{}]", arguments.join(","))),
            Err(why) => Err(why),
        }
    }
}

/// Como se escribe en Python: `descargas.con_hilos([…], 5)`, con los argumentos recortados.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arguments = match &self.arguments {
            Ok(arguments) => shorten(&arguments.join(", "), LONGEST_ARGUMENTS),
            Err(_) => "?".to_owned(),
        };
        write!(f, "{}.{}({arguments})", self.script.name(), self.function)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({self})")
    }
}
