//! `Job`: una llamada preparada que aún no se ha hecho.

use std::fmt;

use crate::ProcessPool;
use crate::process::AsyncResult;
use crate::timeline::FunctionName;

/// Una llamada preparada, con su función y sus argumentos, que da un `T`. Nadie la ha empezado.
///
/// La prepara [`future`](super::Parallel::future) y la hace [`async_par`](super::async_par()). Soltarla no hace nada.
///
/// # En Python
///
/// Lo que devuelve `f.future(*args)`.
///
/// # Examples
///
/// ```
/// use concurrencia::parallel::{Job, Parallel};
///
/// let llamada: Job<i64> = i64::pow.future((2, 10));
/// assert_eq!(format!("{llamada:?}"), "Job(en un hilo)");
/// ```
pub struct Job<T>(pub(super) Launch<T>);

/// Cómo se empieza.
pub(super) enum Launch<T> {
    Thread {
        name: FunctionName,
        call: Box<dyn FnOnce() -> T + Send>,
    },
    Process(InProcess<T>),
}

type InProcess<T> = Box<dyn FnOnce(&ProcessPool) -> AsyncResult<T> + Send>;

impl<T> Job<T> {
    pub(super) fn in_thread(
        name: FunctionName,
        call: impl FnOnce() -> T + Send + 'static,
    ) -> Job<T> {
        Job(Launch::Thread {
            name,
            call: Box::new(call),
        })
    }

    pub(super) fn in_process(
        call: impl FnOnce(&ProcessPool) -> AsyncResult<T> + Send + 'static,
    ) -> Job<T> {
        Job(Launch::Process(Box::new(call)))
    }
}

/// `Job(en un hilo)` o `Job(en otro proceso)`.
impl<T> fmt::Debug for Job<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Launch::Thread { .. } => "Job(en un hilo)",
            Launch::Process(_) => "Job(en otro proceso)",
        })
    }
}
