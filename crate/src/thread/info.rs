//! `ThreadInfo`: quién es un hilo.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

use super::latch::Latch;

/// El número del hilo principal.
const MAIN: u64 = 1;

/// Quién es un hilo: su nombre, su número y si sigue vivo.
///
/// Es lo que dan [`current_thread`](super::current_thread), [`main_thread`](super::main_thread),
/// [`enumerate`](super::enumerate) y [`Thread::info`](crate::Thread::info). No es el hilo: guardarlo o soltarlo no le
/// hace nada, y sigue diciendo quién era cuando ya ha acabado. Un clon habla del mismo hilo, y dos son iguales si hablan
/// del mismo.
///
/// # En Python
///
/// El objeto `threading.Thread` que devuelven `threading.current_thread()` y compañía.
///
/// # A pelo
///
/// [`std::thread::Thread`], el que da [`std::thread::current`]: nombre e identificador; no sabe si sigue vivo.
///
/// # Examples
///
/// ```
/// use concurrencia::Thread;
/// use concurrencia::thread::current_thread;
///
/// let mut hilo = Thread::new(current_thread).with_name("descarga-3");
/// hilo.start()?;
/// let quien = hilo.join()?;
/// assert_eq!(quien.name(), "descarga-3");
/// assert!(!quien.is_daemon());
/// assert!(!quien.is_alive()); // ya ha acabado
/// assert_eq!(format!("{quien:?}"), "ThreadInfo(descarga-3, acabado)");
/// assert_ne!(quien, current_thread());
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
#[derive(Clone)]
pub struct ThreadInfo(Arc<Inner>);

struct Inner {
    name: Arc<str>,
    ident: u64,
    /// El número que le dio el sistema; 0 si aún no ha empezado a ejecutarse.
    native_id: AtomicU32,
    daemon: bool,
    end: Latch,
}

impl ThreadInfo {
    pub(super) fn new(name: &str, daemon: bool) -> ThreadInfo {
        ThreadInfo::numbered(next_ident(), name, daemon)
    }

    /// El principal, lo pregunte quien lo pregunte.
    pub(super) fn main() -> ThreadInfo {
        let main = ThreadInfo::numbered(MAIN, "MainThread", false);
        if cfg!(target_os = "linux") {
            // Allí el principal lleva el número del proceso.
            main.0
                .native_id
                .store(std::process::id(), Ordering::Relaxed);
        }
        main
    }

    fn numbered(ident: u64, name: &str, daemon: bool) -> ThreadInfo {
        ThreadInfo(Arc::new(Inner {
            name: name.into(),
            ident,
            native_id: AtomicU32::new(0),
            daemon,
            end: Latch::new(),
        }))
    }

    /// El nombre que tenía al arrancar.
    ///
    /// El principal es «MainThread». Un hilo que no creó este crate lleva el que le dio std o, si no le dio ninguno,
    /// «Dummy-1», «Dummy-2»…
    ///
    /// # En Python
    ///
    /// `hilo.name`.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Su número: único en el programa, no se repite aunque el hilo acabe. El del principal es 1.
    ///
    /// # En Python
    ///
    /// `hilo.ident`, que allí es una dirección de memoria y se repite.
    pub fn ident(&self) -> u64 {
        self.0.ident
    }

    /// El número que le dio el sistema, el que enseñan `top -H` o un depurador.
    ///
    /// Es `None` entre que se arranca y que de verdad empieza a ejecutarse, y siempre fuera de Linux. El sistema se lo
    /// puede dar a otro hilo cuando este acabe.
    ///
    /// # En Python
    ///
    /// `hilo.native_id`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::thread::{current_thread, main_thread};
    ///
    /// if cfg!(target_os = "linux") {
    ///     assert!(current_thread().native_id().is_some());
    ///     assert_eq!(main_thread().native_id(), Some(std::process::id()));
    /// }
    /// ```
    pub fn native_id(&self) -> Option<u32> {
        match self.0.native_id.load(Ordering::Relaxed) {
            0 => None,
            id => Some(id),
        }
    }

    /// ¿Es un demonio, de los que un [`Block`](super::Block) no espera?
    ///
    /// # En Python
    ///
    /// `hilo.daemon`.
    pub fn is_daemon(&self) -> bool {
        self.0.daemon
    }

    /// ¿Sigue vivo? Es una foto: un `true` puede dejar de serlo en cuanto la miras.
    ///
    /// # En Python
    ///
    /// `hilo.is_alive()`.
    pub fn is_alive(&self) -> bool {
        !self.0.end.is_open()
    }

    pub(super) fn shared_name(&self) -> &Arc<str> {
        &self.0.name
    }

    /// Apunta que es el hilo que llama.
    pub(super) fn is_me(&self) {
        #[cfg(target_os = "linux")]
        {
            let id = rustix::thread::gettid().as_raw_nonzero().get();
            self.0.native_id.store(id.unsigned_abs(), Ordering::Relaxed);
        }
    }

    /// Apunta que ha acabado.
    pub(super) fn end(&self) {
        self.0.end.open();
    }

    /// Espera a que acabe, o hasta `deadline`, y dice si ha acabado.
    pub(super) fn wait(&self, deadline: Option<Instant>) -> bool {
        self.0.end.wait(deadline)
    }
}

/// Un número que no tiene nadie.
pub(super) fn next_ident() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(MAIN + 1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl PartialEq for ThreadInfo {
    fn eq(&self, other: &ThreadInfo) -> bool {
        self.ident() == other.ident()
    }
}

impl Eq for ThreadInfo {}

impl Hash for ThreadInfo {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.ident().hash(state);
    }
}

/// `ThreadInfo(descarga-3, en marcha)`, y si lo es, `demonio`: cómo está en ese momento.
impl fmt::Debug for ThreadInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_alive() {
            "en marcha"
        } else {
            "acabado"
        };
        let daemon = if self.is_daemon() { ", demonio" } else { "" };
        write!(f, "ThreadInfo({}, {state}{daemon})", self.name())
    }
}
