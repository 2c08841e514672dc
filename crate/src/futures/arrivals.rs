//! `Arrivals`: unos cuantos futuros, según van acabando.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use super::future::Future;
use super::tray::Tray;

/// Los futuros que se esperan y la bandeja donde cada uno deja su número al acabar.
///
/// Al soltarlo retira los encargos que dejó en los que no han acabado.
pub(super) struct Arrivals<T> {
    futures: Vec<Option<Awaited<T>>>,
    left: usize,
    tray: Arc<Tray<usize>>,
}

struct Awaited<T> {
    future: Future<T>,
    /// Con qué retirar su encargo.
    hook: Option<u64>,
}

impl<T> Arrivals<T> {
    /// Empieza a esperar los de `futures`, que no se repiten.
    pub(super) fn new(futures: Vec<Future<T>>) -> Arrivals<T> {
        let tray = Arc::new(Tray::new());
        let watch = |(number, future): (usize, Future<T>)| {
            let tray = Arc::clone(&tray);
            let hook = future.on_end(move || tray.put(number));
            Some(Awaited { future, hook })
        };
        Arrivals {
            left: futures.len(),
            futures: futures.into_iter().enumerate().map(watch).collect(),
            tray,
        }
    }

    /// Cuántos faltan por dar.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Espera al siguiente que acabe; `None` si no falta ninguno o si antes se pasa el plazo.
    pub(super) fn next(&mut self, deadline: Option<Instant>) -> Option<Future<T>> {
        if self.left == 0 {
            return None;
        }
        let number = self.tray.take(deadline)?;
        self.left -= 1;
        self.futures[number].take().map(|awaited| awaited.future)
    }
}

impl<T> Drop for Arrivals<T> {
    fn drop(&mut self) {
        for Awaited { future, hook } in self.futures.drain(..).flatten() {
            if let Some(hook) = hook {
                future.forget(hook);
            }
        }
    }
}

/// Un mango de cada uno, sin repetir ninguno y en el orden en que vienen.
#[expect(
    clippy::mutable_key_type,
    reason = "la clave es qué futuro es, no lo que tiene dentro"
)]
pub(super) fn handles<'a, T: 'a>(
    futures: impl IntoIterator<Item = &'a Future<T>>,
) -> Vec<Future<T>> {
    let futures = futures.into_iter();
    let mut seen = HashSet::with_capacity(futures.size_hint().0);
    futures
        .filter(|future| seen.insert(*future))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn al_soltarlo_retira_lo_que_dejo_en_los_que_no_han_acabado() {
        let futures: Vec<Future<u32>> = (0..3).map(|_| Future::new()).collect();
        futures[1].set_result(1).unwrap();
        let mut arrivals = Arrivals::new(futures.clone());
        let tray = Arc::clone(&arrivals.tray);
        assert_eq!(arrivals.next(None).as_ref(), Some(&futures[1]));
        assert_eq!(Arc::strong_count(&tray), 4);
        drop(arrivals);
        assert_eq!(Arc::strong_count(&tray), 1);
    }
}
