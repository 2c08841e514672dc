//! `Timer`: llamar a una función dentro de un rato, si no se cancela antes.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::countdown::Countdown;
use crate::thread::{Thread, ThreadError};
use crate::time::to_real;

/// Una función que se llama en otro hilo pasados unos segundos, si antes no se [cancela](Timer::cancel).
///
/// El plazo empieza a contar con [`start`](Timer::start), en segundos de la lección. Lo que devuelve la función se recoge
/// con [`join`](Timer::join); si se canceló, es `None`.
///
/// Es un [`Thread`](crate::Thread) que primero espera, y soltarlo es lo mismo: si no ha arrancado, la función no se
/// llama nunca; si ha arrancado **no se cancela**, y la función se llama a su hora aunque ya nadie vaya a recoger su
/// valor. Si el programa acaba antes, no se llama.
///
/// # En Python
///
/// ```python
/// aviso = threading.Timer(30, avisa)
/// aviso.start()
/// aviso.cancel()   # si llega tarde, nadie se entera
/// ```
///
/// # A pelo
///
/// Un canal por el que cancelar: esperar con plazo a que llegue algo por él.
///
/// ```
/// use concurrencia::crossbeam::channel;
/// use std::{thread, time::Duration};
///
/// let (cancela, cancelado) = channel::bounded::<()>(1);
/// let hilo = thread::spawn(move || match cancelado.recv_timeout(Duration::from_secs(30)) {
///     Ok(()) => None,
///     Err(_) => Some("¡ya!"),
/// });
/// cancela.send(())?;
/// assert_eq!(hilo.join().unwrap(), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::Timer;
///
/// let mut aviso = Timer::new(0.1, || "¡ya!");
/// aviso.start()?;
/// assert_eq!(aviso.join()?, Some("¡ya!"));
///
/// let mut aviso = Timer::new(1_000_000, || "nunca");
/// aviso.start()?;
/// assert!(aviso.cancel());
/// assert_eq!(aviso.join()?, None); // sin esperar el plazo
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub struct Timer<T> {
    countdown: Arc<Countdown>,
    thread: Thread<Option<T>>,
}

impl<T: Send + 'static> Timer<T> {
    /// Un temporizador sin arrancar, que llamará a `f` pasados `seconds` segundos de la lección. No bloquea.
    ///
    /// Si el plazo es tan largo que el sistema no sabe contarlo, no llega nunca: solo se puede cancelar.
    ///
    /// # En Python
    ///
    /// `threading.Timer(seconds, f)`.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Timer;
    ///
    /// let aviso = Timer::new(5, || println!("han pasado 5 s"));
    /// assert!(!aviso.is_alive());
    /// ```
    pub fn new(seconds: impl Into<f64>, f: impl FnOnce() -> T + Send + 'static) -> Timer<T> {
        let delay = to_real(seconds);
        let countdown = Arc::new(Countdown::new());
        let theirs = Arc::clone(&countdown);
        let thread = Thread::new(move || {
            let at = Instant::now().checked_add(delay);
            theirs.finish_after(|| theirs.fire_at(at).then(f))
        });
        Timer { countdown, thread }
    }

    /// Lo pone en marcha y vuelve enseguida: el plazo empieza a contar ahora.
    ///
    /// Si ya se canceló, arranca y acaba sin llamar a la función.
    ///
    /// # En Python
    ///
    /// `timer.start()`.
    ///
    /// # Errors
    ///
    /// Los de [`Thread::start`](crate::Thread::start): ya se había arrancado, o el sistema no da más hilos.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Timer;
    ///
    /// let mut aviso = Timer::new(0, || 7);
    /// aviso.start()?;
    /// assert!(aviso.start().unwrap_err().is_already_started());
    /// assert_eq!(aviso.join()?, Some(7));
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn start(&mut self) -> Result<(), ThreadError> {
        self.thread.start()
    }

    /// Espera a que acabe y da lo que devolvió la función, o `None` si se canceló.
    ///
    /// **Bloquea**, sin plazo: lo que falte hasta la hora y lo que tarde la función.
    ///
    /// # En Python
    ///
    /// `timer.join()`, que devuelve siempre `None`.
    ///
    /// # Errors
    ///
    /// Los de [`Thread::join`](crate::Thread::join): la función entró en pánico
    /// ([`is_panic`](ThreadError::is_panic)) o no se había arrancado ([`is_not_started`](ThreadError::is_not_started)).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Timer;
    ///
    /// let mut aviso = Timer::new(0, || -> u8 { panic!("sin conexión") });
    /// aviso.start()?;
    /// let error = aviso.join().unwrap_err();
    /// assert_eq!(error.panic_message(), Some("sin conexión"));
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn join(self) -> Result<Option<T>, ThreadError> {
        self.thread.join()
    }

    /// Como [`join`](Timer::join), pero espera como mucho `seconds` segundos de la lección y no consume el `Timer`.
    ///
    /// # En Python
    ///
    /// `timer.join(timeout=seconds)`; luego hay que mirar `is_alive()`.
    ///
    /// # Errors
    ///
    /// [`is_timeout`](ThreadError::is_timeout) si se acaba el plazo, y se puede volver a esperar; los de `join`; e
    /// [`is_already_joined`](ThreadError::is_already_joined) si ya se había recogido.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Timer;
    ///
    /// let mut aviso = Timer::new(1_000_000, || ());
    /// aviso.start()?;
    /// assert!(aviso.join_timeout(0.1).unwrap_err().is_timeout());
    /// aviso.cancel();
    /// assert_eq!(aviso.join_timeout(60)?, None);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn join_timeout(&mut self, seconds: impl Into<f64>) -> Result<Option<T>, ThreadError> {
        self.thread.join_timeout(seconds)
    }
}

impl<T> Timer<T> {
    /// Lo cancela. `true` si la función ya no se va a llamar; `false` si llega tarde: se está ejecutando o ha acabado.
    ///
    /// No bloquea. El hilo se despierta y acaba ya, sin esperar el plazo, y suelta la función. Una función a medias no
    /// se interrumpe. Se puede cancelar antes de arrancar, y más de una vez.
    ///
    /// # En Python
    ///
    /// `timer.cancel()`, que no dice si ha llegado a tiempo.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Timer;
    ///
    /// let mut aviso = Timer::new(1_000_000, || "nunca");
    /// aviso.start()?;
    /// assert!(aviso.cancel());
    /// assert!(aviso.finished());
    /// assert_eq!(aviso.join()?, None);
    ///
    /// let mut aviso = Timer::new(0, || "ya");
    /// aviso.start()?;
    /// while !aviso.finished() {}
    /// assert!(!aviso.cancel());
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn cancel(&self) -> bool {
        let in_time = self.countdown.trigger.cancel();
        if in_time {
            self.countdown.wake();
        }
        in_time
    }

    /// ¿Ha acabado la función, o se canceló? No bloquea.
    ///
    /// # En Python
    ///
    /// `timer.finished.is_set()`.
    pub fn finished(&self) -> bool {
        self.countdown.trigger.is_over()
    }

    /// ¿Sigue su hilo en marcha, esperando la hora o con la función? No bloquea.
    ///
    /// # En Python
    ///
    /// `timer.is_alive()`.
    pub fn is_alive(&self) -> bool {
        self.thread.is_alive()
    }

    /// Pone nombre a su hilo, como [`Thread::with_name`](crate::Thread::with_name).
    ///
    /// # En Python
    ///
    /// `timer.name = "aviso"`.
    ///
    /// # Panics
    ///
    /// Si ya ha arrancado, o si el nombre lleva el carácter nulo.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Timer;
    ///
    /// let aviso = Timer::new(5, || ()).with_name("aviso");
    /// assert_eq!(format!("{aviso:?}"), "Timer(aviso, sin arrancar)");
    /// ```
    #[must_use = "with_name devuelve el temporizador con su nombre nuevo"]
    pub fn with_name(mut self, name: impl Into<String>) -> Timer<T> {
        self.thread = self.thread.with_name(name);
        self
    }

    /// Hace demonio su hilo: un [`Block`](crate::thread::Block) no lo espera, como
    /// [`Thread::with_daemon`](crate::Thread::with_daemon).
    ///
    /// # En Python
    ///
    /// `timer.daemon = True`.
    ///
    /// # Panics
    ///
    /// Si ya ha arrancado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Timer;
    ///
    /// let aviso = Timer::new(5, || ()).with_daemon(true);
    /// assert!(aviso.is_daemon());
    /// ```
    #[must_use = "with_daemon devuelve el temporizador cambiado"]
    pub fn with_daemon(mut self, daemon: bool) -> Timer<T> {
        self.thread = self.thread.with_daemon(daemon);
        self
    }

    /// ¿Es un demonio su hilo?
    pub fn is_daemon(&self) -> bool {
        self.thread.is_daemon()
    }

    /// El nombre de su hilo.
    ///
    /// # En Python
    ///
    /// `timer.name`.
    pub fn name(&self) -> &str {
        self.thread.name()
    }
}

/// `Timer(aviso, esperando)`: el nombre y el estado en ese momento.
impl<T> fmt::Debug for Timer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self
            .countdown
            .trigger
            .describe(self.thread.ident().is_some());
        write!(f, "Timer({}, {state})", self.name())
    }
}
