//! `Label`: cómo se llama algo, sin escribirlo hasta que haga falta.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Un nombre que cuesta poco copiar: la mayoría salen del programa y solo cambian en un número.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Label {
    Plain(Cow<'static, str>),
    /// «cuadrado 3».
    Numbered(Cow<'static, str>, u64),
}

impl Label {
    /// La vez número `number` que se hace algo con ese nombre.
    pub(crate) fn numbered(name: &'static str, number: usize) -> Label {
        Label::Numbered(Cow::Borrowed(name), number as u64)
    }

    /// Uno que se escribió al ejecutar.
    pub(crate) fn owned(text: impl Into<String>) -> Label {
        Label::Plain(Cow::Owned(text.into()))
    }

    pub(super) fn text(&self) -> String {
        match self {
            Label::Plain(text) => text.to_string(),
            Label::Numbered(text, number) => format!("{text} {number}"),
        }
    }
}

impl From<&'static str> for Label {
    fn from(text: &'static str) -> Label {
        Label::Plain(Cow::Borrowed(text))
    }
}

/// Cómo se averigua el nombre de una función: buscarlo cuesta, y casi nadie lo pregunta.
pub(crate) type FunctionName = fn() -> &'static str;

/// El nombre de una función: el que le dio quien la escribió, sin la ruta (`ctx::cuadrado` es «cuadrado»).
///
/// Una clausura se llama como la función en que está escrita; si solo la rodea lo que pone el cuaderno, «tarea».
pub(crate) fn name_of<F: ?Sized>() -> &'static str {
    own_name_of::<F>().unwrap_or("tarea")
}

/// Como [`name_of`], o nada si no tiene nombre propio.
pub(crate) fn own_name_of<F: ?Sized>() -> Option<&'static str> {
    // Lo que depende de `F` lo compila quien llama, que puede ser una celda: solo esto.
    last_name(std::any::type_name::<F>())
}

fn last_name(path: &'static str) -> Option<&'static str> {
    // Un puntero a función no dice a cuál: solo los tipos que recibe y devuelve.
    if path.starts_with("fn(") || path.starts_with("for<") {
        return None;
    }
    let named = |part: &&str| part.starts_with(|c: char| c.is_alphabetic() || c == '_');
    // Lo corriente no lleva ángulos, y así no reserva memoria.
    let name = if path.contains('<') {
        parts(path).into_iter().rev().find(named)
    } else {
        path.rsplit(':').find(named)
    };
    // Lo que pone alrededor un programa, una prueba de la documentación o el cuaderno no dice nada.
    let surrounds = |name: &str| {
        name == "main" || name.starts_with("run_user_code") || name.starts_with("_doctest_main")
    };
    name.filter(|name| !surrounds(name))
}

/// Las partes de una ruta, sin lo que lleven entre ángulos: dentro puede haber otras rutas.
fn parts(path: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, c) in path.char_indices() {
        match c {
            '<' if depth == 0 => {
                parts.push(&path[start..at]);
                depth = 1;
            }
            '<' => depth += 1,
            // La flecha de `fn() -> T` no cierra nada.
            '>' if path[..at].ends_with('-') => {}
            '>' => {
                depth = depth.saturating_sub(1);
                start = at + 1;
            }
            ':' if depth == 0 => {
                parts.push(&path[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if depth == 0 {
        parts.push(&path[start..]);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named<F>(_: F) -> &'static str {
        name_of::<F>()
    }

    #[test]
    fn una_funcion_se_llama_como_se_escribio() {
        assert_eq!(named(named::<u8>), "named");
        assert_eq!(
            named(|| ()),
            "una_funcion_se_llama_como_se_escribio",
            "una clausura, como la función en que está"
        );
        fn mantener() {}
        fn mainframe() {}
        assert_eq!(named(mantener), "mantener");
        assert_eq!(
            named(mainframe),
            "mainframe",
            "empieza como main, y no lo es"
        );
        assert_eq!(last_name("ctx::run_user_code_3::{{closure}}"), None);
        assert_eq!(named(u8::from_str_radix), "from_str_radix");
        assert_eq!(named(named::<Vec<u8>>), "named");
        assert_eq!(named(<u8 as Clone>::clone), "clone");
        assert_eq!(named(u8::from_str_radix as fn(_, _) -> _), "tarea");
        assert_eq!(Label::numbered("x", 3).text(), "x 3");
    }
}
