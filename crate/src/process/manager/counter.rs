//! `ManagedCounter`: un número que varios procesos suman a la vez.

use std::marker::PhantomData;

use super::link::Remote;
use super::server::{Call, Reply};
use super::{proxy, unexpected};
use crate::process::ProcessError;

/// Un entero en el proceso de un [`Manager`](super::Manager): nadie pierde un incremento.
///
/// Los clones, y las copias que viajan a otros procesos, son el mismo contador. Toda operación **bloquea** hasta que el
/// otro proceso contesta (unos µs), y da [`is_closed`](ProcessError::is_closed) si ha acabado.
///
/// # En Python
///
/// `manager.Value("q", 0)`; su `valor.value += 1` lee, suma y escribe en tres pasos, y pierde incrementos.
///
/// # A pelo
///
/// [`std::sync::atomic::AtomicI64`], entre los hilos de un mismo proceso.
///
/// # Examples
///
/// ```standalone_crate
/// use concurrencia::process::{self, ManagedCounter, Manager, Process, ProcessError};
///
/// fn cuenta(visitas: ManagedCounter) {
///     for _ in 0..100 {
///         visitas.add(1).unwrap();
///     }
/// }
///
/// fn main() -> Result<(), ProcessError> {
///     process::init();
///     let manager = Manager::new()?;
///     let visitas = manager.counter(0)?;
///     let mut procesos = [(); 2].map(|()| Process::new(cuenta, (visitas.clone(),)));
///     for proceso in &mut procesos {
///         proceso.start()?;
///     }
///     for proceso in &procesos {
///         proceso.join()?;
///     }
///     assert_eq!(visitas.get()?, 200);
///     Ok(())
/// }
/// ```
pub struct ManagedCounter {
    remote: Remote,
    kinds: PhantomData<()>,
}

proxy!(ManagedCounter);

impl ManagedCounter {
    /// Le suma `n` y da el valor nuevo. Si se pasa de `i64`, da la vuelta.
    ///
    /// # Errors
    ///
    /// [`is_closed`](ProcessError::is_closed) si el proceso del `Manager` ha acabado.
    pub fn add(&self, n: i64) -> Result<i64, ProcessError> {
        self.number(Call::Add(n))
    }

    /// El valor ahora.
    ///
    /// # Errors
    ///
    /// Los de [`add`](ManagedCounter::add).
    pub fn get(&self) -> Result<i64, ProcessError> {
        self.number(Call::Add(0))
    }

    /// Lo cambia por `value`.
    ///
    /// # Errors
    ///
    /// Los de [`add`](ManagedCounter::add).
    pub fn set(&self, value: i64) -> Result<(), ProcessError> {
        self.number(Call::Set(value)).map(drop)
    }

    fn number(&self, call: Call) -> Result<i64, ProcessError> {
        match self.remote.ask(call)? {
            Reply::Number(number) => Ok(number),
            _ => Err(unexpected()),
        }
    }
}
