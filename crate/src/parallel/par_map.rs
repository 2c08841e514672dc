//! `ParMap`: una función sobre muchos datos, con su plazo y sus trabajadores.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Job, PartialResults, Running};
use crate::process::Portable;
use crate::time::to_real;
use crate::timeline::name_of;

/// Un `map` preparado, que nadie ha empezado: se le ponen plazo y trabajadores y se echa a andar con
/// [`run`](ParMap::run).
///
/// Cada entrada es una tarea: el que queda libre coge la siguiente, y las que no han empezado al vencer el plazo ya no
/// empiezan. Con muchísimas tareas de menos de un microsegundo cuesta más repartirlas que hacerlas:
/// [`ThreadPool::map`](crate::ThreadPool::map) las junta en trozos.
///
/// # En Python
///
/// Los argumentos de `f.map(items, timeout=5, max_workers=4)`.
///
/// # Examples
///
/// ```
/// use concurrencia::Parallel;
///
/// let base = 10;
/// let sumas = (move |x: i64| base + x).par_map(0..4).max_workers(2).run()?;
/// assert_eq!(sumas, [10, 11, 12, 13]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "no empieza hasta que se llama a run()"]
pub struct ParMap<F, A, Where = Threads> {
    f: F,
    items: Vec<A>,
    max_workers: Option<usize>,
    timeout: Option<Duration>,
    place: PhantomData<fn() -> Where>,
}

/// Un [`ParMap`] que se hace en hilos.
#[derive(Debug)]
pub enum Threads {}

/// Un [`ParMap`] que se hace en procesos.
#[derive(Debug)]
pub enum Processes {}

/// Prepara `f(x)` de cada entrada: lo mismo que [`f.par_map(items)`](super::Parallel::par_map).
///
/// # En Python
///
/// `parallel.map(f, items)`.
///
/// # Examples
///
/// ```
/// use concurrencia::parallel;
///
/// assert_eq!(parallel::map(|x| x * x, 0..5).max_workers(2).run()?, [0, 1, 4, 9, 16]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn map<F, A, R>(f: F, items: impl IntoIterator<Item = A>) -> ParMap<F, A>
where
    F: Fn(A) -> R,
{
    ParMap::new(f, items)
}

impl<F, A> ParMap<F, A> {
    pub(super) fn new(f: F, items: impl IntoIterator<Item = A>) -> ParMap<F, A> {
        ParMap {
            f,
            items: items.into_iter().collect(),
            max_workers: None,
            timeout: None,
            place: PhantomData,
        }
    }
}

impl<F, A, Where> ParMap<F, A, Where> {
    /// Como mucho, `max_workers` a la vez.
    ///
    /// Si no se dice, los de Python: en hilos, los núcleos más cuatro (32 como mucho); en procesos, los núcleos. Nunca se
    /// crean más que entradas hay.
    ///
    /// # En Python
    ///
    /// `f.map(items, max_workers=4)`.
    ///
    /// # Panics
    ///
    /// Si `max_workers` es 0.
    pub fn max_workers(mut self, max_workers: usize) -> ParMap<F, A, Where> {
        self.max_workers = Some(super::running::checked(max_workers));
        self
    }

    /// Un plazo de `seconds` segundos de la lección para tenerlos todos, desde que se llama a `run`.
    ///
    /// # En Python
    ///
    /// `f.map(items, timeout=5)`. Allí el plazo es para cada una, y al vencer espera igual a que acaben todas.
    ///
    /// # Panics
    ///
    /// Si los segundos son negativos o NaN.
    pub fn timeout(mut self, seconds: impl Into<f64>) -> ParMap<F, A, Where> {
        self.timeout = Some(to_real(seconds));
        self
    }

    /// En hilos, que es como va si no se dice nada.
    ///
    /// # En Python
    ///
    /// `f.thread.map(items)`.
    pub fn threads(self) -> ParMap<F, A, Threads> {
        self.moved()
    }

    /// En procesos: la función no puede capturar nada, y los datos [viajan](Portable) copiados.
    ///
    /// # En Python
    ///
    /// `f.process.map(items)`.
    ///
    /// # Examples
    ///
    /// ```standalone_crate
    /// use concurrencia::{Parallel, process};
    ///
    /// fn cuadrado(x: i64) -> i64 {
    ///     x * x
    /// }
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     process::init(); // en un cuaderno no hace falta
    ///     assert_eq!(cuadrado.par_map(0..5).processes().max_workers(2).run()?, [0, 1, 4, 9, 16]);
    ///     Ok(())
    /// }
    /// ```
    pub fn processes(self) -> ParMap<F, A, Processes> {
        self.moved()
    }

    fn moved<Elsewhere>(self) -> ParMap<F, A, Elsewhere> {
        ParMap {
            f: self.f,
            items: self.items,
            max_workers: self.max_workers,
            timeout: self.timeout,
            place: PhantomData,
        }
    }

    fn run_with<R>(
        items: Vec<A>,
        max_workers: Option<usize>,
        timeout: Option<Duration>,
        job: impl Fn(A) -> Job<R>,
    ) -> Result<Vec<R>, PartialResults<usize, R>>
    where
        R: Send + 'static,
    {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let jobs = items.into_iter().map(job).enumerate().collect();
        let outcomes = Running::start(jobs, max_workers).outcomes(deadline);
        let results = PartialResults::all(outcomes)?;
        Ok(results.into_iter().map(|(_, result)| result).collect())
    }
}

impl<F, A> ParMap<F, A, Threads> {
    /// Lo hace, y da los resultados en el orden de las entradas. **Bloquea** hasta tenerlos, o hasta que venza el plazo.
    ///
    /// Al vencer, las tareas que no han empezado se cancelan; las que sí, siguen hasta el final por su cuenta (a un hilo no
    /// se le puede matar) y su resultado se pierde.
    ///
    /// # En Python
    ///
    /// `f.map(items)`.
    ///
    /// # Errors
    ///
    /// Si falla alguna, cuando han acabado todas, o si vence el plazo. El error dice cuáles y por qué, y guarda los
    /// resultados que sí llegaron: ve [`PartialResults`].
    ///
    /// # Examples
    ///
    /// ```
    /// use concurrencia::Parallel;
    ///
    /// let parcial = (|x: i64| 12 / x).par_map([3, 0, 4]).run().unwrap_err();
    /// assert!(parcial.failed()[&1].is_panic());
    /// assert_eq!(parcial.succeeded()[&2], 3);
    /// ```
    pub fn run<R>(self) -> Result<Vec<R>, PartialResults<usize, R>>
    where
        F: Fn(A) -> R + Send + Sync + 'static,
        A: Send + 'static,
        R: Send + 'static,
    {
        let f = Arc::new(self.f);
        Self::run_with(self.items, self.max_workers, self.timeout, move |item| {
            let f = Arc::clone(&f);
            Job::in_thread(name_of::<F>, move || f(item))
        })
    }
}

impl<F, A> ParMap<F, A, Processes> {
    /// Lo hace, y da los resultados en el orden de las entradas. **Bloquea** hasta tenerlos, o hasta que venza el plazo.
    ///
    /// Al vencer, los procesos se matan, hagan lo que hagan.
    ///
    /// # En Python
    ///
    /// `f.process.map(items)`.
    ///
    /// # Errors
    ///
    /// Si falla alguna, cuando han acabado todas, o si vence el plazo. El error dice cuáles y por qué, y guarda los
    /// resultados que sí llegaron: ve [`PartialResults`].
    ///
    /// # Examples
    ///
    /// ```standalone_crate
    /// use concurrencia::{Parallel, process};
    ///
    /// fn muere_si_es_dos(x: u32) -> u32 {
    ///     if x == 2 { std::process::abort() } else { x }
    /// }
    ///
    /// fn main() {
    ///     process::init(); // en un cuaderno no hace falta
    ///     let parcial = muere_si_es_dos.par_map(1..4).processes().run().unwrap_err();
    ///     assert!(parcial.failed()[&1].process_error().unwrap().is_died());
    ///     assert!(parcial.into_succeeded().into_values().eq([1, 3]));
    /// }
    /// ```
    pub fn run<R>(self) -> Result<Vec<R>, PartialResults<usize, R>>
    where
        F: Fn(A) -> R + Copy + Send + 'static,
        A: Portable + Send,
        R: Portable + Send,
    {
        let f = self.f;
        Self::run_with(self.items, self.max_workers, self.timeout, move |item| {
            Job::in_process(move |pool| pool.apply_async(f, (item,)))
        })
    }
}

/// `ParMap(3 entradas)`.
impl<F, A, Where> fmt::Debug for ParMap<F, A, Where> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.items.len();
        let entradas = if count == 1 { "entrada" } else { "entradas" };
        write!(f, "ParMap({count} {entradas})")
    }
}
