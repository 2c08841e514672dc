//! `as_completed`: los resultados, según van llegando.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::Stream;
use tokio::time::{Instant, Sleep};

use super::TaskError;
use super::awaitable::Awaitable;
use super::batch::Batch;
use super::error::Cause;
use super::task::Task;
use crate::time::to_real;
use crate::timeline::{Label, State, pending_on};

/// Pone en marcha varias corrutinas a la vez y da sus resultados según van acabando.
///
/// Se recorre con `while let Some(resultado) = llegadas.next().await`. Cada uno es un `Result`: que una falle no quita las
/// demás. Para saber de cuál es, que la corrutina lo devuelva: `(id, valor)`. Admite también tareas.
///
/// Empiezan al llamar a `as_completed` o, si todavía no hay un bucle, al pedir el primero. Soltarlo sin recorrerlo
/// entero no cancela a ninguna.
///
/// # En Python
///
/// ```python
/// for llegada in asyncio.as_completed(corrutinas):
///     resultado = await llegada
/// ```
///
/// # A pelo
///
/// [`JoinSet::join_next`](tokio::task::JoinSet::join_next), o
/// [`FuturesUnordered`](crate::futures_util::stream::FuturesUnordered), que no las ejecuta más que cuando se le pide una.
///
/// # Errors
///
/// Cada resultado, [`is_panic`](TaskError::is_panic) o [`is_cancelled`](TaskError::is_cancelled) si acabó así.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, as_completed, sleep};
///
/// async fn descarga(id: u32) -> u32 {
///     sleep(id).await;
///     id
/// }
///
/// asyncio::run(async {
///     let mut llegadas = as_completed([3, 1, 2].map(descarga));
///     let mut orden = Vec::new();
///     while let Some(id) = llegadas.next().await {
///         orden.push(id?);
///     }
///     assert_eq!(orden, [1, 2, 3]);
///     Ok::<(), asyncio::TaskError>(())
/// })?;
/// # Ok::<(), asyncio::TaskError>(())
/// ```
pub fn as_completed<A>(aws: impl IntoIterator<Item = A>) -> AsCompleted<A::Value>
where
    A: Awaitable + Send + 'static,
    A::Value: Send + 'static,
{
    let mut batch = Batch::together(false);
    let tasks: Vec<_> = aws
        .into_iter()
        .map(|aw| Some(aw.into_task(&mut batch)))
        .collect();
    AsCompleted {
        left: tasks.len(),
        tasks,
        batch,
        deadline: None,
        timer: None,
    }
}

/// Los resultados de unas cuantas tareas, según van llegando: lo da [`as_completed`].
///
/// Es también un [`Stream`] de `futures`.
pub struct AsCompleted<T> {
    batch: Batch,
    /// `None` las que ya han dado lo suyo.
    tasks: Vec<Option<Task<T>>>,
    /// Cuántas quedan.
    left: usize,
    deadline: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl<T: 'static> AsCompleted<T> {
    /// Espera a la siguiente que acabe; `None` si ya no quedan. Dejarlo a medias no pierde ninguna.
    pub async fn next(&mut self) -> Option<Result<T, TaskError>> {
        poll_fn(|context| self.poll_arrival(context)).await
    }

    /// Pone un plazo de `seconds` segundos de la lección, desde ahora, para tenerlas todas.
    ///
    /// Pasado el plazo da un error [`is_timeout`](TaskError::is_timeout) y se acaba; las que falten siguen en marcha.
    ///
    /// # En Python
    ///
    /// `asyncio.as_completed(corrutinas, timeout=5)`.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, as_completed, sleep};
    ///
    /// asyncio::run(async {
    ///     let mut llegadas = as_completed([sleep(0.1), sleep(3600)]).with_timeout(2);
    ///     assert!(llegadas.next().await.unwrap().is_ok());
    ///     assert!(llegadas.next().await.unwrap().unwrap_err().is_timeout());
    ///     assert!(llegadas.next().await.is_none());
    /// });
    /// ```
    #[must_use = "with_timeout devuelve las llegadas con su plazo"]
    pub fn with_timeout(mut self, seconds: impl Into<f64>) -> AsCompleted<T> {
        // Un plazo que no cabe en el reloj no se acaba nunca.
        self.deadline = Instant::now().checked_add(to_real(seconds));
        self
    }

    fn poll_arrival(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, TaskError>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        match self.batch.poll_ended(context) {
            Poll::Ready(ended) => {
                self.left -= 1;
                let task = self.tasks[ended.index].take();
                Poll::Ready(task.map(|task| task.take()))
            }
            Poll::Pending => {
                ready!(pending_on(self.poll_late(context), State::Wait, || {
                    Label::numbered("as_completed: quedan", self.left)
                }));
                let late = self.tasks.iter().flatten().next();
                let name = late.map_or("", Task::name);
                let error = TaskError::new(name, Cause::Timeout { left: self.left });
                self.left = 0;
                Poll::Ready(Some(Err(error)))
            }
        }
    }

    fn poll_late(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = self.deadline else {
            return Poll::Pending;
        };
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        timer.as_mut().poll(context)
    }
}

impl<T: 'static> Stream for AsCompleted<T> {
    type Item = Result<T, TaskError>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<T, TaskError>>> {
        self.poll_arrival(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

/// `AsCompleted(quedan 3)`.
impl<T> fmt::Debug for AsCompleted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsCompleted(quedan {})", self.left)
    }
}
