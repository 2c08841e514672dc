//! `Semaphore`: deja pasar a unas cuantas tareas a la vez.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;

use tokio::sync::{self, OwnedSemaphorePermit, SemaphorePermit};

use super::waiting::waiting;
use crate::timeline::State;

/// Un semáforo entre tareas: deja pasar a `n` a la vez, y las demás esperan sin ocupar el hilo.
///
/// Hay dos formas de usarlo. [`permit`](Semaphore::permit) da un permiso que se suelta al caer, también con un pánico o
/// una cancelación; se puede guardar y pasar a otra tarea. [`acquire`](Semaphore::acquire) y
/// [`release`](Semaphore::release) van sueltos, como en Python: puede soltar una tarea lo que cogió otra.
///
/// Se pasa por orden de llegada. Es seguro cancelar a quien espera: pierde el turno y nada más. Un clon es otro mango del
/// mismo semáforo. Con plazo, [`wait_for`](super::wait_for)`(semaforo.permit(), 1)`.
///
/// # En Python
///
/// ```python
/// descargas = asyncio.Semaphore(2)
/// async with descargas:
///     ...
/// ```
///
/// # A pelo
///
/// [`tokio::sync::Semaphore`] en un `Arc`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tokio::sync::AcquireError> {
/// let plazas = std::sync::Arc::new(tokio::sync::Semaphore::new(2));
/// let plaza = plazas.acquire().await?;
/// assert_eq!(plazas.available_permits(), 1);
/// # Ok(())
/// # }
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::asyncio::{self, Semaphore, gather, sleep};
///
/// async fn descarga(plazas: Semaphore, id: u32) -> u32 {
///     let _plaza = plazas.permit().await; // como mucho dos a la vez
///     sleep(0.1).await;
///     id
/// }
///
/// let plazas = Semaphore::new(2);
/// let ids = asyncio::run(gather((0..6).map(|id| descarga(plazas.clone(), id))))?;
/// assert_eq!(ids, [0, 1, 2, 3, 4, 5]);
/// assert_eq!(plazas.value(), 2);
/// # Ok::<(), asyncio::TaskError>(())
/// ```
#[derive(Clone)]
pub struct Semaphore(Arc<sync::Semaphore>);

impl Semaphore {
    /// Un semáforo con `value` plazas.
    ///
    /// # En Python
    ///
    /// `asyncio.Semaphore(2)`.
    pub fn new(value: u32) -> Semaphore {
        Semaphore(Arc::new(sync::Semaphore::new(value as usize)))
    }

    /// Espera a que haya una plaza libre, la ocupa y da un permiso que la deja al caer.
    ///
    /// # En Python
    ///
    /// `async with semaforo:`
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, Semaphore};
    ///
    /// asyncio::run(async {
    ///     let plazas = Semaphore::new(2);
    ///     {
    ///         let _plaza = plazas.permit().await;
    ///         assert_eq!(plazas.value(), 1);
    ///     }
    ///     assert_eq!(plazas.value(), 2);
    /// });
    /// ```
    pub async fn permit(&self) -> Permit {
        let permit = Arc::clone(&self.0).acquire_owned();
        Permit(
            waiting(pin!(permit), State::Lock, "Semaphore")
                .await
                .expect(OPEN),
        )
    }

    /// Un permiso si hay una plaza libre; si no, `None`. No espera.
    pub fn try_permit(&self) -> Option<Permit> {
        Arc::clone(&self.0).try_acquire_owned().ok().map(Permit)
    }

    /// Espera a que haya una plaza libre y la ocupa, hasta que alguien llame a [`release`](Semaphore::release).
    ///
    /// # En Python
    ///
    /// `await semaforo.acquire()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::asyncio::{self, Semaphore};
    ///
    /// asyncio::run(async {
    ///     let pedidos = Semaphore::new(0); // nadie pasa hasta que alguien suelte
    ///     assert!(!pedidos.try_acquire());
    ///     pedidos.release();
    ///     pedidos.acquire().await;
    ///     assert_eq!(pedidos.value(), 0);
    /// });
    /// ```
    pub async fn acquire(&self) {
        let permit = self.0.acquire();
        waiting(pin!(permit), State::Lock, "Semaphore")
            .await
            .expect(OPEN)
            .forget();
    }

    /// Ocupa una plaza si hay alguna libre, y dice si la ha ocupado. No espera.
    #[must_use = "dice si ha ocupado una plaza: si sí, hay que soltarla con release"]
    pub fn try_acquire(&self) -> bool {
        self.0.try_acquire().map(SemaphorePermit::forget).is_ok()
    }

    /// Deja libre una plaza, la haya ocupado quien la haya ocupado. No espera.
    ///
    /// Se puede soltar sin haber cogido: es una plaza más.
    ///
    /// # En Python
    ///
    /// `semaforo.release()`.
    ///
    /// # Panics
    ///
    /// Si pasan de 2⁶¹.
    pub fn release(&self) {
        self.0.add_permits(1);
    }

    /// Cuántas plazas hay libres. Es una foto: puede cambiar en cuanto la miras.
    pub fn value(&self) -> usize {
        self.0.available_permits()
    }

    /// ¿Están todas ocupadas?
    ///
    /// # En Python
    ///
    /// `semaforo.locked()`.
    pub fn is_locked(&self) -> bool {
        self.value() == 0
    }
}

/// `Semaphore(libres 2)`.
impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Semaphore(libres {})", self.value())
    }
}

/// Una plaza de un [`Semaphore`]: queda libre al caer.
#[must_use = "la plaza queda libre en cuanto cae el permiso: guárdalo en una variable (`let _plaza = …`, no `let _ = …`)"]
#[derive(Debug)]
pub struct Permit(#[allow(dead_code, reason = "está para soltarse al caer")] OwnedSemaphorePermit);

const OPEN: &str = "este semáforo no se cierra nunca";
