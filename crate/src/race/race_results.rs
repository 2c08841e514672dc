//! `RaceResults`: lo que tardó cada participante, en una tabla y en una figura.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Language, Participant};
use crate::measure::{Measurement, Table, conditions, runs, times, times_less};
use crate::text::{Unit, escape, one_line};
use crate::{Figure, MimeBundle};

/// Lo que ha dado una carrera: lo que tardó cada participante y el resultado en que coinciden.
///
/// En una celda se enseña como tabla, con lo que tarda cada uno frente a la referencia; [`plot`](RaceResults::plot) la
/// dibuja. Clonarla es barato: las copias comparten los datos.
///
/// A un participante se le llama por su nombre, «en serie», o con el lenguaje delante, «Rust: en serie»: si hay dos que
/// se llaman igual, hace falta.
///
/// # Examples
///
/// ```
/// use concurrencia::Race;
///
/// let carrera = Race::new("sumar", 5)
///     .rust("bucle", || (0..1000_u64).fold(0, |a, b| a + b))
///     .rust("fórmula", || 1000 * 999 / 2)
///     .run()?;
/// assert!(carrera.to_string().contains("(referencia)"));
/// assert!(carrera.median("fórmula").is_some());
/// assert!(carrera.ratio("fórmula", "Rust: bucle").is_some());
/// assert_eq!(carrera.ratio("fórmula", "en Cobol"), None);
/// # Ok::<(), concurrencia::RaceError>(())
/// ```
pub struct RaceResults<T>(Arc<Inner<T>>);

struct Inner<T> {
    value: T,
    board: Board,
}

/// Todo menos el valor. No es genérico: enseñar una carrera no se compila en cada celda.
struct Board {
    title: String,
    participants: Vec<Participant>,
    /// El número del que hace de referencia.
    reference: usize,
    warnings: Vec<String>,
    python: Option<String>,
}

impl<T> RaceResults<T> {
    /// Los resultados de una carrera ya medida de otra forma. La referencia es la primera de Python o, si no hay, la
    /// primera.
    ///
    /// Sirve para enseñar siempre la misma tabla o la misma figura.
    ///
    /// # Panics
    ///
    /// Si no hay ninguna medición.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Measurement;
    /// use concurrencia::race::{Language, RaceResults};
    /// use std::time::Duration;
    ///
    /// let medida = |nombre: &str, ms| Measurement::from_samples(nombre, [Duration::from_millis(ms)]);
    /// let carrera = RaceResults::from_measurements(
    ///     "16 sitios",
    ///     (),
    ///     [(Language::Rust, medida("5 hilos", 222)), (Language::Python, medida("en serie", 1080))],
    /// );
    /// assert_eq!(format!("{carrera:?}"), "Race(16 sitios, frente a Python: en serie: Rust: 5 hilos 4,9×)");
    /// ```
    pub fn from_measurements(
        title: impl Into<String>,
        value: T,
        measurements: impl IntoIterator<Item = (Language, Measurement)>,
    ) -> RaceResults<T> {
        let participants: Vec<Participant> = measurements
            .into_iter()
            .map(|(language, measurement)| {
                let key = Participant::key_of(language, &one_line(measurement.name()));
                let samples = measurement.samples().iter().copied();
                let named = Measurement::from_samples(key, samples).with_cores(measurement.cores());
                Participant::new(language, measurement.name(), named, None)
            })
            .collect();
        assert!(
            !participants.is_empty(),
            "no hay nada que comparar: hace falta al menos una medición"
        );
        RaceResults::assemble(title.into(), value, participants, None, Vec::new(), None)
    }

    /// Unos resultados, con al menos un participante.
    pub(super) fn assemble(
        title: String,
        value: T,
        participants: Vec<Participant>,
        reference: Option<&str>,
        warnings: Vec<String>,
        python: Option<String>,
    ) -> RaceResults<T> {
        let board = Board::new(title, participants, reference, warnings, python);
        RaceResults(Arc::new(Inner { value, board }))
    }

    /// El título.
    pub fn title(&self) -> &str {
        &self.0.board.title
    }

    /// Lo que dieron todos: el valor del primero.
    pub fn value(&self) -> &T {
        &self.0.value
    }

    /// Los que corrieron, en el orden en que se dieron.
    pub fn participants(&self) -> &[Participant] {
        &self.0.board.participants
    }

    /// Con quién se comparan los demás.
    pub fn reference(&self) -> &Participant {
        &self.0.board.participants[self.0.board.reference]
    }

    /// Lo que conviene saber: que no hay Python, o que a un guion le faltaba una biblioteca. Suele estar vacío.
    pub fn warnings(&self) -> &[String] {
        &self.0.board.warnings
    }

    /// La versión de Python que corrió («3.11.7»), si corrió alguna.
    pub fn python_version(&self) -> Option<&str> {
        self.0.board.python.as_deref()
    }

    /// Las mediciones, en el orden de los participantes, con el lenguaje en el nombre.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Comparison, Race};
    ///
    /// let carrera = Race::new("sumar", 3).rust("sum", || (0..9).sum::<i32>()).run()?;
    /// let tabla: Comparison = carrera.measurements().collect();
    /// assert_eq!(tabla.measurements()[0].name(), "Rust: sum");
    /// # Ok::<(), concurrencia::RaceError>(())
    /// ```
    pub fn measurements(&self) -> impl ExactSizeIterator<Item = &Measurement> {
        self.0
            .board
            .participants
            .iter()
            .map(Participant::measurement)
    }

    /// El participante que se llama así, si hay uno y solo uno.
    pub fn participant(&self, name: &str) -> Option<&Participant> {
        find(&self.0.board.participants, name).map(|index| &self.0.board.participants[index])
    }

    /// La mediana de lo que tardó el que se llama así, si hay uno y solo uno.
    pub fn median(&self, name: &str) -> Option<Duration> {
        Some(self.participant(name)?.measurement().median())
    }

    /// Cuántas veces menos tarda `a` que `b`: la mediana de `b` partida por la de `a`. Nada si falta alguno.
    ///
    /// Si las dos tardan lo mismo es 1. Si una mediana es cero, el cociente es infinito o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Measurement;
    /// use concurrencia::race::{Language::{Python, Rust}, RaceResults};
    /// use std::time::Duration;
    ///
    /// let medida = |s| Measurement::from_samples("hilos", [Duration::from_secs(s)]);
    /// let carrera = RaceResults::from_measurements("dormir", (), [(Rust, medida(2)), (Python, medida(6))]);
    /// assert_eq!(carrera.ratio("Rust: hilos", "Python: hilos"), Some(3.0));
    /// assert_eq!(carrera.ratio("hilos", "Python: hilos"), None); // ¿cuál de los dos?
    /// ```
    pub fn ratio(&self, a: &str, b: &str) -> Option<f64> {
        Some(self.median(b)?.as_secs_f64() / self.median(a)?.as_secs_f64())
    }

    /// La dibuja: una barra por participante, como [`bars`](crate::bars), y cada lenguaje con su color y su trama.
    ///
    /// El título dice la conclusión. Al pie, además de las condiciones, los [`warnings`](RaceResults::warnings).
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Race;
    ///
    /// let carrera = Race::new("sumar", 3).rust("sum", || (0..9).sum::<i32>()).run()?;
    /// assert!(carrera.plot("Sumar nueve números no es nada").text().contains("Rust: sum"));
    /// # Ok::<(), concurrencia::RaceError>(())
    /// ```
    pub fn plot(&self, title: impl Into<String>) -> Figure {
        crate::plot::race(
            title.into(),
            &self.0.board.participants,
            &self.0.board.warnings,
        )
    }

    /// La enseña en la celda: la tabla y, por si no se puede, el texto. La llama el núcleo.
    pub fn evcxr_display(&self) {
        self.0.board.show();
    }
}

impl Board {
    fn new(
        title: String,
        participants: Vec<Participant>,
        reference: Option<&str>,
        warnings: Vec<String>,
        python: Option<String>,
    ) -> Board {
        let first_python = || {
            participants
                .iter()
                .position(|participant| participant.language() == Language::Python)
        };
        let reference = reference
            .and_then(|key| find(&participants, key))
            .or_else(first_python)
            .unwrap_or(0);
        Board {
            title: one_line(&title),
            participants,
            reference,
            warnings: warnings.iter().map(|warning| one_line(warning)).collect(),
            python,
        }
    }

    fn measurements(&self) -> impl Iterator<Item = &Measurement> {
        self.participants.iter().map(Participant::measurement)
    }

    fn show(&self) {
        let warnings: String = self
            .warnings
            .iter()
            .map(|warning| format!("\n<p lang=\"es\">Aviso: {}</p>", escape(warning)))
            .collect();
        MimeBundle::new()
            .with("text/html", self.table().html() + &warnings)
            .with("text/plain", self.to_string())
            .show();
    }

    fn table(&self) -> Table {
        let longest = |m: &Measurement| m.quartiles().1;
        let unit = Unit::fitting(self.measurements().map(longest).max().unwrap_or_default());
        let with_startup = self
            .participants
            .iter()
            .any(|participant| participant.startup().is_some());
        let mut header = Measurement::header().to_vec();
        header[0] = "participante";
        header.insert(1, "lenguaje");
        header.push("tarda");
        if with_startup {
            header.push("con arranque");
        }
        let reference = self.participants[self.reference]
            .measurement()
            .median()
            .as_secs_f64();
        let rows = self
            .participants
            .iter()
            .enumerate()
            .map(|(i, participant)| {
                let measurement = participant.measurement();
                let mut row = measurement.row(unit);
                row[0] = participant.name().to_owned();
                row.insert(1, participant.language().to_string());
                row.push(if i == self.reference {
                    "(referencia)".to_owned()
                } else {
                    times_less(reference / measurement.median().as_secs_f64())
                });
                if with_startup {
                    let median = participant
                        .startup()
                        .map(|startup| unit.write(startup.median()));
                    row.push(median.unwrap_or_default());
                }
                row
            });
        Table {
            caption: self.caption(),
            header,
            rows: rows.collect(),
        }
    }

    /// «16 sitios: mediana de 5 ejecuciones; 2 núcleos; Python 3.11.7; con arranque: 1 ejecución».
    fn caption(&self) -> String {
        let measurements: Vec<Measurement> = self.measurements().cloned().collect();
        let startups: Vec<Measurement> = self
            .participants
            .iter()
            .filter_map(|participant| participant.startup().cloned())
            .collect();
        let mut caption = format!("{}: {}", self.title, conditions(&measurements));
        if let Some(version) = &self.python {
            caption += &format!("; Python {version}");
        }
        if !startups.is_empty() {
            caption += &format!("; con arranque: {} de un proceso nuevo", runs(&startups));
        }
        caption
    }
}

/// El número del participante que se llama así, con el lenguaje delante o sin él.
fn find(participants: &[Participant], name: &str) -> Option<usize> {
    let with_language = |p: &Participant| Participant::key_of(p.language(), p.name()) == name;
    if let Some(index) = participants.iter().position(with_language) {
        return Some(index);
    }
    let mut named = (0..participants.len()).filter(|&index| participants[index].name() == name);
    let first = named.next()?;
    named.next().is_none().then_some(first)
}

impl<T> Clone for RaceResults<T> {
    fn clone(&self) -> RaceResults<T> {
        RaceResults(Arc::clone(&self.0))
    }
}

/// La tabla, en texto alineado, y los avisos.
impl<T> fmt::Display for RaceResults<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.board, f)
    }
}

/// Una línea con lo esencial.
impl<T> fmt::Debug for RaceResults<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0.board, f)
    }
}

impl fmt::Display for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table().text())?;
        self.warnings
            .iter()
            .try_for_each(|warning| write!(f, "\naviso: {warning}"))
    }
}

impl fmt::Debug for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reference = self.participants[self.reference].measurement();
        let others = self.participants.iter().enumerate();
        let others: Vec<String> = others
            .filter(|(i, _)| *i != self.reference)
            .map(|(_, participant)| {
                let measurement = participant.measurement();
                let ratio = reference.median().as_secs_f64() / measurement.median().as_secs_f64();
                format!("{} {}", measurement.name(), times(ratio, 1))
            })
            .collect();
        write!(f, "Race({}, frente a {}", self.title, reference.name())?;
        if !others.is_empty() {
            write!(f, ": {}", others.join("; "))?;
        }
        write!(f, ")")
    }
}
