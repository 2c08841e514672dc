//! `Array`: una lista de números que ven a la vez varios procesos, con su cerrojo.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use bytemuck::Pod;
use serde::{Deserialize, Serialize};

use super::channel::Wait;
use super::error::ProcessError;
use super::lock::{self, RawGuard};
use super::memory::{self, Shared};

/// Una lista de tamaño fijo en una memoria que ven a la vez varios procesos, sin copiarla, con su cerrojo.
///
/// Lo que se mande a otro proceso es la misma lista, y un clon también: lo que escribe uno lo ven todos. Vale igual
/// entre los hilos de un proceso. Caben los números y los `struct` que se componen de ellos ([`Pod`]): ni `String` ni
/// `Vec` ni `bool`, que tienen punteros o valores prohibidos.
///
/// [`get`](Array::get) y [`set`](Array::set) cogen el cerrojo cada vez. Para leer y escribir sin que nadie se meta en
/// medio, o para recorrerla deprisa, se coge una vez con [`lock`](Array::lock) y se usa como un `&mut [T]`.
///
/// Si un proceso muere con el cerrojo cogido, el siguiente recibe un error
/// [`is_abandoned`](ProcessError::is_abandoned), una sola vez, y la lista sigue ahí.
///
/// # En Python
///
/// ```python
/// notas = multiprocessing.Array("d", [1.0, 2.0, 3.0])
/// with notas.get_lock():
///     notas[0] += 1
/// ```
///
/// # A pelo
///
/// Un archivo sin nombre, `mmap` y `unsafe`: std no tiene memoria compartida.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::process::{self, Array, Process, ProcessError};
///
/// fn cuadrados(numeros: Array<f64>) -> Result<(), String> {
///     let mut numeros = numeros.lock().map_err(|error| error.to_string())?;
///     for x in numeros.iter_mut() {
///         *x *= *x;
///     }
///     Ok(())
/// }
///
/// fn main() -> Result<(), ProcessError> {
///     process::init(); // en un cuaderno no hace falta
///     let numeros = Array::from_slice(&[1.0, 2.0, 3.0])?;
///     let mut proceso = Process::new(cuadrados, (numeros.clone(),));
///     proceso.start()?;
///     assert_eq!(proceso.join()?, Ok(()));
///     assert_eq!(numeros.to_vec()?, [1.0, 4.0, 9.0]);
///     Ok(())
/// }
/// ```
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Array<T> {
    memory: Shared,
    len: usize,
    #[serde(skip)]
    of: PhantomData<fn() -> T>,
}

impl<T: Pod> Array<T> {
    /// Dónde empiezan los valores: detrás del cerrojo y alineados.
    const VALUES: usize = {
        assert!(
            align_of::<T>() <= 4096,
            "un tipo de un Array o un Value no puede pedir más alineación que la de una página"
        );
        lock::SIZE.next_multiple_of(if align_of::<T>() > 8 {
            align_of::<T>()
        } else {
            8
        })
    };

    /// Una lista con una copia de `values`.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Array("q", [1, 2, 3])`.
    ///
    /// # Errors
    ///
    /// Si el sistema no da tanta memoria o más descriptores.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Array;
    ///
    /// let numeros = Array::from_slice(&[1, 2, 3])?;
    /// assert_eq!(numeros.to_vec()?, [1, 2, 3]);
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn from_slice(values: &[T]) -> Result<Array<T>, ProcessError> {
        let array = Array::zeroed(values.len())?;
        array.lock()?.copy_from_slice(values);
        Ok(array)
    }

    /// Una lista de `len` ceros. La memoria solo se gasta según se escribe en ella.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Array("q", 1000)`.
    ///
    /// # Errors
    ///
    /// Si el sistema no da tanta memoria o más descriptores.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Array;
    ///
    /// let numeros: Array<f64> = Array::zeroed(1000)?;
    /// assert_eq!(numeros.len(), 1000);
    /// assert_eq!(numeros.get(999)?, 0.0);
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn zeroed(len: usize) -> Result<Array<T>, ProcessError> {
        Ok(Array {
            memory: Shared::new(memory::anonymous_for::<T>(Self::VALUES, len)?),
            len,
            of: PhantomData,
        })
    }

    /// Coge el cerrojo y da la lista, que se usa como un `&mut [T]`; se suelta al caer. **Bloquea** mientras lo tenga
    /// otro.
    ///
    /// Quien ya lo tiene no puede volver a pedirlo (ni llamar a `get` o `set`): se queda esperándose a sí mismo.
    ///
    /// # En Python
    ///
    /// `with notas.get_lock():`
    ///
    /// # Errors
    ///
    /// [`is_abandoned`](ProcessError::is_abandoned) si quien lo tenía ha muerto. Ya está libre: comprueba lo que hay y
    /// vuelve a pedirlo.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Array;
    ///
    /// let numeros = Array::from_slice(&[3, 1, 2])?;
    /// numeros.lock()?.sort();
    /// assert_eq!(numeros.to_vec()?, [1, 2, 3]);
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn lock(&self) -> Result<ArrayGuard<'_, T>, ProcessError> {
        self.lock_until(Wait::Forever, "Array")
    }

    /// Como [`lock`](Array::lock), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # Errors
    ///
    /// Los de `lock`, y [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    pub fn lock_timeout(&self, seconds: impl Into<f64>) -> Result<ArrayGuard<'_, T>, ProcessError> {
        self.lock_until(Wait::lesson(seconds.into()), "Array")
    }

    /// Coge el cerrojo; en la línea de tiempo se espera a `label`.
    pub(super) fn lock_until(
        &self,
        wait: Wait,
        label: &'static str,
    ) -> Result<ArrayGuard<'_, T>, ProcessError> {
        let guard = lock::acquire(&self.memory, wait, label)?;
        Ok(ArrayGuard { array: self, guard })
    }

    /// El valor que hay en `index`. **Bloquea** mientras otro tenga el cerrojo.
    ///
    /// # En Python
    ///
    /// `notas[0]`.
    ///
    /// # Errors
    ///
    /// Los de [`lock`](Array::lock).
    ///
    /// # Panics
    ///
    /// Si `index` no es menor que [`len`](Array::len).
    #[track_caller]
    pub fn get(&self, index: usize) -> Result<T, ProcessError> {
        self.check(index);
        Ok(self.lock()?[index])
    }

    /// Deja `value` en `index`. **Bloquea** mientras otro tenga el cerrojo.
    ///
    /// `a.set(i, a.get(i)? + 1)?` pierde incrementos: entre el `get` y el `set` puede pasar otro. Para eso,
    /// `a.lock()?[i] += 1`.
    ///
    /// # En Python
    ///
    /// `notas[0] = 5.0`.
    ///
    /// # Errors
    ///
    /// Los de [`lock`](Array::lock).
    ///
    /// # Panics
    ///
    /// Si `index` no es menor que [`len`](Array::len).
    #[track_caller]
    pub fn set(&self, index: usize, value: T) -> Result<(), ProcessError> {
        self.check(index);
        self.lock()?[index] = value;
        Ok(())
    }

    /// Una copia de toda la lista, sacada de una vez. **Bloquea** mientras otro tenga el cerrojo.
    ///
    /// # En Python
    ///
    /// `notas[:]`.
    ///
    /// # Errors
    ///
    /// Los de [`lock`](Array::lock).
    pub fn to_vec(&self) -> Result<Vec<T>, ProcessError> {
        Ok(self.lock()?.to_vec())
    }

    /// El guard, si nadie tiene el cerrojo.
    pub(super) fn peek(&self) -> Option<ArrayGuard<'_, T>> {
        let guard = lock::acquire_free(&self.memory)?;
        Some(ArrayGuard { array: self, guard })
    }

    #[track_caller]
    fn check(&self, index: usize) {
        assert!(
            index < self.len,
            "el índice {index} se sale de un Array de {} valores",
            self.len
        );
    }
}

impl<T> Array<T> {
    /// Cuántos valores tiene. No cambia.
    ///
    /// # En Python
    ///
    /// `len(notas)`.
    pub fn len(&self) -> usize {
        self.len
    }

    /// ¿No tiene ninguno?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// La misma lista.
impl<T> Clone for Array<T> {
    fn clone(&self) -> Array<T> {
        Array {
            memory: self.memory.clone(),
            len: self.len,
            of: PhantomData,
        }
    }
}

/// `Array([1, 2, 3])`, o `Array(<cogido>)` si alguien tiene el cerrojo.
impl<T: Pod + fmt::Debug> fmt::Debug for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.peek() {
            Some(values) => f.debug_tuple("Array").field(&&*values).finish(),
            None => f.write_str("Array(<cogido>)"),
        }
    }
}

/// Un [`Array`] con el cerrojo cogido: se usa como un `&mut [T]` y se suelta al caer.
#[must_use = "el cerrojo se suelta en cuanto cae el guard: guárdalo en una variable"]
pub struct ArrayGuard<'a, T> {
    array: &'a Array<T>,
    guard: RawGuard<'a>,
}

impl<T: Pod> Deref for ArrayGuard<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        let Array { memory, len, .. } = self.array;
        memory.locked(Array::<T>::VALUES, *len, &self.guard)
    }
}

impl<T: Pod> DerefMut for ArrayGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut [T] {
        let Array { memory, len, .. } = self.array;
        memory.locked_mut(Array::<T>::VALUES, *len, &mut self.guard)
    }
}

impl<T: Pod + fmt::Debug> fmt::Debug for ArrayGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
