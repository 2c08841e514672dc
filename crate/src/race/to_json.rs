//! Escribir en JSON, para que lo lea Python, cualquier valor que sepa escribirse con serde.

use std::fmt::{Display, Write};

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::json::JsonError;

pub(super) fn to_json(value: &(impl Serialize + ?Sized)) -> Result<String, JsonError> {
    let mut out = String::new();
    value.serialize(Writer(&mut out))?;
    Ok(out)
}

struct Writer<'a>(&'a mut String);

/// Una lista o un diccionario a medio escribir.
struct Compound<'a> {
    out: &'a mut String,
    empty: bool,
    /// Lo que falta por cerrar.
    close: &'static str,
}

impl<'a> Writer<'a> {
    fn raw(self, value: impl Display) -> Result<(), JsonError> {
        let _ = write!(self.0, "{value}");
        Ok(())
    }

    fn open(self, open: &str, close: &'static str) -> Result<Compound<'a>, JsonError> {
        self.0.push_str(open);
        Ok(Compound {
            out: self.0,
            empty: true,
            close,
        })
    }

    /// Una variante con datos: un diccionario con ella como única clave.
    fn variant(
        self,
        variant: &str,
        open: &str,
        close: &'static str,
    ) -> Result<Compound<'a>, JsonError> {
        self.0.push('{');
        quote(self.0, variant);
        self.0.push(':');
        self.open(open, close)
    }
}

impl Compound<'_> {
    fn comma(&mut self) {
        if !std::mem::replace(&mut self.empty, false) {
            self.out.push(',');
        }
    }

    fn item(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), JsonError> {
        self.comma();
        value.serialize(Writer(self.out))
    }

    fn key(&mut self, key: &(impl Serialize + ?Sized)) -> Result<(), JsonError> {
        self.comma();
        let key = to_json(key)?;
        // En JSON las claves son textos: las que no lo son van entre comillas, como las pone Python.
        if key.starts_with('"') {
            self.out.push_str(&key);
        } else {
            quote(self.out, &key);
        }
        self.out.push(':');
        Ok(())
    }

    fn finish(self) -> Result<(), JsonError> {
        self.out.push_str(self.close);
        Ok(())
    }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

macro_rules! raw {
    ($($method:ident: $type:ty),* $(,)?) => {
        $(fn $method(self, value: $type) -> Result<(), JsonError> {
            self.raw(value)
        })*
    };
}

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = JsonError;
    type SerializeSeq = Compound<'a>;
    type SerializeTuple = Compound<'a>;
    type SerializeTupleStruct = Compound<'a>;
    type SerializeTupleVariant = Compound<'a>;
    type SerializeMap = Compound<'a>;
    type SerializeStruct = Compound<'a>;
    type SerializeStructVariant = Compound<'a>;

    raw! {
        serialize_bool: bool,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
    }

    fn serialize_f32(self, value: f32) -> Result<(), JsonError> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), JsonError> {
        if value.is_nan() {
            self.raw("NaN")
        } else if value.is_infinite() {
            self.raw(if value > 0.0 { "Infinity" } else { "-Infinity" })
        } else {
            // `{:?}` pone siempre punto o exponente: en Python sigue siendo un `float`.
            self.raw(format_args!("{value:?}"))
        }
    }

    fn serialize_char(self, value: char) -> Result<(), JsonError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), JsonError> {
        quote(self.0, value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), JsonError> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<(), JsonError> {
        self.raw("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), JsonError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), JsonError> {
        self.raw("null")
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), JsonError> {
        self.raw("null")
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), JsonError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        let mut compound = self.open("{", "}")?;
        compound.key(variant)?;
        value.serialize(Writer(compound.out))?;
        compound.finish()
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Compound<'a>, JsonError> {
        self.open("[", "]")
    }

    fn serialize_tuple(self, _len: usize) -> Result<Compound<'a>, JsonError> {
        self.open("[", "]")
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Compound<'a>, JsonError> {
        self.open("[", "]")
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Compound<'a>, JsonError> {
        self.variant(variant, "[", "]}")
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Compound<'a>, JsonError> {
        self.open("{", "}")
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Compound<'a>, JsonError> {
        self.open("{", "}")
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Compound<'a>, JsonError> {
        self.variant(variant, "{", "}}")
    }
}

macro_rules! list {
    ($($rasgo:ident::$method:ident),*) => {
        $(impl $rasgo for Compound<'_> {
            type Ok = ();
            type Error = JsonError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
                self.item(value)
            }

            fn end(self) -> Result<(), JsonError> {
                self.finish()
            }
        })*
    };
}

macro_rules! object {
    ($($rasgo:ident),*) => {
        $(impl $rasgo for Compound<'_> {
            type Ok = ();
            type Error = JsonError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), JsonError> {
                self.key(key)?;
                value.serialize(Writer(self.out))
            }

            fn end(self) -> Result<(), JsonError> {
                self.finish()
            }
        })*
    };
}

list!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);
object!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), JsonError> {
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        value.serialize(Writer(self.out))
    }

    fn end(self) -> Result<(), JsonError> {
        self.finish()
    }
}
