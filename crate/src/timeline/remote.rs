//! Los procesos en la línea de tiempo: lo que apunta un hijo llega a la captura de su padre.
//!
//! En el hijo, mientras hace algo encargado por un padre que está capturando, hay una captura abierta ([`Away`]). Al
//! acabar, lo apuntado viaja con el resultado y el padre lo junta ([`Remote::hear`]). Los carriles del hijo se conocen por
//! su nombre: los de un encargo son los mismos que los del siguiente.
//!
//! Lo que el padre sabe de primera mano (cuándo empezó y acabó cada tarea) lo apunta él en el carril del hijo, y no se
//! pierde aunque al hijo lo maten o siga en marcha al cerrarse la captura: justo antes de cerrarla se le pregunta a cada
//! [`Reporter`] por lo que aún no haya contado.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::clock::now;
use super::event::{Event, Kind, LaneId, LaneKind, What};
use super::label::Label;
use super::recorder::{self, LaneInfo, Recorded, epoch, is_on, record_at};
use super::{NOTHING, State};

/// Los sucesos que caben en un encargo: un proceso que dure mucho no se llena de ellos (unos 20 MB).
const MAX_EVENTS: usize = 1 << 18;

/// Lo que el hijo le cuenta al padre.
#[derive(Debug, Serialize, Deserialize)]
enum Note {
    /// Ha empezado lo encargado.
    Began { at: u64 },
    /// Ha acabado.
    Ended { at: u64, failed: bool },
    /// Lo apuntado mientras tanto.
    Recorded(Recorded),
}

fn encode(note: &Note) -> Vec<u8> {
    // Son números y textos: no puede fallar.
    postcard::to_stdvec(note).unwrap_or_default()
}

// EN EL HIJO

/// La captura que un hijo abre mientras hace lo que le ha encargado un padre que está capturando.
///
/// No estorba a las que abra el propio hijo. Al soltarla se cierra.
#[derive(Debug)]
pub(crate) struct Away {
    from: u64,
    /// Los sucesos que ya no habían cabido en otra captura que siga abierta.
    lost: usize,
    open: bool,
}

impl Away {
    pub(crate) fn open() -> Away {
        recorder::open_for(MAX_EVENTS);
        Away {
            from: now(),
            lost: recorder::lost(),
            open: true,
        }
    }

    /// Lo que hay que decirle al padre cuando lo encargado empieza.
    pub(crate) fn began() -> Vec<u8> {
        encode(&Note::Began { at: now() })
    }

    /// Lo que hay que decirle cuando acaba.
    pub(crate) fn ended(failed: bool) -> Vec<u8> {
        encode(&Note::Ended { at: now(), failed })
    }

    /// Cierra la captura y da lo que hay que decirle al padre, si se ha apuntado algo.
    pub(crate) fn finish(mut self) -> Option<Vec<u8>> {
        let to = now();
        self.open = false;
        let mut recorded = recorder::close();
        recorded.lost = recorded.lost.saturating_sub(self.lost);
        let recorded = only_between(recorded, self.from, to);
        let empty = recorded.events.is_empty() && recorded.lost == 0;
        (!empty).then(|| encode(&Note::Recorded(recorded)))
    }
}

impl Drop for Away {
    fn drop(&mut self) {
        if self.open {
            recorder::close();
        }
    }
}

/// Lo que pasó entre dos momentos, entero: lo que empezó antes no está y lo que no acabó, acaba ahí.
///
/// Si el hijo tiene otra captura abierta, lo apuntado viene también de antes: eso ya se contó, o no era del encargo.
fn only_between(recorded: Recorded, from: u64, to: u64) -> Recorded {
    let Recorded {
        lanes,
        mut events,
        lost,
    } = recorded;
    events.retain(|event| (from..=to).contains(&event.at));
    events.sort_by_key(|event| event.at);
    let mut begun: Vec<(LaneId, u64)> = Vec::new();
    let mut queued: HashMap<u64, LaneId> = HashMap::new();
    events.retain_mut(|event| {
        let Event { at, lane, what } = event;
        match what {
            What::Begin { object, kind, .. } => {
                begun.push((*lane, *at));
                if *kind == Kind::Task {
                    queued.remove(object);
                }
                *object = global(*object);
            }
            What::End { began, .. } => {
                let place = begun.iter().rposition(|open| open == &(*lane, *began));
                return place.map(|place| begun.remove(place)).is_some();
            }
            What::Signal { object } => {
                queued.remove(object);
                *object = global(*object);
            }
            What::Submit { object, .. } => {
                queued.insert(*object, *lane);
            }
            What::Ready { .. } => {}
        }
        true
    });
    for (lane, began) in begun.into_iter().rev() {
        let what = What::End {
            began,
            failed: false,
        };
        events.push(Event { at: to, lane, what });
    }
    // Lo que sigue en una cola del hijo deja de verse.
    for (object, lane) in queued {
        let what = What::Signal { object };
        events.push(Event { at: to, lane, what });
    }
    Recorded {
        lanes,
        events,
        lost,
    }
}

/// El bit de los números que ya dicen de qué proceso son.
const GLOBAL: u64 = 1 << 61;

/// El número de un objeto, fuera de su proceso: una dirección solo dice algo en el suyo.
fn global(object: u64) -> u64 {
    if object == NOTHING || object >> 61 != 0 {
        return object;
    }
    let pid = u64::from(std::process::id());
    GLOBAL | (object ^ pid << 40).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 3
}

/// El número de algo que varios procesos conocen por el mismo: una memoria compartida, por su nodo.
pub(crate) fn shared_object(inode: u64, offset: usize) -> u64 {
    let place = inode ^ (offset as u64) << 40;
    1 << 62 | place & (GLOBAL - 1)
}

// EN EL PADRE

/// Un proceso hijo en las capturas de su padre.
#[derive(Debug)]
pub(crate) struct Remote {
    name: String,
    lanes: Mutex<Lanes>,
}

/// Los carriles del hijo en la captura de ahora.
#[derive(Debug, Default)]
struct Lanes {
    epoch: u64,
    known: HashMap<LaneKey, LaneId>,
}

/// Por lo que se conoce un carril de un encargo a otro; lo último, cuántos se llamaban igual antes que él.
#[derive(Debug, PartialEq, Eq, Hash)]
struct LaneKey {
    kind: LaneKind,
    name: String,
    process: Option<String>,
    nth: usize,
}

impl Remote {
    pub(crate) fn new(name: impl Into<String>) -> Remote {
        Remote {
            name: name.into(),
            lanes: Mutex::default(),
        }
    }

    fn lane(&self, key: LaneKey) -> LaneId {
        let mut lanes = self.lanes.lock();
        if lanes.epoch != epoch() {
            *lanes = Lanes {
                epoch: epoch(),
                known: HashMap::new(),
            };
        }
        let LaneKey { kind, name, .. } = &key;
        let process = key.process.clone().unwrap_or_else(|| self.name.clone());
        let (kind, name) = (*kind, name.clone());
        *lanes
            .known
            .entry(key)
            .or_insert_with(|| recorder::open_lane_of(kind, name, Some(process)))
    }

    /// El de su hilo principal.
    fn main_lane(&self) -> LaneId {
        self.lane(LaneKey {
            kind: LaneKind::Process,
            name: self.name.clone(),
            process: None,
            nth: 0,
        })
    }

    /// El hijo empezó en `at` una tarea; es la que se encargó con el número `object`.
    pub(crate) fn began(&self, at: u64, object: u64, label: Label) {
        if is_on() {
            let (state, kind) = (State::Run, Kind::Task);
            let what = What::Begin {
                state,
                kind,
                label,
                object,
            };
            record_at(at, self.main_lane(), what);
        }
    }

    /// Acabó en `at` la que había empezado en `began`.
    pub(crate) fn ended(&self, began: u64, at: u64, failed: bool) {
        if is_on() {
            record_at(at, self.main_lane(), What::End { began, failed });
        }
    }

    /// Gracias a él, desde `at` quien espere ese objeto puede seguir.
    pub(crate) fn signal(&self, at: u64, object: u64) {
        if is_on() {
            record_at(at, self.main_lane(), What::Signal { object });
        }
    }

    /// Ejecuta `f` en nombre del hijo: lo que avise, lo ha avisado él.
    pub(crate) fn on_behalf(&self, f: &mut dyn FnMut()) {
        if !is_on() {
            return f();
        }
        let _back = Back(recorder::swap_task_lane(Some((epoch(), self.main_lane()))));
        f();
    }

    /// Lo que cuenta el hijo; lo que haya apuntado se junta aquí.
    pub(crate) fn hear(&self, note: &[u8]) -> Option<Heard> {
        match postcard::from_bytes(note) {
            Ok(Note::Began { at }) => Some(Heard::Began { at }),
            Ok(Note::Ended { at, failed }) => Some(Heard::Ended { at, failed }),
            Ok(Note::Recorded(recorded)) => {
                self.bring(recorded);
                None
            }
            // Del mismo programa: no puede venir mal. Si viniera, la traza se queda sin ello y nada más.
            Err(_) => None,
        }
    }

    fn bring(&self, recorded: Recorded) {
        if !is_on() {
            return;
        }
        let mut seen: HashMap<(LaneKind, &str, Option<&str>), usize> = HashMap::new();
        let mut here = HashMap::new();
        for LaneInfo {
            id,
            kind,
            name,
            process,
        } in &recorded.lanes
        {
            let same = seen
                .entry((*kind, name.as_str(), process.as_deref()))
                .or_default();
            let key = LaneKey {
                kind: *kind,
                name: name.clone(),
                process: process.clone(),
                nth: *same,
            };
            *same += 1;
            here.insert(*id, self.lane(key));
        }
        recorder::bring(recorded.events, recorded.lost, &here);
    }
}

/// Lo que un hijo cuenta de lo encargado.
pub(crate) enum Heard {
    Began { at: u64 },
    Ended { at: u64, failed: bool },
}

/// Deja el carril de la tarea como estaba.
struct Back(Option<(u64, LaneId)>);

impl Drop for Back {
    fn drop(&mut self) {
        recorder::swap_task_lane(self.0);
    }
}

/// Quien sabe algo de otro proceso que aún no ha apuntado.
pub(crate) trait Reporter: Send + Sync {
    /// Apunta lo que sepa.
    fn report(&self);
}

static REPORTERS: Mutex<Vec<Weak<dyn Reporter>>> = Mutex::new(Vec::new());

/// Antes de cerrar una captura se le preguntará, mientras exista.
pub(crate) fn ask_before_closing(reporter: Weak<dyn Reporter>) {
    let mut reporters = REPORTERS.lock();
    reporters.retain(|reporter| reporter.strong_count() > 0);
    reporters.push(reporter);
}

/// Pregunta a todos.
pub(super) fn catch_up() {
    let reporters: Vec<Arc<dyn Reporter>> =
        REPORTERS.lock().iter().filter_map(Weak::upgrade).collect();
    for reporter in reporters {
        reporter.report();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(at: u64, object: u64) -> Event {
        let what = What::Begin {
            state: State::Lock,
            kind: Kind::Span,
            label: "x".into(),
            object,
        };
        Event { at, lane: 7, what }
    }

    fn end(at: u64, began: u64) -> Event {
        let what = What::End {
            began,
            failed: false,
        };
        Event { at, lane: 7, what }
    }

    #[test]
    fn lo_de_otro_encargo_no_va_y_lo_que_sigue_acaba_con_el() {
        let events = vec![
            begin(5, 0),
            begin(12, 0),
            end(13, 5),
            begin(14, 0),
            end(25, 14),
        ];
        let recorded = Recorded {
            lanes: Vec::new(),
            events,
            lost: 0,
        };
        let times: Vec<_> = only_between(recorded, 10, 20)
            .events
            .into_iter()
            .map(|event| match event.what {
                What::End { began, .. } => (event.at, Some(began)),
                _ => (event.at, None),
            })
            .collect();
        assert_eq!(
            times,
            [(12, None), (14, None), (20, Some(14)), (20, Some(12))]
        );
    }

    #[test]
    fn una_direccion_no_es_la_misma_fuera_de_su_proceso() {
        let own = recorder::next_object();
        let shared = shared_object(42, 16);
        assert_eq!(global(own), own);
        assert_eq!(global(shared), shared);
        assert_eq!(global(NOTHING), NOTHING);
        let address = 0x7fff_1234_5678;
        assert_ne!(global(address), address);
        assert_eq!(global(global(address)), global(address));
    }
}
