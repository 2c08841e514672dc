//! Un proceso hijo recién lanzado, visto desde el padre.

use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, io, thread};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use super::channel::{Channel, ChannelError, Message, Wait, timespec};
use super::error::{Cause, ProcessError};
use super::raw::{self, WORKER_SYMBOL};
use super::relay::{Relay, Stream};

/// El único argumento de un hijo lanzado fuera del cuaderno.
pub(super) const WORKER_FLAG: &str = "--concurrencia-proceso-hijo";

/// Cuánto se espera a que acabe del todo un proceso que ha soltado su canal, antes de matarlo.
const LAST_WORDS: Duration = Duration::from_secs(1);

static READY: AtomicBool = AtomicBool::new(false);

/// El programa ha llamado a `process::init()`.
pub(super) fn mark_ready() {
    READY.store(true, Ordering::Release);
}

/// ¿Estamos dentro del núcleo de un cuaderno?
pub(super) fn in_notebook() -> bool {
    env::var_os("EVCXR_IS_RUNTIME").is_some()
}

/// Un hijo, con el canal por el que se le habla y lo que escribe.
#[derive(Debug)]
pub(super) struct Child {
    child: std::process::Child,
    pub(super) channel: Channel,
    pub(super) stdout: Relay,
    pub(super) stderr: Relay,
}

impl Child {
    /// Lanza un hijo. No espera a que esté listo.
    ///
    /// No es un `fork` de este proceso: es un programa nuevo, sin sus hilos, sus cerrojos ni su memoria.
    pub(super) fn launch() -> Result<Child, ProcessError> {
        let (ours, theirs) = Channel::pair()?;
        let (out, stdout) = io::pipe()?;
        let (err, stderr) = io::pipe()?;
        let stdout_relay = Relay::new(out.into(), Stream::Stdout)?;
        let stderr_relay = Relay::new(err.into(), Stream::Stderr)?;
        let mut command = Command::new(program()?);
        // El canal es su entrada estándar: no hay que dejarle heredar ningún otro descriptor, y el sistema lo lanza
        // por la vía rápida.
        command
            .stdin(theirs.into_fd())
            .stdout(stdout)
            .stderr(stderr);
        if let Some(name) = env::args_os().next() {
            // El nombre del programa, y no el del enlace por el que se lanza.
            command.arg0(name);
        }
        let greeting = if in_notebook() {
            // El ejecutable es evcxr, que espera esta orden: cargar una biblioteca y llamar a un símbolo suyo.
            let library = raw::own_library().ok_or_else(|| {
                Cause::Undeliverable(
                    "el crate no está cargado como biblioteca dinámica en este núcleo".to_owned(),
                )
            })?;
            if library.contains(char::is_whitespace) {
                return Err(Cause::Undeliverable(format!(
                    "la ruta «{library}» tiene espacios y evcxr no sabe cargarla: mueve el proyecto o abre el cuaderno \
                     con `cargo curso abrir`"
                ))
                .into());
            }
            Some(format!("LOAD_AND_RUN {library} {WORKER_SYMBOL}\n"))
        } else if READY.load(Ordering::Acquire) {
            command.arg(WORKER_FLAG);
            None
        } else {
            return Err(Cause::NoInit.into());
        };
        let this = Child {
            child: command.spawn()?,
            channel: ours,
            stdout: stdout_relay,
            stderr: stderr_relay,
        };
        if let Some(greeting) = greeting {
            this.channel.send_line(&greeting)?;
        }
        Ok(this)
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, si sigue vivo.
    pub(super) fn kill(&mut self) {
        // El único error posible es que ya no esté.
        let _ = self.child.kill();
    }

    /// Espera a que acabe, enseña lo último que escribiera y dice cómo acabó: su código, o menos su señal.
    ///
    /// Hay que llamarlo cuando ya ha soltado el canal o se le ha matado: al que suelta el canal y no acaba, lo mata.
    pub(super) fn wait(&mut self) -> i32 {
        let deadline = Instant::now() + LAST_WORDS;
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break Some(status),
                Ok(None) if Instant::now() < deadline => {
                    // Si sigue escribiendo, que no se quede atascado en una tubería llena.
                    self.show_output();
                    thread::sleep(Duration::from_micros(100));
                }
                _ => {
                    self.kill();
                    break self.child.wait().ok();
                }
            }
        };
        self.stdout.finish();
        self.stderr.finish();
        status.map_or(-libc::SIGKILL, exitcode)
    }

    /// Enseña lo que escribe y pasa a `hear` lo que dice, hasta que suelta el canal (o hasta `deadline`).
    pub(super) fn follow(
        &mut self,
        deadline: Wait,
        mut hear: impl FnMut(Message),
    ) -> Result<(), ChannelError> {
        loop {
            let mut fds = vec![PollFd::new(&self.channel, PollFlags::IN)];
            let pipes = [self.stdout.pipe(), self.stderr.pipe()]
                .into_iter()
                .flatten();
            fds.extend(pipes.map(|pipe| PollFd::from_borrowed_fd(pipe, PollFlags::IN)));
            match poll(&mut fds, timespec(deadline.left()).as_ref()) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            self.show_output();
            match self.channel.recv(Wait::Never) {
                Ok(message) => hear(message),
                Err(ChannelError::TimedOut) if deadline.is_over() => {
                    return Err(ChannelError::TimedOut);
                }
                Err(ChannelError::TimedOut) => {}
                Err(ChannelError::Closed) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// Enseña lo que haya escrito hasta ahora.
    pub(super) fn show_output(&mut self) {
        self.stdout.forward();
        self.stderr.forward();
    }
}

/// Al que no se llegó a esperar se le mata y se le recoge: ni suelto ni zombi.
impl Drop for Child {
    fn drop(&mut self) {
        // Si ya se le había esperado, no hacen nada.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Como en Python: el código de salida, o el número de la señal en negativo.
fn exitcode(status: ExitStatus) -> i32 {
    status
        .code()
        .or_else(|| status.signal().map(|signal| -signal))
        .unwrap_or(-libc::SIGKILL)
}

/// El programa que se está ejecutando.
fn program() -> Result<PathBuf, ProcessError> {
    // En Linux, este nombre es el ejecutable que hay en memoria aunque lo hayan borrado o recompilado.
    let live = PathBuf::from("/proc/self/exe");
    if live.exists() {
        return Ok(live);
    }
    Ok(env::current_exe()?)
}

/// Un plazo holgado para lo que un hijo hace enseguida.
pub(super) fn soon() -> Wait {
    Wait::Until(Instant::now() + Duration::from_secs(10))
}
