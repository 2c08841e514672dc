//! `Explorer`: cómo se recorren los planes.

use std::fmt;
use std::sync::Arc;

use crate::engine::{self, Picker};
use crate::report::Report;
use crate::schedule::{self, ScheduleError};

/// Cuántos planes se recorren si no se dice otra cosa.
const DEFAULT_PLANS: usize = 10_000;
const DEFAULT_MAX_STEPS: usize = 10_000;

/// Cómo se elige a quién toca en cada turno.
///
/// | estrategia | qué hace | cuándo |
/// |---|---|---|
/// | [`Random`](Strategy::Random) | a cada turno, cualquiera | casi siempre |
/// | [`Pct`](Strategy::Pct) | pocos cambios de hilo, en sitios al azar | programas largos, en los que el azar puro se pierde |
/// | [`Exhaustive`](Strategy::Exhaustive) | todos los planes que hay, uno a uno | programas diminutos: si acaba, es una demostración |
///
/// # Examples
///
/// ```
/// use explore::sync::Arc;
/// use explore::sync::atomic::{AtomicU32, Ordering::SeqCst};
/// use explore::{Explorer, Strategy, thread};
///
/// let informe = Explorer::new().with_strategy(Strategy::Exhaustive).run(|| {
///     let n = Arc::new(AtomicU32::new(0));
///     let otro = Arc::clone(&n);
///     thread::spawn(move || otro.fetch_add(1, SeqCst));
///     n.fetch_add(1, SeqCst);
/// });
/// assert!(informe.is_ok() && informe.is_complete(), "{informe}");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strategy {
    /// A cada turno, cualquiera de los que pueden seguir.
    #[default]
    Random,
    /// El algoritmo PCT: cada hilo tiene una prioridad, y cambia de mano `depth` − 1 veces, en sitios al azar.
    Pct {
        /// Cuántas cosas tienen que ocurrir en cierto orden para que se vea el fallo; 2 o 3 bastan casi siempre.
        depth: usize,
    },
    /// Todos los planes que hay. Crecen muy deprisa: con dos hilos de diez pasos ya son 184 756.
    Exhaustive,
}

impl Strategy {
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Strategy::Random => "al azar",
            Strategy::Pct { .. } => "con PCT",
            Strategy::Exhaustive => "uno a uno",
        }
    }
}

/// Una exploración por hacer: cuántos planes, elegidos cómo y hasta dónde.
///
/// Sin decirle nada recorre 10 000 planes al azar con la semilla 0: dos veces lo mismo da dos veces lo mismo.
///
/// # En Python
///
/// No hay nada parecido: los hilos de CPython cambian cuando le parece al intérprete, y repetir el programa mil veces
/// repite casi siempre el mismo orden.
///
/// # A pelo
///
/// [`shuttle::Runner`](https://docs.rs/shuttle/0.8/shuttle/struct.Runner.html) y sus planificadores: el fallo es un
/// pánico, y el plan, un texto en la salida de error.
///
/// # Examples
///
/// ```
/// use explore::{Explorer, Strategy};
///
/// let informe = Explorer::new()
///     .with_plans(500)
///     .with_seed(7)
///     .with_strategy(Strategy::Pct { depth: 3 })
///     .run(|| ());
/// assert!(informe.is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explorer {
    pub(crate) plans: usize,
    pub(crate) seed: u64,
    pub(crate) strategy: Strategy,
    pub(crate) max_steps: usize,
}

impl Explorer {
    /// Una exploración de 10 000 planes al azar, con la semilla 0.
    pub fn new() -> Explorer {
        Explorer {
            plans: DEFAULT_PLANS,
            seed: 0,
            strategy: Strategy::Random,
            max_steps: DEFAULT_MAX_STEPS,
        }
    }

    /// Cuántos planes se recorren, como mucho (al menos uno).
    #[must_use = "with_plans devuelve la exploración cambiada"]
    pub fn with_plans(mut self, plans: usize) -> Explorer {
        self.plans = plans.max(1);
        self
    }

    /// De dónde sale el azar: con otra semilla se recorren otros planes.
    #[must_use = "with_seed devuelve la exploración cambiada"]
    pub fn with_seed(mut self, seed: u64) -> Explorer {
        self.seed = seed;
        self
    }

    /// Cómo se elige a quién toca.
    #[must_use = "with_strategy devuelve la exploración cambiada"]
    pub fn with_strategy(mut self, strategy: Strategy) -> Explorer {
        self.strategy = strategy;
        self
    }

    /// Cuántos turnos puede durar un plan antes de darlo por «no termina»; si no se dice, 10 000.
    #[must_use = "with_max_steps devuelve la exploración cambiada"]
    pub fn with_max_steps(mut self, steps: usize) -> Explorer {
        self.max_steps = steps;
        self
    }

    /// Recorre los planes de `program` y cuenta lo que ha pasado.
    ///
    /// `program` se ejecuta miles de veces, siempre desde el principio: tiene que crear dentro todo lo que sus hilos
    /// comparten, con las piezas de este crate, y no depender de nada de fuera que cambie (la hora, el azar, un
    /// archivo). **Bloquea** hasta acabar; hay una exploración cada vez en todo el programa.
    ///
    /// Un fallo no la detiene, salvo el de no terminar, que a la décima vez ya está visto. Los pánicos de `program` no
    /// se anuncian: salen en el informe.
    ///
    /// # Panics
    ///
    /// Si se llama desde un programa que se está explorando.
    pub fn run(&self, program: impl Fn() + Send + Sync + 'static) -> Report {
        let picker = match self.strategy {
            Strategy::Random => Picker::random(self.seed, self.plans),
            Strategy::Pct { depth } => Picker::pct(self.seed, depth.max(1), self.plans),
            Strategy::Exhaustive => Picker::exhaustive(),
        };
        let program: engine::Program = Arc::new(program);
        let findings = engine::explore(picker, self.plans, self.max_steps, &program);
        Report::of_exploration(findings, self.clone())
    }

    /// Repite un plan de `program` y lo cuenta.
    ///
    /// Lo mismo que [`replay`](crate::replay()), con los turnos que se digan como tope.
    ///
    /// # Errors
    ///
    /// Si el plan no está bien escrito o no es de este programa.
    pub fn replay(
        &self,
        schedule: &str,
        program: impl Fn() + Send + Sync + 'static,
    ) -> Result<Report, ScheduleError> {
        let picks = schedule::read(schedule)?;
        let program: engine::Program = Arc::new(program);
        let findings =
            engine::replay(picks, self.max_steps, &program).map_err(ScheduleError::mismatch)?;
        Ok(Report::of_replay(findings, self.clone()))
    }
}

impl Default for Explorer {
    fn default() -> Self {
        Explorer::new()
    }
}

impl fmt::Display for Explorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.strategy {
            Strategy::Exhaustive => write!(f, "{}", self.strategy.describe()),
            _ => write!(f, "{}, semilla {}", self.strategy.describe(), self.seed),
        }
    }
}
