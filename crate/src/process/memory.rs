//! Memoria anónima: existe mientras alguien la tenga y no deja rastro en ninguna carpeta.

use std::io;
use std::ops::{Deref, Range};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use rustix::fs::ftruncate;
use rustix::io::{Errno, pread, pwrite};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::message::{self, Handle};
use super::raw::SharedMemory;

/// Memoria nueva, a cero, de `len` bytes.
pub(super) fn anonymous(len: usize) -> io::Result<SharedMemory> {
    let fd = unnamed()?;
    ftruncate(&fd, len as u64)?;
    SharedMemory::map(fd)
}

/// Memoria nueva, a cero, para `len` valores detrás de `header` bytes.
pub(super) fn anonymous_for<T>(header: usize, len: usize) -> io::Result<SharedMemory> {
    let size = len
        .checked_mul(size_of::<T>())
        .and_then(|size| size.checked_add(header))
        .unwrap_or(usize::MAX);
    anonymous(size).map_err(|error| match error.raw_os_error() {
        Some(libc::EMFILE | libc::ENFILE) => error,
        _ => io::Error::new(
            error.kind(),
            format!(
                "no hay {} de memoria para {len} valores ({error})",
                message::size(size)
            ),
        ),
    })
}

/// Memoria nueva con `bytes` dentro, sin mapearla.
#[cfg(target_os = "linux")]
pub(super) fn holding(bytes: &[u8]) -> io::Result<OwnedFd> {
    let fd = unnamed()?;
    // Escribir en ella cuesta menos que mapearla: no hay un fallo de página por cada página nueva.
    write_at(&fd, bytes, 0)?;
    Ok(fd)
}

/// Memoria nueva con `bytes` dentro.
#[cfg(not(target_os = "linux"))]
pub(super) fn holding(bytes: &[u8]) -> io::Result<OwnedFd> {
    // Un objeto de memoria POSIX no se puede escribir si no es mapeado.
    let memory = anonymous(bytes.len())?;
    memory.write(0, bytes);
    memory.fd().try_clone()
}

/// Una memoria nueva y vacía que se lee y se escribe como un archivo, y crece según se escribe en ella.
#[cfg(target_os = "linux")]
pub(super) fn growing() -> io::Result<OwnedFd> {
    unnamed()
}

/// Una memoria nueva y vacía que se lee y se escribe como un archivo, y crece según se escribe en ella.
///
/// En macOS es un archivo de verdad, al que se le quita el nombre nada más crearlo.
#[cfg(not(target_os = "linux"))]
pub(super) fn growing() -> io::Result<OwnedFd> {
    use std::fs::{OpenOptions, remove_file};
    use std::sync::atomic::{AtomicU32, Ordering};

    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("cnc-{}-{number}", std::process::id()));
        let mut options = OpenOptions::new();
        match options.read(true).write(true).create_new(true).open(&path) {
            Ok(file) => {
                remove_file(&path)?;
                return Ok(file.into());
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// Lee desde `offset` hasta llenar `bytes`, o hasta donde haya; dice cuánto.
pub(super) fn read_at(fd: impl AsFd, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut len = 0;
    while len < bytes.len() {
        match pread(&fd, &mut bytes[len..], offset + len as u64) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(len)
}

/// Devuelve al sistema lo que ocupan los bytes de `range`, que ya no se van a leer.
#[cfg(target_os = "linux")]
pub(super) fn discard(fd: impl AsFd, range: Range<u64>) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    let hole = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
    Ok(fallocate(fd, hole, range.start, range.end - range.start)?)
}

/// En macOS se devuelve todo junto, al vaciarse.
#[cfg(not(target_os = "linux"))]
pub(super) fn discard(_fd: impl AsFd, _range: Range<u64>) -> io::Result<()> {
    Ok(())
}

/// Escribe todos los `bytes` a partir de `offset`.
pub(super) fn write_at(fd: impl AsFd, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match pwrite(&fd, bytes, offset) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => {
                bytes = &bytes[written..];
                offset += written as u64;
            }
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn unnamed() -> io::Result<OwnedFd> {
    use rustix::fs::{MemfdFlags, memfd_create};
    Ok(memfd_create(c"concurrencia", MemfdFlags::CLOEXEC)?)
}

/// En macOS, un objeto de memoria POSIX al que se le quita el nombre nada más crearlo.
#[cfg(not(target_os = "linux"))]
fn unnamed() -> io::Result<OwnedFd> {
    use std::sync::atomic::{AtomicU32, Ordering};

    use rustix::fs::Mode;
    use rustix::shm::{self, OFlags};

    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        // macOS no admite más de 31 letras.
        let name = format!(
            "/cnc-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        match shm::open(
            &name,
            OFlags::CREATE | OFlags::EXCL | OFlags::RDWR,
            Mode::RUSR | Mode::WUSR,
        ) {
            Ok(fd) => {
                shm::unlink(&name)?;
                return Ok(fd);
            }
            Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Viaja su descriptor: al otro lado es la misma memoria.
impl Serialize for SharedMemory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        message::serialize_fd(self.fd().as_fd(), serializer)
    }
}

impl<'de> Deserialize<'de> for SharedMemory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SharedMemory, D::Error> {
        let Handle(fd) = Handle::deserialize(deserializer)?;
        SharedMemory::map(fd).map_err(|error| message::cannot_rebuild(&error))
    }
}

/// Una memoria que también comparten los clones y los hilos de este proceso, sin otro descriptor.
#[derive(Clone, Debug)]
pub(super) struct Shared(Arc<SharedMemory>);

impl Shared {
    pub(super) fn new(memory: SharedMemory) -> Shared {
        Shared(Arc::new(memory))
    }
}

impl Deref for Shared {
    type Target = SharedMemory;

    fn deref(&self) -> &SharedMemory {
        &self.0
    }
}

impl Serialize for Shared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Shared, D::Error> {
        SharedMemory::deserialize(deserializer).map(Shared::new)
    }
}
