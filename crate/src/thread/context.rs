//! Lo que heredan los hilos que se arranquen aquí: el bloque que los espera y si son demonios.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Instant;

use super::roster::Roster;

/// A quiénes espera un [`Block`](super::Block): sus nombres. Lo que entra en uno entra también en los que lo rodean.
#[derive(Debug)]
pub(super) struct Gathering {
    present: Roster<Arc<str>>,
    around: Option<Arc<Gathering>>,
}

impl Gathering {
    fn enter(&self, id: u64, name: &Arc<str>) {
        self.present.enter(id, Arc::clone(name));
        if let Some(around) = &self.around {
            around.enter(id, name);
        }
    }

    fn leave(&self, id: u64) {
        self.present.leave(id);
        if let Some(around) = &self.around {
            around.leave(id);
        }
    }

    /// Espera a que se vayan todos y dice quiénes quedan al acabarse el plazo.
    pub(super) fn wait_empty(&self, deadline: Option<Instant>) -> Vec<Arc<str>> {
        self.present.wait_empty(deadline)
    }
}

/// Dónde se está: en qué bloque, y si en un hilo demonio.
#[derive(Clone, Debug)]
pub(super) struct Context {
    block: Option<Arc<Gathering>>,
    daemon: bool,
}

thread_local! {
    static CONTEXT: RefCell<Context> = const {
        RefCell::new(Context {
            block: None,
            daemon: false,
        })
    };
}

impl Context {
    /// El del hilo que llama.
    pub(super) fn current() -> Context {
        let current = CONTEXT.try_with(|context| context.borrow().clone());
        // Solo falla en un hilo que se está acabando: lo que arranque entonces no es de nadie.
        current.unwrap_or(Context {
            block: None,
            daemon: false,
        })
    }

    pub(super) fn with_daemon(self, daemon: bool) -> Context {
        Context { daemon, ..self }
    }

    /// El mismo dentro de un bloque nuevo, y a quiénes habrá que esperar.
    pub(super) fn in_new_block(self) -> (Context, Arc<Gathering>) {
        let gathering = Arc::new(Gathering {
            present: Roster::new(),
            around: self.block,
        });
        let context = Context {
            block: Some(Arc::clone(&gathering)),
            daemon: self.daemon,
        };
        (context, gathering)
    }

    pub(super) fn is_daemon(&self) -> bool {
        self.daemon
    }

    /// El bloque que espera a lo que se ponga en marcha aquí, si lo hay: a los demonios no los espera nadie.
    pub(super) fn waiting(&self) -> Option<&Arc<Gathering>> {
        self.block.as_ref().filter(|_| !self.daemon)
    }

    /// Da de alta algo en el bloque que lo espera.
    pub(super) fn join(&self, id: u64, name: &Arc<str>) {
        if let Some(gathering) = self.waiting() {
            gathering.enter(id, name);
        }
    }

    /// Lo da de baja.
    pub(super) fn leave(&self, id: u64) {
        if let Some(gathering) = self.waiting() {
            gathering.leave(id);
        }
    }

    /// Lo pone en el hilo que llama hasta que se suelte el guard.
    pub(super) fn enter(self) -> Inside {
        let before = CONTEXT.try_with(|context| context.replace(self)).ok();
        Inside { before }
    }

    /// Lo pone en el hilo que llama hasta que acabe.
    pub(super) fn settle(self) {
        // Lo que se quita se suelta fuera del préstamo.
        let _before = CONTEXT.try_with(|context| context.replace(self));
    }
}

/// Devuelve al hilo su contexto de antes al soltarse.
#[derive(Debug)]
pub(super) struct Inside {
    before: Option<Context>,
}

impl Drop for Inside {
    fn drop(&mut self) {
        if let Some(before) = self.before.take() {
            before.settle();
        }
    }
}
