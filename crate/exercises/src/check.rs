//! `check`: prueba una función en otro proceso, con un plazo por caso.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use concurrencia::process::{Pipe, Receiver, Sender};
use concurrencia::time::{DEFAULT_SCALE, set_scale, to_lesson};
use concurrencia::{Figure, Measurement, Process, ProcessError, bars};

use crate::exercise::Exercise;
use crate::folder::write_in;
use crate::judge::Judge;
use crate::record;
use crate::verdict::{CaseReport, Outcome, Verdict};
use crate::wire::Event;

/// Lo que se espera entre caso y caso, en segundos: arrancar el proceso y preparar la entrada.
const BETWEEN: f64 = 10.0;

/// Comprueba la función que da `give` contra los casos de `E`. Es lo que hay detrás de [`comprobar!`](crate::comprobar).
///
/// `give` no captura nada: se llama en el proceso de prueba, para que la función viaje. **Bloquea** hasta el último caso
/// o hasta que a uno se le acaba el plazo.
///
/// # Panics
///
/// Si no se puede escribir en la carpeta temporal, si el sistema no puede crear el proceso de prueba o, fuera del cuaderno, falta
/// [`process::init`](concurrencia::process::init).
pub fn check<E, Set, Give>(give: Give) -> Verdict
where
    E: Exercise<Set> + 'static,
    Set: 'static,
    Give: Fn() -> E::Function + Copy + 'static,
{
    // Una clausura sin nada dentro: viaja a otro proceso como una función.
    let body = move |events: Sender<Event>, folder: PathBuf| {
        write_in(folder);
        // La de un cuaderno recién abierto, tenga la que tenga quien comprueba.
        set_scale(DEFAULT_SCALE);
        let mut judge = Judge::new(events);
        E::judge(give(), &mut judge);
        judge.finish();
    };
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => panic!("no se puede escribir en la carpeta temporal: {error}"),
    };
    let trial = Pipe::one_way().and_then(|(receiver, sender)| {
        let arguments = (sender, folder.path().to_owned());
        let mut process = Process::new(body, arguments).with_name(E::NAME);
        process.start()?;
        // Con los argumentos, este proceso suelta su copia del emisor: si el otro muere, se nota.
        Ok(Trial { process, receiver })
    });
    match trial {
        Ok(trial) => trial.run(E::NAME),
        Err(error) => panic!("no se puede probar «{}» en otro proceso: {error}", E::NAME),
    }
}

/// Una prueba en marcha.
struct Trial {
    process: Process<()>,
    receiver: Receiver<Event>,
}

/// Por qué se deja de escuchar a la prueba.
enum End {
    Over,
    Late,
    Silent,
}

impl Trial {
    fn run(self, name: &'static str) -> Verdict {
        let start = Instant::now();
        let mut cases: Vec<CaseReport> = Vec::new();
        let mut figure = None;
        // El caso que ha empezado y no ha acabado, con su plazo.
        let mut open: Option<(CaseReport, f64)> = None;
        let end = loop {
            let patience = open.as_ref().map_or(BETWEEN, |(_, seconds)| *seconds);
            match self
                .receiver
                .recv_timeout(to_lesson(Duration::from_secs_f64(patience)))
            {
                Ok(Event::Begins { case, seconds }) => open = Some((case, seconds)),
                Ok(Event::Ends(outcome)) => {
                    cases.extend(open.take().map(|(case, _)| CaseReport { outcome, ..case }));
                }
                Ok(Event::Measured { title, rows }) => figure = Some(draw(title, rows)),
                Ok(Event::Over) => break End::Over,
                Err(error) if error.is_timeout() => break End::Late,
                Err(_) => break End::Silent,
            }
        };
        // Haya acabado o no: pueden quedarle hilos que no acaban. Con él mueren los procesos que lanzó.
        let died = match end {
            End::Silent => how_it_died(self.process.join().err()),
            _ => String::new(),
        };
        let _ = self.process.kill();
        let _ = self.process.join();
        let is_over = matches!(end, End::Over);
        if !is_over {
            let (case, seconds) = open.unwrap_or_else(|| (between_cases(), BETWEEN));
            let outcome = match end {
                End::Silent => Outcome::Died { how: died },
                _ => Outcome::TimedOut { seconds },
            };
            cases.push(CaseReport { outcome, ..case });
        }
        let mut verdict = Verdict {
            name,
            cases,
            is_over,
            figure,
            took: start.elapsed(),
            notes: Vec::new(),
        };
        verdict.notes = record::attempt(&verdict);
        verdict
    }
}

fn draw(title: String, rows: Vec<(String, Vec<u64>)>) -> Figure {
    let rows = rows.into_iter().map(|(name, nanos)| {
        Measurement::from_samples(name, nanos.into_iter().map(Duration::from_nanos))
    });
    bars(title, rows.collect::<Vec<_>>())
}

fn how_it_died(error: Option<ProcessError>) -> String {
    match error {
        Some(error) => error.to_string(),
        None => "ha acabado sin decir nada".to_owned(),
    }
}

/// Lo que falla cuando no hay ningún caso empezado: la prueba misma.
fn between_cases() -> CaseReport {
    CaseReport {
        title: "preparar la prueba".to_owned(),
        input: String::new(),
        because: "el proceso de prueba no ha llegado a empezar el caso siguiente".to_owned(),
        outcome: Outcome::Pass,
    }
}
