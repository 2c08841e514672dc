//! `RepeatingTimer`: llamar a una función cada cierto tiempo.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::IntoControlFlow;
use super::countdown::Countdown;
use super::schedule::Schedule;
use crate::thread::{Thread, ThreadError};
use crate::time::to_real;

/// Una función que se llama en otro hilo cada ciertos segundos, hasta que se [cancela](RepeatingTimer::cancel) o ella
/// misma dice que ya está.
///
/// La primera llamada es pasado un intervalo desde [`start`](RepeatingTimer::start), y la k-ésima, pasados k: lo que
/// tarde la función o el sistema en despertar no retrasa las siguientes. Si la función tarda más que el intervalo, las
/// llamadas que se ha perdido **se saltan**, y la siguiente es a la hora que le tocaba. No hay nunca dos a la vez.
///
/// La función devuelve `()`, y entonces sigue hasta que la cancelen, o un [`ControlFlow`]: con `Break(v)` se para y
/// [`join`](RepeatingTimer::join) da `Some(v)`. Un pánico también lo para, y sale en `join`.
///
/// Soltarlo **no lo cancela**: si ha arrancado, sigue repitiendo hasta que la función diga que ya está o acabe el
/// programa.
///
/// # En Python
///
/// No existe. Lo corriente es un `threading.Timer` que al dispararse arranca otro, un hilo cada vez: cada repetición se
/// retrasa un poco más, y cancelar justo entonces no la para.
///
/// # A pelo
///
/// [`crossbeam::channel::tick`](crate::crossbeam::channel::tick), o `tokio::time::interval` con
/// `MissedTickBehavior::Skip`.
///
/// # Examples
///
/// ```
/// use concurrencia::RepeatingTimer;
/// use std::ops::ControlFlow;
///
/// let mut cuenta = 3;
/// let mut cohete = RepeatingTimer::new(0.1, move || {
///     cuenta -= 1;
///     if cuenta == 0 { ControlFlow::Break("¡despegue!") } else { ControlFlow::Continue(()) }
/// });
/// cohete.start()?;
/// assert_eq!(cohete.join()?, Some("¡despegue!"));
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub struct RepeatingTimer<V = ()> {
    shared: Arc<Shared>,
    thread: Thread<Option<V>>,
}

struct Shared {
    countdown: Countdown,
    fired: AtomicU64,
}

impl<V: Send + 'static> RepeatingTimer<V> {
    /// Un temporizador sin arrancar, que llamará a `f` cada `seconds` segundos de la lección. No bloquea.
    ///
    /// # Panics
    ///
    /// Si los segundos son 0 (o tan pocos que se quedan en nada), negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::RepeatingTimer;
    ///
    /// let latido = RepeatingTimer::new(1, || println!("sigo aquí"));
    /// assert_eq!(latido.fired(), 0);
    /// ```
    pub fn new<R>(
        seconds: impl Into<f64>,
        mut f: impl FnMut() -> R + Send + 'static,
    ) -> RepeatingTimer<V>
    where
        R: IntoControlFlow<Value = V>,
    {
        let interval = to_real(seconds);
        assert!(
            !interval.is_zero(),
            "un temporizador no se puede repetir cada 0 segundos: para no parar nunca, usa un bucle en un Thread"
        );
        let shared = Arc::new(Shared {
            countdown: Countdown::new(),
            fired: AtomicU64::new(0),
        });
        let theirs = Arc::clone(&shared);
        let thread = Thread::new(move || {
            let mut schedule = Schedule::new(Instant::now(), interval);
            theirs
                .countdown
                .finish_after(|| theirs.repeat(&mut schedule, &mut f))
        });
        RepeatingTimer { shared, thread }
    }

    /// Lo pone en marcha y vuelve enseguida: el primer intervalo empieza a contar ahora.
    ///
    /// Si ya se canceló, arranca y acaba sin llamar a la función.
    ///
    /// # Errors
    ///
    /// Los de [`Thread::start`](crate::Thread::start): ya se había arrancado, o el sistema no da más hilos.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::RepeatingTimer;
    ///
    /// let mut latido = RepeatingTimer::new(1_000_000, || ());
    /// latido.start()?;
    /// assert!(latido.is_alive());
    /// latido.cancel();
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn start(&mut self) -> Result<(), ThreadError> {
        self.thread.start()
    }

    /// Espera a que acabe: `Some(v)` si la función se paró con `Break(v)`, `None` si se canceló.
    ///
    /// **Bloquea**, sin plazo. Si la función no se para y nadie lo cancela, no vuelve nunca.
    ///
    /// # Errors
    ///
    /// Los de [`Thread::join`](crate::Thread::join): la función entró en pánico
    /// ([`is_panic`](ThreadError::is_panic)) o no se había arrancado ([`is_not_started`](ThreadError::is_not_started)).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::RepeatingTimer;
    ///
    /// let mut latido = RepeatingTimer::new(1_000_000, || ());
    /// latido.start()?;
    /// latido.cancel();
    /// assert_eq!(latido.join()?, None); // sin esperar el intervalo
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn join(self) -> Result<Option<V>, ThreadError> {
        self.thread.join()
    }

    /// Como [`join`](RepeatingTimer::join), pero espera como mucho `seconds` segundos de la lección y no lo consume.
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
    /// use concurrencia::RepeatingTimer;
    ///
    /// let mut latido = RepeatingTimer::new(0.1, || println!("sigo aquí"));
    /// latido.start()?;
    /// assert!(latido.join_timeout(1).unwrap_err().is_timeout()); // un rato de latidos
    /// latido.cancel();
    /// assert_eq!(latido.join_timeout(60)?, None);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn join_timeout(&mut self, seconds: impl Into<f64>) -> Result<Option<V>, ThreadError> {
        self.thread.join_timeout(seconds)
    }
}

impl<V> RepeatingTimer<V> {
    /// Lo cancela: la función no se vuelve a llamar. `false` si ya había acabado por su cuenta.
    ///
    /// No bloquea. El hilo se despierta y acaba ya, sin esperar el intervalo. Si la función está a medias no se
    /// interrumpe: acaba esa llamada, y es la última. Se puede cancelar antes de arrancar, y más de una vez.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::RepeatingTimer;
    ///
    /// let mut latido = RepeatingTimer::new(1_000_000, || ());
    /// latido.start()?;
    /// assert!(latido.cancel());
    /// assert_eq!(latido.join()?, None);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn cancel(&self) -> bool {
        let in_time = self.shared.countdown.trigger.cancel_rest();
        if in_time {
            self.shared.countdown.wake();
        }
        in_time
    }

    /// Cuántas veces se ha llamado a la función, contando la que esté a medias. No bloquea.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::RepeatingTimer;
    ///
    /// let mut latido = RepeatingTimer::new(0.1, || ());
    /// latido.start()?;
    /// while latido.fired() < 3 {}
    /// latido.cancel();
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn fired(&self) -> u64 {
        self.shared.fired.load(Ordering::Relaxed)
    }

    /// ¿Ha acabado? No la van a llamar más, ni hay una llamada a medias. No bloquea.
    pub fn finished(&self) -> bool {
        self.shared.countdown.trigger.is_over()
    }

    /// ¿Sigue su hilo en marcha? No bloquea.
    pub fn is_alive(&self) -> bool {
        self.thread.is_alive()
    }

    /// Pone nombre a su hilo, como [`Thread::with_name`](crate::Thread::with_name).
    ///
    /// # Panics
    ///
    /// Si ya ha arrancado, o si el nombre lleva el carácter nulo.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::RepeatingTimer;
    ///
    /// let latido = RepeatingTimer::new(1, || ()).with_name("latido");
    /// assert_eq!(format!("{latido:?}"), "RepeatingTimer(latido, sin arrancar, 0 veces)");
    /// ```
    #[must_use = "with_name devuelve el temporizador con su nombre nuevo"]
    pub fn with_name(mut self, name: impl Into<String>) -> RepeatingTimer<V> {
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
    /// use concurrencia::RepeatingTimer;
    ///
    /// let aviso = RepeatingTimer::new(5, || ()).with_daemon(true);
    /// assert!(aviso.is_daemon());
    /// ```
    #[must_use = "with_daemon devuelve el temporizador cambiado"]
    pub fn with_daemon(mut self, daemon: bool) -> RepeatingTimer<V> {
        self.thread = self.thread.with_daemon(daemon);
        self
    }

    /// ¿Es un demonio su hilo?
    pub fn is_daemon(&self) -> bool {
        self.thread.is_daemon()
    }

    /// El nombre de su hilo.
    pub fn name(&self) -> &str {
        self.thread.name()
    }
}

impl Shared {
    fn repeat<R: IntoControlFlow>(
        &self,
        schedule: &mut Schedule,
        f: &mut impl FnMut() -> R,
    ) -> Option<R::Value> {
        while self.countdown.fire_at(schedule.next()) {
            self.fired.fetch_add(1, Ordering::Relaxed);
            if let ControlFlow::Break(value) = f().into_control_flow() {
                return Some(value);
            }
            if !self.countdown.trigger.rearm() {
                break;
            }
            schedule.advance(Instant::now());
        }
        None
    }
}

/// `RepeatingTimer(latido, esperando, 3 veces)`: el nombre, el estado y las llamadas en ese momento.
impl<V> fmt::Debug for RepeatingTimer<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trigger = &self.shared.countdown.trigger;
        let state = trigger.describe(self.thread.ident().is_some());
        let fired = self.fired();
        let times = if fired == 1 { "vez" } else { "veces" };
        write!(
            f,
            "RepeatingTimer({}, {state}, {fired} {times})",
            self.name()
        )
    }
}
