//! `Awaitable`: lo que se puede esperar, sea una corrutina o una tarea.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::TaskError;
use super::batch::Batch;
use super::task::{Task, TaskFuture};

/// Lo que se puede esperar: una corrutina (cualquier [`Future`]) o una [`Task`].
///
/// La cumplen solas: no hace falta implementarla. Es lo que aceptan [`gather`](super::gather),
/// [`wait_for`](super::wait_for), [`wait`](super::wait), [`as_completed`](super::as_completed) y
/// [`shield`](super::shield).
///
/// # En Python
///
/// `collections.abc.Awaitable`.
///
/// # A pelo
///
/// [`std::future::IntoFuture`].
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, Awaitable};
///
/// async fn con_prisa<A: Awaitable>(lo_que_sea: A) -> Option<A::Output> {
///     asyncio::wait_for(lo_que_sea, 1).await.ok()
/// }
///
/// asyncio::run(async {
///     assert_eq!(con_prisa(async { 1 }).await, Some(1)); // una corrutina da su valor
///     let tarea = asyncio::create_task(async { 2 });
///     assert_eq!(con_prisa(tarea).await.unwrap().unwrap(), 2); // una tarea, un Result
/// });
/// ```
pub trait Awaitable {
    /// Lo que da al esperarla con `.await`: en una tarea, un `Result`.
    type Output;

    /// Lo que devuelve la corrutina.
    type Value;

    #[doc(hidden)]
    type Running: Future<Output = Self::Output>;

    #[doc(hidden)]
    fn into_running(self) -> Self::Running;

    /// Deja de esperarla por las malas; si acaba mientras tanto, da lo que diera.
    #[doc(hidden)]
    fn poll_give_up(
        running: Pin<&mut Self::Running>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Output>>;

    #[doc(hidden)]
    fn into_task(self, batch: &mut Batch) -> Task<Self::Value>
    where
        Self: Send + 'static,
        Self::Value: Send + 'static;
}

impl<F: Future> Awaitable for F {
    type Output = F::Output;
    type Value = F::Output;
    type Running = F;

    fn into_running(self) -> F {
        self
    }

    /// Basta con soltarla, y eso lo hace quien la tiene.
    fn poll_give_up(_: Pin<&mut F>, _: &mut Context<'_>) -> Poll<Option<F::Output>> {
        Poll::Ready(None)
    }

    fn into_task(self, batch: &mut Batch) -> Task<F::Output>
    where
        F: Send + 'static,
        F::Output: Send + 'static,
    {
        batch.prepare(self)
    }
}

impl<T: 'static> Awaitable for Task<T> {
    type Output = Result<T, TaskError>;
    type Value = T;
    type Running = TaskFuture<T>;

    fn into_running(self) -> TaskFuture<T> {
        self.into_future()
    }

    fn poll_give_up(
        running: Pin<&mut TaskFuture<T>>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Output>> {
        running.get_mut().poll_cancel(context)
    }

    fn into_task(self, batch: &mut Batch) -> Task<T>
    where
        T: Send + 'static,
    {
        batch.adopt(&self.shared);
        self
    }
}

/// Convierte en [`Task`] lo que se le dé: una corrutina se pone en marcha; una tarea se queda como está. No bloquea.
///
/// # En Python
///
/// `asyncio.ensure_future(corrutina())`.
///
/// # A pelo
///
/// [`tokio::spawn`].
///
/// # Panics
///
/// Si es una corrutina y no hay ningún bucle en marcha.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio;
///
/// asyncio::run(async {
///     let tarea = asyncio::ensure_future(async { 5 * 5 });
///     assert_eq!(asyncio::ensure_future(tarea.clone()), tarea);
///     assert_eq!(tarea.await?, 25);
///     Ok::<(), asyncio::TaskError>(())
/// })?;
/// # Ok::<(), concurrencia::asyncio::TaskError>(())
/// ```
#[track_caller]
pub fn ensure_future<A>(aw: A) -> Task<A::Value>
where
    A: Awaitable + Send + 'static,
    A::Value: Send + 'static,
{
    let mut batch = Batch::alone();
    let task = aw.into_task(&mut batch);
    batch.start();
    task
}
