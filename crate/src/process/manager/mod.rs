//! `Manager`: un diccionario, una lista y un contador que usan a la vez varios procesos.

mod counter;
mod dict;
mod link;
mod list;
mod server;

use std::fmt;
use std::sync::Arc;

use super::channel::Channel;
use super::error::{Cause, ProcessError};
use super::function::Portable;
use super::process::Process;
use link::{Link, Remote};
use server::{Kind, Reply, Request};

pub use counter::ManagedCounter;
pub use dict::ManagedDict;
pub use list::ManagedList;

/// Un proceso que guarda los datos de todos: los demás le piden lo que quieren leer o cambiar.
///
/// Cada operación es un mensaje de ida y otro de vuelta (unos µs), y las atiende de una en una. Para muchos números es
/// más rápido compartir memoria; esto es para lo que no tiene un tamaño fijo.
///
/// Soltarlo acaba con su proceso y con los datos: los que aún los usen reciben un
/// [`is_closed`](ProcessError::is_closed). Es el que lo creó quien lo tiene; a otros procesos se les mandan los datos
/// ([`ManagedDict`], [`ManagedList`], [`ManagedCounter`]), que son solo la forma de llegar a ellos.
///
/// # En Python
///
/// ```python
/// with multiprocessing.Manager() as manager:
///     compartido = manager.dict()
///     proceso = multiprocessing.Process(target=f, args=(compartido,))
/// ```
///
/// Allí el servidor escucha en un socket con nombre en `/tmp`, y cada mensaje lleva dentro código que se ejecuta al
/// leerlo (`pickle`); aquí solo lo alcanza quien recibe su descriptor.
///
/// # A pelo
///
/// Un hilo con un `HashMap` que atiende por un [`std::sync::mpsc::channel`]. Entre procesos, un servidor como Redis.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::process::{self, ManagedDict, Manager, Process, ProcessError};
///
/// fn apunta(cuadrados: ManagedDict<u64, u64>, x: u64) {
///     cuadrados.insert(x, x * x).unwrap();
/// }
///
/// fn main() -> Result<(), ProcessError> {
///     process::init(); // en un cuaderno no hace falta
///     let manager = Manager::new()?;
///     let cuadrados = manager.dict()?;
///     let mut procesos = [3, 4].map(|x| Process::new(apunta, (cuadrados.clone(), x)));
///     for proceso in &mut procesos {
///         proceso.start()?;
///     }
///     for proceso in &procesos {
///         proceso.join()?;
///     }
///     assert_eq!(cuadrados.get(&4)?, Some(16));
///     assert_eq!(cuadrados.len()?, 2);
///     Ok(())
/// }
/// ```
pub struct Manager {
    process: Process<()>,
    link: Arc<Link>,
}

impl Manager {
    /// Lanza el proceso que guarda los datos. No espera a que esté listo.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Manager()`.
    ///
    /// # Errors
    ///
    /// Los de [`Process::start`].
    pub fn new() -> Result<Manager, ProcessError> {
        let (call, door) = Channel::pair()?;
        let mut process = Process::new(server::serve, (door,))
            .with_name("Manager")
            .unseen();
        process.start()?;
        let link = Arc::new(Link::new(call));
        Ok(Manager { process, link })
    }

    /// Un diccionario nuevo, vacío. **Bloquea** hasta que el otro proceso contesta.
    ///
    /// # En Python
    ///
    /// `manager.dict()`.
    ///
    /// # Errors
    ///
    /// [`is_closed`](ProcessError::is_closed) si su proceso ha acabado.
    pub fn dict<K: Portable, V: Portable>(&self) -> Result<ManagedDict<K, V>, ProcessError> {
        Ok(ManagedDict::over(self.create(Kind::Dict)?))
    }

    /// Una lista nueva, vacía. **Bloquea** hasta que el otro proceso contesta.
    ///
    /// # En Python
    ///
    /// `manager.list()`.
    ///
    /// # Errors
    ///
    /// [`is_closed`](ProcessError::is_closed) si su proceso ha acabado.
    pub fn list<T: Portable>(&self) -> Result<ManagedList<T>, ProcessError> {
        Ok(ManagedList::over(self.create(Kind::List)?))
    }

    /// Un contador nuevo que empieza en `start`. **Bloquea** hasta que el otro proceso contesta.
    ///
    /// # En Python
    ///
    /// Lo más parecido es `manager.Value("q", start)`, cuyo `+= 1` pierde incrementos.
    ///
    /// # Errors
    ///
    /// [`is_closed`](ProcessError::is_closed) si su proceso ha acabado.
    pub fn counter(&self, start: i64) -> Result<ManagedCounter, ProcessError> {
        Ok(ManagedCounter::over(self.create(Kind::Counter(start))?))
    }

    fn create(&self, kind: Kind) -> Result<Remote, ProcessError> {
        match self.link.ask(&Request::New(kind))? {
            Reply::Id(id) => Ok(Remote::new(id, Arc::clone(&self.link))),
            _ => Err(unexpected()),
        }
    }

    /// El identificador de su proceso.
    pub fn pid(&self) -> Option<u32> {
        self.process.pid()
    }

    /// Acaba con su proceso y con los datos. **Bloquea** hasta que ha acabado; si ya lo había hecho, no hace nada.
    ///
    /// # En Python
    ///
    /// `manager.shutdown()`, o salir del `with`.
    ///
    /// # Errors
    ///
    /// Si el sistema no deja acabarlo.
    pub fn shutdown(&self) -> Result<(), ProcessError> {
        // No tiene nada que guardar ni que vaciar: los datos desaparecen con él.
        self.process.kill()?;
        // El error solo dice que lo hemos matado.
        let _ = self.process.join();
        Ok(())
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        let _ = self.shutdown();
    }
}

impl fmt::Debug for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manager")
            .field("pid", &self.pid())
            .field("is_alive", &self.process.is_alive())
            .finish()
    }
}

/// Una respuesta que no es la de esa petición.
fn unexpected() -> ProcessError {
    Cause::Unreadable(super::message::MessageError::Length).into()
}

/// Lo que tienen en común los datos de un [`Manager`]: se clonan, viajan y se enseñan.
macro_rules! proxy {
    ($name:ident $(< $($kind:ident),+ >)?) => {
        impl$(<$($kind),+>)? $name$(<$($kind),+>)? {
            pub(super) fn over(remote: $crate::process::manager::link::Remote) -> Self {
                $name { remote, kinds: std::marker::PhantomData }
            }
        }

        impl$(<$($kind),+>)? Clone for $name$(<$($kind),+>)? {
            fn clone(&self) -> Self {
                Self::over(self.remote.clone())
            }
        }

        impl$(<$($kind),+>)? std::fmt::Debug for $name$(<$($kind),+>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }

        impl$(<$($kind),+>)? serde::Serialize for $name$(<$($kind),+>)? {
            fn serialize<Ser: serde::Serializer>(&self, to: Ser) -> Result<Ser::Ok, Ser::Error> {
                self.remote.serialize(to)
            }
        }

        impl<'de, $($($kind),+)?> serde::Deserialize<'de> for $name$(<$($kind),+>)? {
            fn deserialize<De: serde::Deserializer<'de>>(from: De) -> Result<Self, De::Error> {
                serde::Deserialize::deserialize(from).map(Self::over)
            }
        }
    };
}
use proxy;
