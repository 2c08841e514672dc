//! `Judge`: prueba una función caso a caso, en el proceso de prueba, y lo va contando.

use std::any::Any;
use std::fmt::Debug;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use concurrencia::panic::panic_message;
use concurrencia::process::Sender;

use crate::verdict::{CaseReport, Outcome};
use crate::wire::Event;

/// Lo que se enseña de un valor: más no se lee.
const LONGEST_VALUE: usize = 300;

/// El plazo de un caso que no diga otro, en segundos.
const PATIENCE: f64 = 2.0;

/// Cuántas veces se mide cada cosa.
const RUNS: usize = 5;

/// Quien prueba la función, caso a caso.
#[derive(Debug)]
pub struct Judge {
    events: Sender<Event>,
    /// Queda un `todo!()`: no hay nada más que probar.
    is_undone: bool,
}

impl Judge {
    /// Empieza a anotar: desde aquí los pánicos de este proceso no se anuncian, se guardan.
    pub(crate) fn new(events: Sender<Event>) -> Judge {
        panic::set_hook(Box::new(|info| {
            let message = panic_message(info.payload()).to_owned();
            first_panic().get_or_insert(message);
        }));
        Judge {
            events,
            is_undone: false,
        }
    }

    /// Un caso: qué se comprueba, dicho como una frase corta.
    pub fn case(&mut self, title: impl Into<String>) -> Case<'_> {
        Case {
            judge: self,
            report: CaseReport {
                title: title.into(),
                input: String::new(),
                because: String::new(),
                outcome: Outcome::Pass,
            },
            seconds: PATIENCE,
        }
    }

    pub(crate) fn finish(self) {
        self.tell(Event::Over);
    }

    /// Si quien escucha ya no está, este proceso va a morir: no hay a quién decírselo.
    fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }
}

/// Un caso a medio escribir: se completa con [`with`](Case::with), [`because`](Case::because) y
/// [`within`](Case::within), y se prueba con [`gives`](Case::gives), [`shows`](Case::shows)
/// o [`outruns`](Case::outruns).
#[derive(Debug)]
#[must_use = "un caso se prueba con gives, shows u outruns"]
pub struct Case<'a> {
    judge: &'a mut Judge,
    report: CaseReport,
    seconds: f64,
}

impl Case<'_> {
    /// Con qué se llama a la función, como se leerá en el veredicto.
    pub fn with(mut self, input: impl Into<String>) -> Self {
        self.report.input = input.into();
        self
    }

    /// Por qué importa, en una frase: se lee cuando el caso falla.
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.report.because = reason.into();
        self
    }

    /// El plazo del caso, en segundos de reloj; si no se dice, 2.
    pub fn within(mut self, seconds: f64) -> Self {
        self.seconds = seconds;
        self
    }

    /// Llama a `f` y compara lo que da con lo esperado. **Bloquea** lo que tarde `f`.
    pub fn gives<T: PartialEq + Debug>(self, expected: T, f: impl FnOnce() -> T) {
        self.shows(|| expect_eq(&expected, &f()));
    }

    /// Llama a `f`, que prueba lo que quiera y dice qué no coincide. **Bloquea** lo que tarde `f`.
    pub fn shows(self, f: impl FnOnce() -> Result<(), Mismatch>) {
        if self.judge.is_undone {
            return;
        }
        self.judge.tell(Event::Begins {
            case: self.report,
            seconds: self.seconds,
        });
        first_panic().take();
        let outcome = outcome(catch_unwind(AssertUnwindSafe(f)));
        self.judge.is_undone = outcome == Outcome::Undone;
        self.judge.tell(Event::Ends(outcome));
    }
}

impl<'a> Case<'a> {
    /// Mide `slow` y `fast`, intercalados y cinco veces cada uno, y pide que la mediana de `fast` sea más de `times` veces
    /// menor. Lo medido va en la figura del veredicto. **Bloquea** lo que tarden todas.
    ///
    /// De cada uno, su nombre («un hilo») y qué hace.
    pub fn outruns<A, B>(
        self,
        times: f64,
        (slow_name, mut slow): (&str, impl FnMut() -> A),
        (fast_name, mut fast): (&str, impl FnMut() -> B),
    ) {
        let (judge, mut taken) = (self.judge, [Vec::new(), Vec::new()]);
        let case = Case {
            judge: &mut *judge,
            ..self
        };
        case.shows(|| {
            for _ in 0..RUNS {
                taken[0].push(timed(&mut slow).1);
                taken[1].push(timed(&mut fast).1);
            }
            let ratio = ratio(&taken);
            let wanted = format!("más de {} veces más deprisa", decimal(times));
            expect(
                ratio > times,
                wanted,
                format!("{} veces más deprisa", decimal(ratio)),
            )
        });
        let [slow, fast] = &taken;
        if slow.len() == RUNS && fast.len() == RUNS {
            let title = format!(
                "{fast_name}: {} veces más deprisa que {slow_name}",
                decimal(ratio(&taken))
            );
            let nanos = |times: &[Duration]| times.iter().map(|t| t.as_nanos() as u64).collect();
            judge.tell(Event::Measured {
                title,
                rows: vec![
                    (slow_name.to_owned(), nanos(slow)),
                    (fast_name.to_owned(), nanos(fast)),
                ],
            });
        }
    }
}

/// Cuántas veces menor es la mediana del segundo.
fn ratio(taken: &[Vec<Duration>; 2]) -> f64 {
    let [slow, fast] = taken.each_ref().map(|times| {
        let mut times = times.clone();
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64()
    });
    slow / fast
}

fn decimal(number: f64) -> String {
    format!("{number:.1}").replace('.', ",")
}

/// Lo que tarda `f`, y lo que da.
fn timed<T>(f: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = f();
    (value, start.elapsed())
}

fn outcome(result: Result<Result<(), Mismatch>, Box<dyn Any + Send>>) -> Outcome {
    let first = first_panic().take();
    // Un `todo!()` de un hilo cuyo `join` se mira también es un ejercicio sin acabar.
    if first.as_deref().is_some_and(is_todo) {
        return Outcome::Undone;
    }
    match (result, first) {
        (Ok(Ok(())), _) => Outcome::Pass,
        (Ok(Err(mismatch)), None) => Outcome::Fail {
            expected: mismatch.expected,
            got: mismatch.got,
        },
        (Ok(Err(mismatch)), Some(message)) => Outcome::Fail {
            expected: mismatch.expected,
            got: format!(
                "{} (y un hilo ha entrado en pánico: {message})",
                mismatch.got
            ),
        },
        (Err(load), first) => {
            let message = first.unwrap_or_else(|| panic_message(&*load).to_owned());
            if is_todo(&message) {
                Outcome::Undone
            } else {
                Outcome::Panic { message }
            }
        }
    }
}

/// El mensaje de `todo!()`, también si llega contado por otro (el error de un proceso hijo, un `unwrap`).
pub(crate) fn is_todo(message: &str) -> bool {
    message.contains("not yet implemented")
}

/// El primer pánico del caso en marcha, sea del hilo que sea: los siguientes suelen ser consecuencia suya.
fn first_panic() -> MutexGuard<'static, Option<String>> {
    static FIRST: Mutex<Option<String>> = Mutex::new(None);
    FIRST.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lo que no coincide: qué se esperaba y qué ha salido.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Lo que se esperaba.
    pub expected: String,
    /// Lo que ha salido.
    pub got: String,
}

/// Bien si `ok`; si no, lo esperado y lo obtenido.
///
/// # Errors
///
/// El [`Mismatch`] con los dos textos, si no es `ok`.
///
/// # Examples
///
/// ```
/// let hilos = 3;
/// assert!(exercises::expect(hilos > 1, "más de un hilo", format!("{hilos} hilos")).is_ok());
/// ```
pub fn expect(
    ok: bool,
    expected: impl Into<String>,
    got: impl Into<String>,
) -> Result<(), Mismatch> {
    if ok {
        return Ok(());
    }
    Err(Mismatch {
        expected: expected.into(),
        got: got.into(),
    })
}

/// Bien si son iguales; si no, los dos, abreviados.
///
/// # Errors
///
/// El [`Mismatch`] con los dos valores, si no lo son.
///
/// # Examples
///
/// ```
/// let distinto = exercises::expect_eq(&[1, 2], &[2, 1]).unwrap_err();
/// assert_eq!(distinto.got, "[2, 1]");
/// ```
pub fn expect_eq<T: PartialEq + Debug>(expected: &T, got: &T) -> Result<(), Mismatch> {
    expect(expected == got, shown(expected), shown(got))
}

fn shown(value: &impl Debug) -> String {
    let whole = format!("{value:?}");
    match whole.char_indices().nth(LONGEST_VALUE) {
        Some((cut, _)) => format!("{}…", &whole[..cut]),
        None => whole,
    }
}
