//! `ManagedDict`: un diccionario que usan a la vez varios procesos.

use std::borrow::Borrow;
use std::marker::PhantomData;

use serde::Serialize;

use super::link::Remote;
use super::server::{Blob, Call, Parcel, Reply};
use super::{proxy, unexpected};
use crate::process::error::Cause;
use crate::process::message::MessageError;
use crate::process::{Portable, ProcessError};

/// Un diccionario en el proceso de un [`Manager`](super::Manager), en el orden en que llegaron sus claves.
///
/// Los clones, y las copias que viajan a otros procesos, son el mismo diccionario. Toda operación **bloquea** hasta que
/// el otro proceso contesta (unos µs), y da [`is_closed`](ProcessError::is_closed) si ha acabado o
/// [`is_message`](ProcessError::is_message) si lo que va o lo que vuelve ocupa demasiado.
///
/// Lo que sale es una copia: cambiarla no cambia el diccionario. Y `d.insert(k, d.get(&k)? + 1)` son **dos**
/// operaciones: si dos procesos leen el mismo valor antes de que ninguno escriba, se pierde un incremento. Para eso
/// están [`update`](ManagedDict::update) y [`ManagedCounter`](super::ManagedCounter).
///
/// Dos claves son la misma si se escriben con los mismos bytes: no uses de clave un `HashMap` ni un `HashSet`, que se
/// escriben cada vez en un orden.
///
/// # En Python
///
/// `manager.dict()`. También allí `d[k] += 1` pierde incrementos, y `d[k].append(x)` cambia una copia.
///
/// # A pelo
///
/// Un `Arc<Mutex<HashMap<K, V>>>`, entre los hilos de un mismo proceso.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::process::{self, ManagedDict, Manager, Process, ProcessError};
///
/// fn cuenta(palabras: ManagedDict<String, u32>, texto: String) {
///     for palabra in texto.split(' ') {
///         palabras.update(palabra.to_owned(), 0, |veces| veces + 1).unwrap();
///     }
/// }
///
/// fn main() -> Result<(), ProcessError> {
///     process::init();
///     let manager = Manager::new()?;
///     let palabras = manager.dict()?;
///     let mut procesos = ["el gato y el pez", "el pez"]
///         .map(|texto| Process::new(cuenta, (palabras.clone(), texto.to_owned())));
///     for proceso in &mut procesos {
///         proceso.start()?;
///     }
///     for proceso in &procesos {
///         proceso.join()?;
///     }
///     assert_eq!(palabras.get("el")?, Some(3));
///     assert_eq!(palabras.get("perro")?, None);
///     Ok(())
/// }
/// ```
pub struct ManagedDict<K, V> {
    remote: Remote,
    kinds: PhantomData<fn(K) -> V>,
}

proxy!(ManagedDict<K, V>);

impl<K: Portable, V: Portable> ManagedDict<K, V> {
    /// Pone `value` en `key` y da el que había.
    ///
    /// # Errors
    ///
    /// Los de todo [`ManagedDict`].
    pub fn insert(&self, key: K, value: V) -> Result<Option<V>, ProcessError> {
        self.value(Call::Insert(blob(&key)?, Parcel::pack(&value)?))
    }

    /// Una copia del valor de `key`, si lo tiene.
    ///
    /// # Errors
    ///
    /// Los de todo [`ManagedDict`].
    pub fn get<Q>(&self, key: &Q) -> Result<Option<V>, ProcessError>
    where
        K: Borrow<Q>,
        Q: Serialize + ?Sized,
    {
        self.value(Call::Get(blob(key)?))
    }

    /// Quita `key` y da su valor, si lo tenía.
    ///
    /// # Errors
    ///
    /// Los de todo [`ManagedDict`].
    pub fn remove<Q>(&self, key: &Q) -> Result<Option<V>, ProcessError>
    where
        K: Borrow<Q>,
        Q: Serialize + ?Sized,
    {
        self.value(Call::Remove(blob(key)?))
    }

    /// ¿Está `key`?
    ///
    /// # Errors
    ///
    /// Los de todo [`ManagedDict`].
    pub fn contains_key<Q>(&self, key: &Q) -> Result<bool, ProcessError>
    where
        K: Borrow<Q>,
        Q: Serialize + ?Sized,
    {
        self.yes(Call::Contains(blob(key)?))
    }

    /// Cambia el valor de `key` por `f(valor)`, o por `f(initial)` si no está, y da el nuevo. Es **atómico**.
    ///
    /// `f` se ejecuta aquí; si mientras tanto otro cambia el valor, se ejecuta otra vez con el nuevo.
    ///
    /// # En Python
    ///
    /// No hay: hace falta un `manager.Lock()` alrededor de la lectura y la escritura.
    ///
    /// # Errors
    ///
    /// Los de todo [`ManagedDict`].
    pub fn update<F>(&self, key: K, initial: V, mut f: F) -> Result<V, ProcessError>
    where
        F: FnMut(V) -> V,
    {
        let key = blob(&key)?;
        let initial = Parcel::pack(&initial)?;
        loop {
            let old = match self.remote.ask(Call::Get(key.clone()))? {
                Reply::Value(old) => old,
                _ => return Err(unexpected()),
            };
            let expected = old.as_ref().map(|old| old.bytes.clone());
            let value = match old {
                Some(old) => old.unpack()?,
                None => initial.unpack_copy()?,
            };
            let value = f(value);
            if self.yes(Call::Swap(key.clone(), expected, Parcel::pack(&value)?))? {
                return Ok(value);
            }
        }
    }

    /// Las claves, en el orden en que llegaron.
    ///
    /// # Errors
    ///
    /// Los de todo [`ManagedDict`].
    pub fn keys(&self) -> Result<Vec<K>, ProcessError> {
        match self.remote.ask(Call::Keys)? {
            Reply::Keys(keys) => keys.iter().map(unblob).collect(),
            _ => Err(unexpected()),
        }
    }

    /// Una copia de los valores, en el orden en que llegaron sus claves.
    ///
    /// # Errors
    ///
    /// Los de todo [`ManagedDict`].
    pub fn values(&self) -> Result<Vec<V>, ProcessError> {
        match self.remote.ask(Call::Values)? {
            Reply::Values(values) => values.into_iter().map(Parcel::unpack).collect(),
            _ => Err(unexpected()),
        }
    }

    /// Una copia de las claves con sus valores, como estaban en un mismo momento.
    ///
    /// # Errors
    ///
    /// Los de todo [`ManagedDict`].
    pub fn items(&self) -> Result<Vec<(K, V)>, ProcessError> {
        match self.remote.ask(Call::Items)? {
            Reply::Items(items) => items
                .into_iter()
                .map(|(key, value)| Ok((unblob(&key)?, value.unpack()?)))
                .collect(),
            _ => Err(unexpected()),
        }
    }

    fn value(&self, call: Call) -> Result<Option<V>, ProcessError> {
        match self.remote.ask(call)? {
            Reply::Value(value) => value.map(Parcel::unpack).transpose(),
            _ => Err(unexpected()),
        }
    }
}

impl<K, V> ManagedDict<K, V> {
    /// Cuántas claves hay.
    ///
    /// # Errors
    ///
    /// Los de todo [`ManagedDict`].
    pub fn len(&self) -> Result<usize, ProcessError> {
        match self.remote.ask(Call::Len)? {
            Reply::Len(len) => Ok(len as usize),
            _ => Err(unexpected()),
        }
    }

    /// ¿Está vacío?
    ///
    /// # Errors
    ///
    /// Los de todo [`ManagedDict`].
    pub fn is_empty(&self) -> Result<bool, ProcessError> {
        Ok(self.len()? == 0)
    }

    /// Las quita todas.
    ///
    /// # Errors
    ///
    /// Los de todo [`ManagedDict`].
    pub fn clear(&self) -> Result<(), ProcessError> {
        match self.remote.ask(Call::Clear)? {
            Reply::Done => Ok(()),
            _ => Err(unexpected()),
        }
    }

    fn yes(&self, call: Call) -> Result<bool, ProcessError> {
        match self.remote.ask(call)? {
            Reply::Yes(yes) => Ok(yes),
            _ => Err(unexpected()),
        }
    }
}

/// Los bytes de una clave: los mismos si se busca con un `&str` que con un `String`.
fn blob<Q: Serialize + ?Sized>(key: &Q) -> Result<Blob, ProcessError> {
    let bytes = postcard::to_stdvec(key);
    Ok(Blob(bytes.map_err(|error| {
        Cause::Unwritable(MessageError::Codec(error))
    })?))
}

fn unblob<K: Portable>(key: &Blob) -> Result<K, ProcessError> {
    let key = postcard::from_bytes(&key.0);
    Ok(key.map_err(|error| Cause::Unreadable(MessageError::Codec(error)))?)
}
