//! De los sucesos apuntados a la traza: qué hacía cada carril en cada momento.
//!
//! Se recorren los sucesos por orden de tiempo. Cada carril lleva una pila con lo que ha empezado y no ha acabado; lo que
//! hace en cada momento es lo de encima, así que los tramos de un carril no pueden solaparse.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::event::{Event, Kind, LaneId, LaneKind, What};
use super::label::Label;
use super::recorder::{LaneInfo, Recorded};
use super::span::{Lane, Span, Task, Wake};
use super::{NOTHING, State};

/// Lo apuntado entre `from` y `to`, ordenado.
pub(super) struct Built {
    /// El carril de quien abrió la captura.
    pub(super) main: usize,
    pub(super) lanes: Vec<Lane>,
    pub(super) tasks: Vec<Task>,
    pub(super) events: usize,
}

pub(super) fn build(mut recorded: Recorded, from: u64, to: u64, main: LaneId) -> Built {
    recorded.events.retain(|event| event.at <= to);
    // Estable: los del mismo hilo siguen en su orden aunque el reloj no los distinga.
    recorded.events.sort_by_key(|event| event.at);
    let events = recorded
        .events
        .iter()
        .filter(|event| event.at >= from)
        .count();
    let mut builder = Builder::new(&recorded.lanes, from, to);
    for event in recorded.events {
        builder.take(event);
    }
    let main = builder.index.get(&main).copied();
    let (lanes, tasks, place) = builder.finish();
    Built {
        main: main.and_then(|main| place[main]).unwrap_or(0),
        lanes,
        tasks,
        events,
    }
}

struct Builder {
    from: u64,
    to: u64,
    index: HashMap<LaneId, usize>,
    lanes: Vec<Open>,
    tasks: Vec<Task>,
    /// Lo encargado que aún no ha empezado: su tarea y su cola.
    pending: HashMap<u64, Pending>,
    /// El último aviso de cada objeto.
    signals: HashMap<u64, Wake>,
    names: HashSet<Arc<str>>,
}

struct Pending {
    task: usize,
    queue: Option<usize>,
}

/// Un carril a medio construir.
struct Open {
    lane: Lane,
    stack: Vec<Frame>,
    /// Desde cuándo hace lo que hace.
    since: u64,
    /// En una cola, cuántas tareas tiene.
    depth: u32,
}

struct Frame {
    state: State,
    kind: Kind,
    name: Arc<str>,
    object: u64,
    start: u64,
    task: Option<usize>,
}

impl Builder {
    fn new(lanes: &[LaneInfo], from: u64, to: u64) -> Builder {
        let index = lanes.iter().map(|lane| lane.id).zip(0..).collect();
        let lanes = lanes.iter().map(|info| Open {
            lane: Lane {
                name: info.name.clone(),
                kind: info.kind,
                process: info.process.clone(),
                spans: Vec::new(),
            },
            stack: Vec::new(),
            since: from,
            depth: 0,
        });
        Builder {
            from,
            to,
            index,
            lanes: lanes.collect(),
            tasks: Vec::new(),
            pending: HashMap::new(),
            signals: HashMap::new(),
            names: HashSet::new(),
        }
    }

    fn take(&mut self, event: Event) {
        let Some(&lane) = self.index.get(&event.lane) else {
            return;
        };
        let at = event.at;
        match event.what {
            What::Begin {
                state,
                kind,
                label,
                object,
            } => self.begin(lane, at, state, kind, &label, object),
            What::End { began, failed } => self.end(lane, at, began, failed),
            What::Ready { by } => {
                let by = self.index.get(&by).copied();
                self.ready(lane, at, by);
            }
            What::Signal { object } => self.signal(lane, at, object),
            What::Submit {
                object,
                label,
                queue,
            } => {
                let queue = queue.and_then(|queue| self.index.get(&queue).copied());
                self.submit(lane, at, object, &label, queue);
            }
        }
    }

    fn begin(
        &mut self,
        lane: usize,
        at: u64,
        state: State,
        kind: Kind,
        label: &Label,
        object: u64,
    ) {
        self.emit(lane, at, None);
        let outer = self.lanes[lane].stack.last().and_then(|frame| frame.task);
        let (name, task) = match kind {
            Kind::Task => {
                let task = self.start_task(lane, at, label, object);
                (Arc::clone(&self.tasks[task].name), Some(task))
            }
            Kind::Span | Kind::Turn => (self.name(label), outer),
        };
        self.lanes[lane].stack.push(Frame {
            state,
            kind,
            name,
            object,
            start: at,
            task,
        });
    }

    /// La tarea que empieza: la que se encargó con ese número o, si nadie la encargó, una nueva.
    fn start_task(&mut self, lane: usize, at: u64, label: &Label, object: u64) -> usize {
        let start = Some(self.clip(at));
        if let Some(pending) = self.pending.remove(&object) {
            match pending.queue {
                Some(queue) => self.change_depth(queue, at, false),
                // Sin cola ajena, lo que tarda en arrancar se ve en su propio carril.
                None => self.show_queued(lane, at, pending.task),
            }
            let task = &mut self.tasks[pending.task];
            task.lane = Some(lane);
            task.start = start;
            return pending.task;
        }
        let name = self.name(label);
        self.tasks.push(Task {
            name,
            lane: Some(lane),
            queued: None,
            submitter: None,
            start,
            end: None,
            failed: false,
        });
        self.tasks.len() - 1
    }

    fn show_queued(&mut self, lane: usize, at: u64, task: usize) {
        let open = &mut self.lanes[lane];
        let free = open.lane.spans.last().map_or(0, |span| span.end);
        let (Some(queued), true) = (self.tasks[task].queued, open.stack.is_empty()) else {
            return;
        };
        let (start, end) = (queued.max(free), at.saturating_sub(self.from));
        if start < end {
            open.lane.spans.push(Span {
                start,
                end,
                state: State::Queued,
                name: Arc::clone(&self.tasks[task].name),
                task: Some(task),
                turn: false,
                count: 1,
                woken: None,
            });
        }
    }

    fn end(&mut self, lane: usize, at: u64, began: u64, failed: bool) {
        // Casi siempre lo de encima; en una tarea que espera varias cosas a la vez acaban en cualquier orden.
        let stack = &self.lanes[lane].stack;
        let Some(place) = stack.iter().rposition(|frame| frame.start == began) else {
            return;
        };
        let top = place + 1 == stack.len();
        // Si ya estaba en cola, quien la despertó está en el tramo de lo que esperaba.
        let waited = top && stack[place].state != State::Queued;
        let woken = waited.then(|| self.who_woke(lane, &stack[place])).flatten();
        self.emit(lane, at, woken);
        let frame = self.lanes[lane].stack.remove(place);
        if let (Kind::Task, Some(task)) = (frame.kind, frame.task) {
            self.tasks[task].end = Some(self.clip(at));
            self.tasks[task].failed = failed;
            self.signal(lane, at, frame.object);
        }
    }

    /// Quién avisó de lo que se esperaba en `lane`.
    fn who_woke(&self, lane: usize, frame: &Frame) -> Option<Wake> {
        let wake = self.signals.get(&frame.object)?;
        let fits = wake.lane != lane && wake.at >= self.clip(frame.start);
        (fits && frame.kind == Kind::Span).then_some(*wake)
    }

    /// Lo que se esperaba ya está: de esperar se pasa a estar en cola.
    fn ready(&mut self, lane: usize, at: u64, by: Option<usize>) {
        let Some(frame) = self.lanes[lane].stack.last() else {
            return;
        };
        if matches!(frame.state, State::Run | State::Queued) {
            return;
        }
        let wake = by.filter(|&by| by != lane).map(|lane| Wake {
            lane,
            at: self.clip(at),
        });
        let wake = wake.or_else(|| self.who_woke(lane, frame));
        let task = frame.task.map(|task| Arc::clone(&self.tasks[task].name));
        self.emit(lane, at, wake);
        if let Some(frame) = self.lanes[lane].stack.last_mut() {
            frame.state = State::Queued;
            // En cola está la tarea; lo que esperaba ya lo tiene.
            frame.name = task.unwrap_or_else(|| Arc::clone(&frame.name));
        }
    }

    fn signal(&mut self, lane: usize, at: u64, object: u64) {
        if object == NOTHING {
            return;
        }
        // Lo que se cancela estando en una cola sale de ella.
        if let Some(pending) = self.pending.remove(&object)
            && let Some(queue) = pending.queue
        {
            self.change_depth(queue, at, false);
        }
        let at = self.clip(at);
        self.signals.insert(object, Wake { lane, at });
    }

    fn submit(&mut self, lane: usize, at: u64, object: u64, label: &Label, queue: Option<usize>) {
        let name = self.name(label);
        self.tasks.push(Task {
            name,
            lane: None,
            queued: Some(self.clip(at)),
            submitter: Some(lane),
            start: None,
            end: None,
            failed: false,
        });
        let task = self.tasks.len() - 1;
        self.pending.insert(object, Pending { task, queue });
        if let Some(queue) = queue {
            self.change_depth(queue, at, true);
        }
    }

    fn change_depth(&mut self, queue: usize, at: u64, grows: bool) {
        let (start, end) = (self.clip(self.lanes[queue].since), self.clip(at));
        let depth = self.lanes[queue].depth;
        if depth > 0 && start < end {
            let name = self.intern("en cola");
            self.lanes[queue].lane.spans.push(Span {
                start,
                end,
                state: State::Queued,
                name,
                task: None,
                turn: false,
                count: depth,
                woken: None,
            });
        }
        let open = &mut self.lanes[queue];
        open.since = at;
        open.depth = if grows {
            depth + 1
        } else {
            depth.saturating_sub(1)
        };
    }

    /// Cierra el tramo de lo que el carril venía haciendo.
    fn emit(&mut self, lane: usize, at: u64, woken: Option<Wake>) {
        let end = self.clip(at);
        let start = self.clip(self.lanes[lane].since);
        let open = &mut self.lanes[lane];
        open.since = at.max(self.from);
        let Some(frame) = open.stack.last() else {
            return;
        };
        if start >= end {
            return;
        }
        // Lo que un turno deja ver es la tarea; lo demás, lo que se hacía.
        open.lane.spans.push(Span {
            start,
            end,
            state: frame.state,
            name: Arc::clone(&frame.name),
            task: frame.task,
            turn: frame.kind == Kind::Turn,
            count: 1,
            woken,
        });
    }

    /// Nanosegundos desde que se abrió la captura, sin salirse de ella.
    fn clip(&self, at: u64) -> u64 {
        at.clamp(self.from, self.to) - self.from
    }

    fn name(&mut self, label: &Label) -> Arc<str> {
        match label {
            Label::Plain(text) => self.intern(text),
            // Un número no se repite casi nunca.
            Label::Numbered(..) => label.text().into(),
        }
    }

    fn intern(&mut self, text: &str) -> Arc<str> {
        if let Some(name) = self.names.get(text) {
            return Arc::clone(name);
        }
        let name: Arc<str> = text.into();
        self.names.insert(Arc::clone(&name));
        name
    }

    /// Pone fin a lo que siguiera en marcha y deja solo lo que se ve: los carriles con algo, por orden de aparición.
    fn finish(mut self) -> (Vec<Lane>, Vec<Task>, Vec<Option<usize>>) {
        for lane in 0..self.lanes.len() {
            if self.lanes[lane].lane.kind == LaneKind::Queue {
                self.change_depth(lane, self.to, false);
            } else {
                self.emit(lane, self.to, None);
            }
        }
        let first = |open: &Open| open.lane.spans.first().map(|span| span.start);
        let mut order: Vec<usize> = (0..self.lanes.len())
            .filter(|&lane| first(&self.lanes[lane]).is_some())
            .collect();
        // Los que se llaman igual menos el número van juntos y por número, donde aparece el primero.
        let mut appeared: HashMap<(String, Option<String>), Option<u64>> = HashMap::new();
        for &lane in &order {
            let (open, start) = (&self.lanes[lane].lane, first(&self.lanes[lane]));
            let family = (stem(&open.name).to_owned(), open.process.clone());
            let earliest = appeared.entry(family).or_insert(start);
            *earliest = start.min(*earliest);
        }
        order.sort_by_cached_key(|&lane| {
            let open = &self.lanes[lane].lane;
            let stem = stem(&open.name).to_owned();
            let number: u64 = open.name[stem.len()..].parse().unwrap_or(0);
            let family = (stem, open.process.clone());
            (appeared[&family], family, number)
        });
        renumber(self.lanes, self.tasks, &order)
    }
}

/// Un nombre sin el número en que acaba.
fn stem(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// Deja los carriles de `order`, en ese orden, y las tareas que no habían acabado ya; pone al día a quien los nombra.
fn renumber(
    lanes: Vec<Open>,
    tasks: Vec<Task>,
    order: &[usize],
) -> (Vec<Lane>, Vec<Task>, Vec<Option<usize>>) {
    let mut place = vec![None; lanes.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = Some(new);
    }
    let mut task_place = vec![None; tasks.len()];
    let mut kept_tasks = Vec::with_capacity(tasks.len());
    for (old, mut task) in tasks.into_iter().enumerate() {
        if task.end == Some(0) {
            continue;
        }
        task_place[old] = Some(kept_tasks.len());
        task.lane = task.lane.and_then(|lane| place[lane]);
        task.submitter = task.submitter.and_then(|lane| place[lane]);
        kept_tasks.push(task);
    }
    let mut lanes: Vec<Option<Lane>> = lanes.into_iter().map(|open| Some(open.lane)).collect();
    let mut kept: Vec<Lane> = order
        .iter()
        .filter_map(|&lane| lanes[lane].take())
        .collect();
    for span in kept.iter_mut().flat_map(|lane| &mut lane.spans) {
        span.task = span.task.and_then(|task| task_place[task]);
        span.woken = span
            .woken
            .and_then(|wake| place[wake.lane].map(|lane| Wake { lane, at: wake.at }));
    }
    (kept, kept_tasks, place)
}
