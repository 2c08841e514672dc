//! `Lock`: un cerrojo entre procesos que no se pierde aunque muera quien lo tiene.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::channel::Wait;
use super::error::{Cause, ProcessError};
use super::futex::{self, NAP};
use super::memory::{self, Shared};
use super::owner;
use super::raw::SharedMemory;
use super::waiting::{signal, waiting};
use crate::timeline::{self, State};

/// La palabra del cerrojo está al comienzo de la memoria que protege: 0 si está libre, o el [número](owner) de quien lo
/// tiene, con [`WAITERS`] si puede haber alguien dormido.
const WORD: usize = 0;

/// Lo que ocupa la palabra.
pub(super) const SIZE: usize = 4;

const FREE: u32 = 0;

const WAITERS: u32 = 1 << 31;

/// Cuánto se insiste antes de dormir: lo que se hace con un cerrojo cogido suele durar menos que un despertar.
const SPIN: Duration = Duration::from_micros(20);

/// El cerrojo de una memoria, cogido. Se suelta al caer.
#[derive(Debug)]
pub(super) struct RawGuard<'a> {
    memory: &'a SharedMemory,
}

impl RawGuard<'_> {
    pub(super) fn is_in(&self, memory: &SharedMemory) -> bool {
        std::ptr::eq(self.memory, memory)
    }
}

impl Drop for RawGuard<'_> {
    fn drop(&mut self) {
        let word = self.memory.atomic_u32(WORD);
        if timeline::is_on() && word.load(Ordering::Relaxed) & WAITERS != 0 {
            signal(self.memory, WORD);
        }
        if word.swap(FREE, Ordering::Release) & WAITERS != 0 {
            futex::wake(word, 1);
        }
    }
}

/// Coge el cerrojo de `memory`; lo espera hasta `wait`.
pub(super) fn acquire<'a>(
    memory: &'a SharedMemory,
    wait: Wait,
    label: &'static str,
) -> Result<RawGuard<'a>, ProcessError> {
    if let Some(guard) = acquire_free(memory) {
        return Ok(guard);
    }
    let _waiting = waiting(State::Lock, wait, memory, WORD, label);
    contend(memory.atomic_u32(WORD), wait)?;
    Ok(RawGuard { memory })
}

/// Coge el cerrojo si está libre, sin mirar quién lo tiene si no.
pub(super) fn acquire_free(memory: &SharedMemory) -> Option<RawGuard<'_>> {
    // `then`, no `then_some`: un guard que se creara para nada soltaría al caer el cerrojo de otro.
    take(memory.atomic_u32(WORD), owner::me()).then(|| RawGuard { memory })
}

/// Coge el cerrojo de un estado que cambia siempre con una sola escritura: está entero muriera donde muriera el anterior.
pub(super) fn acquire_sound(memory: &SharedMemory) -> RawGuard<'_> {
    loop {
        // Sin plazo, el único error es que el anterior murió.
        if let Ok(guard) = acquire(memory, Wait::Forever, "un turno") {
            return guard;
        }
    }
}

/// Como [`acquire`], o nada si lo tiene otro.
pub(super) fn try_acquire(memory: &SharedMemory) -> Result<Option<RawGuard<'_>>, ProcessError> {
    match acquire(memory, Wait::Never, "Lock") {
        Ok(guard) => Ok(Some(guard)),
        Err(error) if error.is_timeout() => Ok(None),
        Err(error) => Err(error),
    }
}

fn take(word: &AtomicU32, me: u32) -> bool {
    word.compare_exchange(FREE, me, Ordering::Acquire, Ordering::Relaxed)
        .is_ok()
}

/// Coge un cerrojo que tenía otro.
#[cold]
fn contend(word: &AtomicU32, wait: Wait) -> Result<(), ProcessError> {
    let mut me = owner::me();
    let mut check_at = Instant::now() + NAP;
    loop {
        let asleep_at = Instant::now() + SPIN;
        while Instant::now() < asleep_at && !wait.is_over() {
            if word.load(Ordering::Relaxed) == FREE && take(word, me) {
                return Ok(());
            }
            // Si el dueño está en este mismo núcleo, que siga él.
            thread::yield_now();
        }
        let seen = word.load(Ordering::Relaxed);
        if seen == FREE {
            if take(word, me) {
                return Ok(());
            }
            continue;
        }
        let over = wait.is_over();
        if over || Instant::now() >= check_at {
            let holder = seen & !WAITERS;
            if !owner::is_alive(holder) {
                // Solo uno lo entierra; los demás vuelven a mirar.
                if exchange(word, seen, FREE) {
                    futex::wake(word, 1);
                    return Err(Cause::Abandoned(owner::pid(holder)).into());
                }
                continue;
            }
            check_at = Instant::now() + NAP;
        }
        if over {
            return Err(Cause::Timeout.into());
        }
        if seen & WAITERS != 0 || exchange(word, seen, seen | WAITERS) {
            futex::nap(word, seen | WAITERS, wait);
            // Al despertar a uno se borró el aviso, y puede quedar otro dormido: quien lo coja ahora lo repone.
            me |= WAITERS;
        }
    }
}

fn exchange(word: &AtomicU32, from: u32, to: u32) -> bool {
    word.compare_exchange(from, to, Ordering::Acquire, Ordering::Relaxed)
        .is_ok()
}

/// Un cerrojo que comparten varios procesos: solo uno lo tiene a la vez.
///
/// Lo que se mande a otro proceso (como argumento, como resultado o dentro de una cola) es el mismo cerrojo, y un clon
/// también. Vale igual entre los hilos de un proceso.
///
/// Si un proceso muere con él cogido, el siguiente que lo pida recibe un error
/// [`is_abandoned`](ProcessError::is_abandoned) con su PID, una sola vez, y el cerrojo queda libre: nadie espera a un
/// muerto. Los demás se enteran en unos 50 ms.
///
/// Quien ya lo tiene no puede volver a cogerlo: se queda esperándose a sí mismo. Cogerlo y soltarlo sin que nadie
/// estorbe no llama al sistema.
///
/// # En Python
///
/// ```python
/// cerrojo = multiprocessing.Lock()
/// with cerrojo:
///     ...
/// ```
///
/// Si un proceso muere dentro del `with`, los demás esperan para siempre.
///
/// # A pelo
///
/// Una palabra atómica en una memoria compartida y `futex`, o `pthread_mutex_t` con `PTHREAD_MUTEX_ROBUST`: std no
/// tiene un cerrojo entre procesos.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::process::{self, Lock, Process, ProcessError};
///
/// fn por_turnos(cerrojo: Lock, id: u32) -> Result<(), String> {
///     let _turno = cerrojo.acquire().map_err(|error| error.to_string())?;
///     println!("proceso {id}: empiezo…");
///     println!("proceso {id}: …y acabo, sin nadie en medio");
///     Ok(())
/// } // aquí se suelta
///
/// fn main() -> Result<(), ProcessError> {
///     process::init(); // en un cuaderno no hace falta
///     let cerrojo = Lock::new()?;
///     let mut procesos: Vec<_> = (0..3).map(|id| Process::new(por_turnos, (cerrojo.clone(), id))).collect();
///     for proceso in &mut procesos {
///         proceso.start()?;
///     }
///     for proceso in &procesos {
///         assert_eq!(proceso.join()?, Ok(()));
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Serialize, Deserialize)]
pub struct Lock(Shared);

impl Lock {
    /// Un cerrojo nuevo, libre.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Lock()`.
    ///
    /// # Errors
    ///
    /// Si el sistema no da más memoria o más descriptores.
    pub fn new() -> Result<Lock, ProcessError> {
        Ok(Lock(Shared::new(memory::anonymous(SIZE)?)))
    }

    /// Coge el cerrojo y da un guard que lo suelta al caer. **Bloquea** mientras lo tenga otro.
    ///
    /// Quien lo coge ve todo lo que hizo el anterior antes de soltarlo. El orden entre los que esperan no está escrito.
    ///
    /// # En Python
    ///
    /// `with cerrojo:`, o `cerrojo.acquire()` y `cerrojo.release()`.
    ///
    /// # Errors
    ///
    /// [`is_abandoned`](ProcessError::is_abandoned) si quien lo tenía ha muerto. Ya está libre: comprueba lo que
    /// protegía y vuelve a pedirlo.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Lock;
    ///
    /// let cerrojo = Lock::new()?;
    /// {
    ///     let _turno = cerrojo.acquire()?;
    ///     assert!(cerrojo.is_locked());
    /// }
    /// assert!(!cerrojo.is_locked());
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn acquire(&self) -> Result<LockGuard<'_>, ProcessError> {
        acquire(&self.0, Wait::Forever, "Lock").map(LockGuard)
    }

    /// Como [`acquire`](Lock::acquire), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `cerrojo.acquire(timeout=5)`, que devuelve `False` si se acaba el plazo.
    ///
    /// # Errors
    ///
    /// Los de `acquire`, y [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    pub fn acquire_timeout(&self, seconds: impl Into<f64>) -> Result<LockGuard<'_>, ProcessError> {
        acquire(&self.0, Wait::lesson(seconds.into()), "Lock").map(LockGuard)
    }

    /// Coge el cerrojo si está libre; si lo tiene otro, `None`. No bloquea.
    ///
    /// # En Python
    ///
    /// `cerrojo.acquire(block=False)`.
    ///
    /// # Errors
    ///
    /// Los de [`acquire`](Lock::acquire).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Lock;
    ///
    /// let cerrojo = Lock::new()?;
    /// let turno = cerrojo.try_acquire()?;
    /// assert!(turno.is_some());
    /// assert!(cerrojo.try_acquire()?.is_none());
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn try_acquire(&self) -> Result<Option<LockGuard<'_>>, ProcessError> {
        Ok(try_acquire(&self.0)?.map(LockGuard))
    }

    /// Llama a `f` con el cerrojo cogido, lo suelta y da lo que devolvió. **Bloquea** mientras lo tenga otro.
    ///
    /// Si `f` entra en pánico, también lo suelta.
    ///
    /// # En Python
    ///
    /// `with cerrojo: …`
    ///
    /// # Errors
    ///
    /// Los de [`acquire`](Lock::acquire); entonces no llama a `f`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Lock;
    ///
    /// let cerrojo = Lock::new()?;
    /// assert_eq!(cerrojo.with(|| 2 + 2)?, 4);
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn with<R>(&self, f: impl FnOnce() -> R) -> Result<R, ProcessError> {
        let _guard = self.acquire()?;
        Ok(f())
    }

    /// ¿Lo tiene alguien? Es una foto: puede cambiar en cuanto la miras.
    ///
    /// # En Python
    ///
    /// `cerrojo.locked()`, desde la versión 3.14.
    pub fn is_locked(&self) -> bool {
        self.holder().is_some()
    }

    /// El PID de quien lo tiene.
    fn holder(&self) -> Option<u32> {
        match self.0.atomic_u32(WORD).load(Ordering::Relaxed) & !WAITERS {
            FREE => None,
            holder => Some(owner::pid(holder)),
        }
    }
}

/// `Lock(libre)` o `Lock(del proceso 123)`: cómo está en ese momento.
impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.holder() {
            None => f.write_str("Lock(libre)"),
            Some(pid) => write!(f, "Lock(del proceso {pid})"),
        }
    }
}

/// Un [`Lock`] cogido: se suelta al caer.
#[must_use = "el cerrojo se suelta en cuanto cae el guard: guárdalo en una variable (`let _turno = …`, no `let _ = …`)"]
#[derive(Debug)]
pub struct LockGuard<'a>(#[allow(dead_code, reason = "está para soltarse al caer")] RawGuard<'a>);
