//! `current_task`: la tarea que se está ejecutando.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use super::core::Core;

/// Una tarea, sin saber qué devuelve.
///
/// Detrás solo hay un tipo, [`Core`]; que sea un rasgo ahorra a las celdas compilar cómo se suelta.
pub(super) trait AnyTask: Send + Sync {
    fn core(&self) -> &Core;
}

thread_local! {
    static CURRENT: Cell<Option<Arc<dyn AnyTask>>> = const { Cell::new(None) };
}

/// Cambia la tarea que este hilo está ejecutando; da la de antes.
pub(super) fn swap(task: Option<Arc<dyn AnyTask>>) -> Option<Arc<dyn AnyTask>> {
    // Al acabar un hilo puede que ya no esté, y entonces tampoco hay quien pregunte.
    CURRENT
        .try_with(|current| current.replace(task))
        .unwrap_or(None)
}

/// La tarea en la que está quien llama, o `None` si no está en ninguna.
///
/// Lo que se ejecuta directamente en [`run`](super::run) o en una celda con `.await` no es una tarea: lo son las de
/// [`create_task`](super::create_task), [`gather`](super::gather)… No bloquea.
///
/// # En Python
///
/// `asyncio.current_task()`. Allí también es una tarea la corrutina que recibe `asyncio.run`.
///
/// # A pelo
///
/// [`tokio::task::id`], que da un número.
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio;
///
/// async fn quien_soy() -> String {
///     match asyncio::current_task() {
///         Some(tarea) => tarea.name().to_owned(),
///         None => "nadie".to_owned(),
///     }
/// }
///
/// asyncio::run(async {
///     assert_eq!(asyncio::create_task_named("ana", quien_soy()).await?, "ana");
///     assert_eq!(quien_soy().await, "nadie");
///     Ok::<(), asyncio::TaskError>(())
/// })?;
/// # Ok::<(), concurrencia::asyncio::TaskError>(())
/// ```
pub fn current_task() -> Option<CurrentTask> {
    let current = swap(None);
    let task = current.clone();
    swap(current);
    task.map(CurrentTask)
}

/// La tarea que se está ejecutando, de la que solo se sabe el nombre: la da [`current_task`].
#[derive(Clone)]
pub struct CurrentTask(Arc<dyn AnyTask>);

impl CurrentTask {
    pub(super) fn core(&self) -> &Core {
        self.0.core()
    }

    /// Su nombre.
    ///
    /// # En Python
    ///
    /// `tarea.get_name()`.
    pub fn name(&self) -> &str {
        self.0.core().name()
    }

    /// Pide que se cancele; `false` si ya había acabado. No bloquea.
    ///
    /// Si es la propia tarea la que se lo pide, se corta en el siguiente `.await` que tenga que esperar.
    ///
    /// # En Python
    ///
    /// `asyncio.current_task().cancel()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio;
    ///
    /// let error = asyncio::run(async {
    ///     let tarea = asyncio::create_task(async {
    ///         asyncio::current_task().unwrap().cancel();
    ///         asyncio::sleep(0).await;
    ///         unreachable!("no pasa de ahí");
    ///     });
    ///     tarea.await.unwrap_err()
    /// });
    /// assert!(error.is_cancelled());
    /// ```
    pub fn cancel(&self) -> bool {
        self.0.core().cancel()
    }
}

/// `CurrentTask(ana)`.
impl fmt::Debug for CurrentTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CurrentTask({})", self.name())
    }
}
