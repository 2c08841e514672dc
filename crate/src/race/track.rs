//! La pista: la carrera mientras se corre.

use std::ffi::{OsStr, OsString};
use std::fmt::Debug;
use std::io;
use std::time::{Duration, Instant};

use super::entrant::{Entrant, Fault};
use super::error::{Cause, RaceError};
use super::excerpt::{contrast, ending};
use super::python::{Failure, Python};
use super::workspace::Workspace;
use super::{Call, Language};
use crate::panic::catch;

/// Con qué se decide si dos resultados valen por el mismo.
pub(super) type Check<'a, T> = Box<dyn Fn(&T, &T) -> bool + 'a>;

pub(super) struct Track<'a, T> {
    pub(super) entrants: Vec<Entrant<'a, T>>,
    pub(super) warnings: Vec<String>,
    /// Quién ha dado qué en el calentamiento.
    pub(super) values: Vec<(String, T)>,
    check: Check<'a, T>,
    timeout: Duration,
    program: OsString,
    // Antes que la carpeta: al soltarlo, muere quien la usa.
    python: Option<Python>,
    workspace: Option<Workspace>,
}

impl<'a, T: Debug> Track<'a, T> {
    /// Arranca Python, si alguien lo necesita. Sin él, corren solo los de Rust.
    pub(super) fn new(
        entrants: Vec<Entrant<'a, T>>,
        check: Check<'a, T>,
        timeout: Duration,
        program: OsString,
    ) -> Result<Track<'a, T>, RaceError> {
        let mut track = Track {
            entrants,
            warnings: Vec::new(),
            values: Vec::new(),
            check,
            timeout,
            program,
            python: None,
            workspace: None,
        };
        for entrant in &track.entrants {
            if let Some(call) = entrant.call()
                && let Err(why) = call.arguments()
            {
                let (call, why) = (call.to_string(), why.to_owned());
                return Err(RaceError::of(entrant.key(), Cause::Arguments { call, why }));
            }
        }
        let mut calls = track.entrants.iter().filter_map(Entrant::call).peekable();
        if calls.peek().is_none() {
            return Ok(track);
        }
        let workspace = Workspace::new(calls.map(Call::script))?;
        match Python::start(&track.program, &workspace) {
            Ok(python) => {
                track.python = Some(python);
                track.workspace = Some(workspace);
            }
            Err(why) => {
                track.warnings.push(without_python(&track.program, &why));
                track
                    .entrants
                    .retain(|entrant| entrant.language() == Language::Rust);
            }
        }
        Ok(track)
    }

    /// La versión de Python, si la hay.
    pub(super) fn version(&self) -> Option<String> {
        Some(self.python.as_ref()?.version().to_owned())
    }

    /// La vuelta que no cuenta. A quien le falta una biblioteca, lo retira.
    pub(super) fn warm_up(&mut self) -> Result<(), RaceError> {
        let mut index = 0;
        while index < self.entrants.len() {
            let loaded = self.load(index);
            let outcome = loaded.and_then(|()| self.attempt(index));
            match outcome {
                Ok((value, _)) => {
                    self.compare(index, &value)?;
                    self.values.push((self.entrants[index].key(), value));
                    index += 1;
                }
                Err(Fault::Python(Failure::Raised {
                    missing: Some(missing),
                    ..
                })) => {
                    let key = self.entrants.remove(index).key();
                    self.warnings.push(format!(
                        "no corre «{key}»: a Python le falta una biblioteca ({missing})"
                    ));
                }
                Err(fault) => return Err(self.error(index, fault, self.python.as_ref())),
            }
        }
        Ok(())
    }

    /// Una repetición: corren todos, y cada vez empieza otro.
    pub(super) fn round(&mut self, round: usize) -> Result<(), RaceError> {
        for index in self.turns(round) {
            let (value, elapsed) = self
                .attempt(index)
                .map_err(|fault| self.error(index, fault, self.python.as_ref()))?;
            self.compare(index, &value)?;
            self.entrants[index].samples.push(elapsed);
        }
        Ok(())
    }

    /// Los de Python, `times` veces cada uno, en un proceso nuevo cada vez: desde lanzarlo hasta que acaba.
    pub(super) fn measure_startups(&mut self, times: usize) -> Result<(), RaceError> {
        self.python = None;
        for round in 0..times {
            for index in self.turns(round) {
                if self.entrants[index].language() == Language::Python {
                    self.measure_startup_of(index)?;
                }
            }
        }
        Ok(())
    }

    fn measure_startup_of(&mut self, index: usize) -> Result<(), RaceError> {
        let (Some(workspace), timeout) = (&self.workspace, self.timeout) else {
            return Ok(());
        };
        let entrant = &mut self.entrants[index];
        let start = Instant::now();
        let mut python = Python::start(&self.program, workspace).map_err(io::Error::other)?;
        let outcome = load(entrant, Some(&mut python), timeout)
            .and_then(|()| entrant.run(Some(&mut python), timeout));
        let value = match outcome {
            Ok((value, _)) => value,
            Err(fault) => return Err(self.error(index, fault, Some(&python))),
        };
        let end = python.finish(timeout);
        let elapsed = start.elapsed();
        end.map_err(|failure| self.error(index, failure.into(), None))?;
        self.compare(index, &value)?;
        self.entrants[index].startups.push(elapsed);
        Ok(())
    }

    /// En qué orden corren: cada vez empieza el siguiente.
    fn turns(&self, round: usize) -> impl Iterator<Item = usize> + use<'a, T> {
        let count = self.entrants.len();
        (0..count).map(move |turn| (round + turn) % count)
    }

    fn load(&mut self, index: usize) -> Result<(), Fault> {
        load(&self.entrants[index], self.python.as_mut(), self.timeout)
    }

    fn attempt(&mut self, index: usize) -> Result<(T, Duration), Fault> {
        self.entrants[index].run(self.python.as_mut(), self.timeout)
    }

    /// Falla si no es lo mismo que ha dado cualquier otro.
    fn compare(&self, index: usize, value: &T) -> Result<(), RaceError> {
        let who = || self.entrants[index].key();
        for (other, other_value) in &self.values {
            let same = catch(|| (self.check)(other_value, value))
                .map_err(|message| RaceError::of(who(), Cause::Panic(message)))?;
            if !same {
                let (value, other_value) = contrast(value, other_value);
                let other = other.clone();
                return Err(RaceError::of(
                    who(),
                    Cause::Mismatch {
                        value,
                        other,
                        other_value,
                    },
                ));
            }
        }
        Ok(())
    }

    fn error(&self, index: usize, fault: Fault, python: Option<&Python>) -> RaceError {
        let entrant = &self.entrants[index];
        let call = entrant.call().map(Call::to_string).unwrap_or_default();
        let printed = python.map(Python::printed).unwrap_or_default();
        let cause = match fault {
            Fault::Panic(message) => Cause::Panic(message),
            Fault::Python(Failure::Raised { traceback, .. }) => Cause::Raised {
                call,
                traceback: ending(&traceback),
                printed,
            },
            Fault::Python(Failure::Unreadable(why)) => Cause::Value { call, why },
            Fault::Python(Failure::Timeout(after)) => Cause::Timeout {
                call,
                after,
                printed,
            },
            Fault::Python(Failure::Died(code)) => Cause::Died {
                call,
                code,
                printed,
            },
            Fault::Python(Failure::System(error)) => return error.into(),
        };
        RaceError::of(entrant.key(), cause)
    }
}

/// Importa su guion, si es de Python.
fn load<T>(
    entrant: &Entrant<'_, T>,
    python: Option<&mut Python>,
    timeout: Duration,
) -> Result<(), Fault> {
    match (entrant.call(), python) {
        (Some(call), Some(python)) => Ok(python.load(call, timeout)?),
        _ => Ok(()),
    }
}

fn without_python(program: &OsStr, why: &str) -> String {
    format!(
        "sin Python no corren sus participantes: {} no arranca ({why}); di cuál usar con la variable de entorno \
         {PROGRAM_VARIABLE}",
        program.display()
    )
}

/// La variable de entorno que dice qué intérprete.
const PROGRAM_VARIABLE: &str = "CONCURRENCIA_PYTHON";

/// El intérprete, si no se dice otro.
pub(super) fn program() -> OsString {
    std::env::var_os(PROGRAM_VARIABLE).unwrap_or_else(|| "python3".into())
}
