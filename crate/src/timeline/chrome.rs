//! La traza en el formato de Chrome, el que abren Perfetto y `chrome://tracing`, de ida y de vuelta.
//!
//! Es el «Trace Event Format» de Google: cada tramo es un suceso `X` con su principio y su duración en microsegundos, y
//! cada carril, un hilo con su nombre. Lo que ese formato no sabe decir (tareas, núcleos, quién encargó qué) va en la
//! clave `concurrencia`, que los demás programas pasan por alto.

#![allow(
    clippy::question_mark,
    reason = "lo que escribe la derivación de nanoserde"
)]

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::{fmt, fs, io};

use nanoserde::{DeJson, SerJson};

use super::span::Wake;
use super::{Lane, LaneKind, Span, State, Task, Trace};

#[derive(DeJson, SerJson)]
struct Document {
    #[nserde(rename = "traceEvents")]
    events: Vec<Event>,
    #[nserde(rename = "displayTimeUnit")]
    unit: String,
    concurrencia: Extra,
}

/// Lo que no cabe en los sucesos.
#[derive(DeJson, SerJson)]
struct Extra {
    duration_ns: u64,
    cores: usize,
    main: usize,
    events: usize,
    lost: usize,
    lanes: Vec<ExtraLane>,
    tasks: Vec<ExtraTask>,
}

#[derive(DeJson, SerJson)]
struct ExtraLane {
    name: String,
    kind: LaneKind,
    process: Option<String>,
}

#[derive(DeJson, SerJson)]
struct ExtraTask {
    name: String,
    lane: Option<usize>,
    queued_ns: Option<u64>,
    submitter: Option<usize>,
    start_ns: Option<u64>,
    end_ns: Option<u64>,
    failed: bool,
}

#[derive(DeJson, SerJson)]
struct Event {
    name: String,
    ph: String,
    pid: usize,
    tid: usize,
    cat: Option<String>,
    /// En microsegundos, con tres decimales: ni un nanosegundo de menos.
    ts: Option<f64>,
    dur: Option<f64>,
    args: Args,
}

#[derive(Default, DeJson, SerJson)]
struct Args {
    name: Option<String>,
    sort_index: Option<usize>,
    state: Option<State>,
    task: Option<usize>,
    turn: Option<bool>,
    count: Option<u32>,
    /// Quién despertó a quien esperaba, y cuándo.
    woken: Option<(usize, u64)>,
}

/// No se ha podido guardar o leer una traza: la ruta y el porqué.
///
/// # Examples
///
/// ```
/// use concurrencia::timeline::Trace;
///
/// let error = Trace::load("no_existe.json").unwrap_err();
/// assert!(error.to_string().contains("no_existe.json"));
/// ```
#[derive(Debug)]
pub struct TraceError {
    path: String,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Write(io::Error),
    Read(io::Error),
    /// No es una traza de las que guarda este crate.
    Format(String),
}

impl TraceError {
    /// ¿El archivo se lee, pero no es una traza guardada con [`Trace::save`]?
    pub fn is_format(&self) -> bool {
        matches!(self.cause, Cause::Format(_))
    }

    fn new(path: &Path, cause: Cause) -> TraceError {
        let path = path.display().to_string();
        TraceError { path, cause }
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.cause {
            Cause::Write(error) => write!(
                f,
                "no se puede guardar la traza en «{path}»: {error}; mira que la carpeta exista y puedas escribir en ella"
            ),
            Cause::Read(error) => write!(f, "no se puede leer la traza de «{path}»: {error}"),
            Cause::Format(why) => write!(
                f,
                "«{path}» no es una traza guardada con Trace::save: {why}"
            ),
        }
    }
}

impl std::error::Error for TraceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.cause {
            Cause::Write(error) | Cause::Read(error) => Some(error),
            Cause::Format(_) => None,
        }
    }
}

impl Trace {
    /// La traza como documento JSON en el formato de Chrome.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::timeline::{span, timeline};
    ///
    /// let json = timeline(|| span("sumar", || 2 + 2)).to_chrome();
    /// assert!(json.contains("\"traceEvents\"") && json.contains("sumar"));
    /// ```
    pub fn to_chrome(&self) -> String {
        self.document().serialize_json()
    }

    /// La guarda en un archivo JSON que abren [Perfetto](https://ui.perfetto.dev) y `chrome://tracing`, y que
    /// [`load`](Trace::load) vuelve a leer (si ya existía, lo sustituye).
    ///
    /// **Bloquea** lo que tarde el disco.
    ///
    /// # Errors
    ///
    /// El del sistema, con la ruta.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::sleep;
    /// use concurrencia::timeline::{Trace, timeline};
    ///
    /// let traza = timeline(|| sleep(0.1));
    /// let ruta = std::env::temp_dir().join(format!("concurrencia-traza-{}.json", std::process::id()));
    /// traza.save(&ruta)?;
    /// assert_eq!(Trace::load(&ruta)?, traza);
    /// # std::fs::remove_file(&ruta).unwrap();
    /// # Ok::<(), concurrencia::timeline::TraceError>(())
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), TraceError> {
        let path = path.as_ref();
        fs::write(path, self.to_chrome())
            .map_err(|error| TraceError::new(path, Cause::Write(error)))
    }

    /// Lee una traza guardada con [`save`](Trace::save).
    ///
    /// **Bloquea** lo que tarde el disco.
    ///
    /// # Errors
    ///
    /// El del sistema, con la ruta; [`is_format`](TraceError::is_format) si el archivo no es de los que guarda `save`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::timeline::Trace;
    ///
    /// assert!(Trace::load("Cargo.toml").unwrap_err().is_format());
    /// ```
    pub fn load(path: impl AsRef<Path>) -> Result<Trace, TraceError> {
        let path = path.as_ref();
        let text =
            fs::read_to_string(path).map_err(|error| TraceError::new(path, Cause::Read(error)))?;
        Trace::from_chrome(&text).map_err(|why| TraceError::new(path, Cause::Format(why)))
    }

    /// Lee el documento que escribe [`to_chrome`](Trace::to_chrome); si no lo es, dice por qué.
    fn from_chrome(text: &str) -> Result<Trace, String> {
        let document: Document =
            DeJson::deserialize_json(text).map_err(|error| error.to_string())?;
        let extra = document.concurrencia;
        let mut trace = Trace {
            duration: extra.duration_ns,
            cores: extra.cores,
            main: extra.main,
            lanes: extra.lanes.into_iter().map(ExtraLane::into_lane).collect(),
            tasks: extra.tasks.into_iter().map(ExtraTask::into_task).collect(),
            events: extra.events,
            lost: extra.lost,
        };
        for event in document.events {
            trace.read(event)?;
        }
        let (lanes, tasks) = (trace.lanes.len(), trace.tasks.len());
        let fits = |at: Option<usize>, len| at.is_none_or(|at| at < len);
        let whole = trace.main < lanes
            && trace
                .tasks
                .iter()
                .all(|task| fits(task.lane, lanes) && fits(task.submitter, lanes))
            && trace.lanes.iter().all(|lane| {
                let pairs = lane.spans.windows(2);
                pairs.into_iter().all(|pair| pair[0].end <= pair[1].start)
            })
            && trace.lanes.iter().flat_map(|lane| &lane.spans).all(|span| {
                span.start <= span.end
                    && span.end <= trace.duration
                    && fits(span.task, tasks)
                    && fits(span.woken.map(|wake| wake.lane), lanes)
            });
        whole.then_some(trace).ok_or_else(|| {
            "nombra carriles, tareas o tiempos que no tiene, o sus tramos se solapan".to_owned()
        })
    }

    fn read(&mut self, event: Event) -> Result<(), String> {
        let ("X", Some(ts), Some(dur)) = (&*event.ph, event.ts, event.dur) else {
            return Ok(());
        };
        let lane = event
            .tid
            .checked_sub(1)
            .and_then(|lane| self.lanes.get_mut(lane))
            .ok_or_else(|| format!("el tramo «{}» está en un carril que no existe", event.name))?;
        let start = to_nanos(ts);
        lane.spans.push(Span {
            start,
            end: start.saturating_add(to_nanos(dur)),
            state: event
                .args
                .state
                .ok_or_else(|| format!("el tramo «{}» no dice qué hacía", event.name))?,
            name: event.name.into(),
            task: event.args.task,
            turn: event.args.turn.unwrap_or(false),
            count: event.args.count.unwrap_or(1),
            woken: event.args.woken.map(|(lane, at)| Wake { lane, at }),
        });
        Ok(())
    }

    fn document(&self) -> Document {
        // Cada proceso, un `pid`; el 1 es el que abrió la captura.
        let mut pids: HashMap<Option<&str>, usize> = HashMap::from([(None, 1)]);
        let mut events = vec![metadata("process_name", 1, 0, "este proceso")];
        for (index, lane) in self.lanes.iter().enumerate() {
            let next = pids.len() + 1;
            let pid = *pids.entry(lane.process()).or_insert(next);
            if pid == next {
                events.push(metadata(
                    "process_name",
                    pid,
                    0,
                    lane.process().unwrap_or(""),
                ));
            }
            let tid = index + 1;
            events.push(metadata("thread_name", pid, tid, &lane.name));
            events.push(Event {
                args: Args {
                    sort_index: Some(index),
                    ..Args::default()
                },
                ..metadata("thread_sort_index", pid, tid, "")
            });
            events.extend(lane.spans.iter().map(|span| written(span, pid, tid)));
        }
        Document {
            events,
            unit: "ms".to_owned(),
            concurrencia: Extra {
                duration_ns: self.duration,
                cores: self.cores,
                main: self.main,
                events: self.events,
                lost: self.lost,
                lanes: self.lanes.iter().map(ExtraLane::of).collect(),
                tasks: self.tasks.iter().map(ExtraTask::of).collect(),
            },
        }
    }
}

fn metadata(what: &str, pid: usize, tid: usize, name: &str) -> Event {
    Event {
        name: what.to_owned(),
        ph: "M".to_owned(),
        pid,
        tid,
        cat: None,
        ts: None,
        dur: None,
        args: Args {
            name: Some(name.to_owned()),
            ..Args::default()
        },
    }
}

fn written(span: &Span, pid: usize, tid: usize) -> Event {
    Event {
        name: span.name.to_string(),
        ph: "X".to_owned(),
        pid,
        tid,
        cat: Some(span.state.name().to_owned()),
        ts: Some(to_micros(span.start)),
        dur: Some(to_micros(span.end - span.start)),
        args: Args {
            state: Some(span.state),
            task: span.task,
            turn: span.turn.then_some(true),
            count: (span.count != 1).then_some(span.count),
            woken: span.woken.map(|wake| (wake.lane, wake.at)),
            ..Args::default()
        },
    }
}

fn to_micros(nanos: u64) -> f64 {
    nanos as f64 / 1000.0
}

fn to_nanos(micros: f64) -> u64 {
    (micros * 1000.0).round() as u64
}

impl ExtraLane {
    fn of(lane: &Lane) -> ExtraLane {
        ExtraLane {
            name: lane.name.clone(),
            kind: lane.kind,
            process: lane.process.clone(),
        }
    }

    fn into_lane(self) -> Lane {
        Lane {
            name: self.name,
            kind: self.kind,
            process: self.process,
            spans: Vec::new(),
        }
    }
}

impl ExtraTask {
    fn of(task: &Task) -> ExtraTask {
        ExtraTask {
            name: task.name.to_string(),
            lane: task.lane,
            queued_ns: task.queued,
            submitter: task.submitter,
            start_ns: task.start,
            end_ns: task.end,
            failed: task.failed,
        }
    }

    fn into_task(self) -> Task {
        Task {
            name: Arc::from(self.name),
            lane: self.lane,
            queued: self.queued_ns,
            submitter: self.submitter,
            start: self.start_ns,
            end: self.end_ns,
            failed: self.failed,
        }
    }
}
