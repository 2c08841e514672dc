//! El mejor reparto, comparado con todos los repartos posibles.

use std::time::Duration;

use workloads::schedule::{self, Schedule};

fn ms(values: &[u64]) -> Vec<Duration> {
    values.iter().copied().map(Duration::from_millis).collect()
}

/// Todos los repartos, uno a uno.
fn brute_force(durations: &[Duration], workers: usize) -> Duration {
    let combinations = workers.pow(durations.len() as u32);
    let makespan = |mut code: usize| {
        let mut loads = vec![Duration::ZERO; workers];
        for &duration in durations {
            loads[code % workers] += duration;
            code /= workers;
        }
        loads.into_iter().max().unwrap()
    };
    (0..combinations).map(makespan).min().unwrap()
}

/// Cada trabajo, una vez y solo una.
fn complete(schedule: &Schedule, tasks: usize) -> bool {
    let mut all: Vec<usize> = schedule.workers().concat();
    all.sort_unstable();
    all == (0..tasks).collect::<Vec<_>>()
}

struct Rng(u64);

impl Rng {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

#[test]
fn el_mejor_es_el_mejor_de_todos_los_posibles() {
    let mut rng = Rng(2026);
    for _ in 0..300 {
        let workers = 1 + rng.below(4) as usize;
        let tasks = rng.below(8) as usize;
        let limit = [5, 50, 5000][rng.below(3) as usize];
        let durations: Vec<u64> = (0..tasks).map(|_| rng.below(limit)).collect();
        let durations = ms(&durations);
        let best = schedule::best(durations.clone(), workers);
        assert_eq!(
            best.makespan(),
            brute_force(&durations, workers),
            "{durations:?} entre {workers}"
        );
        assert!(best.is_best() && complete(&best, tasks), "{best:?}");
    }
}

#[test]
fn graham_acota_lo_que_hace_un_pool() {
    let mut rng = Rng(1969);
    for _ in 0..100 {
        let workers = 1 + rng.below(4) as usize;
        let durations: Vec<u64> = (0..9).map(|_| 1 + rng.below(100)).collect();
        let durations = ms(&durations);
        let best = schedule::best(durations.clone(), workers)
            .makespan()
            .as_secs_f64();
        let longest_first = schedule::longest_first(durations.clone(), workers);
        let in_order = schedule::in_order(durations.clone(), workers);
        assert!(complete(&longest_first, 9) && complete(&in_order, 9));
        let m = workers as f64;
        assert!(
            longest_first.makespan().as_secs_f64() <= best * (4.0 / 3.0 - 1.0 / (3.0 * m)) + 1e-9
        );
        assert!(in_order.makespan().as_secs_f64() <= best * (2.0 - 1.0 / m) + 1e-9);
    }
}

#[test]
fn dados_en_su_orden_un_pool_reparte_como_el_mejor() {
    let mut rng = Rng(7);
    for _ in 0..100 {
        let workers = 1 + rng.below(5) as usize;
        let durations: Vec<u64> = (0..11).map(|_| 1 + rng.below(1000)).collect();
        let durations = ms(&durations);
        let best = schedule::best(durations.clone(), workers);
        let order = best.order();
        let pool = schedule::in_order(order.iter().map(|&task| durations[task]), workers);
        assert_eq!(
            pool.makespan(),
            best.makespan(),
            "{durations:?} entre {workers}"
        );
    }
}

#[test]
fn sin_trabajos_no_se_tarda_nada() {
    let best = schedule::best([], 3);
    assert_eq!((best.makespan(), best.workers().len()), (Duration::ZERO, 3));
    assert_eq!(best.order(), [0; 0]);
}

#[test]
fn sobran_trabajadores() {
    let best = schedule::best(ms(&[5, 9]), 4);
    assert_eq!(best.makespan(), Duration::from_millis(9));
    assert_eq!(best.workers(), [vec![0], vec![1], vec![], vec![]]);
}

#[test]
fn veinte_trabajos_al_azar_entre_cinco_se_demuestran() {
    let mut rng = Rng(42);
    for _ in 0..5 {
        let durations: Vec<u64> = (0..20).map(|_| 100 + rng.below(900)).collect();
        assert!(schedule::best(ms(&durations), 5).is_best(), "{durations:?}");
    }
}

#[test]
fn con_demasiados_se_conforma_y_lo_dice() {
    let mut rng = Rng(3);
    let durations = (0..60).map(|_| Duration::from_nanos(1_000_000_000 + rng.below(900_000_000)));
    let durations: Vec<Duration> = durations.collect();
    let best = schedule::best(durations.clone(), 7);
    assert!(!best.is_best() && complete(&best, 60), "{best}");
    assert!(best.makespan() <= schedule::longest_first(durations, 7).makespan());
}

#[test]
#[should_panic(expected = "hace falta al menos un trabajador")]
fn sin_trabajadores_no_se_reparte() {
    let _ = schedule::best(ms(&[1]), 0);
}
