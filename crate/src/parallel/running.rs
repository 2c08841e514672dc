//! `Running`: unas cuantas llamadas en marcha.

use std::collections::BTreeMap;
use std::fmt;
use std::thread;
use std::time::Instant;

use super::PartialResults;
use super::job::{Job, Launch};
use crate::futures::{Cause, Future, FutureError, Promise};
use crate::process::{AsyncResult, ProcessError, ProcessPool};
use crate::thread::{ThreadError, Workers, default_size};
use crate::time::{deadline, to_lesson};

/// Unas cuantas llamadas en marcha, cada una con su nombre: las da [`AsyncPar::start`](super::AsyncPar::start).
///
/// Soltarlo sin recoger los resultados cancela las que no han empezado; las que sí, en hilos siguen hasta el final por su
/// cuenta, y en procesos se matan.
///
/// # En Python
///
/// El `ex` de `with parallel.async_par(futuros) as ex:`.
///
/// # Examples
///
/// ```
/// use concurrencia::Parallel;
/// use concurrencia::parallel::{Running, async_par};
///
/// let ex: Running<&str, i64> = async_par([("kilo", i64::pow.future((10, 3)))]).start();
/// assert_eq!(ex.results()?["kilo"], 1000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "si se suelta, se cancelan las que no han empezado"]
pub struct Running<K, T> {
    tasks: Vec<(K, Task<T>)>,
    // Los hilos, si alguna va en uno: cerrados ya, acaban cuando no quede nada que hacer.
    workers: Option<Workers>,
    pool: Option<ProcessPool>,
}

/// Una llamada en marcha.
enum Task<T> {
    Thread(Future<T>),
    Process(AsyncResult<T>),
}

impl<T> Task<T> {
    fn failed(error: FutureError) -> Task<T> {
        Task::Thread(Future::ready(Err(error)))
    }

    fn done(&self) -> bool {
        match self {
            Task::Thread(future) => future.done(),
            Task::Process(result) => result.ready(),
        }
    }
}

impl<K, T: Send + 'static> Running<K, T> {
    pub(super) fn start(jobs: Vec<(K, Job<T>)>, max_workers: Option<usize>) -> Running<K, T> {
        let in_thread = |(_, job): &&(K, Job<T>)| matches!(job.0, Launch::Thread { .. });
        let threads = jobs.iter().filter(in_thread).count();
        let (workers, pool) = crew(threads, jobs.len() - threads, max_workers);
        let launch = |(number, (key, job)): (usize, (K, Job<T>))| {
            (key, launch(job, number, &workers, &pool))
        };
        let tasks = (1..).zip(jobs).map(launch).collect();
        let running = Running {
            tasks,
            workers: workers.and_then(Result::ok),
            pool: pool.and_then(Result::ok),
        };
        if let Some(workers) = &running.workers {
            workers.close();
        }
        if let Some(pool) = &running.pool {
            pool.close();
        }
        running
    }

    /// Espera a que acaben todas, o hasta `deadline`, y dice cómo acabó cada una.
    pub(super) fn outcomes(
        mut self,
        deadline: Option<Instant>,
    ) -> Vec<(K, Result<T, FutureError>)> {
        let tasks = std::mem::take(&mut self.tasks);
        let mut late = false;
        let outcomes = tasks.into_iter().map(|(key, task)| {
            let outcome = match task {
                Task::Thread(future) => {
                    future.into_result_until(deadline).unwrap_or_else(|future| {
                        self.give_up(&mut late);
                        // Puede haberla cogido un hilo en este instante, o haber acabado.
                        future.cancel();
                        let now = future.into_result_until(Some(Instant::now()));
                        now.unwrap_or_else(|_| Err(Cause::Timeout.into()))
                    })
                }
                Task::Process(result) => get_until(&result, deadline).map_err(|error| {
                    if error.is_timeout() {
                        self.give_up(&mut late);
                    }
                    // Lo que se mató por no llegar a tiempo es que no llegó a tiempo.
                    if late && (error.is_timeout() || error.is_closed()) {
                        Cause::Timeout.into()
                    } else {
                        error.into()
                    }
                }),
            };
            (key, outcome)
        });
        outcomes.collect()
    }

    /// Se acabó el plazo: que no empiece nada más.
    fn give_up(&self, late: &mut bool) {
        if !std::mem::replace(late, true) {
            self.stop();
        }
    }
}

impl<K, T> Running<K, T> {
    /// ¿Han acabado todas? No bloquea.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Parallel, parallel};
    /// use std::sync::mpsc::channel;
    ///
    /// let (suelta, espera) = channel::<()>();
    /// let espera = std::sync::Mutex::new(espera);
    /// let ex = parallel::async_par([("una", (move || espera.lock().unwrap().recv().is_err()).future(()))]).start();
    /// assert!(!ex.done());
    /// drop(suelta);
    /// assert!(ex.results()?["una"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn done(&self) -> bool {
        self.tasks.iter().all(|(_, task)| task.done())
    }

    fn stop(&self) {
        if let Some(workers) = &self.workers {
            workers.discard();
        }
        if let Some(pool) = &self.pool {
            pool.terminate();
        }
    }
}

impl<K: Ord, T: Send + 'static> Running<K, T> {
    /// Espera a que acaben todas y da los resultados, cada uno con su nombre. **Bloquea**, sin plazo.
    ///
    /// # En Python
    ///
    /// `ex.results()`.
    ///
    /// # Errors
    ///
    /// Si falla alguna, cuando han acabado todas. El error dice cuáles y por qué, y guarda los resultados que sí
    /// llegaron: ve [`PartialResults`].
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Parallel, parallel};
    ///
    /// let mitades = [("una", (|| 12 / 4).future(())), ("otra", (|| "doce".parse::<i32>().unwrap()).future(()))];
    /// let parcial = parallel::async_par(mitades).start().results().unwrap_err();
    /// assert_eq!(parcial.succeeded()["una"], 3);
    /// assert!(parcial.failed()["otra"].is_panic());
    /// ```
    pub fn results(self) -> Result<BTreeMap<K, T>, PartialResults<K, T>> {
        let results = PartialResults::all(self.outcomes(None))?;
        Ok(results.into_iter().collect())
    }

    /// Como [`results`](Running::results), pero espera como mucho `seconds` segundos de la lección, desde ahora.
    ///
    /// Al vencer, las que no han empezado se cancelan; las que sí, en hilos siguen hasta el final por su cuenta, y en
    /// procesos se matan.
    ///
    /// # En Python
    ///
    /// `ex.results(timeout=4)`.
    ///
    /// # Errors
    ///
    /// Los de `results`, y uno que dice cuáles faltaron ([`is_timeout`](PartialResults::is_timeout)) si vence el plazo.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::{Parallel, parallel};
    /// use std::sync::mpsc::channel;
    ///
    /// let (suelta, espera) = channel::<()>();
    /// let espera = std::sync::Mutex::new(espera);
    /// let lenta = (move || espera.lock().unwrap().recv().is_err()).future(());
    /// let ex = parallel::async_par([("lenta", lenta), ("rápida", (|| true).future(()))]).start();
    /// let parcial = ex.results_timeout(5).unwrap_err();
    /// assert!(parcial.is_timeout());
    /// assert!(parcial.failed().contains_key("lenta") && parcial.succeeded()["rápida"]);
    /// # drop(suelta);
    /// ```
    pub fn results_timeout(
        self,
        seconds: impl Into<f64>,
    ) -> Result<BTreeMap<K, T>, PartialResults<K, T>> {
        let results = PartialResults::all(self.outcomes(deadline(seconds)))?;
        Ok(results.into_iter().collect())
    }
}

impl<K, T> Drop for Running<K, T> {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Los hilos y los procesos, si hay algo que hacer en ellos.
type Crew = (
    Option<Result<Workers, ThreadError>>,
    Option<Result<ProcessPool, ProcessError>>,
);

// Aparte, para que no se compile en cada celda que reparte algo.
fn crew(threads: usize, processes: usize, max_workers: Option<usize>) -> Crew {
    let workers = (threads > 0).then(|| {
        let size = max_workers.unwrap_or_else(default_size).min(threads);
        Workers::new("parallel", size)
    });
    let pool = (processes > 0).then(|| {
        let size = max_workers.unwrap_or_else(cores).min(processes);
        ProcessPool::new(size)
    });
    (workers, pool)
}

fn launch<T: Send + 'static>(
    job: Job<T>,
    number: usize,
    workers: &Option<Result<Workers, ThreadError>>,
    pool: &Option<Result<ProcessPool, ProcessError>>,
) -> Task<T> {
    match (job.0, workers, pool) {
        (Launch::Thread { name, call }, Some(Ok(workers)), _) => {
            let (promise, future) = Promise::new();
            let ticket = workers.ticket(name, number);
            let call = move || {
                let _task = ticket.begin();
                call()
            };
            // Nadie los ha cerrado todavía.
            drop(workers.spawn(move || promise.run(call)));
            Task::Thread(future)
        }
        (Launch::Process(call), _, Some(Ok(pool))) => Task::Process(call(pool)),
        (_, Some(Err(error)), _) => Task::failed(Cause::Exception(error.clone().into()).into()),
        (_, _, Some(Err(error))) => Task::failed(error.clone().into()),
        (_, _, _) => Task::failed(Cause::Abandoned.into()),
    }
}

fn get_until<T>(result: &AsyncResult<T>, deadline: Option<Instant>) -> Result<T, ProcessError> {
    match deadline {
        None => result.get(),
        Some(deadline) => {
            let left = deadline.saturating_duration_since(Instant::now());
            result.get_timeout(to_lesson(left))
        }
    }
}

pub(super) fn checked(max_workers: usize) -> usize {
    assert!(max_workers > 0, "hace falta al menos un trabajador");
    max_workers
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// `Running(acabadas 1 de 3)`.
impl<K, T> fmt::Debug for Running<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = self.tasks.iter().filter(|(_, task)| task.done()).count();
        write!(f, "Running(acabadas {done} de {})", self.tasks.len())
    }
}
