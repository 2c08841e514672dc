//! Un par de sockets anónimos que lleva mensajes enteros, con sus descriptores, entre dos procesos o más.
//!
//! Cada mensaje es un paquete: llega entero o no llega, así que varios procesos pueden escribir y leer en el mismo
//! extremo sin cerrojos, y el que muere a medias no deja medio mensaje. Lo que no cabe en un paquete va en una memoria
//! anónima cuyo descriptor sí cabe.

use std::cell::RefCell;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::ops::Deref;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg, sendmsg, socketpair,
    sockopt,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::memory;
use super::message::{self, Handle, MAX_HANDLES};
use super::raw::SharedMemory;
use crate::timeline::{self, Inside, NOTHING, State};

/// Lo que cabe dentro de un paquete; lo demás va en una memoria aparte.
pub(super) const INLINE: usize = 48 << 10;

/// Cuánto se insiste antes de dormir. Despertar a un proceso dormido en otro núcleo cuesta decenas de µs: si el otro
/// está a punto de contestar, sale a cuenta esperarlo despierto.
pub(super) const SPIN: Duration = Duration::from_micros(50);

/// La cabecera de un paquete: 0 y el mensaje detrás, o el tamaño del que va en la memoria aparte.
const HEADER: usize = 8;

/// Hasta cuándo se espera.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wait {
    Never,
    Until(Instant),
    Forever,
}

impl Wait {
    /// Un plazo en segundos de la lección.
    pub(super) fn lesson(seconds: f64) -> Wait {
        // Un plazo que no cabe en un `Instant` no se va a cumplir nunca.
        Instant::now()
            .checked_add(crate::time::to_real(seconds))
            .map_or(Wait::Forever, Wait::Until)
    }

    /// Lo que queda, o nada si no hay límite.
    pub(super) fn left(self) -> Option<Duration> {
        match self {
            Wait::Never => Some(Duration::ZERO),
            Wait::Until(deadline) => Some(deadline.saturating_duration_since(Instant::now())),
            Wait::Forever => None,
        }
    }

    /// Como mucho `limit`.
    pub(super) fn at_most(self, limit: Duration) -> Wait {
        Wait::Until(Instant::now() + self.left().map_or(limit, |left| left.min(limit)))
    }

    pub(super) fn is_over(self) -> bool {
        self.left().is_some_and(|left| left.is_zero())
    }
}

/// Por qué un mensaje no ha salido o no ha llegado.
#[derive(Debug)]
pub(super) enum ChannelError {
    /// No queda nadie al otro lado.
    Closed,
    /// Se acabó el plazo.
    TimedOut,
    System(io::Error),
}

impl From<Errno> for ChannelError {
    fn from(errno: Errno) -> ChannelError {
        match errno {
            Errno::PIPE | Errno::CONNRESET | Errno::NOTCONN => ChannelError::Closed,
            errno => ChannelError::System(errno.into()),
        }
    }
}

impl From<io::Error> for ChannelError {
    fn from(error: io::Error) -> ChannelError {
        ChannelError::System(error)
    }
}

/// Los bytes de un mensaje que ha llegado.
#[derive(Debug)]
pub(super) enum Body {
    Inline(Vec<u8>),
    Apart { memory: SharedMemory, len: usize },
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Body::Inline(bytes) => bytes,
            Body::Apart { memory, len } => memory.sealed(*len),
        }
    }
}

/// Un mensaje que ha llegado.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) body: Body,
    pub(super) handles: Vec<OwnedFd>,
}

impl Message {
    /// El mensaje que no llegó.
    pub(super) fn empty() -> Message {
        Message {
            body: Body::Inline(Vec::new()),
            handles: Vec::new(),
        }
    }
}

/// Un extremo.
#[derive(Debug)]
pub(super) struct Channel {
    socket: OwnedFd,
    /// Lo que espera, en la línea de tiempo, quien recibe y quien manda; nada si no es cosa del usuario.
    labels: Option<[&'static str; 2]>,
}

impl Channel {
    /// Dos extremos unidos. Los hijos que lance otro no los heredan.
    pub(super) fn pair() -> io::Result<(Channel, Channel)> {
        let (one, other) = pair()?;
        Ok((Channel::over(one), Channel::over(other)))
    }

    /// El extremo que hay en `socket`, si lo es.
    pub(super) fn from_fd(socket: OwnedFd) -> io::Result<Channel> {
        if sockopt::socket_type(&socket)? != KIND {
            return Err(Errno::INVAL.into());
        }
        Ok(Channel::over(socket))
    }

    fn over(socket: OwnedFd) -> Channel {
        Channel {
            socket,
            labels: None,
        }
    }

    /// El mismo extremo, que sale en la línea de tiempo: lo que espera quien recibe y quien manda.
    pub(super) fn seen(mut self, labels: [&'static str; 2]) -> Channel {
        self.labels = Some(labels);
        self
    }

    /// Quien llama espera a que el canal esté como se pide; nada si no hay captura o no es cosa del usuario.
    fn waiting(&self, ready: PollFlags) -> Option<Inside> {
        let [empty, full] = self.labels?;
        let label = if ready == PollFlags::IN { empty } else { full };
        timeline::waiting(State::Wait, NOTHING, || label.into())
    }

    pub(super) fn into_fd(self) -> OwnedFd {
        self.socket
    }

    /// Manda un mensaje; espera sitio hasta `wait`.
    pub(super) fn send(
        &self,
        bytes: &[u8],
        handles: &[OwnedFd],
        wait: Wait,
    ) -> Result<(), ChannelError> {
        let handles: Vec<_> = handles.iter().map(AsFd::as_fd).collect();
        self.send_borrowed(bytes, &handles, wait)
    }

    /// Como [`send`](Channel::send), con descriptores que son de varios dueños.
    pub(super) fn send_borrowed(
        &self,
        bytes: &[u8],
        handles: &[BorrowedFd<'_>],
        wait: Wait,
    ) -> Result<(), ChannelError> {
        if bytes.len() <= INLINE {
            return self.send_small(bytes, handles, wait);
        }
        let apart = memory::holding(bytes)?;
        let mut all = handles.to_vec();
        all.push(apart.as_fd());
        self.packet(&(bytes.len() as u64).to_le_bytes(), &[], &all, wait)
    }

    /// Manda un mensaje que cabe en un paquete; espera sitio hasta `wait`.
    pub(super) fn send_small(
        &self,
        bytes: &[u8],
        handles: &[BorrowedFd<'_>],
        wait: Wait,
    ) -> Result<(), ChannelError> {
        self.packet(&[0; HEADER], bytes, handles, wait)
    }

    /// Manda una línea de texto, sin cabecera: para quien la lee como su entrada estándar.
    pub(super) fn send_line(&self, line: &str) -> Result<(), ChannelError> {
        self.packet(&[], line.as_bytes(), &[], Wait::Forever)
    }

    fn packet(
        &self,
        header: &[u8],
        bytes: &[u8],
        handles: &[BorrowedFd<'_>],
        wait: Wait,
    ) -> Result<(), ChannelError> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_HANDLES + 1))];
        self.insist(PollFlags::OUT, wait, || {
            let mut control = SendAncillaryBuffer::new(&mut space);
            if !handles.is_empty() && !control.push(SendAncillaryMessage::ScmRights(handles)) {
                return Err(Errno::MSGSIZE);
            }
            let parts = [IoSlice::new(header), IoSlice::new(bytes)];
            sendmsg(
                &self.socket,
                &parts,
                &mut control,
                SendFlags::DONTWAIT | NOSIGNAL,
            )
            .map(drop)
        })
    }

    /// El mensaje siguiente; lo espera hasta `wait`.
    pub(super) fn recv(&self, wait: Wait) -> Result<Message, ChannelError> {
        self.recv_with(RecvFlags::empty(), wait)
    }

    /// Una copia del mensaje siguiente, que se queda donde está.
    pub(super) fn peek(&self) -> Result<Message, ChannelError> {
        self.recv_with(RecvFlags::PEEK, Wait::Never)
    }

    /// ¿Hay un mensaje, o se ha cerrado el otro extremo? Lo espera hasta `wait`.
    pub(super) fn has_news(&self, wait: Wait) -> Result<bool, ChannelError> {
        let waits = timeline::is_on()
            && !wait.is_over()
            && !self.sleep_until(PollFlags::IN, Wait::Never)?;
        let _waiting = waits.then(|| self.waiting(PollFlags::IN));
        loop {
            if self.sleep_until(PollFlags::IN, wait)? {
                return Ok(true);
            }
            if wait.is_over() {
                return Ok(false);
            }
        }
    }

    fn recv_with(&self, flags: RecvFlags, wait: Wait) -> Result<Message, ChannelError> {
        thread_local! {
            static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; HEADER + INLINE]);
        }
        BUFFER.with_borrow_mut(|buffer| {
            let mut handles = Vec::new();
            let mut read = || -> rustix::io::Result<usize> {
                let mut space =
                    [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_HANDLES + 1))];
                let mut control = RecvAncillaryBuffer::new(&mut space);
                let received = recvmsg(
                    &self.socket,
                    &mut [IoSliceMut::new(buffer)],
                    &mut control,
                    flags | RecvFlags::DONTWAIT | CLOEXEC,
                )?;
                for message in control.drain() {
                    if let RecvAncillaryMessage::ScmRights(received) = message {
                        for handle in received {
                            keep_private(&handle)?;
                            handles.push(handle);
                        }
                    }
                }
                Ok(received.bytes)
            };
            // Linux mira si hay mensajes y después si queda alguien: si el último llega y el otro extremo se cierra entre lo
            // uno y lo otro, da cero bytes con el mensaje en la cola. A la segunda ya no puede llegar ninguno más.
            let len = self.insist(PollFlags::IN, wait, || match read()? {
                0 => read(),
                len => Ok(len),
            })?;
            // Ningún mensaje está vacío (lleva cabecera): un paquete sin bytes es que no queda nadie.
            let Some((header, bytes)) = buffer[..len].split_first_chunk::<HEADER>() else {
                return Err(ChannelError::Closed);
            };
            let body = match u64::from_le_bytes(*header) {
                0 => Body::Inline(bytes.to_vec()),
                len => {
                    // Sin sitio para más descriptores, el sistema se los deja por el camino.
                    let fd = handles.pop().ok_or(Errno::MFILE)?;
                    let memory = SharedMemory::map(fd)?;
                    Body::Apart {
                        memory,
                        len: len as usize,
                    }
                }
            };
            Ok(Message { body, handles })
        })
    }

    /// Repite `attempt` hasta que no diga «ahora no»: primero despierto, luego dormido, y nunca más allá de `wait`.
    fn insist<T>(
        &self,
        ready: PollFlags,
        wait: Wait,
        mut attempt: impl FnMut() -> Result<T, Errno>,
    ) -> Result<T, ChannelError> {
        let mut asleep_at = None;
        let mut _waiting = None;
        loop {
            match attempt() {
                Ok(value) => return Ok(value),
                Err(Errno::INTR) => continue,
                Err(error) if busy(error) => {}
                Err(error) => return Err(error.into()),
            }
            if wait.is_over() {
                return Err(ChannelError::TimedOut);
            }
            _waiting.get_or_insert_with(|| self.waiting(ready));
            if Instant::now() < *asleep_at.get_or_insert_with(|| Instant::now() + SPIN) {
                // Si el otro está en este mismo núcleo, que siga él.
                thread::yield_now();
            } else {
                self.sleep_until(ready, wait)?;
            }
        }
    }

    /// Duerme hasta que esté como se pide, o se pase el plazo. Puede volver antes con un `false`.
    fn sleep_until(&self, ready: PollFlags, wait: Wait) -> Result<bool, ChannelError> {
        match poll(
            &mut [PollFd::new(&self.socket, ready)],
            timespec(wait.left()).as_ref(),
        ) {
            Ok(count) => Ok(count > 0),
            Err(Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// Viaja su descriptor: al otro lado es el mismo extremo.
impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        message::serialize_fd(self.as_fd(), serializer)
    }
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Channel, D::Error> {
        let Handle(fd) = Handle::deserialize(deserializer)?;
        Channel::from_fd(fd).map_err(|error| message::cannot_rebuild(&error))
    }
}

impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// Un plazo como lo quieren `poll` y `futex`.
pub(super) fn timespec(left: Option<Duration>) -> Option<Timespec> {
    // Lo que no cabe son siglos: como sin plazo.
    left.and_then(|left| Timespec::try_from(left).ok())
}

#[cfg(target_os = "linux")]
use linux::{CLOEXEC, KIND, NOSIGNAL, busy, keep_private, pair};

#[cfg(target_os = "linux")]
mod linux {
    use super::*;

    pub(super) const KIND: SocketType = SocketType::SEQPACKET;
    pub(super) const NOSIGNAL: SendFlags = SendFlags::NOSIGNAL;
    pub(super) const CLOEXEC: RecvFlags = RecvFlags::CMSG_CLOEXEC;

    /// Ya ha llegado así: los programas que lance este proceso no lo heredan.
    pub(super) fn keep_private(_handle: &OwnedFd) -> Result<(), Errno> {
        Ok(())
    }

    pub(super) fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
        Ok(socketpair(
            AddressFamily::UNIX,
            KIND,
            SocketFlags::CLOEXEC,
            None,
        )?)
    }

    pub(super) fn busy(error: Errno) -> bool {
        error == Errno::AGAIN
    }
}

#[cfg(not(target_os = "linux"))]
use macos::{CLOEXEC, KIND, NOSIGNAL, busy, keep_private, pair};

/// macOS no tiene SEQPACKET: con DGRAM los mensajes también llegan enteros, pero hay que pedir sitio para ellos y el
/// lleno se dice de otra manera.
#[cfg(not(target_os = "linux"))]
mod macos {
    use super::*;
    use rustix::io::{FdFlags, fcntl_setfd};

    pub(super) const KIND: SocketType = SocketType::DGRAM;
    pub(super) const NOSIGNAL: SendFlags = SendFlags::empty();
    pub(super) const CLOEXEC: RecvFlags = RecvFlags::empty();

    /// Que no lo hereden los programas que lance este proceso.
    pub(super) fn keep_private(handle: &OwnedFd) -> Result<(), Errno> {
        fcntl_setfd(handle, FdFlags::CLOEXEC)
    }

    pub(super) fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
        let (one, other) = socketpair(AddressFamily::UNIX, KIND, SocketFlags::empty(), None)?;
        for socket in [&one, &other] {
            fcntl_setfd(socket, FdFlags::CLOEXEC)?;
            sockopt::set_socket_nosigpipe(socket, true)?;
            sockopt::set_socket_send_buffer_size(socket, 2 * INLINE)?;
            sockopt::set_socket_recv_buffer_size(socket, 8 * INLINE)?;
        }
        Ok((one, other))
    }

    pub(super) fn busy(error: Errno) -> bool {
        if error == Errno::NOBUFS {
            // `poll` no espera a que haya sitio: se le da un respiro al que lee.
            thread::sleep(Duration::from_micros(100));
        }
        matches!(error, Errno::AGAIN | Errno::NOBUFS)
    }
}
