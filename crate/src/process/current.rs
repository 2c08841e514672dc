//! El proceso en el que se está.

use super::worker;

/// El proceso que ejecuta esta línea: su nombre y su PID.
///
/// # En Python
///
/// Lo que devuelve `multiprocessing.current_process()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentProcess {
    name: String,
    pid: u32,
}

impl CurrentProcess {
    /// El nombre: el que se le dio, o «MainProcess» si no lo lanzó este crate.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// El identificador que le dio el sistema.
    pub fn pid(&self) -> u32 {
        self.pid
    }
}

/// El proceso en el que se está.
///
/// El de su padre es [`std::os::unix::process::parent_id`].
///
/// # En Python
///
/// `multiprocessing.current_process()`.
///
/// # Examples
///
/// ```
/// use concurrencia::process::current_process;
///
/// assert_eq!(current_process().name(), "MainProcess");
/// assert_eq!(current_process().pid(), std::process::id());
/// ```
pub fn current_process() -> CurrentProcess {
    CurrentProcess {
        name: worker::name().unwrap_or("MainProcess").to_owned(),
        pid: std::process::id(),
    }
}
