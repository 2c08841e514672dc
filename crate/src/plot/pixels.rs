//! De los tramos de un carril a píxeles: como mucho, uno por grano.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::timeline::{Span, State};

/// Unos píxeles seguidos en los que un carril hizo lo mismo.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    /// El primer píxel y el que sigue al último.
    pub(super) from: i32,
    pub(super) to: i32,
    pub(super) state: State,
    pub(super) name: Arc<str>,
    pub(super) task: Option<usize>,
    pub(super) count: u32,
}

/// El grano más fino, de `1` en adelante y doblando, con el que `count` trozos no son más de `most`.
pub(super) fn grain(width: i32, most: usize, count: impl Fn(i32) -> usize) -> i32 {
    let mut grain = 1;
    while grain < width && count(grain) > most {
        grain *= 2;
    }
    grain
}

/// Los trozos de unos tramos seguidos en un dibujo de `width` píxeles para toda la `duration`.
///
/// Un tramo que ocupa al menos un grano es un trozo con sus bordes. De los más cortos que caen en el mismo grano se queda
/// el estado que más dura.
pub(super) fn pieces(spans: &[Span], duration: Duration, width: i32, grain: i32) -> Vec<Piece> {
    let total = duration.as_nanos().max(1) as f64;
    let x = |at: Duration| (at.as_nanos() as f64 / total * f64::from(width)).round() as i32;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut spans = spans.iter().peekable();
    while let Some(span) = spans.next() {
        let (from, to) = (x(span.start()), x(span.end()));
        if to - from >= grain.max(1) {
            add(
                &mut pieces,
                Piece {
                    from,
                    to,
                    state: span.state(),
                    name: span.shared_name(),
                    task: span.task(),
                    count: span.count(),
                },
            );
            continue;
        }
        // Todos los cortos que empiezan en este grano.
        let limit = (from / grain + 1) * grain;
        let mut sums: HashMap<State, Duration> = HashMap::new();
        let (mut best, mut end) = (span, to);
        let mut tally = |span: &Span| {
            *sums.entry(span.state()).or_default() += span.duration();
        };
        tally(span);
        while let Some(next) = spans.next_if(|next| {
            x(next.start()) < limit && x(next.end()) - x(next.start()) < grain.max(1)
        }) {
            tally(next);
            end = x(next.end());
            if next.duration() > best.duration() {
                best = next;
            }
        }
        let most = State::ALL
            .into_iter()
            .max_by_key(|state| sums.get(state).copied());
        add(
            &mut pieces,
            Piece {
                from,
                // Lo que no es cero se ve.
                to: end.max(from + 1),
                state: most.unwrap_or(best.state()),
                name: best.shared_name(),
                task: best.task(),
                count: best.count(),
            },
        );
    }
    pieces
}

/// Añade un trozo, sin pisar al anterior; si es lo mismo y está pegado, lo alarga.
fn add(pieces: &mut Vec<Piece>, mut piece: Piece) {
    if let Some(last) = pieces.last_mut() {
        if piece.from < last.to {
            piece.from = last.to;
            if piece.from >= piece.to {
                return;
            }
        }
        if last.to == piece.from
            && last.state == piece.state
            && last.task == piece.task
            && last.name == piece.name
            && last.count == piece.count
        {
            last.to = piece.to;
            return;
        }
    }
    pieces.push(piece);
}
