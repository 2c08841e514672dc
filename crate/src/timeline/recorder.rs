//! El registrador: quién apunta qué, y dónde.
//!
//! Sin ninguna captura abierta, cada pieza del crate solo mira [`is_on`]: una lectura de memoria. Con una abierta, cada
//! hilo apunta en su propio cuaderno, cuyo cerrojo no le disputa nadie hasta que la captura se cierra y lo recoge. Los
//! cuadernos se tiran cuando no queda ninguna captura que los quiera.
//!
//! No se apoya en `tracing`: allí un tramo pasa por un registro global y un despacho dinámico que cuestan más que lo que
//! se quiere medir, y no hay dónde decir lo que estas figuras enseñan (en qué cola estuvo, a quién esperaba, quién lo
//! despertó).

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::clock::now;
use super::event::{Event, Kind, LaneId, LaneKind, What};
use super::label::Label;
use super::{NOTHING, State};
use crate::process::worker_name;
use crate::thread::{current_name, is_main};

/// Los sucesos que caben en una captura (unos 300 MB); lo que pase después se cuenta, pero no se guarda.
const MAX_EVENTS: usize = 4_000_000;

static ON: AtomicBool = AtomicBool::new(false);

/// Cambia cada vez que se empieza de cero: un cuaderno de antes ya no vale.
static EPOCH: AtomicU64 = AtomicU64::new(1);

static LANES_CREATED: AtomicU32 = AtomicU32::new(0);

static TASKS_CREATED: AtomicU64 = AtomicU64::new(0);

/// Los sitios que quedan.
static ROOM: AtomicUsize = AtomicUsize::new(0);

static LOST: AtomicUsize = AtomicUsize::new(0);

static ARCHIVE: Mutex<Archive> = Mutex::new(Archive {
    captures: 0,
    lanes: Vec::new(),
    books: Vec::new(),
    brought: Vec::new(),
});

struct Archive {
    captures: usize,
    lanes: Vec<LaneInfo>,
    books: Vec<Arc<Mutex<Book>>>,
    /// Lo que han traído otros procesos.
    brought: Vec<Event>,
}

/// Un carril recién abierto.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct LaneInfo {
    pub(super) id: LaneId,
    pub(super) kind: LaneKind,
    pub(super) name: String,
    /// Lo abrió otro proceso: el nombre del suyo.
    pub(super) process: Option<String>,
}

/// El cuaderno de un hilo.
#[derive(Debug, Default)]
struct Book {
    events: Vec<Event>,
    /// Los sitios que tiene reservados.
    room: usize,
}

struct Local {
    epoch: u64,
    lane: LaneId,
    book: Arc<Mutex<Book>>,
}

thread_local! {
    static LOCAL: RefCell<Option<Local>> = const { RefCell::new(None) };
    /// El carril de la tarea asíncrona que este hilo está ejecutando, y la época en que se abrió.
    static TASK_LANE: Cell<Option<(u64, LaneId)>> = const { Cell::new(None) };
}

/// ¿Hay alguna captura abierta?
#[inline]
pub(crate) fn is_on() -> bool {
    ON.load(Ordering::Relaxed)
}

/// La época actual: lo que se abrió en otra ya no cuenta.
pub(crate) fn epoch() -> u64 {
    EPOCH.load(Ordering::Relaxed)
}

/// Abre una captura. Las que haya abiertas siguen.
pub(super) fn open() {
    open_for(MAX_EVENTS);
}

/// Como [`open`]; si no hay otra abierta, caben `max_events` sucesos.
pub(super) fn open_for(max_events: usize) {
    let mut archive = ARCHIVE.lock();
    if archive.captures == 0 {
        clear(&mut archive);
        EPOCH.fetch_add(1, Ordering::Relaxed);
        ROOM.store(max_events, Ordering::Relaxed);
        LOST.store(0, Ordering::Relaxed);
        ON.store(true, Ordering::SeqCst);
    }
    archive.captures += 1;
}

/// Todo lo apuntado hasta ahora.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Recorded {
    pub(super) lanes: Vec<LaneInfo>,
    /// Sin ordenar entre hilos; los de cada hilo, en su orden.
    pub(super) events: Vec<Event>,
    pub(super) lost: usize,
}

/// Los sucesos que no han cabido.
pub(super) fn lost() -> usize {
    LOST.load(Ordering::Relaxed)
}

/// Cierra una captura y da lo apuntado desde que se abrió la primera.
pub(super) fn close() -> Recorded {
    super::remote::catch_up();
    let mut archive = ARCHIVE.lock();
    archive.captures -= 1;
    let last = archive.captures == 0;
    if last {
        ON.store(false, Ordering::SeqCst);
    }
    let mut events = Vec::new();
    for book in &archive.books {
        if last {
            // Entero: el hilo guarda su cuaderno hasta la captura siguiente, y vacío no ha de ocupar nada.
            events.append(&mut std::mem::take(&mut book.lock().events));
        } else {
            events.extend_from_slice(&book.lock().events);
        }
    }
    // Al final: si el reloj no los distingue, dentro de una tarea pasó después de que empezara.
    events.extend_from_slice(&archive.brought);
    let recorded = Recorded {
        lanes: archive.lanes.clone(),
        events,
        lost: LOST.load(Ordering::Relaxed),
    };
    if last {
        clear(&mut archive);
    }
    recorded
}

fn clear(archive: &mut Archive) {
    archive.lanes = Vec::new();
    archive.books = Vec::new();
    archive.brought = Vec::new();
}

/// Junta lo que ha apuntado otro proceso; `here` dice qué carril de este es cada uno de los suyos.
pub(super) fn bring(events: Vec<Event>, lost: usize, here: &HashMap<LaneId, LaneId>) {
    let room = ROOM.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| {
        room.checked_sub(events.len())
    });
    if room.is_err() {
        LOST.fetch_add(lost + events.len(), Ordering::Relaxed);
        return;
    }
    LOST.fetch_add(lost, Ordering::Relaxed);
    let here = |lane: LaneId| here.get(&lane).copied();
    let mut archive = ARCHIVE.lock();
    if archive.captures == 0 {
        return;
    }
    for mut event in events {
        // Un suceso sin carril no tiene dónde ir.
        let Some(lane) = here(event.lane) else {
            continue;
        };
        event.lane = lane;
        match &mut event.what {
            What::Ready { by } => *by = here(*by).unwrap_or(lane),
            What::Submit { queue, .. } => *queue = queue.and_then(here),
            What::Begin { .. } | What::End { .. } | What::Signal { .. } => {}
        }
        archive.brought.push(event);
    }
}

/// Abre un carril.
pub(super) fn open_lane(kind: LaneKind, name: &str) -> LaneId {
    open_lane_of(kind, name.to_owned(), None)
}

/// Abre un carril; si es de otro proceso, del que se llama así.
pub(super) fn open_lane_of(kind: LaneKind, name: String, process: Option<String>) -> LaneId {
    let id = LANES_CREATED.fetch_add(1, Ordering::Relaxed);
    ARCHIVE.lock().lanes.push(LaneInfo {
        id,
        kind,
        name,
        process,
    });
    id
}

/// Un número para algo que se encarga: nadie más lo tiene, ni siquiera en otro proceso.
pub(crate) fn next_object() -> u64 {
    // Las direcciones de memoria, que también nombran objetos, no usan el bit más alto.
    let own = TASKS_CREATED.fetch_add(1, Ordering::Relaxed) & 0xffff_ffff;
    1 << 63 | u64::from(std::process::id() & 0x7fff_ffff) << 32 | own
}

/// El carril en que está quien llama: el de su tarea asíncrona o el de su hilo.
pub(super) fn lane_here() -> LaneId {
    task_lane().unwrap_or_else(thread_lane)
}

/// El carril de la tarea asíncrona en que está quien llama.
pub(super) fn task_lane() -> Option<LaneId> {
    match TASK_LANE.try_with(Cell::get) {
        Ok(Some((then, lane))) if then == epoch() => Some(lane),
        _ => None,
    }
}

/// Pone al hilo en el carril de una tarea asíncrona; devuelve el que tenía.
pub(super) fn swap_task_lane(lane: Option<(u64, LaneId)>) -> Option<(u64, LaneId)> {
    TASK_LANE
        .try_with(|current| current.replace(lane))
        .unwrap_or(None)
}

/// El carril del hilo que llama.
pub(super) fn thread_lane() -> LaneId {
    with_local(|local| local.lane).unwrap_or(LaneId::MAX)
}

/// Apunta un suceso en el carril en que está quien llama; dice si ha cabido.
pub(super) fn record(what: What) -> bool {
    record_in(lane_here(), what)
}

/// Apunta un suceso en ese carril.
pub(super) fn record_in(lane: LaneId, what: What) -> bool {
    let at = now();
    record_at(at, lane, what)
}

/// Apunta un suceso que pasó en `at`.
pub(super) fn record_at(at: u64, lane: LaneId, what: What) -> bool {
    // Un final se guarda siempre: su principio ya está.
    let must = matches!(what, What::End { .. });
    with_local(|local| {
        let mut book = local.book.lock();
        if book.room == 0 && !must && !reserve(&mut book) {
            LOST.fetch_add(1, Ordering::Relaxed);
            return false;
        }
        book.room = book.room.saturating_sub(1);
        book.events.push(Event { at, lane, what });
        true
    })
    .unwrap_or(false)
}

/// Reserva unos cuantos sitios más: así los hilos no se disputan la cuenta en cada suceso.
#[cold]
fn reserve(book: &mut Book) -> bool {
    // Tantos como lleva escritos: mil hilos de dos sucesos no agotan los de todos.
    let batch = book.events.len().clamp(16, 4096);
    let taken = ROOM.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| {
        room.checked_sub(batch)
    });
    if taken.is_ok() {
        book.room = batch;
    }
    taken.is_ok()
}

/// El cuaderno del hilo que llama, abierto si hace falta; nada si el hilo se está acabando.
fn with_local<R>(f: impl FnOnce(&Local) -> R) -> Option<R> {
    LOCAL
        .try_with(|local| {
            let epoch = epoch();
            let mut local = local.borrow_mut();
            match &mut *local {
                Some(local) if local.epoch == epoch => f(local),
                stale => f(stale.insert(new_local(epoch))),
            }
        })
        .ok()
}

#[cold]
fn new_local(epoch: u64) -> Local {
    let book = Arc::default();
    let lane = match worker_name() {
        Some(name) if is_main() => open_lane(LaneKind::Process, name),
        _ => open_lane(LaneKind::Thread, &current_name()),
    };
    ARCHIVE.lock().books.push(Arc::clone(&book));
    Local { epoch, lane, book }
}

/// Algo que ha empezado en un carril y acaba al soltarse.
#[derive(Debug)]
#[must_use = "acaba en cuanto se suelta"]
pub(crate) struct Inside {
    lane: LaneId,
    epoch: u64,
    /// Cuándo empezó: es lo que dice cuál de lo que hay empezado en el carril es este.
    began: u64,
}

impl Drop for Inside {
    fn drop(&mut self) {
        // Si aquella captura ya se cerró, al cerrarse se le puso fin.
        if self.epoch == epoch() && is_on() {
            let failed = std::thread::panicking();
            let began = self.began;
            record_in(self.lane, What::End { began, failed });
        }
    }
}

#[cold]
pub(super) fn begin(
    lane: LaneId,
    kind: Kind,
    state: State,
    label: Label,
    object: u64,
) -> Option<Inside> {
    let inside = Inside {
        lane,
        epoch: epoch(),
        began: now(),
    };
    let begun = record_at(
        inside.began,
        lane,
        What::Begin {
            state,
            kind,
            label,
            object,
        },
    );
    // Si no ha cabido, tampoco su final: `Inside` no se suelta.
    if begun {
        Some(inside)
    } else {
        std::mem::forget(inside);
        None
    }
}

/// Quien llama se pone a esperar hasta que se suelte lo que devuelve; nada si no hay captura.
///
/// `object` es a qué espera (la dirección de un cerrojo, el número de una tarea): si alguien lo [avisa](signal), se sabrá
/// quién lo despertó. [`NOTHING`] si no es nada que nadie avise.
#[inline]
pub(crate) fn waiting(state: State, object: u64, label: impl FnOnce() -> Label) -> Option<Inside> {
    if !is_on() {
        return None;
    }
    begin(lane_here(), Kind::Span, state, label(), object)
}

/// Quien llama se pone a esperar a otro; `what` dice qué espera.
#[inline]
pub(crate) fn wait_for_other(object: u64, what: &'static str) -> Option<Inside> {
    waiting(State::Wait, object, || what.into())
}

/// Cómo se nombra un objeto que está siempre en el mismo sitio: por su dirección.
#[inline]
pub(crate) fn address<T>(object: &T) -> u64 {
    std::ptr::from_ref(object) as usize as u64
}

/// Quien llama se pone a hacer una tarea, en el carril en que está; nada si no hay captura.
///
/// `object` es el número que dio [`submit`] al encargarla; [`NOTHING`] si nadie la encargó o no había captura.
#[inline]
pub(crate) fn task(object: u64, label: impl FnOnce() -> Label) -> Option<Inside> {
    if !is_on() {
        return None;
    }
    begin(lane_here(), Kind::Task, State::Run, label(), object)
}

/// Quien espere ese objeto ya puede seguir, gracias a quien llama.
#[inline]
pub(crate) fn signal(object: u64) {
    if is_on() {
        record(What::Signal { object });
    }
}

/// Quien llama encarga una tarea: da el número con el que se la reconocerá cuando empiece ([`task`]) y acabe
/// ([`signal`]), o [`NOTHING`] si no hay captura. Si va a la cola de un pool, `queue` la nombra.
#[inline]
pub(crate) fn submit(queue: Option<&Queue>, label: impl FnOnce() -> Label) -> u64 {
    if !is_on() {
        return NOTHING;
    }
    submitted(queue, label())
}

#[cold]
fn submitted(queue: Option<&Queue>, label: Label) -> u64 {
    let object = next_object();
    let queue = queue.map(Queue::lane);
    record(What::Submit {
        object,
        label,
        queue,
    });
    object
}

/// La cola de un pool: tiene su propio carril en cada captura.
#[derive(Debug)]
pub(crate) struct Queue {
    name: Box<str>,
    lane: Mutex<Option<(u64, LaneId)>>,
}

impl Queue {
    pub(crate) fn new(name: &str) -> Queue {
        Queue {
            name: name.into(),
            lane: Mutex::new(None),
        }
    }

    fn lane(&self) -> LaneId {
        let now = epoch();
        let mut lane = self.lane.lock();
        match *lane {
            Some((then, lane)) if then == now => lane,
            _ => {
                let new = open_lane(LaneKind::Queue, &self.name);
                *lane = Some((now, new));
                new
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lo_que_no_cabe_se_cuenta_y_lo_empezado_acaba() {
        // En otro hilo: las demás pruebas también apuntan, cada una en el suyo.
        let (recorded, lane) = std::thread::spawn(|| {
            open_for(64);
            let lane = thread_lane();
            for _ in 0..1000 {
                let _inside = waiting(State::Lock, NOTHING, || "x".into());
            }
            (close(), lane)
        })
        .join()
        .expect("no entra en pánico");
        assert!(recorded.lost >= 900, "{}", recorded.lost);
        let own: Vec<&What> = recorded
            .events
            .iter()
            .filter(|event| event.lane == lane)
            .map(|event| &event.what)
            .collect();
        let count = |f: fn(&What) -> bool| own.iter().filter(|what| f(what)).count();
        let begun = count(|what| matches!(what, What::Begin { .. }));
        assert!(begun > 0 && begun <= 64, "{begun}");
        assert_eq!(begun, count(|what| matches!(what, What::End { .. })));
    }
}
