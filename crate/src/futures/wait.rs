//! `wait`: esperar a unos cuantos futuros a la vez.

use std::time::Instant;

use super::arrivals::{Arrivals, handles};
use super::future::Future;
use crate::time::deadline;

/// A qué espera [`wait`].
///
/// # En Python
///
/// El argumento `return_when`. Las constantes se llaman igual: [`FIRST_COMPLETED`], [`FIRST_EXCEPTION`] y
/// [`ALL_COMPLETED`].
///
/// # Examples
///
/// ```
/// use concurrencia::futures::{ALL_COMPLETED, ReturnWhen};
///
/// assert_eq!(ALL_COMPLETED, ReturnWhen::AllCompleted);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReturnWhen {
    /// A que acabe alguno, como sea: bien, mal o cancelado.
    FirstCompleted,
    /// A que falle alguno, o a que acaben todos. Que lo cancelen no es fallar.
    FirstException,
    /// A que acaben todos.
    AllCompleted,
}

/// [`wait`] vuelve cuando acaba alguno, como sea.
///
/// # En Python
///
/// `concurrent.futures.FIRST_COMPLETED`.
///
/// # Examples
///
/// ```
/// use concurrencia::futures::{FIRST_COMPLETED, Future, wait};
///
/// let futuros: Vec<Future<u32>> = vec![Future::new(), Future::new()];
/// futuros[1].set_result(25)?;
/// let espera = wait(&futuros, FIRST_COMPLETED);
/// assert_eq!(espera.done, [futuros[1].clone()]);
/// assert_eq!(espera.not_done, [futuros[0].clone()]);
/// # Ok::<(), concurrencia::futures::FutureError>(())
/// ```
pub const FIRST_COMPLETED: ReturnWhen = ReturnWhen::FirstCompleted;

/// [`wait`] vuelve cuando falla alguno, o cuando acaban todos.
///
/// Un fallo es un error del futuro (un pánico, un proceso que muere, lo que deje
/// [`set_exception`](Future::set_exception)). Un resultado que es un `Err` de la propia función es un resultado.
///
/// # En Python
///
/// `concurrent.futures.FIRST_EXCEPTION`.
///
/// # Examples
///
/// ```
/// use concurrencia::futures::{FIRST_EXCEPTION, Future, wait};
///
/// let futuros: Vec<Future<u32>> = vec![Future::new(), Future::new()];
/// futuros[1].set_exception("sin conexión")?;
/// let espera = wait(&futuros, FIRST_EXCEPTION);
/// assert_eq!(espera.not_done, [futuros[0].clone()]);
/// # Ok::<(), concurrencia::futures::FutureError>(())
/// ```
pub const FIRST_EXCEPTION: ReturnWhen = ReturnWhen::FirstException;

/// [`wait`] vuelve cuando acaban todos.
///
/// # En Python
///
/// `concurrent.futures.ALL_COMPLETED`, que es lo que hace si no se le dice nada.
///
/// # Examples
///
/// ```
/// use concurrencia::futures::{ALL_COMPLETED, ThreadPoolExecutor, wait};
///
/// let ejecutor = ThreadPoolExecutor::new(2)?;
/// let futuros = [ejecutor.submit(i64::pow, (2, 10)), ejecutor.submit(i64::pow, (3, 2))];
/// let espera = wait(&futuros, ALL_COMPLETED);
/// assert_eq!((espera.done.len(), espera.not_done.len()), (2, 0));
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub const ALL_COMPLETED: ReturnWhen = ReturnWhen::AllCompleted;

/// Lo que da [`wait`]: los que han acabado y los que no, cada lista en el orden en que se le dieron.
///
/// # En Python
///
/// La pareja de conjuntos que devuelve `wait`, con los mismos nombres.
///
/// # Examples
///
/// ```
/// use concurrencia::futures::{ALL_COMPLETED, DoneAndNotDone, Future, wait_timeout};
///
/// let futuros: Vec<Future<u32>> = vec![Future::new(), Future::new()];
/// futuros[1].set_result(25)?;
/// let DoneAndNotDone { done, not_done } = wait_timeout(&futuros, ALL_COMPLETED, 0.1);
/// assert_eq!(done[0].result()?, 25);
/// assert_eq!(not_done.len(), 1);
/// # Ok::<(), concurrencia::futures::FutureError>(())
/// ```
#[derive(Debug)]
pub struct DoneAndNotDone<T> {
    /// Los que han acabado: bien, mal o cancelados.
    pub done: Vec<Future<T>>,
    /// Los que aún no.
    pub not_done: Vec<Future<T>>,
}

/// Espera a `futures` hasta que se cumpla `return_when` y dice cuáles han acabado. **Bloquea**, sin plazo.
///
/// `futures` es un `&Vec`, un `&[…]`, las claves de un `HashMap`… Uno repetido cuenta una vez. Si no hay ninguno, vuelve
/// enseguida. No cancela nada: los que no han acabado siguen su curso.
///
/// Para recogerlos según acaban, [`as_completed`](super::as_completed); para tenerlos todos en su orden,
/// [`map`](super::ThreadPoolExecutor::map).
///
/// # En Python
///
/// `wait(futuros, return_when=FIRST_COMPLETED)`.
///
/// # Examples
///
/// ```
/// use concurrencia::futures::{FIRST_COMPLETED, ThreadPoolExecutor, wait};
/// use std::sync::mpsc::channel;
///
/// let (suelta, espera) = channel::<()>();
/// let ejecutor = ThreadPoolExecutor::new(2)?;
/// let futuros = [
///     ejecutor.submit(move || espera.recv().is_err(), ()), // espera a que la suelten
///     ejecutor.submit(|| true, ()),
/// ];
/// let primero = wait(&futuros, FIRST_COMPLETED);
/// assert_eq!(primero.done, [futuros[1].clone()]);
/// assert_eq!(primero.not_done, [futuros[0].clone()]);
/// drop(suelta);
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub fn wait<'a, T: 'a>(
    futures: impl IntoIterator<Item = &'a Future<T>>,
    return_when: ReturnWhen,
) -> DoneAndNotDone<T> {
    wait_until(handles(futures), return_when, None)
}

/// Como [`wait`], pero espera como mucho `seconds` segundos de la lección.
///
/// Pasarse del plazo no es un error: lo que falte está en `not_done`.
///
/// # En Python
///
/// `wait(futuros, timeout=5)`.
///
/// # Panics
///
/// Si los segundos son negativos o NaN.
///
/// # Examples
///
/// ```
/// use concurrencia::futures::{ALL_COMPLETED, Future, wait_timeout};
///
/// let futuros: Vec<Future<u32>> = vec![Future::new()];
/// assert!(wait_timeout(&futuros, ALL_COMPLETED, 0.1).done.is_empty());
/// ```
pub fn wait_timeout<'a, T: 'a>(
    futures: impl IntoIterator<Item = &'a Future<T>>,
    return_when: ReturnWhen,
    seconds: impl Into<f64>,
) -> DoneAndNotDone<T> {
    let deadline = deadline(seconds);
    wait_until(handles(futures), return_when, deadline)
}

fn wait_until<T>(
    futures: Vec<Future<T>>,
    return_when: ReturnWhen,
    deadline: Option<Instant>,
) -> DoneAndNotDone<T> {
    match return_when {
        ReturnWhen::FirstCompleted => {
            Arrivals::new(futures.clone()).next(deadline);
        }
        ReturnWhen::FirstException => {
            let mut arrivals = Arrivals::new(futures.clone());
            while arrivals
                .next(deadline)
                .is_some_and(|future| !future.failed())
            {}
        }
        // De uno en uno: nadie tiene que despertarse por los que acaban antes.
        ReturnWhen::AllCompleted => {
            let _ = futures.iter().all(|future| future.wait_until(deadline));
        }
    }
    let (done, not_done) = futures.into_iter().partition(Future::done);
    DoneAndNotDone { done, not_done }
}
