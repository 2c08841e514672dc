//! `Race`: el mismo trabajo, en Rust y en Python, por turnos y con el cronómetro en la mano.

use std::ffi::OsString;
use std::fmt::{self, Debug};
use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use super::error::{Cause, RaceError};
use super::json::{Json, JsonError};
use super::python::{Failure, Python};
use super::workspace::Workspace;
use super::{Call, Language, Participant, RaceResults};
use crate::Measurement;
use crate::panic::catch;
use crate::text::{one_line, shorten};
use crate::time::to_real;

/// El intérprete, si no se dice otro.
const PROGRAM: &str = "python3";
/// La variable de entorno que dice qué intérprete.
const PROGRAM_VARIABLE: &str = "CONCURRENCIA_PYTHON";
/// El plazo de cada llamada a Python, si no se dice otro.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Lo que se enseña de un valor.
const LONGEST_VALUE: usize = 160;
/// Lo que se enseña de una traza: el final, que es donde está el error.
const LONGEST_TRACEBACK: usize = 3000;

/// El mismo trabajo hecho de varias formas, en Rust y en Python: cuánto tarda cada una.
///
/// Todas corren en cada repetición, y en cada una empieza otra: si la máquina va más lenta un rato, lo pagan todas. Hay
/// antes una vuelta de calentamiento, que no cuenta. Se comprueba que todas dan lo mismo, siempre.
///
/// El Python corre en un proceso aparte, uno para toda la carrera, y se mide dentro de él, con `time.perf_counter_ns`
/// alrededor de la llamada: ni arrancar el intérprete, ni importar, ni traer el resultado cuentan. Aparte, cada
/// participante de Python se mide también «con arranque»: un proceso nuevo, desde lanzarlo hasta que acaba.
///
/// El intérprete es el de la variable de entorno `CONCURRENCIA_PYTHON` o, si no está, el `python3` del PATH (3.10 o
/// posterior). Si no lo hay, o le falta una biblioteca que usa un guion, corren los demás y el resultado lo avisa. Lo
/// que los guiones impriman se descarta, salvo que fallen. Su carpeta de trabajo es la del cuaderno.
///
/// # En Python
///
/// Un bucle con `timeit.repeat` por cada forma, una tras otra, y las cuentas a mano.
///
/// # A pelo
///
/// [`Instant::now`](std::time::Instant::now) alrededor de cada cosa y [`std::process::Command`] para Python, que así
/// mide también lo que tarda en arrancar.
///
/// # Examples
///
/// ```
/// use concurrencia::prelude::*;
///
/// const SUMAS: Script = Script::new("sumas", "def hasta(n):\n    return sum(range(n))\n");
///
/// let n = 10_000_u64;
/// let carrera = Race::new("sumar hasta diez mil", 3)
///     .rust("sum", || (0..n).sum::<u64>())
///     .rust("fórmula", || n * (n - 1) / 2)
///     .python("sum", SUMAS.call("hasta", (n,)))
///     .run()?;
/// assert_eq!(*carrera.value(), 49_995_000);
/// # Ok::<(), RaceError>(())
/// ```
pub struct Race<'a, T> {
    title: String,
    n: usize,
    entrants: Vec<Entrant<'a, T>>,
    reference: Option<String>,
    check: Check<'a, T>,
    timeout: Duration,
    startups: usize,
    program: Option<OsString>,
}

type Check<'a, T> = Box<dyn Fn(&T, &T) -> bool + 'a>;

/// Un participante antes de correr, con lo que va sacando.
struct Entrant<'a, T> {
    name: String,
    runner: Runner<'a, T>,
    samples: Vec<Duration>,
    startups: Vec<Duration>,
}

enum Runner<'a, T> {
    Rust(Box<dyn FnMut() -> T + 'a>),
    Python {
        call: Call,
        read: fn(Json) -> Result<T, JsonError>,
    },
}

impl<T> Entrant<'_, T> {
    fn language(&self) -> Language {
        match self.runner {
            Runner::Rust(_) => Language::Rust,
            Runner::Python { .. } => Language::Python,
        }
    }

    fn key(&self) -> String {
        Participant::key_of(self.language(), &self.name)
    }

    fn call(&self) -> Option<&Call> {
        match &self.runner {
            Runner::Rust(_) => None,
            Runner::Python { call, .. } => Some(call),
        }
    }
}

impl<'a, T: PartialEq + Debug> Race<'a, T> {
    /// Una carrera todavía sin participantes, de `n` repeticiones.
    ///
    /// # Panics
    ///
    /// Si `n` es 0.
    pub fn new(title: impl Into<String>, n: usize) -> Race<'a, T> {
        assert!(
            n > 0,
            "hace falta al menos una repetición para medir: pide n = 1 o más"
        );
        Race {
            title: title.into(),
            n,
            entrants: Vec::new(),
            reference: None,
            check: Box::new(|a, b| a == b),
            timeout: TIMEOUT,
            startups: 1,
            program: None,
        }
    }

    /// Añade una forma de hacerlo en Rust.
    ///
    /// Puede tomar prestado lo que necesite. Se llama `n + 1` veces, siempre en el hilo que llama a
    /// [`run`](Race::run). Si puede fallar, que acabe en `unwrap()`: el pánico se atrapa y es el error de la carrera.
    ///
    /// # Panics
    ///
    /// Si ya hay otra forma en Rust que se llama igual.
    pub fn rust(self, name: impl Into<String>, f: impl FnMut() -> T + 'a) -> Race<'a, T> {
        self.with(name.into(), Runner::Rust(Box::new(f)))
    }

    /// Añade una forma de hacerlo en Python: la llamada a una función de un guion.
    ///
    /// Lo que devuelve la función se lee como lo que dan las de Rust, con serde: los enteros, exactos hasta 128 bits;
    /// los `bytes`, como lista de números; los conjuntos, como lista ordenada.
    ///
    /// # Panics
    ///
    /// Si ya hay otra forma en Python que se llama igual, u otro guion distinto con el mismo nombre.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::prelude::*;
    /// use std::collections::BTreeMap;
    ///
    /// let guion = Script::new("letras", "def cuenta(texto):\n    return {c: texto.count(c) for c in texto}\n");
    /// let carrera = Race::new("contar letras", 2)
    ///     .rust("mapa", || {
    ///         let mut veces = BTreeMap::new();
    ///         "sí, señor".chars().for_each(|c| *veces.entry(c).or_insert(0) += 1);
    ///         veces
    ///     })
    ///     .python("diccionario", guion.call("cuenta", ("sí, señor",)))
    ///     .run()?;
    /// assert_eq!(carrera.value()[&'s'], 2);
    /// # Ok::<(), RaceError>(())
    /// ```
    pub fn python(self, name: impl Into<String>, call: Call) -> Race<'a, T>
    where
        T: DeserializeOwned,
    {
        let calls = self.entrants.iter().filter_map(Entrant::call);
        let namesake = |other: &Call| other.script().name() == call.script().name();
        for other in calls.filter(|other| namesake(other)) {
            assert!(
                other.script() == call.script(),
                "hay dos guiones distintos que se llaman «{}»: dale otro nombre a uno",
                call.script().name()
            );
        }
        let read = Json::read;
        self.with(name.into(), Runner::Python { call, read })
    }

    fn with(mut self, name: String, runner: Runner<'a, T>) -> Race<'a, T> {
        let entrant = Entrant {
            name: one_line(&name),
            runner,
            samples: Vec::new(),
            startups: Vec::new(),
        };
        let key = entrant.key();
        assert!(
            self.entrants.iter().all(|other| other.key() != key),
            "ya hay un participante «{key}»: dale otro nombre"
        );
        self.entrants.push(entrant);
        self
    }

    /// Con quién se comparan los demás: su nombre o, si hay dos que se llaman igual, «Python: su nombre».
    ///
    /// Si no se dice, el primero de Python o, si no hay, el primero.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Race;
    ///
    /// let carrera = Race::new("sumar", 3)
    ///     .rust("bucle", || (0..100).fold(0, |a, b| a + b))
    ///     .rust("sum", || (0..100).sum())
    ///     .reference("sum")
    ///     .run()?;
    /// assert_eq!(carrera.reference().name(), "sum");
    /// # Ok::<(), concurrencia::RaceError>(())
    /// ```
    #[must_use = "reference devuelve la carrera con su referencia"]
    pub fn reference(mut self, name: impl Into<String>) -> Race<'a, T> {
        self.reference = Some(name.into());
        self
    }

    /// Cómo se decide si dos resultados valen por el mismo. Si no se dice, con `==`.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Race;
    ///
    /// let carrera = Race::new("un décimo, diez veces", 3)
    ///     .rust("sumando", || (0..10).map(|_| 0.1).sum::<f64>())
    ///     .rust("multiplicando", || 0.1 * 10.0)
    ///     .check(|a, b| (a - b).abs() < 1e-9)
    ///     .run()?;
    /// assert_eq!(carrera.participants().len(), 2);
    /// # Ok::<(), concurrencia::RaceError>(())
    /// ```
    #[must_use = "check devuelve la carrera con su comprobación"]
    pub fn check(mut self, same: impl Fn(&T, &T) -> bool + 'a) -> Race<'a, T> {
        self.check = Box::new(same);
        self
    }

    /// El plazo de cada llamada a Python, en segundos de la lección. Si no se dice, 60 s reales.
    ///
    /// Cuando se acaba, Python muere, con todos los procesos que haya creado en su grupo, y la carrera es un error. A lo
    /// que corre en Rust no se le puede poner plazo. Arrancar e importar tiene el suyo: 60 s reales o este, si es mayor.
    ///
    /// # Panics
    ///
    /// Con los mismos segundos que [`to_real`].
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::prelude::*;
    ///
    /// let guion = Script::new("dormir", "import time\ndef mucho():\n    time.sleep(3600)\n");
    /// let carrera = Race::<()>::new("dormir", 1).python("una hora", guion.call("mucho", ())).timeout(1).run();
    /// let error = carrera.unwrap_err();
    /// assert!(error.is_timeout() || error.is_empty()); // vacía, si no hay Python
    /// ```
    #[must_use = "timeout devuelve la carrera con su plazo"]
    pub fn timeout(mut self, seconds: impl Into<f64>) -> Race<'a, T> {
        self.timeout = to_real(seconds);
        self
    }

    /// Cuántas veces se mide cada participante de Python con arranque. Si no se dice, una; con 0, ninguna.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::prelude::*;
    ///
    /// let guion = Script::new("nada", "def nada():\n    return 0\n");
    /// let carrera =
    ///     Race::new("nada", 2).rust("nada", || 0).python("nada", guion.call("nada", ())).startups(0).run()?;
    /// assert!(carrera.participants().iter().all(|participante| participante.startup().is_none()));
    /// # Ok::<(), RaceError>(())
    /// ```
    #[must_use = "startups devuelve la carrera con lo que se le pide"]
    pub fn startups(mut self, n: usize) -> Race<'a, T> {
        self.startups = n;
        self
    }

    /// El intérprete de Python, en vez del de `CONCURRENCIA_PYTHON` o el `python3` del PATH.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::prelude::*;
    ///
    /// let guion = Script::new("nada", "def nada():\n    return 0\n");
    /// let carrera = Race::new("nada", 1)
    ///     .rust("nada", || 0)
    ///     .python("nada", guion.call("nada", ()))
    ///     .interpreter("/no/hay/tal/python")
    ///     .run()?;
    /// assert!(carrera.warnings()[0].starts_with("sin Python"));
    /// # Ok::<(), RaceError>(())
    /// ```
    #[must_use = "interpreter devuelve la carrera con su intérprete"]
    pub fn interpreter(mut self, program: impl Into<OsString>) -> Race<'a, T> {
        self.program = Some(program.into());
        self
    }

    /// Corre: calienta, repite y compara.
    ///
    /// **Bloquea** hasta que todos han corrido `n + 1` veces. Al volver, bien o mal, no queda ningún proceso de Python
    /// ni ningún archivo suyo. Si el núcleo muere a medias, Python muere también.
    ///
    /// # Errors
    ///
    /// [`RaceError`], con el nombre del participante: [`is_mismatch`](RaceError::is_mismatch) si dos no dan lo mismo,
    /// [`is_panic`](RaceError::is_panic) si uno de Rust entra en pánico, [`is_exception`](RaceError::is_exception) si
    /// uno de Python lanza una excepción, [`is_timeout`](RaceError::is_timeout) si se le acaba el plazo,
    /// [`is_died`](RaceError::is_died) si su proceso se acaba, [`is_message`](RaceError::is_message) si sus argumentos o
    /// su resultado no se pueden pasar, [`is_empty`](RaceError::is_empty) si no queda quien corra,
    /// [`is_unknown`](RaceError::is_unknown) si la referencia no está. Se pierde todo lo medido.
    pub fn run(mut self) -> Result<RaceResults<T>, RaceError> {
        let reference = self.wanted_reference()?;
        let mut warnings = Vec::new();
        let mut stable = self.stable(&mut warnings)?;

        let values = self.warm_up(&mut stable, &mut warnings)?;
        let Some((_, _)) = values.first() else {
            return Err(RaceError::new(Cause::Empty(warnings)));
        };
        for round in 0..self.n {
            for turn in 0..self.entrants.len() {
                let index = (round + turn) % self.entrants.len();
                let (value, elapsed) = self.once(index, stable.as_mut())?;
                self.compare(index, &value, &values)?;
                self.entrants[index].samples.push(elapsed);
            }
        }
        let version = stable
            .as_ref()
            .map(|stable| stable.python.version().to_owned());
        if let Some(stable) = stable {
            self.run_from_scratch(stable, &values)?;
        }

        if let Some(reference) = &reference
            && self
                .entrants
                .iter()
                .all(|entrant| entrant.key() != *reference)
        {
            warnings.push(format!("la referencia, «{reference}», no ha corrido"));
        }
        let participants: Vec<Participant> = self
            .entrants
            .iter()
            .map(|entrant| {
                let measured = Measurement::from_samples(entrant.key(), entrant.samples.clone());
                let startup = (!entrant.startups.is_empty())
                    .then(|| Measurement::from_samples(entrant.key(), entrant.startups.clone()));
                Participant::new(entrant.language(), &entrant.name, measured, startup)
            })
            .collect();
        let (_, value) = values.into_iter().next().expect("se acaba de comprobar");
        Ok(RaceResults::assemble(
            self.title,
            value,
            participants,
            reference.as_deref(),
            warnings,
            version,
        ))
    }

    /// El nombre completo del que hace de referencia, si se ha pedido alguno.
    fn wanted_reference(&self) -> Result<Option<String>, RaceError> {
        let Some(wanted) = &self.reference else {
            return Ok(None);
        };
        let keys: Vec<String> = self.entrants.iter().map(Entrant::key).collect();
        let named = self
            .entrants
            .iter()
            .filter(|entrant| entrant.name == *wanted);
        let named: Vec<String> = named.map(Entrant::key).collect();
        if keys.contains(wanted) {
            Ok(Some(wanted.clone()))
        } else if let [only] = &named[..] {
            Ok(Some(only.clone()))
        } else {
            Err(RaceError::new(Cause::Unknown {
                wanted: wanted.clone(),
                known: keys,
            }))
        }
    }

    /// Arranca Python, si alguien lo necesita. Sin él, se quedan los de Rust.
    fn stable(&mut self, warnings: &mut Vec<String>) -> Result<Option<Stable>, RaceError> {
        let calls: Vec<&Call> = self.entrants.iter().filter_map(Entrant::call).collect();
        if calls.is_empty() {
            return Ok(None);
        }
        for entrant in &self.entrants {
            if let Some(call) = entrant.call()
                && let Err(why) = call.arguments()
            {
                let (call, why) = (call.to_string(), why.to_owned());
                return Err(RaceError::of(entrant.key(), Cause::Arguments { call, why }));
            }
        }
        let workspace = Workspace::new(calls.into_iter().map(Call::script))?;
        let program = self
            .program
            .clone()
            .or_else(|| std::env::var_os(PROGRAM_VARIABLE))
            .unwrap_or_else(|| PROGRAM.into());
        match Python::start(&program, &workspace) {
            Ok(python) => Ok(Some(Stable {
                python,
                program,
                workspace,
            })),
            Err(why) => {
                warnings.push(format!(
                    "sin Python no corren sus participantes: {} no arranca ({why}); di cuál usar con la variable de \
                     entorno {PROGRAM_VARIABLE}",
                    program.to_string_lossy()
                ));
                self.entrants
                    .retain(|entrant| entrant.language() == Language::Rust);
                Ok(None)
            }
        }
    }

    /// La vuelta que no cuenta. Da lo que da cada uno; a quien le falta una biblioteca, lo retira.
    fn warm_up(
        &mut self,
        stable: &mut Option<Stable>,
        warnings: &mut Vec<String>,
    ) -> Result<Vec<(String, T)>, RaceError> {
        let mut values = Vec::new();
        let mut index = 0;
        while index < self.entrants.len() {
            let outcome = self.load(index, stable.as_mut());
            let outcome = outcome.and_then(|()| self.attempt(index, stable.as_mut()));
            match outcome {
                Ok((value, _)) => {
                    self.compare(index, &value, &values)?;
                    values.push((self.entrants[index].key(), value));
                    index += 1;
                }
                Err(Fault::Python(Failure::Raised {
                    missing: Some(missing),
                    ..
                })) => {
                    let key = self.entrants.remove(index).key();
                    warnings.push(format!(
                        "no corre «{key}»: a Python le falta una biblioteca ({missing})"
                    ));
                }
                Err(fault) => {
                    return Err(self.error(index, fault, stable.as_ref().map(|s| &s.python)));
                }
            }
        }
        Ok(values)
    }

    fn load(&self, index: usize, stable: Option<&mut Stable>) -> Result<(), Fault> {
        match (self.entrants[index].call(), stable) {
            (Some(call), Some(stable)) => Ok(stable.python.load(call, self.timeout)?),
            _ => Ok(()),
        }
    }

    fn once(
        &mut self,
        index: usize,
        mut stable: Option<&mut Stable>,
    ) -> Result<(T, Duration), RaceError> {
        let outcome = self.attempt(index, stable.as_deref_mut());
        outcome.map_err(|fault| self.error(index, fault, stable.as_deref().map(|s| &s.python)))
    }

    fn attempt(
        &mut self,
        index: usize,
        stable: Option<&mut Stable>,
    ) -> Result<(T, Duration), Fault> {
        match (&mut self.entrants[index].runner, stable) {
            (Runner::Rust(f), _) => {
                let start = Instant::now();
                let value = catch(|| black_box(f()));
                let elapsed = start.elapsed();
                Ok((value.map_err(Fault::Panic)?, elapsed))
            }
            (Runner::Python { call, read }, Some(stable)) => {
                ask(&mut stable.python, call, *read, self.timeout)
            }
            (Runner::Python { .. }, None) => unreachable!("sin Python no quedan los suyos"),
        }
    }

    /// Mide los de Python en procesos nuevos, desde lanzarlos hasta que acaban.
    fn run_from_scratch(
        &mut self,
        stable: Stable,
        values: &[(String, T)],
    ) -> Result<(), RaceError> {
        let Stable {
            python,
            program,
            workspace,
        } = stable;
        drop(python);
        for round in 0..self.startups {
            for turn in 0..self.entrants.len() {
                let index = (round + turn) % self.entrants.len();
                let Runner::Python { call, read } = &self.entrants[index].runner else {
                    continue;
                };
                let start = Instant::now();
                let mut python = Python::start(&program, &workspace)
                    .map_err(|why| RaceError::from(std::io::Error::other(why)))?;
                let outcome = python
                    .load(call, self.timeout)
                    .map_err(Fault::from)
                    .and_then(|()| ask(&mut python, call, *read, self.timeout));
                let (value, _) = match outcome {
                    Ok(answer) => answer,
                    Err(fault) => return Err(self.error(index, fault, Some(&python))),
                };
                let end = python.finish(self.timeout);
                let elapsed = start.elapsed();
                end.map_err(|failure| self.error(index, failure.into(), None))?;
                self.compare(index, &value, values)?;
                self.entrants[index].startups.push(elapsed);
            }
        }
        Ok(())
    }

    fn compare(&self, index: usize, value: &T, values: &[(String, T)]) -> Result<(), RaceError> {
        for (other, other_value) in values {
            let same = catch(|| (self.check)(other_value, value)).map_err(|message| {
                RaceError::of(self.entrants[index].key(), Cause::Panic(message))
            })?;
            if !same {
                let (value, other_value) = contrast(value, other_value);
                return Err(RaceError::of(
                    self.entrants[index].key(),
                    Cause::Mismatch {
                        value,
                        other: other.clone(),
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

/// El proceso de Python de una carrera y con qué se lanzan otros como él.
struct Stable {
    // Antes que la carpeta: al soltarlo, muere quien la usa.
    python: Python,
    program: OsString,
    workspace: Workspace,
}

/// Por qué no ha podido correr un participante.
enum Fault {
    Panic(String),
    Python(Failure),
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Fault {
        Fault::Python(failure)
    }
}

fn ask<T>(
    python: &mut Python,
    call: &Call,
    read: fn(Json) -> Result<T, JsonError>,
    timeout: Duration,
) -> Result<(T, Duration), Fault> {
    let arguments = call
        .arguments()
        .map_err(|why| Failure::Unreadable(why.to_owned()))?;
    let answer = python.call(call, &arguments, timeout)?;
    let value = catch(|| read(answer.value)).map_err(Fault::Panic)?;
    let value = value.map_err(|error| Failure::Unreadable(error.to_string()))?;
    Ok((value, answer.elapsed))
}

/// Dos valores distintos, recortados de forma que se vea en qué.
fn contrast<T: Debug>(a: &T, b: &T) -> (String, String) {
    let (a, b) = (one_line(&format!("{a:?}")), one_line(&format!("{b:?}")));
    let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let long = a.chars().count().max(b.chars().count()) > LONGEST_VALUE;
    let skipped = if long {
        shared.saturating_sub(LONGEST_VALUE / 4)
    } else {
        0
    };
    let shown = |text: String| {
        let rest: String = text.chars().skip(skipped).collect();
        let dots = if skipped > 0 { "…" } else { "" };
        format!("{dots}{}", shorten(&rest, LONGEST_VALUE))
    };
    (shown(a), shown(b))
}

/// El final de una traza, por líneas enteras.
fn ending(traceback: &str) -> String {
    let mut kept = 0;
    let mut lines: Vec<&str> = traceback
        .lines()
        .rev()
        .take_while(|line| {
            kept += line.len() + 1;
            kept <= LONGEST_TRACEBACK
        })
        .collect();
    if lines.is_empty() {
        return shorten(traceback, LONGEST_TRACEBACK);
    }
    if lines.len() < traceback.lines().count() {
        lines.push("…");
    }
    lines.reverse();
    lines.join("\n")
}

/// El título y quiénes corren.
impl<T> Debug for Race<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.entrants.iter().map(Entrant::key).collect();
        write!(
            f,
            "Race({}, {} repeticiones: {})",
            one_line(&self.title),
            self.n,
            names.join(", ")
        )
    }
}
