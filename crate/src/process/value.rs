//! `Value`: un valor que ven a la vez varios procesos, con su cerrojo.

use std::fmt;
use std::ops::{Deref, DerefMut};

use bytemuck::Pod;
use serde::{Deserialize, Serialize};

use super::array::{Array, ArrayGuard};
use super::channel::Wait;
use super::error::ProcessError;

/// Un valor en una memoria que ven a la vez varios procesos, con su cerrojo.
///
/// Lo que se mande a otro proceso es el mismo valor, y un clon también: lo que escribe uno lo ven todos. Vale igual
/// entre los hilos de un proceso. Caben los números y los `struct` que se componen de ellos ([`Pod`]).
///
/// [`get`](Value::get) y [`set`](Value::set) cogen el cerrojo **cada uno por su lado**:
///
/// - `v.set(v.get()? + 1)?` **pierde incrementos**: entre el `get` y el `set` puede pasar otro.
/// - `*v.lock()? += 1` no: el cerrojo está cogido de principio a fin. También vale `v.update(|v| *v += 1)?`.
///
/// Si un proceso muere con el cerrojo cogido, el siguiente recibe un error
/// [`is_abandoned`](ProcessError::is_abandoned), una sola vez, y el valor sigue ahí.
///
/// # En Python
///
/// ```python
/// contador = multiprocessing.Value("q", 0)
/// contador.value += 1           # pierde incrementos
/// with contador.get_lock():
///     contador.value += 1       # no
/// ```
///
/// # A pelo
///
/// Un archivo sin nombre, `mmap` y `unsafe`: std no tiene memoria compartida.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::process::{self, Process, ProcessError, Value};
///
/// fn suma(contador: Value<u64>, veces: u32) -> Result<(), String> {
///     for _ in 0..veces {
///         *contador.lock().map_err(|error| error.to_string())? += 1;
///     }
///     Ok(())
/// }
///
/// fn main() -> Result<(), ProcessError> {
///     process::init(); // en un cuaderno no hace falta
///     let contador = Value::new(0_u64)?;
///     let mut procesos: Vec<_> = (0..2).map(|_| Process::new(suma, (contador.clone(), 1000))).collect();
///     for proceso in &mut procesos {
///         proceso.start()?;
///     }
///     for proceso in &procesos {
///         assert_eq!(proceso.join()?, Ok(()));
///     }
///     assert_eq!(contador.get()?, 2000);
///     Ok(())
/// }
/// ```
///
/// Un `struct` propio, con los atributos que comprueban que se puede:
///
/// ```
/// use concurrencia::bytemuck::{Pod, Zeroable};
/// use concurrencia::process::Value;
///
/// #[derive(Clone, Copy, Pod, Zeroable)]
/// #[bytemuck(crate = "concurrencia::bytemuck")]
/// #[repr(C)]
/// struct Punto {
///     x: f64,
///     y: f64,
/// }
///
/// let punto = Value::new(Punto { x: 1.0, y: 2.0 })?;
/// punto.lock()?.x += 10.0;
/// assert_eq!(punto.get()?.x, 11.0);
/// # Ok::<(), concurrencia::ProcessError>(())
/// ```
///
/// Lo que tiene punteros no cabe:
///
/// ```compile_fail
/// use concurrencia::process::Value;
///
/// let texto = Value::new(String::from("hola"));
/// ```
#[derive(Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Value<T>(Array<T>);

impl<T: Pod> Value<T> {
    /// Un valor compartido, que empieza siendo `value`.
    ///
    /// # En Python
    ///
    /// `multiprocessing.Value("q", 0)`.
    ///
    /// # Errors
    ///
    /// Si el sistema no da más memoria o más descriptores.
    pub fn new(value: T) -> Result<Value<T>, ProcessError> {
        Array::from_slice(&[value]).map(Value)
    }

    /// Una copia de lo que vale. **Bloquea** mientras otro tenga el cerrojo.
    ///
    /// # En Python
    ///
    /// `contador.value`.
    ///
    /// # Errors
    ///
    /// Los de [`lock`](Value::lock).
    pub fn get(&self) -> Result<T, ProcessError> {
        Ok(*self.lock()?)
    }

    /// Lo cambia por `value`. **Bloquea** mientras otro tenga el cerrojo.
    ///
    /// `v.set(v.get()? + 1)?` pierde incrementos; usa [`lock`](Value::lock) o [`update`](Value::update).
    ///
    /// # En Python
    ///
    /// `contador.value = 5`.
    ///
    /// # Errors
    ///
    /// Los de [`lock`](Value::lock).
    pub fn set(&self, value: T) -> Result<(), ProcessError> {
        *self.lock()? = value;
        Ok(())
    }

    /// Coge el cerrojo y da el valor, que se usa como un `&mut T`; se suelta al caer. **Bloquea** mientras lo tenga
    /// otro.
    ///
    /// Quien ya lo tiene no puede volver a pedirlo (ni llamar a `get` o `set`): se queda esperándose a sí mismo.
    ///
    /// # En Python
    ///
    /// `with contador.get_lock():`
    ///
    /// # Errors
    ///
    /// [`is_abandoned`](ProcessError::is_abandoned) si quien lo tenía ha muerto. Ya está libre: comprueba lo que hay y
    /// vuelve a pedirlo.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Value;
    ///
    /// let contador = Value::new(5)?;
    /// *contador.lock()? += 1;
    /// assert_eq!(contador.get()?, 6);
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn lock(&self) -> Result<ValueGuard<'_, T>, ProcessError> {
        self.0.lock_until(Wait::Forever, "Value").map(ValueGuard)
    }

    /// Como [`lock`](Value::lock), pero espera como mucho `seconds` segundos de la lección.
    ///
    /// # Errors
    ///
    /// Los de `lock`, y [`is_timeout`](ProcessError::is_timeout) si se acaba el plazo.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos, infinitos o NaN.
    pub fn lock_timeout(&self, seconds: impl Into<f64>) -> Result<ValueGuard<'_, T>, ProcessError> {
        self.0
            .lock_until(Wait::lesson(seconds.into()), "Value")
            .map(ValueGuard)
    }

    /// Llama a `f` con el valor y el cerrojo cogido, y da lo que devolvió. **Bloquea** mientras lo tenga otro.
    ///
    /// # Errors
    ///
    /// Los de [`lock`](Value::lock); entonces no llama a `f`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::process::Value;
    ///
    /// let contador = Value::new(5)?;
    /// let antes = contador.update(|n| std::mem::replace(n, 0))?;
    /// assert_eq!((antes, contador.get()?), (5, 0));
    /// # Ok::<(), concurrencia::ProcessError>(())
    /// ```
    pub fn update<R>(&self, f: impl FnOnce(&mut T) -> R) -> Result<R, ProcessError> {
        Ok(f(&mut *self.lock()?))
    }
}

/// El mismo valor.
impl<T> Clone for Value<T> {
    fn clone(&self) -> Value<T> {
        Value(self.0.clone())
    }
}

/// `Value(5)`, o `Value(<cogido>)` si alguien tiene el cerrojo.
impl<T: Pod + fmt::Debug> fmt::Debug for Value<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.peek() {
            Some(value) => f.debug_tuple("Value").field(&value[0]).finish(),
            None => f.write_str("Value(<cogido>)"),
        }
    }
}

/// Un [`Value`] con el cerrojo cogido: se usa como un `&mut T` y se suelta al caer.
#[must_use = "el cerrojo se suelta en cuanto cae el guard: guárdalo en una variable"]
pub struct ValueGuard<'a, T>(ArrayGuard<'a, T>);

impl<T: Pod> Deref for ValueGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0[0]
    }
}

impl<T: Pod> DerefMut for ValueGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0[0]
    }
}

impl<T: Pod + fmt::Debug> fmt::Debug for ValueGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
