//! Por qué ponerse de acuerdo no ha salido bien.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::rounds::Why;

/// Lo que ha impedido coger un cerrojo o un permiso, o pasar una barrera.
///
/// Sabe de qué pieza se trata y qué pasó; se pregunta con [`is_deadlock`](SyncError::is_deadlock) y compañía. Se puede
/// clonar.
///
/// # En Python
///
/// Un interbloqueo no da error: el programa se queda parado. Un plazo que se acaba es un `False`, una barrera rota
/// lanza `BrokenBarrierError`, y soltar de más, `ValueError`.
///
/// # Examples
///
/// ```
/// use concurrencia::sync::Lock;
///
/// let cuenta = Lock::new(0).with_name("cuenta");
/// let _turno = cuenta.acquire()?;
/// let error = cuenta.acquire().unwrap_err(); // el mismo hilo, otra vez: no acabaría nunca
/// assert!(error.is_deadlock());
/// assert_eq!(error.name(), "cuenta");
/// println!("{error}");
/// # Ok::<(), concurrencia::SyncError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SyncError(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    cause: Cause,
}

#[derive(Debug)]
pub(super) enum Cause {
    /// La cadena de los que se esperan unos a otros, desde quien la ha descubierto.
    Deadlock(Vec<Stuck>),
    Timeout,
    BrokenBarrier(Why),
    /// Se ha soltado más veces de las que se cogió.
    Overreleased,
    /// El guard es de este otro cerrojo.
    WrongGuard(String),
}

/// Uno de los que se esperan unos a otros.
#[derive(Debug)]
pub(super) struct Stuck {
    /// «el hilo «Thread-1»».
    pub(super) thread: String,
    pub(super) has: String,
    pub(super) waits_for: String,
}

impl SyncError {
    pub(super) fn new(name: &str, cause: Cause) -> SyncError {
        SyncError(Arc::new(Inner {
            name: name.to_owned(),
            cause,
        }))
    }

    /// ¿No se podía coger sin quedarse esperando para siempre?
    ///
    /// El mensaje dice qué tiene y qué espera cada hilo.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::{Event, Lock};
    /// use concurrencia::Thread;
    ///
    /// let (a, b) = (Lock::new(()).with_name("A"), Lock::new(()).with_name("B"));
    /// let listo = Event::new();
    ///
    /// let a_antes_que_b = {
    ///     let (a, b, listo) = (a.clone(), b.clone(), listo.clone());
    ///     move || {
    ///         let _a = a.acquire()?;
    ///         listo.set();
    ///         b.acquire().map(drop)
    ///     }
    /// };
    /// let turno_b = b.acquire()?;
    /// let mut hilo = Thread::new(a_antes_que_b);
    /// hilo.start()?;
    /// listo.wait();
    /// let b_antes_que_a = a.acquire().map(drop);
    /// drop(turno_b);
    ///
    /// // El que iba a cerrar el círculo recibe el error y suelta lo suyo; el otro acaba.
    /// let errores = [b_antes_que_a, hilo.join()?].into_iter().filter_map(Result::err);
    /// let textos: Vec<String> = errores.map(|error| error.to_string()).collect();
    /// assert_eq!(textos.len(), 1);
    /// assert!(textos[0].contains("tiene «A» y espera «B»"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_deadlock(&self) -> bool {
        matches!(
            self.0.cause,
            Cause::Deadlock(_) | Cause::BrokenBarrier(Why::OwnAction)
        )
    }

    /// ¿Se acabó el plazo?
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Event;
    ///
    /// let aviso = Event::new();
    /// assert!(aviso.wait_timeout(0.1).unwrap_err().is_timeout());
    /// ```
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.cause, Cause::Timeout)
    }

    /// ¿Está rota la barrera, o se ha roto mientras se esperaba?
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
    pub fn is_broken_barrier(&self) -> bool {
        match &self.0.cause {
            Cause::BrokenBarrier(why) => *why != Why::OwnAction,
            _ => false,
        }
    }

    /// ¿Se soltó más veces de las que se había cogido?
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::BoundedSemaphore;
    ///
    /// assert!(BoundedSemaphore::new(1).release().unwrap_err().is_overreleased());
    /// ```
    pub fn is_overreleased(&self) -> bool {
        matches!(self.0.cause, Cause::Overreleased)
    }

    /// ¿Se esperó en una [`Condition`](super::Condition) con el guard de otro cerrojo?
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Condition;
    ///
    /// let (una, otra) = (Condition::new(0), Condition::new(0));
    /// let error = una.wait(otra.acquire()?).unwrap_err();
    /// assert!(error.is_wrong_guard());
    /// # Ok::<(), concurrencia::SyncError>(())
    /// ```
    pub fn is_wrong_guard(&self) -> bool {
        matches!(self.0.cause, Cause::WrongGuard(_))
    }

    /// El nombre de la pieza a la que le ha pasado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Event;
    ///
    /// let salida = Event::new().with_name("salida");
    /// assert_eq!(salida.wait_timeout(0).unwrap_err().name(), "salida");
    /// ```
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// El mensaje del pánico con que acabó la acción de la [`Barrier`](super::Barrier), si fue eso lo que la rompió.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sync::Barrier;
    ///
    /// let barrera = Barrier::new(1).with_action(|| panic!("sin tinta"));
    /// assert_eq!(barrera.wait().unwrap_err().panic_message(), Some("sin tinta"));
    /// ```
    pub fn panic_message(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::BrokenBarrier(Why::Panic(message)) => Some(message),
            _ => None,
        }
    }
}

impl fmt::Display for SyncError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.0.name;
        match &self.0.cause {
            Cause::Deadlock(stuck) => match &stuck[..] {
                [alone] => write!(
                    f,
                    "interbloqueo: {} ya tiene «{name}» y se esperaría a sí mismo; suelta antes el guard \
                     (drop), o usa un RLock si una función llama a otra con el cerrojo cogido",
                    alone.thread
                ),
                stuck => {
                    f.write_str("interbloqueo: ")?;
                    for each in stuck {
                        write!(
                            f,
                            "{} tiene «{}» y espera «{}»; ",
                            each.thread, each.has, each.waits_for
                        )?;
                    }
                    f.write_str(
                        "coge los cerrojos siempre en el mismo orden, o suelta lo que tengas y vuelve a empezar",
                    )
                }
            },
            Cause::Timeout => write!(
                f,
                "se acabó el plazo esperando «{name}»; puedes volver a intentarlo o dar un plazo mayor"
            ),
            Cause::BrokenBarrier(Why::OwnAction) => write!(
                f,
                "interbloqueo: la acción de la barrera «{name}» la espera a ella misma; espera fuera de la acción"
            ),
            Cause::BrokenBarrier(Why::Reset) => write!(
                f,
                "alguien llamó a reset() en la barrera «{name}» con gente esperando; ya está como nueva: vuelve a esperar"
            ),
            Cause::BrokenBarrier(why) => {
                write!(f, "la barrera «{name}» está rota: ")?;
                match why {
                    Why::Panic(message) => write!(f, "su acción acabó en pánico ({message})")?,
                    Why::Aborted => f.write_str("alguien llamó a abort()")?,
                    _ => {
                        f.write_str("a alguien se le acabó el plazo antes de que llegaran todos")?
                    }
                }
                f.write_str("; arréglala con reset()")
            }
            Cause::Overreleased => write!(
                f,
                "«{name}» se ha soltado más veces de las que se había cogido; llama a release() una vez por cada \
                 acquire(), o usa permit(), que suelta solo"
            ),
            Cause::WrongGuard(other) => write!(
                f,
                "el guard es de «{other}» y se espera en «{name}»; coge el guard con acquire() de la misma condición"
            ),
        }
    }
}

impl Error for SyncError {}
