//! La misma línea de tiempo, con caracteres.

use super::axis::TimeAxis;
use super::pixels::pieces;
use super::timeline::{MAX_LANES, counted, present, shown_name};
use crate::text::{one_line, shorten};
use crate::timeline::{State, Trace};

/// Las columnas del dibujo.
const COLUMNS: usize = 72;
const NAME_COLUMNS: usize = 32;

/// El carácter de cada estado.
fn mark(state: State) -> char {
    match state {
        State::Run => '█',
        State::Io => '▒',
        State::Lock => 'x',
        State::Wait => '·',
        State::Queued => '○',
    }
}

/// Una línea por carril, las marcas del eje, lo que significa cada carácter y las tareas, una por línea.
pub(super) fn text_timeline(trace: &Trace, axis: &TimeAxis, shown: usize) -> String {
    let lanes = &trace.lanes()[..shown.min(MAX_LANES)];
    let names: Vec<String> = lanes
        .iter()
        .map(|lane| shorten(&shown_name(lane), NAME_COLUMNS))
        .collect();
    let name_width = names
        .iter()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or(0);
    let mut out = Vec::new();
    for (lane, name) in lanes.iter().zip(&names) {
        let mut row = vec![' '; COLUMNS];
        let pieces = pieces(lane.spans(), trace.duration(), COLUMNS as i32, 1);
        for piece in pieces {
            let (from, to) = (piece.from as usize, (piece.to as usize).min(COLUMNS));
            for cell in &mut row[from.min(to)..to] {
                *cell = mark(piece.state);
            }
        }
        let row: String = row.into_iter().collect();
        out.push(format!("{name:<name_width$} |{row}|"));
    }
    if trace.lanes().len() > lanes.len() {
        let more = trace.lanes().len() - lanes.len();
        out.push(format!("(y {} más)", counted(more, "carril", "carriles")));
    }
    out.push(format!(
        "{:<name_width$} 0{:>width$}",
        "",
        axis.unit.write(trace.duration()),
        width = COLUMNS + 1
    ));
    let legend: Vec<String> = present(trace)
        .map(|state| format!("{} {}", mark(state), state.name()))
        .collect();
    out.push(legend.join("   "));
    out.push(String::new());
    out.extend(task_lines(trace, axis));
    out.join("\n")
}

/// Un nombre de una línea, abreviado si es larguísimo.
fn legible(name: &str) -> String {
    shorten(&one_line(name), 2 * NAME_COLUMNS)
}

/// Las tareas que se listan; las demás se cuentan.
const LISTED: usize = 20;

fn task_lines(trace: &Trace, axis: &TimeAxis) -> Vec<String> {
    let mut lines: Vec<String> = trace
        .tasks()
        .iter()
        .take(LISTED)
        .map(|task| {
            let lane = task.lane().map_or_else(
                || "nadie".to_owned(),
                |lane| legible(trace.lanes()[lane].name()),
            );
            let when = match (task.start(), task.end()) {
                (Some(start), Some(end)) => {
                    format!("de {} a {}", axis.unit.write(start), axis.unit.write(end))
                }
                (Some(start), None) => format!("desde {}, sin acabar", axis.unit.write(start)),
                _ => "no llegó a empezar".to_owned(),
            };
            let failed = if task.is_panic() { ", en pánico" } else { "" };
            format!("{}: {lane}, {when}{failed}", legible(task.name()))
        })
        .collect();
    if trace.tasks().len() > LISTED {
        let more = trace.tasks().len() - LISTED;
        lines.push(format!("y {} más", counted(more, "tarea", "tareas")));
    }
    lines
}
