//! Quién es cada hilo: un número para apuntarlo deprisa y un nombre para contarlo.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

use super::waits::{NOBODY, Who};

/// Los hilos vivos que han usado alguna pieza.
static THREADS: Mutex<BTreeMap<Who, Thread>> = Mutex::new(BTreeMap::new());

thread_local! {
    // Sin destructor y con valor constante: mirarlo es leer una variable.
    static ME: Cell<Who> = const { Cell::new(NOBODY) };

    static ENTRY: Entry = const { Entry };
}

/// Borra al hilo de la lista cuando acaba.
struct Entry;

impl Drop for Entry {
    fn drop(&mut self) {
        threads().remove(&ME.get());
    }
}

/// El número de este hilo. Ningún otro lo tiene ni lo tendrá.
#[inline]
pub(super) fn me() -> Who {
    match ME.get() {
        NOBODY => enroll(),
        me => me,
    }
}

#[cold]
fn enroll() -> Who {
    static ENROLLED: AtomicU64 = AtomicU64::new(NOBODY);
    let me = ENROLLED.fetch_add(1, Ordering::Relaxed) + 1;
    ME.set(me);
    // Si el hilo está acabando ya no se puede apuntar, y hará falta poco.
    if ENTRY.try_with(|_| ()).is_ok() {
        threads().insert(me, thread::current());
    }
    me
}

/// Cómo se llama el hilo con ese número: «el hilo «Thread-1»».
pub(super) fn describe(who: Who) -> String {
    match threads().get(&who).map(Thread::name) {
        Some(Some(name)) => format!("el hilo «{name}»"),
        Some(None) => format!("el hilo «hilo {who}»"),
        None => "un hilo que ya ha acabado".to_owned(),
    }
}

fn threads() -> MutexGuard<'static, BTreeMap<Who, Thread>> {
    THREADS.lock().unwrap_or_else(PoisonError::into_inner)
}
