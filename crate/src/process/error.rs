//! Por qué algo de otro proceso no salió bien.

use std::error::Error;
use std::sync::Arc;
use std::{fmt, io};

use super::channel::ChannelError;
use super::message::MessageError;
use crate::sealed::Sealed;

/// Lo que ha impedido ejecutar una función en otro proceso, o comunicarse con él.
///
/// Dice qué pasó, en qué proceso (nombre y PID) y con qué argumento; se pregunta con
/// [`is_panic`](ProcessError::is_panic) y compañía. Se puede clonar.
///
/// # En Python
///
/// La excepción del hijo vuelve como `RemoteTraceback`, sin decir qué argumento la causó. Un hijo que muere de golpe
/// (una señal, `os._exit`) deja esperando para siempre a `multiprocessing.Pool`; aquí es un `Err`.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::{Process, process};
///
/// fn descarga(sitio: u32) -> usize {
///     panic!("sin conexión con el sitio {sitio}")
/// }
///
/// fn main() -> Result<(), process::ProcessError> {
///     process::init();
///     let mut proceso = Process::new(descarga, (7,));
///     proceso.start()?;
///     let error = proceso.join().unwrap_err();
///     assert!(error.is_panic());
///     assert_eq!(error.panic_message(), Some("sin conexión con el sitio 7"));
///     assert_eq!(error.argument(), Some("(7,)"));
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct ProcessError(Arc<Sealed<Inner>>);

#[derive(Clone)]
struct Inner {
    cause: Cause,
    process: Option<(String, u32)>,
    argument: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) enum Cause {
    /// La función entró en pánico, con este mensaje.
    Panic(String),
    /// El proceso se acabó antes de dar el resultado: código de salida, o menos el número de la señal.
    Died(i32),
    /// El proceso no pudo ejecutar la función: su biblioteca falta, o no se leen los argumentos o el resultado.
    Undeliverable(String),
    /// Un argumento, un elemento o un resultado no cabe o no se puede escribir.
    Unwritable(MessageError),
    /// Ha llegado algo que no se puede leer.
    Unreadable(MessageError),
    /// Se acabó el plazo.
    Timeout,
    /// No hay nada en la cola o en la conexión.
    Empty,
    /// No cabe nada más en la cola.
    Full,
    /// Se cerró: no queda nadie al otro lado.
    Closed,
    /// El pool está cerrado o terminado.
    PoolClosed,
    /// El pool se terminó antes de hacer la tarea.
    PoolTerminated,
    /// Se espera a un pool que nadie ha cerrado.
    StillOpen,
    /// Todavía no ha acabado.
    NotReady,
    AlreadyStarted,
    NotStarted,
    /// Fuera del cuaderno, sin `process::init()`.
    NoInit,
    /// Quien tenía el cerrojo murió.
    Abandoned(u32),
    /// La barrera está rota.
    BrokenBarrier,
    /// Se ha soltado más veces de las que se cogió.
    Overreleased,
    System(Arc<io::Error>),
}

impl ProcessError {
    pub(super) fn new(cause: Cause) -> ProcessError {
        ProcessError::of(Inner {
            cause,
            process: None,
            argument: None,
        })
    }

    fn of(inner: Inner) -> ProcessError {
        ProcessError(Arc::new(Sealed::new(inner)))
    }

    /// El mismo, con el proceso al que le pasó.
    pub(super) fn in_process(&self, name: &str, pid: u32) -> ProcessError {
        ProcessError::of(Inner {
            process: Some((name.to_owned(), pid)),
            ..Inner::clone(&self.0)
        })
    }

    /// El mismo, con el argumento que lo causó.
    pub(super) fn with_argument(&self, argument: String) -> ProcessError {
        ProcessError::of(Inner {
            argument: Some(argument),
            ..Inner::clone(&self.0)
        })
    }

    /// ¿Entró en pánico la función?
    pub fn is_panic(&self) -> bool {
        matches!(self.0.cause, Cause::Panic(_))
    }

    /// ¿Se acabó el proceso (señal, `exit`, `abort`, pila desbordada) antes de dar el resultado?
    pub fn is_died(&self) -> bool {
        matches!(self.0.cause, Cause::Died(_))
    }

    /// ¿Se acabó el plazo?
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.cause, Cause::Timeout)
    }

    /// ¿Estaba vacía la cola, o la conexión?
    pub fn is_empty(&self) -> bool {
        matches!(self.0.cause, Cause::Empty)
    }

    /// ¿Estaba llena la cola?
    pub fn is_full(&self) -> bool {
        matches!(self.0.cause, Cause::Full)
    }

    /// ¿No queda nadie al otro lado, o está cerrado el pool?
    pub fn is_closed(&self) -> bool {
        matches!(
            self.0.cause,
            Cause::Closed | Cause::PoolClosed | Cause::PoolTerminated
        )
    }

    /// ¿Murió un proceso con el cerrojo cogido?
    pub fn is_abandoned(&self) -> bool {
        matches!(self.0.cause, Cause::Abandoned(_))
    }

    /// ¿Está rota la barrera?
    pub fn is_broken_barrier(&self) -> bool {
        matches!(self.0.cause, Cause::BrokenBarrier)
    }

    /// ¿Se soltó más veces de las que se había cogido?
    pub fn is_overreleased(&self) -> bool {
        matches!(self.0.cause, Cause::Overreleased)
    }

    /// ¿Se preguntó por un resultado que aún no está?
    pub fn is_not_ready(&self) -> bool {
        matches!(self.0.cause, Cause::NotReady)
    }

    /// ¿No se pudo escribir o leer un argumento, un elemento o un resultado?
    pub fn is_message(&self) -> bool {
        matches!(
            self.0.cause,
            Cause::Unwritable(_) | Cause::Unreadable(_) | Cause::Undeliverable(_)
        )
    }

    /// El nombre del proceso al que le pasó, si le pasó a uno.
    pub fn process_name(&self) -> Option<&str> {
        self.0.process.as_ref().map(|(name, _)| name.as_str())
    }

    /// El PID del proceso al que le pasó (o del que murió con un cerrojo).
    pub fn pid(&self) -> Option<u32> {
        match &self.0.cause {
            Cause::Abandoned(pid) => Some(*pid),
            _ => self.0.process.as_ref().map(|(_, pid)| *pid),
        }
    }

    /// El argumento que lo causó, como lo describe su `Serialize` y recortado a una línea.
    pub fn argument(&self) -> Option<&str> {
        self.0.argument.as_deref()
    }

    /// El mensaje del pánico, si lo hubo.
    pub fn panic_message(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Panic(message) => Some(message),
            _ => None,
        }
    }

    /// El código de salida del proceso que se acabó; si fue por una señal, su número en negativo (−9 es `SIGKILL`).
    pub fn exitcode(&self) -> Option<i32> {
        match self.0.cause {
            Cause::Died(code) => Some(code),
            _ => None,
        }
    }
}

impl From<Cause> for ProcessError {
    fn from(cause: Cause) -> ProcessError {
        ProcessError::new(cause)
    }
}

impl From<io::Error> for ProcessError {
    fn from(error: io::Error) -> ProcessError {
        Cause::System(Arc::new(error)).into()
    }
}

impl From<rustix::io::Errno> for ProcessError {
    fn from(errno: rustix::io::Errno) -> ProcessError {
        io::Error::from(errno).into()
    }
}

impl From<ChannelError> for ProcessError {
    fn from(error: ChannelError) -> ProcessError {
        match error {
            ChannelError::Closed => Cause::Closed.into(),
            ChannelError::TimedOut => Cause::Timeout.into(),
            ChannelError::System(error) => error.into(),
        }
    }
}

impl fmt::Display for ProcessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            cause,
            process,
            argument,
        } = &**self.0;
        let place = match process {
            Some((name, pid)) => format!("el proceso «{name}» (PID {pid})"),
            None => "el proceso".to_owned(),
        };
        let with = match argument {
            Some(argument) => format!(" con el argumento {argument}"),
            None => String::new(),
        };
        match cause {
            Cause::Panic(message) => write!(
                f,
                "pánico en {place}{with}: {message} (los demás siguen; si la función puede fallar, haz que devuelva un \
                 Result)"
            ),
            Cause::Died(code) => {
                write!(f, "{place} {}", how_it_died(*code))?;
                if argument.is_some() {
                    write!(f, " mientras ejecutaba la función{with}")?;
                }
                Ok(())
            }
            Cause::Undeliverable(why) => {
                write!(f, "{place} no ha podido ejecutar la función{with}: {why}")
            }
            Cause::Unwritable(why) => write!(f, "no se puede mandar el valor{with}: {why}"),
            Cause::Unreadable(why) => write!(
                f,
                "ha llegado algo que no se puede leer: {why}; comprueba que los dos lados usan la misma versión del tipo"
            ),
            Cause::Timeout => f.write_str("se acabó el plazo; lo que se esperaba sigue su curso y se puede volver a esperar"),
            Cause::Empty => f.write_str("aún no ha llegado nada: espera con get() o recv(), o con un plazo"),
            Cause::Full => f.write_str("la cola está llena: espera sitio con put() o put_timeout(…)"),
            Cause::Closed => f.write_str("no queda nadie al otro lado: el proceso que lo tenía lo ha soltado o ha acabado"),
            Cause::PoolClosed => f.write_str("el pool está cerrado y no acepta más tareas: crea otro con ProcessPool::new"),
            Cause::PoolTerminated => write!(f, "el pool se terminó antes de hacer la tarea{with}: espera con get() o close() y join()"),
            Cause::StillOpen => f.write_str("el pool sigue abierto y join no acabaría nunca: llama antes a close() o a terminate()"),
            Cause::NotReady => f.write_str("el resultado aún no está: espera con wait() o get(), o pregunta con ready()"),
            Cause::AlreadyStarted => write!(
                f,
                "{place} ya se había arrancado: cada Process arranca una sola vez; para repetir, crea otro"
            ),
            Cause::NotStarted => write!(f, "{place} no se ha arrancado: llama antes a start()"),
            Cause::NoInit => f.write_str(
                "fuera del cuaderno hay que llamar a concurrencia::process::init() en la primera línea de main: cada \
                 proceso hijo es este mismo programa, y ahí se entera de que lo es",
            ),
            Cause::Abandoned(pid) => write!(
                f,
                "el proceso con PID {pid} murió con el cerrojo cogido; ya está libre, pero lo que protegía puede haber \
                 quedado a medias: compruébalo y vuelve a cogerlo"
            ),
            Cause::BrokenBarrier => f.write_str(
                "la barrera está rota (alguien no llegó a tiempo o llamó a abort()): arréglala con reset()",
            ),
            Cause::Overreleased => f.write_str("se ha soltado más veces de las que se había cogido"),
            Cause::System(error) => write!(f, "el sistema ha dicho que no: {error}{}", advice(error)),
        }
    }
}

impl fmt::Debug for ProcessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessError")
            .field("cause", &self.0.cause)
            .field("process", &self.0.process)
            .field("argument", &self.0.argument)
            .finish()
    }
}

impl Error for ProcessError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.cause {
            Cause::System(error) => Some(&**error),
            _ => None,
        }
    }
}

/// Qué hacer con los dos límites que se tocan de verdad.
fn advice(error: &io::Error) -> &'static str {
    match error.raw_os_error() {
        Some(libc::EMFILE | libc::ENFILE) => {
            " (demasiados descriptores abiertos: suelta pools, colas o procesos que ya no uses, o sube `ulimit -n`)"
        }
        Some(libc::EAGAIN | libc::ENOMEM) => {
            " (demasiados procesos o poca memoria: espera con join a los que tienes)"
        }
        _ => "",
    }
}

/// «acabó con el código 3», «murió por la señal SIGKILL (…)».
pub(crate) fn how_it_died(code: i32) -> String {
    if code >= 0 {
        return format!("acabó con el código {code} sin dar el resultado");
    }
    let (name, why) = match -code {
        libc::SIGSEGV => (
            "SIGSEGV",
            " (memoria ajena, o una recursión que desborda la pila)",
        ),
        libc::SIGABRT => ("SIGABRT", " (abort, o una recursión que desborda la pila)"),
        libc::SIGBUS => ("SIGBUS", " (memoria que ya no está)"),
        libc::SIGILL => ("SIGILL", ""),
        libc::SIGFPE => ("SIGFPE", ""),
        libc::SIGKILL => (
            "SIGKILL",
            " (alguien lo mató, o al sistema le faltó memoria)",
        ),
        libc::SIGTERM => ("SIGTERM", " (alguien le pidió que acabara)"),
        libc::SIGINT => ("SIGINT", " (interrumpido desde el teclado)"),
        libc::SIGPIPE => ("SIGPIPE", ""),
        libc::SIGHUP => ("SIGHUP", ""),
        number => return format!("murió por la señal {number}"),
    };
    format!("murió por la señal {name}{why}")
}
