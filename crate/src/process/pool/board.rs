//! `Board`: lo que un trabajador del pool tiene entre manos, visto en la línea de tiempo.
//!
//! El trabajador apunta en su libro cuándo empieza y cuándo acaba cada tarea; de pasarlo a su carril se encarga este
//! proceso, que es quien sabe cuál es cada una. Así no viaja nada por tarea, y lo que hizo uno que murió no se pierde.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::process::ledger::Ledger;
use crate::timeline::{self, Label, Remote, Reporter};

/// El carril de un trabajador y lo que falta por apuntar en él.
pub(super) struct Board {
    pub(super) remote: Remote,
    ledger: Arc<Ledger>,
    batch: Mutex<Option<Batch>>,
}

/// El lote que se le dio durante una captura.
struct Batch {
    tasks: Vec<Noted>,
    /// Cuántas se han apuntado ya, empezadas y acabadas.
    begun: usize,
    ended: usize,
    epoch: u64,
}

/// Una tarea en la línea de tiempo.
pub(super) struct Noted {
    pub(super) object: u64,
    /// El número de su encargo.
    pub(super) job: u64,
    pub(super) label: Label,
}

impl Board {
    pub(super) fn new(name: &str, ledger: &Arc<Ledger>) -> Arc<Board> {
        let board = Arc::new(Board {
            remote: Remote::new(name),
            ledger: Arc::clone(ledger),
            batch: Mutex::new(None),
        });
        let weak = Arc::downgrade(&board);
        timeline::ask_before_closing(weak);
        board
    }

    /// Se le va a dar un lote con esas tareas.
    pub(super) fn start(&self, tasks: Vec<Noted>) {
        *self.batch.lock() = Some(Batch {
            tasks,
            begun: 0,
            ended: 0,
            epoch: timeline::epoch(),
        });
    }

    /// Ha acabado con el lote.
    pub(super) fn finish(&self) {
        self.report();
        *self.batch.lock() = None;
    }

    /// Ha muerto: lo que estuviera haciendo acaba ahora.
    pub(super) fn die(&self) {
        self.report();
        let Some(batch) = self.batch.lock().take() else {
            return;
        };
        if batch.begun > batch.ended
            && let Some((began, _)) = self.ledger.times(batch.ended)
        {
            let now = timeline::now();
            self.remote.ended(began, now, true);
            self.remote.signal(now, batch.tasks[batch.ended].job);
        }
    }
}

impl Reporter for Board {
    fn report(&self) {
        let mut batch = self.batch.lock();
        let Some(batch) = &mut *batch else { return };
        if batch.epoch != timeline::epoch() {
            // La que siga en marcha también está en la captura nueva.
            batch.epoch = timeline::epoch();
            batch.begun = batch.ended;
        }
        while let Some(task) = batch.tasks.get(batch.ended)
            && let Some((began, ended)) = self.ledger.times(batch.ended)
        {
            if batch.begun == batch.ended {
                batch.begun += 1;
                self.remote.began(began, task.object, task.label.clone());
            }
            let Some((at, panicked)) = ended else { break };
            batch.ended += 1;
            self.remote.ended(began, at, panicked);
            self.remote.signal(at, task.job);
        }
    }
}
