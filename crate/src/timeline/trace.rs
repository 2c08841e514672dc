//! `Trace`: lo que pasó mientras hubo una captura abierta.

use std::fmt;
use std::time::Duration;

use super::numbers::{concurrency, total};
use super::{Lane, State, Task};
use crate::text::{Unit, decimal};

/// Una ejecución entera: qué hizo cada hilo, cada proceso y cada tarea, y cuándo.
///
/// La da [`timeline`](super::timeline()). En una celda se enseña como tabla de cifras; [`plot`](Trace::plot) y [`waterfall`](Trace::waterfall) la dibujan,
/// [`save`](Trace::save) la guarda para Perfetto o para [`load`](Trace::load). Los tiempos son reales (no segundos de la
/// lección) y se cuentan desde que se abrió la captura.
///
/// # Examples
///
/// ```
/// use concurrencia::timeline::{State, timeline};
/// use concurrencia::{ThreadPool, sleep};
///
/// let pool = ThreadPool::new(4)?;
/// let traza = timeline(|| pool.map(|_: u32| sleep(1), 0..8).unwrap());
/// assert_eq!(traza.tasks().iter().filter(|tarea| tarea.lane().is_some()).count(), 8);
/// assert!(traza.work() > traza.duration()); // se hicieron varias a la vez
/// # Ok::<(), concurrencia::ThreadError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Trace {
    pub(super) duration: u64,
    pub(super) cores: usize,
    /// El carril de quien abrió la captura.
    pub(super) main: usize,
    pub(super) lanes: Vec<Lane>,
    pub(super) tasks: Vec<Task>,
    pub(super) events: usize,
    pub(super) lost: usize,
}

impl Trace {
    /// Cuánto duró la captura.
    pub fn duration(&self) -> Duration {
        Duration::from_nanos(self.duration)
    }

    /// Los carriles, por orden de aparición.
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// Las tareas, por el orden en que se encargaron o empezaron.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// Los núcleos de la máquina en que se hizo.
    pub fn cores(&self) -> usize {
        self.cores
    }

    /// Los sucesos apuntados.
    pub fn events(&self) -> usize {
        self.events
    }

    /// Los sucesos que no cupieron: si no es 0, a la traza le falta el final de algo.
    pub fn lost_events(&self) -> usize {
        self.lost
    }

    /// El tiempo que, sumando todos los carriles, se pasó en un estado.
    ///
    /// En cola se suma por tarea: tres tareas que esperan un segundo en la cola de un pool son tres segundos.
    pub fn total(&self, state: State) -> Duration {
        total(self, |span| span.state == state && !span.turn)
    }

    /// El trabajo: la suma de lo que cada carril pasó ejecutando o esperando E/S. Es lo que se tardaría en serie, si cada
    /// cosa tardara lo mismo sola.
    pub fn work(&self) -> Duration {
        total(self, |span| span.counts_as_work())
    }

    /// El tiempo perdido por ser varios: esperar cerrojos y estar en cola, sumado.
    pub fn lost(&self) -> Duration {
        self.total(State::Lock) + self.total(State::Queued)
    }

    /// El paralelismo medio: el [trabajo](Trace::work) partido por la [duración](Trace::duration).
    ///
    /// Cuenta lo que avanza a la vez, calcule o espere: ocho descargas solapadas dan 8 con un solo núcleo.
    pub fn parallelism(&self) -> f64 {
        if self.duration == 0 {
            return 0.0;
        }
        self.work().as_secs_f64() / self.duration().as_secs_f64()
    }

    /// Cuántos carriles llegaron a avanzar a la vez.
    pub fn max_parallelism(&self) -> usize {
        concurrency(self)
    }

    /// Las cifras, con su nombre.
    pub(crate) fn figures(&self) -> Vec<(&'static str, String)> {
        let readable = |duration: Duration| Unit::fitting(duration).write(duration);
        let path = self.critical_path();
        let path_length: Duration = path.iter().map(super::Step::duration).sum();
        vec![
            ("duración", readable(self.duration())),
            ("trabajo sumado", readable(self.work())),
            (
                "paralelismo",
                format!(
                    "{} de media, {} como mucho",
                    decimal(self.parallelism(), 1),
                    self.max_parallelism()
                ),
            ),
            ("esperando cerrojos", readable(self.total(State::Lock))),
            ("en cola", readable(self.total(State::Queued))),
            (
                "ruta crítica",
                format!(
                    "{} en {} {}",
                    readable(path_length),
                    path.len(),
                    if path.len() == 1 { "paso" } else { "pasos" }
                ),
            ),
            ("tareas", decimal(self.tasks.len() as f64, 0)),
            ("carriles", decimal(self.lanes.len() as f64, 0)),
        ]
    }
}

/// La tabla de cifras, en texto alineado.
impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::summary::summary(self).text())
    }
}

/// `Trace(8 tareas en 5 carriles, 203 ms)`.
impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Trace({} tareas en {} carriles, {:?})",
            self.tasks.len(),
            self.lanes.len(),
            self.duration()
        )
    }
}
