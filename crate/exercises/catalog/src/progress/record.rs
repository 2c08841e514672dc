//! `Record`: lo que consta de un ejercicio.

/// Lo que consta de un ejercicio; de uno sin empezar, todo a cero.
///
/// # Examples
///
/// ```
/// use catalog::Record;
///
/// let record = Record { attempts: 3, passed_on: Some(2), ..Record::default() };
/// assert!(record.is_passed() && record.is_started());
/// assert!(!Record::default().is_started());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Cuántas veces se ha comprobado.
    pub attempts: u32,
    /// En qué intento aprobó por primera vez, contando desde 1.
    pub passed_on: Option<u32>,
    /// Cuántas pistas se han visto.
    pub hints: u32,
    /// ¿Se pidió la solución antes de aprobar?
    pub gave_up: bool,
}

impl Record {
    /// ¿Ha aprobado alguna vez?
    pub fn is_passed(&self) -> bool {
        self.passed_on.is_some()
    }

    /// ¿Consta algo?
    pub fn is_started(&self) -> bool {
        *self != Record::default()
    }
}
