//! `Slot`: el sitio donde alguien dejará un resultado y otros lo esperan.
//!
//! ```text
//! pendiente ──start──▶ en marcha ──finish──▶ acabado ──take──▶ recogido
//!     │ └──────────────finish──────────────▶
//!     └──cancel──▶ cancelado
//! ```
//!
//! Cada flecha se recorre con el cerrojo echado y una sola vez. Quien llega a un final abre, sin soltarlo, la
//! [puerta](Gate): nadie ve el final con ella cerrada. Ya sin cerrojos, despierta a los que esperan, duerman como duerman, y
//! después ejecuta lo que dejaron encargado, que puede tardar y puede volver a usar el mismo sitio.
//!
//! La puerta no sabe qué se deja: todo lo de esperar y avisar se compila una vez, y no en cada celda que espera algo.

use std::fmt;
use std::task::Waker;
use std::time::Duration;

use crate::primitives::{
    Condvar, Instant, Mutex, MutexGuard, PoisonError, address, signal, wait_for_other,
};

/// Un resultado que llegará: lo deja uno y lo esperan cuantos quieran.
pub(crate) struct Slot<O> {
    stage: Mutex<Stage<O>>,
    gate: Gate,
}

/// Donde se espera a que un sitio llegue a un final.
struct Gate {
    state: Mutex<State>,
    ended: Condvar,
}

/// A quién hay que avisar de que la puerta se ha abierto.
struct Opened {
    asleep: bool,
    watchers: Option<Box<Watchers>>,
}

struct State {
    /// ¿Ha llegado?
    over: bool,
    /// Hilos dormidos en `ended`: sin nadie, no hay a quién despertar.
    sleepers: u32,
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

impl<O> Slot<O> {
    pub(crate) fn new() -> Slot<O> {
        Slot {
            stage: Mutex::new(Stage::Pending),
            gate: Gate::new(false),
        }
    }

    /// Uno que ya tiene su resultado.
    pub(crate) fn finished(outcome: O) -> Slot<O> {
        Slot {
            stage: Mutex::new(Stage::Finished(outcome)),
            gate: Gate::new(true),
        }
    }

    fn stage(&self) -> MutexGuard<'_, Stage<O>> {
        // Nada del usuario se ejecuta con el cerrojo echado, salvo `Clone`, que no deja nada a medias.
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Su número en la línea de tiempo: lo que espera quien espera el resultado.
    pub(crate) fn object(&self) -> u64 {
        address(&self.gate)
    }

    /// Pregunta por dónde va.
    pub(crate) fn look<R>(&self, question: impl FnOnce(&Stage<O>) -> R) -> R {
        question(&self.stage())
    }

    /// Lee lo que haya, sin esperar al final; `reader` puede llevarse el resultado.
    pub(crate) fn read<R>(&self, reader: impl FnOnce(&mut Stage<O>) -> R) -> R {
        reader(&mut self.stage())
    }

    /// Pasa de pendiente a en marcha; `false` si ya no estaba pendiente.
    pub(crate) fn start(&self) -> bool {
        let mut stage = self.stage();
        let pending = matches!(*stage, Stage::Pending);
        if pending {
            *stage = Stage::Running;
        }
        pending
    }

    /// Deja el resultado y da los encargos que hay que ejecutar; devuelve el resultado si ya había llegado a un final.
    pub(crate) fn finish(&self, outcome: O) -> Result<Callbacks, O> {
        let mut stage = self.stage();
        if stage.is_over() {
            return Err(outcome);
        }
        *stage = Stage::Finished(outcome);
        let opened = self.gate.open();
        drop(stage);
        Ok(self.gate.announce(opened))
    }

    /// Lo cancela si sigue pendiente y da los encargos que hay que ejecutar; `None` si ya no se puede cancelar.
    pub(crate) fn cancel(&self) -> Option<Callbacks> {
        let mut stage = self.stage();
        match *stage {
            Stage::Pending => *stage = Stage::Cancelled,
            Stage::Cancelled => return Some(Callbacks::default()),
            _ => return None,
        }
        let opened = self.gate.open();
        drop(stage);
        Some(self.gate.announce(opened))
    }

    /// Espera a que llegue a un final, o a que se pase el plazo; `None` si se pasó.
    ///
    /// Devuelve lo que conteste `reader`, que puede llevarse el resultado.
    pub(crate) fn wait<R>(
        &self,
        deadline: Option<Instant>,
        reader: impl FnOnce(&mut Stage<O>) -> R,
    ) -> Option<R> {
        self.gate.wait(deadline).then(|| self.read(reader))
    }

    /// Encarga `callback` para el final; si ya ha llegado, lo ejecuta ahora.
    pub(crate) fn add_callback(&self, callback: Callback) {
        self.gate.add_callback(callback);
    }

    /// Encarga `hook`, que no tarda, para el momento mismo del final y da con qué retirarlo; si ya ha llegado, lo ejecuta
    /// ahora.
    pub(crate) fn on_end(&self, hook: Callback) -> Option<u64> {
        self.gate.add_hook(hook)
    }

    /// Retira un encargo de `on_end` que aún no se ha ejecutado.
    pub(crate) fn forget(&self, id: u64) {
        self.gate.forget(id);
    }

    /// Lo mismo que `wait`, sin dormir: si aún no ha llegado, apunta a quién despertar.
    pub(crate) fn poll<R>(
        &self,
        waker: &Waker,
        reader: impl FnOnce(&mut Stage<O>) -> R,
    ) -> Option<R> {
        self.gate.poll(waker).then(|| self.read(reader))
    }
}

impl Gate {
    fn new(over: bool) -> Gate {
        Gate {
            state: Mutex::new(State {
                over,
                sleepers: 0,
                watchers: None,
            }),
            ended: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Se ha llegado al final. Falta [anunciarlo](Gate::announce), ya sin el cerrojo del resultado.
    fn open(&self) -> Opened {
        let mut state = self.lock();
        state.over = true;
        Opened {
            asleep: state.sleepers > 0,
            watchers: state.watchers.take(),
        }
    }

    /// Despierta a todos y da los encargos que hay que ejecutar.
    fn announce(&self, Opened { asleep, watchers }: Opened) -> Callbacks {
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

    /// Espera al final; `false` si antes se pasa el plazo.
    fn wait(&self, deadline: Option<Instant>) -> bool {
        let mut state = self.lock();
        let mut _waiting = None;
        while !state.over {
            _waiting.get_or_insert_with(|| wait_for_other(address(self), "un resultado"));
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                return false;
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
        true
    }

    fn add_callback(&self, callback: Callback) {
        let mut state = self.lock();
        if state.over {
            drop(state);
            return callback();
        }
        state.watchers().callbacks.0.push(callback);
    }

    fn add_hook(&self, hook: Callback) -> Option<u64> {
        let mut state = self.lock();
        if state.over {
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

    fn forget(&self, id: u64) {
        let mut state = self.lock();
        let hooks = &mut state.watchers().hooks;
        let place = hooks.binary_search_by_key(&id, |(id, _)| *id);
        let forgotten = place.map(|index| hooks.remove(index));
        // Lo que capturaba puede usar este mismo sitio al soltarse.
        drop(state);
        drop(forgotten);
    }

    /// ¿Ha llegado? Si no, apunta a quién despertar.
    fn poll(&self, waker: &Waker) -> bool {
        let mut state = self.lock();
        if state.over {
            return true;
        }
        let wakers = &mut state.watchers().wakers;
        if !wakers.iter().any(|known| known.will_wake(waker)) {
            wakers.push(waker.clone());
        }
        false
    }
}

impl State {
    fn watchers(&mut self) -> &mut Watchers {
        self.watchers.get_or_insert_default()
    }
}

impl<O> fmt::Debug for Slot<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self.stage() {
            Stage::Pending => "pendiente",
            Stage::Running => "en marcha",
            Stage::Cancelled => "cancelado",
            Stage::Finished(_) => "acabado",
            Stage::Taken => "recogido",
        })
    }
}
