//! El despachador: el hilo de un pool que reparte las tareas, recoge los resultados y repone a los que mueren.
//!
//! Es el único que toca los procesos del pool, así que no necesita cerrojos. Duerme en `poll` y despierta cuando hay un
//! encargo nuevo o un trabajador dice, escribe o deja de existir.
//!
//! Las tareas van en lotes. Si son largas, de una en una: la siguiente es para el primero que quede libre. Si son de
//! microsegundos, tantas como llenen medio milisegundo, porque mandarlas de una en una costaría más que hacerlas. Y si
//! una sale larga con otras detrás, se le retiran las que no ha empezado y las hace otro.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::ops::Range;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossbeam::channel::{Receiver, Sender, unbounded};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{ioctl_fionbio, read, write};

use super::alarm::Alarm;
use super::board::Board;
use super::job::{Chunk, Outcome, Segment};
use crate::process::channel::{ChannelError, INLINE, Message, Wait, timespec};
use crate::process::child::{Child, soon};
use crate::process::error::{Cause, ProcessError};
use crate::process::ledger::{Header, Ledger, MAX_BATCH, Mark, Status};
use crate::process::message::{self, MAX_HANDLES, Output};
use crate::process::raw::Location;
use crate::process::worker::{Batch, END_TAG, NOTE_TAG, Order};
use crate::sealed::Sealed;
use crate::time::scale;
use crate::timeline::{self, Reporter};

/// El trabajo que se quiere meter en un lote.
const BUDGET: Duration = Duration::from_micros(500);

/// Cada cuánto se miran los libros de los que están con un lote de varias tareas: al principio, y como mucho.
const FIRST_LOOK: Duration = Duration::from_millis(1);
const LAST_LOOK: Duration = Duration::from_millis(16);

/// Cuántos trabajadores seguidos pueden morir sin haber hecho nada antes de dar el pool por perdido.
const EARLY_DEATHS: usize = 5;

/// Lo que se le pide al despachador.
enum Command {
    /// Haz estas tareas, en trozos de `chunksize`.
    Run { chunk: Arc<Chunk>, chunksize: usize },
    /// Acaba cuando no quede nada.
    Close,
    /// Acaba ya.
    Terminate,
}

/// El lado de fuera: por donde se le piden cosas.
#[derive(Debug)]
pub(super) struct Mailbox {
    commands: Sealed<Sender<Command>>,
    waker: OwnedFd,
    alarm: Arc<Alarm>,
    closed: AtomicBool,
    pub(super) shared: Arc<Shared>,
}

/// Lo que se ve desde fuera.
#[derive(Debug)]
pub(super) struct Shared {
    /// El carril con lo que espera a que alguien lo haga.
    pub(super) queue: timeline::Queue,
    functions: Sealed<Mutex<Functions>>,
    pids: Mutex<Vec<u32>>,
}

/// Las funciones que ha visto el pool, cada una con su número.
#[derive(Debug, Default)]
struct Functions {
    numbers: HashMap<usize, u32>,
    locations: Vec<Location>,
}

impl Shared {
    fn new(pool: &str) -> Shared {
        Shared {
            queue: timeline::Queue::new(pool),
            functions: Sealed::new(Mutex::default()),
            pids: Mutex::default(),
        }
    }

    /// El número de la función cuya entrada está en `address`.
    pub(super) fn number(
        &self,
        address: usize,
        locate: &dyn Fn() -> Option<Location>,
    ) -> Option<u32> {
        let mut functions = lock(&self.functions);
        if let Some(number) = functions.numbers.get(&address) {
            return Some(*number);
        }
        let location = locate()?;
        let number = u32::try_from(functions.locations.len()).ok()?;
        functions.locations.push(location);
        functions.numbers.insert(address, number);
        Some(number)
    }

    fn location(&self, number: u32) -> Option<Location> {
        lock(&self.functions)
            .locations
            .get(number as usize)
            .cloned()
    }

    /// Los PID de los trabajadores de ahora mismo.
    pub(super) fn pids(&self) -> Vec<u32> {
        lock(&self.pids).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Mailbox {
    /// Encarga las tareas de un trozo. Lo devuelve si el pool ya no acepta más.
    pub(super) fn run(&self, chunk: Arc<Chunk>, chunksize: usize) -> Result<(), Arc<Chunk>> {
        if self.is_closed() {
            return Err(chunk);
        }
        match self.send(Command::Run { chunk, chunksize }) {
            Err(Command::Run { chunk, .. }) => Err(chunk),
            _ => Ok(()),
        }
    }

    /// No se aceptan más tareas: acaba cuando no quede nada, o ya.
    pub(super) fn close(&self, now: bool) {
        self.closed.store(true, Ordering::Release);
        // Si ya no hay despachador, ya ha acabado.
        let _ = self.send(if now {
            Command::Terminate
        } else {
            Command::Close
        });
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    fn send(&self, command: Command) -> Result<(), Command> {
        self.commands.send(command).map_err(|error| error.0)?;
        self.alarm.call(|| {
            // Si la tubería está llena ya tiene de qué despertarse.
            let _ = write(&self.waker, b"!");
        });
        Ok(())
    }
}

/// Un proceso del pool.
struct Member {
    name: String,
    child: Child,
    ledger: Arc<Ledger>,
    board: Arc<Board>,
    /// Los números de las funciones que ya sabe dónde están.
    known: HashSet<u32>,
    load: Option<Load>,
    /// ¿Ha dicho algo alguna vez?
    served: bool,
}

/// El lote que tiene entre manos un trabajador.
struct Load {
    parts: Vec<Part>,
    /// ¿Se le pueden retirar tareas?
    splittable: bool,
    /// ¿Cuenta lo que hace, para la línea de tiempo?
    captured: bool,
    /// Hasta dónde se ha leído el libro.
    mark: Mark,
    /// Los resultados que no cabían en el libro, en su orden.
    apart: VecDeque<Message>,
    /// Por dónde iba la última vez que se miró si estaba atascado.
    seen: usize,
    /// Ya no cogerá más tareas de este lote.
    ended: bool,
}

/// Tareas seguidas de un mismo trozo.
#[derive(Clone)]
struct Part {
    chunk: Arc<Chunk>,
    tasks: Range<usize>,
}

/// Tareas que esperan a quien las haga.
struct Pending {
    part: Part,
    chunksize: usize,
}

pub(super) struct Dispatcher {
    commands: Receiver<Command>,
    bell: OwnedFd,
    alarm: Arc<Alarm>,
    shared: Arc<Shared>,
    name: String,
    size: usize,
    launched: usize,
    members: Vec<Member>,
    queue: VecDeque<Pending>,
    queued: usize,
    /// Lo que cuesta cada función, en segundos por tarea.
    cost: HashMap<u32, f64>,
    early_deaths: usize,
    closing: bool,
    /// Cuándo toca mirar los libros otra vez, si nadie dice nada.
    look: Duration,
}

impl Dispatcher {
    /// El despachador de un pool de `size` procesos ya lanzados, y por dónde pedirle cosas.
    pub(super) fn new(name: String, size: usize) -> Result<(Dispatcher, Mailbox), ProcessError> {
        let (bell, waker) = io::pipe()?;
        let (bell, waker) = (OwnedFd::from(bell), OwnedFd::from(waker));
        ioctl_fionbio(&bell, true)?;
        ioctl_fionbio(&waker, true)?;
        let (sender, commands) = unbounded();
        let shared = Arc::new(Shared::new(&name));
        let alarm = Arc::new(Alarm::new());
        let mut dispatcher = Dispatcher {
            commands,
            bell,
            alarm: Arc::clone(&alarm),
            shared: Arc::clone(&shared),
            name,
            size,
            launched: 0,
            members: Vec::with_capacity(size),
            queue: VecDeque::new(),
            queued: 0,
            cost: HashMap::new(),
            early_deaths: 0,
            closing: false,
            look: FIRST_LOOK,
        };
        while dispatcher.members.len() < size {
            dispatcher.launch()?;
        }
        let mailbox = Mailbox {
            commands: Sealed::new(sender),
            waker,
            alarm,
            closed: AtomicBool::new(false),
            shared,
        };
        Ok((dispatcher, mailbox))
    }

    /// Lanza un trabajador más.
    fn launch(&mut self) -> Result<(), ProcessError> {
        self.launched += 1;
        let name = format!("{}Worker-{}", self.name, self.launched);
        let ledger = Arc::new(Ledger::new()?);
        let member = Member {
            child: Child::launch()?,
            board: Board::new(&name, &ledger),
            name: name.clone(),
            ledger,
            known: HashSet::new(),
            load: None,
            served: false,
        };
        member.greet(name)?;
        self.members.push(member);
        self.publish();
        Ok(())
    }

    fn publish(&self) {
        *lock(&self.shared.pids) = self
            .members
            .iter()
            .map(|member| member.child.pid())
            .collect();
    }

    /// Trabaja hasta que lo cierren o lo terminen.
    pub(super) fn run(mut self) {
        loop {
            if !self.obey() {
                return;
            }
            self.hand_out();
            if self.closing
                && self.queue.is_empty()
                && self.members.iter().all(|member| member.load.is_none())
            {
                return self.dismiss();
            }
            self.sleep();
            // Del último al primero: el que muere se quita y el que lo repone va al final.
            for index in (0..self.members.len()).rev() {
                // Si el pool se da por perdido a mitad, ya no queda ninguno.
                let Some(member) = self.members.get_mut(index) else {
                    break;
                };
                match member.attend(&mut self.cost) {
                    Ok(true) => self.early_deaths = 0,
                    Ok(false) => {}
                    Err(_) => self.bury(index),
                }
            }
        }
    }

    /// Atiende lo que se le ha pedido. `false`: se acabó.
    fn obey(&mut self) -> bool {
        self.alarm.answer(|| {
            let mut calls = [0; 64];
            while read(&self.bell, &mut calls[..]).is_ok_and(|count| count > 0) {}
        });
        loop {
            match self.commands.try_recv() {
                Ok(Command::Run { chunk, chunksize }) => {
                    self.queued += chunk.len();
                    let tasks = 0..chunk.len();
                    self.queue.push_back(Pending {
                        part: Part { chunk, tasks },
                        chunksize,
                    });
                }
                Ok(Command::Close) => self.closing = true,
                Ok(Command::Terminate) => {
                    self.terminate(&Cause::PoolTerminated.into());
                    return false;
                }
                Err(_) => return true,
            }
        }
    }

    /// Da un lote a cada trabajador que no tenga ninguno.
    fn hand_out(&mut self) {
        for index in 0..self.members.len() {
            if self.queue.is_empty() {
                return;
            }
            if self.members[index].load.is_none() {
                let (parts, splittable) = self.next_batch();
                let given = self.members[index].give(parts, splittable, &self.shared);
                // Si el canal está roto, ha muerto: `attend` lo verá y el lote, sin empezar, volverá a la cola.
                if let Err(ChannelError::System(error)) = given {
                    self.members[index].fail_load(&ProcessError::from(error));
                }
            }
        }
    }

    /// Las tareas del lote siguiente, y si luego se pueden retirar.
    fn next_batch(&mut self) -> (Vec<Part>, bool) {
        let budget = BUDGET.as_secs_f64();
        // Que queden para los demás.
        let fair = self.queued / (2 * self.size) + 1;
        let (mut parts, mut count, mut spent, mut bytes, mut handles) = (Vec::new(), 0, 0.0, 0, 0);
        while let Some(pending) = self.queue.front_mut() {
            let chunk = &pending.part.chunk;
            if pending.chunksize > 1 {
                if count > 0 {
                    break;
                }
                let len = pending
                    .part
                    .tasks
                    .len()
                    .min(pending.chunksize)
                    .min(MAX_BATCH);
                let start = pending.part.tasks.start;
                if pending.part.chunk.wire(start..start + len).1.len() > MAX_HANDLES {
                    // Con tantos descriptores no caben en un mensaje: de una en una.
                    pending.chunksize = 1;
                    continue;
                }
                let take = split_front(pending, len);
                self.queued -= len;
                if pending.part.tasks.is_empty() {
                    self.queue.pop_front();
                }
                return (vec![take], false);
            }
            let cost = self.cost.get(&chunk.function).copied().unwrap_or(budget);
            let mut len = 0;
            for task in pending.part.tasks.clone() {
                let (task, fds) = chunk.wire(task..task + 1);
                let (size, fds) = (task.len(), fds.len());
                let first = count == 0;
                let room = count < fair.min(MAX_BATCH)
                    && spent + cost <= budget
                    && bytes + size <= INLINE
                    && handles + fds <= MAX_HANDLES;
                if !first && !room {
                    break;
                }
                (count, spent, bytes, handles) =
                    (count + 1, spent + cost, bytes + size, handles + fds);
                len += 1;
            }
            if len == 0 {
                break;
            }
            self.queued -= len;
            parts.push(split_front(pending, len));
            if !pending.part.tasks.is_empty() {
                break;
            }
            self.queue.pop_front();
        }
        (parts, true)
    }

    /// Duerme hasta que pase algo, o hasta que toque mirar los libros.
    fn sleep(&mut self) {
        let mut fds = vec![PollFd::new(&self.bell, PollFlags::IN)];
        for member in &self.members {
            fds.push(PollFd::new(&member.child.channel, PollFlags::IN));
            let pipes = [member.child.stdout.pipe(), member.child.stderr.pipe()];
            fds.extend(
                pipes
                    .into_iter()
                    .flatten()
                    .map(|pipe| PollFd::from_borrowed_fd(pipe, PollFlags::IN)),
            );
        }
        let several = self.members.iter().any(Member::is_in_a_batch);
        let look = several.then_some(self.look);
        // Un error solo puede ser una señal o falta de memoria: en los dos casos, a mirar otra vez.
        let woken = poll(&mut fds, timespec(look).as_ref());
        drop(fds);
        if woken != Ok(0) {
            self.look = FIRST_LOOK;
        } else if self.look_at_books() {
            self.look = (self.look * 2).min(LAST_LOOK);
        } else {
            self.look = FIRST_LOOK;
        }
    }

    /// Recoge lo que hayan apuntado los que están con un lote y, si uno se ha atascado y hay otro sin nada que hacer,
    /// le retira las tareas que no ha empezado. Dice si todo sigue igual.
    fn look_at_books(&mut self) -> bool {
        let idle = self.queue.is_empty() && self.members.iter().any(|member| member.load.is_none());
        let mut same = true;
        for index in 0..self.members.len() {
            let member = &mut self.members[index];
            let (claimed, _) = member.ledger.progress();
            let Some(load) = &mut member.load else {
                continue;
            };
            if load.seen != claimed {
                load.seen = claimed;
                member.child.show_output();
                if !load.captured {
                    member.collect(&mut self.cost);
                }
                same = false;
                continue;
            }
            let mark = member.ledger.mark();
            if load.captured && mark.entries < member.ledger.progress().1 {
                // Lo que cuenta llega al final del lote, pero lo hecho no puede esperar a lo que no acaba.
                member.collect_until(mark, &mut self.cost);
            }
            let Some(load) = &member.load else { continue };
            if idle
                && load.splittable
                && let Some((from, to)) = member.ledger.withdraw(0)
            {
                let parts = load.parts_between(from, to);
                self.put_back(parts);
                return false;
            }
        }
        same
    }

    /// Devuelve tareas al principio de la cola, en su orden.
    fn put_back(&mut self, parts: Vec<Part>) {
        for part in parts.into_iter().rev() {
            self.queued += part.tasks.len();
            self.queue.push_front(Pending { part, chunksize: 1 });
        }
    }

    /// Recoge a un trabajador que ha muerto y lo repone.
    fn bury(&mut self, index: usize) {
        let mut member = self.members.remove(index);
        let exitcode = member.child.wait();
        let error =
            ProcessError::new(Cause::Died(exitcode)).in_process(&member.name, member.child.pid());
        if !member.served && member.ledger.progress().0 == 0 {
            self.early_deaths += 1;
        }
        // Lo que no había empezado lo hará otro; lo que tenía entre manos, que puede ser lo que lo mató, no se repite.
        if let (Some(load), Some((from, to))) = (&member.load, member.ledger.withdraw(0)) {
            let rest = load.parts_between(from, to);
            self.put_back(rest);
        }
        member.fail_load(&error);
        self.publish();
        if self.closing && self.queue.is_empty() {
            return;
        }
        if self.early_deaths >= EARLY_DEATHS {
            return self.terminate(&error);
        }
        if let Err(error) = self.launch()
            && self.members.is_empty()
        {
            self.terminate(&error);
        }
    }

    /// Despide a todos: ya no hay nada que hacer.
    fn dismiss(mut self) {
        for member in &self.members {
            // El que no se entere porque ya ha muerto, ya ha acabado.
            let _ = member.child.channel.send(&[], &[], soon());
        }
        for member in &mut self.members {
            member.farewell();
        }
        self.members.clear();
        self.publish();
    }

    /// Mata a todos; lo que quedaba por hacer acaba con `error`.
    fn terminate(&mut self, error: &ProcessError) {
        for member in &mut self.members {
            member.child.kill();
        }
        for member in &mut self.members {
            member.child.wait();
            // Lo que ya tenía hecho no se pierde.
            member.collect(&mut self.cost);
            member.fail_load(error);
        }
        self.members.clear();
        self.publish();
        for Pending { part, .. } in self.queue.drain(..) {
            for task in part.tasks {
                part.chunk.abandon(task, error.clone());
            }
        }
        self.queued = 0;
        self.closing = true;
    }
}

impl Drop for Dispatcher {
    /// Lo que se pidió cuando ya no quedaba nadie.
    fn drop(&mut self) {
        for command in self.commands.try_iter() {
            if let Command::Run { chunk, .. } = command {
                for task in 0..chunk.len() {
                    chunk.abandon(task, Cause::PoolClosed.into());
                }
            }
        }
    }
}

/// Separa las `len` primeras tareas.
fn split_front(pending: &mut Pending, len: usize) -> Part {
    let tasks = &mut pending.part.tasks;
    let front = tasks.start..tasks.start + len;
    tasks.start = front.end;
    Part {
        chunk: Arc::clone(&pending.part.chunk),
        tasks: front,
    }
}

impl Load {
    /// En qué parte está la tarea número `task` del lote, y cuál de su trozo es.
    fn part(&self, mut task: usize) -> (usize, usize) {
        for (number, part) in self.parts.iter().enumerate() {
            if task < part.tasks.len() {
                return (number, part.tasks.start + task);
            }
            task -= part.tasks.len();
        }
        unreachable!("el lote tiene menos tareas de las que el libro dice")
    }

    /// Las tareas `from..to` del lote.
    fn parts_between(&self, from: usize, to: usize) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut start = 0;
        for part in &self.parts {
            let end = start + part.tasks.len();
            let (low, high) = (from.max(start), to.min(end));
            if low < high {
                let offset = part.tasks.start;
                parts.push(Part {
                    chunk: Arc::clone(&part.chunk),
                    tasks: offset + low - start..offset + high - start,
                });
            }
            start = end;
        }
        parts
    }
}

impl Member {
    fn greet(&self, name: String) -> Result<(), ProcessError> {
        let mut order = Output::default();
        let ledger = self.ledger.try_clone()?;
        message::encode(&Order::Serve { name, ledger }, &mut order).map_err(Cause::Unwritable)?;
        Ok(self
            .child
            .channel
            .send(&order.bytes, &order.handles, soon())?)
    }

    /// ¿Está con un lote de varias tareas?
    fn is_in_a_batch(&self) -> bool {
        self.load.is_some() && self.ledger.progress().1 > 1
    }

    /// Le manda un lote.
    fn give(
        &mut self,
        parts: Vec<Part>,
        splittable: bool,
        shared: &Shared,
    ) -> Result<(), ChannelError> {
        let count = parts.iter().map(|part| part.tasks.len()).sum();
        let mut functions = Vec::new();
        for part in &parts {
            let number = part.chunk.function;
            if self.known.insert(number) {
                functions.extend(shared.location(number).map(|location| (number, location)));
            }
        }
        let captured = timeline::is_on();
        let header = Batch {
            scale: scale(),
            count,
            functions,
            capture: captured,
        };
        let mut bytes = postcard::to_stdvec(&header).unwrap_or_default();
        let mut handles = Vec::new();
        for part in &parts {
            let (tasks, fds) = part.chunk.wire(part.tasks.clone());
            bytes.extend_from_slice(tasks);
            handles.extend(fds.iter().map(AsFd::as_fd));
        }
        if captured {
            self.ledger.open_timed(count);
            let tasks = parts.iter().flat_map(|part| {
                let tasks = part.tasks.clone();
                tasks.map(|task| part.chunk.noted(task))
            });
            self.board.start(tasks.collect());
        } else {
            self.ledger.open(count);
        }
        let sent = self.child.channel.send_borrowed(&bytes, &handles, soon());
        self.load = Some(Load {
            parts,
            splittable,
            captured,
            mark: Mark::default(),
            apart: VecDeque::new(),
            seen: usize::MAX,
            ended: false,
        });
        sent
    }

    /// Enseña lo que haya escrito y recoge lo que haya hecho. Dice si había algo; un error es que ha muerto.
    fn attend(&mut self, cost: &mut HashMap<u32, f64>) -> Result<bool, ChannelError> {
        let mut news = false;
        let state = loop {
            match self.child.channel.recv(Wait::Never) {
                Ok(message) => {
                    news = true;
                    self.hear(message);
                }
                Err(ChannelError::TimedOut) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        // Antes que los resultados, lo que escribió para llegar a ellos.
        self.child.show_output();
        // Lo que ha contado, antes que los resultados: con ellos puede cerrarse la captura.
        let early = |load: &Load| load.captured && !load.ended && state.is_ok();
        if (news || state.is_err()) && !self.load.as_ref().is_some_and(early) {
            self.collect(cost);
        }
        self.served |= news;
        state.map(|()| news)
    }

    fn hear(&mut self, message: Message) {
        let Some(load) = &mut self.load else { return };
        match message.body.split_first() {
            Some((&END_TAG, _)) => load.ended = true,
            Some((&NOTE_TAG, note)) => {
                // De cada tarea ya da cuenta el libro.
                let _ = self.board.remote.hear(note);
            }
            _ => load.apart.push_back(message),
        }
    }

    /// Entrega lo que hay apuntado en el libro desde la última vez.
    fn collect(&mut self, cost: &mut HashMap<u32, f64>) {
        self.collect_until(self.ledger.mark(), cost);
    }

    /// Entrega lo que hay apuntado en el libro desde la última vez hasta `until`.
    fn collect_until(&mut self, until: Mark, cost: &mut HashMap<u32, f64>) {
        let Some(load) = &mut self.load else { return };
        if load.captured {
            self.board.report();
        }
        let board = load.captured.then_some(&self.board);
        let entries = self.ledger.entries(load.mark, until);
        let mut rest = entries.as_slice();
        // Una racha de resultados seguidos, del mismo trozo y en el libro, se entrega de una vez.
        let mut run: Option<Run> = None;
        while let Some((header, bytes)) = Header::split(rest) {
            let task = load.mark.entries;
            let (part, index) = match &run {
                // Casi siempre es la siguiente de la misma parte.
                Some(run) if run.index + run.count < load.parts[run.part].tasks.end => {
                    (run.part, run.index + run.count)
                }
                _ => load.part(task),
            };
            let body = &bytes[..header.len];
            let taken = rest.len() - bytes.len() + header.len;
            let plain = header.status == Status::Done && !header.apart;
            if run.as_ref().is_some_and(|run| !plain || run.part != part) {
                deliver_run(load, board, &entries, run.take());
            }
            if plain {
                let at = entries.len() - rest.len();
                let run = run.get_or_insert(Run {
                    part,
                    index,
                    count: 0,
                    bytes: at..at,
                });
                run.count += 1;
                run.bytes.end += taken;
            } else {
                let chunk = Arc::clone(&load.parts[part].chunk);
                let place = |error: ProcessError| error.in_process(&self.name, self.child.pid());
                let outcome = if header.apart {
                    let Some(message) = load.apart.pop_front() else {
                        break;
                    };
                    match Status::from_bits(message.body[0]) {
                        Status::Done => Ok(message),
                        status => Err(failure(status, &message.body[1..])),
                    }
                } else {
                    Err(failure(header.status, body))
                };
                chunk.job.credit(board);
                match outcome {
                    Ok(message) => chunk.job.deliver(Segment {
                        first: chunk.number(index),
                        count: 1,
                        outcome: Outcome::Apart(message),
                    }),
                    Err(cause) => chunk.fail(index, place(cause.into())),
                }
            }
            rest = &rest[taken..];
            load.mark.entries += 1;
            load.mark.bytes += taken;
        }
        deliver_run(load, board, &entries, run);
        if load.ended && load.mark.entries == self.ledger.progress().1 {
            self.learn(cost);
            self.board.finish();
            self.load = None;
        }
    }

    /// Da por fallidas las tareas del lote de las que no se sabe nada.
    fn fail_load(&mut self, error: &ProcessError) {
        if let Some(load) = self.load.take() {
            self.board.die();
            for task in load.mark.entries..self.ledger.progress().1 {
                let (part, index) = load.part(task);
                load.parts[part].chunk.abandon(index, error.clone());
            }
        }
    }

    /// Apunta lo que han costado las tareas del lote, si eran todas de la misma función.
    fn learn(&self, cost: &mut HashMap<u32, f64>) {
        let Some(load) = &self.load else { return };
        let Some(function) = load.parts.first().map(|part| part.chunk.function) else {
            return;
        };
        if load.mark.entries == 0
            || load
                .parts
                .iter()
                .any(|part| part.chunk.function != function)
        {
            return;
        }
        let now = self.ledger.worked().as_secs_f64() / load.mark.entries as f64;
        let average = cost.entry(function).or_insert(now);
        // Una tarea larga cuenta enseguida; una corta tiene que repetirse para que se crea.
        *average = now.max((*average + now) / 2.0);
    }

    /// Espera a que acabe el que ya sabe que no hay más, enseñando lo que escriba.
    fn farewell(&mut self) {
        // Si no acaba en un rato, `wait` lo mata.
        let _ = self.child.follow(soon(), drop);
        self.child.wait();
    }
}

/// Resultados seguidos del mismo trozo.
struct Run {
    part: usize,
    index: usize,
    count: usize,
    bytes: Range<usize>,
}

fn deliver_run(load: &Load, board: Option<&Arc<Board>>, entries: &[u8], run: Option<Run>) {
    if let Some(run) = run {
        let chunk = &load.parts[run.part].chunk;
        chunk.job.credit(board);
        chunk.job.deliver(Segment {
            first: chunk.number(run.index),
            count: run.count,
            outcome: Outcome::Entries(entries[run.bytes].to_vec()),
        });
    }
}

/// Por qué una tarea no dio resultado, según su trabajador.
fn failure(status: Status, why: &[u8]) -> Cause {
    let why = String::from_utf8_lossy(why).into_owned();
    match status {
        Status::Panicked => Cause::Panic(why),
        _ => Cause::Undeliverable(why),
    }
}
