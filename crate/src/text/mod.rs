//! Escribir para leer: cifras y duraciones en español, líneas que caben y texto que no rompe el XML.

mod number;
pub(crate) use number::{decimal, significant};

mod duration;
pub(crate) use duration::Unit;

mod width;
pub(crate) use width::{shorten, width, wrap};

mod markup;
pub(crate) use markup::{escape, one_line};
