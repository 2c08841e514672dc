//! Un participante: cómo se le hace correr y lo que va tardando.

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::python::{Failure, Python};
use super::wire::Value;
use super::{Call, Language, Participant};
use crate::Measurement;
use crate::panic::catch;

pub(super) struct Entrant<'a, T> {
    pub(super) name: String,
    pub(super) runner: Runner<'a, T>,
    /// Lo que ha tardado en cada repetición.
    pub(super) samples: Vec<Duration>,
    /// Lo que ha tardado cada proceso nuevo, si es de Python.
    pub(super) startups: Vec<Duration>,
}

pub(super) enum Runner<'a, T> {
    Rust(Box<dyn FnMut() -> T + 'a>),
    Python {
        call: Call,
        read: fn(Value) -> Result<T, String>,
    },
}

/// Por qué no ha podido correr.
pub(super) enum Fault {
    Panic(String),
    Python(Failure),
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Fault {
        Fault::Python(failure)
    }
}

impl<'a, T> Entrant<'a, T> {
    pub(super) fn new(name: String, runner: Runner<'a, T>) -> Entrant<'a, T> {
        Entrant {
            name,
            runner,
            samples: Vec::new(),
            startups: Vec::new(),
        }
    }

    pub(super) fn language(&self) -> Language {
        match self.runner {
            Runner::Rust(_) => Language::Rust,
            Runner::Python { .. } => Language::Python,
        }
    }

    /// «Rust: en serie».
    pub(super) fn key(&self) -> String {
        Participant::key_of(self.language(), &self.name)
    }

    pub(super) fn call(&self) -> Option<&Call> {
        match &self.runner {
            Runner::Rust(_) => None,
            Runner::Python { call, .. } => Some(call),
        }
    }

    /// Corre una vez. Los de Python necesitan su intérprete.
    pub(super) fn run(
        &mut self,
        python: Option<&mut Python>,
        timeout: Duration,
    ) -> Result<(T, Duration), Fault> {
        match (&mut self.runner, python) {
            (Runner::Rust(f), _) => {
                let start = Instant::now();
                let value = catch(|| black_box(f()));
                let elapsed = start.elapsed();
                Ok((value.map_err(Fault::Panic)?, elapsed))
            }
            (Runner::Python { call, read }, Some(python)) => {
                let arguments = call
                    .arguments()
                    .map_err(|why| Failure::Unreadable(why.to_owned()))?;
                let answer = python.call(call, &arguments, timeout)?;
                let value = catch(|| read(answer.value)).map_err(Fault::Panic)?;
                let value = value.map_err(Failure::Unreadable)?;
                Ok((value, answer.elapsed))
            }
            (Runner::Python { .. }, None) => unreachable!("sin Python no quedan los suyos"),
        }
    }

    /// Lo que ha hecho, ya acabada la carrera.
    pub(super) fn into_participant(self) -> Participant {
        let (language, key) = (self.language(), self.key());
        let startup =
            (!self.startups.is_empty()).then(|| Measurement::from_samples(&key, self.startups));
        let measurement = Measurement::from_samples(key, self.samples);
        Participant::new(language, &self.name, measurement, startup)
    }
}
