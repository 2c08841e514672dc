//! El proceso que guarda los datos, y lo que se le puede pedir.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::process::channel::{Channel, ChannelError, Wait};
use crate::process::error::{Cause, ProcessError};
use crate::process::function::Portable;
use crate::process::message::{self, Handle, MessageError};
use crate::process::pipe;

/// Lo que se le pide.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    New(Kind),
    /// Una operación sobre el dato con ese número.
    Call(u64, Call),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Kind {
    Dict,
    List,
    Counter(i64),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Call {
    Len,
    Clear,
    Insert(Blob, Parcel),
    Get(Blob),
    Remove(Blob),
    Contains(Blob),
    Keys,
    Values,
    Items,
    /// Cambia el valor de la clave solo si sigue siendo el que se dice.
    Swap(Blob, Option<Blob>, Parcel),
    Extend(Vec<Parcel>),
    Pop,
    GetAt(u64),
    SetAt(u64, Parcel),
    RemoveAt(u64),
    Add(i64),
    Set(i64),
}

/// Lo que contesta.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    Id(u64),
    Done,
    Yes(bool),
    Number(i64),
    Len(u64),
    Value(Option<Parcel>),
    Values(Vec<Parcel>),
    Keys(Vec<Blob>),
    Items(Vec<(Blob, Parcel)>),
    /// No puede: por qué.
    Refused(String),
}

/// Unos bytes que serde lleva de una vez.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Blob(pub(super) Vec<u8>);

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&message::size(self.0.len()))
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Blob, D::Error> {
        struct Bytes;
        impl de::Visitor<'_> for Bytes {
            type Value = Blob;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("unos bytes")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Blob, E> {
                Ok(Blob(bytes.to_vec()))
            }
        }
        deserializer.deserialize_byte_buf(Bytes)
    }
}

/// Un valor tal como viaja: el servidor lo guarda sin saber de qué tipo es.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Parcel {
    pub(super) bytes: Blob,
    handles: Vec<Handle>,
}

impl Parcel {
    pub(super) fn pack<T: Portable>(value: &T) -> Result<Parcel, ProcessError> {
        let message = message::prepare(value).map_err(Cause::Unwritable)?;
        Ok(Parcel {
            bytes: Blob(message.bytes.into_owned()),
            handles: message.handles.into_iter().map(Handle).collect(),
        })
    }

    pub(super) fn unpack<T: Portable>(self) -> Result<T, ProcessError> {
        let handles = self.handles.into_iter().map(|Handle(fd)| fd).collect();
        Ok(message::decode_once(&self.bytes.0, handles).map_err(Cause::Unreadable)?)
    }

    /// Como [`unpack`](Parcel::unpack), y se puede repetir.
    pub(super) fn unpack_copy<T: Portable>(&self) -> Result<T, ProcessError> {
        let copy = self.duplicate().map_err(MessageError::Handle);
        copy.map_err(Cause::Unreadable)?.unpack()
    }

    /// Otro igual, con copias de sus descriptores.
    fn duplicate(&self) -> Result<Parcel, String> {
        let copies = self
            .handles
            .iter()
            .map(|Handle(fd)| fd.try_clone().map(Handle));
        Ok(Parcel {
            bytes: self.bytes.clone(),
            handles: copies
                .collect::<Result<_, _>>()
                .map_err(|error| error.to_string())?,
        })
    }
}

/// Uno de los datos.
enum Object {
    Dict(Dict),
    List(Vec<Parcel>),
    Counter(i64),
}

/// Un diccionario que recuerda en qué orden llegaron las claves.
#[derive(Default)]
struct Dict {
    places: HashMap<Blob, u64>,
    entries: BTreeMap<u64, (Blob, Parcel)>,
    next: u64,
}

impl Dict {
    fn get(&self, key: &Blob) -> Option<&Parcel> {
        let (_, value) = self.entries.get(self.places.get(key)?)?;
        Some(value)
    }

    fn insert(&mut self, key: Blob, value: Parcel) -> Option<Parcel> {
        let place = *self.places.entry(key.clone()).or_insert_with(|| {
            self.next += 1;
            self.next
        });
        self.entries.insert(place, (key, value)).map(|(_, old)| old)
    }

    fn remove(&mut self, key: &Blob) -> Option<Parcel> {
        let place = self.places.remove(key)?;
        self.entries.remove(&place).map(|(_, old)| old)
    }
}

type Objects = Mutex<Vec<Object>>;

/// Atiende a todos hasta que acaben con el proceso, o no quede nadie que pueda llamar.
pub(super) fn serve(door: Channel) {
    let objects = Arc::new(Objects::default());
    loop {
        match pipe::recv::<Channel>(&door, Wait::Forever) {
            Ok(connection) => {
                let objects = Arc::clone(&objects);
                // Sin hilo no hay conexión: al soltarla, el que la pidió ve que está cerrada.
                let _ = thread::Builder::new().spawn(move || attend(&connection, &objects));
            }
            Err(error) if error.is_closed() => return,
            // Una llamada que no se ha podido leer (sin descriptores libres, por ejemplo): a por la siguiente.
            Err(_) => {}
        }
    }
}

/// Atiende a uno hasta que se va.
fn attend(connection: &Channel, objects: &Objects) {
    while let Ok(message) = connection.recv(Wait::Forever) {
        let request = message::decode_once(&message.body, message.handles);
        drop(message.body);
        let reply = match request {
            Ok(request) => answer(request, objects),
            Err(error) => Err(error.to_string()),
        };
        if !post(connection, reply.unwrap_or_else(Reply::Refused)) {
            return;
        }
    }
}

/// Manda la respuesta o, si no puede ir, por qué. ¿Sigue ahí quien la espera?
fn post(connection: &Channel, reply: Reply) -> bool {
    let why = match message::prepare(&reply) {
        Ok(message) => match connection.send(&message.bytes, &message.handles, Wait::Forever) {
            Ok(()) => return true,
            Err(ChannelError::System(error)) => error.to_string(),
            Err(_) => return false,
        },
        Err(error) => error.to_string(),
    };
    pipe::send(connection, &Reply::Refused(why), Wait::Forever).is_ok()
}

fn answer(request: Request, objects: &Objects) -> Result<Reply, String> {
    // Nada entra en pánico con los datos a medias.
    let mut objects = objects.lock().unwrap_or_else(PoisonError::into_inner);
    match request {
        Request::New(kind) => {
            objects.push(match kind {
                Kind::Dict => Object::Dict(Dict::default()),
                Kind::List => Object::List(Vec::new()),
                Kind::Counter(start) => Object::Counter(start),
            });
            Ok(Reply::Id(objects.len() as u64 - 1))
        }
        Request::Call(id, call) => match objects.get_mut(id as usize) {
            Some(Object::Dict(dict)) => dict_call(dict, call),
            Some(Object::List(list)) => list_call(list, call),
            Some(Object::Counter(counter)) => counter_call(counter, call),
            None => Err(MessageError::Length.to_string()),
        },
    }
}

fn dict_call(dict: &mut Dict, call: Call) -> Result<Reply, String> {
    Ok(match call {
        Call::Len => Reply::Len(dict.entries.len() as u64),
        Call::Clear => {
            *dict = Dict::default();
            Reply::Done
        }
        Call::Insert(key, value) => Reply::Value(dict.insert(key, value)),
        Call::Get(key) => Reply::Value(copy_of(dict.get(&key))?),
        Call::Remove(key) => Reply::Value(dict.remove(&key)),
        Call::Contains(key) => Reply::Yes(dict.places.contains_key(&key)),
        Call::Keys => Reply::Keys(dict.entries.values().map(|(key, _)| key.clone()).collect()),
        Call::Values => Reply::Values(copies_of(dict.entries.values().map(|(_, value)| value))?),
        Call::Items => {
            let items = dict.entries.values();
            let copies = items.map(|(key, value)| Ok((key.clone(), value.duplicate()?)));
            Reply::Items(copies.collect::<Result<_, String>>()?)
        }
        Call::Swap(key, expected, value) => {
            let unchanged = dict.get(&key).map(|old| &old.bytes) == expected.as_ref();
            if unchanged {
                dict.insert(key, value);
            }
            Reply::Yes(unchanged)
        }
        _ => return Err(MessageError::Length.to_string()),
    })
}

fn list_call(list: &mut Vec<Parcel>, call: Call) -> Result<Reply, String> {
    Ok(match call {
        Call::Len => Reply::Len(list.len() as u64),
        Call::Clear => {
            list.clear();
            Reply::Done
        }
        Call::Extend(values) => {
            list.extend(values);
            Reply::Done
        }
        Call::Pop => Reply::Value(list.pop()),
        Call::GetAt(index) => Reply::Value(copy_of(list.get(index as usize))?),
        Call::SetAt(index, value) => Reply::Value(
            list.get_mut(index as usize)
                .map(|old| std::mem::replace(old, value)),
        ),
        Call::RemoveAt(index) => {
            let index = index as usize;
            Reply::Value((index < list.len()).then(|| list.remove(index)))
        }
        Call::Values => Reply::Values(copies_of(list.iter())?),
        _ => return Err(MessageError::Length.to_string()),
    })
}

fn counter_call(counter: &mut i64, call: Call) -> Result<Reply, String> {
    *counter = match call {
        Call::Add(n) => counter.wrapping_add(n),
        Call::Set(value) => value,
        _ => return Err(MessageError::Length.to_string()),
    };
    Ok(Reply::Number(*counter))
}

fn copy_of(value: Option<&Parcel>) -> Result<Option<Parcel>, String> {
    value.map(Parcel::duplicate).transpose()
}

fn copies_of<'a>(values: impl Iterator<Item = &'a Parcel>) -> Result<Vec<Parcel>, String> {
    values.map(Parcel::duplicate).collect()
}
