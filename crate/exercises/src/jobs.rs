//! `Jobs`: los encargos de un caso y lo que se sabe de cómo se hicieron.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use crate::folder::folder;
use crate::job::Job;

/// Unos encargos y el cuaderno en el que se apuntan, que se borra al soltarlos.
///
/// # Examples
///
/// ```
/// use exercises::Jobs;
/// use std::thread;
///
/// let encargos = Jobs::new(4, 0.02);
/// thread::scope(|hilos| {
///     for encargo in encargos.all() {
///         hilos.spawn(move || encargo.run());
///     }
/// });
/// assert_eq!(encargos.done().threads(), 4);
/// ```
#[derive(Debug)]
pub struct Jobs {
    jobs: Vec<Job>,
    log: PathBuf,
}

impl Jobs {
    /// `n` encargos de `seconds` segundos cada uno.
    ///
    /// # Panics
    ///
    /// Si no se puede escribir en la carpeta temporal del sistema.
    pub fn new(n: usize, seconds: f64) -> Jobs {
        Jobs::with_times(&vec![seconds; n])
    }

    /// Un encargo por duración, en segundos.
    ///
    /// # Panics
    ///
    /// Como [`new`](Jobs::new).
    pub fn with_times(seconds: &[f64]) -> Jobs {
        // Distintos en cada comprobación: un recibo copiado de la anterior no vale.
        let chance = RandomState::new();
        let number = chance.hash_one("cuaderno");
        let log = folder().join(format!(
            "concurrencia-encargos-{}-{number:016x}",
            std::process::id()
        ));
        if let Err(error) = fs::File::create_new(&log) {
            panic!(
                "no se pueden apuntar los encargos en {}: {error}",
                log.display()
            );
        }
        let jobs = seconds.iter().zip(0..).map(|(&seconds, id)| Job {
            id,
            seconds,
            receipt: chance.hash_one(id) >> 20,
            log: log.clone(),
            is_faulty: false,
        });
        Jobs {
            jobs: jobs.collect(),
            log,
        }
    }

    /// Los mismos, de los que fallan los números `ids`.
    #[must_use = "failing devuelve los encargos, con los que fallan"]
    pub fn failing(mut self, ids: &[u64]) -> Jobs {
        for job in &mut self.jobs {
            job.is_faulty = ids.contains(&job.id);
        }
        self
    }

    /// Una copia de todos, en orden.
    pub fn all(&self) -> Vec<Job> {
        self.jobs.clone()
    }

    /// El recibo de cada uno, en orden.
    pub fn receipts(&self) -> Vec<u64> {
        self.jobs.iter().map(|job| job.receipt).collect()
    }

    /// Lo apuntado hasta ahora.
    pub fn done(&self) -> Done {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        Done {
            notes: text.lines().filter_map(Note::read).collect(),
        }
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.log);
    }
}

/// Lo que se sabe de unos encargos: quién los hizo, cuándo y cuántos a la vez.
#[derive(Clone, Debug)]
pub struct Done {
    notes: Vec<Note>,
}

#[derive(Clone, Debug)]
struct Note {
    job: u64,
    what: What,
    process: u64,
    thread: u64,
    nanos: u128,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Begins,
    Ends,
    Cancelled,
}

impl Note {
    fn read(line: &str) -> Option<Note> {
        let mut words = line.split(' ');
        Some(Note {
            job: words.next()?.parse().ok()?,
            what: match words.next()? {
                "empieza" => What::Begins,
                "acaba" => What::Ends,
                "cancelado" => What::Cancelled,
                _ => return None,
            },
            process: words.next()?.parse().ok()?,
            thread: words.next()?.parse().ok()?,
            nanos: words.next()?.parse().ok()?,
        })
    }
}

impl Done {
    /// Cuántos llegaron a estar en marcha a la vez.
    pub fn peak(&self) -> usize {
        let mut notes: Vec<&Note> = self.notes.iter().collect();
        notes.sort_by_key(|note| note.nanos);
        let (mut now, mut most) = (0_usize, 0);
        for note in notes {
            now = match note.what {
                What::Begins => now + 1,
                What::Ends | What::Cancelled => now.saturating_sub(1),
            };
            most = most.max(now);
        }
        most
    }

    /// Cuántos hilos distintos hicieron alguno.
    pub fn threads(&self) -> usize {
        let who = self.notes.iter().map(|note| (note.process, note.thread));
        who.collect::<BTreeSet<_>>().len()
    }

    /// Cuántos procesos distintos hicieron alguno.
    pub fn processes(&self) -> usize {
        let who = self.notes.iter().map(|note| note.process);
        who.collect::<BTreeSet<_>>().len()
    }

    /// ¿Se hizo alguno en el proceso que pregunta?
    pub fn is_here(&self) -> bool {
        let here = u64::from(std::process::id());
        self.notes.iter().any(|note| note.process == here)
    }

    /// Los que empezaron, en el orden en que empezaron; uno que se hizo dos veces sale dos veces.
    pub fn started(&self) -> Vec<u64> {
        self.in_order(What::Begins)
    }

    /// Los que acabaron, en el orden en que acabaron.
    pub fn finished(&self) -> Vec<u64> {
        self.in_order(What::Ends)
    }

    /// Los que se cancelaron a medias.
    pub fn cancelled(&self) -> Vec<u64> {
        self.in_order(What::Cancelled)
    }

    /// Los segundos desde que empezó el primero hasta que acabó el último.
    pub fn seconds(&self) -> f64 {
        let times = || self.notes.iter().map(|note| note.nanos);
        let nanos = times().max().unwrap_or(0) - times().min().unwrap_or(0);
        nanos as f64 / 1e9
    }

    /// Los segundos entre el comienzo de uno y el del siguiente, en el orden en que empezaron.
    pub fn gaps(&self) -> Vec<f64> {
        let begins = self.notes.iter().filter(|note| note.what == What::Begins);
        let mut begins: Vec<u128> = begins.map(|note| note.nanos).collect();
        begins.sort_unstable();
        let gaps = begins.windows(2).map(|two| (two[1] - two[0]) as f64 / 1e9);
        gaps.collect()
    }

    fn in_order(&self, what: What) -> Vec<u64> {
        let mut notes: Vec<&Note> = self.notes.iter().filter(|n| n.what == what).collect();
        notes.sort_by_key(|note| note.nanos);
        notes.into_iter().map(|note| note.job).collect()
    }
}
