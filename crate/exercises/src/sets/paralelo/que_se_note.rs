//! «Que se note».

use std::sync::Arc;
use std::thread;

use super::histogram::{Pages, Tally, Total, word_by_word};
use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, expect, expect_eq};

/// Los recibos, con un trozo seguido de encargos para cada hilo.
fn in_chunks(jobs: &[Job], threads: usize) -> Vec<u64> {
    let size = jobs.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let run = |jobs: &[Job]| jobs.iter().map(Job::run).collect::<Vec<u64>>();
        let threads: Vec<_> = jobs
            .chunks(size)
            .map(|jobs| scope.spawn(move || run(jobs)))
            .collect();
        let receipts = threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("un encargo"));
        receipts.collect()
    })
}

impl Exercise for Name<{ name("paralelo-08") }> {
    const NAME: &'static str = "paralelo-08";
    type Function = fn(Vec<Job>, usize) -> Vec<u64>;

    fn judge(reparte: Self::Function, judge: &mut Judge) {
        let jobs = Jobs::with_times(&[0.08, 0.01, 0.02, 0.01, 0.01, 0.03, 0.01]);
        judge
            .case("los recibos salen en el orden de los encargos")
            .with("siete encargos, el primero el más largo; 3 hilos")
            .because("quien llama empareja cada recibo con su encargo por la posición")
            .gives(jobs.receipts(), || reparte(jobs.all(), 3));

        let jobs = Jobs::new(12, 0.03);
        judge
            .case("hay tantos a la vez como hilos, ni uno más")
            .with("doce encargos de 30 ms, 4 hilos")
            .because("coger de la cola se hace por turnos; trabajar, no")
            .shows(|| {
                reparte(jobs.all(), 4);
                jobs.done().expect_peak(4)
            });

        // El largo es el 1: acaba el último, salvo que alguno haya esperado detrás de él.
        let mut times = vec![0.008; 12];
        times[1] = 0.25;
        let jobs = Jobs::with_times(&times);
        judge
            .case("nadie espera detrás del encargo largo")
            .with("doce encargos, 3 hilos: el número 1 tarda 250 ms; los demás, 8")
            .because("un hilo libre y un encargo esperando no deben coincidir")
            .shows(|| {
                reparte(jobs.all(), 3);
                let finished = jobs.done().finished();
                let last = finished.last().copied();
                let waited = finished.iter().skip_while(|id| **id != 1).skip(1);
                expect(
                    last == Some(1) && finished.len() == 12,
                    "el 1 acaba el último",
                    format!("después del 1 acaban {:?}", waited.collect::<Vec<_>>()),
                )
            });

        for (n, threads) in [(2, 5), (0, 3)] {
            let jobs = Jobs::new(n, 0.01);
            judge
                .case("puede haber más hilos que encargos")
                .with(format!("{n} encargos, {threads} hilos"))
                .because("al que llega y no queda nada le toca irse, no caerse")
                .gives(jobs.receipts(), || reparte(jobs.all(), threads));
        }

        let times: Vec<f64> = (0..16).map(|i| if i < 4 { 0.04 } else { 0.004 }).collect();
        let (theirs, ours) = (Jobs::with_times(&times), Jobs::with_times(&times));
        judge
            .case("tarda mucho menos que un trozo fijo para cada hilo")
            .with("dieciséis encargos, 4 hilos: los cuatro primeros tardan 40 ms; los demás, 4")
            .because("con trozos fijos, los cuatro largos le tocan al mismo")
            .within(5.0)
            .outruns(
                1.5,
                ("trozos fijos", || in_chunks(&theirs.all(), 4)),
                ("tu reparto", || reparte(ours.all(), 4)),
            );
    }
}

impl Exercise for Name<{ name("paralelo-09") }> {
    const NAME: &'static str = "paralelo-09";
    type Function = fn(Vec<(Job, String)>, usize, Total);

    fn judge(histograma: Self::Function, judge: &mut Judge) {
        for (n, threads) in [(7, 3), (2, 4), (0, 2)] {
            let pages = Pages::new(n, 0.005, 8);
            judge
                .case("el total lleva la cuenta exacta de cada palabra")
                .with(format!("{n} páginas de 8 palabras, {threads} hilos"))
                .because(
                    "cuando no se puede repartir por igual, las páginas que sobran también cuentan",
                )
                .shows(|| {
                    let tally = Arc::new(Tally::default());
                    histograma(pages.all(), threads, tally.shared());
                    expect_eq(&pages.counts(), &tally.counts())
                });
        }

        let pages = Pages::new(12, 0.03, 5);
        let tally = Arc::new(Tally::default());
        judge
            .case("se leen tantas páginas a la vez como hilos")
            .with("doce páginas de 30 ms, 4 hilos")
            .because("leer es lo que tarda, y no necesita el total para nada")
            .shows(|| {
                histograma(pages.all(), 4, tally.shared());
                pages.done().expect_peak(4)
            });
        judge
            .case("cada hilo va al total una vez, como mucho")
            .with("las mismas")
            .because("por el total se pasa de uno en uno: cada viaje es cola para los demás")
            .shows(|| {
                let visits = tally.visits();
                expect(
                    visits <= 4,
                    "cuatro viajes como mucho",
                    format!("{visits} viajes"),
                )
            });

        let (theirs, ours) = (Pages::new(12, 0.01, 6), Pages::new(12, 0.01, 6));
        let [slow, fast] = [(); 2].map(|()| Arc::new(Tally::default()).shared());
        judge
            .case("tarda mucho menos que ir al total con cada palabra")
            .with("doce páginas de 6 palabras y 10 ms, 4 hilos")
            .because("cuatro hilos en fila ante un cerrojo van a la velocidad de uno")
            .within(6.0)
            .outruns(
                1.5,
                ("un viaje por palabra", || {
                    word_by_word(&theirs.all(), 4, &slow)
                }),
                ("el tuyo", || histograma(ours.all(), 4, Arc::clone(&fast))),
            );
    }
}
