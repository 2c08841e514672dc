//! Las cifras de una traza: sumas y cuántos a la vez.

use std::time::Duration;

use super::{Span, Trace};

/// La suma de lo que duran los tramos que cumplen `counts`, cada uno tantas veces como tareas representa.
pub(super) fn total(trace: &Trace, counts: impl Fn(&Span) -> bool) -> Duration {
    let spans = trace.lanes.iter().flat_map(|lane| &lane.spans);
    let nanos = spans
        .filter(|span| counts(span))
        .map(|span| (span.end - span.start).saturating_mul(u64::from(span.count)))
        .fold(0, u64::saturating_add);
    Duration::from_nanos(nanos)
}

/// Cuántos carriles llegaron a trabajar a la vez.
pub(super) fn concurrency(trace: &Trace) -> usize {
    let spans = trace.lanes.iter().flat_map(|lane| &lane.spans);
    let mut edges: Vec<(u64, i32)> = spans
        .filter(|span| span.counts_as_work())
        .flat_map(|span| [(span.start, 1), (span.end, -1)])
        .collect();
    // En el mismo instante, los que acaban antes que los que empiezan.
    edges.sort_unstable();
    let (mut now, mut most) = (0, 0);
    for (_, change) in edges {
        now += change;
        most = most.max(now);
    }
    usize::try_from(most).unwrap_or(0)
}
