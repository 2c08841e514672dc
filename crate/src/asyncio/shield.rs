//! `shield`: esperar sin cancelar.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::TaskError;
use super::awaitable::Awaitable;
use super::batch::Batch;
use super::task::Task;

/// Espera a `aw` sin arrastrarlo: si se cancela a quien espera, o se le acaba el plazo, lo esperado **sigue**.
///
/// Una corrutina se pone en marcha como tarea, ya o, si todavía no hay un bucle, cuando se espere. Cancelar la propia
/// tarea sí la corta. Sigue hasta que acabe o acabe su bucle: para recoger luego su resultado, protege un clon de la tarea
/// y quédate con otro.
///
/// # En Python
///
/// `await asyncio.shield(aw)`. Allí hay que guardar además la tarea en una variable, o puede desaparecer.
///
/// # A pelo
///
/// [`tokio::spawn`]: soltar su `JoinHandle` no cancela.
///
/// # Errors
///
/// Al esperarlo, [`is_panic`](TaskError::is_panic) o [`is_cancelled`](TaskError::is_cancelled) si acaba así.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, create_task, shield, wait_for, Event};
///
/// asyncio::run(async {
///     let (permiso, guardado) = (Event::new(), Event::new());
///     let guarda = create_task({
///         let (permiso, guardado) = (permiso.clone(), guardado.clone());
///         async move {
///             permiso.wait().await;
///             guardado.set();
///         }
///     });
///     assert!(wait_for(shield(guarda.clone()), 0.1).await.is_err()); // se acabó la paciencia…
///     permiso.set();
///     guarda.await?; // …pero seguía en marcha
///     assert!(guardado.is_set());
///     Ok::<(), asyncio::TaskError>(())
/// })?;
/// # Ok::<(), asyncio::TaskError>(())
/// ```
pub fn shield<A>(aw: A) -> Shield<A::Value>
where
    A: Awaitable + Send + 'static,
    A::Value: Send + 'static,
{
    let mut batch = Batch::alone();
    let task = aw.into_task(&mut batch);
    Shield { batch, task }
}

/// Una espera que no cancela lo que espera: la da [`shield`].
#[must_use = "no espera a nadie hasta que se le hace .await"]
pub struct Shield<T> {
    batch: Batch,
    task: Task<T>,
}

impl<T: 'static> Future for Shield<T> {
    type Output = Result<T, TaskError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.batch.start();
        let outcome = ready!(self.task.poll_take(context));
        Poll::Ready(outcome)
    }
}

/// `Shield(Task(descarga, pendiente))`.
impl<T> fmt::Debug for Shield<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shield({:?})", self.task)
    }
}
