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

/// El nombre de una función: el que le dio quien la escribió, sin la ruta (`ctx::cuadrado` es «cuadrado»).
///
/// Una clausura se llama como la función en que está escrita; si solo la rodea lo que pone el cuaderno, «tarea».
pub(crate) fn name_of<F: ?Sized>() -> &'static str {
    let surroundings = ["run_user_code", "_doctest_main", "main"];
    parts(std::any::type_name::<F>())
        .into_iter()
        .rev()
        // Sin los parámetros de tipo.
        .map(|part| part.split('<').next().unwrap_or(part))
        .find(|part| {
            let mut letters = part.chars();
            letters
                .next()
                .is_some_and(|c| c.is_alphabetic() || c == '_')
                && letters.all(|c| c.is_alphanumeric() || c == '_')
        })
        .filter(|name| !surroundings.iter().any(|around| name.starts_with(around)))
        .unwrap_or("tarea")
}

/// Los tramos de una ruta separados por `::`, sin entrar en lo que va entre ángulos.
fn parts(path: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_i32);
    let mut before = ' ';
    for (at, c) in path.char_indices() {
        match c {
            '<' => depth += 1,
            // El de una flecha no cierra nada.
            '>' if before != '-' => depth -= 1,
            ':' if depth == 0 && before == ':' => {
                parts.push(&path[start..at - 1]);
                start = at + 1;
            }
            _ => {}
        }
        before = c;
    }
    parts.push(&path[start..]);
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
        assert_eq!(named(u8::from_str_radix), "from_str_radix");
        let pointer: fn() -> &'static str = name_of::<u8>;
        assert_eq!(named(pointer), "tarea");
        assert_eq!(named(Vec::<Vec<u8>>::pop), "pop");
        assert_eq!(Label::numbered("x", 3).text(), "x 3");
    }
}
