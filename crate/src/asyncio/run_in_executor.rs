//! `ExecutorFor`: a quién le puede encargar el bucle una función.

use std::convert::Infallible;
use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::error::Cause;
use super::task::{Task, start_in};
use crate::futures::{Future, FutureError, ProcessPoolExecutor, ThreadPoolExecutor};
use crate::panic::catch;
use crate::process::Portable;
use crate::timeline::{self, CoroutineName, Label, NOTHING, State, name_of, own_name_of};
use crate::{Callable, CallableOnce};

/// Un ejecutor que puede hacer esa función con esos argumentos: lo que recibe
/// [`run_in_executor`](super::EventLoop::run_in_executor).
///
/// Lo son `&ThreadPoolExecutor`, con cualquier dato `Send`; `&ProcessPoolExecutor`, con funciones sin capturas y datos que
/// [viajan](Portable); y `None`, los hilos del propio bucle.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio;
/// use concurrencia::futures::ThreadPoolExecutor;
///
/// let ejecutor = ThreadPoolExecutor::new(1)?;
/// let potencia = asyncio::run(async {
///     asyncio::get_running_loop().run_in_executor(&ejecutor, i64::pow, (2, 10)).await
/// })?;
/// assert_eq!(potencia, 1024);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` no puede ejecutar esa función con los argumentos `{Args}`",
    label = "aquí va `&ejecutor`, o `None` para usar los hilos del bucle"
)]
pub trait ExecutorFor<F: CallableOnce<Args>, Args> {
    #[doc(hidden)]
    fn run_in(self, place: &Handle, f: F, args: Args) -> Task<F::Output>;
}

impl<F, Args> ExecutorFor<F, Args> for &ThreadPoolExecutor
where
    F: CallableOnce<Args> + Send + 'static,
    Args: Send + 'static,
    F::Output: Send + 'static,
{
    fn run_in(self, place: &Handle, f: F, args: Args) -> Task<F::Output> {
        wait_in(place, own_name_of::<F>, self.submit(f, args))
    }
}

impl<F, Args> ExecutorFor<F, Args> for &ProcessPoolExecutor
where
    F: Callable<Args>,
    Args: Portable,
    F::Output: Portable + Send,
{
    fn run_in(self, place: &Handle, f: F, args: Args) -> Task<F::Output> {
        wait_in(place, own_name_of::<F>, self.submit(f, args))
    }
}

/// `None`: el tipo no puede tener otro valor.
impl<F, Args> ExecutorFor<F, Args> for Option<Infallible>
where
    F: CallableOnce<Args> + Send + 'static,
    Args: Send + 'static,
    F::Output: Send + 'static,
{
    fn run_in(self, place: &Handle, f: F, args: Args) -> Task<F::Output> {
        let object = timeline::submit(None, || name_of::<F>().into());
        let mut thread = Thread(place.spawn_blocking(move || {
            catch(|| {
                let _task = timeline::task(object, || name_of::<F>().into());
                f.call_once_with(args)
            })
        }));
        let ended = async move {
            let ended = poll_fn(|context| {
                let polled = Pin::new(&mut thread.0).poll(context);
                still_waiting(polled, object, own_name_of::<F>)
            });
            match ended.await {
                Ok(outcome) => outcome.map_err(Cause::Panic),
                // `catch` no deja salir ningún pánico: es que el bucle se cerró antes de que empezara.
                Err(_) => Err(Cause::Cancelled),
            }
        };
        start(place, own_name_of::<F>, ended)
    }
}

/// Algo encargado a otro hilo: si deja de hacer falta antes de empezar, no se hace.
struct Thread<T>(JoinHandle<T>);

impl<T> Drop for Thread<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Lo mismo, a un ejecutor.
struct Ordered<T>(Option<Future<T>>);

impl<T> Drop for Ordered<T> {
    fn drop(&mut self) {
        if let Some(future) = &self.0 {
            future.cancel();
        }
    }
}

/// Una tarea que espera a `future`, sin pedirle que se pueda copiar.
fn wait_in<T: Send + 'static>(place: &Handle, name: CoroutineName, future: Future<T>) -> Task<T> {
    let (tell, mut told) = oneshot::channel::<Infallible>();
    future.on_end(move || drop(tell));
    let mut ordered = Ordered(Some(future));
    let ended = async move {
        // No se manda nada: lo que avisa es que el otro extremo cae.
        let told = poll_fn(|context| {
            let polled = Pin::new(&mut told).poll(context);
            still_waiting(polled, NOTHING, name)
        });
        let _ = told.await;
        let future = ordered.0.take().expect("se coge una sola vez");
        future.into_result().map_err(why)
    };
    start(place, name, ended)
}

/// Mientras no llegue, la tarea está esperando lo que haga otro.
fn still_waiting<T>(polled: Poll<T>, object: u64, name: CoroutineName) -> Poll<T> {
    if polled.is_pending() {
        let result = || Label::owned(format!("resultado de {}", name().unwrap_or("tarea")));
        timeline::pending(State::Wait, object, result);
    }
    polled
}

fn why(error: FutureError) -> Cause {
    if error.is_cancelled() {
        Cause::Cancelled
    } else {
        Cause::Executor(error)
    }
}

fn start<T: Send + 'static>(
    place: &Handle,
    name: CoroutineName,
    ended: impl std::future::Future<Output = Result<T, Cause>> + Send + 'static,
) -> Task<T> {
    start_in(place, name, ended, |outcome| outcome)
}
