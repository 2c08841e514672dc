//! Las conexiones: solo de esta máquina, y cada una con una tijera.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// Las conexiones que esperan a que se las acepte. Con las 128 de siempre, mil de golpe se quedan sin sitio y el sistema
/// tarda un segundo en volver a intentarlo.
const QUEUE: u32 = 4096;

/// Atiende en 127.0.0.1, y en ningún otro sitio.
pub(crate) struct Loopback {
    inner: TcpListener,
    address: SocketAddr,
}

impl Loopback {
    pub(crate) fn bind(port: u16) -> io::Result<Loopback> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind((Ipv4Addr::LOCALHOST, port).into())?;
        let inner = socket.listen(QUEUE)?;
        let address = inner.local_addr()?;
        Ok(Loopback { inner, address })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Listener for Loopback {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // La de axum, que ya sabe qué hacer cuando aceptar falla.
        let (stream, address) = Listener::accept(&mut self.inner).await;
        // Sin esperar a juntar: una respuesta a trozos no tiene que perder 40 ms en el camino.
        let _ = stream.set_nodelay(true);
        let line = Line::default();
        (Connection { stream, line }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// La tijera de una conexión: quien responde la usa para que se corte a mitad de camino.
#[derive(Clone)]
pub(crate) struct Line {
    /// Los bytes que aún se pueden escribir.
    left: Arc<AtomicUsize>,
}

impl Default for Line {
    fn default() -> Line {
        Line {
            left: Arc::new(AtomicUsize::new(usize::MAX)),
        }
    }
}

impl Line {
    /// Deja pasar `bytes` bytes más, cabeceras incluidas, y cuelga.
    pub(crate) fn cut_after(&self, bytes: usize) {
        self.left.store(bytes, Ordering::Relaxed);
    }

    /// Cuántos de `wanted` bytes se pueden escribir.
    fn allow(&self, wanted: usize) -> io::Result<usize> {
        match self.left.load(Ordering::Relaxed) {
            usize::MAX => Ok(wanted),
            0 => Err(io::ErrorKind::BrokenPipe.into()),
            left => Ok(wanted.min(left)),
        }
    }

    fn wrote(&self, bytes: usize) {
        let left = self.left.load(Ordering::Relaxed);
        if left != usize::MAX {
            self.left.store(left - bytes, Ordering::Relaxed);
        }
    }
}

impl Connected<IncomingStream<'_, Loopback>> for Line {
    fn connect_info(stream: IncomingStream<'_, Loopback>) -> Line {
        stream.io().line.clone()
    }
}

/// Una conexión que se puede cortar.
pub(crate) struct Connection {
    stream: TcpStream,
    line: Line,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

// No escribe a tramos (`poll_write_vectored`): así todo pasa por un solo sitio.
impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let allowed = self.line.allow(bytes.len())?;
        let wrote = Pin::new(&mut self.stream).poll_write(cx, &bytes[..allowed]);
        if let Poll::Ready(Ok(wrote)) = wrote {
            self.line.wrote(wrote);
        }
        wrote
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
