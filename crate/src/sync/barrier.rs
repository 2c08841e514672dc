//! `Barrier`: nadie pasa hasta que han llegado todos.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use parking_lot::Mutex;

use super::error::{Cause, SyncError};
use super::rounds::Rounds;
use super::{name, owner};
use crate::panic::panic_message;
use crate::time::deadline;
use crate::timeline::{self, Label, State};

/// Una barrera entre hilos: los que llegan esperan hasta que son `parties`, y entonces pasan todos.
///
/// Sirve para muchas vueltas. Puede hacer algo en cada una, cuando han llegado todos y antes de que pasen:
/// [`with_action`](Barrier::with_action). Se rompe si a uno se le acaba el plazo, si la acción entra en pánico o con
/// [`abort`](Barrier::abort): los que esperan y los que lleguen reciben un error hasta que alguien la arregle con
/// [`reset`](Barrier::reset). Del hilo que acaba (o entra en pánico) *antes* de llegar no se sabe nada: si puede pasar,
/// espera con [`wait_timeout`](Barrier::wait_timeout).
///
/// Un clon es otro mango de la misma barrera.
///
/// # En Python
///
/// ```python
/// barrera = threading.Barrier(3)
/// barrera.wait()
/// ```
///
/// # A pelo
///
/// [`std::sync::Barrier`], que no tiene plazos, ni se rompe, ni dice más que quién ha sido el último.
///
/// ```
/// use std::sync::Barrier;
/// use std::thread;
///
/// let barrera = Barrier::new(3);
/// thread::scope(|hilos| {
///     for _ in 0..3 {
///         hilos.spawn(|| barrera.wait().is_leader());
///     }
/// });
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
/// use concurrencia::sync::Barrier;
///
/// let barrera = Barrier::new(3);
/// let mut hilos: Vec<_> = (0..3)
///     .map(|_| {
///         let barrera = barrera.clone();
///         Thread::new(move || {
///             // Primera etapa…
///             barrera.wait()
///             // …y ninguno empieza la segunda hasta que todos acaban la primera.
///         })
///     })
///     .collect();
/// for hilo in &mut hilos {
///     hilo.start()?;
/// }
/// let mut ordenes = Vec::new();
/// for hilo in hilos {
///     ordenes.push(hilo.join()??);
/// }
/// ordenes.sort();
/// assert_eq!(ordenes, [0, 1, 2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Barrier(Arc<Inner>);

struct Inner {
    name: String,
    rounds: Rounds,
    // La hace uno solo a la vez: el cerrojo nunca hace esperar, y deja que la acción cambie lo suyo.
    action: Option<Mutex<Action>>,
}

type Action = Box<dyn FnMut() + Send>;

impl Barrier {
    /// Una barrera para `parties` hilos.
    ///
    /// Se llama «Barrier-1», «Barrier-2»… por orden de creación; [`with_name`](Barrier::with_name) le da otro nombre.
    ///
    /// # En Python
    ///
    /// `threading.Barrier(3)`.
    ///
    /// # Panics
    ///
    /// Si `parties` es 0: no habría a quién esperar.
    pub fn new(parties: usize) -> Barrier {
        static CREATED: AtomicUsize = AtomicUsize::new(0);
        assert!(parties > 0, "una barrera es para uno o más, no para 0");
        Barrier(Arc::new(Inner {
            name: name::next("Barrier", &CREATED),
            rounds: Rounds::new(parties),
            action: None,
        }))
    }

    /// Le pone nombre: el que sale en `Debug` y en los errores.
    ///
    /// # Panics
    ///
    /// Si ya se ha clonado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Barrier;
    ///
    /// let meta = Barrier::new(3).with_name("meta");
    /// assert_eq!(format!("{meta:?}"), "Barrier(«meta», 0 de 3)");
    /// ```
    #[must_use = "with_name devuelve la barrera con su nombre nuevo"]
    pub fn with_name(mut self, name: impl Into<String>) -> Barrier {
        self.unshared().name = name.into();
        self
    }

    /// Le da algo que hacer en cada vuelta: lo hace el último en llegar, y los demás pasan cuando acaba.
    ///
    /// Mientras tanto puede mirar la barrera, pero no esperarla. Si entra en pánico, la barrera se rompe y todos los de
    /// la vuelta reciben su mensaje.
    ///
    /// # En Python
    ///
    /// `threading.Barrier(3, action=resume)`.
    ///
    /// # Panics
    ///
    /// Si la barrera ya se ha clonado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::{Barrier, atomic::{AtomicU32, Ordering}};
    /// use std::sync::Arc;
    ///
    /// let vueltas = Arc::new(AtomicU32::new(0));
    /// let clon = Arc::clone(&vueltas);
    /// let barrera = Barrier::new(1).with_action(move || { clon.fetch_add(1, Ordering::Relaxed); });
    /// barrera.wait()?;
    /// barrera.wait()?;
    /// assert_eq!(vueltas.load(Ordering::Relaxed), 2);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    #[must_use = "with_action devuelve la barrera con su acción"]
    pub fn with_action(mut self, action: impl FnMut() + Send + 'static) -> Barrier {
        self.unshared().action = Some(Mutex::new(Box::new(action)));
        self
    }

    fn unshared(&mut self) -> &mut Inner {
        let old = self.name().to_owned();
        name::unshared(&mut self.0, &old)
    }

    /// Su nombre.
    pub fn name(&self) -> &str {
        &self.0.name
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
    /// [`is_broken_barrier`](SyncError::is_broken_barrier) si está rota, si se rompe mientras espera o si alguien llama a
    /// [`reset`](Barrier::reset); [`is_deadlock`](SyncError::is_deadlock) si la espera su propia acción.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    /// use concurrencia::sync::Barrier;
    ///
    /// let barrera = Barrier::new(2);
    /// let clon = barrera.clone();
    /// let mut hilo = Thread::new(move || clon.wait());
    /// hilo.start()?;
    /// let orden = barrera.wait()?;
    /// assert_eq!(orden + hilo.join()??, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wait(&self) -> Result<usize, SyncError> {
        self.wait_until(None)
    }

    /// Como [`wait`](Barrier::wait), pero espera como mucho `seconds` segundos de la lección; si no han llegado todos (o
    /// la acción no ha acabado), **rompe la barrera** para todos.
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
    /// use concurrencia::sync::Barrier;
    ///
    /// let barrera = Barrier::new(2);
    /// assert!(barrera.wait_timeout(0.1).unwrap_err().is_broken_barrier()); // no ha venido nadie más
    /// assert!(barrera.is_broken());
    /// barrera.reset();
    /// assert!(!barrera.is_broken());
    /// ```
    pub fn wait_timeout(&self, seconds: impl Into<f64>) -> Result<usize, SyncError> {
        self.wait_until(deadline(seconds))
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Result<usize, SyncError> {
        let action = self.0.action.as_ref().map(|action| || perform(action));
        let note = |object| timeline::waiting(State::Lock, object, || Label::owned(self.name()));
        let outcome = self.0.rounds.wait(owner::me(), deadline, action, note);
        outcome.map_err(|why| SyncError::new(self.name(), Cause::BrokenBarrier(why)))
    }

    /// Rompe la barrera: los que esperan y los que lleguen reciben un error. No bloquea.
    ///
    /// Los que ya han pasado, aunque aún no hayan vuelto de `wait`, pasan.
    ///
    /// # En Python
    ///
    /// `barrera.abort()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Barrier;
    ///
    /// let barrera = Barrier::new(2);
    /// barrera.abort();
    /// assert!(barrera.wait().unwrap_err().is_broken_barrier());
    /// ```
    pub fn abort(&self) {
        self.0.rounds.abort();
    }

    /// La deja como nueva. Si alguien esperaba, recibe un error. No bloquea.
    ///
    /// # En Python
    ///
    /// `barrera.reset()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Barrier;
    ///
    /// let barrera = Barrier::new(1);
    /// barrera.abort();
    /// assert!(barrera.is_broken());
    /// barrera.reset();
    /// assert_eq!(barrera.wait()?, 0);
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn reset(&self) {
        self.0.rounds.reset();
    }

    /// ¿Está rota?
    ///
    /// # En Python
    ///
    /// `barrera.broken`.
    pub fn is_broken(&self) -> bool {
        self.0.rounds.is_broken()
    }

    /// Para cuántos es.
    ///
    /// # En Python
    ///
    /// `barrera.parties`.
    pub fn parties(&self) -> usize {
        self.0.rounds.parties()
    }

    /// Cuántos esperan a que lleguen los demás. Es una foto: puede cambiar en cuanto la miras.
    ///
    /// # En Python
    ///
    /// `barrera.n_waiting`.
    pub fn n_waiting(&self) -> usize {
        self.0.rounds.n_waiting()
    }
}

/// Hace la acción; si entra en pánico, da su mensaje.
fn perform(action: &Mutex<Action>) -> Result<(), String> {
    let mut action = action.lock();
    // Lo que la acción deje a medias es suyo: la barrera no lo mira.
    catch_unwind(AssertUnwindSafe(&mut **action))
        .map_err(|payload| panic_message(&*payload).to_owned())
}

/// `Barrier(«meta», 2 de 3)`, `Barrier(«meta», rota)`: cómo está en ese momento.
impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        if self.is_broken() {
            return write!(f, "Barrier(«{name}», rota)");
        }
        write!(
            f,
            "Barrier(«{name}», {} de {})",
            self.n_waiting(),
            self.parties()
        )
    }
}
