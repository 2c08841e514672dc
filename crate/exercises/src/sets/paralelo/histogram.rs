//! Las páginas y el total de «paralelo-09».

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use concurrencia::fastrand::Rng;

use crate::done::Done;
use crate::job::Job;
use crate::jobs::Jobs;

/// Cuántas veces sale cada palabra.
pub(super) type Counts = BTreeMap<String, u64>;
/// Suma unas cuentas al total.
pub(super) type Total = Arc<dyn Fn(Counts) + Send + Sync>;

/// Un total al que se suma de uno en uno, despacio, y que sabe cuántas veces han ido.
#[derive(Default)]
pub(super) struct Tally {
    counts: Mutex<Counts>,
    visits: AtomicUsize,
}

impl Tally {
    fn add(&self, some: Counts) {
        self.visits.fetch_add(1, SeqCst);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        thread::sleep(Duration::from_millis(2));
        for (word, n) in some {
            *counts.entry(word).or_default() += n;
        }
    }

    /// La función que se da a quien hace el ejercicio.
    pub(super) fn shared(self: &Arc<Self>) -> Total {
        let tally = Arc::clone(self);
        Arc::new(move |some| tally.add(some))
    }

    /// Cuántas veces se ha ido.
    pub(super) fn visits(&self) -> usize {
        self.visits.load(SeqCst)
    }

    /// Lo que lleva sumado.
    pub(super) fn counts(&self) -> Counts {
        self.counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Páginas con texto al azar, siempre el mismo, y lo que se tarda en leer cada una.
pub(super) struct Pages {
    jobs: Jobs,
    texts: Vec<String>,
}

impl Pages {
    /// `n` páginas de `words` palabras, que se leen en `seconds` segundos cada una.
    pub(super) fn new(n: usize, seconds: f64, words: usize) -> Pages {
        const WORDS: [&str; 6] = ["hilo", "cerrojo", "cola", "carrera", "núcleo", "pánico"];
        let mut rng = Rng::with_seed(9);
        let mut text = || {
            let words: Vec<&str> = (0..words).map(|_| WORDS[rng.usize(..6)]).collect();
            words.join(" ")
        };
        Pages {
            jobs: Jobs::new(n, seconds),
            texts: (0..n).map(|_| text()).collect(),
        }
    }

    /// Cada una, con el encargo de leerla.
    pub(super) fn all(&self) -> Vec<(Job, String)> {
        self.jobs
            .all()
            .into_iter()
            .zip(self.texts.clone())
            .collect()
    }

    /// Lo que se sabe de cómo se leyeron.
    pub(super) fn done(&self) -> Done {
        self.jobs.done()
    }

    /// La cuenta exacta.
    pub(super) fn counts(&self) -> Counts {
        let mut counts = Counts::new();
        for word in self.texts.iter().flat_map(|text| text.split_whitespace()) {
            *counts.entry(word.to_owned()).or_default() += 1;
        }
        counts
    }
}

/// Repartido como se pide, pero con un viaje al total por palabra.
pub(super) fn word_by_word(pages: &[(Job, String)], threads: usize, total: &Total) {
    thread::scope(|scope| {
        for pages in pages.chunks(pages.len().div_ceil(threads).max(1)) {
            scope.spawn(move || {
                for (job, text) in pages {
                    job.run();
                    for word in text.split_whitespace() {
                        total(Counts::from([(word.to_owned(), 1)]));
                    }
                }
            });
        }
    });
}
