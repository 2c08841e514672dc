//! `Condvar`: esperar a que otro avise.

use std::fmt;
use std::sync::{LockResult, Mutex, MutexGuard as StdGuard, PoisonError};

use super::MutexGuard;
use crate::engine::{Label, Waiters, Waiting, is_unwinding, me, note, point, wait_for};

/// La [`std::sync::Condvar`] de los programas que se exploran.
///
/// Se usa igual, sin las esperas con plazo (aquí el tiempo no pasa). Un aviso que no espera nadie se pierde, y el
/// informe lo dice; a cuál de los que esperan despierta `notify_one` es uno de los órdenes que se recorren. Nadie
/// despierta sin aviso, aunque en std pueda pasar.
///
/// # En Python
///
/// `threading.Condition()`.
///
/// # A pelo
///
/// [`std::sync::Condvar`].
///
/// # Examples
///
/// ```
/// use explore::explore;
/// use explore::sync::{Arc, Condvar, Mutex};
/// use explore::thread;
///
/// let informe = explore(|| {
///     let par = Arc::new((Mutex::new(false), Condvar::new()));
///     let otro = Arc::clone(&par);
///     let hilo = thread::spawn(move || {
///         *otro.0.lock().unwrap() = true;
///         otro.1.notify_one();
///     });
///     let listo = par.1.wait_while(par.0.lock().unwrap(), |listo| !*listo).unwrap();
///     assert!(*listo);
///     drop(listo);
///     hilo.join().unwrap();
/// });
/// assert!(informe.is_ok(), "{informe}");
/// ```
pub struct Condvar {
    label: Label,
    waiting: Mutex<Pending>,
    queue: Waiters,
}

/// Quién espera, y los avisos dados que aún no ha recogido nadie: cada uno es para uno de los que esperaban.
#[derive(Debug, Default)]
struct Pending {
    threads: Vec<usize>,
    notices: Vec<Vec<usize>>,
}

impl Pending {
    /// Recoge un aviso que sea para `thread`, si lo hay.
    fn take(&mut self, thread: usize) -> Option<()> {
        let at = self
            .notices
            .iter()
            .position(|notice| notice.contains(&thread))?;
        self.notices.remove(at);
        self.threads.retain(|other| *other != thread);
        for notice in &mut self.notices {
            notice.retain(|other| *other != thread);
        }
        self.notices.retain(|notice| !notice.is_empty());
        Some(())
    }
}

impl Condvar {
    /// Una condición a la que no espera nadie.
    pub fn new() -> Condvar {
        Condvar {
            label: Label::next("Condvar"),
            waiting: Mutex::default(),
            queue: Waiters::new(),
        }
    }

    /// El nombre con el que sale en el informe, en vez de «Condvar A».
    #[must_use = "with_name devuelve la condición con su nombre"]
    pub fn with_name(mut self, name: impl Into<String>) -> Condvar {
        self.label.rename(name);
        self
    }

    /// Suelta el cerrojo, espera un aviso y vuelve a cogerlo.
    ///
    /// # Errors
    ///
    /// Si un pánico dejó envenenado el cerrojo.
    pub fn wait<'a, T: ?Sized>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        if !point() {
            return Ok(guard);
        }
        let (me, mutex) = (me(), guard.mutex());
        self.waiting().threads.push(me);
        note(|_, story| {
            let (mutex, here) = (mutex.shown(story), self.label.shown(story));
            format!("suelta {mutex} y espera un aviso en {here}")
        });
        guard.leave_at_once();
        let mut what = String::new();
        crate::engine::with(|run| {
            run.tell(|story| what = format!("un aviso en {}", self.label.shown(story)));
        });
        wait_for(Waiting::For(what), || self.waiting().take(me), &self.queue);
        note(|_, story| format!("recibe el aviso de {}", self.label.shown(story)));
        mutex.lock()
    }

    /// Espera avisos hasta que `condition` deje de cumplirse.
    ///
    /// # Errors
    ///
    /// Si un pánico dejó envenenado el cerrojo.
    pub fn wait_while<'a, T: ?Sized>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut guard) && !is_unwinding() {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// Avisa a uno de los que esperan.
    pub fn notify_one(&self) {
        if !point() {
            return;
        }
        let threads = self.waiting().threads.clone();
        let nobody = threads.is_empty();
        if !nobody {
            self.waiting().notices.push(threads);
        }
        self.notified(nobody, "a uno de los que esperan");
    }

    /// Avisa a todos los que esperan.
    pub fn notify_all(&self) {
        if !point() {
            return;
        }
        let threads = self.waiting().threads.clone();
        let nobody = threads.is_empty();
        self.waiting()
            .notices
            .extend(threads.into_iter().map(|thread| vec![thread]));
        self.notified(nobody, "a todos los que esperan");
    }

    fn notified(&self, nobody: bool, whom: &str) {
        note(|_, story| {
            let here = self.label.shown(story);
            match nobody {
                true => format!("avisa en {here}, pero no espera nadie: el aviso se pierde"),
                false => format!("avisa en {here} {whom}"),
            }
        });
        self.queue.wake_all();
    }

    fn waiting(&self) -> StdGuard<'_, Pending> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Condvar {
    fn default() -> Self {
        Condvar::new()
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.waiting().threads.len();
        write!(f, "Condvar({}, {waiting} esperando)", self.label.short())
    }
}
