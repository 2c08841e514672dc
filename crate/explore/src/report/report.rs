//! `Report`: lo que ha dado una exploración.

use std::fmt;

use concurrencia::MimeBundle;

use super::step::Step;
use super::table;
use crate::engine::{Failure, Findings};
use crate::explorer::{Explorer, Strategy};
use crate::schedule;

/// Lo que ha pasado al explorar un programa: cuántos planes se han recorrido, cuántos fallan y uno de ellos, contado.
///
/// Se pregunta con [`is_ok`](Report::is_ok), [`is_race`](Report::is_race) y compañía. En una celda se enseña con una
/// columna por hilo; con `{}`, como texto.
///
/// # Examples
///
/// ```
/// use explore::explore;
/// use explore::sync::{Arc, Mutex};
/// use explore::thread;
///
/// let informe = explore(|| {
///     let (a, b) = (Arc::new(Mutex::new(())), Arc::new(Mutex::new(())));
///     let (otro_a, otro_b) = (Arc::clone(&a), Arc::clone(&b));
///     let hilo = thread::spawn(move || {
///         let _b = otro_b.lock().unwrap();
///         let _a = otro_a.lock().unwrap();
///     });
///     let _a = a.lock().unwrap();
///     let _b = b.lock().unwrap();
///     drop((_a, _b));
///     hilo.join().unwrap();
/// });
/// assert!(informe.is_deadlock());
/// assert!(informe.message().unwrap().contains("hilo 1 espera Mutex A, que tiene principal"));
/// ```
#[derive(Clone)]
pub struct Report {
    findings: Findings,
    explorer: Explorer,
    is_replay: bool,
    message: Option<String>,
    schedule: Option<String>,
}

impl Report {
    pub(crate) fn of_exploration(findings: Findings, explorer: Explorer) -> Report {
        Report::new(findings, explorer, false)
    }

    pub(crate) fn of_replay(findings: Findings, explorer: Explorer) -> Report {
        Report::new(findings, explorer, true)
    }

    fn new(findings: Findings, explorer: Explorer, is_replay: bool) -> Report {
        let example = findings.example.as_ref();
        let message = example.and_then(|example| match example.failure.as_ref()? {
            Failure::Panic { message, .. } => Some(match &example.culprit {
                Some(culprit) => format!("{culprit}: {message}"),
                None => message.clone(),
            }),
            Failure::Deadlock => Some(match example.stuck.is_empty() {
                true => "los hilos que quedan se esperan unos a otros".to_owned(),
                false => example.stuck.join("\n"),
            }),
            Failure::Endless => Some(format!(
                "pasa de {} turnos sin acabar",
                grouped(explorer.max_steps)
            )),
        });
        let schedule = example.map(|example| schedule::write(&example.picks));
        Report {
            findings,
            explorer,
            is_replay,
            message,
            schedule,
        }
    }

    fn failure(&self) -> Option<&Failure> {
        self.findings.example.as_ref()?.failure.as_ref()
    }

    /// ¿Ha ido bien en todos los planes recorridos?
    pub fn is_ok(&self) -> bool {
        self.failures() == 0
    }

    /// ¿Es una carrera? Entra en pánico en unos planes y en otros no: depende del orden.
    pub fn is_race(&self) -> bool {
        self.is_panic() && self.failures() < self.plans()
    }

    /// ¿Entra en pánico en el plan que se cuenta?
    pub fn is_panic(&self) -> bool {
        matches!(self.failure(), Some(Failure::Panic { .. }))
    }

    /// ¿Acaban esperándose los hilos unos a otros en el plan que se cuenta?
    pub fn is_deadlock(&self) -> bool {
        matches!(self.failure(), Some(Failure::Deadlock))
    }

    /// ¿Es de no acabar nunca el plan que se cuenta?
    ///
    /// Solo se sabe que pasa de los turnos que se le dan ([`Explorer::with_max_steps`]).
    pub fn is_endless(&self) -> bool {
        matches!(self.failure(), Some(Failure::Endless))
    }

    /// ¿Se han recorrido todos los planes que hay? Entonces, si va bien, está demostrado.
    pub fn is_complete(&self) -> bool {
        self.findings.is_complete || self.findings.is_single
    }

    /// Cuántos planes se han recorrido.
    pub fn plans(&self) -> usize {
        self.findings.plans
    }

    /// En cuántos de ellos falla.
    pub fn failures(&self) -> usize {
        self.findings.panics + self.findings.deadlocks + self.findings.endless
    }

    /// Qué falla: el mensaje del pánico y quién lo dio, o quién espera a quién. `None` si va bien.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Los pasos de un plan que falla: el que menos veces cambia de hilo a destiempo.
    ///
    /// Vacío si va bien (salvo al repetir un plan con [`replay`](crate::replay())), o si el programa no hace lo mismo
    /// al repetirlo.
    pub fn trace(&self) -> &[Step] {
        match &self.findings.example {
            Some(example) if example.is_repeatable => &example.steps,
            _ => &[],
        }
    }

    /// El plan de [`trace`](Report::trace), para [`replay`](crate::replay()): a qué hilo tocó en cada turno.
    ///
    /// Cada trozo es un número de hilo y cuántos turnos seguidos tuvo; el 0 es el principal.
    pub fn schedule(&self) -> Option<&str> {
        self.schedule.as_deref()
    }

    /// Lo enseña en la celda: los pasos en columnas y, por si no se puede, el texto. La llama el núcleo.
    pub fn evcxr_display(&self) {
        MimeBundle::new()
            .with("text/html", table::html(self))
            .with("text/plain", self.to_string())
            .show();
    }

    /// La primera línea: qué ha pasado y en cuántos planes.
    pub(super) fn headline(&self) -> String {
        let (plans, failures) = (self.plans(), self.failures());
        let Some(failure) = self.failure() else {
            return self.good_news();
        };
        let what = match failure {
            Failure::Panic { .. } if self.is_race() => "carrera",
            Failure::Panic { .. } => "pánico",
            Failure::Deadlock => "interbloqueo",
            Failure::Endless => "no termina",
        };
        if self.is_replay {
            return format!("{what}, al repetir un plan");
        }
        let how = match self.findings {
            Findings {
                is_complete: true, ..
            } => "no hay más".to_owned(),
            _ => self.explorer.to_string(),
        };
        match (failures == plans, plans) {
            (true, _) if self.findings.is_single => {
                format!("{what}, y no depende del orden: solo hay un plan")
            }
            (true, 1) => format!("{what} en el primer plan ({how})"),
            (true, _) => format!("{what} en los {} planes ({how})", grouped(plans)),
            _ => format!(
                "{what}: falla en {} de {} planes ({how})",
                grouped(failures),
                grouped(plans)
            ),
        }
    }

    fn good_news(&self) -> String {
        let plans = grouped(self.plans());
        if self.is_replay {
            "bien, al repetir un plan".to_owned()
        } else if self.findings.is_single {
            "bien, y solo hay un plan: nunca hay dos hilos que puedan seguir a la vez".to_owned()
        } else if self.findings.is_complete {
            format!("bien en los {plans} planes que hay: no existe otro orden")
        } else {
            format!("bien en {plans} planes ({})", self.explorer)
        }
    }

    /// Lo que hay que saber además, una frase por línea.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let Findings {
            panics,
            deadlocks,
            endless,
            ..
        } = self.findings;
        if [panics, deadlocks, endless]
            .iter()
            .filter(|n| **n > 0)
            .count()
            > 1
        {
            notes.push(format!(
                "de los fallos, {} son pánicos, {} interbloqueos y {} de no terminar",
                grouped(panics),
                grouped(deadlocks),
                grouped(endless)
            ));
        }
        if self.is_endless() && self.explorer.strategy == Strategy::Exhaustive {
            notes.push(
                "uno a uno también se recorren los planes en los que alguien da vueltas y nadie más avanza".to_owned(),
            );
        }
        if self
            .findings
            .example
            .as_ref()
            .is_some_and(|e| !e.is_repeatable)
        {
            notes.push(
                "al repetir el plan no ha pasado lo mismo: el programa depende de algo de fuera (la hora, el azar, \
                 otra variable) y no se puede contar"
                    .to_owned(),
            );
        }
        if self.findings.used_weak_order {
            notes.push(
                "aquí todos los atómicos van como SeqCst: un fallo que dependa de Relaxed, Acquire o Release no se ve"
                    .to_owned(),
            );
        }
        notes
    }

    /// Cómo se repite, en una línea.
    pub(super) fn how_to_replay(&self) -> Option<String> {
        /// Más largo no se lee ni se copia.
        const LONGEST: usize = 160;
        if self.is_replay || self.is_ok() || self.trace().is_empty() {
            return None;
        }
        Some(match self.schedule()? {
            schedule if schedule.len() <= LONGEST => {
                format!("para repetirlo: replay(\"{schedule}\", programa)")
            }
            _ => "para repetirlo: replay(informe.schedule().unwrap(), programa)".to_owned(),
        })
    }
}

/// Los pasos que se enseñan: si son muchos, los primeros y los últimos, y cuántos faltan en medio.
pub(super) fn excerpt(steps: &[Step]) -> (&[Step], usize, &[Step]) {
    const MOST: usize = 40;
    const HEAD: usize = 12;
    const TAIL: usize = 20;
    if steps.len() <= MOST {
        (steps, 0, &[])
    } else {
        let tail = steps.len() - TAIL;
        (&steps[..HEAD], tail - HEAD, &steps[tail..])
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.headline())?;
        for line in self.message().into_iter().flat_map(str::lines) {
            write!(f, "\n  {line}")?;
        }
        let (head, missing, tail) = excerpt(self.trace());
        if !head.is_empty() {
            writeln!(f)?;
            let widest = head
                .iter()
                .chain(tail)
                .map(|step| step.thread().chars().count());
            let width = widest.max().unwrap_or(0);
            let mut number = 0;
            let mut write_all = |f: &mut fmt::Formatter<'_>, steps: &[Step]| -> fmt::Result {
                for step in steps {
                    number += 1;
                    let text = step.text().split_whitespace().collect::<Vec<_>>().join(" ");
                    write!(f, "\n{number:>4}  {:<width$}  {text}", step.thread())?;
                }
                number += missing;
                Ok(())
            };
            write_all(f, head)?;
            if missing > 0 {
                write!(f, "\n      … {} pasos más …", grouped(missing))?;
            }
            write_all(f, tail)?;
        }
        let notes = self.notes();
        let last = self.how_to_replay();
        if last.is_some() || !notes.is_empty() {
            writeln!(f)?;
        }
        for note in notes {
            write!(f, "\nnota: {note}")?;
        }
        match last {
            Some(last) => write!(f, "\n{last}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Report({})", self.headline())
    }
}

/// «1234», «10 000»: de cinco cifras en adelante, de tres en tres.
pub(super) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}
