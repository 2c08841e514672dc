//! Lo que va a Python y lo que vuelve, en JSON.

use nanoserde::{DeJson, DeJsonErr, DeJsonErrReason, DeJsonState, DeJsonTok, SerJson};

use crate::panic::catch;
use crate::text::shorten;

/// Lo que se enseña en un error de lo que no es JSON.
const LONGEST_EXCERPT: usize = 60;

/// El valor que ha dado una función de Python, aún por leer.
pub(super) struct Value {
    pub(super) text: String,
    /// El mismo, con un número negativo en vez de cada entero de 2⁶³ a 2⁶⁴, si los hay.
    pub(super) signed: Option<String>,
}

/// El argumento en JSON, si de verdad lo es.
pub(super) fn write(argument: &impl SerJson) -> Result<String, String> {
    let text = catch(|| argument.serialize_json())
        .map_err(|message| format!("uno no se puede escribir en JSON ({message})"))?;
    let not_json = |_| {
        let text = shorten(&text, LONGEST_EXCERPT);
        format!("{text} no es JSON; un NaN o un infinito, pásalo como texto")
    };
    let mut chars = text.chars();
    let mut state = DeJsonState::default();
    state.next(&mut chars);
    let mut after_text = false;
    loop {
        state.next_tok(&mut chars).map_err(not_json)?;
        match state.tok {
            DeJsonTok::Eof => break,
            DeJsonTok::Colon if !after_text => {
                return Err("las claves de un diccionario tienen que ser textos".to_owned());
            }
            _ => after_text = state.tok == DeJsonTok::Str,
        }
    }
    Ok(text)
}

/// El valor como `T`.
pub(super) fn read<T: DeJson>(value: Value) -> Result<T, String> {
    let read = T::deserialize_json(&value.text).map_err(|error| why(&error))?;
    // nanoserde les da la vuelta, sin decirlo, a los que no caben en un entero con signo: si donde van cabe un negativo,
    // es que lo tiene. Si además hay otros en su sitio, en un `u64`, no se nota.
    match value.signed {
        Some(signed) if T::deserialize_json(&signed).is_ok() => Err(
            "un entero de más de 63 bits solo cabe en un u64: que la función lo devuelva como texto o como float"
                .to_owned(),
        ),
        _ => Ok(read),
    }
}

fn why(error: &DeJsonErr) -> String {
    match &error.msg {
        DeJsonErrReason::MissingKey(key) => format!("falta la clave «{key}»"),
        DeJsonErrReason::UnexpectedKey(key) => format!("sobra la clave «{key}»"),
        DeJsonErrReason::NoSuchEnum(name) => format!("no hay ninguna variante «{name}»"),
        DeJsonErrReason::OutOfRange(range) => format!("un número no cabe en su tipo ({range})"),
        DeJsonErrReason::UnexpectedToken(token, wanted) => {
            format!(
                "llega {} donde se espera {}",
                arrived(token),
                expected(wanted)
            )
        }
        DeJsonErrReason::CannotParse(what) if what == "number" => {
            "un entero no cabe en 64 bits: que la función lo devuelva como texto".to_owned()
        }
        DeJsonErrReason::CannotParse(what) if what == "string" => {
            "un texto lleva medio carácter (un sustituto suelto)".to_owned()
        }
        DeJsonErrReason::CannotParse(what) | DeJsonErrReason::WrongType(what) => {
            format!("no se entiende «{what}»")
        }
        _ => error.to_string(),
    }
}

fn arrived(token: &DeJsonTok) -> String {
    match token {
        DeJsonTok::Str => "un texto".to_owned(),
        DeJsonTok::U64(number) => number.to_string(),
        DeJsonTok::I64(number) => number.to_string(),
        DeJsonTok::F64(number) => format!("{number:?}"),
        DeJsonTok::Bool(value) => value.to_string(),
        DeJsonTok::Null => "None".to_owned(),
        DeJsonTok::CurlyOpen => "un diccionario".to_owned(),
        DeJsonTok::BlockOpen => "una lista".to_owned(),
        DeJsonTok::CurlyClose | DeJsonTok::BlockClose | DeJsonTok::Eof => "el final".to_owned(),
        _ => "otra cosa".to_owned(),
    }
}

/// Lo que esperaba nanoserde, que lo dice en inglés.
fn expected(wanted: &str) -> &str {
    match wanted {
        "unsigned integer" => "un entero sin signo",
        "signed integer" => "un entero",
        "floating point" => "un número",
        "boolean" => "un booleano",
        "string" | "String" => "un texto",
        "null" => "None",
        "[" => "una lista",
        "]" => "el final de la lista",
        "{" => "un diccionario",
        _ => "otra cosa",
    }
}
