//! El registro: qué hilos están vivos y cuál es el que ejecuta esta línea.
//!
//! Un hilo se da de alta en dos pasos: quien lo arranca llama a [`admit`], que lo apunta en el registro y en el bloque en
//! que esté; y el hilo, nada más empezar, llama a [`Entry::enter`]. Apuntarlo antes de que exista no deja hueco: un bloque
//! no puede cerrarse sin haberlo visto. La baja es sola, al acabar el hilo.
//!
//! Lo que un hilo que ya existía (el de un ejecutor) hace por encargo de otro se espera con un [`errand`](super::errand).

use std::cell::RefCell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::ThreadInfo;
use super::context::Context;
use super::is_main;
use super::roster::Roster;

/// Todos los vivos menos el principal, que lo está siempre.
static LIVE: Roster<ThreadInfo> = Roster::new();

/// Quién es el hilo, y el alta que hay que dar de baja cuando acabe (el principal no la tiene).
struct Me {
    info: ThreadInfo,
    _entry: Option<Entry>,
}

thread_local! {
    // En los hilos del crate es lo primero que se crea, y lo primero que se crea es lo último que se suelta: mientras el
    // hilo pueda escribir algo (el `Drop` de otro `thread_local!`, por ejemplo), sigue en el registro.
    static ME: RefCell<Option<Me>> = const { RefCell::new(None) };
}

/// Un hilo dado de alta. Al soltarse, acabe o no llegue a empezar, se da de baja.
#[derive(Debug)]
pub(crate) struct Entry {
    info: ThreadInfo,
    context: Context,
}

/// Da de alta un hilo que se va a arrancar desde aquí: lo espera el bloque en que se esté, salvo si es un demonio.
pub(crate) fn admit(name: &str, daemon: bool) -> Entry {
    Entry::new(name, Context::current().with_daemon(daemon))
}

impl Entry {
    fn new(name: &str, context: Context) -> Entry {
        let info = ThreadInfo::new(name, context.is_daemon());
        LIVE.enter(info.ident(), info.clone());
        context.join(info.ident(), info.shared_name());
        Entry { info, context }
    }

    pub(crate) fn info(&self) -> &ThreadInfo {
        &self.info
    }

    /// Es el hilo que llama, hasta que acabe. Lo que él arranque es del mismo bloque.
    pub(crate) fn enter(self) {
        self.info.is_me();
        let context = self.context.clone();
        let me = Me {
            info: self.info.clone(),
            _entry: Some(self),
        };
        // Si ya estaba como ajeno, aquella alta se suelta (fuera del préstamo).
        let _before = ME.try_with(|slot| slot.replace(Some(me)));
        context.settle();
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let id = self.info.ident();
        LIVE.leave(id);
        self.info.end();
        // Lo último: al cerrarse un bloque, los suyos ya no constan en ninguna parte.
        self.context.leave(id);
    }
}

/// El hilo que llama. A uno ajeno lo da de alta, como demonio y hasta que acabe.
pub(super) fn current() -> ThreadInfo {
    let known = ME.try_with(|slot| slot.borrow().as_ref().map(|me| me.info.clone()));
    if let Ok(Some(info)) = known {
        return info;
    }
    let me = discover();
    let info = me.info.clone();
    let _ = ME.try_with(|slot| slot.replace(Some(me)));
    info
}

/// Cómo se llama el hilo que llama, sin darlo de alta si es ajeno.
pub(crate) fn current_name() -> String {
    let known = ME.try_with(|slot| slot.borrow().as_ref().map(|me| me.info.name().to_owned()));
    match (known, thread::current().name()) {
        (Ok(Some(name)), _) => name,
        _ if is_main() => main().name().to_owned(),
        (_, Some(name)) => name.to_owned(),
        _ => "hilo sin nombre".to_owned(),
    }
}

/// ¿Es `info` el hilo que llama?
pub(super) fn is_current(info: &ThreadInfo) -> bool {
    ME.try_with(|slot| slot.borrow().as_ref().is_some_and(|me| me.info == *info))
        .unwrap_or(false)
}

/// El principal.
pub(super) fn main() -> ThreadInfo {
    static MAIN: OnceLock<ThreadInfo> = OnceLock::new();
    MAIN.get_or_init(ThreadInfo::main).clone()
}

/// Los vivos: el principal, y los demás por orden de arranque.
pub(super) fn live() -> Vec<ThreadInfo> {
    let mut live = LIVE.list();
    live.insert(0, main());
    live
}

fn discover() -> Me {
    if is_main() {
        return Me {
            info: main(),
            _entry: None,
        };
    }
    let name = thread::current().name().map_or_else(dummy, str::to_owned);
    // Ningún bloque espera a un hilo del que no se sabe cuándo ni desde dónde se arrancó: es un demonio.
    let entry = Entry::new(&name, Context::current().with_daemon(true));
    entry.info.is_me();
    Me {
        info: entry.info.clone(),
        _entry: Some(entry),
    }
}

fn dummy() -> String {
    static SEEN: AtomicUsize = AtomicUsize::new(0);
    format!("Dummy-{}", SEEN.fetch_add(1, Ordering::Relaxed) + 1)
}
