//! Lo que hace un proceso hijo: escuchar a su padre, ejecutar lo que le manda y no sobrevivirle.

use std::collections::HashMap;
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::parent_id;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use std::{env, thread};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::fcntl_dupfd_cloexec;
use rustix::net::sockopt;
use serde::{Deserialize, Serialize};

use super::channel::{Channel, ChannelError, Message, Wait, timespec};
use super::child::{self, WORKER_FLAG};
use super::function::Entry;
use super::ledger::{Ledger, Status};
use super::message::{self, Output};
use super::raw::{self, Location};
use crate::panic::{self, install_panic_hook};
use crate::time::set_scale;
use crate::timeline::{self, Away};

/// Cada cuánto se mira, además, si el padre sigue siendo el mismo.
const PARENT_CHECK: Duration = Duration::from_millis(500);

/// Lo primero que el padre le dice a un hijo.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Order {
    /// Ejecuta una función, cuyos argumentos son el mensaje siguiente, y acaba.
    Once {
        name: String,
        scale: f64,
        function: Location,
        /// El padre está capturando: hay que contarle lo que pase.
        capture: bool,
    },
    /// Atiende lotes hasta que llegue uno vacío.
    Serve { name: String, ledger: Ledger },
}

/// La cabecera de un lote. Detrás van las tareas, cada una precedida de su [`Item`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Batch {
    pub(super) scale: f64,
    pub(super) count: usize,
    /// Las funciones que este trabajador aún no conoce, con el número por el que se las nombrará.
    pub(super) functions: Vec<(u32, Location)>,
    /// El padre está capturando: hay que contarle lo que pase.
    pub(super) capture: bool,
}

/// Lo que precede a los argumentos de una tarea dentro de un lote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) function: u32,
    pub(super) handles: u32,
    pub(super) len: u32,
}

impl Item {
    pub(super) const SIZE: usize = 12;

    #[inline]
    pub(super) fn to_bytes(self) -> [u8; Item::SIZE] {
        let mut bytes = [0; Item::SIZE];
        bytes[..4].copy_from_slice(&self.function.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.handles.to_le_bytes());
        bytes[8..].copy_from_slice(&self.len.to_le_bytes());
        bytes
    }

    fn split(bytes: &[u8]) -> Option<(Item, &[u8])> {
        let (function, bytes) = bytes.split_first_chunk()?;
        let (handles, bytes) = bytes.split_first_chunk()?;
        let (len, bytes) = bytes.split_first_chunk()?;
        let item = Item {
            function: u32::from_le_bytes(*function),
            handles: u32::from_le_bytes(*handles),
            len: u32::from_le_bytes(*len),
        };
        Some((item, bytes))
    }
}

/// El primer byte de lo que un trabajador le manda a su padre cuando no es el [`Status`] de un resultado: que ha acabado
/// con el lote y ya no cogerá más tareas de él.
pub(super) const END_TAG: u8 = 0xff;

/// Lo que lleva delante lo que va para la línea de tiempo del padre.
pub(super) const NOTE_TAG: u8 = 0xfe;

static NAME: OnceLock<String> = OnceLock::new();

/// El nombre de este proceso, si es un hijo de otro.
pub(crate) fn name() -> Option<&'static str> {
    NAME.get().map(String::as_str)
}

/// Prepara el programa para lanzar procesos: **la primera línea de `main`** fuera del cuaderno.
///
/// Cada proceso hijo es este mismo programa vuelto a lanzar. Al llegar aquí se entera de que es un hijo, atiende a su
/// padre y no vuelve; en el programa principal, vuelve enseguida. En el cuaderno no hace falta (ni estorba).
///
/// Lo que haya antes en `main` lo ejecuta también cada hijo.
///
/// # En Python
///
/// `if __name__ == "__main__":`, y por lo mismo: con `spawn`, cada hijo importa otra vez el programa.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::{ProcessPool, process};
///
/// fn cuadrado(x: i64) -> i64 {
///     x * x
/// }
///
/// fn main() -> Result<(), process::ProcessError> {
///     process::init();
///     let pool = ProcessPool::new(2)?;
///     assert_eq!(pool.map(cuadrado, 0..5)?, [0, 1, 4, 9, 16]);
///     Ok(())
/// }
/// ```
pub fn init() {
    let mut args = env::args_os().skip(1);
    if args.next().is_some_and(|arg| arg == WORKER_FLAG) && args.next().is_none() {
        run();
    }
    child::mark_ready();
}

/// Si este es el proceso que ejecuta las celdas, hace que muera con su núcleo, aunque esté a mitad de un bucle.
///
/// Los procesos que lanzan las celdas también pasan por aquí, y no hacen nada: su vigía es [`outlive`].
pub(crate) fn die_with_the_kernel() {
    if sockopt::socket_type(io::stdin()).is_ok() {
        return;
    }
    let kernel = parent_id();
    // No vale pedirle al sistema una señal para cuando muera el padre: la manda en cuanto acaba el *hilo* que lo lanzó,
    // y a este lo lanza uno que evcxr retira a los pocos segundos. Sin vigía, se acaba por las buenas, como siempre.
    let _ = thread::Builder::new()
        .name("vigía".to_owned())
        .spawn(move || {
            while parent_id() == kernel {
                thread::sleep(PARENT_CHECK);
            }
            raw::exit_now(1);
        });
}

/// Atiende al padre hasta que diga basta o desaparezca.
pub(super) fn run() -> ! {
    let parent = parent_id();
    // También este puede lanzar hijos.
    child::mark_ready();
    install_panic_hook();
    let channel = match take_channel() {
        Ok(channel) => channel,
        Err(error) => {
            eprintln!(
                "{WORKER_FLAG} es de uso interno: la entrada estándar no es el canal de un padre ({error})"
            );
            raw::exit_now(2);
        }
    };
    let watched = channel.as_fd().try_clone_to_owned();
    let guarded = watched.and_then(|channel| {
        thread::Builder::new()
            .name("vigía".to_owned())
            .spawn(move || outlive(&channel, parent))
    });
    let code = match guarded {
        Ok(_) => serve(&channel),
        // Sin vigía no se enteraría de que se queda huérfano: no se empieza.
        Err(_) => 1,
    };
    leave(code)
}

/// Vacía lo que quede por escribir y acaba.
fn leave(code: i32) -> ! {
    let _ = io::stdout().flush();
    raw::exit_now(code)
}

/// El canal que el padre puso como entrada estándar; en su lugar queda una vacía.
fn take_channel() -> io::Result<Channel> {
    let channel = fcntl_dupfd_cloexec(io::stdin(), 3)?;
    let nothing = rustix::fs::open(
        c"/dev/null",
        OFlags::RDONLY | OFlags::CLOEXEC,
        Mode::empty(),
    )?;
    rustix::stdio::dup2_stdin(&nothing)?;
    Channel::from_fd(channel)
}

/// Acaba con este proceso en cuanto el padre suelta el canal o deja de ser el padre.
fn outlive(channel: &OwnedFd, parent: u32) {
    loop {
        // Sin pedir nada, `poll` solo despierta cuando el otro extremo se cierra.
        let mut fds = [PollFd::new(channel, PollFlags::empty())];
        let woken = poll(&mut fds, timespec(Some(PARENT_CHECK)).as_ref());
        let hung_up = woken.is_ok_and(|count| count > 0) && !fds[0].revents().is_empty();
        if hung_up || parent_id() != parent {
            raw::exit_now(1);
        }
    }
}

fn serve(channel: &Channel) -> i32 {
    let Ok(order) = channel.recv(Wait::Forever) else {
        return 0;
    };
    match message::decode(&order.body, &order.handles) {
        Ok(Order::Once {
            name,
            scale,
            function,
            capture,
        }) => {
            let name = NAME.get_or_init(|| name);
            set_scale(scale);
            show_name(name);
            once(channel, &function, capture)
        }
        Ok(Order::Serve { name, ledger }) => {
            let name = NAME.get_or_init(|| name);
            show_name(name);
            // Sin avisos: quien mandó la tarea recibe el pánico.
            panic::silence();
            batches(channel, &ledger)
        }
        Err(error) => {
            eprintln!("el proceso hijo no entiende a su padre: {error}");
            2
        }
    }
}

/// Que `ps` y `top` enseñen el nombre del proceso y no el del programa.
fn show_name(name: &str) {
    #[cfg(target_os = "linux")]
    if let Ok(name) = std::ffi::CString::new(name) {
        // Solo es un adorno: si no se puede, da igual.
        let _ = rustix::thread::set_name(&name);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = name;
}

fn once(channel: &Channel, function: &Location, capture: bool) -> i32 {
    let Ok(args) = channel.recv(Wait::Forever) else {
        return 0;
    };
    let mut output = Output::default();
    let function = function.resolve();
    let away = capture.then(Away::open);
    if away.is_some() {
        note(channel, &Away::began());
    }
    let status = match function {
        Ok(entry) => execute(entry, &args.body, args.handles, &mut output),
        Err(error) => fill(&mut output, Status::Undeliverable, &error),
    };
    if let Some(away) = away {
        note(channel, &Away::ended(status == Status::Panicked));
        away.finish().inspect(|recorded| note(channel, recorded));
    }
    // Lo que ha escrito, antes que su resultado.
    let _ = io::stdout().flush();
    match channel.send(&output.bytes, &output.handles, Wait::Forever) {
        Ok(()) if status == Status::Done => 0,
        Err(ChannelError::System(error)) => {
            fill(
                &mut output,
                Status::Undeliverable,
                &format!("el resultado no ha podido salir: {error}"),
            );
            let _ = channel.send(&output.bytes, &output.handles, Wait::Forever);
            1
        }
        _ => 1,
    }
}

/// Le manda al padre algo para su línea de tiempo.
fn note(channel: &Channel, note: &[u8]) {
    // Si no puede salir, a la traza le faltará; el resultado dirá si además pasa algo.
    let _ = channel.send(&[&[NOTE_TAG], note].concat(), &[], Wait::Forever);
}

/// Llama a la función y deja en `output` el estado y, detrás, el resultado o el porqué.
fn execute(entry: Entry, args: &[u8], handles: Vec<OwnedFd>, output: &mut Output) -> Status {
    output.bytes.clear();
    output.handles.clear();
    output.bytes.push(Status::Done as u8);
    match catch_unwind(AssertUnwindSafe(|| entry(args, handles, output))) {
        Ok(Ok(())) => Status::Done,
        Ok(Err(why)) => fill(output, Status::Undeliverable, &why),
        Err(payload) => fill(output, Status::Panicked, &panic::message_of(payload)),
    }
}

fn fill(output: &mut Output, status: Status, text: &str) -> Status {
    output.bytes.clear();
    output.handles.clear();
    output.bytes.push(status as u8);
    output.bytes.extend_from_slice(text.as_bytes());
    status
}

/// Ejecuta lotes, apuntando cada resultado en el libro, hasta que llega uno vacío.
fn batches(channel: &Channel, ledger: &Ledger) -> i32 {
    // Las funciones llegan numeradas, pero cada trabajador solo conoce las que le han tocado.
    let mut functions: HashMap<u32, Result<Entry, String>> = HashMap::new();
    let mut output = Output::default();
    loop {
        let Ok(message) = channel.recv(Wait::Forever) else {
            return 0;
        };
        if message.body.is_empty() {
            return 0;
        }
        if let Err(error) = batch(channel, ledger, message, &mut functions, &mut output) {
            eprintln!("el proceso hijo no puede hablar con su padre: {error}");
            return 2;
        }
    }
}

fn batch(
    channel: &Channel,
    ledger: &Ledger,
    message: Message,
    functions: &mut HashMap<u32, Result<Entry, String>>,
    output: &mut Output,
) -> Result<(), String> {
    let (header, mut rest) = read_header(&message.body).ok_or("un lote sin cabecera")?;
    set_scale(header.scale);
    for (number, location) in &header.functions {
        functions.insert(*number, location.resolve());
    }
    let started = Instant::now();
    let away = header.capture.then(Away::open);
    let mut handles = message.handles.into_iter();
    // La función de la tarea anterior: suele ser la misma.
    let mut current: Option<(u32, &Result<Entry, String>)> = None;
    while let Some(number) = ledger.claim() {
        let (item, bytes) = Item::split(rest).ok_or("un lote con menos tareas de las que dice")?;
        let (args, after) = bytes
            .split_at_checked(item.len as usize)
            .ok_or("una tarea más corta de lo que dice")?;
        rest = after;
        if handles.len() < item.handles as usize {
            return Err("una tarea con menos descriptores de los que dice".to_owned());
        }
        let own = handles.by_ref().take(item.handles as usize).collect();
        if current.is_none_or(|(number, _)| number != item.function) {
            current = functions
                .get(&item.function)
                .map(|function| (item.function, function));
        }
        if away.is_some() {
            ledger.set_began(number, timeline::now());
        }
        let status = match current {
            Some((_, Ok(entry))) => execute(*entry, args, own, output),
            Some((_, Err(why))) => fill(output, Status::Undeliverable, why),
            None => fill(
                output,
                Status::Undeliverable,
                "una función que nadie ha presentado",
            ),
        };
        if away.is_some() {
            ledger.set_ended(number, timeline::now(), status == Status::Panicked);
        }
        if !ledger.append(status, &output.bytes[1..], output.handles.is_empty()) {
            reply(channel, output)?;
        }
    }
    // Lo que han escrito, antes que sus resultados.
    let _ = io::stdout().flush();
    ledger.set_worked(started.elapsed());
    let recorded = away.and_then(Away::finish);
    recorded.inspect(|recorded| note(channel, recorded));
    channel
        .send(&[END_TAG], &[], Wait::Forever)
        .map_err(|error| format!("{error:?}"))
}

fn read_header(body: &[u8]) -> Option<(Batch, &[u8])> {
    postcard::take_from_bytes(body).ok()
}

/// Manda un resultado que no cabe en el libro.
fn reply(channel: &Channel, output: &mut Output) -> Result<(), String> {
    match channel.send(&output.bytes, &output.handles, Wait::Forever) {
        Ok(()) => Ok(()),
        Err(ChannelError::System(error)) => {
            // Sin memoria para él: que al menos se sepa.
            fill(
                output,
                Status::Undeliverable,
                &format!("el resultado no ha podido salir: {error}"),
            );
            channel
                .send(&output.bytes, &output.handles, Wait::Forever)
                .map_err(|error| format!("{error:?}"))
        }
        Err(error) => Err(format!("{error:?}")),
    }
}
