//! La cascada de esperas: una fila por tarea, desde que se encarga hasta que acaba.

use std::time::Duration;

use super::axes::{X_AXIS_HEIGHT, left_edge, x_axis};
use super::axis::TimeAxis;
use super::canvas::{Anchor, Canvas, Style};
use super::figure::Figure;
use super::frame::{Area, Body, Frame};
use super::legend::Key;
use super::names::fit_names;
use super::palette::{GRID, INK, PAPER};
use super::pixels::{grain, pieces};
use super::timeline::{MAX_PIECES, counted, draw_piece, look, readable, tasks};
use crate::measure::cores_text;
use crate::text::{one_line, shorten, width};
use crate::timeline::{Span, State, Task, Trace};

/// Las tareas que caben en una figura; las demás se cuentan.
const MAX_ROWS: usize = 64;
/// Lo más ancho que puede ser el nombre de una tarea.
const NAME_WIDTH: f64 = 200.0;
/// Un nombre más largo se abrevia también en el texto.
const LONGEST_NAME: usize = 80;
const VALUE_WIDTH: i32 = 76;

const NAME: Style = Style {
    size: 14.0,
    color: INK,
    bold: false,
    anchor: Anchor::End,
};
const VALUE: Style = Style {
    size: 13.0,
    color: INK,
    bold: false,
    anchor: Anchor::Start,
};

impl Trace {
    /// La dibuja como cascada: una fila por tarea, de cuando se encarga a cuando acaba, con lo que esperó y lo que trabajó.
    ///
    /// Al lado de cada una, cuánto tardó desde que se encargó. Enseña las 64 primeras; las demás se cuentan al pie. Para ver
    /// quién las hizo, [`plot`](Trace::plot).
    ///
    /// # En Python
    ///
    /// La vista de red de las herramientas de un navegador.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{ThreadPool, sleep, timeline};
    ///
    /// let pool = ThreadPool::new(2)?;
    /// let traza = timeline(|| pool.map(|_: u32| sleep(1), 0..6).unwrap());
    /// let figura = traza.waterfall("Con dos hilos, la última espera dos turnos en la cola");
    /// assert!(figura.text().contains("en cola"));
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn waterfall(&self, title: impl Into<String>) -> Figure {
        self.cascade(title.into())
    }

    fn cascade(&self, title: String) -> Figure {
        let axis = TimeAxis::up_to(self.duration());
        let mut rows: Vec<Row> = (0..self.tasks().len())
            .map(|task| Row::of(self, task))
            .collect();
        rows.sort_by_key(|row| row.from());
        let hidden = rows.len().saturating_sub(MAX_ROWS);
        rows.truncate(MAX_ROWS);
        let states = State::ALL.into_iter().filter(|&state| {
            rows.iter()
                .flat_map(|row| &row.pieces)
                .any(|piece| piece.state() == state)
        });
        let keys: Vec<Key> = states
            .map(|state| Key::fill(look(state).0, state.name()))
            .collect();
        let text = rows
            .iter()
            .map(|row| row.text(&axis))
            .collect::<Vec<_>>()
            .join("\n");
        let step = if rows.len() > 24 { 18 } else { 26 };
        let height = step * (rows.len().max(1) as i32);
        let body = Body {
            height: height + X_AXIS_HEIGHT,
            description: format!(
                "Cascada de esperas, una fila por tarea. {}.",
                text.replace('\n', "; ")
            ),
            text,
        };
        let frame = Frame::new(title, note(self, hidden)).with_legend(keys);
        frame.figure(body, |canvas, area| {
            draw(canvas, area, &rows, self.duration(), step);
        })
    }
}

/// Una tarea y lo que hizo.
struct Row {
    name: String,
    pieces: Vec<Span>,
    unfinished: bool,
}

impl Row {
    fn of(trace: &Trace, index: usize) -> Row {
        let task: &Task = &trace.tasks()[index];
        let start = task.start().unwrap_or(trace.duration());
        let mut pieces: Vec<Span> = Vec::new();
        if let Some(queued) = task.queued()
            && queued < start
        {
            pieces.push(Span::drawn(State::Queued, queued, start));
        }
        let spans = task
            .lane()
            .map_or(&[][..], |lane| trace.lanes()[lane].spans());
        let first = spans.partition_point(|span| span.end() <= start);
        let end = task.end().unwrap_or(trace.duration());
        for span in &spans[first..] {
            if span.start() >= end {
                break;
            }
            // Lo que hacen las tareas que empezó dentro también es suyo.
            pieces.push(Span::drawn(span.state(), span.start(), span.end()));
        }
        let panicked = if task.is_panic() { " (pánico)" } else { "" };
        Row {
            name: format!(
                "{}{panicked}",
                shorten(&one_line(task.name()), LONGEST_NAME)
            ),
            pieces,
            unfinished: task.end().is_none(),
        }
    }

    fn from(&self) -> Duration {
        self.pieces.first().map_or(Duration::ZERO, Span::start)
    }

    fn total(&self) -> Duration {
        self.pieces.last().map_or(Duration::ZERO, Span::end) - self.from()
    }

    fn value(&self, axis: &TimeAxis) -> String {
        let more = if self.unfinished { "…" } else { "" };
        format!("{}{more}", axis.unit.write(self.total()))
    }

    fn text(&self, axis: &TimeAxis) -> String {
        let states = State::ALL.into_iter().filter_map(|state| {
            let pieces = self.pieces.iter().filter(|piece| piece.state() == state);
            let total: Duration = pieces.map(Span::duration).sum();
            (!total.is_zero()).then(|| format!("{} {}", state.name(), axis.unit.write(total)))
        });
        let states: Vec<String> = states.collect();
        format!(
            "{}: {} ({})",
            self.name,
            self.value(axis),
            states.join(", ")
        )
    }
}

fn note(trace: &Trace, hidden: usize) -> String {
    let mut parts = vec![format!(
        "{} en {}",
        tasks(trace),
        readable(trace.duration())
    )];
    let queued = trace.total(State::Queued);
    if !queued.is_zero() {
        parts.push(format!("en cola, {} sumados", readable(queued)));
    }
    parts.push(cores_text([trace.cores()].into_iter()));
    if hidden > 0 {
        parts.push(format!(
            "no caben {} más",
            counted(hidden, "tarea", "tareas")
        ));
    }
    parts.join("; ")
}

fn draw(canvas: &mut Canvas, area: Area, rows: &[Row], duration: Duration, step: i32) {
    let axis = TimeAxis::up_to(duration);
    let names = rows.iter().map(|row| row.name.clone()).collect();
    let names = fit_names(names, NAME.size, NAME_WIDTH);
    let widest = names
        .iter()
        .map(|name| width(name, NAME.size))
        .fold(0.0, f64::max);
    let plot = Area {
        left: area.left + widest.ceil() as i32 + 12,
        top: area.top,
        right: area.right - VALUE_WIDTH,
        bottom: area.top + step * (rows.len().max(1) as i32),
    };
    x_axis(canvas, plot, &axis.ticks(), &axis.title());
    let full = step - 8;
    let grain = grain(plot.width(), MAX_PIECES, |grain| {
        let count = |row: &Row| pieces(&row.pieces, duration, plot.width(), grain).len();
        rows.iter().map(count).sum()
    });
    for (i, (row, name)) in (0..).zip(rows.iter().zip(&names)) {
        let top = plot.top + i * step;
        if i > 0 {
            canvas.rect((plot.left, top), (plot.width(), 1), GRID);
        }
        canvas.text(name, (plot.left - 12, top + step / 2), NAME);
        let base = top + step - 4;
        let mut right = plot.left;
        for piece in pieces(&row.pieces, duration, plot.width(), grain) {
            let (fill, share) = look(piece.state);
            let height = (f64::from(full) * share).round() as i32;
            let at = (plot.left + piece.from, base - height);
            draw_piece(canvas, at, (piece.to - piece.from, height), fill);
            right = plot.left + piece.to;
        }
        let value = row.value(&axis);
        let room = width(&value, VALUE.size).ceil() as i32;
        // Un hueco en la retícula: una raya entre las cifras se lee mal.
        canvas.rect((right + 4, top + 2), (room + 6, step - 3), PAPER);
        canvas.text(&value, (right + 7, top + step / 2), VALUE);
    }
    left_edge(canvas, plot);
}
