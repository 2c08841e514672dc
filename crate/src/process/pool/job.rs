//! Un encargo: las tareas de una llamada al pool y lo que va llegando de ellas.

use std::ops::Range;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::board::{Board, Noted};
use super::dispatcher::Mailbox;
use crate::panic;
use crate::process::channel::{Message, Wait};
use crate::process::error::{Cause, ProcessError};
use crate::process::function::{Describe, Portable};
use crate::process::ledger::Header;
use crate::process::message::{self, MessageError, Outgoing, Output};
use crate::process::worker::Item;
use crate::sealed::Sealed;
use crate::timeline::{self, FunctionName, Label, NOTHING, State as Doing};

/// Los argumentos, ya escritos, de varias tareas seguidas de un mismo encargo.
pub(super) struct Chunk {
    pub(super) job: Arc<Job>,
    /// El número con el que el pool conoce la función.
    pub(super) function: u32,
    pub(super) describe: Describe,
    /// Cómo se llaman sus tareas en la línea de tiempo.
    title: Title,
    /// El número, dentro del encargo, de la primera.
    first: usize,
    /// Cada tarea, tal como va en un lote: su [`Item`] y sus argumentos.
    tasks: Output,
    /// Dónde acaban los bytes y los descriptores de cada una.
    ends: Vec<(usize, usize)>,
    /// El número, en la línea de tiempo, de las que se encargaron durante una captura.
    objects: Vec<u64>,
}

/// El nombre, en la línea de tiempo, de las tareas de un encargo: el de la función y, contando desde `start`, su número;
/// sin número si es 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Title {
    pub(super) name: FunctionName,
    pub(super) start: usize,
}

impl Title {
    fn label(self, number: usize) -> Label {
        match self.start {
            0 => (self.name)().into(),
            start => Label::numbered((self.name)(), start + number),
        }
    }
}

impl Chunk {
    pub(super) fn new(
        job: &Arc<Job>,
        function: u32,
        describe: Describe,
        title: Title,
        first: usize,
    ) -> Chunk {
        Chunk {
            job: Arc::clone(job),
            function,
            describe,
            title,
            first,
            tasks: Output::default(),
            ends: Vec::new(),
            objects: Vec::new(),
        }
    }

    /// Añade una tarea.
    pub(super) fn push(&mut self, args: &dyn Outgoing) -> Result<(), MessageError> {
        let Output { bytes, handles } = &mut self.tasks;
        let (start, first) = (bytes.len(), handles.len());
        bytes.extend_from_slice(&[0; Item::SIZE]);
        if let Err(error) = message::encode(args, &mut self.tasks) {
            self.tasks.bytes.truncate(start);
            return Err(error);
        }
        let Output { bytes, handles } = &mut self.tasks;
        let item = Item {
            function: self.function,
            handles: (handles.len() - first) as u32,
            len: (bytes.len() - start - Item::SIZE) as u32,
        };
        bytes[start..start + Item::SIZE].copy_from_slice(&item.to_bytes());
        self.ends.push((bytes.len(), handles.len()));
        Ok(())
    }

    /// La última tarea que se ha añadido entra en la cola de un pool.
    pub(super) fn submit(&mut self, queue: &timeline::Queue) {
        let last = self.len() - 1;
        let label = || self.title.label(self.number(last));
        let object = timeline::submit(Some(queue), label);
        self.objects.resize(last, NOTHING);
        self.objects.push(object);
    }

    /// Sus tareas salen de la cola: ya no las va a hacer nadie.
    pub(super) fn unqueue(&self) {
        for &object in &self.objects {
            timeline::signal(object);
        }
    }

    fn object(&self, index: usize) -> u64 {
        self.objects.get(index).copied().unwrap_or(NOTHING)
    }

    /// La tarea `index` en la línea de tiempo.
    pub(super) fn noted(&self, index: usize) -> Noted {
        Noted {
            object: self.object(index),
            job: self.job.object,
            label: self.title.label(self.number(index)),
        }
    }

    /// Cuántas tareas tiene.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Lo que ocupan los argumentos de todas.
    pub(super) fn size(&self) -> usize {
        self.tasks.bytes.len()
    }

    /// El número, dentro del encargo, de la tarea `index` de estas.
    pub(super) fn number(&self, index: usize) -> usize {
        self.first + index
    }

    /// Las tareas `tasks`, tal como van en un lote, y sus descriptores.
    pub(super) fn wire(&self, tasks: Range<usize>) -> (&[u8], &[OwnedFd]) {
        let end = |count: usize| count.checked_sub(1).map_or((0, 0), |last| self.ends[last]);
        let ((from, first), (to, last)) = (end(tasks.start), end(tasks.end));
        (
            &self.tasks.bytes[from..to],
            &self.tasks.handles[first..last],
        )
    }

    /// Una tarea que no se ha hecho, y por qué.
    pub(super) fn fail(&self, index: usize, error: ProcessError) {
        let (task, handles) = self.wire(index..index + 1);
        // Leer los argumentos es ejecutar código de quien los definió.
        let argument = panic::catch(|| (self.describe)(&task[Item::SIZE..], handles));
        let argument = argument.unwrap_or_else(|_| "(no se puede leer)".to_owned());
        let error = error.with_argument(argument);
        self.job.deliver(Segment::failed(self.number(index), error));
    }

    /// Una tarea que ya no va a hacer nadie: [falla](Chunk::fail) y sale de la cola.
    pub(super) fn abandon(&self, index: usize, error: ProcessError) {
        if self.object(index) != NOTHING {
            timeline::signal(self.object(index));
        }
        self.fail(index, error);
    }

    /// Encarga sus tareas al despachador; si ya no las acepta, fallan aquí mismo.
    pub(super) fn send(self, mailbox: &Mailbox, chunksize: usize) {
        if self.len() == 0 {
            return;
        }
        if let Err(chunk) = mailbox.run(Arc::new(self), chunksize) {
            for task in 0..chunk.len() {
                chunk.abandon(task, Cause::PoolClosed.into());
            }
        }
    }
}

/// Lo que ha llegado de una o varias tareas seguidas.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) first: usize,
    pub(super) count: usize,
    pub(super) outcome: Outcome,
}

#[derive(Debug)]
pub(super) enum Outcome {
    /// Entradas del libro, todas bien, tal como las apuntó el trabajador.
    Entries(Vec<u8>),
    /// Un resultado que no cabía en el libro; su primer byte es el estado.
    Apart(Message),
    Failed(ProcessError),
}

impl Segment {
    pub(super) fn failed(first: usize, error: ProcessError) -> Segment {
        Segment {
            first,
            count: 1,
            outcome: Outcome::Failed(error),
        }
    }

    /// El resultado que empieza en el byte `start`, y dónde acaba; nada si no queda ninguno.
    pub(super) fn at(&self, start: usize) -> Option<(Raw<'_>, usize)> {
        match &self.outcome {
            Outcome::Entries(entries) => {
                let (header, bytes) = Header::split(&entries[start..])?;
                let (result, rest) = bytes.split_at(header.len);
                Some((Ok((result, &[])), entries.len() - rest.len()))
            }
            _ if start > 0 => None,
            Outcome::Apart(message) => Some((Ok((&message.body[1..], &message.handles)), 1)),
            Outcome::Failed(error) => Some((Err(error.clone()), 1)),
        }
    }
}

/// Un resultado sin leer: sus bytes y sus descriptores, o por qué no lo hay.
pub(super) type Raw<'a> = Result<(&'a [u8], &'a [OwnedFd]), ProcessError>;

/// Lee un resultado.
pub(super) fn value_of<R: Portable>(raw: Raw<'_>) -> Result<R, ProcessError> {
    let (bytes, handles) = raw?;
    message::decode(bytes, handles).map_err(unreadable)
}

fn unreadable(error: MessageError) -> ProcessError {
    Cause::Unreadable(error).into()
}

/// Un encargo. Lo comparten quien espera sus resultados y el despachador que los trae.
pub(super) struct Job {
    /// Su número en la línea de tiempo: lo que espera quien espera sus resultados.
    pub(super) object: u64,
    progress: Sealed<Progress>,
}

struct Progress {
    state: Mutex<State>,
    changed: Condvar,
}

/// Lo que se hace cuando han llegado todos los resultados de un encargo.
pub(super) type Callback = Box<dyn FnOnce() + Send>;

pub(super) struct State {
    /// En el orden en que han ido llegando.
    pub(super) arrived: Vec<Segment>,
    /// De cuántas tareas ha llegado algo.
    pub(super) delivered: usize,
    /// Cuántas son, cuando ya se sabe.
    expected: Option<usize>,
    /// ¿Hay que avisar de cada llegada, o solo de la última?
    streaming: bool,
    /// Lo que hay que hacer cuando haya llegado todo.
    callbacks: Vec<Callback>,
    /// De quién es lo último que ha llegado, si hay una captura abierta.
    last: Option<Arc<Board>>,
}

impl State {
    /// Cuántas tareas son, cuando ya se sabe.
    pub(super) fn expected(&self) -> Option<usize> {
        self.expected
    }

    pub(super) fn is_complete(&self) -> bool {
        self.expected == Some(self.delivered)
    }

    /// Pasa a `each` lo que ha llegado de cada tarea, en su orden.
    pub(super) fn read(&self, each: &mut dyn FnMut(Raw<'_>)) {
        let mut order: Vec<&Segment> = self.arrived.iter().collect();
        order.sort_unstable_by_key(|segment| segment.first);
        for segment in order {
            let mut start = 0;
            while let Some((raw, end)) = segment.at(start) {
                each(raw);
                start = end;
            }
        }
    }
}

impl Job {
    /// Un encargo del que aún no se sabe cuántas tareas tiene.
    pub(super) fn new(streaming: bool) -> Arc<Job> {
        let object = if timeline::is_on() {
            timeline::next_object()
        } else {
            NOTHING
        };
        Arc::new(Job {
            object,
            progress: Sealed::new(Progress {
                state: Mutex::new(State {
                    arrived: Vec::new(),
                    delivered: 0,
                    expected: None,
                    streaming,
                    callbacks: Vec::new(),
                    last: None,
                }),
                changed: Condvar::new(),
            }),
        })
    }

    /// Ya se sabe cuántas tareas tiene.
    pub(super) fn expect(&self, count: usize) {
        let mut state = self.lock();
        state.expected = Some(count);
        self.announce(state, true);
    }

    /// Lo que va a llegar es de ese trabajador.
    pub(super) fn credit(&self, board: Option<&Arc<Board>>) {
        if let Some(board) = board {
            self.lock().last = Some(Arc::clone(board));
        }
    }

    /// Ejecuta `f` en nombre de quien trajo lo último: en la línea de tiempo, los avisos son suyos.
    pub(super) fn on_behalf(&self, f: &mut dyn FnMut()) {
        let last = self.lock().last.clone();
        match last {
            Some(board) => board.remote.on_behalf(f),
            None => f(),
        }
    }

    /// Ha llegado algo.
    pub(super) fn deliver(&self, segment: Segment) {
        let mut state = self.lock();
        state.delivered += segment.count;
        state.arrived.push(segment);
        let each = state.streaming;
        self.announce(state, each);
    }

    fn announce(&self, mut state: MutexGuard<'_, State>, each: bool) {
        let complete = state.is_complete();
        if each || complete {
            self.progress.changed.notify_all();
        }
        if complete && !state.callbacks.is_empty() {
            let callbacks = std::mem::take(&mut state.callbacks);
            drop(state);
            for callback in callbacks {
                callback();
            }
        }
    }

    /// Encarga `callback`, que no tarda, para cuando haya llegado todo; si ya ha llegado, lo ejecuta ahora.
    ///
    /// Se ejecuta en el hilo que trae lo último: casi siempre, el despachador.
    pub(super) fn on_complete(&self, callback: Callback) {
        let mut state = self.lock();
        if state.is_complete() {
            drop(state);
            return callback();
        }
        state.callbacks.push(callback);
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.progress
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Espera a que `ready` sea cierto, o a que se pase el plazo; `what` es lo que se espera.
    pub(super) fn wait_until(
        &self,
        wait: Wait,
        what: &'static str,
        ready: &dyn Fn(&State) -> bool,
    ) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        let mut _waiting = None;
        while !ready(&state) {
            if !wait.is_over() {
                let note = || timeline::waiting(Doing::Wait, self.object, || what.into());
                _waiting.get_or_insert_with(note);
            }
            state = match wait.left() {
                None => self
                    .progress
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(left) if left.is_zero() => break,
                Some(left) => {
                    let waited = self.progress.changed.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        state
    }
}
