//! `Semaphore`: deja pasar a unos cuantos a la vez.

use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};

use super::channel::Wait;
use super::error::{Cause, ProcessError};
use super::memory::{self, Shared};
use super::waiting::{signal, waiting};
use super::{futex, lock, owner};
use crate::timeline::State;

// La memoria:
//
//  0  cerrojo
//  4  total    las plazas que hay, contando las de los permisos
//  8  tope     de cuántas no puede pasar
// 12  turno    cambia cada vez que se suelta una plaza; en él se duerme
// 16  permisos el número de quien tiene cada uno, o 0
//
// Libres hay `total` menos los permisos dados. Todo cambio es una sola escritura: quien muera a medias no deja nada
// descuadrado.
const TOTAL: usize = 4;
const LIMIT: usize = 8;
const TURN: usize = 12;
const PERMITS: usize = 16;

/// Los permisos a los que se les sigue la pista.
const MAX_PERMITS: u32 = 1 << 10;

/// Un semáforo entre procesos: deja pasar a `n` a la vez, y los demás esperan.
///
/// Hay dos formas de usarlo. [`permit`](Semaphore::permit) da un permiso que se suelta al caer; si el proceso que lo
/// tenía muere, el permiso vuelve (en unos 50 ms, cuando a alguien le hace falta). [`acquire`](Semaphore::acquire) y
/// [`release`](Semaphore::release) van sueltos, como en Python: puede soltar un proceso lo que cogió otro, y por eso lo
/// que coge uno que muere no vuelve.
///
/// Lo que se mande a otro proceso es el mismo semáforo, y un clon también. Vale igual entre los hilos de un proceso.
///
/// # En Python
///
/// ```python
/// descargas = multiprocessing.Semaphore(2)
/// with descargas:
///     ...
/// ```
///
/// Si un proceso muere dentro del `with`, su plaza se pierde.
///
/// # A pelo
///
/// `sem_t` con `pshared`, o una palabra atómica en una memoria compartida y `futex`. std no tiene semáforos.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::process::{self, Process, ProcessError, Semaphore};
/// use concurrencia::sleep;
///
/// fn descarga(plazas: Semaphore, id: u32) -> u32 {
///     let _plaza = plazas.permit(); // como mucho dos a la vez
///     sleep(0.1);
///     id
/// }
///
/// fn main() -> Result<(), ProcessError> {
///     process::init(); // en un cuaderno no hace falta
///     let plazas = Semaphore::new(2)?;
///     let mut procesos: Vec<_> = (0..4).map(|id| Process::new(descarga, (plazas.clone(), id))).collect();
///     for proceso in &mut procesos {
///         proceso.start()?;
///     }
///     for (id, proceso) in (0..).zip(&procesos) {
///         assert_eq!(proceso.join()?, id);
///     }
///     assert_eq!(plazas.value(), 2);
///     Ok(())
/// }
/// ```
#[derive(Clone, Serialize, Deserialize)]
pub struct Semaphore(Shared);

impl Semaphore {
    /// Un semáforo con `value` plazas.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Semaphore(2)`.
    ///
    /// # Errors
    ///
    /// Si el sistema no da más memoria o más descriptores.
    pub fn new(value: u32) -> Result<Semaphore, ProcessError> {
        Semaphore::with_limit(value, u32::MAX)
    }

    fn with_limit(value: u32, limit: u32) -> Result<Semaphore, ProcessError> {
        let slots = value.min(MAX_PERMITS) as usize;
        let memory = memory::anonymous_for::<u32>(PERMITS, slots)?;
        memory.atomic_u32(TOTAL).store(value, Ordering::Relaxed);
        memory.atomic_u32(LIMIT).store(limit, Ordering::Relaxed);
        Ok(Semaphore(Shared::new(memory)))
    }

    /// Ocupa una plaza y da un permiso que la deja al caer. **Bloquea** mientras no haya ninguna libre.
    ///
    /// # En Python
    ///
    /// `with semaforo:`
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Semaphore;
    ///
    /// let plazas = Semaphore::new(2)?;
    /// {
    ///     let _plaza = plazas.permit();
    ///     assert_eq!(plazas.value(), 1);
    /// }
    /// assert_eq!(plazas.value(), 2);
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn permit(&self) -> Permit<'_> {
        loop {
            // Sin plazo no hay error posible.
            if let Some(permit) = self.permit_until(Wait::Forever) {
                return permit;
            }
        }
    }

    /// Como [`permit`](Semaphore::permit), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # Errors
    ///
    /// [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    pub fn permit_timeout(&self, seconds: impl Into<f64>) -> Result<Permit<'_>, ProcessError> {
        let permit = self.permit_until(Wait::lesson(seconds.into()));
        permit.ok_or_else(|| Cause::Timeout.into())
    }

    /// Un permiso si hay una plaza libre; si no, `None`. No bloquea.
    pub fn try_permit(&self) -> Option<Permit<'_>> {
        self.permit_until(Wait::Never)
    }

    fn permit_until(&self, wait: Wait) -> Option<Permit<'_>> {
        let slot = self.wait_for(wait, || {
            let free = self
                .permits()
                .position(|permit| permit.load(Ordering::Relaxed) == 0);
            match free {
                Some(slot) => self.slot(slot).store(owner::me(), Ordering::Relaxed),
                // Hay más plazas que permisos con dueño: esta va suelta.
                None => self.take_loose(),
            }
            free
        })?;
        Some(Permit {
            semaphore: self,
            slot,
        })
    }

    /// Ocupa una plaza, hasta que alguien llame a [`release`](Semaphore::release). **Bloquea** mientras no haya ninguna
    /// libre.
    ///
    /// # En Python
    ///
    /// `semaforo.acquire()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Semaphore;
    ///
    /// let pedidos = Semaphore::new(0)?; // nadie pasa hasta que alguien suelte
    /// assert!(!pedidos.try_acquire());
    /// pedidos.release()?;
    /// pedidos.acquire();
    /// assert_eq!(pedidos.value(), 0);
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn acquire(&self) {
        while !self.acquire_until(Wait::Forever) {}
    }

    /// Como [`acquire`](Semaphore::acquire), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `semaforo.acquire(timeout=5)`, que devuelve `False` si se acaba el plazo.
    ///
    /// # Errors
    ///
    /// [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    pub fn acquire_timeout(&self, seconds: impl Into<f64>) -> Result<(), ProcessError> {
        if self.acquire_until(Wait::lesson(seconds.into())) {
            Ok(())
        } else {
            Err(Cause::Timeout.into())
        }
    }

    /// Ocupa una plaza si hay alguna libre, y dice si la ha ocupado. No bloquea.
    ///
    /// # En Python
    ///
    /// `semaforo.acquire(block=False)`.
    #[must_use = "dice si ha ocupado una plaza: si sí, hay que soltarla con release"]
    pub fn try_acquire(&self) -> bool {
        self.acquire_until(Wait::Never)
    }

    fn acquire_until(&self, wait: Wait) -> bool {
        self.wait_for(wait, || self.take_loose()).is_some()
    }

    /// Deja libre una plaza, la haya ocupado quien la haya ocupado. No bloquea.
    ///
    /// En un `Semaphore` se puede soltar sin haber cogido: es una plaza más.
    ///
    /// # En Python
    ///
    /// `semaforo.release()`.
    ///
    /// # Errors
    ///
    /// [`is_overreleased`](ProcessError::is_overreleased) si es un [`BoundedSemaphore`] y no había ninguna ocupada.
    pub fn release(&self) -> Result<(), ProcessError> {
        let guard = lock::acquire_sound(&self.0);
        let total = self.total().load(Ordering::Relaxed);
        if total >= self.0.atomic_u32(LIMIT).load(Ordering::Relaxed) {
            return Err(Cause::Overreleased.into());
        }
        self.total().store(total + 1, Ordering::Release);
        drop(guard);
        self.notify();
        Ok(())
    }

    /// Cuántas plazas hay libres. Es una foto: puede cambiar en cuanto la miras.
    ///
    /// # En Python
    ///
    /// `semaforo.get_value()`, que no está en macOS.
    pub fn value(&self) -> u32 {
        let _guard = lock::acquire_sound(&self.0);
        self.free()
    }

    /// Espera a que haya una plaza libre y la ocupa con `take`; nada si se acaba el plazo.
    fn wait_for<R>(&self, wait: Wait, take: impl Fn() -> R) -> Option<R> {
        let mut _waiting = None;
        loop {
            let turn = self.turn().load(Ordering::Acquire);
            let guard = lock::acquire_sound(&self.0);
            if self.free() > 0 {
                return Some(take());
            }
            drop(guard);
            if self.bury() {
                continue;
            }
            if wait.is_over() {
                return None;
            }
            let note = || waiting(State::Lock, wait, &self.0, TURN, "Semaphore");
            _waiting.get_or_insert_with(note);
            futex::nap(self.turn(), turn, wait);
        }
    }

    /// Las plazas libres. Con el cerrojo cogido: si no, dos verían la misma.
    fn free(&self) -> u32 {
        let held = self
            .permits()
            .filter(|permit| permit.load(Ordering::Acquire) != 0);
        // No hay más permisos que plazas: se mira antes de dar cada uno.
        self.total().load(Ordering::Acquire) - held.count() as u32
    }

    fn take_loose(&self) {
        self.total().fetch_sub(1, Ordering::Relaxed);
    }

    /// Recupera los permisos de los procesos muertos. ¿Había alguno?
    fn bury(&self) -> bool {
        let mut found = false;
        for permit in self.permits() {
            let holder = permit.load(Ordering::Relaxed);
            if holder != 0 && !owner::is_alive(holder) {
                // Puede haberlo recuperado otro, y tenerlo ya un tercero.
                let (order, failed) = (Ordering::AcqRel, Ordering::Relaxed);
                found |= permit.compare_exchange(holder, 0, order, failed).is_ok();
            }
        }
        found
    }

    fn notify(&self) {
        signal(&self.0, TURN);
        self.turn().fetch_add(1, Ordering::Release);
        futex::wake(self.turn(), 1);
    }

    fn total(&self) -> &AtomicU32 {
        self.0.atomic_u32(TOTAL)
    }

    fn turn(&self) -> &AtomicU32 {
        self.0.atomic_u32(TURN)
    }

    fn permits(&self) -> impl Iterator<Item = &AtomicU32> {
        let count = (self.0.len() - PERMITS) / size_of::<u32>();
        (0..count).map(|slot| self.slot(slot))
    }

    fn slot(&self, slot: usize) -> &AtomicU32 {
        self.0.atomic_u32(PERMITS + slot * size_of::<u32>())
    }
}

/// `Semaphore(2)`: las plazas libres en ese momento.
impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Semaphore").field(&self.value()).finish()
    }
}

/// Una plaza de un [`Semaphore`]: queda libre al caer, y también si el proceso muere.
#[must_use = "la plaza queda libre en cuanto cae el permiso: guárdalo en una variable (`let _plaza = …`, no `let _ = …`)"]
#[derive(Debug)]
pub struct Permit<'a> {
    semaphore: &'a Semaphore,
    /// El suyo, o nada si va suelta.
    slot: Option<usize>,
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        match self.slot {
            Some(slot) => {
                self.semaphore.slot(slot).store(0, Ordering::Release);
                self.semaphore.notify();
            }
            // Pasa del tope quien ha llamado a `release` por un permiso, y a ese ya se le ha contado.
            None => drop(self.semaphore.release()),
        }
    }
}

/// Un [`Semaphore`] en el que soltar de más es un error.
///
/// Es un `Semaphore` en todo lo demás, y donde se pide un `&Semaphore` vale.
///
/// # En Python
///
/// `multiprocessing.BoundedSemaphore(2)`. En macOS deja soltar de más sin decir nada.
///
/// # Examples
///
/// ```
/// use concurrencia::process::BoundedSemaphore;
///
/// let plazas = BoundedSemaphore::new(2)?;
/// plazas.acquire();
/// plazas.release()?;
/// assert!(plazas.release().unwrap_err().is_overreleased());
/// # Ok::<(), concurrencia::ProcessError>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BoundedSemaphore(Semaphore);

impl BoundedSemaphore {
    /// Un semáforo con `value` plazas, y nunca más.
    ///
    /// # En Python
    ///
    /// `multiprocessing.BoundedSemaphore(2)`.
    ///
    /// # Errors
    ///
    /// Si el sistema no da más memoria o más descriptores.
    pub fn new(value: u32) -> Result<BoundedSemaphore, ProcessError> {
        Semaphore::with_limit(value, value).map(BoundedSemaphore)
    }
}

impl Deref for BoundedSemaphore {
    type Target = Semaphore;

    fn deref(&self) -> &Semaphore {
        &self.0
    }
}

/// `BoundedSemaphore(2)`: las plazas libres en ese momento.
impl fmt::Debug for BoundedSemaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BoundedSemaphore")
            .field(&self.value())
            .finish()
    }
}
