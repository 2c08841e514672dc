//! Cómo se ve una cola en una celda.

use std::fmt;

pub(super) fn describe(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    len: usize,
    maxsize: Option<usize>,
    shutdown: bool,
) -> fmt::Result {
    write!(f, "{name}({len}")?;
    if let Some(maxsize) = maxsize {
        write!(f, " de {maxsize}")?;
    }
    f.write_str(if shutdown { ", cerrada)" } else { ")" })
}
