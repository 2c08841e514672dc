//! `Group`: varias tareas que se esperan juntas, y la fila de las que han ido acabando.

use std::sync::Arc;
use std::task::{Context, Poll};

use crossbeam::queue::SegQueue;
use futures_util::task::AtomicWaker;

use super::current::AnyTask;

/// La fila de las que han acabado; espera uno solo.
pub(super) struct Group {
    /// ¿Se hace cargo de los fallos, o los verá quien tenga las tareas?
    hushed: bool,
    ended: SegQueue<Ended>,
    waker: AtomicWaker,
}

/// La que ha acabado.
#[derive(Clone, Copy)]
pub(super) struct Ended {
    /// Qué lugar ocupa entre ellas.
    pub(super) index: usize,
    /// ¿Ha sido por un pánico o una cancelación?
    pub(super) failed: bool,
}

impl Group {
    pub(super) fn new(hushed: bool) -> Arc<Group> {
        Arc::new(Group {
            hushed,
            ended: SegQueue::new(),
            waker: AtomicWaker::new(),
        })
    }

    pub(super) fn is_hushed(&self) -> bool {
        self.hushed
    }

    /// Ha acabado una.
    pub(super) fn ended(&self, index: usize, failed: bool) {
        self.ended.push(Ended { index, failed });
        self.waker.wake();
    }

    /// Se entera de cuándo acaba una tarea que no se puso en marcha con este grupo.
    pub(super) fn watch(self: &Arc<Self>, task: &Arc<dyn AnyTask>, index: usize) {
        let (group, watched) = (Arc::clone(self), Arc::clone(task));
        task.core().on_end(Box::new(move || {
            let failed = watched.core().has_failed(group.hushed);
            group.ended(index, failed);
        }));
    }

    /// La siguiente que haya acabado.
    pub(super) fn poll_ended(&self, context: &mut Context<'_>) -> Poll<Ended> {
        if let Some(ended) = self.ended.pop() {
            return Poll::Ready(ended);
        }
        self.waker.register(context.waker());
        // Puede haber acabado una entre que se miró y se dejó dicho a quién despertar.
        match self.ended.pop() {
            Some(ended) => Poll::Ready(ended),
            None => Poll::Pending,
        }
    }
}
