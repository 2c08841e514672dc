//! `TaskLane`: el carril de una tarea asíncrona.
//!
//! Una tarea no tiene hilo: un bucle le da turnos. En su carril se ve lo que hace en cada turno, lo que espera entre uno
//! y otro, y lo que pasa en cola desde que la despiertan hasta que le toca. En el carril del hilo, cada turno es un tramo
//! con el nombre de la tarea.
//!
//! Lo que espera lo dice quien la hace esperar, con [`pending`] o [`pending_on`], antes de devolver `Pending`: si hablan
//! varios, cuenta el último; si no habla nadie, espera E/S. Quién la despierta se sabe porque el [`Waker`] con que se la
//! ejecuta es uno propio, que toma nota y llama al de verdad.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use tokio::runtime::Handle;

use super::clock::now;
use super::event::{Kind, LaneId, LaneKind, What};
use super::label::{Label, own_name_of};
use super::recorder::{
    Inside, begin, epoch, is_on, next_object, open_lane, record_at, record_in, swap_task_lane,
    task_lane, thread_lane,
};
use super::{NOTHING, State, submit};

/// Cómo se llama la función de una corrutina, si tiene nombre.
pub(crate) type CoroutineName = fn() -> Option<&'static str>;

/// El nombre de la función `async` de la que sale ese futuro: el de `descarga(3)` es «descarga».
///
/// Los futuros de este crate se llaman como su tipo; los demás, y los bloques sueltos de una celda, no tienen.
pub(crate) fn coroutine_name<F: ?Sized>() -> Option<&'static str> {
    own_name_of::<F>().filter(|_| is_telling(std::any::type_name::<F>()))
}

/// ¿Dice algo de quien lo escribió? `Pin`, `Ready` o `Timeout` no.
fn is_telling(path: &str) -> bool {
    path.ends_with("{{closure}}") || path.starts_with(concat!(env!("CARGO_CRATE_NAME"), "::"))
}

/// El nombre de una tarea en las figuras: «descarga · Task-3», o solo «Task-3».
pub(crate) fn task_label(coroutine: CoroutineName, name: &str) -> Label {
    Label::owned(match coroutine() {
        Some(coroutine) => format!("{coroutine} · {name}"),
        None => name.to_owned(),
    })
}

/// Una tarea que quizá se esté capturando. Al soltarse, acabe o no, acaba su barra.
///
/// Sin captura no ocupa más que un puntero.
#[derive(Default)]
pub(crate) struct Tracked(Option<Box<TaskLane>>);

struct TaskLane {
    epoch: u64,
    label: Label,
    /// El número con el que se encargó.
    object: u64,
    /// Se abre en el primer turno.
    lane: Option<LaneId>,
    // En este orden: lo que espera acaba antes que ella.
    wait: Option<Inside>,
    task: Option<Inside>,
    waker: Option<(Arc<Alarm>, Waker)>,
}

impl Tracked {
    /// Una tarea que se pone en manos de un bucle; da el número con el que se la reconocerá.
    #[inline]
    pub(crate) fn submitted(&mut self, label: impl FnOnce() -> Label) -> u64 {
        if !is_on() {
            return NOTHING;
        }
        let label = label();
        let object = submit(None, || label.clone());
        self.0 = Some(Box::new(TaskLane::new(label, object)));
        object
    }

    /// Un turno: mientras `poll` se ejecuta, el hilo está en el carril de la tarea.
    ///
    /// Si `poll` entra en pánico, la tarea sale fallida.
    #[inline]
    pub(crate) fn turn<R>(
        &mut self,
        label: impl FnOnce() -> Label,
        context: &mut Context<'_>,
        poll: impl FnOnce(&mut Context<'_>) -> Poll<R>,
    ) -> Poll<R> {
        if is_on() {
            return self.captured_turn(label, context, poll);
        }
        if self.0.is_some() {
            self.0 = None;
        }
        poll(context)
    }

    #[cold]
    fn captured_turn<R>(
        &mut self,
        label: impl FnOnce() -> Label,
        context: &mut Context<'_>,
        poll: impl FnOnce(&mut Context<'_>) -> Poll<R>,
    ) -> Poll<R> {
        let lane = self.in_this_capture(label);
        let turn = lane.begin_turn();
        lane.resume();
        let waker = lane.waker(context.waker());
        // Aquí, y no en su sitio, un pánico la suelta al pasar y sale fallida.
        let task = lane.task.take();
        let inside = lane.enter();
        let polled = poll(&mut Context::from_waker(&waker));
        drop(inside);
        lane.task = task;
        if polled.is_pending() {
            lane.pause();
        } else {
            self.0 = None;
        }
        drop(turn);
        polled
    }

    /// Su carril, abierto si es de otra captura o no lo tenía.
    fn in_this_capture(&mut self, label: impl FnOnce() -> Label) -> &mut TaskLane {
        if self.0.as_ref().is_none_or(|lane| lane.epoch != epoch()) {
            // Nadie la encargó en esta captura.
            self.0 = Some(Box::new(TaskLane::new(label(), next_object())));
        }
        self.0.as_mut().expect("si no lo había, se acaba de abrir")
    }

    /// Pone al hilo en su carril, para lo que la tarea haga fuera de sus turnos.
    #[inline]
    pub(crate) fn enter(&self) -> Option<InLane> {
        self.0.as_ref()?.enter()
    }

    /// El turno en que se suelta una tarea que no ha acabado; al soltarse lo que devuelve, acaba.
    #[inline]
    pub(crate) fn last_turn(&mut self) -> Option<LastTurn> {
        let mut lane = self.0.take()?;
        let inside = lane.enter()?;
        let turn = lane.begin_turn();
        lane.resume();
        Some(LastTurn {
            _inside: inside,
            _lane: lane,
            _turn: turn,
        })
    }
}

/// El último turno de una tarea.
#[must_use = "acaba en cuanto se suelta"]
pub(crate) struct LastTurn {
    // En este orden: se sale del carril, acaba la tarea y acaba el turno.
    _inside: InLane,
    _lane: Box<TaskLane>,
    _turn: Option<Inside>,
}

impl TaskLane {
    fn new(label: Label, object: u64) -> TaskLane {
        TaskLane {
            epoch: epoch(),
            label,
            object,
            lane: None,
            wait: None,
            task: None,
            waker: None,
        }
    }

    /// Le toca el turno en este hilo.
    fn begin_turn(&self) -> Option<Inside> {
        let label = self.label.clone();
        begin(thread_lane(), Kind::Turn, State::Run, label, NOTHING)
    }

    /// Empieza, o deja de esperar.
    fn resume(&mut self) {
        swap_reason(None);
        if self.lane.is_some() {
            self.wait = None;
            return;
        }
        let lane = open_lane(LaneKind::Task, &self.label.text());
        self.lane = Some(lane);
        let label = self.label.clone();
        self.task = begin(lane, Kind::Task, State::Run, label, self.object);
    }

    /// Espera lo que se haya dicho durante el turno o, si ya la han despertado, otro turno.
    fn pause(&mut self) {
        let reason = swap_reason(None);
        let (Some(lane), Some((alarm, _))) = (self.lane, &self.waker) else {
            return;
        };
        if !is_on() || self.epoch != epoch() {
            return;
        }
        let reason = reason.unwrap_or_else(|| Reason {
            state: State::Io,
            object: NOTHING,
            label: "E/S".into(),
            left: None,
        });
        alarm.expect(reason.left);
        let (state, label, object) = if alarm.has_rung() {
            (State::Queued, self.label.clone(), NOTHING)
        } else {
            (reason.state, reason.label, reason.object)
        };
        self.wait = begin(lane, Kind::Span, state, label, object);
        if !alarm.set() && state != State::Queued {
            // Ha sonado mientras se apuntaba que espera.
            record_in(lane, What::Ready { by: NOBODY });
        }
    }

    /// El despertador con que ejecutarla, sobre el de verdad: el mismo mientras este no cambie.
    fn waker(&mut self, real: &Waker) -> Waker {
        if let Some((alarm, waker)) = &self.waker
            && alarm.real.will_wake(real)
        {
            alarm.reset();
            return waker.clone();
        }
        let alarm = Arc::new(Alarm {
            real: real.clone(),
            epoch: self.epoch,
            lane: self.lane.unwrap_or(NOBODY),
            due: AtomicU64::new(NEVER),
            state: AtomicU8::new(RUNNING),
        });
        let waker = Waker::from(Arc::clone(&alarm));
        self.waker = Some((alarm, waker.clone()));
        waker
    }

    /// Pone al hilo en su carril, si la captura en que se abrió sigue.
    fn enter(&self) -> Option<InLane> {
        let lane = (self.epoch, self.lane?);
        let now = is_on() && self.epoch == epoch();
        now.then(|| InLane(swap_task_lane(Some(lane))))
    }
}

/// El hilo está en el carril de una tarea; al soltarse, vuelve al que tenía.
#[must_use = "vuelve en cuanto se suelta"]
pub(crate) struct InLane(Option<(u64, LaneId)>);

impl InLane {
    /// Pone al hilo en su propio carril: va a dar turnos a otras.
    pub(crate) fn outside() -> InLane {
        InLane(swap_task_lane(None))
    }
}

impl Drop for InLane {
    fn drop(&mut self) {
        swap_task_lane(self.0);
    }
}

/// Lo que avisa de que una tarea puede seguir, y lo apunta.
struct Alarm {
    real: Waker,
    epoch: u64,
    lane: LaneId,
    /// Cuándo se cumple lo que espera, si es un plazo.
    due: AtomicU64,
    state: AtomicU8,
}

/// Tiene el turno.
const RUNNING: u8 = 0;
/// Espera.
const WAITING: u8 = 1;
/// La han despertado, y aún no ha vuelto a tener el turno.
const RUNG: u8 = 2;

/// Lo que no es un plazo.
const NEVER: u64 = u64::MAX;

/// Lo que tokio puede redondear un plazo.
const ROUNDING: Duration = Duration::from_millis(1);

/// El carril de nadie.
const NOBODY: LaneId = LaneId::MAX;

impl Alarm {
    fn has_rung(&self) -> bool {
        self.state.load(Ordering::Acquire) == RUNG
    }

    fn reset(&self) {
        self.state.store(RUNNING, Ordering::Release);
    }

    /// Lo que va a esperar se cumple dentro de `left`.
    fn expect(&self, left: Option<Duration>) {
        let due = left.and_then(|left| {
            let left = left.checked_add(ROUNDING)?.as_nanos();
            now().checked_add(u64::try_from(left).ok()?)
        });
        self.due.store(due.unwrap_or(NEVER), Ordering::Relaxed);
    }

    /// Empieza a esperar; `false` si ya ha sonado.
    fn set(&self) -> bool {
        let (from, to) = (RUNNING, WAITING);
        let exchanged = self
            .state
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire);
        exchanged.is_ok()
    }

    fn ring(&self) {
        if !is_on() || self.epoch != epoch() {
            return;
        }
        if self.state.swap(RUNG, Ordering::AcqRel) == WAITING {
            // Un bucle bloqueado tarda en mirar el reloj: la tarea pudo seguir desde que se cumplió el plazo.
            let at = now().min(self.due.load(Ordering::Relaxed));
            record_at(at, self.lane, What::Ready { by: who_wakes() });
        }
    }
}

impl Wake for Alarm {
    fn wake(self: Arc<Alarm>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Alarm>) {
        self.ring();
        self.real.wake_by_ref();
    }
}

/// El carril de quien despierta a una tarea.
fn who_wakes() -> LaneId {
    task_lane().unwrap_or_else(|| {
        // Un hilo de tokio fuera de toda tarea: es el reloj o la red, no alguien.
        if Handle::try_current().is_ok() {
            NOBODY
        } else {
            thread_lane()
        }
    })
}

/// Por qué devuelve `Pending` lo que se está ejecutando.
struct Reason {
    state: State,
    object: u64,
    label: Label,
    /// Cuánto falta, si es un plazo.
    left: Option<Duration>,
}

thread_local! {
    static REASON: Cell<Option<Reason>> = const { Cell::new(None) };
}

fn swap_reason(reason: Option<Reason>) -> Option<Reason> {
    // Un hilo que se está acabando ya no lo tiene, y tampoco da más turnos.
    REASON
        .try_with(|current| current.replace(reason))
        .unwrap_or(None)
}

/// Quien llama va a devolver `Pending`, y dice a qué espera su tarea; nada si no hay captura.
#[inline]
pub(crate) fn pending(state: State, object: u64, label: impl FnOnce() -> Label) {
    if is_on() {
        let label = label();
        swap_reason(Some(Reason {
            state,
            object,
            label,
            left: None,
        }));
    }
}

/// Quien llama va a devolver `Pending` porque duerme; si se sabe, cuánto le falta.
#[inline]
pub(crate) fn pending_sleep(left: Option<Duration>) {
    if is_on() {
        swap_reason(Some(Reason {
            state: State::Io,
            object: NOTHING,
            label: "dormir".into(),
            left,
        }));
    }
}

/// Si `polled` es `Pending`, dice a qué espera su tarea.
#[inline]
pub(crate) fn pending_on<T>(
    polled: Poll<T>,
    state: State,
    label: impl FnOnce() -> Label,
) -> Poll<T> {
    if polled.is_pending() {
        pending(state, NOTHING, label);
    }
    polled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name<F>(_: F) -> Option<&'static str> {
        coroutine_name::<F>()
    }

    #[test]
    fn una_corrutina_se_llama_como_su_funcion() {
        async fn descarga(id: u32) -> u32 {
            id
        }

        async fn generica<T>(value: T) -> T {
            value
        }

        assert_eq!(name(descarga(1)), Some("descarga"));
        assert_eq!(name(generica(vec![1])), Some("generica"));
        assert_eq!(name(crate::asyncio::sleep(1)), Some("Sleep"));
        assert_eq!(name(std::future::ready(1)), None);
        assert_eq!(name(Box::pin(descarga(1))), None);
        assert_eq!(
            task_label(|| Some("descarga"), "Task-3").text(),
            "descarga · Task-3"
        );
        assert_eq!(task_label(|| None, "Task-3").text(), "Task-3");
    }
}
