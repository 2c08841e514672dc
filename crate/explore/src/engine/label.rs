//! Cómo se nombra en la historia un objeto del programa.

use std::sync::Arc;

use super::run;
use super::story::{Object, Story};

/// El nombre de un objeto: el que le dieron o, si no, su clase y una letra por orden de creación.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    object: Object,
    name: Option<Arc<str>>,
}

impl Label {
    /// El del siguiente objeto de esa clase.
    pub(crate) fn next(kind: &'static str) -> Label {
        Label {
            object: (kind, run::with(|run| run.make(kind))),
            name: None,
        }
    }

    pub(crate) fn rename(&mut self, name: impl Into<String>) {
        self.name = Some(name.into().into());
    }

    pub(crate) fn object(&self) -> Object {
        self.object
    }

    /// Como se lee en la historia.
    pub(crate) fn shown(&self, story: &Story) -> String {
        let (kind, _) = self.object;
        match &self.name {
            Some(name) => format!("«{name}»"),
            None if story.is_the_only(kind) => kind.to_owned(),
            None => format!("{kind} {}", self.letter()),
        }
    }

    /// Como se lee en `Debug`, sin historia.
    pub(crate) fn short(&self) -> String {
        match &self.name {
            Some(name) => format!("«{name}»"),
            None => self.letter(),
        }
    }

    fn letter(&self) -> String {
        let (_, number) = self.object;
        match u8::try_from(number) {
            Ok(n @ 0..26) => char::from(b'A' + n).to_string(),
            _ => (number + 1).to_string(),
        }
    }
}
