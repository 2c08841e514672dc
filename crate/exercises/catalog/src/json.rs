//! Un JSON cualquiera, ya leído.
//!
//! nanoserde pone las piezas y aquí se juntan. Lo que él deriva para una estructura no sirve para un archivo que escriben
//! otros: al saltarse un campo que no conoce, si el archivo está cortado se queda dando vueltas y si está mal escrito
//! entra en pánico; y lo que venga detrás no lo mira.

use std::fmt;
use std::str::Chars;

use nanoserde::{DeJsonErr, DeJsonState, DeJsonTok};

/// Cuántas listas y objetos pueden estar unos dentro de otros.
const DEEPEST: usize = 128;

/// Un valor; los objetos guardan el orden de sus claves.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// Un entero sin signo.
    Integer(u64),
    /// Un número que no es un entero sin signo: no hace falta cuál.
    Number,
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Por qué no es JSON, y dónde.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NotJson {
    line: usize,
    what: &'static str,
}

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no es JSON (línea {}: {})", self.line, self.what)
    }
}

impl Json {
    pub(crate) fn read(text: &str) -> Result<Json, NotJson> {
        // nanoserde toma por el final un carácter nulo.
        if let Some(null) = text.find('\0') {
            return Err(NotJson {
                line: text[..null].matches('\n').count() + 1,
                what: "hay un carácter nulo",
            });
        }
        let mut reader = Reader {
            state: DeJsonState::default(),
            chars: text.chars(),
        };
        reader.state.next(&mut reader.chars);
        reader.advance()?;
        let value = reader.value(0)?;
        if reader.state.tok != DeJsonTok::Eof {
            return Err(reader.wrong("sobra lo que hay detrás"));
        }
        Ok(value)
    }

    /// El valor de la clave, si es un objeto y la tiene. De una repetida, el último.
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        let fields = self.object()?;
        fields.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    pub(crate) fn object(&self) -> Option<&[(String, Json)]> {
        match self {
            Json::Object(fields) => Some(fields),
            _ => None,
        }
    }

    pub(crate) fn list(&self) -> Option<&[Json]> {
        match self {
            Json::List(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// El entero, si lo es y cabe.
    pub(crate) fn integer(&self) -> Option<u32> {
        match *self {
            Json::Integer(number) => u32::try_from(number).ok(),
            _ => None,
        }
    }

    pub(crate) fn bool(&self) -> Option<bool> {
        match *self {
            Json::Bool(value) => Some(value),
            _ => None,
        }
    }
}

struct Reader<'a> {
    state: DeJsonState,
    chars: Chars<'a>,
}

impl Reader<'_> {
    fn advance(&mut self) -> Result<(), NotJson> {
        self.state
            .next_tok(&mut self.chars)
            .map_err(|error: DeJsonErr| NotJson {
                line: error.line + 1,
                what: "hay algo que no se entiende o un texto sin cerrar",
            })
    }

    fn wrong(&self, what: &'static str) -> NotJson {
        NotJson {
            line: self.state.line + 1,
            what,
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json, NotJson> {
        if depth > DEEPEST {
            return Err(self.wrong("hay demasiadas listas u objetos unos dentro de otros"));
        }
        let value = match self.state.tok {
            DeJsonTok::BlockOpen => return self.list(depth),
            DeJsonTok::CurlyOpen => return self.object(depth),
            DeJsonTok::Null => Json::Null,
            DeJsonTok::Bool(value) => Json::Bool(value),
            DeJsonTok::U64(number) => Json::Integer(number),
            DeJsonTok::I64(_) | DeJsonTok::F64(_) => Json::Number,
            DeJsonTok::Str => Json::Text(std::mem::take(&mut self.state.strbuf)),
            DeJsonTok::Eof => return Err(self.wrong("se acaba a medias")),
            _ => return Err(self.wrong("falta un valor")),
        };
        self.advance()?;
        Ok(value)
    }

    fn list(&mut self, depth: usize) -> Result<Json, NotJson> {
        let mut items = Vec::new();
        self.advance()?;
        while self.state.tok != DeJsonTok::BlockClose {
            items.push(self.value(depth + 1)?);
            self.separator(&DeJsonTok::BlockClose)?;
        }
        self.advance()?;
        Ok(Json::List(items))
    }

    fn object(&mut self, depth: usize) -> Result<Json, NotJson> {
        let mut fields = Vec::new();
        self.advance()?;
        while self.state.tok != DeJsonTok::CurlyClose {
            let Json::Text(key) = self.value(depth + 1)? else {
                return Err(self.wrong("las claves tienen que ser textos"));
            };
            if self.state.tok != DeJsonTok::Colon {
                return Err(self.wrong("faltan los dos puntos de una clave"));
            }
            self.advance()?;
            fields.push((key, self.value(depth + 1)?));
            self.separator(&DeJsonTok::CurlyClose)?;
        }
        self.advance()?;
        Ok(Json::Object(fields))
    }

    /// Una coma con algo detrás, o el final.
    fn separator(&mut self, end: &DeJsonTok) -> Result<(), NotJson> {
        match &self.state.tok {
            DeJsonTok::Comma => {
                self.advance()?;
                if self.state.tok == *end {
                    return Err(self.wrong("sobra una coma"));
                }
                Ok(())
            }
            token if token == end => Ok(()),
            DeJsonTok::Eof => Err(self.wrong("se acaba a medias")),
            _ => Err(self.wrong("falta una coma")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn se_lee_cualquier_valor() {
        let json = Json::read(
            " {\"a\": [1, -2, 0.5, true, null, {}], \"ñ\\n\": \"\\ud83e\\udd80 «»\"} \n",
        )
        .unwrap();
        let items = json.get("a").unwrap().list().unwrap();
        assert_eq!(items[0].integer(), Some(1));
        assert_eq!(items[1..3], [Json::Number, Json::Number]);
        assert_eq!(items[3].bool(), Some(true));
        assert_eq!(items[4..], [Json::Null, Json::Object(Vec::new())]);
        assert_eq!(json.get("ñ\n").unwrap().text(), Some("🦀 «»"));
        assert_eq!(json.get("b"), None);
    }

    #[test]
    fn un_entero_que_no_cabe_no_se_recorta() {
        assert_eq!(Json::read("4294967296").unwrap().integer(), None);
        assert_eq!(Json::read("4294967295").unwrap().integer(), Some(u32::MAX));
    }

    #[test]
    fn lo_cortado_por_cualquier_sitio_no_es_json() {
        let text = r#"{"a": [1, {"b": "c"}], "d": {"e": [[], {}]}}"#;
        for end in 0..text.len() {
            assert!(Json::read(&text[..end]).is_err(), "{}", &text[..end]);
        }
        assert!(Json::read(text).is_ok());
    }

    #[test]
    fn lo_mal_escrito_no_es_json() {
        for text in [
            "[1 2]",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{1: 2}",
            "{\"a\":}",
            "{\"a\":,}",
            "[,]",
            "]",
            "[}",
            "{]",
            "[1] 2",
            "[1]\0",
            "nada",
            "\"sin cerrar",
            "{\"a\": }}",
            "[:]",
            "1e",
            "-",
        ] {
            assert!(Json::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn lo_demasiado_hondo_se_dice_y_no_agota_la_pila() {
        let deep = "[".repeat(1_000_000);
        assert!(
            Json::read(&deep)
                .unwrap_err()
                .to_string()
                .contains("demasiadas")
        );
        assert!(Json::read(&format!("{}{}", "[".repeat(100), "]".repeat(100))).is_ok());
    }

    #[test]
    fn el_error_dice_la_linea() {
        let error = Json::read("{\n  \"a\": 1\n  \"b\": 2\n}").unwrap_err();
        assert_eq!(error.to_string(), "no es JSON (línea 3: falta una coma)");
    }
}
