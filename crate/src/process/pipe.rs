//! `Pipe`: dos extremos unidos, uno para cada proceso.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::channel::{Channel, ChannelError, Wait};
use super::error::{Cause, ProcessError};
use super::function::Portable;
use super::message;

/// Crea conexiones: dos extremos unidos, para que hablen dos procesos.
///
/// Lo que se manda por un extremo lo recibe el otro, copiado y en el mismo orden. Un extremo viaja como argumento de
/// una función de otro proceso, dentro de una cola o por otra conexión. Cuando lo mandes, suelta el tuyo: mientras
/// quede una copia abierta, el otro lado no ve el cierre.
///
/// Cada mensaje llega entero o no llega: un extremo lo pueden usar a la vez varios hilos y varios procesos, y el que
/// muere a mitad de un envío no estropea nada.
///
/// # En Python
///
/// ```python
/// padre, hijo = multiprocessing.Pipe()
/// receptor, emisor = multiprocessing.Pipe(duplex=False)
/// ```
///
/// Allí los mensajes van por un flujo de bytes: si dos procesos escriben a la vez en el mismo extremo se mezclan, y si
/// uno muere a medias lo que llega después no se entiende.
///
/// # A pelo
///
/// [`std::io::pipe`] da un flujo de bytes en un sentido; dónde acaba cada mensaje lo decides tú.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::process::{self, Connection, Pipe, Process, ProcessError};
///
/// fn saluda(extremo: Connection<String>) -> Result<(), String> {
///     let nombre = extremo.recv().map_err(|error| error.to_string())?;
///     extremo.send(format!("hola, {nombre}")).map_err(|error| error.to_string())
/// }
///
/// fn main() -> Result<(), ProcessError> {
///     process::init(); // en un cuaderno no hace falta
///     let (padre, hijo) = Pipe::duplex::<String, String>()?;
///     let mut proceso = Process::new(saluda, (hijo,));
///     proceso.start()?;
///     padre.send("Ada".to_owned())?;
///     assert_eq!(padre.recv()?, "hola, Ada");
///     assert_eq!(proceso.join()?, Ok(()));
///     Ok(())
/// }
/// ```
#[derive(Debug)]
pub struct Pipe(());

impl Pipe {
    /// Dos extremos que mandan y reciben: el primero manda `A` y recibe `B`, y el segundo, al revés.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Pipe()`.
    ///
    /// # Errors
    ///
    /// Si el sistema no deja abrir más descriptores.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Pipe;
    ///
    /// let (uno, otro) = Pipe::duplex::<u32, String>()?;
    /// uno.send(7)?;
    /// otro.send("siete".to_owned())?;
    /// assert_eq!((otro.recv()?, uno.recv()?), (7, "siete".to_owned()));
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    #[allow(
        clippy::type_complexity,
        reason = "los tipos cruzados de los dos extremos son lo que hay que ver"
    )]
    pub fn duplex<A: Portable, B: Portable>()
    -> Result<(Connection<A, B>, Connection<B, A>), ProcessError> {
        let (one, other) = Channel::pair()?;
        Ok((Connection::over(one), Connection::over(other)))
    }

    /// Un extremo que solo recibe y otro que solo manda, en ese orden.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Pipe(duplex=False)`.
    ///
    /// # Errors
    ///
    /// Si el sistema no deja abrir más descriptores.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Pipe;
    ///
    /// let (receptor, emisor) = Pipe::one_way::<u32>()?;
    /// emisor.send(7)?;
    /// drop(emisor);
    /// assert_eq!(receptor.recv()?, 7);
    /// assert!(receptor.recv().unwrap_err().is_closed());
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn one_way<T: Portable>() -> Result<(Receiver<T>, Sender<T>), ProcessError> {
        let (receiver, sender) = Channel::pair()?;
        Ok((Receiver::over(receiver), Sender::over(sender)))
    }
}

/// Un tipo que es un extremo con los tipos de lo que pasa por él: se comparte al clonarlo y viaja de proceso.
macro_rules! end {
    ($name:ident < $($kind:ident),+ >) => {
        impl<$($kind),+> $name<$($kind),+> {
            fn over(channel: Channel) -> Self {
                let channel = Arc::new(channel.seen(["Pipe vacía", "Pipe llena"]));
                $name { channel, kinds: PhantomData }
            }

            /// Suelta este extremo.
            ///
            /// El otro lo nota, con [`is_closed`](ProcessError::is_closed), cuando no queda **ningún** clon, en este
            /// proceso ni en otro: si le mandas un extremo a un hijo, suelta el tuyo.
            ///
            /// # En Python
            ///
            /// `close()`. También allí el padre tiene que cerrar el extremo que le pasó al hijo.
            pub fn close(self) {}
        }

        impl<$($kind),+> Clone for $name<$($kind),+> {
            fn clone(&self) -> Self {
                let channel = Arc::clone(&self.channel);
                $name { channel, kinds: PhantomData }
            }
        }

        impl<$($kind),+> fmt::Debug for $name<$($kind),+> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }

        impl<$($kind),+> Serialize for $name<$($kind),+> {
            fn serialize<Ser: Serializer>(&self, serializer: Ser) -> Result<Ser::Ok, Ser::Error> {
                self.channel.serialize(serializer)
            }
        }

        impl<'de, $($kind),+> Deserialize<'de> for $name<$($kind),+> {
            fn deserialize<De: Deserializer<'de>>(deserializer: De) -> Result<Self, De::Error> {
                Channel::deserialize(deserializer).map(Self::over)
            }
        }
    };
}

/// Los métodos de un extremo que manda `$sent`.
macro_rules! sends {
    ($sent:ident) => {
        /// Manda una copia de `value`. **Bloquea** si el otro extremo lleva muchos mensajes sin leer.
        ///
        /// Hasta que el sistema dice basta (unos 200 KB sin leer) vuelve enseguida, se lea o no. Un `Vec` de números
        /// va de una vez, sin pasar por ellos uno a uno.
        ///
        /// # En Python
        ///
        /// `send(value)`.
        ///
        /// # Errors
        ///
        /// [`is_closed`](ProcessError::is_closed) si no queda nadie al otro lado (en Python, `BrokenPipeError`), o
        /// [`is_message`](ProcessError::is_message) si `value` ocupa más de [`MAX_MESSAGE`](super::MAX_MESSAGE) bytes
        /// o no se puede escribir.
        pub fn send(&self, value: $sent) -> Result<(), ProcessError> {
            send(&self.channel, &value, Wait::Forever)
        }

        /// Como `send`, pero espera sitio como mucho `seconds` segundos de la lección.
        ///
        /// # Errors
        ///
        /// Los de `send`, y [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo; no se ha mandado nada.
        ///
        /// # Panics
        ///
        /// Si los segundos son negativos o NaN.
        pub fn send_timeout(
            &self,
            value: $sent,
            seconds: impl Into<f64>,
        ) -> Result<(), ProcessError> {
            send(&self.channel, &value, Wait::lesson(seconds.into()))
        }
    };
}

/// Los métodos de un extremo que recibe `$received`.
macro_rules! receives {
    ($received:ident) => {
        /// El mensaje siguiente. **Bloquea** hasta que llega.
        ///
        /// # En Python
        ///
        /// `recv()`.
        ///
        /// # Errors
        ///
        /// [`is_closed`](ProcessError::is_closed) si no queda nada por leer ni nadie al otro lado (en Python,
        /// `EOFError`), o [`is_message`](ProcessError::is_message) si lo que llega no se puede leer.
        pub fn recv(&self) -> Result<$received, ProcessError> {
            recv(&self.channel, Wait::Forever)
        }

        /// Como `recv`, pero espera como mucho `seconds` segundos de la lección.
        ///
        /// # Errors
        ///
        /// Los de `recv`, y [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo.
        ///
        /// # Panics
        ///
        /// Si los segundos son negativos o NaN.
        pub fn recv_timeout(&self, seconds: impl Into<f64>) -> Result<$received, ProcessError> {
            recv(&self.channel, Wait::lesson(seconds.into()))
        }

        /// El mensaje siguiente, si ya ha llegado. No bloquea.
        ///
        /// # Errors
        ///
        /// Los de `recv`, y [`is_empty`](ProcessError::is_empty) si no hay ninguno.
        pub fn try_recv(&self) -> Result<$received, ProcessError> {
            recv(&self.channel, Wait::Never)
        }

        /// ¿Se puede leer ya sin esperar? **Bloquea** hasta que sí, o `seconds` segundos de la lección.
        ///
        /// También es que sí cuando no queda nadie al otro lado: `recv` lo dirá sin esperar.
        ///
        /// # En Python
        ///
        /// `poll(seconds)`.
        ///
        /// # Errors
        ///
        /// Si el sistema no sabe mirar.
        ///
        /// # Panics
        ///
        /// Si los segundos son negativos o NaN.
        pub fn poll(&self, seconds: impl Into<f64>) -> Result<bool, ProcessError> {
            Ok(self.channel.has_news(Wait::lesson(seconds.into()))?)
        }
    };
}

/// Un extremo de un [`Pipe::duplex`]: manda `S` y recibe `R` (lo mismo, si no se dice).
///
/// Se clona (los clones son el mismo extremo) y viaja a otros procesos.
///
/// # En Python
///
/// `multiprocessing.connection.Connection`.
///
/// # A pelo
///
/// [`std::os::unix::net::UnixStream::pair`], que lleva bytes y no mensajes.
///
/// # Examples
///
/// ```
/// use concurrencia::process::{Connection, Pipe};
///
/// let (uno, otro): (Connection<i32>, Connection<i32>) = Pipe::duplex()?;
/// assert!(!otro.poll(0)?);
/// uno.send(-5)?;
/// assert!(otro.poll(1)?);
/// assert_eq!(otro.try_recv()?, -5);
/// assert!(otro.try_recv().unwrap_err().is_empty());
/// # Ok::<(), concurrencia::ProcessError>(())
/// ```
pub struct Connection<S, R = S> {
    channel: Arc<Channel>,
    kinds: PhantomData<fn(S) -> R>,
}

end!(Connection<S, R>);

impl<S: Portable, R: Portable> Connection<S, R> {
    sends!(S);
    receives!(R);
}

/// El extremo de [`Pipe::one_way`] que recibe.
///
/// Se clona (cada mensaje lo recibe uno solo de los clones) y viaja a otros procesos.
///
/// # En Python
///
/// El primero de los dos que da `multiprocessing.Pipe(duplex=False)`.
///
/// # A pelo
///
/// [`std::sync::mpsc::Receiver`], entre los hilos de un mismo proceso.
pub struct Receiver<T> {
    channel: Arc<Channel>,
    kinds: PhantomData<fn() -> T>,
}

end!(Receiver<T>);

impl<T: Portable> Receiver<T> {
    receives!(T);
}

/// El extremo de [`Pipe::one_way`] que manda.
///
/// Se clona y viaja a otros procesos; el que recibe ve el cierre cuando se sueltan todos los clones.
///
/// # En Python
///
/// El segundo de los dos que da `multiprocessing.Pipe(duplex=False)`.
///
/// # A pelo
///
/// [`std::sync::mpsc::Sender`], entre los hilos de un mismo proceso.
pub struct Sender<T> {
    channel: Arc<Channel>,
    kinds: PhantomData<fn(T)>,
}

end!(Sender<T>);

impl<T: Portable> Sender<T> {
    sends!(T);
}

/// Manda un valor por un canal.
pub(super) fn send<T: Portable>(
    channel: &Channel,
    value: &T,
    wait: Wait,
) -> Result<(), ProcessError> {
    let message = message::prepare(value).map_err(Cause::Unwritable)?;
    Ok(channel.send(&message.bytes, &message.handles, wait)?)
}

/// Recibe un valor por un canal.
pub(super) fn recv<T: Portable>(channel: &Channel, wait: Wait) -> Result<T, ProcessError> {
    let message = channel.recv(wait).map_err(|error| match (error, wait) {
        (ChannelError::TimedOut, Wait::Never) => Cause::Empty.into(),
        (error, _) => ProcessError::from(error),
    })?;
    Ok(message::decode_once(&message.body, message.handles).map_err(Cause::Unreadable)?)
}
