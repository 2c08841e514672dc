//! `Race`: el mismo trabajo, en Rust y en Python, por turnos y con el cronómetro en la mano.

use std::ffi::OsString;
use std::fmt::{self, Debug};
use std::time::Duration;

use nanoserde::DeJson;

use super::entrant::{Entrant, Runner};
use super::error::{Cause, RaceError};
use super::track::{Check, Track, program};
use super::wire::read;
use super::{Call, RaceResults};
use crate::text::one_line;
use crate::time::to_real;

/// El plazo de cada llamada a Python, si no se dice otro.
const TIMEOUT: Duration = Duration::from_secs(60);

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
    /// Lo que devuelve la función se lee como lo que dan las de Rust, con [`DeJson`]: los enteros, exactos hasta 64 bits
    /// (uno mayor, que lo devuelva como texto); las tuplas, hasta de cuatro; los diccionarios, con claves `String`; los
    /// `bytes`, como lista de números; los conjuntos, como lista ordenada. Ni NaN ni infinitos: son un error.
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
    ///         "sí, señor".chars().for_each(|c| *veces.entry(c.to_string()).or_insert(0) += 1);
    ///         veces
    ///     })
    ///     .python("diccionario", guion.call("cuenta", ("sí, señor".to_owned(),)))
    ///     .run()?;
    /// assert_eq!(carrera.value()["s"], 2);
    /// # Ok::<(), RaceError>(())
    /// ```
    pub fn python(self, name: impl Into<String>, call: Call) -> Race<'a, T>
    where
        T: DeJson,
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
        self.with(name.into(), Runner::Python { call, read })
    }

    fn with(mut self, name: String, runner: Runner<'a, T>) -> Race<'a, T> {
        let entrant = Entrant::new(one_line(&name), runner);
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
    pub fn run(self) -> Result<RaceResults<T>, RaceError> {
        let reference = self.wanted_reference()?;
        let program = self.program.unwrap_or_else(program);
        let mut track = Track::new(self.entrants, self.check, self.timeout, program)?;
        track.warm_up()?;
        for round in 0..self.n {
            track.round(round)?;
        }
        let version = track.version();
        track.measure_startups(self.startups)?;

        let mut warnings = track.warnings;
        let ran = |key: &String| track.entrants.iter().any(|entrant| entrant.key() == *key);
        if let Some(reference) = reference.as_ref().filter(|key| !ran(key)) {
            warnings.push(format!("la referencia, «{reference}», no ha corrido"));
        }
        let Some((_, value)) = track.values.into_iter().next() else {
            return Err(RaceError::new(Cause::Empty(warnings)));
        };
        let participants = track.entrants.into_iter().map(Entrant::into_participant);
        Ok(RaceResults::assemble(
            self.title,
            value,
            participants.collect(),
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
