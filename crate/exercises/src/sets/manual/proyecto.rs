//! «Proyecto»: el vigilante de la secretaría.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use concurrencia::queue::Queue;
use concurrencia::sync::Event;

use super::results::{in_threads, no_threads_left};
use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, expect, expect_eq};
use crate::leftovers::Leftovers;

impl Exercise for Name<{ name("manual-10") }> {
    const NAME: &'static str = "manual-10";
    type Function = fn(Queue<Job>, usize, Event, f64, fn(usize)) -> (Vec<u64>, Vec<Job>);

    fn judge(secretaria: Self::Function, judge: &mut Judge) {
        // Antes de nada: un hilo que ya está acabando también cuenta.
        let before = Leftovers::watch();
        // Lo hecho y lo que vuelve, con `boss` poniendo encargos y dando la orden cuando acaba.
        let run = |workers: usize, jobs: Vec<Job>, boss: &(dyn Fn(&Queue<Job>) + Sync)| {
            reports().clear();
            let (queue, order) = (Queue::new(), Event::new());
            for job in jobs {
                put(&queue, job);
            }
            let (their_queue, their_order) = (queue.clone(), order.clone());
            thread::scope(|scope| {
                scope.spawn(move || {
                    boss(&their_queue);
                    their_order.set();
                });
                secretaria(queue, workers, order, 0.2, report)
            })
        };

        let jobs = Jobs::new(6, 0.1);
        let input = "tres trabajadores; tres encargos de 100 ms, y tres más que llegan después";
        let mut told = Vec::new();
        judge
            .case("hace todo lo que llega, y a la orden vuelve")
            .with(input)
            .because("la cola no se cierra sola: quien espera en ella tiene que enterarse")
            .shows(|| {
                let late = &jobs.all()[3..];
                let (mut got, left) = run(3, jobs.all()[..3].to_vec(), &|queue| {
                    thread::sleep(Duration::from_millis(20));
                    for job in late {
                        put(queue, job.clone());
                    }
                    // Que dé tiempo a hacerlo y a contarlo.
                    wait_until(|| jobs.done().finished().len() == 6);
                    wait_until(|| reports().last() == Some(&6));
                });
                told = reports().clone();
                let mut expected = jobs.receipts();
                expected.sort_unstable();
                got.sort_unstable();
                expect_eq(&(expected, Vec::new()), &(got, left))
            });
        judge
            .case("los trabajadores van a la vez")
            .with(input)
            .because("tres trabajadores son tres hilos sacando de la misma cola")
            .shows(|| {
                let done = jobs.done();
                let (threads, peak) = (done.threads(), done.peak());
                expect(
                    threads == 3 && peak == 3,
                    "tres hilos, y los tres a la vez",
                    format!("{}, {peak} a la vez", in_threads(threads)),
                )
            });
        judge
            .case("informa cada poco de cuántos van")
            .with("los mismos, con un informe cada 20 ms de reloj")
            .because("mientras se trabaja es cuando interesa saber cómo va")
            .shows(|| {
                let is_steady = told.is_sorted() && told.last() == Some(&6);
                expect(
                    told.len() >= 3 && is_steady,
                    "tres informes o más, sin bajar nunca, hasta llegar a 6",
                    format!("{told:?}"),
                )
            });

        let jobs = Jobs::new(20, 0.05);
        let input = "dos trabajadores y 20 encargos de 50 ms; la orden, tras los dos primeros";
        let (mut got, mut left) = (Vec::new(), Vec::new());
        judge
            .case("a la orden no se empieza ninguno más")
            .with(input)
            .because("parar en un plazo corto es no empezar nada nuevo")
            .shows(|| {
                let at_order = Mutex::new(0);
                (got, left) = run(2, jobs.all(), &|_| {
                    wait_until(|| jobs.done().finished().len() >= 2);
                    let started = jobs.done().started().len();
                    *at_order.lock().unwrap_or_else(PoisonError::into_inner) = started;
                });
                // Uno por trabajador ha podido empezar mientras se daba.
                let most = at_order
                    .into_inner()
                    .unwrap_or_else(PoisonError::into_inner)
                    + 2;
                let started = jobs.done().started().len();
                expect(
                    started <= most,
                    format!("como mucho, {most} empezados"),
                    format!("{started} empezados"),
                )
            });
        judge
            .case("lo hecho y lo que vuelve son todo: nada se pierde")
            .with(input)
            .because("lo que se queda en la cola lo espera alguien")
            .shows(|| {
                let receipts = jobs.receipts();
                let id = |receipt| receipts.iter().position(|mine| mine == receipt);
                let done = got.iter().filter_map(id).map(|id| id as u64);
                let mut all: Vec<u64> = done.chain(left.iter().map(Job::id)).collect();
                all.sort_unstable();
                expect_eq(&(0..20).collect(), &all)
            });

        judge
            .case("sin nada que hacer también obedece")
            .with("dos trabajadores y la cola vacía; la orden, a los 30 ms")
            .because("quien espera en una cola vacía no mira si le han dicho basta")
            .within(1.0)
            .gives((Vec::new(), Vec::new()), || {
                run(2, Vec::new(), &|_| thread::sleep(Duration::from_millis(30)))
            });

        let jobs = Jobs::new(6, 0.01).failing(&[0, 3]);
        judge
            .case("lo que falla vuelve sin hacer, y su trabajador sigue")
            .with("dos trabajadores y seis encargos; fallan el 0 y el 3")
            .because("un encargo malo no puede dejar la secretaría sin nadie")
            .shows(|| {
                let (got, left) = run(2, jobs.all(), &|_| {
                    wait_until(|| jobs.done().finished().len() == 6);
                });
                let mut left: Vec<u64> = left.iter().map(Job::id).collect();
                left.sort_unstable();
                expect_eq(&vec![0, 3], &left)?;
                let missing = got.len() != 4 || got.iter().any(|r| !jobs.receipts().contains(r));
                expect(
                    !missing,
                    "los recibos de los otros cuatro",
                    format!("{got:?}"),
                )
            });

        judge
            .case("al volver no queda nada suelto")
            .with("tres trabajadores y la cola vacía")
            .because("un temporizador suelto sigue llamando, y un hilo suelto, esperando")
            .shows(|| {
                run(3, Vec::new(), &|_| thread::sleep(Duration::from_millis(30)));
                no_threads_left(before)
            });
    }
}

/// Apunta un informe.
fn report(done: usize) {
    reports().push(done);
}

/// Los informes de la secretaría, según llegan.
fn reports() -> MutexGuard<'static, Vec<usize>> {
    static REPORTS: Mutex<Vec<usize>> = Mutex::new(Vec::new());
    REPORTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lo pone en la cola; si ya la han cerrado, se notará que falta.
fn put(queue: &Queue<Job>, job: Job) {
    let _ = queue.put(job);
}

/// **Bloquea** hasta que se cumpla, o un rato largo si no se cumple.
fn wait_until(is_so: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_millis(800);
    while !is_so() && Instant::now() < until {
        thread::sleep(Duration::from_millis(2));
    }
}
