//! Por qué una cola no ha dado un elemento, no lo ha admitido o no da una tarea por hecha.

use std::error::Error;
use std::fmt;

use super::wait::Refusal;

/// En la cola no hay nada que sacar.
///
/// Puede que todavía no, que se haya acabado el plazo ([`is_timeout`](Empty::is_timeout)) o que no lo vaya a haber
/// nunca, porque está cerrada ([`is_shutdown`](Empty::is_shutdown)). En `get()`, que espera lo que haga falta, solo
/// puede ser lo último.
///
/// # En Python
///
/// `queue.Empty`, y `queue.ShutDown` si está cerrada.
///
/// # Examples
///
/// ```
/// use concurrencia::queue::Queue;
///
/// let cola: Queue<u32> = Queue::new();
/// let error = cola.get_nowait().unwrap_err();
/// assert!(!error.is_shutdown()); // podría llegar algo
/// cola.shutdown();
/// let error = cola.get().unwrap_err();
/// assert!(error.is_shutdown());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Empty {
    refusal: Refusal,
}

impl Empty {
    /// ¿Se acabó el plazo de `get_timeout`?
    pub fn is_timeout(&self) -> bool {
        self.refusal == Refusal::Timeout
    }

    /// ¿Está la cola cerrada? Entonces ya no habrá nada más.
    pub fn is_shutdown(&self) -> bool {
        self.refusal == Refusal::Shutdown
    }
}

impl From<Refusal> for Empty {
    fn from(refusal: Refusal) -> Empty {
        Empty { refusal }
    }
}

impl fmt::Display for Empty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.refusal {
            Refusal::NotNow => {
                "la cola está vacía: para esperar a que haya algo, usa get() o get_timeout()"
            }
            Refusal::Timeout => {
                "la cola sigue vacía y se ha acabado el plazo: comprueba que alguien ponga, o espera más"
            }
            Refusal::Shutdown => {
                "la cola está cerrada y ya no queda nada que sacar: es el momento de acabar el bucle"
            }
        })
    }
}

impl Error for Empty {}

/// En la cola no cabe el elemento: va [dentro del error](Full::into_inner).
///
/// Puede que no quepa todavía, que se haya acabado el plazo ([`is_timeout`](Full::is_timeout)) o que no vaya a caber
/// nunca, porque está cerrada ([`is_shutdown`](Full::is_shutdown)). En `put()`, que espera lo que haga falta, solo
/// puede ser lo último.
///
/// # En Python
///
/// `queue.Full`, y `queue.ShutDown` si está cerrada.
///
/// # Examples
///
/// ```
/// use concurrencia::queue::Queue;
///
/// let cola = Queue::bounded(1);
/// cola.put("uno")?;
/// let error = cola.put_nowait("dos").unwrap_err();
/// assert!(!error.is_shutdown()); // podría haber hueco luego
/// assert_eq!(error.into_inner(), "dos");
/// # Ok::<(), concurrencia::queue::Full<&str>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Full<T> {
    item: T,
    refusal: Refusal,
}

impl<T> Full<T> {
    /// El elemento que no ha entrado.
    pub fn into_inner(self) -> T {
        self.item
    }

    /// ¿Se acabó el plazo de `put_timeout`?
    pub fn is_timeout(&self) -> bool {
        self.refusal == Refusal::Timeout
    }

    /// ¿Está la cola cerrada? Entonces ya no admite nada más.
    pub fn is_shutdown(&self) -> bool {
        self.refusal == Refusal::Shutdown
    }
}

impl<T> From<(T, Refusal)> for Full<T> {
    fn from((item, refusal): (T, Refusal)) -> Full<T> {
        Full { item, refusal }
    }
}

/// `Full(Timeout)`: sin el elemento, que puede no tener `Debug`.
impl<T> fmt::Debug for Full<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Full({:?})", self.refusal)
    }
}

impl<T> fmt::Display for Full<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.refusal {
            Refusal::NotNow => {
                "la cola está llena: para esperar a que haya un hueco, usa put() o put_timeout()"
            }
            Refusal::Timeout => {
                "la cola sigue llena y se ha acabado el plazo: comprueba que alguien saque, o espera más"
            }
            Refusal::Shutdown => {
                "la cola está cerrada y no admite nada más: el elemento sigue en este error (into_inner)"
            }
        })
    }
}

impl<T> Error for Full<T> {}

/// Se ha llamado a `task_done` más veces que elementos se han puesto.
///
/// # En Python
///
/// `ValueError`.
///
/// # Examples
///
/// ```
/// use concurrencia::queue::Queue;
///
/// let cola: Queue<u32> = Queue::new();
/// assert!(cola.task_done().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskDoneError;

impl TaskDoneError {
    /// `Ok` si la tarea estaba contada.
    pub(super) fn unless(counted: bool) -> Result<(), TaskDoneError> {
        if counted { Ok(()) } else { Err(TaskDoneError) }
    }
}

impl fmt::Display for TaskDoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "task_done() se ha llamado más veces que elementos se han puesto: llámalo una sola vez por cada elemento \
             sacado",
        )
    }
}

impl Error for TaskDoneError {}
