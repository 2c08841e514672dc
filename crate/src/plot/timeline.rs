//! La línea de tiempo: un carril por hilo, proceso, tarea o cola, y el color de lo que hacía.

use std::time::Duration;

use super::axes::{TICK, X_AXIS_HEIGHT, left_edge, x_axis};
use super::axis::TimeAxis;
use super::canvas::{Anchor, Canvas, Dash, Stroke, Style};
use super::figure::Figure;
use super::fill::{Fill, Texture};
use super::frame::{Area, Body, Frame};
use super::legend::Key;
use super::names::{fit, fit_names};
use super::palette::{Color, GRID, INK, series};
use super::pixels::{Piece, grain, pieces};
use super::text_timeline::text_timeline;
use crate::measure::cores_text;
use crate::text::{Unit, decimal, one_line, shorten, width};
use crate::timeline::{Lane, LaneKind, State, Trace};

/// Los carriles que caben en una figura: 64, el de quien los arranca y una cola. Los demás se cuentan.
pub(super) const MAX_LANES: usize = 66;
/// Los rectángulos de tramos que se pintan como mucho: con más, el archivo crecería sin enseñar nada nuevo.
pub(super) const MAX_PIECES: usize = 900;
/// Los trozos de la ruta crítica que se pintan como mucho.
const MAX_STEPS: usize = 300;
/// Un nombre más largo se abrevia también en el texto.
const LONGEST_NAME: usize = 80;
/// Lo más ancho que puede ser el nombre de un carril.
const NAME_WIDTH: f64 = 200.0;

const NAME: Style = Style {
    size: 14.0,
    color: INK,
    bold: false,
    anchor: Anchor::End,
};
const TASK: Style = Style {
    size: 12.0,
    color: INK,
    bold: false,
    anchor: Anchor::Middle,
};

impl Trace {
    /// La dibuja: un carril por hilo, proceso, tarea asíncrona o cola, y el color y la trama de lo que hacía.
    ///
    /// Cada barra es una tarea con su nombre, si cabe; lo que espera va más bajo que lo que trabaja. El trazo grueso que
    /// corre por debajo de las barras es la [ruta crítica](Trace::critical_path). La cola de un pool sube con cuántas
    /// tareas tiene. El título lo pones tú, y dice la conclusión; al pie van el trabajo, el paralelismo, lo que se perdió
    /// esperando y los núcleos. Si hay más de 64 carriles, o más tramos de los que se distinguirían, la figura resume y
    /// lo dice.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{ThreadPool, sleep, timeline};
    ///
    /// let pool = ThreadPool::new(4)?;
    /// let traza = timeline(|| pool.map(|_: u32| sleep(1), 0..8).unwrap());
    /// let figura = traza.plot("Cuatro hilos, ocho esperas: dos tandas");
    /// assert!(figura.text().contains("ThreadPool"));
    /// # Ok::<(), concurrencia::ThreadError>(())
    /// ```
    pub fn plot(&self, title: impl Into<String>) -> Figure {
        self.drawn(title.into())
    }

    fn drawn(&self, title: String) -> Figure {
        let axis = TimeAxis::up_to(self.duration());
        let layout = Layout::new(self);
        let body = Body {
            height: layout.height + X_AXIS_HEIGHT,
            description: description(self, &axis),
            text: text_timeline(self, &axis, layout.lanes.len()),
        };
        let frame = Frame::new(title, layout.note(self)).with_legend(keys(self));
        frame.figure(body, |canvas, area| layout.draw(canvas, area, self, &axis))
    }
}

/// Cómo se pinta cada estado: color, trama y qué parte del alto del carril ocupa. Sin el color se distinguen igual.
pub(super) fn look(state: State) -> (Fill, f64) {
    match state {
        State::Run => (Fill::solid(series(0)), 1.0),
        State::Io => (Fill::solid(series(4)), 1.0),
        State::Lock => (Fill::textured(series(3), Texture::Rising), 1.0),
        State::Wait => (Fill::solid(Color(200, 200, 200)), 0.3),
        State::Queued => (Fill::textured(series(6), Texture::Vertical), 0.5),
    }
}

/// La leyenda: los estados que salen y la ruta crítica.
fn keys(trace: &Trace) -> Vec<Key> {
    let path = Key::line(Stroke::new(INK, 4.0, Dash::Solid), "ruta crítica");
    present(trace)
        .map(|state| Key::fill(look(state).0, state.name()))
        .chain([path])
        .collect()
}

/// Los estados que salen en la traza.
pub(super) fn present(trace: &Trace) -> impl Iterator<Item = State> {
    let appears = |state: State| {
        let spans = trace.lanes().iter().flat_map(Lane::spans);
        spans.into_iter().any(|span| span.state() == state)
    };
    State::ALL.into_iter().filter(move |&state| appears(state))
}

/// Qué carriles se enseñan y dónde, desde la esquina del cuerpo.
struct Layout {
    /// Los que caben, en orden.
    lanes: Vec<usize>,
    names: Vec<String>,
    hidden: usize,
    row: i32,
    bar: i32,
    height: i32,
    name_width: i32,
    /// Cuántos píxeles mide lo más estrecho que se distingue.
    grain: i32,
}

impl Layout {
    fn new(trace: &Trace) -> Layout {
        let lanes: Vec<usize> = (0..trace.lanes().len()).take(MAX_LANES).collect();
        let (row, bar) = match lanes.len() {
            0..=12 => (40, 24),
            13..=32 => (26, 16),
            _ => (18, 12),
        };
        let names = lanes
            .iter()
            .map(|&lane| shown_name(&trace.lanes()[lane]))
            .collect();
        let names = fit_names(names, NAME.size, NAME_WIDTH);
        let name_width = names
            .iter()
            .map(|name| width(name, NAME.size))
            .fold(0.0, f64::max);
        let mut layout = Layout {
            hidden: trace.lanes().len() - lanes.len(),
            height: row * (lanes.len().max(1) as i32),
            lanes,
            names,
            row,
            bar,
            name_width: name_width.ceil() as i32,
            grain: 1,
        };
        layout.fit(trace);
        layout
    }

    /// Busca el grano más fino con el que no se pasa de [`MAX_PIECES`].
    fn fit(&mut self, trace: &Trace) {
        // El ancho del papel menos los márgenes; el marco da el mismo.
        let plot = Frame::area_width() - self.left();
        self.grain = grain(plot, MAX_PIECES, |grain| {
            let pieces = self.lanes.iter().map(|&lane| {
                pieces(trace.lanes()[lane].spans(), trace.duration(), plot, grain).len()
            });
            pieces.sum()
        });
    }

    fn left(&self) -> i32 {
        self.name_width + 12
    }

    /// El pie.
    fn note(&self, trace: &Trace) -> String {
        let mut parts = vec![
            format!("{} en {}", tasks(trace), readable(trace.duration())),
            format!("trabajo {}", readable(trace.work())),
            format!(
                "paralelismo {} de media y {} como mucho",
                decimal(trace.parallelism(), 1),
                trace.max_parallelism()
            ),
        ];
        if !trace.lost().is_zero() {
            parts.push(format!(
                "perdidos {} entre cerrojos y colas",
                readable(trace.lost())
            ));
        }
        parts.push(cores_text([trace.cores()].into_iter()));
        let panicked = trace.tasks().iter().filter(|task| task.is_panic()).count();
        if panicked > 0 {
            parts.push(counted(
                panicked,
                "tarea acabó en pánico",
                "tareas acabaron en pánico",
            ));
        }
        if self.hidden > 0 {
            parts.push(format!(
                "no caben {} más",
                counted(self.hidden, "carril", "carriles")
            ));
        }
        let shown = self.lanes.iter().map(|&lane| &trace.lanes()[lane]);
        let spans: usize = shown.map(|lane| lane.spans().len()).sum();
        if spans > MAX_PIECES {
            parts.push(format!(
                "{} tramos, resumidos: en cada trozo, lo que más duró",
                decimal(spans as f64, 0)
            ));
        }
        if trace.lost_events() > 0 {
            parts.push(format!(
                "{} sucesos no cupieron",
                decimal(trace.lost_events() as f64, 0)
            ));
        }
        parts.join("; ")
    }

    fn draw(&self, canvas: &mut Canvas, area: Area, trace: &Trace, axis: &TimeAxis) {
        let plot = Area {
            left: area.left + self.left(),
            top: area.top,
            right: area.right,
            bottom: area.top + self.height,
        };
        x_axis(canvas, plot, &axis.ticks(), &axis.title());
        for (i, &lane) in (0..).zip(&self.lanes) {
            let top = plot.top + i * self.row;
            let lane = &trace.lanes()[lane];
            let name = &self.names[i as usize];
            canvas.text(name, (plot.left - 12, top + self.row / 2), NAME);
            if i > 0 {
                canvas.rect((plot.left, top), (plot.width(), 1), GRID);
            }
            self.draw_lane(canvas, plot, top, trace, lane);
        }
        self.draw_path(canvas, plot, trace);
        left_edge(canvas, plot);
        if self.lanes.is_empty() {
            let at = (plot.x(0.5), plot.top + self.row / 2);
            canvas.text("nadie hizo nada mientras tanto", at, TICK);
        }
    }

    fn draw_lane(&self, canvas: &mut Canvas, plot: Area, top: i32, trace: &Trace, lane: &Lane) {
        let pieces = pieces(lane.spans(), trace.duration(), plot.width(), self.grain);
        let deepest = lane
            .spans()
            .iter()
            .map(|span| span.count())
            .max()
            .unwrap_or(1);
        let base = top + (self.row + self.bar) / 2;
        for piece in &pieces {
            let (fill, share) = look(piece.state);
            let share = match lane.kind() {
                LaneKind::Queue => 0.15 + 0.85 * f64::from(piece.count) / f64::from(deepest),
                _ => share,
            };
            let height = (f64::from(self.bar) * share).round() as i32;
            let at = (plot.left + piece.from, base - height);
            draw_piece(canvas, at, (piece.to - piece.from, height), fill);
        }
        if self.bar < 16 {
            return;
        }
        for label in labels(&pieces, lane, trace) {
            let room = f64::from(label.to - label.from - 6);
            let text = fitted(&label.name, room);
            let at = (
                plot.left + i32::midpoint(label.from, label.to),
                base - self.bar / 2,
            );
            if let Some(text) = text {
                let fill = look(label.state).0;
                let color = match fill.texture {
                    Texture::Solid => fill.color.opposite(),
                    _ => INK,
                };
                canvas.text(&text, at, Style { color, ..TASK });
            }
        }
    }

    /// El trazo de la ruta crítica, por debajo de las barras por las que pasa; si es muy menuda, sus trozos más largos.
    fn draw_path(&self, canvas: &mut Canvas, plot: Area, trace: &Trace) {
        let total = trace.duration().as_secs_f64();
        let x = |at: Duration| (at.as_secs_f64() / total * f64::from(plot.width())) as i32;
        let mut pieces: Vec<(usize, i32, i32)> = Vec::new();
        for step in trace.critical_path() {
            let Some(place) = self.lanes.iter().position(|&lane| lane == step.lane()) else {
                continue;
            };
            let (from, to) = (x(step.start()), x(step.end()).max(x(step.start()) + 1));
            match pieces.last_mut() {
                // De lo que se junta en la misma raya, una sola.
                Some((lane, _, end)) if *lane == place && from <= *end + 1 => *end = to.max(*end),
                _ => pieces.push((place, from, to)),
            }
        }
        pieces.sort_by_key(|(_, from, to)| from - to);
        pieces.truncate(MAX_STEPS);
        pieces.sort_unstable_by_key(|&(place, from, _)| (from, place));
        for piece in pieces {
            self.draw_step(canvas, plot, piece);
        }
    }

    fn draw_step(&self, canvas: &mut Canvas, plot: Area, (place, from, to): (usize, i32, i32)) {
        let y = plot.top + place as i32 * self.row + (self.row + self.bar) / 2 + 1;
        let thick = if self.bar < 16 { 2 } else { 4 };
        canvas.rect((plot.left + from, y), (to - from, thick), INK);
    }
}

/// Una barra con contorno; si es tan estrecha que sería todo contorno, solo por arriba y por abajo.
pub(super) fn draw_piece(canvas: &mut Canvas, (x, y): (i32, i32), (w, h): (i32, i32), fill: Fill) {
    if w >= 6 {
        return canvas.outlined((x, y), (w, h), fill);
    }
    canvas.rect((x, y), (w, h), INK);
    if h > 2 {
        canvas.textured((x, y + 1), (w, h - 2), fill);
    }
}

/// Un rótulo: la tarea que ocupa esos píxeles seguidos.
struct Label {
    name: String,
    state: State,
    from: i32,
    to: i32,
}

/// El nombre de cada tarea, una vez: en su trozo más ancho de los que trabajan.
fn labels(pieces: &[Piece], lane: &Lane, trace: &Trace) -> Vec<Label> {
    let mut labels: Vec<(Option<usize>, Label)> = Vec::new();
    for piece in pieces {
        if !matches!(piece.state, State::Run | State::Io | State::Lock) {
            continue;
        }
        let name = match (lane.kind(), piece.task) {
            // En el carril de una tarea asíncrona el nombre ya está a la izquierda; lo que importa es qué espera.
            (LaneKind::Task, _) | (_, None) => piece.name.to_string(),
            (_, Some(task)) => trace.tasks()[task].name().to_owned(),
        };
        if name == lane.name() {
            continue;
        }
        let label = Label {
            name,
            state: piece.state,
            from: piece.from,
            to: piece.to,
        };
        match labels.last_mut() {
            Some((task, last)) if *task == piece.task && last.name == label.name => {
                if label.to - label.from > last.to - last.from {
                    *last = label;
                }
            }
            _ => labels.push((piece.task, label)),
        }
    }
    labels.into_iter().map(|(_, label)| label).collect()
}

/// El rótulo de una tarea, abreviado para que quepa; nada si no cabrían ni tres letras.
fn fitted(text: &str, room: f64) -> Option<String> {
    let fits = |text: &str| width(text, TASK.size) <= room;
    // De «cuadrado 12» lo que distingue es el número.
    if let Some((_, number)) = text.rsplit_once(' ')
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && !fits(text)
        && fits(number)
    {
        return Some(number.to_owned());
    }
    fit(text, TASK.size, room)
}

/// El nombre de un carril, con el de su proceso si es otro.
pub(super) fn shown_name(lane: &Lane) -> String {
    let name = match (lane.process(), lane.kind()) {
        (Some(process), _) if process != lane.name() => format!("{process} · {}", lane.name()),
        (_, LaneKind::Queue) => format!("cola de {}", lane.name()),
        _ => lane.name().to_owned(),
    };
    shorten(&one_line(&name), LONGEST_NAME)
}

/// «8 tareas».
pub(super) fn tasks(trace: &Trace) -> String {
    counted(trace.tasks().len(), "tarea", "tareas")
}

/// «1 carril», «3 carriles».
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        decimal(n as f64, 0),
        if n == 1 { one } else { many }
    )
}

/// Una duración en la unidad que mejor se lee.
pub(super) fn readable(duration: Duration) -> String {
    Unit::fitting(duration).write(duration)
}

/// Lo que se ve, para quien no lo ve.
fn description(trace: &Trace, axis: &TimeAxis) -> String {
    let lanes = trace.lanes().iter().take(12).map(|lane| {
        let states = State::ALL.into_iter().filter_map(|state| {
            let spans = lane.spans().iter().filter(|span| span.state() == state);
            let total: Duration = spans.map(|span| span.duration()).sum();
            (!total.is_zero()).then(|| format!("{} {}", state.name(), axis.unit.write(total)))
        });
        let states: Vec<String> = states.collect();
        format!("{}: {}", shown_name(lane), states.join(", "))
    });
    let lanes: Vec<String> = lanes.collect();
    let more = match trace.lanes().len().saturating_sub(12) {
        0 => String::new(),
        more => format!("; y {} más", counted(more, "carril", "carriles")),
    };
    format!(
        "Línea de tiempo con {}. {}{more}.",
        counted(trace.lanes().len(), "carril", "carriles"),
        lanes.join("; ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::palette::{PAPER, PENCIL};

    #[test]
    fn cada_estado_se_distingue_sin_el_color() {
        let mut seen = Vec::new();
        for state in State::ALL {
            let (fill, share) = look(state);
            assert!(fill.color.contrast(INK) >= 3.0, "{state} con su contorno");
            assert!(INK.contrast(PAPER) >= 3.0 && PENCIL.contrast(PAPER) >= 4.5);
            seen.push((
                fill.texture,
                (share * 100.0) as i32,
                (fill.color.contrast(PAPER) * 2.0) as i32,
            ));
        }
        for (i, one) in seen.iter().enumerate() {
            assert!(!seen[i + 1..].contains(one), "dos estados iguales: {one:?}");
        }
    }

    #[test]
    fn un_nombre_que_no_cabe_se_abrevia_y_antes_deja_el_numero() {
        let wide = width("cuadrado 12", TASK.size);
        assert_eq!(fitted("cuadrado 12", wide).as_deref(), Some("cuadrado 12"));
        assert_eq!(fitted("cuadrado 12", wide * 0.4).as_deref(), Some("12"));
    }
}
