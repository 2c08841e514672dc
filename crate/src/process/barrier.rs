//! `Barrier`: nadie pasa hasta que han llegado todos.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};

use super::channel::Wait;
use super::error::{Cause, ProcessError};
use super::futex;
use super::memory::{self, Shared};
use super::waiting::{signal, waiting};
use super::{lock, owner};
use crate::timeline::State;

// La memoria:
//
//  0  cerrojo
//  4  fase      en los tres últimos bits; los demás cambian cada vez que cambia; en ella se duerme
//  8  sitios    el número de quien espera en cada uno, o 0
//
// Quien espera ocupa un sitio hasta que se va, y mientras haya alguno ocupado no empieza otra vuelta: así cada uno sabe
// cómo acabó la suya. Todo cambio es una sola escritura: quien muera a medias no deja nada descuadrado.
const PHASE: usize = 4;
const SEATS: usize = 8;

const PHASE_BITS: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Van llegando.
    Filling,
    /// Han llegado todos y se van yendo.
    Passing,
    /// Se van yendo, y cuando acaben quedará rota.
    PassingThenBroken,
    /// Rota.
    Broken,
    /// La están arreglando: los que esperaban se van con un error.
    Resetting,
}

impl Phase {
    fn of(word: u32) -> Phase {
        match word & ((1 << PHASE_BITS) - 1) {
            0 => Phase::Filling,
            1 => Phase::Passing,
            2 => Phase::PassingThenBroken,
            3 => Phase::Broken,
            _ => Phase::Resetting,
        }
    }

    /// La fase que sigue cuando se ha ido el último.
    fn emptied(self) -> Phase {
        match self {
            Phase::Passing | Phase::Resetting => Phase::Filling,
            Phase::PassingThenBroken => Phase::Broken,
            Phase::Filling | Phase::Broken => self,
        }
    }
}

/// Una barrera entre procesos: los que llegan esperan hasta que son `parties`, y entonces pasan todos.
///
/// Sirve para muchas vueltas. Se rompe si a uno se le acaba el plazo, si muere un proceso que esperaba (los demás se
/// enteran en unos 50 ms) o con [`abort`](Barrier::abort): los que esperan y los que lleguen reciben un error hasta que
/// alguien la arregle con [`reset`](Barrier::reset). Del que muere *antes* de llegar no se sabe nada: si puede pasar,
/// espera con [`wait_timeout`](Barrier::wait_timeout).
///
/// Lo que se mande a otro proceso es la misma barrera, y un clon también. Vale igual entre los hilos de un proceso.
///
/// # En Python
///
/// ```python
/// barrera = multiprocessing.Barrier(3)
/// barrera.wait()
/// ```
///
/// Si muere un proceso que esperaba, los demás se quedan ahí para siempre.
///
/// # A pelo
///
/// `pthread_barrier_t` con `pshared`, que no está en macOS; entre hilos, [`std::sync::Barrier`].
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::process::{self, Barrier, Process, ProcessError};
///
/// fn etapas(barrera: Barrier) -> Result<usize, String> {
///     // Primera etapa…
///     let orden = barrera.wait().map_err(|error| error.to_string())?;
///     // …y ninguno empieza la segunda hasta que todos acaban la primera.
///     Ok(orden)
/// }
///
/// fn main() -> Result<(), ProcessError> {
///     process::init(); // en un cuaderno no hace falta
///     let barrera = Barrier::new(3)?;
///     let mut procesos: Vec<_> = (0..3).map(|_| Process::new(etapas, (barrera.clone(),))).collect();
///     for proceso in &mut procesos {
///         proceso.start()?;
///     }
///     let mut ordenes = procesos.iter().map(Process::join).collect::<Result<Result<Vec<_>, _>, _>>()?.unwrap();
///     ordenes.sort();
///     assert_eq!(ordenes, [0, 1, 2]);
///     Ok(())
/// }
/// ```
#[derive(Clone, Serialize, Deserialize)]
pub struct Barrier(Shared);

impl Barrier {
    /// Una barrera para `parties` procesos o hilos.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Barrier(3)`; lo que allí es `action`, lo hace quien recibe el índice 0.
    ///
    /// # Errors
    ///
    /// Si el sistema no da más memoria o más descriptores.
    ///
    /// # Panics
    ///
    /// Si `parties` es 0: no habría a quién esperar.
    pub fn new(parties: usize) -> Result<Barrier, ProcessError> {
        assert!(parties > 0, "una barrera es para uno o más, no para 0");
        let memory = memory::anonymous_for::<u32>(SEATS, parties)?;
        Ok(Barrier(Shared::new(memory)))
    }

    /// Espera a que lleguen todos. Da el orden de llegada: 0 el primero, `parties − 1` el último. **Bloquea.**
    ///
    /// Cuando vuelve, se ve todo lo que hizo cada uno antes de llegar.
    ///
    /// # En Python
    ///
    /// `barrera.wait()`.
    ///
    /// # Errors
    ///
    /// [`is_broken_barrier`](ProcessError::is_broken_barrier) si está rota, si se rompe mientras espera o si alguien
    /// llama a [`reset`](Barrier::reset).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    /// use concurrencia::process::Barrier;
    ///
    /// let barrera = Barrier::new(2)?;
    /// let clon = barrera.clone();
    /// let mut hilo = Thread::new(move || clon.wait());
    /// hilo.start()?;
    /// let orden = barrera.wait()?;
    /// assert_eq!(orden + hilo.join()??, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wait(&self) -> Result<usize, ProcessError> {
        self.wait_until(Wait::Forever)
    }

    /// Como [`wait`](Barrier::wait), pero espera como mucho `seconds` segundos de la lección; si no han llegado todos,
    /// **rompe la barrera** para todos.
    ///
    /// # En Python
    ///
    /// `barrera.wait(5)`.
    ///
    /// # Errors
    ///
    /// Los de `wait`. A quien se le acaba el plazo recibe el mismo que los demás: la barrera está rota.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Barrier;
    ///
    /// let barrera = Barrier::new(2)?;
    /// assert!(barrera.wait_timeout(0.1).unwrap_err().is_broken_barrier()); // no ha venido nadie más
    /// assert!(barrera.is_broken());
    /// barrera.reset();
    /// assert!(!barrera.is_broken());
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn wait_timeout(&self, seconds: impl Into<f64>) -> Result<usize, ProcessError> {
        self.wait_until(Wait::lesson(seconds.into()))
    }

    fn wait_until(&self, wait: Wait) -> Result<usize, ProcessError> {
        let Some((order, seat)) = self.arrive(wait)? else {
            // El último no ocupa sitio: no espera.
            return Ok(self.parties() - 1);
        };
        let outcome = self.wait_in_seat(wait);
        self.leave(seat);
        outcome.map(|()| order)
    }

    /// Ocupa un sitio, cuando se hayan ido los de la vuelta anterior. Da el orden de llegada y el sitio; nada si era el
    /// último y ya pasan todos.
    fn arrive(&self, wait: Wait) -> Result<Option<(usize, usize)>, ProcessError> {
        loop {
            let guard = lock::acquire_sound(&self.0);
            let seen = self.phase().load(Ordering::Acquire);
            match Phase::of(seen) {
                Phase::Broken | Phase::PassingThenBroken => {
                    return Err(Cause::BrokenBarrier.into());
                }
                Phase::Filling => {
                    let order = self.seated();
                    if order + 1 == self.parties() {
                        if self.someone_died() {
                            self.enter(Phase::Broken);
                            return Err(Cause::BrokenBarrier.into());
                        }
                        if order > 0 {
                            self.enter(Phase::Passing);
                        }
                        return Ok(None);
                    }
                    let seat = self
                        .seats()
                        .position(|seat| seat.load(Ordering::Relaxed) == 0);
                    let seat = seat.expect("hay más sitios que gente esperando");
                    self.seat(seat).store(owner::me(), Ordering::Release);
                    return Ok(Some((order, seat)));
                }
                Phase::Passing | Phase::Resetting => {
                    self.bury();
                    if self.seated() == 0 {
                        self.enter(Phase::of(seen).emptied());
                        continue;
                    }
                    if wait.is_over() {
                        // Los demás de su vuelta se quedarían sin él.
                        self.break_it(Phase::of(seen));
                        return Err(Cause::BrokenBarrier.into());
                    }
                }
            }
            drop(guard);
            futex::nap(self.phase(), seen, wait);
        }
    }

    /// Espera, ya en un sitio, a que se sepa cómo acaba la vuelta.
    fn wait_in_seat(&self, wait: Wait) -> Result<(), ProcessError> {
        let mut _waiting = None;
        loop {
            let seen = self.phase().load(Ordering::Acquire);
            match Phase::of(seen) {
                Phase::Filling => {}
                Phase::Passing | Phase::PassingThenBroken => return Ok(()),
                Phase::Broken | Phase::Resetting => return Err(Cause::BrokenBarrier.into()),
            }
            let note = || waiting(State::Lock, wait, &self.0, PHASE, "Barrier");
            _waiting.get_or_insert_with(note);
            futex::nap(self.phase(), seen, wait);
            let unchanged = || self.phase().load(Ordering::Relaxed) == seen;
            if unchanged() && (wait.is_over() || self.someone_died()) {
                let _guard = lock::acquire_sound(&self.0);
                // Puede haber llegado el último mientras tanto.
                if unchanged() {
                    self.enter(Phase::Broken);
                }
            }
        }
    }

    fn leave(&self, seat: usize) {
        let _guard = lock::acquire_sound(&self.0);
        self.seat(seat).store(0, Ordering::Release);
        self.settle();
    }

    /// Rompe la barrera: los que esperan y los que lleguen reciben un error. No bloquea.
    ///
    /// Los que ya estaban pasando pasan.
    ///
    /// # En Python
    ///
    /// `barrera.abort()`.
    pub fn abort(&self) {
        let _guard = lock::acquire_sound(&self.0);
        self.break_it(Phase::of(self.phase().load(Ordering::Relaxed)));
    }

    /// La deja como nueva. Si alguien esperaba, recibe un error. No bloquea.
    ///
    /// # En Python
    ///
    /// `barrera.reset()`.
    pub fn reset(&self) {
        let _guard = lock::acquire_sound(&self.0);
        match Phase::of(self.phase().load(Ordering::Relaxed)) {
            Phase::Filling | Phase::Broken => self.enter(Phase::Resetting),
            Phase::PassingThenBroken => self.enter(Phase::Passing),
            Phase::Passing | Phase::Resetting => {}
        }
        self.settle();
    }

    /// ¿Está rota?
    ///
    /// # En Python
    ///
    /// `barrera.broken`.
    pub fn is_broken(&self) -> bool {
        matches!(
            Phase::of(self.phase().load(Ordering::Acquire)),
            Phase::Broken | Phase::PassingThenBroken
        )
    }

    /// Para cuántos es.
    ///
    /// # En Python
    ///
    /// `barrera.parties`.
    pub fn parties(&self) -> usize {
        (self.0.len() - SEATS) / size_of::<u32>()
    }

    /// Cuántos esperan a que lleguen los demás. Es una foto: puede cambiar en cuanto la miras.
    ///
    /// # En Python
    ///
    /// `barrera.n_waiting`.
    pub fn n_waiting(&self) -> usize {
        let _guard = lock::acquire_sound(&self.0);
        match Phase::of(self.phase().load(Ordering::Relaxed)) {
            Phase::Filling => self.seated(),
            _ => 0,
        }
    }

    // LO QUE SIGUE, CON EL CERROJO COGIDO (menos mirar si ha muerto alguien)

    /// Cambia de fase y despierta a todos.
    fn enter(&self, phase: Phase) {
        let turn = (self.phase().load(Ordering::Relaxed) >> PHASE_BITS).wrapping_add(1);
        let word = turn << PHASE_BITS | phase as u32;
        signal(&self.0, PHASE);
        self.phase().store(word, Ordering::Release);
        futex::wake(self.phase(), u32::MAX);
    }

    fn break_it(&self, phase: Phase) {
        match phase {
            Phase::Passing => self.enter(Phase::PassingThenBroken),
            Phase::Filling | Phase::Resetting => self.enter(Phase::Broken),
            Phase::Broken | Phase::PassingThenBroken => {}
        }
    }

    /// Si se han ido todos los de la vuelta, la acaba.
    fn settle(&self) {
        let phase = Phase::of(self.phase().load(Ordering::Relaxed));
        if phase != phase.emptied() && self.seated() == 0 {
            self.enter(phase.emptied());
        }
    }

    fn seated(&self) -> usize {
        self.seats()
            .filter(|seat| seat.load(Ordering::Acquire) != 0)
            .count()
    }

    /// Deja libres los sitios de los procesos muertos.
    fn bury(&self) {
        for seat in self.seats() {
            let who = seat.load(Ordering::Relaxed);
            if who != 0 && !owner::is_alive(who) {
                seat.store(0, Ordering::Release);
            }
        }
    }

    /// ¿Ha muerto alguno de los que esperan?
    fn someone_died(&self) -> bool {
        self.seats()
            .map(|seat| seat.load(Ordering::Relaxed))
            .any(|who| who != 0 && who != owner::me() && !owner::is_alive(who))
    }

    fn phase(&self) -> &AtomicU32 {
        self.0.atomic_u32(PHASE)
    }

    fn seats(&self) -> impl Iterator<Item = &AtomicU32> {
        (0..self.parties()).map(|seat| self.seat(seat))
    }

    fn seat(&self, seat: usize) -> &AtomicU32 {
        self.0.atomic_u32(SEATS + seat * size_of::<u32>())
    }
}

/// `Barrier(2 de 3)`, `Barrier(rota)`: cómo está en ese momento.
impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_broken() {
            return f.write_str("Barrier(rota)");
        }
        write!(f, "Barrier({} de {})", self.n_waiting(), self.parties())
    }
}
