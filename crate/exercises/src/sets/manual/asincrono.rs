//! «asyncio y temporizadores».

use std::time::{Duration, Instant};

use concurrencia::time::to_real;

use super::results::{EMPTY, no_threads_left};
use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, expect, expect_eq};
use crate::leftovers::Leftovers;

impl Exercise for Name<{ name("manual-08") }> {
    const NAME: &'static str = "manual-08";
    type Function = fn(Vec<Job>, Job, f64) -> Vec<u64>;

    fn judge(con_reserva: Self::Function, judge: &mut Judge) {
        /// Los encargos y, el último, la reserva.
        fn with_spare(jobs: &Jobs) -> (Vec<Job>, Job) {
            let mut all = jobs.all();
            let spare = all.pop().expect("la reserva es el último");
            (all, spare)
        }
        let jobs = Jobs::with_times(&[0.09, 0.06, 0.03, 0.01]);
        let input = "encargos de 90, 60 y 30 ms; un plazo de sobra, 1 s de reloj";
        judge
            .case("si llegan a tiempo, sus recibos en orden")
            .with(input)
            .because("acabe quien acabe primero, cada recibo va en el sitio de su encargo")
            .gives(jobs.receipts()[..3].to_vec(), || {
                let (all, spare) = with_spare(&jobs);
                con_reserva(all, spare, 10.0)
            });
        judge
            .case("los encargos van a la vez")
            .with(input)
            .because("el plazo es para el conjunto: en fila, lo que tarda uno se lo quita a otro")
            .shows(|| {
                let peak = jobs.done().peak();
                expect(peak >= 3, "los tres a la vez", format!("{peak} a la vez"))
            });
        judge
            .case("si llegan a tiempo, la reserva no se toca")
            .with(input)
            .because("la reserva puede costar dinero: se pide cuando hace falta")
            .shows(|| {
                let touched = jobs.done().started().contains(&3);
                expect(!touched, "la reserva sin empezar", "la reserva ha empezado")
            });

        let jobs = Jobs::with_times(&[0.001, 0.3, 0.3, 0.3, 0.4]);
        let input = "uno de 1 ms y tres de 300; el plazo, 60 ms de reloj; la reserva, de 400 ms";
        judge
            .case("si no llegan, el recibo de la reserva")
            .with(input)
            .because("los que sí llegaron no bastan: o todos o la reserva")
            .gives(jobs.receipts()[4..].to_vec(), || {
                let (all, spare) = with_spare(&jobs);
                con_reserva(all, spare, 0.6)
            });
        judge
            .case("al vencer el plazo se cancelan todos los que faltan")
            .with(input)
            .because("una tarea sin nadie que la espere sigue: hay que cancelarla")
            .shows(|| {
                let done = jobs.done();
                let slow = |ids: Vec<u64>| -> Vec<u64> {
                    let mut ids: Vec<u64> =
                        ids.into_iter().filter(|id| (1..4).contains(id)).collect();
                    ids.sort_unstable();
                    ids
                };
                let (finished, cancelled) = (slow(done.finished()), slow(done.cancelled()));
                expect(
                    finished.is_empty() && cancelled == [1, 2, 3],
                    "cancelados los encargos 1, 2 y 3, y ninguno acabado",
                    format!("cancelados: {cancelled:?}; acabados: {finished:?}"),
                )
            });
        judge
            .case("sin encargos se llega a tiempo")
            .with("[]")
            .because(EMPTY)
            .gives(Vec::new(), || {
                let jobs = Jobs::new(1, 0.01);
                let (all, spare) = with_spare(&jobs);
                con_reserva(all, spare, 10.0)
            });
    }
}

impl Exercise for Name<{ name("manual-09") }> {
    const NAME: &'static str = "manual-09";
    type Function = fn(Vec<Job>, f64) -> Vec<u64>;

    fn judge(latidos: Self::Function, judge: &mut Judge) {
        /// Entre latidos, en segundos de la lección.
        const EVERY: f64 = 2.0;

        let interval = to_real(EVERY).as_secs_f64();
        let jobs = Jobs::new(4, interval / 2.0);
        let input = "cuatro encargos de 100 ms, uno cada 200 ms de reloj";
        let before = Leftovers::watch();
        let mut took = Duration::ZERO;
        judge
            .case("los recibos salen en su orden")
            .with(input)
            .because("se para solo cuando ha hecho el último, y los da todos")
            .shows(|| {
                let start = Instant::now();
                let got = latidos(jobs.all(), EVERY);
                took = start.elapsed();
                expect_eq(&jobs.receipts(), &got)
            });
        judge
            .case("un solo hilo para todos los latidos")
            .with(input)
            .because("encadenar temporizadores gasta un hilo por latido")
            .shows(|| jobs.done().expect_threads(1));
        judge
            .case("el primero, pasado un intervalo, y los demás a su hora")
            .with(input)
            .because("un latido puede llegar un poco tarde, y antes de su hora, nunca")
            .shows(|| {
                let due = to_real(EVERY * 4.0);
                expect(
                    took >= due,
                    format!("el cuarto, no antes de {due:?}"),
                    format!("todo hecho en {took:?}"),
                )
            });
        judge
            .case("el retraso no se acumula")
            .with(input)
            .because("lo que tarda cada encargo no puede retrasar a los siguientes")
            .shows(|| {
                // Con deriva no hay ningún hueco menor que el intervalo más el encargo, que es la mitad. Sin ella, alguno
                // vuelve a su hora aunque la máquina vaya cargada.
                let shortest = jobs.done().gaps().into_iter().fold(f64::INFINITY, f64::min);
                expect(
                    shortest < interval * 1.4,
                    format!(
                        "de un latido al siguiente, unos {:.0} ms",
                        interval * 1000.0
                    ),
                    format!("nunca menos de {:.0} ms", shortest * 1000.0),
                )
            });
        judge
            .case("al volver no queda nada en marcha")
            .with(input)
            .because("lo que se repite sigue hasta que alguien lo para")
            .shows(|| no_threads_left(before));
        judge
            .case("sin encargos no hay recibos")
            .with("[]")
            .because(EMPTY)
            .gives(Vec::new(), || latidos(Vec::new(), 0.2));
    }
}
