//! Repartir trabajos entre trabajadores: como lo haría un pool, y lo mejor que se podría hacer.
//!
//! | se llama | quién hace cada trabajo | para qué |
//! |---|---|---|
//! | [`in_order`] | el primero que queda libre, en el orden en que llegan | lo que hace un pool |
//! | [`longest_first`] | lo mismo, del más largo al más corto | lo que hace un pool si se le ordenan antes |
//! | [`best`] | el que haga falta para acabar cuanto antes | el límite: nadie puede tardar menos |
//!
//! Las tres dan un [`Schedule`]. Acabar cuanto antes con lo que ya se sabe que dura cada trabajo es un problema difícil
//! («P||Cmax»). Graham (*Bounds on multiprocessing timing anomalies*, 1969) demostró que en cualquier orden un pool no
//! llega a tardar el doble de lo mejor, y que del más largo al más corto no pasa de 4/3: el que tarda más de eso no está
//! repartiendo mal, está haciendo otra cosa.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

use concurrencia::MimeBundle;

/// Repartos que [`best`] prueba antes de conformarse: unos segundos.
const MAX_STEPS: usize = 4_000_000;
/// Repartos a medias que recuerda [`best`] para no volver a pasar por uno igual.
const MAX_SEEN: usize = 500_000;

/// Quién hace cada trabajo, y cuánto se tarda en acabarlos todos.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use workloads::schedule;
///
/// let segundos = [3, 3, 2, 2, 2].map(Duration::from_secs);
/// let pool = schedule::in_order(segundos, 2);
/// let mejor = schedule::best(segundos, 2);
/// assert_eq!((pool.makespan().as_secs(), mejor.makespan().as_secs()), (7, 6));
/// assert_eq!(mejor.workers(), [vec![0, 1], vec![2, 3, 4]]);
/// assert!(mejor.is_best());
/// assert_eq!(mejor.to_string(), "5 trabajos entre 2: 6.000 s");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    durations: Vec<Duration>,
    workers: Vec<Vec<usize>>,
    is_best: bool,
}

impl Schedule {
    fn new(durations: &[Duration], mut workers: Vec<Vec<usize>>) -> Schedule {
        for tasks in &mut workers {
            tasks.sort_unstable();
        }
        workers.sort();
        // Los que no hacen nada, al final.
        workers.sort_by_key(Vec::is_empty);
        let mut schedule = Schedule {
            durations: durations.to_vec(),
            workers,
            is_best: false,
        };
        schedule.is_best = schedule.makespan() == lower_bound(durations, schedule.workers.len());
        schedule
    }

    /// Lo que se tarda en acabarlos todos: lo que trabaja el que más.
    pub fn makespan(&self) -> Duration {
        let load = |tasks: &Vec<usize>| tasks.iter().map(|&t| self.durations[t]).sum();
        self.workers.iter().map(load).max().unwrap_or_default()
    }

    /// Los trabajos de cada trabajador, por su posición en lo que se dio.
    pub fn workers(&self) -> &[Vec<usize>] {
        &self.workers
    }

    /// ¿Está demostrado que no hay otro reparto que acabe antes?
    ///
    /// El de [`best`], salvo con muchos trabajos; los otros, si se ve a simple vista.
    pub fn is_best(&self) -> bool {
        self.is_best
    }

    /// El orden en que hay que dar los trabajos a un pool para que los reparta así: por cuándo empieza cada uno.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use workloads::schedule;
    ///
    /// let segundos = [3, 3, 2, 2, 2].map(Duration::from_secs);
    /// let orden = schedule::best(segundos, 2).order();
    /// assert_eq!(orden, [0, 2, 3, 1, 4]);
    /// assert_eq!(schedule::in_order(orden.iter().map(|&i| segundos[i]), 2).makespan().as_secs(), 6);
    /// ```
    pub fn order(&self) -> Vec<usize> {
        let mut starts = Vec::with_capacity(self.durations.len());
        for tasks in &self.workers {
            let mut now = Duration::ZERO;
            for &task in tasks {
                starts.push((now, task));
                now += self.durations[task];
            }
        }
        starts.sort_unstable();
        starts.into_iter().map(|(_, task)| task).collect()
    }

    /// Lo enseña al acabar la celda (lo llama el núcleo): la cuenta y una línea por trabajador.
    pub fn evcxr_display(&self) {
        let mut text = self.to_string();
        for (i, tasks) in self.workers.iter().enumerate() {
            let load: Duration = tasks.iter().map(|&t| self.durations[t]).sum();
            text += &format!("\n  {}: {:.3} s, {tasks:?}", i + 1, load.as_secs_f64());
        }
        MimeBundle::new().with("text/plain", text).show();
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tasks, workers) = (self.durations.len(), self.workers.len());
        let noun = if tasks == 1 { "trabajo" } else { "trabajos" };
        let makespan = self.makespan().as_secs_f64();
        write!(f, "{tasks} {noun} entre {workers}: {makespan:.3} s")
    }
}

/// Cada trabajo, al primero de los `workers` que queda libre, en el orden en que se dan: lo que hace un pool.
///
/// # Panics
///
/// Si `workers` es 0.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use workloads::schedule;
///
/// let reparto = schedule::in_order([1, 1, 4].map(Duration::from_secs), 2);
/// assert_eq!(reparto.makespan().as_secs(), 5);
/// assert_eq!(reparto.workers(), [vec![0, 2], vec![1]]);
/// ```
pub fn in_order(durations: impl IntoIterator<Item = Duration>, workers: usize) -> Schedule {
    let durations: Vec<Duration> = durations.into_iter().collect();
    greedy(&durations, 0..durations.len(), workers)
}

/// Como [`in_order`], pero del trabajo más largo al más corto (LPT).
///
/// Casi siempre acerca al mejor; no siempre: con trabajos muy parecidos y uno que sobra puede salir peor.
///
/// # Panics
///
/// Si `workers` es 0.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use workloads::schedule;
///
/// assert_eq!(schedule::longest_first([1, 1, 4].map(Duration::from_secs), 2).makespan().as_secs(), 4);
/// ```
pub fn longest_first(durations: impl IntoIterator<Item = Duration>, workers: usize) -> Schedule {
    let durations: Vec<Duration> = durations.into_iter().collect();
    greedy(&durations, descending(&durations), workers)
}

/// El reparto que antes acaba de todos los posibles entre `workers`.
///
/// Los prueba todos, descartando en cuanto se ve que no van a mejorar lo que ya hay: 16 trabajos entre 5 salen en el
/// acto. Con muchos trabajos que no encajan bien no se puede, y al cabo de unos segundos se conforma con el mejor que ha
/// encontrado: [`is_best`](Schedule::is_best) lo dice.
///
/// # Panics
///
/// Si `workers` es 0.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use workloads::schedule;
///
/// let segundos = [5, 4, 3, 3, 3].map(Duration::from_secs);
/// assert_eq!(schedule::longest_first(segundos, 2).makespan().as_secs(), 10);
/// assert_eq!(schedule::best(segundos, 2).makespan().as_secs(), 9);
/// ```
pub fn best(durations: impl IntoIterator<Item = Duration>, workers: usize) -> Schedule {
    let durations: Vec<Duration> = durations.into_iter().collect();
    let start = [
        greedy(&durations, descending(&durations), workers),
        greedy(&durations, 0..durations.len(), workers),
    ];
    let start = start.into_iter().min_by_key(Schedule::makespan);
    let start = start.expect("hay dos de partida");
    if start.is_best {
        return start;
    }
    let order = descending(&durations);
    let mut search = Search {
        sizes: order.iter().map(|&t| durations[t].as_nanos()).collect(),
        target: lower_bound(&durations, workers).as_nanos(),
        shortest: start.makespan().as_nanos(),
        found: None,
        loads: vec![0; workers],
        owner: vec![0; order.len()],
        seen: HashSet::new(),
        steps: 0,
    };
    let left = search.sizes.iter().sum();
    search.place(0, left);
    let finished = search.steps < MAX_STEPS;
    let mut schedule = match search.found {
        None => start,
        Some(owner) => {
            let mut lists = vec![Vec::new(); workers];
            for (&task, worker) in order.iter().zip(owner) {
                lists[worker].push(task);
            }
            Schedule::new(&durations, lists)
        }
    };
    schedule.is_best |= finished;
    schedule
}

/// De la más larga a la más corta.
fn descending(durations: &[Duration]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..durations.len()).collect();
    order.sort_by_key(|&task| Reverse(durations[task]));
    order
}

fn greedy(
    durations: &[Duration],
    order: impl IntoIterator<Item = usize>,
    workers: usize,
) -> Schedule {
    assert!(
        workers > 0,
        "hace falta al menos un trabajador para repartir trabajos"
    );
    let mut lists = vec![Vec::new(); workers];
    let mut free = vec![Duration::ZERO; workers];
    for task in order {
        let first = (0..workers).min_by_key(|&w| free[w]).expect("hay alguno");
        lists[first].push(task);
        free[first] += durations[task];
    }
    Schedule::new(durations, lists)
}

/// Menos que esto no se puede tardar: ni el más largo, ni la parte que toca a cada uno, ni —si hay más de `j` trabajos
/// por cabeza— los `j + 1` más cortos de los que obligan a que alguien haga `j + 1`.
fn lower_bound(durations: &[Duration], workers: usize) -> Duration {
    let mut sorted = durations.to_vec();
    sorted.sort_unstable_by_key(|&d| Reverse(d));
    let total = sorted.iter().map(Duration::as_nanos).sum::<u128>();
    let share = total.div_ceil(workers as u128);
    let forced = (0..)
        .map(|j| (j, j * workers))
        .take_while(|&(_, last)| last < sorted.len())
        .map(|(j, last)| sorted[last - j..=last].iter().map(Duration::as_nanos).sum());
    let bound = forced.max().unwrap_or(0).max(share);
    Duration::new(
        u64::try_from(bound / 1_000_000_000).unwrap_or(u64::MAX),
        (bound % 1_000_000_000) as u32,
    )
}

/// Ramificar y acotar: coloca los trabajos del más largo al más corto.
struct Search {
    sizes: Vec<u128>,
    target: u128,
    shortest: u128,
    found: Option<Vec<usize>>,
    loads: Vec<u128>,
    owner: Vec<usize>,
    /// Repartos a medias de los que no salió nada mejor: cuántos van colocados y las cargas, ordenadas.
    seen: HashSet<(usize, Vec<u128>)>,
    steps: usize,
}

impl Search {
    /// Coloca el trabajo `next` y los que siguen, que suman `left`.
    fn place(&mut self, next: usize, left: u128) {
        let Some(&size) = self.sizes.get(next) else {
            self.shortest = self.loads.iter().copied().max().unwrap_or(0);
            self.found = Some(self.owner.clone());
            return;
        };
        self.steps += 1;
        if self.hopeless(next, left) {
            return;
        }
        let mut state = self.loads.clone();
        state.sort_unstable();
        if self.seen.contains(&(next, state.clone())) {
            return;
        }
        let mut order: Vec<usize> = (0..self.loads.len()).collect();
        order.sort_by_key(|&w| self.loads[w]);
        // Dos con la misma carga son el mismo caso.
        order.dedup_by_key(|w| self.loads[*w]);
        for worker in order {
            if self.shortest == self.target || self.steps >= MAX_STEPS {
                return;
            }
            if self.loads[worker] + size >= self.shortest {
                break;
            }
            self.loads[worker] += size;
            self.owner[next] = worker;
            self.place(next + 1, left - size);
            self.loads[worker] -= size;
        }
        if self.seen.len() < MAX_SEEN {
            self.seen.insert((next, state));
        }
    }

    /// ¿Seguro que de aquí no sale nada más corto? No caben los que quedan, ni sumados ni contados.
    fn hopeless(&self, next: usize, left: u128) -> bool {
        let smallest = self.sizes[self.sizes.len() - 1];
        let room = |load: &u128| (self.shortest - 1).saturating_sub(*load);
        let rooms = self.loads.iter().map(room);
        // Donde no cabe ni el más corto, el hueco se pierde.
        let usable: u128 = rooms.clone().filter(|&r| r >= smallest).sum();
        if usable < left {
            return true;
        }
        let remaining = (self.sizes.len() - next) as u128;
        smallest > 0 && rooms.map(|r| r / smallest).sum::<u128>() < remaining
    }
}
