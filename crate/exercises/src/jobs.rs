//! `Jobs`: los encargos de un caso y el cuaderno en el que se apuntan.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use crate::done::Done;
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
        Done::read(&text)
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.log);
    }
}
