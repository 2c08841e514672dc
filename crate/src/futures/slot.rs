//! `Slot`: el sitio donde alguien dejará un resultado y otros lo esperan.
//!
//! ```text
//! pendiente ──start──▶ en marcha ──finish──▶ acabado ──take──▶ recogido
//!     │ └──────────────finish──────────────▶
//!     └──cancel──▶ cancelado
//! ```
//!
//! Cada flecha se recorre con el cerrojo echado y una sola vez. Quien llega a un final despierta primero a los que
//! esperan, duerman como duerman, y después, ya sin el cerrojo, ejecuta lo que dejaron encargado: un encargo puede tardar
//! y puede volver a usar el mismo sitio.

use std::fmt;
use std::task::Waker;
use std::time::Duration;

use crate::primitives::{
    Condvar, Instant, Mutex, MutexGuard, PoisonError, address, signal, wait_for_other,
};

/// Un resultado que llegará: lo deja uno y lo esperan cuantos quieran.
pub(crate) struct Slot<O> {
    state: Mutex<State<O>>,
    ended: Condvar,
}

struct State<O> {
    stage: Stage<O>,
    /// Hilos dormidos en `ended`: sin nadie, no hay a quién despertar.
    sleepers: usize,
    /// Casi ninguno tiene: aparte, no ocupan.
    watchers: Option<Box<Watchers>>,
}

/// Por dónde va.
pub(crate) enum Stage<O> {
    Pending,
    Running,
    Cancelled,
    Finished(O),
    /// Acabó, y alguien se llevó el resultado.
    Taken,
}

/// Quienes quieren enterarse del final sin dormirse aquí.
#[derive(Default)]
struct Watchers {
    next: u64,
    /// Del crate: toman nota y vuelven enseguida.
    hooks: Vec<(u64, Callback)>,
    wakers: Vec<Waker>,
    /// De quien usa el crate: hacen lo que quieren.
    callbacks: Callbacks,
}

/// Lo que se ejecuta al llegar al final.
pub(crate) type Callback = Box<dyn FnOnce() + Send>;

/// Lo que hay que ejecutar porque se ha llegado al final.
#[must_use = "los encargos se ejecutan con run()"]
#[derive(Default)]
pub(crate) struct Callbacks(Vec<Callback>);

impl Callbacks {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Los ejecuta, en el orden en que se encargaron.
    pub(crate) fn run(self) {
        for callback in self.0 {
            callback();
        }
    }
}

impl<O> Stage<O> {
    /// ¿Ha llegado a un final?
    pub(crate) fn is_over(&self) -> bool {
        !matches!(self, Stage::Pending | Stage::Running)
    }
}

impl<O> State<O> {
    fn watchers(&mut self) -> &mut Watchers {
        self.watchers.get_or_insert_default()
    }
}

impl<O> Slot<O> {
    pub(crate) fn new() -> Slot<O> {
        Slot::at(Stage::Pending)
    }

    /// Uno que ya tiene su resultado.
    pub(crate) fn finished(outcome: O) -> Slot<O> {
        Slot::at(Stage::Finished(outcome))
    }

    fn at(stage: Stage<O>) -> Slot<O> {
        Slot {
            state: Mutex::new(State {
                stage,
                sleepers: 0,
                watchers: None,
            }),
            ended: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<O>> {
        // Nada del usuario se ejecuta con el cerrojo echado, salvo `Clone`, que no deja nada a medias.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Pregunta por dónde va.
    pub(crate) fn look<R>(&self, question: impl FnOnce(&Stage<O>) -> R) -> R {
        question(&self.lock().stage)
    }

    /// Lee lo que haya, sin esperar al final; `reader` puede llevarse el resultado.
    pub(crate) fn read<R>(&self, reader: impl FnOnce(&mut Stage<O>) -> R) -> R {
        reader(&mut self.lock().stage)
    }

    /// Pasa de pendiente a en marcha; `false` si ya no estaba pendiente.
    pub(crate) fn start(&self) -> bool {
        let mut state = self.lock();
        let pending = matches!(state.stage, Stage::Pending);
        if pending {
            state.stage = Stage::Running;
        }
        pending
    }

    /// Deja el resultado y da los encargos que hay que ejecutar; devuelve el resultado si ya había llegado a un final.
    pub(crate) fn finish(&self, outcome: O) -> Result<Callbacks, O> {
        let state = self.lock();
        if state.stage.is_over() {
            return Err(outcome);
        }
        Ok(self.end(state, Stage::Finished(outcome)))
    }

    /// Lo cancela si sigue pendiente y da los encargos que hay que ejecutar; `None` si ya no se puede cancelar.
    pub(crate) fn cancel(&self) -> Option<Callbacks> {
        let state = self.lock();
        match state.stage {
            Stage::Pending => Some(self.end(state, Stage::Cancelled)),
            Stage::Cancelled => Some(Callbacks::default()),
            _ => None,
        }
    }

    fn end(&self, mut state: MutexGuard<'_, State<O>>, stage: Stage<O>) -> Callbacks {
        state.stage = stage;
        let watchers = state.watchers.take();
        let asleep = state.sleepers > 0;
        drop(state);
        if asleep {
            signal(address(self));
            self.ended.notify_all();
        }
        let Some(watchers) = watchers else {
            return Callbacks::default();
        };
        for (_, hook) in watchers.hooks {
            hook();
        }
        for waker in watchers.wakers {
            waker.wake();
        }
        watchers.callbacks
    }

    /// Espera a que llegue a un final, o a que se pase el plazo; `None` si se pasó.
    ///
    /// Devuelve lo que conteste `reader`, que puede llevarse el resultado.
    pub(crate) fn wait<R>(
        &self,
        deadline: Option<Instant>,
        reader: impl FnOnce(&mut Stage<O>) -> R,
    ) -> Option<R> {
        let mut state = self.lock();
        let mut _waiting = None;
        while !state.stage.is_over() {
            _waiting.get_or_insert_with(|| wait_for_other(address(self), "un resultado"));
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                return None;
            }
            state.sleepers += 1;
            state = match left {
                None => self
                    .ended
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(left) => {
                    let waited = self.ended.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
            state.sleepers -= 1;
        }
        Some(reader(&mut state.stage))
    }

    /// Encarga `callback` para el final; si ya ha llegado, lo ejecuta ahora.
    pub(crate) fn add_callback(&self, callback: Callback) {
        let mut state = self.lock();
        if state.stage.is_over() {
            drop(state);
            return callback();
        }
        state.watchers().callbacks.0.push(callback);
    }

    /// Encarga `hook`, que no tarda, para el momento mismo del final y da con qué retirarlo; si ya ha llegado, lo ejecuta
    /// ahora.
    pub(crate) fn on_end(&self, hook: Callback) -> Option<u64> {
        let mut state = self.lock();
        if state.stage.is_over() {
            drop(state);
            hook();
            return None;
        }
        let watchers = state.watchers();
        let id = watchers.next;
        watchers.next += 1;
        watchers.hooks.push((id, hook));
        Some(id)
    }

    /// Retira un encargo de `on_end` que aún no se ha ejecutado.
    pub(crate) fn forget(&self, id: u64) {
        let mut state = self.lock();
        let hooks = &mut state.watchers().hooks;
        let place = hooks.binary_search_by_key(&id, |(id, _)| *id);
        let forgotten = place.map(|index| hooks.remove(index));
        // Lo que capturaba puede usar este mismo sitio al soltarse.
        drop(state);
        drop(forgotten);
    }

    /// Lo mismo que `wait`, sin dormir: si aún no ha llegado, apunta a quién despertar.
    pub(crate) fn poll<R>(
        &self,
        waker: &Waker,
        reader: impl FnOnce(&mut Stage<O>) -> R,
    ) -> Option<R> {
        let mut state = self.lock();
        if !state.stage.is_over() {
            let wakers = &mut state.watchers().wakers;
            if !wakers.iter().any(|known| known.will_wake(waker)) {
                wakers.push(waker.clone());
            }
            return None;
        }
        Some(reader(&mut state.stage))
    }
}

impl<O> fmt::Debug for Slot<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.lock().stage {
            Stage::Pending => "pendiente",
            Stage::Running => "en marcha",
            Stage::Cancelled => "cancelado",
            Stage::Finished(_) => "acabado",
            Stage::Taken => "recogido",
        })
    }
}
