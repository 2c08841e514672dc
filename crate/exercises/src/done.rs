//! `Done`: lo que se sabe de cómo se hicieron unos encargos.

use std::collections::BTreeSet;

use crate::judge::{Mismatch, expect};

/// Lo que se sabe de unos encargos: quién los hizo, cuándo y cuántos a la vez.
///
/// Los métodos que empiezan por `expect` son lo que casi todos los jueces exigen.
///
/// # Examples
///
/// ```
/// use exercises::{Job, Jobs};
///
/// let encargos = Jobs::new(3, 0.01);
/// let recibos: Vec<u64> = encargos.all().iter().map(Job::run).collect();
/// let hecho = encargos.done();
/// assert!(hecho.expect_threads(1).is_ok());
/// assert!(hecho.expect_started(&[0, 1, 2]).is_ok());
/// assert_eq!(hecho.expect_peak(3).unwrap_err().got, "1 a la vez");
/// ```
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
    /// Lee un cuaderno.
    pub(crate) fn read(text: &str) -> Done {
        Done {
            notes: text.lines().filter_map(Note::read).collect(),
        }
    }

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

    /// Exige que llegaran a estar en marcha a la vez justo `wanted`.
    ///
    /// # Errors
    ///
    /// El [`Mismatch`], si fueron más o menos.
    pub fn expect_peak(&self, wanted: usize) -> Result<(), Mismatch> {
        let peak = self.peak();
        expect(
            peak == wanted,
            format!("{wanted} a la vez"),
            format!("{peak} a la vez"),
        )
    }

    /// Exige que los hicieran justo `wanted` hilos.
    ///
    /// # Errors
    ///
    /// El [`Mismatch`], si fueron más o menos.
    pub fn expect_threads(&self, wanted: usize) -> Result<(), Mismatch> {
        let count = |n| match n {
            1 => "un hilo".to_owned(),
            _ => format!("{n} hilos"),
        };
        let threads = self.threads();
        expect(threads == wanted, count(wanted), count(threads))
    }

    /// Exige que ninguno se hiciera en el proceso que pregunta.
    ///
    /// # Errors
    ///
    /// El [`Mismatch`], si alguno se hizo en él.
    pub fn expect_elsewhere(&self) -> Result<(), Mismatch> {
        expect(
            !self.is_here(),
            "ninguno en este proceso",
            "alguno se ha hecho en este proceso",
        )
    }

    /// Exige que empezaran justo los números `wanted`, de menor a mayor; uno que se intentó dos veces va dos veces. El
    /// orden en que empezaron da igual.
    ///
    /// # Errors
    ///
    /// El [`Mismatch`], si falta o sobra alguno.
    pub fn expect_started(&self, wanted: &[u64]) -> Result<(), Mismatch> {
        let mut started = self.started();
        started.sort_unstable();
        expect(
            started == wanted,
            format!("intentados: {wanted:?}"),
            format!("intentados: {started:?}"),
        )
    }

    fn in_order(&self, what: What) -> Vec<u64> {
        let mut notes: Vec<&Note> = self.notes.iter().filter(|n| n.what == what).collect();
        notes.sort_by_key(|note| note.nanos);
        notes.into_iter().map(|note| note.job).collect()
    }
}
