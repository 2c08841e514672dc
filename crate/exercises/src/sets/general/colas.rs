//! «Colas y pools».

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use concurrencia::Queue;

use super::results::sorted;
use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, expect, expect_eq};
use crate::leftovers::Leftovers;

impl Exercise for Name<{ name("general-01") }> {
    const NAME: &'static str = "general-01";
    type Function = fn(Vec<Job>, usize) -> Vec<u64>;

    fn judge(repartir: Self::Function, judge: &mut Judge) {
        let few = Jobs::new(7, 0.01);
        judge
            .case("están todos los recibos, y ninguno dos veces")
            .with("siete encargos de 10 ms, tres consumidores")
            .because("lo que se queda en la cola cuando los consumidores se van se ha perdido")
            .within(1.0)
            .gives(sorted(few.receipts()), || sorted(repartir(few.all(), 3)));

        let jobs = Jobs::new(9, 0.04);
        judge
            .case("los tres consumidores trabajan a la vez")
            .with("nueve encargos de 40 ms, tres consumidores")
            .because("si uno vacía la cola antes de que empiece el siguiente, sobran los demás")
            .shows(|| {
                repartir(jobs.all(), 3);
                jobs.done().expect_peak(3)
            });
        judge
            .case("son siempre los mismos hilos")
            .with("los mismos")
            .because("un consumidor arranca una vez y hace muchos encargos: crear hilos cuesta")
            .shows(|| jobs.done().expect_threads(3));

        judge
            .case("al volver no queda ningún hilo suelto")
            .with("tres encargos de 10 ms, dos consumidores")
            .because(
                "un consumidor que espera para siempre ocupa memoria hasta el final del programa",
            )
            .shows(|| {
                let (jobs, before) = (Jobs::new(3, 0.01), Leftovers::watch());
                repartir(jobs.all(), 2);
                before.expect_no_threads()
            });
        let two = Jobs::new(2, 0.01);
        judge
            .case("los consumidores que sobran también acaban")
            .with("dos encargos, cinco consumidores")
            .because("al que no le toca ninguno también hay que decirle que no hay más")
            .within(1.0)
            .gives(sorted(two.receipts()), || sorted(repartir(two.all(), 5)));
        judge
            .case("sin encargos no hay recibos")
            .with("[], 3 consumidores")
            .because("una lista vacía es una entrada como otra cualquiera")
            .within(1.0)
            .gives(Vec::new(), || repartir(Vec::new(), 3));
    }
}

impl Exercise for Name<{ name("general-02") }> {
    const NAME: &'static str = "general-02";
    type Function = fn(Vec<Job>, usize, Queue<u64>);

    fn judge(publica: Self::Function, judge: &mut Judge) {
        let few = Jobs::new(5, 0.01);
        judge
            .case("salen todos los recibos")
            .with("cinco encargos de 10 ms, dos hilos")
            .because("un recibo solo se consigue haciendo su encargo")
            .gives(sorted(few.receipts()), || {
                let output = Queue::new();
                publica(few.all(), 2, output.clone());
                sorted(drained(&output))
            });

        let jobs = Jobs::new(6, 0.04);
        judge
            .case("se reparten entre los hilos del pool")
            .with("seis encargos de 40 ms, dos hilos")
            .because(
                "el pool tiene los hilos que se le dicen: ni uno detrás de otro ni uno por encargo",
            )
            .shows(|| {
                publica(jobs.all(), 2, Queue::new());
                let done = jobs.done();
                done.expect_peak(2)?;
                done.expect_threads(2)
            });

        let uneven = Jobs::with_times(&[0.32, 0.02, 0.16]);
        let output = Queue::new();
        let mut finished_at_first = None;
        judge
            .case("salen según acaban, no en el orden en que entran")
            .with("tres encargos de 320, 20 y 160 ms, tres hilos")
            .because("el primero tarda más que los otros, y ellos no tienen que esperarlo")
            .shows(|| {
                let mut seen = Vec::new();
                thread::scope(|scope| {
                    let reader = scope.spawn(|| {
                        let first = output.get_timeout(10).ok();
                        (first, uneven.done().finished().len())
                    });
                    publica(uneven.all(), 3, output.clone());
                    if let Ok((first, finished)) = reader.join() {
                        seen.extend(first);
                        finished_at_first = Some(finished);
                    }
                });
                seen.extend(drained(&output));
                let receipts = uneven.receipts();
                expect_eq(&vec![receipts[1], receipts[2], receipts[0]], &seen)
            });
        judge
            .case("cada recibo sale en cuanto está")
            .with("los mismos: cuántos habían acabado al leer el primer recibo")
            .because("juntarlos todos y publicarlos al final es hacer esperar por el más lento")
            .shows(|| {
                let finished = finished_at_first.unwrap_or_default();
                expect(
                    (1..3).contains(&finished),
                    "el primero, antes de que acabe el último",
                    format!("acabados al leer el primero: {finished}"),
                )
            });
        judge
            .case("la salida sigue abierta para quien la dio")
            .with("los mismos")
            .because("quien llama puede querer usarla otra vez")
            .shows(|| {
                let is_open = !output.is_shutdown();
                expect(is_open, "la cola abierta", "la cola cerrada")
            });
    }
}

impl Exercise for Name<{ name("general-03") }> {
    const NAME: &'static str = "general-03";
    type Function = fn(Vec<Job>, usize) -> Vec<u64>;

    fn judge(en_procesos: Self::Function, judge: &mut Judge) {
        // El primero acaba el último: en el orden en que acaban se vería.
        let jobs = Jobs::with_times(&[0.25, 0.02, 0.02, 0.02]);
        judge
            .case("los recibos salen en su orden")
            .with("cuatro encargos; el primero tarda 250 ms y los demás, 20; dos procesos")
            .because("lo que el proceso hijo apunta en su memoria no está en la de este")
            .within(4.0)
            .gives(jobs.receipts(), || en_procesos(jobs.all(), 2));
        judge
            .case("se calculan en otro proceso")
            .with("los mismos")
            .because("es lo que se pedía: los hilos comparten memoria, pero son de este proceso")
            .shows(|| jobs.done().expect_elsewhere());

        let even = Jobs::new(6, 0.08);
        judge
            .case("se reparten en varios procesos a la vez")
            .with("seis encargos de 80 ms, dos procesos")
            .because("un proceso que espera a que acabe el otro no adelanta nada")
            .within(4.0)
            .shows(|| {
                en_procesos(even.all(), 2);
                let done = even.done();
                let (peak, processes) = (done.peak(), done.processes());
                expect(
                    peak == 2 && processes == 2,
                    "dos a la vez, en dos procesos",
                    format!("{peak} a la vez, en {processes} procesos"),
                )
            });
        judge
            .case("sin encargos no hay recibos")
            .with("[], 2 procesos")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || en_procesos(Vec::new(), 2));
    }
}

impl Exercise for Name<{ name("general-04") }> {
    const NAME: &'static str = "general-04";
    type Function = fn(Vec<Job>, usize, Queue<Job>, Queue<u64>) -> Vec<u64>;

    fn judge(por_la_tuberia: Self::Function, judge: &mut Judge) {
        let through = |jobs: &Jobs, workers| {
            let (input, output) = (Queue::bounded(2), Queue::bounded(2));
            sorted(por_la_tuberia(jobs.all(), workers, input, output))
        };
        let few = Jobs::new(3, 0.01);
        judge
            .case("tres encargos dan sus recibos")
            .with("tres encargos de 10 ms, dos obreros, colas de dos huecos")
            .because("los que había que hacer caben en las colas")
            .within(1.0)
            .gives(sorted(few.receipts()), || through(&few, 2));

        let many = Jobs::new(20, 0.01);
        let mut through_the_given = false;
        judge
            .case("con veinte no se atasca")
            .with("veinte encargos de 10 ms, dos obreros, colas de dos huecos")
            .because("quien espera un hueco no puede ser quien tenía que hacerlo")
            .within(1.5)
            .gives(sorted(many.receipts()), || {
                let (input, output) = (Queue::bounded(2), Queue::bounded(2));
                let is_over = AtomicBool::new(false);
                thread::scope(|scope| {
                    // Con más encargos que manos, en la entrada hay alguno casi todo el rato.
                    let watcher = scope.spawn(|| {
                        while !is_over.load(Ordering::Relaxed) {
                            if input.qsize() > 0 {
                                return true;
                            }
                            thread::sleep(Duration::from_millis(1));
                        }
                        false
                    });
                    let receipts = {
                        let _over = SetOnDrop(&is_over);
                        por_la_tuberia(many.all(), 2, input.clone(), output)
                    };
                    through_the_given = watcher.join().unwrap_or_default();
                    sorted(receipts)
                })
            });

        let jobs = Jobs::new(9, 0.04);
        judge
            .case("los tres obreros trabajan a la vez")
            .with("nueve encargos de 40 ms, tres obreros, colas de dos huecos")
            .because("poner uno y esperar su recibo antes de poner otro es ir en serie")
            .shows(|| {
                through(&jobs, 3);
                jobs.done().expect_peak(3)
            });
        judge
            .case("los encargos van por la cola que se da")
            .with("los veinte de antes")
            .because("una cola sin límite no se atasca: llena la memoria")
            .shows(|| {
                expect(
                    through_the_given,
                    "encargos esperando en `entrada`",
                    "por `entrada` no ha pasado ninguno",
                )
            });
        judge
            .case("al volver no queda ningún hilo suelto")
            .with("ocho encargos de 10 ms, dos obreros")
            .because("un obrero que espera para siempre ocupa memoria hasta el final del programa")
            .shows(|| {
                let (jobs, before) = (Jobs::new(8, 0.01), Leftovers::watch());
                through(&jobs, 2);
                before.expect_no_threads()
            });
    }
}

/// Avisa al soltarse, también si lo que hay en medio entra en pánico.
struct SetOnDrop<'a>(&'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Lo que haya en la cola, sin esperar.
fn drained(queue: &Queue<u64>) -> Vec<u64> {
    std::iter::from_fn(|| queue.get_nowait().ok()).collect()
}
