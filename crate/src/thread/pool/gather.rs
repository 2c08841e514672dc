//! `Gather`: junta lo que sale de los trozos de un `map`, lleguen en el orden que lleguen.

use std::sync::Arc;

use parking_lot::Mutex;

use super::async_result::AsyncResult;
use super::segment::Segment;
use crate::thread::ThreadError;

/// Lo que va llegando de un encargo. El último que llega deja el resultado.
pub(super) struct Gather<R> {
    state: Mutex<State<R>>,
    result: AsyncResult<Vec<R>>,
}

struct State<R> {
    arrived: Vec<Segment<R>>,
    delivered: usize,
    /// Cuántas entradas son, cuando ya se sabe.
    expected: Option<usize>,
}

impl<R> Gather<R> {
    pub(super) fn new(result: AsyncResult<Vec<R>>) -> Arc<Gather<R>> {
        Arc::new(Gather {
            state: Mutex::new(State {
                arrived: Vec::new(),
                delivered: 0,
                expected: None,
            }),
            result,
        })
    }

    /// Ya se sabe cuántas entradas son.
    pub(super) fn expect(&self, count: usize) {
        self.update(|state| state.expected = Some(count));
    }

    /// Ha llegado lo de un trozo.
    pub(super) fn deliver(&self, segment: Segment<R>) {
        self.update(|state| {
            state.delivered += segment.count();
            state.arrived.push(segment);
        });
    }

    fn update(&self, change: impl FnOnce(&mut State<R>)) {
        let mut state = self.state.lock();
        change(&mut state);
        if state.expected == Some(state.delivered) {
            let arrived = std::mem::take(&mut state.arrived);
            drop(state);
            self.finish(arrived);
        }
    }

    fn finish(&self, mut arrived: Vec<Segment<R>>) {
        if let Some(error) = first_failure(&arrived) {
            // Antes de soltar los demás resultados: soltarlos es cosa del usuario, y puede entrar en pánico.
            return self.result.finish(Err(error));
        }
        let mut places = Vec::with_capacity(arrived.len());
        let mut count = 0;
        for (place, segment) in arrived.iter().enumerate() {
            places.push((segment.first, place));
            count += segment.results.len();
        }
        sort(&mut places);
        let mut results = Vec::with_capacity(count);
        for (_, place) in places {
            results.append(&mut arrived[place].results);
        }
        self.result.finish(Ok(results));
    }
}

// Aparte, para que ordenar no se compile en cada celda.
fn sort(places: &mut [(usize, usize)]) {
    places.sort_unstable();
}

/// El error de la entrada con el número más bajo de las que fallaron.
fn first_failure<R>(arrived: &[Segment<R>]) -> Option<ThreadError> {
    let mut first: Option<&(usize, ThreadError)> = None;
    for segment in arrived {
        if let Some(failure) = segment.failures.first()
            && first.is_none_or(|first| failure.0 < first.0)
        {
            first = Some(failure);
        }
    }
    first.map(|(_, error)| error.clone())
}
