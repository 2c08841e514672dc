//! `Summary`: lo que va hecho y lo que toca.

use std::ops::Add;

use crate::{Book, Catalog, Progress};

/// Lo que va hecho de un catálogo, libro a libro, y el ejercicio que toca.
///
/// # Examples
///
/// ```
/// # let root = std::env::temp_dir().join(format!("catalogo-resumen-{}", std::process::id()));
/// # std::fs::create_dir_all(root.join("curso/ejercicios"))?;
/// # std::fs::write(root.join("curso/ejercicios/1_hilos.ipynb"), catalog::EXAMPLE)?;
/// # let catalog = catalog::Catalog::load(&root)?;
/// # std::fs::remove_dir_all(root)?;
/// use catalog::{Progress, Summary};
///
/// let mut progress = Progress::default();
/// progress.record_mut("hilos-01").passed_on = Some(1);
/// let summary = Summary::new(&catalog, &progress);
/// assert_eq!(summary.books[0].counts.minutes_done, 10);
/// assert_eq!(summary.next.as_deref(), Some("hilos-02"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Los libros del catálogo, en orden.
    pub books: Vec<BookSummary>,
    /// El ejercicio que toca: el primero sin aprobar al que no se ha renunciado o, si no queda ninguno, el primero sin
    /// aprobar. `None` si están todos.
    pub next: Option<String>,
}

/// Lo que va hecho de un libro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookSummary {
    /// El nombre del [`Book`].
    pub name: String,
    /// Su título.
    pub title: String,
    /// Las cuentas.
    pub counts: Counts,
}

/// Cuánto hay y cuánto va hecho.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Ejercicios aprobados.
    pub done: usize,
    /// Ejercicios.
    pub total: usize,
    /// Lo que se tarda en los aprobados, en minutos.
    pub minutes_done: u32,
    /// Lo que se tarda en todos, en minutos.
    pub minutes: u32,
    /// Comprobaciones.
    pub attempts: u32,
    /// Pistas vistas.
    pub hints: u32,
    /// Ejercicios de los que se pidió la solución antes de aprobar.
    pub gave_up: usize,
}

impl Summary {
    /// El resumen de `progress` según `catalog`. Lo que conste de ejercicios que ya no existen no cuenta.
    pub fn new(catalog: &Catalog, progress: &Progress) -> Summary {
        let books = catalog
            .books()
            .iter()
            .map(|book| BookSummary {
                name: book.name.clone(),
                title: book.title.clone(),
                counts: count(book, progress),
            })
            .collect();
        let pending = || {
            catalog
                .exercises()
                .filter(|exercise| !progress.get(&exercise.name).is_passed())
        };
        let next = pending()
            .find(|exercise| !progress.get(&exercise.name).gave_up)
            .or_else(|| pending().next())
            .map(|exercise| exercise.name.clone());
        Summary { books, next }
    }

    /// Las cuentas de todos los libros juntos.
    pub fn total(&self) -> Counts {
        self.books
            .iter()
            .fold(Counts::default(), |sum, book| sum + book.counts)
    }
}

fn count(book: &Book, progress: &Progress) -> Counts {
    let of_one = |exercise: &crate::Exercise| {
        let record = progress.get(&exercise.name);
        let passed = record.is_passed();
        Counts {
            done: usize::from(passed),
            total: 1,
            minutes_done: if passed { exercise.minutes } else { 0 },
            minutes: exercise.minutes,
            attempts: record.attempts,
            hints: record.hints,
            gave_up: usize::from(record.gave_up),
        }
    };
    book.exercises
        .iter()
        .map(of_one)
        .fold(Counts::default(), Add::add)
}

impl Add for Counts {
    type Output = Counts;

    /// Las dos cuentas juntas; las que no quepan se quedan en el máximo.
    fn add(self, other: Counts) -> Counts {
        Counts {
            done: self.done + other.done,
            total: self.total + other.total,
            minutes_done: self.minutes_done.saturating_add(other.minutes_done),
            minutes: self.minutes.saturating_add(other.minutes),
            attempts: self.attempts.saturating_add(other.attempts),
            hints: self.hints.saturating_add(other.hints),
            gave_up: self.gave_up + other.gave_up,
        }
    }
}
