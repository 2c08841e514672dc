//! `Event`: un aviso que se da una vez y oyen todas.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;

use tokio::sync::watch;

use super::waiting::waiting;
use crate::timeline::State;

/// Un aviso entre tareas: unas lo esperan, y cuando alguien lo da pasan todas.
///
/// Mientras esté dado, [`wait`](Event::wait) no espera. Todas las que estén esperando cuando se da pasan, aunque se quite
/// enseguida con [`clear`](Event::clear). Es seguro cancelar a quien espera. Se puede dar desde cualquier hilo, también
/// desde fuera del bucle. Un clon es otro mango del mismo aviso. Con plazo,
/// [`wait_for`](super::wait_for)`(aviso.wait(), 1)`.
///
/// # En Python
///
/// ```python
/// aviso = asyncio.Event()
/// await aviso.wait()
/// ```
///
/// # A pelo
///
/// [`tokio::sync::watch`], o [`tokio::sync::Notify`] si no hay que recordar que se dio.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tokio::sync::watch::error::RecvError> {
/// let (da, mut espera) = tokio::sync::watch::channel(false);
/// da.send_replace(true);
/// assert!(*espera.wait_for(|dado| *dado).await?);
/// # Ok(())
/// # }
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, Event, create_task, gather};
///
/// async fn corredor(salida: Event, dorsal: u32) -> u32 {
///     salida.wait().await;
///     dorsal
/// }
///
/// let llegados = asyncio::run(async {
///     let salida = Event::new();
///     let carrera = gather((1..=3).map(|dorsal| corredor(salida.clone(), dorsal)));
///     salida.set(); // los tres a la vez
///     carrera.await
/// })?;
/// assert_eq!(llegados, [1, 2, 3]);
/// # Ok::<(), asyncio::TaskError>(())
/// ```
#[derive(Clone, Default)]
pub struct Event(
    /// Está dado si es impar. Cuenta, en lugar de ser un `bool`, porque un aviso dado y quitado enseguida también cambia.
    Arc<watch::Sender<u64>>,
);

impl Event {
    /// Un aviso sin dar.
    ///
    /// # En Python
    ///
    /// `asyncio.Event()`.
    pub fn new() -> Event {
        Event::default()
    }

    /// Lo da: pasan todas las que lo esperan. No espera.
    ///
    /// # En Python
    ///
    /// `aviso.set()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::Event;
    ///
    /// let aviso = Event::new();
    /// aviso.set();
    /// assert!(aviso.is_set());
    /// aviso.clear();
    /// assert!(!aviso.is_set());
    /// ```
    pub fn set(&self) {
        self.turn(true);
    }

    /// Lo quita: quien llegue después vuelve a esperar. No espera.
    ///
    /// # En Python
    ///
    /// `aviso.clear()`.
    pub fn clear(&self) {
        self.turn(false);
    }

    fn turn(&self, on: bool) {
        self.0.send_if_modified(|turns| {
            let changes = is_on(*turns) != on;
            *turns += u64::from(changes);
            changes
        });
    }

    /// ¿Está dado? No espera.
    ///
    /// # En Python
    ///
    /// `aviso.is_set()`.
    pub fn is_set(&self) -> bool {
        is_on(*self.0.borrow())
    }

    /// Espera a que se dé; si ya lo está, sigue sin esperar.
    ///
    /// # En Python
    ///
    /// `await aviso.wait()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{asyncio, Thread};
    ///
    /// let aviso = asyncio::Event::new();
    /// let para_el_hilo = aviso.clone();
    /// let mut hilo = Thread::new(move || para_el_hilo.set());
    /// hilo.start()?;
    /// asyncio::run(aviso.wait());
    /// assert!(aviso.is_set());
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub async fn wait(&self) {
        let mut changes = self.0.subscribe();
        if !is_on(*changes.borrow_and_update()) {
            // Estaba sin dar: lo primero que le puede pasar es que lo den.
            let _ = waiting(pin!(changes.changed()), State::Lock, "Event").await;
        }
    }
}

fn is_on(turns: u64) -> bool {
    turns % 2 == 1
}

/// `Event(dado)` o `Event(sin dar)`.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_set() {
            "Event(dado)"
        } else {
            "Event(sin dar)"
        })
    }
}
