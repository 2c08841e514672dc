//! `wait`: esperar a la primera, al primer fallo o a todas.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Sleep;

use super::awaitable::Awaitable;
use super::batch::Batch;
use super::group::Ended;
use super::task::Task;
use crate::futures::ReturnWhen;
use crate::time::to_real;
use crate::timeline::{self, Label, NOTHING, State};

/// Espera a unas cuantas corrutinas o tareas hasta que se cumpla `return_when`; da las acabadas y las pendientes.
///
/// `return_when` es [`FIRST_COMPLETED`](super::FIRST_COMPLETED), [`FIRST_EXCEPTION`](super::FIRST_EXCEPTION) (un pánico;
/// para que también cuente un `Err`, [`or_first_err`](Wait::or_first_err)) o
/// [`ALL_COMPLETED`](super::ALL_COMPLETED). Da dos `Vec` de [`Task`], en el orden en que se dieron; el resultado de cada acabada se recoge con `.await`, que ya no
/// espera, o con [`result`](Task::result). Nunca cancela: las pendientes siguen, aunque se suelte la espera o se acabe su
/// plazo ([`with_timeout`](Wait::with_timeout)). Si no hay ninguna, vuelve enseguida.
///
/// Las corrutinas empiezan al llamar a `wait` o, si todavía no hay un bucle, cuando se espere.
///
/// # En Python
///
/// `done, pending = await asyncio.wait(tareas, return_when=asyncio.FIRST_COMPLETED)`. Allí son dos conjuntos, no admite
/// corrutinas y, sin ninguna tarea, lanza `ValueError`.
///
/// # A pelo
///
/// [`JoinSet::join_next`](tokio::task::JoinSet::join_next), una vez o hasta el primer `Err`. Soltar el `JoinSet` cancela
/// las pendientes.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, FIRST_COMPLETED, create_task, sleep, wait};
///
/// async fn get(n: u32) -> u32 {
///     sleep(n).await;
///     n
/// }
///
/// asyncio::run(async {
///     let tareas = [2, 1, 3].map(|n| create_task(get(n)));
///     let (done, pending) = wait(tareas, FIRST_COMPLETED).await;
///     assert_eq!(done[0].result()?, 1);
///     assert_eq!(pending.len(), 2); // `run` las cancela al acabar
///     Ok::<(), asyncio::TaskError>(())
/// })?;
/// # Ok::<(), asyncio::TaskError>(())
/// ```
pub fn wait<A>(aws: impl IntoIterator<Item = A>, return_when: ReturnWhen) -> Wait<A::Value>
where
    A: Awaitable + Send + 'static,
    A::Value: Send + 'static,
{
    let mut batch = Batch::together(false);
    let tasks: Vec<_> = aws.into_iter().map(|aw| aw.into_task(&mut batch)).collect();
    Wait {
        left: tasks.len(),
        tasks,
        batch,
        return_when,
        is_err: None,
        limit: None,
        timer: None,
    }
}

/// Una espera de varias tareas a la vez: la da [`wait`].
#[must_use = "no espera a nadie hasta que se le hace .await"]
pub struct Wait<T> {
    batch: Batch,
    tasks: Vec<Task<T>>,
    /// Cuántas quedan.
    left: usize,
    return_when: ReturnWhen,
    /// Qué valores cuentan como un fallo.
    is_err: Option<fn(&T) -> bool>,
    limit: Option<Duration>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl<T: 'static> Wait<T> {
    /// Espera como mucho `seconds` segundos de la lección, desde el `.await`. Si se acaban no es un error: lo que falte
    /// está entre las pendientes.
    ///
    /// # En Python
    ///
    /// `asyncio.wait(tareas, timeout=5)`.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, ALL_COMPLETED, sleep, wait};
    ///
    /// asyncio::run(async {
    ///     let (done, pending) = wait([sleep(3600)], ALL_COMPLETED).with_timeout(0.1).await;
    ///     assert!(done.is_empty());
    ///     assert!(!pending[0].done()); // sigue en marcha
    /// });
    /// ```
    pub fn with_timeout(mut self, seconds: impl Into<f64>) -> Wait<T> {
        self.limit = Some(to_real(seconds));
        self
    }

    fn is_enough(&self, ended: Ended) -> bool {
        let task = &self.tasks[ended.index];
        match self.return_when {
            _ if self.left == 0 => true,
            ReturnWhen::FirstCompleted => true,
            ReturnWhen::AllCompleted => false,
            ReturnWhen::FirstException => {
                (ended.failed && !task.cancelled())
                    || self.is_err.is_some_and(|is_err| task.has(is_err))
            }
        }
    }

    fn is_late(&mut self, context: &mut Context<'_>) -> bool {
        let Some(limit) = self.limit else {
            return false;
        };
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        timer.as_mut().poll(context).is_ready()
    }
}

impl<T, E> Wait<Result<T, E>> {
    /// Con [`FIRST_EXCEPTION`](super::FIRST_EXCEPTION), vuelve también cuando una corrutina devuelve un `Err`.
    ///
    /// # En Python
    ///
    /// No hace falta: allí lo que falla lanza una excepción.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, FIRST_EXCEPTION, sleep, wait};
    ///
    /// async fn descarga(id: u32) -> Result<u32, String> {
    ///     if id == 0 {
    ///         return Err("sin conexión".to_owned());
    ///     }
    ///     sleep(3600).await;
    ///     Ok(id)
    /// }
    ///
    /// let (done, pending) =
    ///     asyncio::run(wait([0, 1].map(descarga), FIRST_EXCEPTION).or_first_err());
    /// assert_eq!(done[0].result()?, Err("sin conexión".to_owned()));
    /// assert_eq!(pending.len(), 1);
    /// # Ok::<(), asyncio::TaskError>(())
    /// ```
    pub fn or_first_err(mut self) -> Wait<Result<T, E>> {
        self.is_err = Some(Result::is_err);
        self
    }
}

impl<T: 'static> Future for Wait<T> {
    /// Las acabadas y las pendientes.
    type Output = (Vec<Task<T>>, Vec<Task<T>>);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut over = self.left == 0;
        while !over {
            match self.batch.poll_ended(context) {
                Poll::Ready(ended) => {
                    self.left -= 1;
                    over = self.is_enough(ended);
                }
                Poll::Pending if self.is_late(context) => over = true,
                Poll::Pending => {
                    timeline::pending(State::Wait, NOTHING, || {
                        Label::numbered("wait: quedan", self.left)
                    });
                    return Poll::Pending;
                }
            }
        }
        let tasks = std::mem::take(&mut self.tasks);
        Poll::Ready(tasks.into_iter().partition(Task::done))
    }
}

/// `Wait(quedan 3)`.
impl<T> fmt::Debug for Wait<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wait(quedan {})", self.left)
    }
}
