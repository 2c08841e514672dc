//! `ManagedList`: una lista que usan a la vez varios procesos.

use std::marker::PhantomData;

use super::link::Remote;
use super::server::{Call, Parcel, Reply};
use super::{proxy, unexpected};
use crate::process::{Portable, ProcessError};

/// Una lista en el proceso de un [`Manager`](super::Manager).
///
/// Los clones, y las copias que viajan a otros procesos, son la misma lista. Toda operación **bloquea** hasta que el
/// otro proceso contesta (unos µs), y da [`is_closed`](ProcessError::is_closed) si ha acabado o
/// [`is_message`](ProcessError::is_message) si lo que va o lo que vuelve ocupa demasiado.
///
/// Lo que sale es una copia: cambiarla no cambia la lista. Leer un elemento y volver a ponerlo son dos operaciones, y
/// otro proceso puede colarse en medio.
///
/// # En Python
///
/// `manager.list()`. También allí `lista[0].append(x)` cambia una copia y se pierde.
///
/// # A pelo
///
/// Un `Arc<Mutex<Vec<T>>>`, entre los hilos de un mismo proceso.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::process::{self, ManagedList, Manager, Process, ProcessError};
///
/// fn apunta(lista: ManagedList<String>) {
///     lista.push("desde el hijo".to_owned()).unwrap();
/// }
///
/// fn main() -> Result<(), ProcessError> {
///     process::init();
///     let manager = Manager::new()?;
///     let lista = manager.list()?;
///     lista.push("desde el padre".to_owned())?;
///     let mut proceso = Process::new(apunta, (lista.clone(),));
///     proceso.start()?;
///     proceso.join()?;
///     assert_eq!(lista.to_vec()?, ["desde el padre", "desde el hijo"]);
///     Ok(())
/// }
/// ```
pub struct ManagedList<T> {
    remote: Remote,
    kinds: PhantomData<fn(T) -> T>,
}

proxy!(ManagedList<T>);

impl<T: Portable> ManagedList<T> {
    /// Añade `value` al final (`append` en Python).
    ///
    /// # Errors
    ///
    /// Los de toda [`ManagedList`].
    pub fn push(&self, value: T) -> Result<(), ProcessError> {
        self.extend([value])
    }

    /// Añade todos los valores al final, de una vez: los de otro proceso no se meten en medio.
    ///
    /// # Errors
    ///
    /// Los de toda [`ManagedList`]; si los hay, no se ha añadido ninguno.
    pub fn extend(&self, values: impl IntoIterator<Item = T>) -> Result<(), ProcessError> {
        let parcels = values.into_iter().map(|value| Parcel::pack(&value));
        self.done(Call::Extend(parcels.collect::<Result<_, _>>()?))
    }

    /// Quita el último y lo da; nada si está vacía.
    ///
    /// # Errors
    ///
    /// Los de toda [`ManagedList`].
    pub fn pop(&self) -> Result<Option<T>, ProcessError> {
        self.value(Call::Pop)
    }

    /// Una copia del que está en la posición `index`; nada si no hay tantos (`lista[index]` en Python).
    ///
    /// # Errors
    ///
    /// Los de toda [`ManagedList`].
    pub fn get(&self, index: usize) -> Result<Option<T>, ProcessError> {
        self.value(Call::GetAt(index as u64))
    }

    /// Pone `value` en la posición `index` y da el que había; nada, y no lo pone, si no hay tantos.
    ///
    /// # Errors
    ///
    /// Los de toda [`ManagedList`].
    pub fn set(&self, index: usize, value: T) -> Result<Option<T>, ProcessError> {
        self.value(Call::SetAt(index as u64, Parcel::pack(&value)?))
    }

    /// Quita el que está en la posición `index` y lo da; nada si no hay tantos (`pop(index)` en Python).
    ///
    /// # Errors
    ///
    /// Los de toda [`ManagedList`].
    pub fn remove(&self, index: usize) -> Result<Option<T>, ProcessError> {
        self.value(Call::RemoveAt(index as u64))
    }

    /// Una copia de todos, como estaban en un mismo momento.
    ///
    /// # Errors
    ///
    /// Los de toda [`ManagedList`].
    pub fn to_vec(&self) -> Result<Vec<T>, ProcessError> {
        match self.remote.ask(Call::Values)? {
            Reply::Values(values) => values.into_iter().map(Parcel::unpack).collect(),
            _ => Err(unexpected()),
        }
    }

    fn value(&self, call: Call) -> Result<Option<T>, ProcessError> {
        match self.remote.ask(call)? {
            Reply::Value(value) => value.map(Parcel::unpack).transpose(),
            _ => Err(unexpected()),
        }
    }
}

impl<T> ManagedList<T> {
    /// Cuántos hay.
    ///
    /// # Errors
    ///
    /// Los de toda [`ManagedList`].
    pub fn len(&self) -> Result<usize, ProcessError> {
        match self.remote.ask(Call::Len)? {
            Reply::Len(len) => Ok(len as usize),
            _ => Err(unexpected()),
        }
    }

    /// ¿Está vacía?
    ///
    /// # Errors
    ///
    /// Los de toda [`ManagedList`].
    pub fn is_empty(&self) -> Result<bool, ProcessError> {
        Ok(self.len()? == 0)
    }

    /// Los quita todos.
    ///
    /// # Errors
    ///
    /// Los de toda [`ManagedList`].
    pub fn clear(&self) -> Result<(), ProcessError> {
        self.done(Call::Clear)
    }

    fn done(&self, call: Call) -> Result<(), ProcessError> {
        match self.remote.ask(call)? {
            Reply::Done => Ok(()),
            _ => Err(unexpected()),
        }
    }
}
