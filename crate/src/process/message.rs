//! Un valor hecho bytes, con los descriptores que lleve dentro.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use bytemuck::Pod;
use postcard::ser_flavors::Flavor;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::function::Portable;
use crate::text::decimal;

/// Lo más que puede ocupar un mensaje, en bytes.
pub const MAX_MESSAGE: usize = 512 << 20;

/// Los descriptores que caben en un mensaje (el sistema admite 253).
pub(super) const MAX_HANDLES: usize = 240;

/// Donde se escribe un valor: sus bytes y, aparte, los descriptores que contiene.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) bytes: Vec<u8>,
    pub(super) handles: Vec<OwnedFd>,
}

/// Por qué un valor no se ha podido escribir o leer.
#[derive(Clone, Debug)]
pub(super) enum MessageError {
    TooBig,
    TooManyHandles,
    Codec(postcard::Error),
    Handle(String),
    Length,
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MessageError::TooBig => write!(
                f,
                "ocupa más de {} MiB, el máximo de un mensaje; repártelo en trozos o compártelo con un Array",
                MAX_MESSAGE >> 20
            ),
            MessageError::TooManyHandles => write!(
                f,
                "lleva dentro más de {MAX_HANDLES} colas, cerrojos, conexiones o memorias; mándalos en varias veces"
            ),
            MessageError::Codec(error) => {
                write!(f, "su `Serialize` o su `Deserialize` no encajan ({error})")
            }
            MessageError::Handle(why) => f.write_str(why),
            MessageError::Length => f.write_str("no tiene el tamaño de sus números"),
        }
    }
}

/// Un valor que se va a escribir, sin su tipo.
///
/// Lo que es genérico se compila en cada celda que manda algo a otro proceso: aquí es solo la llamada a serde.
pub(super) trait Outgoing: Any {
    fn write(&self, bytes: Bounded<'_>) -> postcard::Result<()>;
    fn describe(&self, f: &mut dyn fmt::Write) -> fmt::Result;
}

impl<T: Portable> Outgoing for T {
    fn write(&self, bytes: Bounded<'_>) -> postcard::Result<()> {
        postcard::serialize_with_flavor(self, bytes)
    }

    fn describe(&self, f: &mut dyn fmt::Write) -> fmt::Result {
        write!(f, "{:?}", serde_fmt::to_debug(self))
    }
}

/// Añade `value` a `output`. Si no se puede, `output` queda como estaba.
pub(super) fn encode(value: &dyn Outgoing, output: &mut Output) -> Result<(), MessageError> {
    if let Some(numbers) = numbers::bytes_of(value) {
        if numbers.len() > MAX_MESSAGE {
            return Err(MessageError::TooBig);
        }
        output.bytes.extend_from_slice(numbers);
        return Ok(());
    }
    let start = output.bytes.len();
    let bounded = Bounded {
        limit: start.saturating_add(MAX_MESSAGE),
        bytes: &mut output.bytes,
    };
    let write = || value.write(bounded);
    let error = OUTBOX.with(|outbox| match outbox.during(Vec::new(), write) {
        (Ok(()), handles) if handles.len() <= MAX_HANDLES => {
            output.handles.extend(handles);
            None
        }
        (Ok(()), _) => Some(MessageError::TooManyHandles),
        (Err(postcard::Error::SerializeBufferFull), _) => Some(MessageError::TooBig),
        (Err(error), _) => Some(outbox.explain(error)),
    });
    let Some(error) = error else { return Ok(()) };
    output.bytes.truncate(start);
    Err(error)
}

/// Un valor listo para salir.
#[derive(Debug)]
pub(super) struct Prepared<'a> {
    /// Los de un `Vec` de números son los suyos, sin copiar.
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) handles: Vec<OwnedFd>,
}

/// Como [`encode`], para un valor que va solo en su mensaje.
pub(super) fn prepare(value: &dyn Outgoing) -> Result<Prepared<'_>, MessageError> {
    if let Some(numbers) = numbers::bytes_of(value) {
        if numbers.len() > MAX_MESSAGE {
            return Err(MessageError::TooBig);
        }
        return Ok(Prepared {
            bytes: numbers.into(),
            handles: Vec::new(),
        });
    }
    let mut output = Output::default();
    encode(value, &mut output)?;
    Ok(Prepared {
        bytes: output.bytes.into(),
        handles: output.handles,
    })
}

/// Lee el valor que ocupa todos los `bytes`. El mensaje se puede volver a leer: del valor son copias de `handles`.
pub(super) fn decode<T: Portable>(bytes: &[u8], handles: &[OwnedFd]) -> Result<T, MessageError> {
    decode_once(bytes, copies(handles)?)
}

fn copies(handles: &[OwnedFd]) -> Result<Vec<OwnedFd>, MessageError> {
    handles
        .iter()
        .map(OwnedFd::try_clone)
        .collect::<io::Result<_>>()
        .map_err(|error| MessageError::Handle(no_room(&error)))
}

/// Como [`decode`], pero el valor se queda con los descriptores: cuando se suelte, no quedará otra copia abierta.
pub(super) fn decode_once<T: Portable>(
    bytes: &[u8],
    handles: Vec<OwnedFd>,
) -> Result<T, MessageError> {
    let mut value = None;
    let mut read = || {
        value = Some(postcard::from_bytes(bytes)?);
        Ok(())
    };
    match decode_with(TypeId::of::<T>(), bytes, handles, &mut read)? {
        Some(numbers) => numbers.downcast().ok().map(|numbers| *numbers),
        None => value,
    }
    .ok_or(MessageError::Length)
}

/// El valor, si el tipo `wanted` es un `Vec` de números; si no lo es, lo lee `read`.
fn decode_with(
    wanted: TypeId,
    bytes: &[u8],
    handles: Vec<OwnedFd>,
    read: &mut dyn FnMut() -> postcard::Result<()>,
) -> Result<Option<Box<dyn Any>>, MessageError> {
    if let Some(numbers) = numbers::from_bytes(wanted, bytes) {
        return numbers.map(Some);
    }
    if handles.is_empty() {
        return read().map(|()| None).map_err(MessageError::Codec);
    }
    INBOX.with(|inbox| {
        let (done, _unclaimed) = inbox.during(handles, read);
        done.map(|()| None).map_err(|error| inbox.explain(error))
    })
}

/// Un valor en una línea, recortado, tal como lo describe su `Serialize`.
pub(super) fn preview(value: &dyn Outgoing) -> String {
    const LONGEST: usize = 120;
    struct Clipped(String);
    impl fmt::Write for Clipped {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            for c in text.chars() {
                if self.0.chars().count() == LONGEST {
                    return Err(fmt::Error);
                }
                self.0.push(if c.is_control() { ' ' } else { c });
            }
            Ok(())
        }
    }
    let mut text = Clipped(String::new());
    let describe = || value.describe(&mut text);
    let (described, _) = OUTBOX.with(|outbox| outbox.during(Vec::new(), describe));
    if described.is_err() {
        text.0.push('…');
    }
    text.0
}

/// Un tamaño para enseñarlo: «64,0 MiB».
pub(super) fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..0x10_0000 => format!("{} KiB", decimal(bytes as f64 / 1024.0, 1)),
        _ => format!("{} MiB", decimal(bytes as f64 / f64::from(1 << 20), 1)),
    }
}

/// El almacén de postcard que se niega a crecer más de la cuenta.
pub(super) struct Bounded<'a> {
    bytes: &'a mut Vec<u8>,
    limit: usize,
}

impl Flavor for Bounded<'_> {
    type Output = ();

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        if self.bytes.len() == self.limit {
            return Err(postcard::Error::SerializeBufferFull);
        }
        self.bytes.push(byte);
        Ok(())
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        if bytes.len() > self.limit - self.bytes.len() {
            return Err(postcard::Error::SerializeBufferFull);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

/// Los `Vec` de números no pasan por serde, número a número: sus bytes se copian de una vez.
mod numbers {
    use std::any::{Any, TypeId};

    use super::{MessageError, Pod};

    macro_rules! each_number {
        ($do:ident) => {
            $do!(u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 usize isize f32 f64)
        };
    }

    /// Los bytes de `value` si es un `Vec` de números, solo o en una tupla de un argumento.
    pub(super) fn bytes_of(value: &dyn Any) -> Option<&[u8]> {
        macro_rules! attempt {
            ($($number:ty)*) => {$(
                if let Some(numbers) = value.downcast_ref::<Vec<$number>>() {
                    return Some(bytemuck::cast_slice(numbers));
                }
                if let Some((numbers,)) = value.downcast_ref::<(Vec<$number>,)>() {
                    return Some(bytemuck::cast_slice(numbers));
                }
            )*};
        }
        each_number!(attempt);
        None
    }

    /// El `Vec` de números (o su tupla) que hay en `bytes`, en una caja, si el tipo `wanted` es uno.
    pub(super) fn from_bytes(
        wanted: TypeId,
        bytes: &[u8],
    ) -> Option<Result<Box<dyn Any>, MessageError>> {
        macro_rules! attempt {
            ($($number:ty)*) => {$(
                if wanted == TypeId::of::<Vec<$number>>() {
                    return Some(copy::<$number>(bytes).map(|numbers| Box::new(numbers) as _));
                }
                if wanted == TypeId::of::<(Vec<$number>,)>() {
                    return Some(copy::<$number>(bytes).map(|numbers| Box::new((numbers,)) as _));
                }
            )*};
        }
        each_number!(attempt);
        None
    }

    fn copy<N: Pod>(bytes: &[u8]) -> Result<Vec<N>, MessageError> {
        if !bytes.len().is_multiple_of(size_of::<N>()) {
            return Err(MessageError::Length);
        }
        // Un `Vec` nuevo, que está alineado, visto como bytes: vale venga de donde venga el mensaje.
        let mut numbers = vec![N::zeroed(); bytes.len() / size_of::<N>()];
        bytemuck::cast_slice_mut(&mut numbers).copy_from_slice(bytes);
        Ok(numbers)
    }
}

thread_local! {
    // serde no deja pasar nada más que los bytes: los descriptores van al lado, y en los bytes, su número de orden.
    static OUTBOX: Tray = const { Tray::new() };
    static INBOX: Tray = const { Tray::new() };
}

/// Los descriptores del valor que este hilo está escribiendo o leyendo.
struct Tray {
    handles: RefCell<Vec<Option<OwnedFd>>>,
    /// Dónde empiezan los del valor de ahora: un valor se puede escribir o leer en medio de otro. Nada, si no hay ninguno.
    base: Cell<Option<usize>>,
    failure: RefCell<Option<String>>,
}

impl Tray {
    const fn new() -> Tray {
        Tray {
            handles: RefCell::new(Vec::new()),
            base: Cell::new(None),
            failure: RefCell::new(None),
        }
    }

    /// Hace `work` con la bandeja abierta y, al empezar, con `handles`. Da también los que quedan en ella.
    fn during<T>(&self, handles: Vec<OwnedFd>, work: impl FnOnce() -> T) -> (T, Vec<OwnedFd>) {
        let base = self.handles.borrow().len();
        self.handles
            .borrow_mut()
            .extend(handles.into_iter().map(Some));
        let mut level = Level {
            tray: self,
            outer: self.base.replace(Some(base)),
            base,
        };
        let value = work();
        (value, level.empty())
    }

    fn fail(&self, why: &str) {
        *self.failure.borrow_mut() = Some(why.to_owned());
    }

    /// El error de serde, o lo que hay detrás de él si se sabe.
    fn explain(&self, error: postcard::Error) -> MessageError {
        let failure = self.failure.take();
        failure.map_or(MessageError::Codec(error), MessageError::Handle)
    }
}

/// Un valor a medio escribir o leer. Si su `Serialize` entra en pánico, la bandeja queda como estaba.
struct Level<'a> {
    tray: &'a Tray,
    outer: Option<usize>,
    base: usize,
}

impl Level<'_> {
    fn empty(&mut self) -> Vec<OwnedFd> {
        let mut handles = self.tray.handles.borrow_mut();
        if handles.len() == self.base {
            return Vec::new();
        }
        handles.drain(self.base..).flatten().collect()
    }
}

impl Drop for Level<'_> {
    fn drop(&mut self) {
        drop(self.empty());
        self.tray.base.set(self.outer);
    }
}

/// Un descriptor que viaja dentro de un valor.
#[derive(Debug)]
pub(super) struct Handle(pub(super) OwnedFd);

impl AsFd for Handle {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Escribe un descriptor prestado: al otro lado se lee como un [`Handle`].
pub(super) fn serialize_fd<S: Serializer>(
    fd: BorrowedFd<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let index = OUTBOX.with(|outbox| {
        let base = outbox.base.get().ok_or_else(|| ONLY_TRAVELS.to_owned())?;
        let fd = fd.try_clone_to_owned().map_err(|error| {
            let why = no_room(&error);
            outbox.fail(&why);
            why
        })?;
        let mut handles = outbox.handles.borrow_mut();
        handles.push(Some(fd));
        Ok((handles.len() - base) as u32 - 1)
    });
    serializer.serialize_u32(index.map_err(ser::Error::custom::<String>)?)
}

impl Serialize for Handle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_fd(self.as_fd(), serializer)
    }
}

impl<'de> Deserialize<'de> for Handle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Handle, D::Error> {
        let index = u32::deserialize(deserializer)?;
        INBOX.with(|inbox| {
            let base = inbox
                .base
                .get()
                .ok_or_else(|| de::Error::custom(ONLY_TRAVELS))?;
            let mut handles = inbox.handles.borrow_mut();
            let handle = handles
                .get_mut(base + index as usize)
                .and_then(Option::take);
            handle
                .map(Handle)
                .ok_or_else(|| de::Error::custom("falta un descriptor en el mensaje"))
        })
    }
}

/// Un valor que, al leerse en el otro proceso, no pudo volver a montarse: guarda el porqué para el error.
pub(super) fn cannot_rebuild<E: de::Error>(error: &io::Error) -> E {
    let why = no_room(error);
    INBOX.with(|inbox| inbox.fail(&why));
    E::custom(why)
}

const ONLY_TRAVELS: &str = "una cola, un cerrojo o una memoria compartida solo se escriben como argumento o resultado \
                            de una función de otro proceso, o dentro de una cola o una conexión";

fn no_room(error: &io::Error) -> String {
    format!(
        "el sistema no deja abrir otro descriptor ({error}): suelta colas, cerrojos o procesos que ya no uses"
    )
}
