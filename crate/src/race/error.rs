//! `RaceError`: por qué no se ha podido correr una carrera.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use crate::process::how_it_died;
use crate::text::Unit;

/// Lo que ha impedido correr una carrera: dos que no dan lo mismo, un pánico, una excepción, un plazo…
///
/// Dice qué participante, con qué llamada y qué probar; se pregunta con [`is_mismatch`](RaceError::is_mismatch) y
/// compañía. Se puede clonar. Que no haya Python, o que le falte una biblioteca, no es un error: lo dice
/// [`RaceResults::warnings`](super::RaceResults::warnings).
///
/// # Examples
///
/// ```
/// use concurrencia::Race;
///
/// let error = Race::new("dos que no dan lo mismo", 3)
///     .rust("sumar", || 2 + 3)
///     .rust("multiplicar", || 2 * 3)
///     .run()
///     .unwrap_err();
/// assert!(error.is_mismatch());
/// assert_eq!(error.participant(), Some("Rust: multiplicar"));
/// assert!(error.to_string().contains("da 6 y «Rust: sumar» da 5"));
/// ```
#[derive(Clone)]
pub struct RaceError {
    participant: Option<String>,
    cause: Cause,
}

#[derive(Clone, Debug)]
pub(super) enum Cause {
    /// Su valor; el otro y el suyo.
    Mismatch {
        value: String,
        other: String,
        other_value: String,
    },
    Panic(String),
    Raised {
        call: String,
        traceback: String,
        printed: String,
    },
    Timeout {
        call: String,
        after: Duration,
        printed: String,
    },
    Died {
        call: String,
        code: i32,
        printed: String,
    },
    /// Los argumentos no se pueden escribir.
    Arguments {
        call: String,
        why: String,
    },
    /// Lo que devuelve Python no se puede leer.
    Value {
        call: String,
        why: String,
    },
    Empty(Vec<String>),
    Unknown {
        wanted: String,
        known: Vec<String>,
    },
    System(Arc<io::Error>),
}

impl RaceError {
    pub(super) fn new(cause: Cause) -> RaceError {
        RaceError {
            participant: None,
            cause,
        }
    }

    pub(super) fn of(participant: String, cause: Cause) -> RaceError {
        RaceError {
            participant: Some(participant),
            cause,
        }
    }

    /// ¿No dan todos lo mismo?
    pub fn is_mismatch(&self) -> bool {
        matches!(self.cause, Cause::Mismatch { .. })
    }

    /// ¿Entró en pánico un participante de Rust?
    pub fn is_panic(&self) -> bool {
        matches!(self.cause, Cause::Panic(_))
    }

    /// ¿Lanzó una excepción un participante de Python?
    pub fn is_exception(&self) -> bool {
        matches!(self.cause, Cause::Raised { .. })
    }

    /// ¿Se acabó el plazo de una llamada a Python?
    pub fn is_timeout(&self) -> bool {
        matches!(self.cause, Cause::Timeout { .. })
    }

    /// ¿Se acabó el proceso de Python (señal, `os._exit`…) en mitad de una llamada?
    pub fn is_died(&self) -> bool {
        matches!(self.cause, Cause::Died { .. })
    }

    /// ¿No se pudo escribir un argumento, o leer lo que devolvió Python?
    pub fn is_message(&self) -> bool {
        matches!(self.cause, Cause::Arguments { .. } | Cause::Value { .. })
    }

    /// ¿No ha quedado nadie que corra?
    pub fn is_empty(&self) -> bool {
        matches!(self.cause, Cause::Empty(_))
    }

    /// ¿No hay ningún participante con el nombre de la referencia?
    pub fn is_unknown(&self) -> bool {
        matches!(self.cause, Cause::Unknown { .. })
    }

    /// A quién le pasó: «Python: aiohttp».
    pub fn participant(&self) -> Option<&str> {
        self.participant.as_deref()
    }

    /// La traza de la excepción de Python, si la hubo, recortada por el principio.
    pub fn traceback(&self) -> Option<&str> {
        match &self.cause {
            Cause::Raised { traceback, .. } => Some(traceback),
            _ => None,
        }
    }

    /// Lo que la llamada a Python imprimió antes de fallar, si algo imprimió: el final, si es mucho.
    pub fn output(&self) -> Option<&str> {
        match &self.cause {
            Cause::Raised { printed, .. }
            | Cause::Timeout { printed, .. }
            | Cause::Died { printed, .. } => Some(printed)
                .filter(|printed| !printed.is_empty())
                .map(String::as_str),
            _ => None,
        }
    }

    /// El mensaje del pánico, si lo hubo.
    pub fn panic_message(&self) -> Option<&str> {
        match &self.cause {
            Cause::Panic(message) => Some(message),
            _ => None,
        }
    }
}

impl From<io::Error> for RaceError {
    fn from(error: io::Error) -> RaceError {
        RaceError::new(Cause::System(Arc::new(error)))
    }
}

impl fmt::Display for RaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = self.participant.as_deref().unwrap_or_default();
        match &self.cause {
            Cause::Mismatch {
                value,
                other,
                other_value,
            } => write!(
                f,
                "«{who}» da {value} y «{other}» da {other_value}: no hacen el mismo trabajo (si basta con que se \
                 parezcan, compáralos con check(…))"
            ),
            Cause::Panic(message) => write!(f, "pánico en «{who}»: {message}"),
            Cause::Raised {
                call, traceback, ..
            } => {
                let last = traceback.lines().last().unwrap_or_default().trim();
                write!(f, "«{who}» ha fallado en {call}: {last}")?;
                if traceback.trim() != last {
                    write!(f, "\n{traceback}")?;
                }
                self.write_output(f)
            }
            Cause::Timeout { call, after, .. } => {
                let after = Unit::fitting(*after).write(*after);
                write!(
                    f,
                    "«{who}» no ha acabado {call} en {after} y se ha matado: si es que tarda tanto, dale más plazo con \
                     timeout(…)"
                )?;
                self.write_output(f)
            }
            Cause::Died { call, code, .. } => {
                write!(
                    f,
                    "«{who}»: el proceso de Python {} en {call}",
                    how_it_died(*code)
                )?;
                self.write_output(f)
            }
            Cause::Arguments { call, why } => write!(
                f,
                "«{who}»: no se pueden mandar a Python los argumentos de {call}: {why}"
            ),
            Cause::Value { call, why } => write!(
                f,
                "«{who}»: no se puede leer lo que devuelve {call}: {why}; tiene que ser del mismo tipo que lo que dan \
                 los demás"
            ),
            Cause::Empty(warnings) if warnings.is_empty() => {
                f.write_str("no hay quien corra: añade participantes con rust(…) y python(…)")
            }
            Cause::Empty(warnings) => write!(f, "no queda quien corra: {}", warnings.join("; ")),
            Cause::Unknown { wanted, known } => write!(
                f,
                "no hay ningún participante «{wanted}» que sirva de referencia, o hay más de uno: están {}",
                known.join(", ")
            ),
            Cause::System(error) => write!(f, "el sistema ha dicho que no: {error}"),
        }
    }
}

impl RaceError {
    fn write_output(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.output() {
            Some(output) => write!(f, "\nlo que imprimió:\n{output}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for RaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RaceError")
            .field("participant", &self.participant)
            .field("cause", &self.cause)
            .finish()
    }
}

impl Error for RaceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            Cause::System(error) => Some(&**error),
            _ => None,
        }
    }
}
