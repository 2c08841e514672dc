//! Lo que escribe un proceso hijo, llevado línea a línea a la salida de este.

use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crossbeam::channel::{Sender, bounded, unbounded};
use rustix::io::{Errno, ioctl_fionbio, read};

/// Una línea más larga que esto se parte.
const LONGEST: usize = 1 << 20;

/// A cuál de las dos salidas va.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

/// La tubería con una de las salidas de un hijo.
#[derive(Debug)]
pub(super) struct Relay {
    pipe: Option<OwnedFd>,
    stream: Stream,
    pending: Vec<u8>,
}

impl Relay {
    pub(super) fn new(pipe: OwnedFd, stream: Stream) -> io::Result<Relay> {
        ioctl_fionbio(&pipe, true)?;
        Ok(Relay {
            pipe: Some(pipe),
            stream,
            pending: Vec::new(),
        })
    }

    /// La tubería, mientras alguien pueda escribir en ella.
    pub(super) fn pipe(&self) -> Option<BorrowedFd<'_>> {
        self.pipe.as_ref().map(AsFd::as_fd)
    }

    /// Enseña las líneas completas que hayan llegado, sin esperar más.
    pub(super) fn forward(&mut self) {
        let mut buffer = [0; 8 << 10];
        while let Some(pipe) = &self.pipe {
            match read(pipe, &mut buffer[..]) {
                Ok(0) => self.pipe = None,
                Ok(len) => {
                    self.pending.extend_from_slice(&buffer[..len]);
                    self.show(complete(&self.pending));
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return,
                Err(_) => self.pipe = None,
            }
        }
    }

    /// Enseña lo que quede, aunque la última línea esté a medias.
    pub(super) fn finish(&mut self) {
        self.forward();
        if !self.pending.is_empty() {
            self.pending.push(b'\n');
            self.show(self.pending.len());
        }
    }

    /// Enseña de una vez los primeros `len` bytes pendientes: las líneas de otro hijo no se meten en medio.
    fn show(&mut self, len: usize) {
        if len > 0 {
            say(self.stream, self.pending.drain(..len).collect());
        }
    }
}

/// Lo que hay que escribir, y a quién decirle que ya está.
struct Lines {
    stream: Stream,
    text: Vec<u8>,
    done: Sender<()>,
}

/// Cuánto se espera a que lo de un hijo salga: quien tenga cogida la salida puede estar esperando al propio hijo.
const PATIENCE: Duration = Duration::from_secs(1);

/// Escribe unas líneas enteras en una salida de este proceso; vuelve cuando han salido.
///
/// Las escribe un hilo aparte: si otro tiene cogida la salida y no la suelta, se espera un rato y se sigue. Las líneas
/// saldrán, en su orden, cuando la suelte.
fn say(stream: Stream, text: Vec<u8>) {
    static VOICE: OnceLock<Sender<Lines>> = OnceLock::new();
    static STUCK: AtomicBool = AtomicBool::new(false);
    let voice = VOICE.get_or_init(|| {
        let (voice, queue) = unbounded::<Lines>();
        // Sin hilo, la cola se cierra y cada uno escribe lo suyo.
        let _ = thread::Builder::new()
            .name("salida de los procesos".to_owned())
            .spawn(move || {
                for lines in queue {
                    write(lines.stream, &lines.text);
                    STUCK.store(false, Ordering::Relaxed);
                    let _ = lines.done.send(());
                }
            });
        voice
    });
    let (done, wait) = bounded(1);
    match voice.send(Lines { stream, text, done }) {
        Err(unsent) => write(stream, &unsent.0.text),
        Ok(()) if STUCK.load(Ordering::Relaxed) => {}
        Ok(()) => {
            if wait.recv_timeout(PATIENCE).is_err() {
                STUCK.store(true, Ordering::Relaxed);
            }
        }
    }
}

fn write(stream: Stream, text: &[u8]) {
    // Si la salida está cerrada no hay a quién enseñárselo, y el hijo no tiene la culpa.
    let _ = match stream {
        Stream::Stdout => {
            let mut out = io::stdout().lock();
            out.write_all(text).and_then(|()| out.flush())
        }
        Stream::Stderr => io::stderr().lock().write_all(text),
    };
}

/// Cuántos bytes se pueden enseñar ya: líneas enteras y, si empieza un resultado con formato, el resultado entero.
fn complete(pending: &[u8]) -> usize {
    const BEGIN: &[u8] = b"EVCXR_BEGIN_CONTENT";
    const END: &[u8] = b"EVCXR_END_CONTENT";
    let mut shown = 0;
    let mut at = 0;
    let mut inside = false;
    for line in pending.split_inclusive(|&byte| byte == b'\n') {
        at += line.len();
        if !line.ends_with(b"\n") {
            break;
        }
        inside = !line.starts_with(END) && (inside || line.starts_with(BEGIN));
        if !inside {
            shown = at;
        }
    }
    if shown == 0 && pending.len() > LONGEST {
        return pending.len();
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solo_lineas_enteras() {
        assert_eq!(complete(b""), 0);
        assert_eq!(complete(b"a medias"), 0);
        assert_eq!(complete(b"una\ndos\ntr"), 8);
    }

    #[test]
    fn un_resultado_con_formato_no_se_parte() {
        assert_eq!(complete(b"antes\nEVCXR_BEGIN_CONTENT text/html\n<b>\n"), 6);
        let entero = b"EVCXR_BEGIN_CONTENT text/html\n<b>\nEVCXR_END_CONTENT\n";
        assert_eq!(complete(entero), entero.len());
    }

    #[test]
    fn una_linea_interminable_se_parte() {
        let larga = vec![b'x'; LONGEST + 1];
        assert_eq!(complete(&larga), larga.len());
    }
}
