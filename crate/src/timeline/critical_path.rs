//! La ruta crítica: la cadena de tramos que decidió cuánto se tardó.
//!
//! Se recorre hacia atrás desde el final, preguntando en cada momento a quién se esperaba (el camino crítico de Kelley y
//! Walker, «Critical-Path Planning and Scheduling», 1959, con las dependencias que se apuntaron al ejecutar): quien
//! espera lleva a quien lo despertó; una tarea recién cogida de una cola, a la que ocupaba antes ese carril o, si estaba
//! libre, a quien la encargó; y una tarea asíncrona que podía seguir, a la que ocupaba el bucle.

use std::sync::Arc;
use std::time::Duration;

use super::{Lane, LaneKind, Span, State, Task, Trace};

/// Un paso de la [ruta crítica](Trace::critical_path): un tramo de un carril.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    lane: usize,
    name: Arc<str>,
    state: State,
    start: u64,
    end: u64,
}

impl Step {
    /// En qué carril: su sitio en [`Trace::lanes`].
    pub fn lane(&self) -> usize {
        self.lane
    }

    /// El nombre de la tarea, o de lo que se esperaba.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Qué se hacía.
    pub fn state(&self) -> State {
        self.state
    }

    /// Cuándo empieza, desde que se abrió la captura.
    pub fn start(&self) -> Duration {
        Duration::from_nanos(self.start)
    }

    /// Cuándo acaba.
    pub fn end(&self) -> Duration {
        Duration::from_nanos(self.end)
    }

    /// Cuánto dura.
    pub fn duration(&self) -> Duration {
        Duration::from_nanos(self.end - self.start)
    }
}

impl Trace {
    /// La ruta crítica: los pasos, en orden, que decidieron lo que se tardó. Acortar uno acorta el total; acortar lo que no
    /// está en ella, no.
    ///
    /// Va de quien esperaba a quien lo despertó, hasta el principio. De una espera que nadie del crate avisó (un canal de
    /// std, una tubería entre procesos) se cuenta la propia espera.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::timeline::timeline;
    /// use concurrencia::{Thread, sleep};
    ///
    /// let traza = timeline(|| {
    ///     let mut corto = Thread::new(|| sleep(0.5)).with_name("corto");
    ///     let mut largo = Thread::new(|| sleep(2)).with_name("largo");
    ///     corto.start().unwrap();
    ///     largo.start().unwrap();
    ///     corto.join().unwrap();
    ///     largo.join().unwrap();
    /// });
    /// let ruta = traza.critical_path();
    /// let pasa_por = |nombre: &str| ruta.iter().any(|paso| traza.lanes()[paso.lane()].name() == nombre);
    /// assert!(pasa_por("largo") && !pasa_por("corto"));
    /// ```
    pub fn critical_path(&self) -> Vec<Step> {
        let mut path = Vec::new();
        let mut at = self.duration;
        let mut lane = self.main;
        // Cada vuelta retrocede un tramo o salta a otro carril; un salto sin retroceder no se repite más que los carriles.
        let mut jumps = 0;
        while let Some((index, span)) = self.last_before(lane, at) {
            let end = span.end.min(at);
            let woken = span.woken.map(|wake| (wake.lane, wake.at));
            let next = match woken.or_else(|| self.blocker(lane, span)) {
                Some((other, when)) if when <= end && jumps <= self.lanes.len() => {
                    // De que lo despertaron, o de que quedó libre el bucle, a que siguió.
                    if span.state == State::Queued && when < end {
                        push(&mut path, lane, span, end);
                        if let Some(step) = path.last_mut() {
                            step.start = step.start.max(when);
                        }
                    }
                    Next::Jump(other, when)
                }
                _ => {
                    push(&mut path, lane, span, end);
                    self.before(lane, index, span, &mut path)
                }
            };
            let (next_lane, next_at) = match next {
                Next::Stay(at) => (lane, at),
                Next::Jump(lane, at) => (lane, at),
            };
            jumps = if next_at < at { 0 } else { jumps + 1 };
            if jumps > self.lanes.len() + 1 {
                break;
            }
            (lane, at) = (next_lane, next_at);
        }
        path.reverse();
        path
    }

    /// El último tramo de ese carril que empezó antes de `at`.
    fn last_before(&self, lane: usize, at: u64) -> Option<(usize, &Span)> {
        let spans = &self.lanes.get(lane)?.spans;
        let index = spans
            .partition_point(|span| span.start < at)
            .checked_sub(1)?;
        Some((index, &spans[index]))
    }

    /// De dónde viene un tramo que ya está en la ruta.
    fn before(&self, lane: usize, index: usize, span: &Span, path: &mut Vec<Step>) -> Next {
        let stay = Next::Stay(span.start);
        let Some(task) = span.task.map(|task| &self.tasks[task]) else {
            return stay;
        };
        let (Some(queued), Some(submitter)) = (task.queued, task.submitter) else {
            return stay;
        };
        if span.state == State::Queued && task.start.is_none_or(|start| start >= span.end) {
            return Next::Jump(submitter, queued);
        }
        if task.start != Some(span.start) {
            return stay;
        }
        let previous = index
            .checked_sub(1)
            .map(|index| &self.lanes[lane].spans[index]);
        match previous {
            // El carril estaba ocupado con otra cuando se encargó: eso es lo que se esperaba.
            Some(previous) if previous.end > queued => {
                push_queued(path, lane, task, previous.end, span.start);
                Next::Stay(previous.end)
            }
            _ => {
                push_queued(path, lane, task, queued, span.start);
                Next::Jump(submitter, queued)
            }
        }
    }

    /// A qué tarea le estaba dando su turno el bucle mientras otra, en `lane`, lo esperaba; y hasta cuándo.
    fn blocker(&self, lane: usize, span: &Span) -> Option<(usize, u64)> {
        if self.lanes[lane].kind != LaneKind::Task || span.state != State::Queued {
            return None;
        }
        let own = &self.lanes[lane].name;
        let overlap = |turn: &Span| {
            turn.end
                .min(span.end)
                .saturating_sub(turn.start.max(span.start))
        };
        // El turno más largo de los que esperó, si bloqueó de verdad: de muchos turnos cortos no hay un culpable.
        let busy = |lane: &Lane| {
            let next = lane.spans.partition_point(|turn| turn.start < span.end);
            let turns = lane.spans[..next].iter().rev().take(MOST_TURNS);
            turns
                .take_while(|turn| turn.end > span.start)
                .filter(|turn| turn.turn && *turn.name != **own)
                .max_by_key(|turn| overlap(turn))
                .filter(|turn| overlap(turn) >= BLOCKING)
                .map(|turn| (Arc::clone(&turn.name), turn.end.min(span.end)))
        };
        let (name, until) = self.lanes.iter().find_map(busy)?;
        let who = self
            .lanes
            .iter()
            .position(|lane| lane.kind == LaneKind::Task && *lane.name == *name)?;
        (who != lane).then_some((who, until))
    }
}

/// Lo que una tarea esperó en cola, si esperó algo.
fn push_queued(path: &mut Vec<Step>, lane: usize, task: &Task, start: u64, end: u64) {
    if start < end {
        path.push(Step {
            lane,
            name: Arc::clone(&task.name),
            state: State::Queued,
            start,
            end,
        });
    }
}

/// Un turno que dura esto, en nanosegundos, bloquea el bucle.
const BLOCKING: u64 = 1_000_000;

/// Cuántos turnos se miran hacia atrás para saber quién ocupaba el bucle.
const MOST_TURNS: usize = 256;

enum Next {
    Stay(u64),
    Jump(usize, u64),
}

/// Añade un tramo; si sigue al anterior haciendo lo mismo, lo alarga.
fn push(path: &mut Vec<Step>, lane: usize, span: &Span, end: u64) {
    if let Some(last) = path.last_mut()
        && last.lane == lane
        && last.state == span.state
        && last.name == span.name
        && last.start == end
    {
        last.start = span.start;
        return;
    }
    path.push(Step {
        lane,
        name: Arc::clone(&span.name),
        state: span.state,
        start: span.start,
        end,
    });
}
