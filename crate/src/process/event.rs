//! `Event`: un aviso que despierta a todos los que lo esperan.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};

use super::channel::Wait;
use super::error::{Cause, ProcessError};
use super::futex;
use super::memory::{self, Shared};
use super::waiting::{signal, waiting};
use crate::timeline::State;

/// El último bit dice si está dado; los demás cuentan cuántas veces se ha dado.
const SET: u32 = 1;

/// Un aviso entre procesos: unos esperan a que esté dado y otro lo da.
///
/// Una vez dado, nadie espera hasta que alguien lo retire con [`clear`](Event::clear). Lo que se mande a otro proceso
/// es el mismo aviso, y un clon también. Vale igual entre los hilos de un proceso.
///
/// Si muere el proceso que tenía que darlo, nadie lo sabe: [`wait_timeout`](Event::wait_timeout) no espera para siempre.
///
/// # En Python
///
/// ```python
/// salida = multiprocessing.Event()
/// salida.wait()   # en los corredores
/// salida.set()    # en el juez
/// ```
///
/// Allí, `set()` seguido de `clear()` puede dejar a alguno sin despertar; aquí despiertan todos los que esperaban.
///
/// # A pelo
///
/// Una palabra atómica en una memoria compartida y `futex`; entre hilos, `Mutex<bool>` y `Condvar`.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::process::{self, Event, Process, ProcessError};
///
/// fn corredor(salida: Event, dorsal: u32) -> u32 {
///     salida.wait();
///     dorsal
/// }
///
/// fn main() -> Result<(), ProcessError> {
///     process::init(); // en un cuaderno no hace falta
///     let salida = Event::new()?;
///     let mut procesos: Vec<_> = (1..=3).map(|n| Process::new(corredor, (salida.clone(), n))).collect();
///     for proceso in &mut procesos {
///         proceso.start()?;
///     }
///     salida.set(); // los tres a la vez
///     for (n, proceso) in (1..).zip(&procesos) {
///         assert_eq!(proceso.join()?, n);
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Serialize, Deserialize)]
pub struct Event(Shared);

impl Event {
    /// Un aviso nuevo, sin dar.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Event()`.
    ///
    /// # Errors
    ///
    /// Si el sistema no da más memoria o más descriptores.
    pub fn new() -> Result<Event, ProcessError> {
        Ok(Event(Shared::new(memory::anonymous(size_of::<u32>())?)))
    }

    /// Da el aviso: despierta a todos los que lo esperan, aunque se retire enseguida. No bloquea.
    ///
    /// Quien despierta ve todo lo que se hizo antes de darlo. Si ya estaba dado, no hace nada.
    ///
    /// # En Python
    ///
    /// `aviso.set()`.
    pub fn set(&self) {
        let word = self.word();
        let set = |seen: u32| (seen & SET == 0).then(|| (seen | SET).wrapping_add(2));
        if !self.is_set() {
            signal(&self.0, 0);
        }
        if word
            .fetch_update(Ordering::Release, Ordering::Relaxed, set)
            .is_ok()
        {
            futex::wake(word, u32::MAX);
        }
    }

    /// Lo retira: los que lleguen después esperarán. No bloquea.
    ///
    /// # En Python
    ///
    /// `aviso.clear()`.
    pub fn clear(&self) {
        self.word().fetch_and(!SET, Ordering::Relaxed);
    }

    /// ¿Está dado? Es una foto: puede cambiar en cuanto la miras.
    ///
    /// # En Python
    ///
    /// `aviso.is_set()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Event;
    ///
    /// let aviso = Event::new()?;
    /// assert!(!aviso.is_set());
    /// aviso.set();
    /// assert!(aviso.is_set());
    /// aviso.clear();
    /// assert!(!aviso.is_set());
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn is_set(&self) -> bool {
        self.word().load(Ordering::Acquire) & SET != 0
    }

    /// Espera a que esté dado. **Bloquea**; si ya lo estaba, vuelve enseguida.
    ///
    /// # En Python
    ///
    /// `aviso.wait()`.
    pub fn wait(&self) {
        self.wait_until(Wait::Forever);
    }

    /// Como [`wait`](Event::wait), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `aviso.wait(5)`, que devuelve `False` si se acaba el plazo.
    ///
    /// # Errors
    ///
    /// [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Event;
    ///
    /// let aviso = Event::new()?;
    /// assert!(aviso.wait_timeout(0.1).unwrap_err().is_timeout());
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn wait_timeout(&self, seconds: impl Into<f64>) -> Result<(), ProcessError> {
        if self.wait_until(Wait::lesson(seconds.into())) {
            Ok(())
        } else {
            Err(Cause::Timeout.into())
        }
    }

    fn wait_until(&self, wait: Wait) -> bool {
        let word = self.word();
        let first = word.load(Ordering::Acquire);
        let mut seen = first;
        let mut _waiting = None;
        // Lo han dado si está dado, o si la cuenta ha subido aunque ya no lo esté.
        while seen & SET == 0 && seen == first {
            if wait.is_over() {
                return false;
            }
            let note = || waiting(State::Lock, wait, &self.0, 0, "Event");
            _waiting.get_or_insert_with(note);
            futex::sleep(word, seen, wait);
            seen = word.load(Ordering::Acquire);
        }
        true
    }

    fn word(&self) -> &AtomicU32 {
        self.0.atomic_u32(0)
    }
}

/// `Event(dado)` o `Event(sin dar)`: cómo está en ese momento.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_set() {
            "Event(dado)"
        } else {
            "Event(sin dar)"
        })
    }
}
