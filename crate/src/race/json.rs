//! Leer el JSON que escribe Python en cualquier tipo que sepa leerse con serde.
//!
//! No es serde_json porque, con él en el grafo, `resultado == []` deja de compilar en una celda; ni nanoserde, que no
//! lee enteros de más de 64 bits. Los números se quedan como texto hasta saber de qué tipo los quiere quien los lee:
//! así llegan exactos.

use std::fmt;
use std::str::Chars;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

/// Un valor de JSON, más los `NaN` e `Infinity` que Python escribe.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Lo que no se puede leer o escribir, y por qué.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JsonError(pub(super) String);

/// Más anidado que esto no es un resultado: es un error, y acabaría con la pila.
const DEEPEST: usize = 128;

impl Json {
    pub(super) fn parse(text: &str) -> Result<Json, JsonError> {
        let mut parser = Parser(text.chars());
        let value = parser.value(0)?;
        parser.blanks();
        match parser.0.next() {
            None => Ok(value),
            Some(extra) => Err(unexpected(Some(extra))),
        }
    }

    /// Como `T`.
    pub(super) fn read<T: DeserializeOwned>(self) -> Result<T, JsonError> {
        T::deserialize(self)
    }

    /// El valor de esa clave, si es un objeto que la tiene y no es nulo.
    pub(super) fn take(&mut self, key: &str) -> Option<Json> {
        let Json::Object(entries) = self else {
            return None;
        };
        let at = entries.iter().position(|(name, _)| name == key)?;
        Some(entries.swap_remove(at).1)
    }
}

struct Parser<'a>(Chars<'a>);

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.0.clone().next()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.0.next();
        }
    }

    fn expect(&mut self, wanted: char) -> Result<(), JsonError> {
        match self.0.next() {
            Some(c) if c == wanted => Ok(()),
            other => Err(unexpected(other)),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json, JsonError> {
        if depth > DEEPEST {
            return Err(JsonError(format!(
                "hay más de {DEEPEST} listas o diccionarios unos dentro de otros"
            )));
        }
        self.blanks();
        match self.peek() {
            Some('"') => Ok(Json::Text(self.text()?)),
            Some('[') => self.list(depth),
            Some('{') => self.object(depth),
            Some('-' | '0'..='9' | 'N' | 'I') => self.number(),
            Some('a'..='z') => self.word(),
            other => Err(unexpected(other)),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, JsonError> {
        let mut items = Vec::new();
        self.items('[', ']', |parser| {
            items.push(parser.value(depth + 1)?);
            Ok(())
        })?;
        Ok(Json::List(items))
    }

    fn object(&mut self, depth: usize) -> Result<Json, JsonError> {
        let mut entries = Vec::new();
        self.items('{', '}', |parser| {
            let key = parser.text()?;
            parser.blanks();
            parser.expect(':')?;
            entries.push((key, parser.value(depth + 1)?));
            Ok(())
        })?;
        Ok(Json::Object(entries))
    }

    fn items(
        &mut self,
        open: char,
        close: char,
        mut item: impl FnMut(&mut Self) -> Result<(), JsonError>,
    ) -> Result<(), JsonError> {
        self.expect(open)?;
        self.blanks();
        if self.peek() == Some(close) {
            return self.expect(close);
        }
        loop {
            self.blanks();
            item(self)?;
            self.blanks();
            match self.0.next() {
                Some(',') => {}
                Some(c) if c == close => return Ok(()),
                other => return Err(unexpected(other)),
            }
        }
    }

    fn run(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let rest = self.0.as_str();
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.0 = rest[end..].chars();
        rest[..end].to_owned()
    }

    fn number(&mut self) -> Result<Json, JsonError> {
        let number = self.run(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'));
        if number.parse::<f64>().is_ok() {
            Ok(Json::Number(number))
        } else {
            Err(JsonError(format!("«{number}» no es un número")))
        }
    }

    fn word(&mut self) -> Result<Json, JsonError> {
        match self.run(|c| c.is_ascii_alphanumeric()).as_str() {
            "null" => Ok(Json::Null),
            "true" => Ok(Json::Bool(true)),
            "false" => Ok(Json::Bool(false)),
            word => Err(JsonError(format!("«{word}» no es JSON"))),
        }
    }

    fn text(&mut self) -> Result<String, JsonError> {
        self.expect('"')?;
        let mut text = String::new();
        loop {
            match self.0.next() {
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escaped()?),
                Some(c) if c >= ' ' => text.push(c),
                other => return Err(unexpected(other)),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, JsonError> {
        Ok(match self.0.next() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode(),
            other => return Err(unexpected(other)),
        })
    }

    /// Lo que sigue a `\u`: una unidad de UTF-16, o las dos de un par.
    fn unicode(&mut self) -> Result<char, JsonError> {
        let mut units = vec![self.unit()?];
        if (0xd800..0xdc00).contains(&units[0]) && self.0.as_str().starts_with("\\u") {
            self.0.nth(1);
            units.push(self.unit()?);
        }
        match String::from_utf16(&units) {
            Ok(text) => Ok(text.chars().next().unwrap_or_default()),
            Err(_) => Err(JsonError(
                "hay un texto con medio carácter (un sustituto de UTF-16 suelto)".to_owned(),
            )),
        }
    }

    fn unit(&mut self) -> Result<u16, JsonError> {
        let digits: String = self.0.by_ref().take(4).collect();
        u16::from_str_radix(&digits, 16)
            .map_err(|_| JsonError(format!("«\\u{digits}» no es un carácter")))
    }
}

fn unexpected(found: Option<char>) -> JsonError {
    JsonError(match found {
        Some(c) => format!("sobra «{c}»"),
        None => "está cortado".to_owned(),
    })
}

/// Un número al que lo lee, con el tipo más pequeño en que cabe entero.
fn visit_number<'de, V: Visitor<'de>>(number: &str, visitor: V) -> Result<V::Value, JsonError> {
    if let Ok(value) = number.parse() {
        visitor.visit_u64(value)
    } else if let Ok(value) = number.parse() {
        visitor.visit_i64(value)
    } else if let Ok(value) = number.parse() {
        visitor.visit_u128(value)
    } else if let Ok(value) = number.parse() {
        visitor.visit_i128(value)
    } else if number.bytes().all(|b| b == b'-' || b.is_ascii_digit()) {
        Err(JsonError(format!("{number} no cabe en 128 bits")))
    } else {
        visitor.visit_f64(as_f64(number))
    }
}

/// Ya se sabe que lo es: se comprobó al leerlo.
fn as_f64(number: &str) -> f64 {
    number.parse().unwrap_or(f64::NAN)
}

impl<'de> Deserializer<'de> for Json {
    type Error = JsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self {
            Json::Null => visitor.visit_unit(),
            Json::Bool(value) => visitor.visit_bool(value),
            Json::Number(number) => visit_number(&number, visitor),
            Json::Text(text) => visitor.visit_string(text),
            Json::List(items) => {
                let mut items = SeqDeserializer::new(items.into_iter());
                let value = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(value)
            }
            Json::Object(entries) => {
                let entries = entries.into_iter().map(|(key, value)| (Key(key), value));
                let mut entries = MapDeserializer::new(entries);
                let value = visitor.visit_map(&mut entries)?;
                entries.end()?;
                Ok(value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self {
            Json::Null => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        match self {
            Json::Text(variant) => visitor.visit_enum(variant.into_deserializer()),
            Json::Object(entries) => {
                let entries = entries.into_iter().map(|(key, value)| (Key(key), value));
                visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(entries)))
            }
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self {
            Json::Number(number) => visitor.visit_f64(as_f64(&number)),
            other => other.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, JsonError> for Json {
    type Deserializer = Json;

    fn into_deserializer(self) -> Json {
        self
    }
}

/// La clave de un diccionario: en JSON siempre es un texto, aunque en Python fuera un número.
struct Key(String);

macro_rules! parsed {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
            visit_number(&self.0, visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Key {
    type Error = JsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_string(self.0)
    }

    parsed! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_u128
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self.0.as_str() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => visitor.visit_string(self.0),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}

impl<'de> IntoDeserializer<'de, JsonError> for Key {
    type Deserializer = Key;

    fn into_deserializer(self) -> Key {
        self
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JsonError {}

impl de::Error for JsonError {
    fn custom<T: fmt::Display>(message: T) -> JsonError {
        JsonError(message.to_string())
    }
}

impl serde::ser::Error for JsonError {
    fn custom<T: fmt::Display>(message: T) -> JsonError {
        JsonError(message.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::super::to_json::to_json;
    use super::*;
    use serde::{Deserialize, Serialize};
    use std::collections::BTreeMap;

    fn read<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
        Json::parse(text)?.read()
    }

    #[test]
    fn los_enteros_llegan_exactos_hasta_128_bits() {
        assert_eq!(read(&u128::MAX.to_string()), Ok(u128::MAX));
        assert_eq!(read(&i128::MIN.to_string()), Ok(i128::MIN));
        assert_eq!(read(&u64::MAX.to_string()), Ok(u64::MAX));
        assert_eq!(read("7"), Ok(7_u128));
        assert!(read::<u8>("256").is_err());
        assert!(read::<u32>("-1").is_err());
        assert!(read::<u128>(&format!("{}0", u128::MAX)).is_err());
        assert_eq!(read("1e3"), Ok(1000.0));
        assert_eq!(read(&u128::MAX.to_string()), Ok(u128::MAX as f64));
        assert!(read::<f64>("NaN").unwrap().is_nan());
        assert_eq!(read("-Infinity"), Ok(f64::NEG_INFINITY));
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Figura {
        Nada,
        Punto(i64),
        Par(i64, String),
        Caja { ancho: f64 },
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Todo {
        vacio: Option<u8>,
        lleno: Option<u8>,
        tupla: (bool, char, ()),
        textos: Vec<String>,
        por_numero: BTreeMap<i64, Figura>,
        bytes: [u8; 2],
        enorme: u128,
    }

    fn todo() -> Todo {
        Todo {
            vacio: None,
            lleno: Some(3),
            tupla: (true, 'ñ', ()),
            textos: ["", "\"\\\n\u{1}", "日本 🦀", "</script>"]
                .map(str::to_owned)
                .into(),
            por_numero: BTreeMap::from([
                (-2, Figura::Nada),
                (0, Figura::Punto(-1)),
                (5, Figura::Par(1, "a".into())),
                (9, Figura::Caja { ancho: 0.1 }),
            ]),
            bytes: [0, 255],
            enorme: u128::MAX,
        }
    }

    #[test]
    fn lo_escrito_se_lee_igual() {
        let text = to_json(&todo()).unwrap();
        assert_eq!(read(&text), Ok(todo()));
        // Y es JSON de verdad: otro lector dice lo mismo.
        let otro: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(otro["por_numero"]["5"]["Par"][1], "a");
        assert_eq!(otro["textos"][1], "\"\\\n\u{1}");
    }

    #[test]
    fn los_caracteres_escapados_se_juntan_de_dos_en_dos() {
        assert_eq!(
            read("\"\\ud83e\\udd80 \\u00f1\\/\""),
            Ok("🦀 ñ/".to_owned())
        );
        assert!(read::<String>("\"\\ud83e\"").is_err());
        assert!(read::<String>("\"\\ud83e\\u0041\"").is_err());
    }

    #[test]
    fn lo_que_no_es_json_se_dice_y_no_se_cuelga() {
        for bad in [
            "",
            "[1,",
            "{\"a\" 1}",
            "[1 2]",
            "tru",
            "\"a",
            "1 2",
            "-",
            "\"\\x\"",
            "{1:2}",
            "--1",
        ] {
            assert!(Json::parse(bad).is_err(), "{bad}");
        }
        let deep = "[".repeat(100_000);
        assert!(Json::parse(&deep).is_err());
    }

    #[test]
    fn una_lista_mas_larga_que_la_tupla_no_se_recorta() {
        assert!(read::<(u8, u8)>("[1, 2, 3]").is_err());
        assert_eq!(read::<(u8, u8)>("[1, 2]"), Ok((1, 2)));
    }
}
