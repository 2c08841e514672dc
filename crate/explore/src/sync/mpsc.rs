//! Los canales de [`std::sync::mpsc`] para los programas que se exploran.
//!
//! El informe numera los mensajes, para ver cuál recibe cada cual. No están las esperas con plazo: aquí el tiempo no
//! pasa.

pub use std::sync::mpsc::{RecvError, SendError, TryRecvError, TrySendError};

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::engine::{Label, Waiters, Waiting, is_over, note, point, wait_for};

/// Un canal sin límite: el [`std::sync::mpsc::channel`] de los programas que se exploran.
///
/// # En Python
///
/// `queue.Queue()`, sin nadie que diga que se ha acabado.
///
/// # A pelo
///
/// [`std::sync::mpsc::channel`].
///
/// # Examples
///
/// ```
/// use explore::explore;
/// use explore::sync::mpsc;
/// use explore::thread;
///
/// let informe = explore(|| {
///     let (tx, rx) = mpsc::channel();
///     let otro = tx.clone();
///     thread::spawn(move || otro.send(1).unwrap());
///     thread::spawn(move || tx.send(2).unwrap());
///     let recibidos: Vec<u8> = rx.iter().collect();
///     assert_eq!(recibidos, [1, 2]); // ¿seguro?
/// });
/// assert!(informe.is_race(), "{informe}");
/// ```
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let channel = Channel::new(None);
    let sender = Sender {
        channel: Arc::clone(&channel),
    };
    (sender, Receiver { channel })
}

/// Un canal con sitio para `bound` mensajes: el [`std::sync::mpsc::sync_channel`] de los programas que se exploran.
///
/// Con 0, quien envía espera a que alguien se lo coja.
///
/// # En Python
///
/// `queue.Queue(maxsize=bound)`.
///
/// # A pelo
///
/// [`std::sync::mpsc::sync_channel`].
///
/// # Examples
///
/// ```
/// use explore::explore;
/// use explore::sync::mpsc;
///
/// let informe = explore(|| {
///     let (tx, _rx) = mpsc::sync_channel(1);
///     tx.send('a').unwrap();
///     tx.send('b').unwrap(); // no cabe, y nadie va a recibir
/// });
/// assert!(informe.is_deadlock(), "{informe}");
/// ```
pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {
    let channel = Channel::new(Some(bound));
    let sender = SyncSender {
        channel: Arc::clone(&channel),
    };
    (sender, Receiver { channel })
}

struct Channel<T> {
    label: Label,
    bound: Option<usize>,
    state: Mutex<State<T>>,
    queue: Waiters,
}

struct State<T> {
    messages: VecDeque<T>,
    sent: usize,
    received: usize,
    senders: usize,
    has_receiver: bool,
}

impl<T> Channel<T> {
    fn new(bound: Option<usize>) -> Arc<Channel<T>> {
        Arc::new(Channel {
            label: Label::next("canal"),
            bound,
            state: Mutex::new(State {
                messages: VecDeque::new(),
                sent: 0,
                received: 0,
                senders: 1,
                has_receiver: true,
            }),
            queue: Waiters::new(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_full(&self) -> bool {
        let capacity = self.bound.map(|bound| bound.max(1));
        capacity.is_some_and(|capacity| self.state().messages.len() >= capacity)
    }

    fn send(&self, message: T) -> Result<(), SendError<T>> {
        if !point() {
            return Err(SendError(message));
        }
        if self.state().has_receiver && self.is_full() {
            note(|_, story| format!("espera sitio en {}", self.label.shown(story)));
            self.wait("sitio", || !self.is_full() || !self.state().has_receiver);
        }
        let number = self.put(message)?;
        if self.bound == Some(0) {
            self.wait("a quien reciba", || {
                let state = self.state();
                state.received >= number || !state.has_receiver
            });
        }
        Ok(())
    }

    fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        if !point() {
            return Err(TrySendError::Disconnected(message));
        }
        if self.state().has_receiver && (self.is_full() || self.bound == Some(0)) {
            note(|_, story| format!("no cabe nada en {}", self.label.shown(story)));
            return Err(TrySendError::Full(message));
        }
        self.put(message)?;
        Ok(())
    }

    /// Deja el mensaje y devuelve cuál es.
    fn put(&self, message: T) -> Result<usize, SendError<T>> {
        let mut state = self.state();
        if !state.has_receiver {
            drop(state);
            note(|_, story| {
                format!(
                    "no envía nada por {}: nadie lo recibiría",
                    self.label.shown(story)
                )
            });
            return Err(SendError(message));
        }
        state.messages.push_back(message);
        state.sent += 1;
        let number = state.sent;
        drop(state);
        note(|_, story| format!("envía por {} el mensaje {number}", self.label.shown(story)));
        self.queue.wake_all();
        Ok(number)
    }

    fn recv(&self) -> Result<T, RecvError> {
        match self.try_recv() {
            Ok(message) => return Ok(message),
            Err(TryRecvError::Disconnected) => return Err(RecvError),
            Err(TryRecvError::Empty) => {}
        }
        self.wait("un mensaje", || {
            let state = self.state();
            !state.messages.is_empty() || state.senders == 0
        });
        self.take(false).map_err(|_| RecvError)
    }

    fn try_recv(&self) -> Result<T, TryRecvError> {
        if !point() {
            return Err(TryRecvError::Disconnected);
        }
        self.take(true)
    }

    fn take(&self, tells_if_empty: bool) -> Result<T, TryRecvError> {
        let mut state = self.state();
        let Some(message) = state.messages.pop_front() else {
            let over = state.senders == 0;
            drop(state);
            if over {
                note(|_, story| {
                    format!(
                        "no recibe nada de {}: ya no envía nadie",
                        self.label.shown(story)
                    )
                });
                return Err(TryRecvError::Disconnected);
            }
            if tells_if_empty {
                note(|_, story| format!("no hay nada en {}", self.label.shown(story)));
            }
            return Err(TryRecvError::Empty);
        };
        state.received += 1;
        let number = state.received;
        drop(state);
        note(|_, story| format!("recibe de {} el mensaje {number}", self.label.shown(story)));
        self.queue.wake_all();
        Ok(message)
    }

    fn wait(&self, what: &str, ready: impl Fn() -> bool) {
        let mut shown = String::new();
        crate::engine::with(|run| {
            run.tell(|story| shown = format!("{what} en {}", self.label.shown(story)));
        });
        wait_for(Waiting::For(shown), || ready().then_some(()), &self.queue);
    }

    fn add_sender(&self) {
        self.state().senders += 1;
    }

    fn drop_sender(&self) {
        if !is_over() {
            point(); // quien recibe puede colarse antes de enterarse de que ya no hay nadie
        }
        self.state().senders -= 1;
        if !is_over() {
            self.queue.wake_all();
        }
    }
}

macro_rules! sender {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name<T> {
            channel: Arc<Channel<T>>,
        }

        impl<T> $name<T> {
            /// Envía un mensaje; espera si el canal tiene límite y no cabe.
            ///
            /// # Errors
            ///
            /// Con el mensaje, si ya no hay quien lo reciba.
            pub fn send(&self, message: T) -> Result<(), SendError<T>> {
                self.channel.send(message)
            }
        }

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                self.channel.add_sender();
                $name {
                    channel: Arc::clone(&self.channel),
                }
            }
        }

        impl<T> Drop for $name<T> {
            fn drop(&mut self) {
                self.channel.drop_sender();
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.channel.label.short())
            }
        }
    };
}

sender! {
    /// El extremo por el que se envía por un [`channel`]. Clonarlo da otro del mismo canal.
    Sender
}

sender! {
    /// El extremo por el que se envía por un [`sync_channel`]. Clonarlo da otro del mismo canal.
    SyncSender
}

impl<T> SyncSender<T> {
    /// Envía un mensaje si cabe; no espera.
    ///
    /// # Errors
    ///
    /// Con el mensaje, si no cabe o si ya no hay quien lo reciba.
    pub fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        self.channel.try_send(message)
    }
}

/// El extremo por el que se recibe.
pub struct Receiver<T> {
    channel: Arc<Channel<T>>,
}

impl<T> Receiver<T> {
    /// Espera un mensaje.
    ///
    /// # Errors
    ///
    /// Si no queda ninguno y ya no hay quien envíe.
    pub fn recv(&self) -> Result<T, RecvError> {
        self.channel.recv()
    }

    /// Recoge un mensaje si lo hay; no espera.
    ///
    /// # Errors
    ///
    /// Si no lo hay todavía, o si ya no lo va a haber.
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        self.channel.try_recv()
    }

    /// Los mensajes según llegan, hasta que no quede quien envíe.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { receiver: self }
    }

    /// Los mensajes que ya han llegado; no espera.
    pub fn try_iter(&self) -> TryIter<'_, T> {
        TryIter { receiver: self }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        if !is_over() {
            point();
        }
        let mut state = self.channel.state();
        state.has_receiver = false;
        let rest = std::mem::take(&mut state.messages);
        drop(state);
        drop(rest);
        if !is_over() {
            self.channel.queue.wake_all();
        }
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receiver({})", self.channel.label.short())
    }
}

/// Los mensajes de un [`Receiver`], según llegan.
#[derive(Debug)]
pub struct Iter<'a, T> {
    receiver: &'a Receiver<T>,
}

impl<T> Iterator for Iter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.receiver.recv().ok()
    }
}

/// Los mensajes que un [`Receiver`] ya tiene.
#[derive(Debug)]
pub struct TryIter<'a, T> {
    receiver: &'a Receiver<T>,
}

impl<T> Iterator for TryIter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.receiver.try_recv().ok()
    }
}

/// Los mensajes de un [`Receiver`] que se ha entregado, según llegan.
#[derive(Debug)]
pub struct IntoIter<T> {
    receiver: Receiver<T>,
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.receiver.recv().ok()
    }
}

impl<'a, T> IntoIterator for &'a Receiver<T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        IntoIter { receiver: self }
    }
}
