//! `Python`: el proceso que ejecuta los guiones de una carrera, y cómo se le habla.

#![allow(
    clippy::question_mark,
    reason = "lo que escribe la derivación de nanoserde"
)]

use std::collections::VecDeque;
use std::env;
use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use nanoserde::{DeJson, SerJson};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::Call;
use super::wire::{Value, read};
use super::workspace::Workspace;
use crate::panic::catch;

/// Lo que se espera a que Python arranque o importe un guion, aunque el plazo de las llamadas sea menor.
const STARTUP: Duration = Duration::from_secs(60);
/// Cada cuánto se mira si ha muerto sin cerrar sus tuberías, porque las tiene abiertas algún hijo suyo.
const CHECK: Duration = Duration::from_millis(50);
/// Lo que se guarda de lo que imprime una llamada.
const LONGEST_OUTPUT: usize = 8 * 1024;

/// Un intérprete en marcha, en su propio grupo de procesos. Al soltarlo muere, y con él todos los que haya creado.
pub(super) struct Python {
    child: Child,
    orders: ChildStdin,
    replies: ChildStdout,
    output: Option<ChildStderr>,
    /// Lo recibido y aún sin leer, o con la línea a medias.
    received: Vec<u8>,
    /// Lo último que ha imprimido la llamada en curso.
    printed: VecDeque<u8>,
    version: String,
}

/// Lo que ha dado una llamada y lo que ha tardado, medido dentro de Python.
pub(super) struct Answer {
    pub(super) value: Value,
    pub(super) elapsed: Duration,
}

/// Lo que contesta el arnés a una orden.
#[derive(DeJson)]
struct Reply {
    /// En el saludo, su versión.
    python: Option<String>,
    /// La traza de la excepción.
    raised: Option<String>,
    /// Si era que falta una biblioteca, cuál.
    missing: Option<String>,
    /// Por qué no se puede mandar lo que ha dado.
    unsendable: Option<String>,
    nanoseconds: Option<u64>,
    /// Lo que ha dado: JSON dentro de un texto, para leerlo como lo que sea sin que la respuesta dependa de ello.
    value: Option<String>,
    /// Lo que va en [`Value::signed`].
    signed: Option<String>,
}

/// Por qué no ha salido bien.
pub(super) enum Failure {
    /// El guion lanzó una excepción: su traza, y si era que falta una biblioteca, cuál.
    Raised {
        traceback: String,
        missing: Option<String>,
    },
    /// Lo que devuelve no se puede escribir o leer.
    Unreadable(String),
    Timeout(Duration),
    /// Código de salida, o menos el número de la señal.
    Died(i32),
    System(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::System(error)
    }
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Failure {
        Failure::System(errno.into())
    }
}

impl Python {
    /// Arranca `program` y espera a que esté listo; si no es un Python que sirva, dice por qué.
    pub(super) fn start(program: &OsStr, workspace: &Workspace) -> Result<Python, String> {
        let mut child = Command::new(program)
            .arg("-u")
            .arg(workspace.harness())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .env("no_proxy", without_proxy())
            .process_group(0)
            .spawn()
            .map_err(|error| error.to_string())?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(orders), Some(replies), Some(output)) = pipes else {
            unreachable!("las tres son tuberías")
        };
        let mut python = Python {
            child,
            orders,
            replies,
            output: Some(output),
            received: Vec::new(),
            printed: VecDeque::new(),
            version: String::new(),
        };
        match python.greet() {
            Ok(version) => {
                python.version = version;
                Ok(python)
            }
            Err(failure) => Err(python.why_not(failure)),
        }
    }

    fn greet(&mut self) -> Result<String, Failure> {
        ioctl_fionbio(&self.orders, true)?;
        ioctl_fionbio(&self.replies, true)?;
        if let Some(output) = &self.output {
            ioctl_fionbio(output, true)?;
        }
        let greeting = self.exchange("", STARTUP)?;
        let version = greeting.python;
        version.ok_or_else(|| Failure::Unreadable("no ha saludado".to_owned()))
    }

    fn why_not(&self, failure: Failure) -> String {
        let said = self.printed();
        let last = said.lines().last().unwrap_or_default().trim().to_owned();
        match failure {
            _ if !last.is_empty() => last,
            Failure::Timeout(_) => "no ha arrancado a tiempo".to_owned(),
            Failure::Died(code) => format!("acabó con el código {code} sin arrancar"),
            Failure::System(error) => error.to_string(),
            _ => "no se comporta como un Python".to_owned(),
        }
    }

    /// La versión, «3.11.7».
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// Lo último que ha imprimido la llamada en curso, o la que acaba de fallar.
    pub(super) fn printed(&self) -> String {
        let bytes: Vec<u8> = self.printed.iter().copied().collect();
        String::from_utf8_lossy(&bytes).trim().to_owned()
    }

    /// Importa el guion, fuera de lo que se mide.
    pub(super) fn load(&mut self, call: &Call, timeout: Duration) -> Result<(), Failure> {
        let order = format!("{{\"script\":{}}}\n", call.script().name().serialize_json());
        self.answer(&order, timeout.max(STARTUP)).map(|_| ())
    }

    /// Llama a la función y espera lo que devuelva.
    pub(super) fn call(
        &mut self,
        call: &Call,
        arguments: &str,
        timeout: Duration,
    ) -> Result<Answer, Failure> {
        let order = format!(
            "{{\"script\":{},\"function\":{},\"arguments\":{arguments}}}\n",
            call.script().name().serialize_json(),
            call.function().serialize_json(),
        );
        let reply = self.answer(&order, timeout)?;
        let (Some(nanoseconds), Some(text)) = (reply.nanoseconds, reply.value) else {
            return Err(Failure::Unreadable(
                "falta lo que ha dado o lo que ha tardado".to_owned(),
            ));
        };
        Ok(Answer {
            value: Value {
                text,
                signed: reply.signed,
            },
            elapsed: Duration::from_nanos(nanoseconds),
        })
    }

    /// Le dice que acabe y espera a que lo haga.
    pub(super) fn finish(mut self, timeout: Duration) -> Result<(), Failure> {
        match self.exchange("{\"bye\":true}\n", timeout) {
            Err(Failure::Died(0)) => Ok(()),
            Err(failure) => Err(failure),
            Ok(_) => Err(Failure::Unreadable(
                "ha contestado a la despedida".to_owned(),
            )),
        }
    }

    fn answer(&mut self, order: &str, timeout: Duration) -> Result<Reply, Failure> {
        self.printed.clear();
        let mut reply = self.exchange(order, timeout)?;
        if let Some(traceback) = reply.raised {
            let missing = reply.missing;
            return Err(Failure::Raised { traceback, missing });
        }
        match reply.unsendable.take() {
            Some(why) => Err(Failure::Unreadable(why)),
            None => Ok(reply),
        }
    }

    /// Manda una orden y espera una línea de respuesta, mientras recoge lo que se imprima.
    fn exchange(&mut self, order: &str, timeout: Duration) -> Result<Reply, Failure> {
        let deadline = Instant::now().checked_add(timeout);
        let mut unsent = order.as_bytes();
        loop {
            let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Err(Failure::Timeout(timeout));
            }
            self.wait_for_news(!unsent.is_empty(), left.unwrap_or(CHECK).min(CHECK))?;
            self.collect_output();
            match self.orders.write(unsent) {
                Ok(sent) => unsent = &unsent[sent..],
                // Si ha muerto, se sabrá al leer.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => unsent = &[],
                Err(error) if !is_try_again(&error) => return Err(error.into()),
                Err(_) => {}
            }
            let closed = self.receive()?;
            if let Some(line) = self.take_line() {
                self.collect_output();
                let line = Value {
                    text: line,
                    signed: None,
                };
                // Lo que imprima Python antes del arnés puede parecer un objeto y no serlo.
                let reply = catch(|| read(line)).and_then(|reply| reply);
                return reply.map_err(Failure::Unreadable);
            }
            if closed {
                // Ha cerrado sin contestar: está acabando, si no se ha quedado colgado al acabar.
                self.wait_for_end(deadline, timeout)?;
            }
            if let Some(code) = self.ended()? {
                self.collect_output();
                return Err(Failure::Died(code));
            }
        }
    }

    fn wait_for_news(&self, writing: bool, wait: Duration) -> Result<(), Errno> {
        let mut fds = vec![PollFd::new(&self.replies, PollFlags::IN)];
        if let Some(output) = &self.output {
            fds.push(PollFd::new(output, PollFlags::IN));
        }
        if writing {
            fds.push(PollFd::new(&self.orders, PollFlags::OUT));
        }
        match poll(&mut fds, Some(&timespec(wait))) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(errno) => Err(errno),
        }
    }

    /// Recoge lo que haya; ¿está cerrada la tubería?
    fn receive(&mut self) -> Result<bool, io::Error> {
        let mut chunk = [0; 64 * 1024];
        loop {
            match self.replies.read(&mut chunk) {
                Ok(0) => return Ok(true),
                Ok(count) => self.received.extend_from_slice(&chunk[..count]),
                Err(error) if is_try_again(&error) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
    }

    /// La primera línea entera que sea un objeto: lo que imprima Python antes de arrancar el arnés no lo es.
    fn take_line(&mut self) -> Option<String> {
        loop {
            let end = self.received.iter().position(|&byte| byte == b'\n')?;
            let line: Vec<u8> = self.received.drain(..=end).collect();
            if line.starts_with(b"{") {
                return Some(String::from_utf8_lossy(&line).into_owned());
            }
        }
    }

    /// Recoge lo imprimido y se queda con el final.
    fn collect_output(&mut self) {
        let Some(output) = &mut self.output else {
            return;
        };
        let mut chunk = [0; 16 * 1024];
        // Con tope: quien imprime sin parar no puede impedir que se mire el plazo.
        for _ in 0..16 {
            match output.read(&mut chunk) {
                Ok(0) => {
                    self.output = None;
                    return;
                }
                Ok(count) => {
                    self.printed.extend(&chunk[..count]);
                    let extra = self.printed.len().saturating_sub(LONGEST_OUTPUT);
                    self.printed.drain(..extra);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    }

    fn wait_for_end(
        &mut self,
        deadline: Option<Instant>,
        timeout: Duration,
    ) -> Result<(), Failure> {
        let mut pause = Duration::from_micros(50);
        while self.ended()?.is_none() {
            if deadline.is_some_and(|at| at <= Instant::now()) {
                return Err(Failure::Timeout(timeout));
            }
            self.collect_output();
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(2));
        }
        Ok(())
    }

    /// Con qué acabó, si ha acabado. No lo recoge: mientras no se recoja, su PID y su grupo siguen siendo suyos.
    fn ended(&self) -> Result<Option<i32>, Errno> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        let status = waitid(WaitId::Pid(self.pid()), options)?;
        Ok(status.and_then(|status| {
            let signal = status.terminating_signal().map(|signal| -signal);
            status.exit_status().or(signal)
        }))
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // Nadie lo ha recogido aún: su PID sigue siendo el de su grupo.
        let _ = kill_process_group(self.pid(), Signal::KILL);
        let _ = self.child.wait();
    }
}

/// Lo que ya vaya sin proxy, y esta máquina: quien mide contra un servidor de aquí no mide el proxy.
fn without_proxy() -> String {
    let said = env::var("no_proxy").or_else(|_| env::var("NO_PROXY"));
    let said = said.unwrap_or_default();
    format!("{said},127.0.0.1,localhost")
}

fn is_try_again(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
    )
}

fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: duration.as_secs() as i64,
        tv_nsec: i64::from(duration.subsec_nanos()),
    }
}
