//! Quién espera qué: el grafo que descubre un interbloqueo antes de que cuelgue a nadie.
//!
//! Cada cerrojo tiene un [`Node`] donde se apunta su dueño, y [`Waits`] guarda qué cerrojo espera cada hilo que se va a
//! bloquear sin plazo. Antes de bloquearse, un hilo sigue la cadena: el dueño de lo que pido, lo que espera ese dueño,
//! el dueño de eso… Si llega a sí mismo, nadie de la cadena puede avanzar, y en vez de cerrarla se va con un error.
//!
//! No sabe qué es un cerrojo: se le dice cómo probar a cogerlo y cómo bloquearse hasta tenerlo.
//!
//! # Por qué no se le escapa ninguno, ni acusa a nadie en falso
//!
//! Las reglas del protocolo:
//!
//! 1. El dueño se apunta *después* de coger el cerrojo y se borra *antes* de soltarlo, y solo lo escribe quien lo tiene.
//! 2. La espera se apunta antes de bloquearse, en la misma sección crítica en que se ha visto que no cierra ninguna
//!    cadena; se borra después de coger el cerrojo, en la misma sección crítica en que se apunta el dueño.
//! 3. Solo se apunta quien espera sin plazo. Quien lo tiene acaba soltando por su cuenta, así que corta la cadena.
//!
//! Un hilo con la espera apuntada está *congelado* mientras otro recorre el grafo: o está bloqueado, o quiere entrar en
//! la sección crítica para borrarla. Hasta entonces ni suelta ni coge nada más.
//!
//! **No se escapa ninguno.** En un círculo de hilos bloqueados, alguno apuntó su espera el último. Los demás ya tenían
//! apuntada la suya, y cada uno se había apuntado como dueño de lo que tiene antes que eso (regla 1 y orden del
//! programa). El cerrojo del grafo hace que el último lo vea todo: la cadena entera, hasta él.
//!
//! **No acusa en falso.** Si la cadena vuelve a quien la recorre, cada uno de sus hilos está congelado, y el dueño que se
//! lee es el de verdad: lo último que ese hilo escribió en el cerrojo lo escribió antes de apuntar su espera, y no se
//! puede leer nada anterior. Así que cada uno tiene de verdad lo que espera el de atrás; por tanto ninguno tiene aún lo
//! que espera, ni lo tendrá mientras no suelte el de delante, que tampoco puede. Y quien la recorre iba a bloquearse.
//!
//! **Acaba siempre.** Un círculo en el que no está quien recorre lo habría cerrado alguien, y ese se fue con el error. De
//! todos modos, una cadena no tiene más eslabones que hilos bloqueados, y no se dan más pasos.
//!
//! Por eso bastan escrituras `Relaxed` del dueño: el orden lo ponen el cerrojo (entre dos dueños) y el del grafo (entre
//! un dueño que espera y quien lo mira). El camino sin contención no toca el grafo.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use crate::primitives::{
    Arc, AtomicU64, AtomicUsize, Mutex, MutexGuard, Ordering, address, signal,
};

/// El número de un hilo. Nunca se repite.
pub(super) type Who = u64;

/// El que no es de ningún hilo.
pub(super) const NOBODY: Who = 0;

/// Lo que se sabe de un cerrojo: quién lo tiene y cómo se llama.
#[derive(Debug)]
pub(super) struct Node<L> {
    owner: AtomicU64,
    /// Cuántos se han puesto a esperarlo y no lo tienen aún. Solo para contarlo: no ordena nada.
    waiting: AtomicUsize,
    label: L,
}

impl<L> Node<L> {
    pub(super) fn new(label: L) -> Node<L> {
        Node {
            owner: AtomicU64::new(NOBODY),
            waiting: AtomicUsize::new(0),
            label,
        }
    }

    pub(super) fn label(&self) -> &L {
        &self.label
    }

    /// Quién lo tiene, o [`NOBODY`]. Puede cambiar en cuanto se mira, salvo si es quien pregunta.
    pub(super) fn owner(&self) -> Who {
        self.owner.load(Ordering::Relaxed)
    }

    /// Apunta al dueño: justo después de coger el cerrojo.
    pub(super) fn taken_by(&self, me: Who) {
        self.owner.store(me, Ordering::Relaxed);
    }

    /// Borra al dueño: justo antes de soltar el cerrojo.
    pub(super) fn about_to_release(&self) {
        self.owner.store(NOBODY, Ordering::Relaxed);
        if self.waiting.load(Ordering::Relaxed) > 0 {
            signal(address(self));
        }
    }

    /// Quien llama se pone a esperarlo, hasta que suelte lo que esto da; `note` recibe el número del cerrojo.
    pub(super) fn waiting<N>(&self, note: impl FnOnce(u64) -> N) -> Waiting<'_, L, N> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting {
            node: self,
            _noted: note(address(self)),
        }
    }
}

/// Alguien espera un cerrojo.
pub(super) struct Waiting<'a, L, N> {
    node: &'a Node<L>,
    _noted: N,
}

impl<L, N> Drop for Waiting<'_, L, N> {
    fn drop(&mut self) {
        self.node.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Un eslabón: un hilo, y el cerrojo que espera.
#[derive(Debug)]
pub(super) struct Link<L> {
    pub(super) thread: Who,
    pub(super) waits_for: Arc<Node<L>>,
}

/// La cadena que se habría cerrado, desde quien lo descubre: lo que espera cada uno lo tiene el siguiente, y lo del
/// último lo tiene el primero.
#[derive(Debug)]
pub(super) struct Deadlock<L>(pub(super) Vec<Link<L>>);

/// Qué espera cada hilo bloqueado sin plazo.
#[derive(Debug)]
pub(super) struct Waits<L> {
    blocked: Mutex<BTreeMap<Who, Arc<Node<L>>>>,
}

impl<L> Waits<L> {
    pub(super) const fn new() -> Waits<L> {
        Waits {
            blocked: Mutex::new(BTreeMap::new()),
        }
    }

    /// Coge un cerrojo con `try_take`; si no puede, se bloquea en `take`, salvo que eso cierre un círculo.
    pub(super) fn acquire<G>(
        &self,
        me: Who,
        node: &Arc<Node<L>>,
        try_take: impl FnOnce() -> Option<G>,
        take: impl FnOnce() -> G,
    ) -> Result<G, Deadlock<L>> {
        if let Some(guard) = try_take() {
            node.taken_by(me);
            return Ok(guard);
        }
        self.about_to_block(me, node)?;
        let guard = take();
        let mut blocked = self.lock();
        blocked.remove(&me);
        node.taken_by(me);
        Ok(guard)
    }

    #[cold]
    fn about_to_block(&self, me: Who, node: &Arc<Node<L>>) -> Result<(), Deadlock<L>> {
        let mut blocked = self.lock();
        match chain(&blocked, me, node) {
            Some(links) => Err(Deadlock(links)),
            None => {
                blocked.insert(me, Arc::clone(node));
                Ok(())
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Who, Arc<Node<L>>>> {
        self.blocked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// La cadena que va de `me`, que quiere `node`, hasta `me` otra vez; nada si no llega.
fn chain<L>(
    blocked: &BTreeMap<Who, Arc<Node<L>>>,
    me: Who,
    node: &Arc<Node<L>>,
) -> Option<Vec<Link<L>>> {
    let mut links = vec![Link {
        thread: me,
        waits_for: Arc::clone(node),
    }];
    while links.len() <= blocked.len() + 1 {
        let owner = links.last()?.waits_for.owner();
        if owner == me {
            return Some(links);
        }
        links.push(Link {
            thread: owner,
            // Libre, o su dueño no espera nada: la cadena se acaba aquí.
            waits_for: Arc::clone(blocked.get(&owner)?),
        });
    }
    None
}
