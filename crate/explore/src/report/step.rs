//! `Step`: algo que hizo un hilo.

use std::fmt;

/// Un paso de una ejecución: quién lo dio y qué hizo.
///
/// # Examples
///
/// ```
/// let informe = explore::replay("0x1", || panic!("sin red"))?;
/// let paso = &informe.trace()[0];
/// assert_eq!((paso.thread(), paso.text()), ("principal", "pánico: sin red"));
/// assert_eq!(paso.to_string(), "principal: pánico: sin red");
/// # Ok::<(), explore::ScheduleError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    number: usize,
    thread: String,
    text: String,
}

impl Step {
    pub(crate) fn new(number: usize, thread: String, text: String) -> Step {
        Step {
            number,
            thread,
            text,
        }
    }

    pub(crate) fn thread_number(&self) -> usize {
        self.number
    }

    /// El nombre del hilo: el suyo, «hilo 1», o «principal».
    pub fn thread(&self) -> &str {
        &self.thread
    }

    /// Lo que hizo.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.thread, self.text)
    }
}
