//! `current_thread`, `main_thread`, `enumerate` y `active_count`: qué hilos hay.

use super::{ThreadInfo, registry};

/// El hilo que ejecuta esta línea.
///
/// Uno que no creó este crate (con `std::thread`, o de un pool ajeno) queda registrado al llamarla, como demonio y hasta
/// que acabe. No bloquea.
///
/// # En Python
///
/// `threading.current_thread()`.
///
/// # A pelo
///
/// [`std::thread::current`]. En un cuaderno no sabe el nombre del principal.
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
/// use concurrencia::thread::current_thread;
///
/// let mut hilo = Thread::new(|| println!("soy {}", current_thread().name())).with_name("descarga-3");
/// hilo.start()?;
/// hilo.join()?; // ha escrito «soy descarga-3»
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub fn current_thread() -> ThreadInfo {
    registry::current()
}

/// El hilo principal del programa: en un cuaderno, el que ejecuta las celdas.
///
/// Se llama «MainThread», no es un demonio y siempre está vivo. No bloquea.
///
/// # En Python
///
/// `threading.main_thread()`.
///
/// # Examples
///
/// ```
/// use concurrencia::thread::{current_thread, main_thread};
///
/// assert_eq!(main_thread().name(), "MainThread");
/// if current_thread() == main_thread() {
///     println!("esta línea la ejecuta el principal");
/// }
/// ```
pub fn main_thread() -> ThreadInfo {
    registry::main()
}

/// Los hilos vivos: el principal, el que llama y los del crate, demonios incluidos, por orden de arranque.
///
/// De los ajenos salen los que alguna vez llamaron a [`current_thread`] o a `enumerate`. Es una foto: alguno puede haber
/// acabado cuando la mires; uno que se haya esperado con [`join`](crate::Thread::join) ya no sale. No bloquea.
///
/// # En Python
///
/// `threading.enumerate()`.
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
/// use concurrencia::thread::{current_thread, enumerate, main_thread};
/// use std::sync::mpsc;
///
/// let (suelta, espera) = mpsc::channel::<()>();
/// let mut hilo = Thread::new(move || espera.recv());
/// hilo.start()?;
/// let vivos = enumerate();
/// assert_eq!(vivos[0], main_thread());
/// assert!(vivos.contains(&current_thread()));
/// let quien = hilo.info().expect("ya ha arrancado");
/// assert!(vivos.contains(&quien));
///
/// suelta.send(()).unwrap();
/// hilo.join()?.unwrap();
/// assert!(!enumerate().contains(&quien));
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
pub fn enumerate() -> Vec<ThreadInfo> {
    let me = current_thread();
    let mut live = registry::live();
    // Falta si se está acabando y ya se dio de baja.
    if !live.contains(&me) {
        live.push(me);
    }
    live
}

/// Cuántos hilos vivos hay: los que daría [`enumerate`].
///
/// # En Python
///
/// `threading.active_count()`.
///
/// # Examples
///
/// ```
/// use concurrencia::thread::active_count;
///
/// assert!(active_count() >= 1); // el que llama, por lo menos
/// ```
pub fn active_count() -> usize {
    enumerate().len()
}
