//! `Process`: una función que se ejecuta en otro proceso del sistema.

use std::fmt;
use std::marker::PhantomData;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};

use super::channel::{Message, Wait};
use super::child::{Child, soon};
use super::error::{Cause, ProcessError};
use super::function::{Describe, Portable, describe, entry};
use super::ledger::Status;
use super::message::{self, MessageError, Output};
use super::raw::Location;
use super::worker::{NOTE_TAG, Order};
use crate::Callable;
use crate::sealed::Sealed;
use crate::time::scale;
use crate::timeline::{
    self, FunctionName, Heard, Label, NOTHING, Remote, Reporter, State, name_of,
};

/// Un proceso que se crea parado, se arranca con [`start`](Process::start) y entrega su valor con
/// [`join`](Process::join).
///
/// La función puede estar escrita en la celda de arriba: no hay que registrarla ni compilar otro programa. Lo que
/// recibe y lo que devuelve viaja [copiado](Portable), así que un proceso no ve las variables del otro; lo que
/// necesite va en la tupla de argumentos. Una clausura que captura no compila.
///
/// Lo que el proceso escribe sale en la celda, línea a línea. Si su función entra en pánico, lo anuncia en la salida de
/// error y `join` da un `Err`.
///
/// Soltar un `Process` no lo detiene: sigue hasta acabar y su valor se pierde. Ninguno sobrevive a quien lo lanzó, pase
/// lo que le pase.
///
/// # En Python
///
/// ```python
/// proceso = multiprocessing.Process(target=task, args=(123,), name="cuadrado")
/// proceso.start()
/// proceso.join()      # devuelve None: el resultado de task se ha perdido
/// proceso.exitcode    # 0
/// ```
///
/// Con `spawn`, `task` tiene que estar en un archivo: una función escrita en el cuaderno no se encuentra. Y al acabar
/// el programa Python espera a los procesos que no sean `daemon`; aquí mueren con él: espéralos con `join`.
///
/// # A pelo
///
/// [`std::process::Command`], con un ejecutable aparte que lea sus argumentos y escriba el resultado.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::{Process, process};
///
/// fn cuadrado(id: u64) -> u64 {
///     id * id
/// }
///
/// fn main() -> Result<(), process::ProcessError> {
///     process::init(); // en un cuaderno no hace falta
///     let mut proceso = Process::new(cuadrado, (123,)).with_name("cuadrado");
///     proceso.start()?;
///     assert_eq!(proceso.join()?, 15129);
///     assert_eq!(proceso.exitcode(), Some(0));
///     Ok(())
/// }
/// ```
pub struct Process<T> {
    core: Sealed<Core>,
    result: PhantomData<fn() -> T>,
}

/// Lo que no depende de lo que devuelve la función.
struct Core {
    name: String,
    task: Task,
    started: Option<Started>,
}

/// Lee lo que devolvió la función de sus bytes y sus descriptores.
type Read<'a> = dyn FnMut(&[u8], &[OwnedFd]) -> Result<(), MessageError> + 'a;

struct Task {
    location: Option<Location>,
    /// El nombre de la función; nada si lo que hace no es cosa del usuario.
    label: Option<FunctionName>,
    args: Result<Output, MessageError>,
    describe: Describe,
    /// Los argumentos tal como se enseñarán, si llevaban descriptores: ya no están para volver a leerlos.
    described: Option<String>,
}

struct Started {
    pid: u32,
    /// Su número en la línea de tiempo.
    object: u64,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    end: Mutex<Option<End>>,
    ended: Condvar,
}

/// Cómo acabó: su código y lo que contestó.
struct End {
    exitcode: i32,
    answer: Result<Message, ProcessError>,
}

impl<T: Portable> Process<T> {
    /// Crea un proceso sin arrancarlo: `f(args…)`, con los argumentos en una tupla (`(123,)` si es uno solo).
    ///
    /// Se llama «Process-1», «Process-2»… por orden de creación; [`with_name`](Process::with_name) le da otro nombre.
    /// Los argumentos se copian aquí: lo que les pase después a los originales no lo ve el proceso. No bloquea.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Process(target=f, args=(…))`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Process;
    ///
    /// let proceso = Process::new(|a: i64, b: i64| a + b, (2, 3));
    /// assert!(proceso.name().starts_with("Process-"));
    /// assert_eq!(proceso.pid(), None);
    /// ```
    ///
    /// Una clausura que captura no compila, y el error dice qué hacer:
    ///
    /// ```compile_fail
    /// use concurrencia::Process;
    ///
    /// let factor = 3;
    /// let proceso = Process::new(move |x: i64| x * factor, (2,));
    /// ```
    pub fn new<F, Args>(f: F, args: Args) -> Process<T>
    where
        F: Callable<Args, Output = T>,
        Args: Portable,
    {
        let mut output = Output::default();
        let args = message::encode(&args, &mut output).map(|()| output);
        let task = Task {
            location: Location::of(entry(&f)),
            label: Some(name_of::<F>),
            args,
            describe: describe::<Args>,
            described: None,
        };
        Process {
            core: Core::new(task),
            result: PhantomData,
        }
    }

    /// El mismo proceso, sin que salga en la línea de tiempo.
    pub(super) fn unseen(mut self) -> Process<T> {
        self.core.task.label = None;
        self
    }

    /// El mismo proceso con otro nombre: el que sale en los mensajes, en los errores y en `ps`.
    #[must_use = "with_name devuelve el proceso con su nombre"]
    ///
    /// # En Python
    ///
    /// `multiprocessing.Process(…, name="descarga")`.
    pub fn with_name(mut self, name: impl Into<String>) -> Process<T> {
        self.core.name = name.into();
        self
    }

    /// Lo arranca. No espera a que empiece: vuelve en cuanto el sistema lo ha creado.
    ///
    /// # En Python
    ///
    /// `proceso.start()`.
    ///
    /// # Errors
    ///
    /// Si ya se había arrancado, si los argumentos no se pueden mandar, si el sistema no puede crearlo o si, fuera del
    /// cuaderno, falta [`process::init`](super::init).
    pub fn start(&mut self) -> Result<(), ProcessError> {
        self.core.start()
    }

    /// Espera a que acabe y da lo que devolvió la función. **Bloquea.**
    ///
    /// Se puede repetir: da otra copia del mismo valor. Lo que el proceso escribió ya ha salido cuando vuelve.
    ///
    /// # En Python
    ///
    /// `proceso.join()`, que devuelve `None` acabe como acabe.
    ///
    /// # Errors
    ///
    /// Si no se ha arrancado, si la función entró en pánico, si el proceso se acabó antes de dar el valor (con su código
    /// o su señal) o si el valor no se puede leer. El error lleva el PID y los argumentos.
    pub fn join(&self) -> Result<T, ProcessError> {
        self.join_until(Wait::Forever)
    }

    /// Como [`join`](Process::join), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `proceso.join(timeout)`, tras el que hay que mirar `is_alive()`.
    ///
    /// # Errors
    ///
    /// Los de `join`, y [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo; el proceso sigue.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    pub fn join_timeout(&self, seconds: impl Into<f64>) -> Result<T, ProcessError> {
        self.join_until(Wait::lesson(seconds.into()))
    }

    fn join_until(&self, wait: Wait) -> Result<T, ProcessError> {
        let mut value = None;
        self.core.join(wait, &mut |bytes, handles| {
            value = Some(message::decode(bytes, handles)?);
            Ok(())
        })?;
        value.ok_or_else(|| Cause::NotReady.into())
    }
}

impl<T> Process<T> {
    /// El nombre.
    pub fn name(&self) -> &str {
        &self.core.name
    }

    /// El identificador que le dio el sistema, si ya se ha arrancado.
    ///
    /// # En Python
    ///
    /// `proceso.pid`.
    pub fn pid(&self) -> Option<u32> {
        self.core.started.as_ref().map(|started| started.pid)
    }

    /// ¿Está en marcha? No bloquea.
    ///
    /// # En Python
    ///
    /// `proceso.is_alive()`.
    pub fn is_alive(&self) -> bool {
        self.core.started.is_some() && self.exitcode().is_none()
    }

    /// Cómo acabó, si ha acabado: 0 si bien, 1 si la función entró en pánico, `n` si llamó a `exit(n)` y `-n` si lo
    /// mató la señal `n`. No bloquea.
    ///
    /// # En Python
    ///
    /// `proceso.exitcode`, con los mismos números.
    pub fn exitcode(&self) -> Option<i32> {
        self.core.exitcode()
    }

    /// Le pide que acabe (`SIGTERM`). No espera; si ya había acabado, no hace nada.
    ///
    /// # En Python
    ///
    /// `proceso.terminate()`.
    ///
    /// # Errors
    ///
    /// Si no se ha arrancado.
    pub fn terminate(&self) -> Result<(), ProcessError> {
        self.core.signal(Signal::TERM)
    }

    /// Lo mata (`SIGKILL`): no puede negarse. No espera; si ya había acabado, no hace nada.
    ///
    /// # En Python
    ///
    /// `proceso.kill()`.
    ///
    /// # Errors
    ///
    /// Si no se ha arrancado.
    pub fn kill(&self) -> Result<(), ProcessError> {
        self.core.signal(Signal::KILL)
    }
}

impl Core {
    fn new(task: Task) -> Sealed<Core> {
        Sealed::new(Core {
            name: next_name(),
            task,
            started: None,
        })
    }

    fn start(&mut self) -> Result<(), ProcessError> {
        if let Some(started) = &self.started {
            return Err(
                ProcessError::new(Cause::AlreadyStarted).in_process(&self.name, started.pid)
            );
        }
        let task = &self.task;
        let args = task
            .args
            .as_ref()
            .map_err(|error| Cause::Unwritable(error.clone()))?;
        let location = task.location.clone().ok_or_else(|| {
            Cause::Undeliverable("no se sabe en qué biblioteca está la función".to_owned())
        })?;
        let label = task.label.filter(|_| timeline::is_on());
        let order = Order::Once {
            name: self.name.clone(),
            scale: scale(),
            function: location,
            capture: label.is_some(),
        };
        let mut first = Output::default();
        message::encode(&order, &mut first).map_err(Cause::Unwritable)?;
        let seen = label.map(|label| Seen::new(&self.name, label()));
        let object = seen.as_ref().map_or(NOTHING, |seen| seen.object);
        let child = Child::launch()?;
        let pid = child.pid();
        let shared = Arc::new(Shared::default());
        for message in [&first, args] {
            // No espera a que el hijo los lea: caben de sobra en el canal recién abierto.
            child
                .channel
                .send(&message.bytes, &message.handles, soon())?;
        }
        self.forget_handles();
        let ended = Arc::clone(&shared);
        thread::Builder::new()
            .name(format!("{} (espera)", self.name))
            .spawn(move || accompany(child, seen, &ended))?;
        self.started = Some(Started {
            pid,
            object,
            shared,
        });
        Ok(())
    }

    /// El hijo ya tiene los suyos: una copia aquí dejaría abiertas las conexiones que él suelte.
    fn forget_handles(&mut self) {
        if let Ok(args) = &mut self.task.args
            && !args.handles.is_empty()
        {
            self.task.described = Some((self.task.describe)(&args.bytes, &args.handles));
            args.handles.clear();
        }
    }

    /// Espera a que acabe y pasa a `read` los bytes y los descriptores de lo que devolvió la función.
    fn join(&self, wait: Wait, read: &mut Read<'_>) -> Result<(), ProcessError> {
        let Some(started) = &self.started else {
            return Err(ProcessError::new(Cause::NotStarted).in_process(&self.name, 0));
        };
        let note = || Label::owned(self.name.as_str());
        let end = started.shared.wait(wait, started.object, note);
        let Some(end) = &*end else {
            return Err(ProcessError::new(Cause::Timeout).in_process(&self.name, started.pid));
        };
        let failed = |cause: Cause| {
            let error = ProcessError::new(cause).in_process(&self.name, started.pid);
            match &self.task {
                Task {
                    described: Some(described),
                    ..
                } => error.with_argument(described.clone()),
                Task {
                    args: Ok(args),
                    describe,
                    ..
                } => error.with_argument(describe(&args.bytes, &args.handles)),
                _ => error,
            }
        };
        let answer = end.answer.as_ref().map_err(ProcessError::clone)?;
        let Some((&status, body)) = answer.body.split_first() else {
            return Err(failed(Cause::Died(end.exitcode)));
        };
        let text = || String::from_utf8_lossy(body).into_owned();
        match Status::from_bits(status) {
            Status::Done => {
                read(body, &answer.handles).map_err(|error| failed(Cause::Unreadable(error)))
            }
            Status::Panicked => Err(failed(Cause::Panic(text()))),
            Status::Undeliverable => Err(failed(Cause::Undeliverable(text()))),
        }
    }

    fn exitcode(&self) -> Option<i32> {
        let started = self.started.as_ref()?;
        started.shared.lock().as_ref().map(|end| end.exitcode)
    }

    fn signal(&self, signal: Signal) -> Result<(), ProcessError> {
        let Some(started) = &self.started else {
            return Err(ProcessError::new(Cause::NotStarted).in_process(&self.name, 0));
        };
        // Con la respuesta a la vista el PID ya puede ser de otro; hasta entonces es suyo, vivo o por recoger.
        let end = started.shared.lock();
        if end.is_some() {
            return Ok(());
        }
        match i32::try_from(started.pid).ok().and_then(Pid::from_raw) {
            Some(pid) => match kill_process(pid, signal) {
                Ok(()) | Err(Errno::SRCH) => Ok(()),
                Err(error) => Err(error.into()),
            },
            None => Ok(()),
        }
    }
}

impl<T> fmt::Debug for Process<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process")
            .field("name", &self.name())
            .field("pid", &self.pid())
            .field("exitcode", &self.exitcode())
            .finish()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Option<End>> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Espera a que acabe, o a que se pase el plazo. En la línea de tiempo se espera `object`, que se llama como diga
    /// `label`.
    fn wait(
        &self,
        wait: Wait,
        object: u64,
        label: impl Fn() -> Label,
    ) -> MutexGuard<'_, Option<End>> {
        let mut end = self.lock();
        let mut _waiting = None;
        while end.is_none() {
            _waiting.get_or_insert_with(|| timeline::waiting(State::Wait, object, &label));
            end = match wait.left() {
                None => self.ended.wait(end).unwrap_or_else(PoisonError::into_inner),
                Some(left) if left.is_zero() => break,
                Some(left) => {
                    let waited = self.ended.wait_timeout(end, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        end
    }
}

/// Lo que hace un proceso, en la línea de tiempo.
struct Seen {
    remote: Remote,
    label: &'static str,
    object: u64,
    /// Cuándo empezó, si no ha acabado, y en qué captura se ha apuntado.
    running: parking_lot::Mutex<Option<(u64, u64)>>,
}

impl Seen {
    fn new(name: &str, label: &'static str) -> Arc<Seen> {
        let seen = Arc::new(Seen {
            remote: Remote::new(name),
            label,
            object: timeline::submit(None, || label.into()),
            running: parking_lot::Mutex::new(None),
        });
        let weak = Arc::downgrade(&seen);
        timeline::ask_before_closing(weak);
        seen
    }

    fn hear(&self, note: &[u8]) {
        match self.remote.hear(note) {
            Some(Heard::Began { at }) => {
                *self.running.lock() = Some((at, 0));
                self.report();
            }
            Some(Heard::Ended { at, failed }) => self.end(at, failed),
            None => {}
        }
    }

    fn end(&self, at: u64, failed: bool) {
        self.report();
        if let Some((began, _)) = self.running.lock().take() {
            self.remote.ended(began, at, failed);
        }
    }
}

impl Reporter for Seen {
    fn report(&self) {
        // También en las capturas que se abran mientras siga en marcha.
        if let Some((began, epoch)) = &mut *self.running.lock()
            && *epoch != timeline::epoch()
        {
            *epoch = timeline::epoch();
            self.remote.began(*began, self.object, self.label.into());
        }
    }
}

/// Acompaña a un proceso: enseña lo que escribe, recoge su respuesta y espera a que acabe.
fn accompany(mut child: Child, seen: Option<Arc<Seen>>, shared: &Shared) {
    let mut answer = Message::empty();
    let followed = child.follow(Wait::Forever, |message| match message.body.split_first() {
        Some((&NOTE_TAG, note)) => seen.iter().for_each(|seen| seen.hear(note)),
        _ => answer = message,
    });
    let exitcode = child.wait();
    if let Some(seen) = seen {
        // El que muere a medias no ha dicho que acababa.
        seen.end(timeline::now(), exitcode != 0);
    }
    // Antes de decir que ha acabado: que no quede nada suyo abierto.
    drop(child);
    let answer = followed.map(|()| answer).map_err(ProcessError::from);
    *shared.lock() = Some(End { exitcode, answer });
    shared.ended.notify_all();
}

fn next_name() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    format!("Process-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
