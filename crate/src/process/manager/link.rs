//! Cómo llega un proceso a los datos de otro: pide una conexión por un canal que todos comparten y habla por ella.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::server::{Call, Reply, Request};
use crate::process::channel::{Channel, Wait};
use crate::process::error::{Cause, ProcessError};
use crate::process::message::MessageError;
use crate::process::pipe;

/// El camino a un servidor.
#[derive(Debug)]
pub(super) struct Link {
    /// Por donde se piden conexiones. Es el mismo en todos los procesos.
    call: Channel,
    /// Las conexiones de este proceso que nadie está usando: tantas como hilos han preguntado a la vez.
    idle: Mutex<Vec<Channel>>,
}

impl Link {
    pub(super) fn new(call: Channel) -> Link {
        Link {
            call,
            idle: Mutex::default(),
        }
    }

    /// Manda una petición y espera la respuesta.
    pub(super) fn ask(&self, request: &Request) -> Result<Reply, ProcessError> {
        let free = self.idle().pop();
        let connection = free.map_or_else(|| self.connect(), Ok)?;
        pipe::send(&connection, request, Wait::Forever)?;
        let reply = pipe::recv(&connection, Wait::Forever)?;
        self.idle().push(connection);
        match reply {
            Reply::Refused(why) => Err(Cause::Unwritable(MessageError::Handle(why)).into()),
            reply => Ok(reply),
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Channel>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connect(&self) -> Result<Channel, ProcessError> {
        let (ours, theirs) = Channel::pair()?;
        pipe::send(&self.call, &theirs, Wait::Forever)?;
        // Al soltar aquí `theirs`, la única copia es la del servidor: si muere, se nota.
        Ok(ours.seen(["Manager", "Manager"]))
    }
}

/// Uno de los datos de un servidor.
#[derive(Clone, Debug)]
pub(super) struct Remote {
    id: u64,
    link: Arc<Link>,
}

impl Remote {
    pub(super) fn new(id: u64, link: Arc<Link>) -> Remote {
        Remote { id, link }
    }

    pub(super) fn ask(&self, call: Call) -> Result<Reply, ProcessError> {
        self.link.ask(&Request::Call(self.id, call))
    }
}

impl Serialize for Remote {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.id, &self.link.call).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Remote {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Remote, D::Error> {
        let (id, call) = Deserialize::deserialize(deserializer)?;
        Ok(Remote::new(id, Arc::new(Link::new(call))))
    }
}
