//! `wait_for`: esperar con un plazo.

use std::error::Error;
use std::future::poll_fn;
use std::pin::pin;
use std::{fmt, io};

use super::awaitable::Awaitable;
use crate::time::to_real;

/// Espera a `aw` como mucho `seconds` segundos de la lección; si no acaba, lo cancela y da un [`TimeoutError`].
///
/// Una corrutina se suelta donde estuviera, con sus variables; una [`Task`](super::Task) se cancela y se espera a que
/// se corte (si en ese momento acaba, sale lo que diera, no el error). Al volver, lo que estaba a medias ya está suelto.
/// Para que siga por su cuenta, [`shield`](super::shield). El plazo cuenta desde que se espera con `.await`.
///
/// Lo que bloquea el hilo no se puede cortar: un cálculo sin ningún `.await` no deja ni que se acabe el plazo.
///
/// Vale con cualquier espera de este módulo: `wait_for(cola.get(), 1)`, `wait_for(cerrojo.acquire(), 1)`… Y con un bloque
/// entero, `wait_for(async { … }, 1)`.
///
/// # En Python
///
/// `await asyncio.wait_for(aw, timeout=1)`, y `async with asyncio.timeout(1): …` con un bloque.
///
/// # A pelo
///
/// [`tokio::time::timeout`], que al soltar un `JoinHandle` no cancela su tarea.
///
/// # Errors
///
/// [`TimeoutError`] si se acaba el plazo.
///
/// # Panics
///
/// Si los segundos son negativos, infinitos o NaN.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, sleep, wait_for};
///
/// asyncio::run(async {
///     let eternidad = async {
///         sleep(3600).await;
///         "¡por fin!"
///     };
///     match wait_for(eternidad, 0.5).await {
///         Ok(texto) => println!("{texto}"),
///         Err(error) => println!("{error}"),
///     }
///     assert_eq!(wait_for(async { 5 * 5 }, 0.5).await, Ok(25));
/// });
/// ```
pub fn wait_for<A: Awaitable>(
    aw: A,
    seconds: impl Into<f64>,
) -> impl Future<Output = Result<A::Output, TimeoutError>> {
    let seconds = seconds.into();
    let limit = to_real(seconds);
    let running = aw.into_running();
    async move {
        let mut running = pin!(running);
        match tokio::time::timeout(limit, running.as_mut()).await {
            Ok(output) => Ok(output),
            Err(_) => poll_fn(|context| A::poll_give_up(running.as_mut(), context))
                .await
                .ok_or(TimeoutError { seconds }),
        }
    }
}

/// Se acabó el plazo de un [`wait_for`], y lo que se esperaba se ha cancelado.
///
/// # En Python
///
/// `TimeoutError` (hasta la versión 3.11, `asyncio.TimeoutError`).
///
/// # A pelo
///
/// [`tokio::time::error::Elapsed`].
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, TimeoutError, sleep, wait_for};
///
/// let error: TimeoutError = asyncio::run(wait_for(sleep(3600), 0.5)).unwrap_err();
/// assert_eq!(error.seconds(), 0.5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeoutError {
    seconds: f64,
}

impl TimeoutError {
    /// Cuántos segundos de la lección se esperó.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }
}

impl fmt::Display for TimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "se acabó el plazo de {} s y lo que se esperaba se ha cancelado: da un plazo mayor, o espéralo con shield() \
             si tiene que acabar de todas formas",
            self.seconds
        )
    }
}

impl Error for TimeoutError {}

impl From<TimeoutError> for io::Error {
    fn from(error: TimeoutError) -> io::Error {
        io::Error::new(io::ErrorKind::TimedOut, error)
    }
}

impl From<TimeoutError> for String {
    fn from(error: TimeoutError) -> String {
        error.to_string()
    }
}
