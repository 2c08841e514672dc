//! La historia de una ejecución: qué hizo cada hilo, en orden, y quién tenía qué cuando se paró.

use super::run::Run;
use crate::Step;

/// Un objeto de los que el programa creó: de qué clase y el cuántos hace de ella.
pub(crate) type Object = (&'static str, usize);

/// A qué espera un hilo.
#[derive(Clone, Debug)]
pub(crate) enum Waiting {
    /// A que se lo dejen quienes lo tienen.
    ForHolders { object: Object, label: String },
    /// A que acabe otro hilo.
    ForThread(usize),
    /// A otra cosa, ya dicha.
    For(String),
}

impl Waiting {
    pub(crate) fn describe(&self, me: usize, run: &Run, story: &Story) -> String {
        match self {
            Waiting::ForHolders { object, label } => {
                format!("espera {label}{}", story.held_by(*object, me, run))
            }
            Waiting::ForThread(thread) => format!("espera a que acabe {}", run.name(*thread)),
            Waiting::For(what) => format!("espera {what}"),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) steps: Vec<Step>,
    /// Por qué no sigue cada uno de los hilos que se quedaron parados.
    pub(crate) stuck: Vec<String>,
    totals: Vec<(&'static str, usize)>,
    holders: Vec<(Object, Vec<usize>)>,
    waiting: Vec<Option<Waiting>>,
}

impl Story {
    /// Una historia por contar, sabiendo cuántos objetos de cada clase va a haber.
    pub(crate) fn new(totals: Vec<(&'static str, usize)>) -> Story {
        Story {
            steps: Vec::new(),
            stuck: Vec::new(),
            totals,
            holders: Vec::new(),
            waiting: Vec::new(),
        }
    }

    pub(crate) fn tell(&mut self, name: String, thread: usize, text: String) {
        self.steps.push(Step::new(thread, name, text));
    }

    /// Si es el único de su clase, no hace falta distinguirlo.
    pub(crate) fn is_the_only(&self, kind: &str) -> bool {
        self.totals
            .iter()
            .any(|(other, count)| *other == kind && *count == 1)
    }

    pub(crate) fn waits(&mut self, thread: usize, waiting: Option<Waiting>) {
        if self.waiting.len() <= thread {
            self.waiting.resize(thread + 1, None);
        }
        self.waiting[thread] = waiting;
    }

    pub(crate) fn waiting(&self, thread: usize) -> Option<&Waiting> {
        self.waiting.get(thread)?.as_ref()
    }

    pub(crate) fn holds(&mut self, object: Object, thread: usize, holds: bool) {
        let index = match self.holders.iter().position(|(other, _)| *other == object) {
            Some(index) => index,
            None => {
                self.holders.push((object, Vec::new()));
                self.holders.len() - 1
            }
        };
        let holders = &mut self.holders[index].1;
        if holds {
            holders.push(thread);
        } else if let Some(at) = holders.iter().position(|holder| *holder == thread) {
            holders.remove(at);
        }
    }

    /// «, que tiene hilo 2», si alguien lo tiene.
    pub(crate) fn held_by(&self, object: Object, me: usize, run: &Run) -> String {
        let holders = self.holders.iter().find(|(other, _)| *other == object);
        let names: Vec<String> = holders
            .into_iter()
            .flat_map(|(_, threads)| threads)
            .map(|thread| match *thread == me {
                true => "él mismo".to_owned(),
                false => run.name(*thread),
            })
            .collect();
        match names.len() {
            0 => String::new(),
            1 => format!(", que tiene {}", names[0]),
            _ => format!(", que tienen {}", names.join(", ")),
        }
    }
}
