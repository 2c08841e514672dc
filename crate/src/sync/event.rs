//! `Event`: un aviso que despierta a todos los que lo esperan.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use super::error::{Cause, SyncError};
use super::name;
use crate::monitor::Monitor;
use crate::time::deadline;
use crate::timeline::{self, Label, State};

/// Un aviso entre hilos: unos esperan a que esté dado y otro lo da.
///
/// Una vez dado, nadie espera hasta que alguien lo retire con [`clear`](Event::clear). Un clon es otro mango del mismo
/// aviso.
///
/// # En Python
///
/// ```python
/// salida = threading.Event()
/// salida.wait()   # en los corredores
/// salida.set()    # en el juez
/// ```
///
/// # A pelo
///
/// ```
/// use std::sync::{Condvar, Mutex};
/// use std::thread;
///
/// let (dado, aviso) = (Mutex::new(false), Condvar::new());
/// thread::scope(|hilos| {
///     hilos.spawn(|| drop(aviso.wait_while(dado.lock().unwrap(), |dado| !*dado).unwrap()));
///     *dado.lock().unwrap() = true;
///     aviso.notify_all();
/// });
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
/// use concurrencia::sync::Event;
///
/// let salida = Event::new();
/// let mut corredores: Vec<_> = (1..=3)
///     .map(|dorsal| {
///         let salida = salida.clone();
///         Thread::new(move || { salida.wait(); dorsal })
///     })
///     .collect();
/// for corredor in &mut corredores {
///     corredor.start()?;
/// }
/// salida.set(); // los tres a la vez
/// let dorsales = corredores.into_iter().map(Thread::join).collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(dorsales, [1, 2, 3]);
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
#[derive(Clone)]
pub struct Event(Arc<Inner>);

struct Inner {
    name: String,
    /// Cambia con `times` cogido; así se puede mirar sin cogerlo.
    set: AtomicBool,
    /// Cuántas veces se ha dado: quien esperaba sabe que se dio aunque ya lo hayan retirado.
    times: Monitor<u64>,
}

impl Event {
    /// Un aviso nuevo, sin dar.
    ///
    /// Se llama «Event-1», «Event-2»… por orden de creación; [`with_name`](Event::with_name) le da otro nombre.
    ///
    /// # En Python
    ///
    /// `threading.Event()`.
    #[expect(
        clippy::new_without_default,
        reason = "cada uno tiene su nombre: no hay uno por omisión"
    )]
    pub fn new() -> Event {
        static CREATED: AtomicUsize = AtomicUsize::new(0);
        Event(Arc::new(Inner {
            name: name::next("Event", &CREATED),
            set: AtomicBool::new(false),
            times: Monitor::new(0),
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
    /// use concurrencia::sync::Event;
    ///
    /// let salida = Event::new().with_name("salida");
    /// assert_eq!(format!("{salida:?}"), "Event(«salida», sin dar)");
    /// ```
    #[must_use = "with_name devuelve el aviso con su nombre nuevo"]
    pub fn with_name(mut self, name: impl Into<String>) -> Event {
        let old = self.name().to_owned();
        name::unshared(&mut self.0, &old).name = name.into();
        self
    }

    /// Su nombre.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Da el aviso: despierta a todos los que lo esperan, aunque se retire enseguida. No bloquea.
    ///
    /// Quien despierta ve todo lo que se hizo antes de darlo. Si ya estaba dado, no hace nada.
    ///
    /// # En Python
    ///
    /// `aviso.set()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Event;
    ///
    /// let aviso = Event::new();
    /// aviso.set();
    /// aviso.wait(); // ya está dado: no espera
    /// ```
    pub fn set(&self) {
        self.0.times.change_for_all(|times| {
            if !self.0.set.swap(true, Ordering::Release) {
                *times += 1;
            }
        });
    }

    /// Lo retira: los que lleguen después esperarán. No bloquea.
    ///
    /// # En Python
    ///
    /// `aviso.clear()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Event;
    ///
    /// let aviso = Event::new();
    /// aviso.set();
    /// aviso.clear();
    /// assert!(aviso.wait_timeout(0).unwrap_err().is_timeout());
    /// ```
    pub fn clear(&self) {
        self.0
            .times
            .with(|_| self.0.set.store(false, Ordering::Relaxed));
    }

    /// ¿Está dado? Es una foto: puede cambiar en cuanto la miras.
    ///
    /// Quien ve que sí ve también todo lo que se hizo antes de darlo.
    ///
    /// # En Python
    ///
    /// `aviso.is_set()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Event;
    ///
    /// let aviso = Event::new();
    /// assert!(!aviso.is_set());
    /// aviso.set();
    /// assert!(aviso.is_set());
    /// aviso.clear();
    /// assert!(!aviso.is_set());
    /// ```
    pub fn is_set(&self) -> bool {
        self.0.set.load(Ordering::Acquire)
    }

    /// Espera a que esté dado. **Bloquea**; si ya lo estaba, vuelve enseguida.
    ///
    /// # En Python
    ///
    /// `aviso.wait()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    /// use concurrencia::sync::Event;
    ///
    /// let aviso = Event::new();
    /// let clon = aviso.clone();
    /// let mut hilo = Thread::new(move || clon.set());
    /// hilo.start()?;
    /// aviso.wait(); // hasta que el otro lo dé
    /// hilo.join()?;
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn wait(&self) {
        self.wait_until(None);
    }

    /// Como [`wait`](Event::wait), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `aviso.wait(5)`, que devuelve `False` si se acaba el plazo.
    ///
    /// # Errors
    ///
    /// [`is_timeout`](SyncError::is_timeout) si se acaba el plazo.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Event;
    ///
    /// let aviso = Event::new();
    /// assert!(aviso.wait_timeout(0.1).unwrap_err().is_timeout());
    /// aviso.set();
    /// assert!(aviso.wait_timeout(0.1).is_ok());
    /// ```
    pub fn wait_timeout(&self, seconds: impl Into<f64>) -> Result<(), SyncError> {
        if self.wait_until(deadline(seconds)) {
            Ok(())
        } else {
            Err(SyncError::new(self.name(), Cause::Timeout))
        }
    }

    fn wait_until(&self, deadline: Option<Instant>) -> bool {
        if self.is_set() {
            return true;
        }
        let mut before = None;
        let arrived = |times: &mut u64| {
            let before = *before.get_or_insert(*times);
            (self.is_set() || *times != before).then_some(())
        };
        let note = |object| timeline::waiting(State::Lock, object, || Label::owned(self.name()));
        let given = self.0.times.wait_noting(deadline, arrived, note);
        given.is_some()
    }
}

/// `Event(«salida», dado)` o `Event(«salida», sin dar, esperan 2)`: cómo está en ese momento.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_set() { "dado" } else { "sin dar" };
        let waiting = name::waiting(self.0.times.asleep());
        write!(f, "Event(«{}», {state}{waiting})", self.name())
    }
}
