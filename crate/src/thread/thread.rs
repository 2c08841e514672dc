//! `Thread`: una función que se ejecuta en otro hilo y cuyo valor se recoge con `join`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Instant;
use std::{fmt, mem};

use super::context::Context;
use super::{ThreadError, ThreadInfo, registry};
use crate::panic::{discard, message_of};
use crate::time::deadline;
use crate::timeline::{self, Label, State};

type Task<T> = Box<dyn FnOnce() -> T + Send>;

/// Un hilo que se crea parado, se arranca con [`start`](Thread::start) y entrega su valor con [`join`](Thread::join).
///
/// No hay tupla `args`: lo que la tarea necesita lo captura la clausura con `move`. El tipo tiene nombre y es
/// `'static`, así que una celda puede guardarlo en una variable y otra esperarlo.
///
/// Soltar un `Thread` no lo detiene ni lo espera: si ya arrancó sigue suelto hasta acabar (como en std) y su valor
/// se pierde; si no arrancó, la tarea no se ejecuta nunca. Un hilo que sigue cuando acaba el programa muere con él, sea
/// o no un demonio; para que lo espere, arráncalo dentro de un [`Block`](super::Block).
///
/// # En Python
///
/// ```python
/// hilo = threading.Thread(target=task, args=(123,), name="cuadrado")
/// hilo.start()
/// hilo.join()   # devuelve None: el resultado de task se ha perdido
/// ```
///
/// # A pelo
///
/// ```
/// use std::thread;
///
/// let hilo = thread::Builder::new().name("cuadrado".into()).spawn(|| 123 * 123)?; // arranca ya
/// assert_eq!(hilo.join().unwrap(), 15129); // si hubo pánico, join da Err y unwrap lo repite aquí
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
///
/// let id = 123_u64;
/// let mut hilo = Thread::new(move || id * id).with_name("cuadrado");
/// hilo.start()?;
/// assert_eq!(hilo.join()?, 15129);
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub struct Thread<T> {
    name: String,
    daemon: bool,
    stage: Arc<Mutex<Stage<T>>>,
    started: Option<Started>,
}

/// Por dónde va la tarea. Lo comparten el hilo y su `Thread`.
enum Stage<T> {
    Ready(Task<T>),
    Running,
    Returned(T),
    Panicked(ThreadError),
    Collected,
}

struct Started {
    info: ThreadInfo,
    /// Su número en la línea de tiempo.
    object: u64,
    /// Nada si ya se ha esperado.
    handle: Option<JoinHandle<()>>,
}

/// Lo que hace el hilo, con su nombre y su número en la línea de tiempo.
type Body = Box<dyn FnOnce(&str, u64) + Send>;

// Lo que no depende de lo que devuelve la función: no se compila en cada celda que arranca un hilo.
impl Started {
    fn launch(name: &str, daemon: bool, body: Body) -> Result<Started, ThreadError> {
        let entry = registry::admit(name, daemon);
        let info = entry.info().clone();
        let object = timeline::submit(None, || Label::owned(name));
        let body = move || {
            let info = entry.info().clone();
            entry.enter();
            body(info.name(), object);
        };
        // Si falla suelta `entry`: se da de baja solo.
        let handle = Builder::new()
            .name(name.to_owned())
            .spawn(body)
            .map_err(|error| ThreadError::system(name, error))?;
        Ok(Started {
            info,
            object,
            handle: Some(handle),
        })
    }

    /// Espera a que acabe.
    fn wait(&mut self, name: &str, deadline: Option<Instant>) -> Result<(), ThreadError> {
        if registry::is_current(&self.info) {
            return Err(ThreadError::itself(name));
        }
        let _waiting = self
            .info
            .is_alive()
            .then(|| timeline::waiting(State::Wait, self.object, || Label::owned(name)));
        if deadline.is_some() && !self.info.wait(deadline) {
            return Err(ThreadError::timeout(name));
        }
        // Ya ha acabado, o lo espera el sistema. Nada de lo que hace `run` entra en pánico: no hay error que mirar.
        if let Some(handle) = self.handle.take() {
            let _ = handle.join();
        }
        Ok(())
    }
}

impl<T: Send + 'static> Thread<T> {
    /// Crea un hilo sin arrancarlo.
    ///
    /// Se llama «Thread-1», «Thread-2»… por orden de creación; [`with_name`](Thread::with_name) le da otro nombre
    /// (el número se gasta igual). La cuenta es una para todo el programa y para todas las celdas. Es un demonio si lo
    /// es el hilo que lo crea; [`with_daemon`](Thread::with_daemon) lo cambia. No bloquea.
    ///
    /// # En Python
    ///
    /// `threading.Thread(target=tarea)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    ///
    /// let hilo = Thread::new(|| 2 + 2);
    /// assert!(hilo.name().starts_with("Thread-"));
    /// assert!(!hilo.is_alive());
    /// ```
    pub fn new(f: impl FnOnce() -> T + Send + 'static) -> Thread<T> {
        Thread {
            name: next_name(),
            daemon: Context::current().is_daemon(),
            stage: Arc::new(Mutex::new(Stage::Ready(Box::new(f)))),
            started: None,
        }
    }

    /// Pone el hilo en marcha y vuelve enseguida.
    ///
    /// No espera a la tarea: para eso está [`join`](Thread::join). Cada `Thread` arranca una sola vez; si el sistema
    /// no puede crear el hilo, la tarea se conserva y puedes volver a intentarlo.
    ///
    /// # En Python
    ///
    /// `hilo.start()`.
    ///
    /// # Errors
    ///
    /// [`is_already_started`](ThreadError::is_already_started) si ya se había arrancado (el `RuntimeError` de
    /// Python), [`is_system`](ThreadError::is_system) si el sistema no da más hilos.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    ///
    /// let mut hilo = Thread::new(|| "listo");
    /// hilo.start()?;
    /// assert!(hilo.start().unwrap_err().is_already_started());
    /// assert_eq!(hilo.join()?, "listo");
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn start(&mut self) -> Result<(), ThreadError> {
        if self.started.is_some() {
            return Err(ThreadError::already_started(&self.name));
        }
        let stage = Arc::clone(&self.stage);
        // Si falla se suelta esto, y la tarea sigue en `self.stage`.
        let body = Box::new(move |name: &str, object| run(name, object, stage));
        self.started = Some(Started::launch(&self.name, self.daemon, body)?);
        Ok(())
    }

    /// Espera a que el hilo acabe y devuelve el valor de su tarea.
    ///
    /// **Bloquea** el hilo que llama, sin plazo. Consume el `Thread`: cada valor se recoge una sola vez. Quien
    /// recogió el `Ok` ve todo lo que el hilo escribió antes de acabar.
    ///
    /// # En Python
    ///
    /// `hilo.join()`, que espera igual pero devuelve siempre `None`.
    ///
    /// # Errors
    ///
    /// [`is_panic`](ThreadError::is_panic), con el mensaje, si la tarea acabó en pánico;
    /// [`is_not_started`](ThreadError::is_not_started) si no se había arrancado (y entonces la tarea se suelta sin
    /// ejecutarse); [`is_already_joined`](ThreadError::is_already_joined) si un
    /// [`join_timeout`](Thread::join_timeout) recogió ya el valor; [`is_deadlock`](ThreadError::is_deadlock) si quien
    /// llama es el propio hilo.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    ///
    /// let mut hilos: Vec<Thread<u64>> = (1..=3).map(|n| Thread::new(move || n * n)).collect();
    /// for hilo in &mut hilos {
    ///     hilo.start()?;
    /// }
    /// let salidas = hilos.into_iter().map(Thread::join).collect::<Result<Vec<_>, _>>()?;
    /// assert_eq!(salidas, [1, 4, 9]); // en el orden de la lista, acaben como acaben
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn join(mut self) -> Result<T, ThreadError> {
        self.join_until(None)
    }

    /// Como [`join`](Thread::join), pero espera como mucho `seconds` segundos de la lección y no consume el `Thread`.
    ///
    /// Si se acaba el plazo, el hilo sigue y se le puede volver a esperar. Con 0 no espera: recoge el valor si ya está.
    ///
    /// # En Python
    ///
    /// `hilo.join(timeout=5)`, que devuelve `None` en los dos casos: hay que mirar después `is_alive()`.
    ///
    /// # A pelo
    ///
    /// std no tiene plazo: se pregunta con [`JoinHandle::is_finished`], o el hilo manda su valor por un canal y se espera
    /// con [`recv_timeout`](std::sync::mpsc::Receiver::recv_timeout).
    ///
    /// # Errors
    ///
    /// [`is_timeout`](ThreadError::is_timeout) si se acaba el plazo, y los de `join`. El valor se recoge una sola vez;
    /// un pánico se puede volver a preguntar.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    /// use std::sync::mpsc;
    ///
    /// let (suelta, espera) = mpsc::channel();
    /// let mut hilo = Thread::new(move || espera.recv());
    /// hilo.start()?;
    /// assert!(hilo.join_timeout(0.1).unwrap_err().is_timeout()); // nadie le ha escrito
    /// suelta.send(7).unwrap();
    /// assert_eq!(hilo.join_timeout(60)?, Ok(7));
    /// assert!(hilo.join().unwrap_err().is_already_joined());
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn join_timeout(&mut self, seconds: impl Into<f64>) -> Result<T, ThreadError> {
        // Un plazo que no llegará nunca es como no tenerlo.
        self.join_until(deadline(seconds))
    }

    fn join_until(&mut self, deadline: Option<Instant>) -> Result<T, ThreadError> {
        match &mut self.started {
            Some(started) => started.wait(&self.name, deadline)?,
            None => return Err(ThreadError::not_started(&self.name)),
        }
        self.collect()
    }

    fn collect(&self) -> Result<T, ThreadError> {
        let mut stage = lock(&self.stage);
        match mem::replace(&mut *stage, Stage::Collected) {
            Stage::Returned(value) => Ok(value),
            Stage::Panicked(error) => {
                *stage = Stage::Panicked(error.clone());
                Err(error)
            }
            Stage::Ready(_) | Stage::Running | Stage::Collected => {
                Err(ThreadError::already_joined(&self.name))
            }
        }
    }
}

impl<T> Thread<T> {
    /// Le pone nombre: el que sale en [`Debug`], en los errores y en la línea del pánico.
    ///
    /// Linux solo enseña los primeros 15 bytes en `top` o en un depurador; aquí se conserva entero.
    ///
    /// # En Python
    ///
    /// `threading.Thread(target=tarea, name="descarga-3")`.
    ///
    /// # Panics
    ///
    /// Si el hilo ya ha arrancado (el sistema ya lo conoce por otro nombre) o si el nombre lleva el carácter nulo,
    /// que ningún sistema admite.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    ///
    /// let hilo = Thread::new(|| ()).with_name("descarga-3");
    /// assert_eq!(hilo.name(), "descarga-3");
    /// ```
    #[must_use = "with_name devuelve el hilo con su nombre nuevo"]
    pub fn with_name(mut self, name: impl Into<String>) -> Thread<T> {
        let name = name.into();
        assert!(
            self.started.is_none(),
            "el hilo «{}» ya ha arrancado: ponle nombre antes de start()",
            self.name
        );
        assert!(
            !name.contains('\0'),
            "el nombre de un hilo no puede llevar el carácter nulo: {name:?}"
        );
        self.name = name;
        self
    }

    /// Lo hace demonio (o deja de hacerlo): un [`Block`](super::Block) no lo espera.
    ///
    /// Los hilos que cree él serán demonios también, si no se dice otra cosa. Al acabar el programa mueren todos, lo sean
    /// o no.
    ///
    /// # En Python
    ///
    /// `threading.Thread(target=tarea, daemon=True)`: el programa no espera por él para acabar.
    ///
    /// # Panics
    ///
    /// Si el hilo ya ha arrancado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    ///
    /// assert!(!Thread::new(|| ()).is_daemon());
    /// assert!(Thread::new(|| ()).with_daemon(true).is_daemon());
    /// ```
    #[must_use = "with_daemon devuelve el hilo cambiado"]
    pub fn with_daemon(mut self, daemon: bool) -> Thread<T> {
        assert!(
            self.started.is_none(),
            "el hilo «{}» ya ha arrancado: di si es un demonio antes de start()",
            self.name
        );
        self.daemon = daemon;
        self
    }

    /// El nombre del hilo.
    ///
    /// # En Python
    ///
    /// `hilo.name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// ¿Es un demonio?
    ///
    /// # En Python
    ///
    /// `hilo.daemon`.
    pub fn is_daemon(&self) -> bool {
        self.daemon
    }

    /// Su número: único en el programa, no se repite. `None` si no ha arrancado.
    ///
    /// # En Python
    ///
    /// `hilo.ident`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    /// use concurrencia::thread::current_thread;
    ///
    /// let mut hilo = Thread::new(|| current_thread().ident());
    /// assert_eq!(hilo.ident(), None);
    /// hilo.start()?;
    /// let suyo = hilo.ident();
    /// assert_eq!(Some(hilo.join()?), suyo);
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn ident(&self) -> Option<u64> {
        self.started.as_ref().map(|started| started.info.ident())
    }

    /// El número que le dio el sistema, o `None` si aún no ha empezado a ejecutarse.
    ///
    /// Véase [`ThreadInfo::native_id`].
    ///
    /// # En Python
    ///
    /// `hilo.native_id`.
    pub fn native_id(&self) -> Option<u32> {
        self.started.as_ref()?.info.native_id()
    }

    /// Quién es, para buscarlo en [`enumerate`](super::enumerate) o saber de él sin quedarse su valor; `None` si no ha
    /// arrancado.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    ///
    /// let mut hilo = Thread::new(|| 2 + 2);
    /// assert_eq!(hilo.info(), None);
    /// hilo.start()?;
    /// let quien = hilo.info().expect("ya ha arrancado");
    /// hilo.join()?; // se lleva el hilo, pero no quién era
    /// assert!(!quien.is_alive());
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn info(&self) -> Option<ThreadInfo> {
        self.started.as_ref().map(|started| started.info.clone())
    }

    /// ¿Ha arrancado y no ha acabado todavía?
    ///
    /// No bloquea. Es una foto: un `true` puede dejar de serlo en cuanto la miras; un `false` después de
    /// [`start`](Thread::start) ya no cambia, y entonces [`join`](Thread::join) no espera.
    ///
    /// # En Python
    ///
    /// `hilo.is_alive()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Thread;
    /// use std::sync::mpsc;
    ///
    /// let (suelta, espera) = mpsc::channel::<()>();
    /// let mut hilo = Thread::new(move || espera.recv());
    /// assert!(!hilo.is_alive());
    /// hilo.start()?;
    /// assert!(hilo.is_alive()); // no puede acabar hasta que le escribamos
    /// suelta.send(()).unwrap();
    /// hilo.join()?.unwrap();
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn is_alive(&self) -> bool {
        self.started
            .as_ref()
            .is_some_and(|started| started.info.is_alive())
    }

    fn state(&self) -> &'static str {
        match &self.started {
            None => "sin arrancar",
            Some(started) if started.info.is_alive() => "en marcha",
            Some(_) => "acabado",
        }
    }
}

/// `Thread(descarga-3, en marcha)`, y si lo es, `demonio`: el nombre y el estado en ese momento.
impl<T> fmt::Debug for Thread<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let daemon = if self.daemon { ", demonio" } else { "" };
        write!(f, "Thread({}, {}{daemon})", self.name, self.state())
    }
}

fn next_name() -> String {
    static CREATED: AtomicUsize = AtomicUsize::new(0);
    format!("Thread-{}", CREATED.fetch_add(1, Ordering::Relaxed) + 1)
}

/// Lo que hace el hilo, con la tarea y su resultado en `stage`. No entra en pánico: en un hilo del que nadie hace `join`,
/// std aborta el programa si lo que queda por soltar entra en pánico.
fn run<T>(name: &str, object: u64, stage: Arc<Mutex<Stage<T>>>) {
    let ready = mem::replace(&mut *lock(&stage), Stage::Running);
    let Stage::Ready(task) = ready else {
        return;
    };
    let task = || {
        let _task = timeline::task(object, || Label::owned(name));
        task()
    };
    let outcome = match catch_unwind(AssertUnwindSafe(task)) {
        Ok(value) => Stage::Returned(value),
        Err(payload) => Stage::Panicked(ThreadError::panic(name, message_of(payload))),
    };
    *lock(&stage) = outcome;
    // Si nadie va a recoger el valor, cae aquí.
    discard(stage);
}

fn lock<T>(stage: &Mutex<Stage<T>>) -> MutexGuard<'_, Stage<T>> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}
