//! `gather`: esperar a todas, y sus valores en el orden en que se dieron.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::TaskError;
use super::batch::Batch;
use super::gatherable::{Gatherable, Tasks, TryTasks};
use super::group::Ended;
use crate::timeline::{Label, State, pending_on};

/// Pone en marcha varias corrutinas a la vez y espera a todas: sus valores, en el orden en que se dieron.
///
/// Admite un `Vec`, un array, lo que da `iter.map(…)` o una tupla de tipos distintos (dos bloques `async { … }` lo son
/// siempre); los elementos, corrutinas o tareas. Da un [`Gather`], que se espera con `.await`: `Result<Vec<T>, TaskError>`, o una tupla con los valores.
///
/// Si una entra en pánico o se cancela, el error sale **ya** y las demás **siguen** (lo que dejen se pierde). Con
/// [`return_exceptions`](Gather::return_exceptions) se espera a todas y cada una da su `Result`. Soltarlo sin que haya
/// acabado cancela a todas.
///
/// Si las corrutinas devuelven un `Result`, un `Err` es un valor más: para que corte, [`try_gather`].
///
/// Empiezan al llamar a `gather`; si todavía no hay un bucle en marcha, cuando se espere: por eso se puede dar
/// directamente a [`run`](super::run).
///
/// # En Python
///
/// ```python
/// a, b = await asyncio.gather(descarga(1), descarga(2))
/// ```
///
/// # A pelo
///
/// [`tokio::join!`] para unas pocas, y [`join_all`](crate::futures_util::future::join_all) o
/// [`tokio::task::JoinSet`] para muchas. `try_join!` y `try_join_all`, al revés que `gather`, sueltan las demás al
/// primer error.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use concurrencia::futures_util::future::join_all;
///
/// let cuadrados = join_all((1..=3).map(|x| async move { x * x })).await;
/// assert_eq!(cuadrados, [1, 4, 9]);
/// # }
/// ```
///
/// # Errors
///
/// Al esperarlo, el de la primera que falla: [`is_panic`](TaskError::is_panic) o
/// [`is_cancelled`](TaskError::is_cancelled).
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, gather, sleep};
///
/// async fn descarga(id: u64) -> u64 {
///     sleep(0.5).await;
///     id * 10
/// }
///
/// let salidas = asyncio::run(gather((1..=3).map(descarga)))?;
/// assert_eq!(salidas, [10, 20, 30]);
///
/// let (numero, texto) = asyncio::run(gather((descarga(1), async { "uno" })))?;
/// assert_eq!((numero, texto), (10, "uno"));
/// # Ok::<(), asyncio::TaskError>(())
/// ```
pub fn gather<G: Gatherable>(aws: G) -> Gather<G::Tasks> {
    Gather(Together::new(aws))
}

/// Como [`gather`], para corrutinas que devuelven un `Result`: da los valores, o el primer `Err`.
///
/// El primer `Err` sale ya y las demás siguen, como con una excepción de Python. Si lo que falla es la tarea (un pánico,
/// una cancelación), su [`TaskError`] se convierte en el error de las corrutinas; lo admiten `String`, `io::Error`,
/// `Box<dyn Error>` y el tuyo, si tiene un `From<TaskError>`.
///
/// # En Python
///
/// `await asyncio.gather(…)`, cuando lo que falla lanza una excepción.
///
/// # A pelo
///
/// [`tokio::try_join!`] y [`try_join_all`](crate::futures_util::future::try_join_all), que sueltan las demás.
///
/// # Errors
///
/// Al esperarlo, el primero que dé una de ellas.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, try_gather};
///
/// async fn mitad(x: u32) -> Result<u32, String> {
///     if x % 2 == 0 { Ok(x / 2) } else { Err(format!("{x} es impar")) }
/// }
///
/// assert_eq!(asyncio::run(try_gather([2, 4].map(mitad))), Ok(vec![1, 2]));
/// assert_eq!(asyncio::run(try_gather([2, 3].map(mitad))), Err("3 es impar".to_owned()));
/// ```
pub fn try_gather<G: Gatherable<Tasks: TryTasks>>(aws: G) -> TryGather<G::Tasks> {
    TryGather(Together::new(aws))
}

/// Varias tareas que se esperan juntas: lo da [`gather`].
#[must_use = "hay que esperarlo con .await: soltarlo cancela sus tareas"]
pub struct Gather<C: Tasks>(Together<C>);

impl<C: Tasks> Gather<C> {
    /// Espera a todas, fallen o no, y da cómo ha acabado cada una.
    ///
    /// # En Python
    ///
    /// `asyncio.gather(…, return_exceptions=True)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, gather};
    ///
    /// let salidas = asyncio::run(gather([3, 0].map(|x| async move { 12 / x })).return_exceptions());
    /// assert_eq!(*salidas[0].as_ref().unwrap(), 4);
    /// assert!(salidas[1].as_ref().unwrap_err().is_panic());
    /// ```
    pub fn return_exceptions(self) -> GatherExceptions<C> {
        GatherExceptions(self.0)
    }
}

/// Varias tareas que se esperan juntas, fallen o no: lo da [`return_exceptions`](Gather::return_exceptions).
#[must_use = "hay que esperarlo con .await: soltarlo cancela sus tareas"]
pub struct GatherExceptions<C: Tasks>(Together<C>);

/// Varias tareas que se esperan juntas, hasta el primer `Err`: lo da [`try_gather`].
#[must_use = "hay que esperarlo con .await: soltarlo cancela sus tareas"]
pub struct TryGather<C: TryTasks>(Together<C>);

/// Las tareas, y por dónde avisan de que acaban.
struct Together<C: Tasks> {
    batch: Batch,
    /// `None` cuando ya han dado lo suyo.
    tasks: Option<C>,
    /// Cuántas quedan.
    left: usize,
}

impl<C: Tasks> Together<C> {
    fn new<G: Gatherable<Tasks = C>>(aws: G) -> Together<C> {
        let mut batch = Batch::together(true);
        let tasks = aws.into_tasks(&mut batch);
        Together {
            tasks: Some(tasks),
            left: batch.count(),
            batch,
        }
    }

    /// Espera a que acaben todas, o a que lo que haya dejado una haga que `stop` diga algo.
    fn poll<R>(
        &mut self,
        context: &mut Context<'_>,
        stop: impl Fn(&C, Ended) -> Option<R>,
    ) -> Poll<Result<C, R>> {
        let tasks = self.tasks.as_ref().expect(SPENT);
        while self.left > 0 {
            let polled = self.batch.poll_ended(context);
            let ended = ready!(pending_on(polled, State::Wait, || {
                Label::numbered("gather: quedan", self.left)
            }));
            self.left -= 1;
            if let Some(reason) = stop(tasks, ended) {
                // Las demás siguen.
                self.tasks = None;
                return Poll::Ready(Err(reason));
            }
        }
        Poll::Ready(Ok(self.tasks.take().expect(SPENT)))
    }
}

impl<C: Tasks> Drop for Together<C> {
    fn drop(&mut self) {
        if let Some(tasks) = &self.tasks {
            tasks.cancel();
        }
    }
}

impl<C: Tasks> Future for Gather<C> {
    type Output = Result<C::Values, TaskError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let all = ready!(self.0.poll(context, |tasks, ended| {
            ended.failed.then(|| tasks.failure(ended.index)).flatten()
        }));
        Poll::Ready(all.and_then(C::values))
    }
}

impl<C: Tasks> Future for GatherExceptions<C> {
    type Output = C::Outcomes;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<C::Outcomes> {
        let all = ready!(self.0.poll(context, |_, _| None::<Infallible>));
        let Ok(tasks) = all;
        Poll::Ready(tasks.outcomes())
    }
}

impl<C: TryTasks> Future for TryGather<C> {
    type Output = Result<C::Oks, C::Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let all = ready!(self.0.poll(context, |tasks, ended| {
            let failed = ended.failed || tasks.is_err(ended.index);
            failed.then(|| tasks.error(ended.index)).flatten()
        }));
        Poll::Ready(all.and_then(C::oks))
    }
}

impl<C: Tasks> fmt::Debug for Together<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.tasks {
            Some(_) => write!(f, "{} tareas", self.batch.count()),
            None => f.write_str("acabado"),
        }
    }
}

/// `Gather(3 tareas)`.
impl<C: Tasks> fmt::Debug for Gather<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gather({:?})", self.0)
    }
}

/// `GatherExceptions(3 tareas)`.
impl<C: Tasks> fmt::Debug for GatherExceptions<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GatherExceptions({:?})", self.0)
    }
}

/// `TryGather(3 tareas)`.
impl<C: TryTasks> fmt::Debug for TryGather<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TryGather({:?})", self.0)
    }
}

const SPENT: &str = "a un futuro que ya ha dado su resultado no se le vuelve a preguntar";
