//! ¿Es este el hilo principal?

/// ¿Lo es el que llama?
///
/// std lo sabe en un programa corriente, pero no dentro del núcleo: el ejecutable y las celdas llevan cada uno su copia
/// de std, y la de las celdas no vio empezar al principal. Linux sí: es el que lleva el número del proceso.
#[cfg(target_os = "linux")]
pub(crate) fn is_main() -> bool {
    rustix::thread::gettid() == rustix::process::getpid()
}

#[cfg(not(target_os = "linux"))]
mod supposed {
    use std::sync::OnceLock;
    use std::thread::{ThreadId, current};

    static MAIN: OnceLock<ThreadId> = OnceLock::new();

    /// Da por principal al que llama, si nadie se le adelantó: en el núcleo, el que carga el crate.
    pub(crate) fn suppose_main() {
        MAIN.get_or_init(|| current().id());
    }

    pub(crate) fn is_main() -> bool {
        let current = current();
        current.name() == Some("main") || MAIN.get() == Some(&current.id())
    }
}
#[cfg(not(target_os = "linux"))]
pub(crate) use supposed::{is_main, suppose_main};
