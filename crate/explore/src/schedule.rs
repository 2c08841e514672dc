//! El plan de una ejecución, escrito: a quién tocó en cada turno.

use std::error::Error;
use std::fmt::{self, Write};

/// Escribe los turnos seguidos de un mismo hilo juntos: «0x3 2x1 1x4».
pub(crate) fn write(picks: &[u32]) -> String {
    let mut out = String::new();
    for turns in picks.chunk_by(|a, b| a == b) {
        let space = if out.is_empty() { "" } else { " " };
        let _ = write!(out, "{space}{}x{}", turns[0], turns.len());
    }
    out
}

/// Lee lo que escribe [`write`].
pub(crate) fn read(text: &str) -> Result<Vec<u32>, ScheduleError> {
    /// Ningún plan de verdad llega aquí; uno con una errata, sí.
    const TOO_LONG: usize = 100_000_000;
    let mut picks = Vec::new();
    for piece in text.split_whitespace() {
        let malformed = || ScheduleError {
            cause: Cause::Malformed(piece.to_owned()),
        };
        let (thread, turns) = piece.split_once('x').ok_or_else(malformed)?;
        let thread: u32 = thread.parse().map_err(|_| malformed())?;
        let turns: usize = turns.parse().map_err(|_| malformed())?;
        if picks.len().saturating_add(turns) > TOO_LONG {
            return Err(malformed());
        }
        picks.extend(std::iter::repeat_n(thread, turns));
    }
    Ok(picks)
}

/// Por qué no se pudo repetir un plan.
///
/// # Examples
///
/// ```
/// let error = explore::replay("0x1 pepe", || ()).unwrap_err();
/// assert!(error.is_malformed());
/// assert!(error.to_string().contains("«pepe»"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleError {
    cause: Cause,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cause {
    Malformed(String),
    Mismatch(String),
}

impl ScheduleError {
    pub(crate) fn mismatch(why: String) -> Self {
        ScheduleError {
            cause: Cause::Mismatch(why),
        }
    }

    /// ¿No está bien escrito?
    pub fn is_malformed(&self) -> bool {
        matches!(self.cause, Cause::Malformed(_))
    }

    /// ¿Es de otro programa?
    pub fn is_mismatch(&self) -> bool {
        matches!(self.cause, Cause::Mismatch(_))
    }
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Malformed(piece) => write!(
                f,
                "el plan tiene un trozo que no se entiende, «{piece}»: son números de hilo y de turnos, como \
                 «0x3 1x2», tal como los da schedule()"
            ),
            Cause::Mismatch(why) => write!(
                f,
                "el plan no es de este programa: {why} (si lo has cambiado, busca otro plan con explore)"
            ),
        }
    }
}

impl Error for ScheduleError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn se_lee_lo_que_se_escribe() {
        for picks in [vec![], vec![0], vec![0, 0, 0, 12, 1, 1, 0]] {
            assert_eq!(read(&write(&picks)).unwrap(), picks);
        }
        assert_eq!(write(&[0, 0, 0, 2, 1, 1]), "0x3 2x1 1x2");
    }

    #[test]
    fn lo_que_no_es_un_plan_se_dice() {
        for text in ["a", "1", "1x", "x1", "-1x2", "1x99999999999", "0x3,1x2"] {
            assert!(read(text).unwrap_err().is_malformed(), "{text}");
        }
    }
}
