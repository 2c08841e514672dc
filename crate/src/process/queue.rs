//! `Queue`: una cola entre procesos, con todos los que hagan falta a cada lado.
//!
//! Lo que hay en ella está en una memoria que comparten, no en los procesos: `put` no necesita que nadie lea, y el que
//! muere no se lleva lo que ya puso. Se toca [por turnos](lock::acquire_sound), y cada cambio se da por hecho con una sola escritura
//! atómica (la de `VERSION`): el que muere antes no ha hecho nada y el que muere después lo ha hecho todo.
//!
//! ```text
//!    0  turno       el cerrojo
//!   16  versión     cuál de los dos estados vale: el de su bit más bajo
//!   24  vales       cuántos se han dado, para los descriptores
//!   32  puestas, esperan para sacar     cuenta de avisos: aquí duermen
//!   40  sacadas, esperan para poner
//!   64  un estado   principio, fin (en bytes del registro), sacados y puestos (en elementos)
//!  128  otro
//! 4096  registro    [cabecera][bytes] de cada elemento, uno detrás de otro
//! ```
//!
//! Los descriptores que lleve un elemento no caben en una memoria: esperan en un socket, con su número de vale.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::ftruncate;
use rustix::io::Errno;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::channel::{Body, Channel, ChannelError, Message, SPIN, Wait};
use super::error::{Cause, ProcessError};
use super::function::Portable;
use super::lock::{self, RawGuard};
use super::raw::SharedMemory;
use super::waiting::{signal, waiting};
use super::{futex, memory, message};
use crate::timeline::{self, Inside, State as Doing};

const VERSION: usize = 16;
const TICKETS: usize = 24;
const PUT: Bell = Bell(32);
const GOT: Bell = Bell(40);
const STATES: usize = 64;
const LOG: usize = 4096;

/// Lo que ocupa más que esto va en su propia memoria, para no tener el turno mientras se copia.
const APART: usize = 256 << 10;

/// De cuánto en cuánto se devuelve al sistema lo que ya se ha sacado.
const CHUNK: u64 = 1 << 20;

/// Una cola que usan a la vez todos los procesos que haga falta: cada elemento lo saca uno solo.
///
/// Los que pone un mismo hilo salen en el orden en que los puso. Viaja como argumento de una función de otro proceso,
/// y dentro de otra cola o por una conexión; los clones son la misma cola. Lo que se pone llega
/// [copiado](super::Portable).
///
/// Lo que hay dentro es de la cola, no de quien lo puso: un proceso puede poner lo que quiera y acabar sin que nadie
/// lo haya sacado, aunque lo maten, y esperarlo con [`join`](super::Process::join) antes de vaciar la cola no se
/// bloquea. Si matan a quien está sacando un elemento, o lo ha sacado ya y se va con él, o sigue en la cola: ni los demás
/// elementos ni los huecos se pierden. Desaparece con el último que la tenga.
///
/// # En Python
///
/// ```python
/// cola = multiprocessing.Queue(maxsize=8)
/// cola.put(1)
/// cola.get(timeout=5)   # queue.Empty si se acaba el plazo
/// ```
///
/// Allí lo que se pone espera en un hilo del proceso a que haya sitio en una tubería: un `join` antes de vaciar la cola
/// se bloquea para siempre, matar al que lo puso lo pierde, y matar a quien está leyendo o escribiendo deja la cola
/// inservible para todos.
///
/// # A pelo
///
/// [`std::sync::mpsc::channel`], entre los hilos de un mismo proceso.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::process::{self, Process, ProcessError, Queue};
///
/// fn productor(cola: Queue<(u32, u64)>, id: u32) {
///     for i in 0..3 {
///         cola.put((id, i * i)).unwrap();
///     }
/// }
///
/// fn main() -> Result<(), ProcessError> {
///     process::init(); // en un cuaderno no hace falta
///     let cola = Queue::new()?;
///     let mut procesos = [1, 2].map(|id| Process::new(productor, (cola.clone(), id)));
///     for proceso in &mut procesos {
///         proceso.start()?;
///     }
///     for proceso in &procesos {
///         proceso.join()?;
///     }
///     let mut suma = 0;
///     while let Ok((_id, cuadrado)) = cola.try_get() {
///         suma += cuadrado;
///     }
///     assert_eq!(suma, 2 * (0 + 1 + 4));
///     Ok(())
/// }
/// ```
pub struct Queue<T> {
    shared: Arc<Shared>,
    items: PhantomData<fn(T) -> T>,
}

impl<T: Portable> Queue<T> {
    /// Una cola sin límite: [`put`](Queue::put) no espera nunca.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Queue()`.
    ///
    /// # Errors
    ///
    /// Si el sistema no deja abrir más descriptores.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Queue;
    ///
    /// let cola = Queue::new()?;
    /// cola.put("uno".to_owned())?;
    /// cola.put("dos".to_owned())?;
    /// assert_eq!(cola.qsize(), 2);
    /// assert_eq!(cola.get()?, "uno");
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn new() -> Result<Queue<T>, ProcessError> {
        Queue::with_limit(None)
    }

    /// Una cola en la que caben `maxsize` elementos: [`put`](Queue::put) espera a que haya un hueco.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Queue(maxsize)`; allí un `maxsize` de 0 es sin límite.
    ///
    /// # Errors
    ///
    /// Si el sistema no deja abrir más descriptores.
    ///
    /// # Panics
    ///
    /// Si `maxsize` es 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Queue;
    ///
    /// let cola = Queue::bounded(1)?;
    /// cola.put(1)?;
    /// assert!(cola.try_put(2).unwrap_err().is_full());
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn bounded(maxsize: usize) -> Result<Queue<T>, ProcessError> {
        assert!(
            maxsize > 0,
            "en una cola de 0 huecos no cabe nada: para una sin límite, usa Queue::new()"
        );
        Queue::with_limit(Some(maxsize as u64))
    }

    fn with_limit(limit: Option<u64>) -> Result<Queue<T>, ProcessError> {
        let log = memory::growing()?;
        ftruncate(&log, LOG as u64)?;
        let (outbox, inbox) = Channel::pair()?;
        let shared = Shared {
            log: Log(SharedMemory::map_start(log, LOG)?),
            outbox,
            inbox,
            limit,
        };
        Ok(Queue {
            shared: Arc::new(shared),
            items: PhantomData,
        })
    }

    /// Pone una copia de `value`. Si la cola tiene límite y está llena, **bloquea** hasta que haya un hueco.
    ///
    /// En una cola sin límite no espera a nadie, haya lo que haya dentro; solo si `value` lleva descriptores (otra
    /// cola, una conexión, un cerrojo…) y ya hay unos cientos así sin sacar.
    ///
    /// # En Python
    ///
    /// `put(value)`.
    ///
    /// # Errors
    ///
    /// [`is_message`](ProcessError::is_message) si `value` ocupa más de [`MAX_MESSAGE`](super::MAX_MESSAGE) bytes o no
    /// se puede escribir. Si al sistema se le acaba la memoria, también.
    pub fn put(&self, value: T) -> Result<(), ProcessError> {
        self.put_until(&value, Wait::Forever)
    }

    /// Como [`put`](Queue::put), pero espera el hueco como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `put(value, timeout=seconds)`, que lanza `queue.Full`.
    ///
    /// # Errors
    ///
    /// Los de `put`, y [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo; no se ha puesto nada.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    pub fn put_timeout(&self, value: T, seconds: impl Into<f64>) -> Result<(), ProcessError> {
        self.put_until(&value, Wait::lesson(seconds.into()))
    }

    /// Pone una copia de `value` si hay un hueco. No bloquea.
    ///
    /// # En Python
    ///
    /// `put_nowait(value)`.
    ///
    /// # Errors
    ///
    /// Los de [`put`](Queue::put), y [`is_full`](ProcessError::is_full) si no hay hueco.
    pub fn try_put(&self, value: T) -> Result<(), ProcessError> {
        self.put_until(&value, Wait::Never)
    }

    fn put_until(&self, value: &T, wait: Wait) -> Result<(), ProcessError> {
        let message = message::prepare(value).map_err(Cause::Unwritable)?;
        let item = Item::new(message.bytes, message.handles)?;
        let mut _waiting = None;
        loop {
            let rung = self.shared.rung(GOT);
            if self.shared.offer(&item)? {
                return Ok(());
            }
            if wait.is_over() {
                let never = matches!(wait, Wait::Never);
                return Err(if never { Cause::Full } else { Cause::Timeout }.into());
            }
            _waiting.get_or_insert_with(|| self.shared.waiting(GOT, wait, "Queue llena"));
            self.shared.listen(GOT, rung, wait);
        }
    }

    /// Saca el primer elemento. **Bloquea** hasta que haya uno.
    ///
    /// # En Python
    ///
    /// `get()`.
    ///
    /// # Errors
    ///
    /// [`is_message`](ProcessError::is_message) si no se puede leer. Que no quede nadie que ponga no es un error: se
    /// sigue esperando, como en Python.
    pub fn get(&self) -> Result<T, ProcessError> {
        self.get_until(Wait::Forever)
    }

    /// Como [`get`](Queue::get), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # En Python
    ///
    /// `get(timeout=seconds)`, que lanza `queue.Empty`.
    ///
    /// # Errors
    ///
    /// Los de `get`, y [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    pub fn get_timeout(&self, seconds: impl Into<f64>) -> Result<T, ProcessError> {
        self.get_until(Wait::lesson(seconds.into()))
    }

    /// Saca el primer elemento, si lo hay. No bloquea.
    ///
    /// # En Python
    ///
    /// `get_nowait()`; allí puede decir que está vacía cuando lo que se puso aún va de camino. Aquí no.
    ///
    /// # Errors
    ///
    /// Los de [`get`](Queue::get), y [`is_empty`](ProcessError::is_empty) si no hay ninguno.
    pub fn try_get(&self) -> Result<T, ProcessError> {
        self.get_until(Wait::Never)
    }

    fn get_until(&self, wait: Wait) -> Result<T, ProcessError> {
        let mut _waiting = None;
        loop {
            let rung = self.shared.rung(PUT);
            if let Some(item) = self.shared.take()? {
                let value = message::decode_once(&item.body, item.handles);
                return Ok(value.map_err(Cause::Unreadable)?);
            }
            if wait.is_over() {
                let never = matches!(wait, Wait::Never);
                return Err(if never { Cause::Empty } else { Cause::Timeout }.into());
            }
            _waiting.get_or_insert_with(|| self.shared.waiting(PUT, wait, "Queue vacía"));
            self.shared.listen(PUT, rung, wait);
        }
    }
}

impl<T> Queue<T> {
    /// Cuántos elementos hay ahora; cuando lo mires puede haber ya otros. No bloquea.
    ///
    /// # En Python
    ///
    /// `qsize()`, que en macOS no existe.
    pub fn qsize(&self) -> usize {
        self.shared.state().len() as usize
    }

    /// ¿Está vacía? No bloquea.
    ///
    /// # En Python
    ///
    /// `empty()`.
    pub fn is_empty(&self) -> bool {
        self.qsize() == 0
    }

    /// ¿Está llena? Una cola sin límite no lo está nunca. No bloquea.
    ///
    /// # En Python
    ///
    /// `full()`.
    pub fn is_full(&self) -> bool {
        self.shared.is_full(&self.shared.state())
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Queue<T> {
        Queue {
            shared: Arc::clone(&self.shared),
            items: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue")
            .field("qsize", &self.qsize())
            .field("maxsize", &self.shared.limit)
            .finish()
    }
}

impl<T> Serialize for Queue<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.shared.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Queue<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Queue<T>, D::Error> {
        Ok(Queue {
            shared: Arc::new(Shared::deserialize(deserializer)?),
            items: PhantomData,
        })
    }
}

/// Cada cuánto se mira sin que avise nadie: el aviso puede haberle tocado a uno que ha muerto sin aprovecharlo.
const CHECK: Duration = Duration::from_millis(100);

/// Lo que comparten los procesos, visto desde uno.
#[derive(Debug, Serialize, Deserialize)]
struct Shared {
    log: Log,
    /// Por aquí salen los descriptores de los elementos…
    outbox: Channel,
    /// …y aquí esperan.
    inbox: Channel,
    limit: Option<u64>,
}

/// La memoria con la cabecera y el registro. Se mapea solo la cabecera.
#[derive(Debug)]
struct Log(SharedMemory);

impl Serialize for Log {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Log {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Log, D::Error> {
        let message::Handle(fd) = message::Handle::deserialize(deserializer)?;
        SharedMemory::map_start(fd, LOG)
            .map(Log)
            .map_err(|error| message::cannot_rebuild(&error))
    }
}

/// Dónde se avisa de que algo ha cambiado: cuántos avisos ha habido y, detrás, cuántos los esperan dormidos.
#[derive(Clone, Copy, Debug)]
struct Bell(usize);

/// Por dónde va la cola.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// Dónde empieza y dónde acaba lo que hay, en bytes desde el comienzo del registro.
    head: u64,
    tail: u64,
    /// Cuántos elementos se han sacado y se han puesto.
    got: u64,
    put: u64,
}

impl State {
    fn len(&self) -> u64 {
        self.put - self.got
    }
}

/// Lo que precede a los bytes de un elemento.
struct Header {
    len: u64,
    ticket: u64,
    handles: u32,
    /// Los bytes no están detrás, sino en la memoria del último descriptor.
    apart: bool,
}

impl Header {
    const SIZE: usize = 24;

    fn to_bytes(&self) -> [u8; Header::SIZE] {
        let words = [
            self.len,
            self.ticket,
            u64::from(self.handles) << 1 | u64::from(self.apart),
        ];
        let mut bytes = [0; Header::SIZE];
        for (to, word) in bytes.chunks_exact_mut(8).zip(words) {
            to.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// La cabecera con la que empieza `bytes` y lo que hay detrás.
    fn split(bytes: &[u8]) -> Option<(Header, &[u8])> {
        let (len, bytes) = bytes.split_first_chunk()?;
        let (ticket, bytes) = bytes.split_first_chunk()?;
        let (rest, bytes) = bytes.split_first_chunk()?;
        let rest = u64::from_le_bytes(*rest);
        let header = Header {
            len: u64::from_le_bytes(*len),
            ticket: u64::from_le_bytes(*ticket),
            handles: (rest >> 1) as u32,
            apart: rest & 1 == 1,
        };
        Some((header, bytes))
    }
}

/// Un elemento listo para ponerlo.
struct Item<'a> {
    bytes: Cow<'a, [u8]>,
    handles: Vec<OwnedFd>,
    /// Los mismos bytes en su propia memoria, si son muchos.
    apart: Option<OwnedFd>,
}

impl<'a> Item<'a> {
    fn new(bytes: Cow<'a, [u8]>, handles: Vec<OwnedFd>) -> io::Result<Item<'a>> {
        let apart = (bytes.len() > APART)
            .then(|| memory::holding(&bytes))
            .transpose()?;
        Ok(Item {
            bytes,
            handles,
            apart,
        })
    }
}

impl Shared {
    /// Quien llama espera a que suene `bell`.
    fn waiting(&self, bell: Bell, wait: Wait, label: &'static str) -> Option<Inside> {
        waiting(Doing::Wait, wait, self.memory(), bell.0, label)
    }

    fn memory(&self) -> &SharedMemory {
        &self.log.0
    }

    fn word(&self, at: usize) -> &AtomicU64 {
        self.memory().atomic_u64(at)
    }

    fn state(&self) -> State {
        loop {
            let version = self.word(VERSION).load(Ordering::Acquire);
            let [head, tail, got, put] = self
                .fields(version)
                .map(|field| field.load(Ordering::Relaxed));
            // Si entretanto no ha cambiado, nadie ha escrito en este estado: el siguiente se prepara en el otro.
            fence(Ordering::Acquire);
            if self.word(VERSION).load(Ordering::Relaxed) == version {
                return State {
                    head,
                    tail,
                    got,
                    put,
                };
            }
        }
    }

    /// Da por hecho un cambio. Hay que tener el turno.
    fn commit(&self, _turn: &RawGuard<'_>, state: State) {
        let version = self.word(VERSION).load(Ordering::Relaxed).wrapping_add(1);
        // Quien vea algo de lo que sigue ve también que la versión de antes ya no es la que vale.
        fence(Ordering::Release);
        let State {
            head,
            tail,
            got,
            put,
        } = state;
        for (field, value) in self.fields(version).iter().zip([head, tail, got, put]) {
            field.store(value, Ordering::Relaxed);
        }
        self.word(VERSION).store(version, Ordering::Release);
    }

    fn fields(&self, version: u64) -> [&AtomicU64; 4] {
        let at = STATES + 64 * (version & 1) as usize;
        [at, at + 8, at + 16, at + 24].map(|at| self.word(at))
    }

    fn is_full(&self, state: &State) -> bool {
        self.limit.is_some_and(|limit| state.len() >= limit)
    }

    /// Pone un elemento, si se puede ahora. Si no, se podrá cuando alguien saque otro.
    fn offer(&self, item: &Item<'_>) -> Result<bool, ProcessError> {
        if self.is_full(&self.state()) {
            return Ok(false);
        }
        let turn = lock::acquire_sound(self.memory());
        let state = self.state();
        if self.is_full(&state) {
            return Ok(false);
        }
        let mut header = Header {
            len: item.bytes.len() as u64,
            ticket: 0,
            handles: 0,
            apart: false,
        };
        let fds: Vec<_> = item
            .handles
            .iter()
            .chain(&item.apart)
            .map(AsFd::as_fd)
            .collect();
        if !fds.is_empty() {
            match self.deposit(&fds) {
                Ok(ticket) => {
                    header.ticket = ticket;
                    header.handles = fds.len() as u32;
                    header.apart = item.apart.is_some();
                }
                // Solo era para ir más deprisa: también cabe en el registro.
                Err(_) if item.handles.is_empty() => {}
                Err(error) if is_crowded(&error) => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        let mut record = header.to_bytes().to_vec();
        if !header.apart {
            record.extend_from_slice(&item.bytes);
        }
        memory::write_at(self.memory().fd(), &record, LOG as u64 + state.tail)?;
        let state = State {
            tail: state.tail + record.len() as u64,
            put: state.put + 1,
            ..state
        };
        self.commit(&turn, state);
        drop(turn);
        self.ring(PUT);
        Ok(true)
    }

    /// Deja unos descriptores a la espera y da su vale. Hay que tener el turno.
    fn deposit(&self, fds: &[BorrowedFd<'_>]) -> Result<u64, ChannelError> {
        // Si este proceso muere antes de poner el elemento, el vale no lo tendrá ningún otro.
        let ticket = self.word(TICKETS).fetch_add(1, Ordering::Relaxed);
        self.outbox
            .send_small(&ticket.to_le_bytes(), fds, Wait::Never)?;
        Ok(ticket)
    }

    /// Una copia de los descriptores de un vale, que siguen a la espera. Hay que tener el turno.
    fn withdraw(&self, header: &Header) -> Result<Vec<OwnedFd>, ChannelError> {
        loop {
            let message = self.inbox.peek()?;
            if *message.body != header.ticket.to_le_bytes() {
                // De uno que murió antes de poner el elemento, o después de sacarlo.
                self.inbox.recv(Wait::Never)?;
            } else if message.handles.len() == header.handles as usize {
                return Ok(message.handles);
            } else {
                // Sin sitio para más descriptores, el sistema se los deja por el camino.
                return Err(Errno::MFILE.into());
            }
        }
    }

    /// Saca el primer elemento, si lo hay.
    fn take(&self) -> Result<Option<Message>, ProcessError> {
        if self.state().len() == 0 {
            return Ok(None);
        }
        let turn = lock::acquire_sound(self.memory());
        let state = self.state();
        if state.len() == 0 {
            return Ok(None);
        }
        let mut start = [0; 256];
        let at = LOG as u64 + state.head;
        let read = memory::read_at(self.memory().fd(), &mut start, at)?;
        let (header, bytes) = Header::split(&start[..read]).ok_or_else(cut_short)?;
        let mut handles = match header.handles {
            0 => Vec::new(),
            _ => self.withdraw(&header)?,
        };
        let len = header.len as usize;
        let mut size = Header::SIZE as u64;
        let body = if header.apart {
            let memory = SharedMemory::map(handles.pop().ok_or(Errno::MFILE)?)?;
            Body::Apart { memory, len }
        } else {
            size += header.len;
            let mut body = bytes[..len.min(bytes.len())].to_vec();
            let have = body.len();
            body.resize(len, 0);
            let rest = at + start.len() as u64;
            if memory::read_at(self.memory().fd(), &mut body[have..], rest)? < len - have {
                return Err(cut_short().into());
            }
            Body::Inline(body)
        };
        self.forget_first(&turn, state, size);
        if header.handles > 0 {
            // Ya son de este elemento: lo que quede a la espera los tendría abiertos.
            self.inbox.recv(Wait::Never)?;
        }
        drop(turn);
        self.ring(GOT);
        Ok(Some(Message { body, handles }))
    }

    /// Da por sacado el primer elemento, que ocupa `size`, y devuelve al sistema la memoria que ya no hace falta.
    fn forget_first(&self, turn: &RawGuard<'_>, state: State, size: u64) {
        let head = state.head + size;
        let got = state.got + 1;
        // De aquí en adelante nada es imprescindible: si no se puede, o si muere a medias, se hará otra vez.
        if head < state.tail {
            self.commit(turn, State { head, got, ..state });
            let (from, to) = (state.head / CHUNK * CHUNK, head / CHUNK * CHUNK);
            if from < to {
                let log = LOG as u64;
                let _ = memory::discard(self.memory().fd(), log + from..log + to);
            }
        } else {
            let (head, tail) = (0, 0);
            self.commit(
                turn,
                State {
                    head,
                    tail,
                    got,
                    ..state
                },
            );
            if state.tail > CHUNK {
                let _ = ftruncate(self.memory().fd(), LOG as u64);
            }
        }
    }

    fn rings(&self, bell: Bell) -> &AtomicU32 {
        self.memory().atomic_u32(bell.0)
    }

    fn listeners(&self, bell: Bell) -> &AtomicU32 {
        self.memory().atomic_u32(bell.0 + 4)
    }

    /// Cuántos avisos ha habido.
    fn rung(&self, bell: Bell) -> u32 {
        self.rings(bell).load(Ordering::Acquire)
    }

    fn ring(&self, bell: Bell) {
        if timeline::is_on() && self.listeners(bell).load(Ordering::SeqCst) > 0 {
            signal(self.memory(), bell.0);
        }
        self.rings(bell).fetch_add(1, Ordering::SeqCst);
        if self.listeners(bell).load(Ordering::SeqCst) > 0 {
            futex::wake(self.rings(bell), 1);
        }
    }

    /// Espera el aviso que sigue al número `rung`: primero despierto, luego dormido. Puede volver antes de tiempo.
    fn listen(&self, bell: Bell, rung: u32, wait: Wait) {
        let asleep_at = Instant::now() + SPIN;
        while self.rung(bell) == rung && !wait.is_over() {
            if Instant::now() < asleep_at {
                thread::yield_now();
                continue;
            }
            self.listeners(bell).fetch_add(1, Ordering::SeqCst);
            futex::sleep(self.rings(bell), rung, wait.at_most(CHECK));
            self.listeners(bell).fetch_sub(1, Ordering::SeqCst);
            return;
        }
    }
}

/// ¿No cabían más descriptores a la espera: ni en el socket, ni entre todos los de este usuario?
fn is_crowded(error: &ChannelError) -> bool {
    match error {
        ChannelError::TimedOut => true,
        ChannelError::System(error) => error.raw_os_error() == Some(libc::ETOOMANYREFS),
        ChannelError::Closed => false,
    }
}

/// No se ve desde fuera: lo que se da por puesto está escrito entero.
fn cut_short() -> io::Error {
    io::ErrorKind::UnexpectedEof.into()
}
