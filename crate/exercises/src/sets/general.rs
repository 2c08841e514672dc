//! Los ejercicios de la lección general: colas, pools, asyncio y cómo elegir.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use concurrencia::Queue;

use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, Mismatch, expect, expect_eq};
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
                expect_peak(&jobs, 3)
            });
        judge
            .case("son siempre los mismos hilos")
            .with("los mismos")
            .because("un consumidor arranca una vez y hace muchos encargos: crear hilos cuesta")
            .shows(|| {
                let threads = jobs.done().threads();
                expect(threads == 3, "tres hilos", format!("{threads} hilos"))
            });

        judge
            .case("al volver no queda ningún hilo suelto")
            .with("tres encargos de 10 ms, dos consumidores")
            .because(
                "un consumidor que espera para siempre ocupa memoria hasta el final del programa",
            )
            .shows(|| {
                let (jobs, before) = (Jobs::new(3, 0.01), Leftovers::watch());
                repartir(jobs.all(), 2);
                expect_none_left(before)
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
                let (peak, threads) = (done.peak(), done.threads());
                expect(
                    peak == 2 && threads == 2,
                    "dos a la vez, en dos hilos",
                    format!("{peak} a la vez, en {threads} hilos"),
                )
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
            .shows(|| {
                let here = jobs.done().is_here();
                expect(
                    !here,
                    "ninguno en este",
                    "alguno se ha hecho en este proceso",
                )
            });

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
                expect_peak(&jobs, 3)
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
                expect_none_left(before)
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

impl Exercise for Name<{ name("general-05") }> {
    const NAME: &'static str = "general-05";
    type Function = fn(Vec<Job>) -> Vec<u64>;

    fn judge(todos: Self::Function, judge: &mut Judge) {
        let few = Jobs::new(3, 0.01);
        judge
            .case("da los recibos de todos")
            .with("tres encargos de 10 ms")
            .because("un recibo solo se consigue haciendo su encargo")
            .gives(sorted(few.receipts()), || sorted(todos(few.all())));

        let jobs = Jobs::with_times(&[0.24, 0.16, 0.08, 0.20, 0.12, 0.04]);
        let mut got = Vec::new();
        judge
            .case("todos están en marcha a la vez")
            .with("seis encargos de 40 a 240 ms")
            .because(
                "esperar a uno antes de empezar el siguiente es ir en serie, aunque diga `await`",
            )
            .shows(|| {
                got = todos(jobs.all());
                expect_peak(&jobs, 6)
            });
        judge
            .case("en un solo hilo")
            .with("los mismos")
            .because("mientras se espera no hace falta un hilo para cada uno")
            .shows(|| expect_one_thread(&jobs));
        judge
            .case("los recibos salen en su orden")
            .with("los mismos: el primero acaba el último")
            .because("quien llama empareja cada recibo con su encargo por la posición")
            .gives(jobs.receipts(), || got);

        judge
            .case("sin encargos no hay recibos")
            .with("[]")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || todos(Vec::new()));
    }
}

impl Exercise for Name<{ name("general-06") }> {
    const NAME: &'static str = "general-06";
    type Function = fn(Vec<Job>, Job) -> Vec<u64>;

    fn judge(de_fondo: Self::Function, judge: &mut Judge) {
        let jobs = Jobs::with_times(&[0.06, 0.24, 0.06, 0.12]);
        let mut got = Vec::new();
        judge
            .case("los demás se hacen mientras se hace el principal")
            .with("un principal de 60 ms y otros tres de 240, 60 y 120")
            .because("una corrutina que no es una tarea no empieza hasta que se la espera")
            .shows(|| {
                let (main, others) = main_and_others(&jobs);
                got = de_fondo(others, main);
                expect_peak(&jobs, 4)
            });
        judge
            .case("primero el suyo, y después los de los demás, en orden")
            .with("los mismos: el que más tarda es el primero de los demás")
            .because("quien llama empareja cada recibo con su encargo por la posición")
            .gives(jobs.receipts(), || got);
        let alone = Jobs::new(1, 0.01);
        judge
            .case("sin los demás, solo el principal")
            .with("[] y un principal de 10 ms")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(alone.receipts(), || {
                let (main, others) = main_and_others(&alone);
                de_fondo(others, main)
            });
    }
}

/// El primero, y los que lo siguen.
fn main_and_others(jobs: &Jobs) -> (Job, Vec<Job>) {
    let mut all = jobs.all();
    let main = all.remove(0);
    (main, all)
}

impl Exercise for Name<{ name("general-07") }> {
    const NAME: &'static str = "general-07";
    type Function = fn(Vec<Job>) -> (Vec<Result<u64, String>>, u32);

    fn judge(resultados: Self::Function, judge: &mut Judge) {
        let few = Jobs::new(3, 0.01).failing(&[1]);
        judge
            .case("cada resultado, bueno o malo, en su sitio")
            .with("tres encargos de 10 ms; el 1 falla")
            .because("por qué ha fallado también es un resultado")
            .gives(outcomes(&few, &[(1, "encargo 1: no responde")]), || {
                resultados(few.all()).0
            });

        let jobs = Jobs::new(4, 0.2);
        let mut pulses = 0;
        judge
            .case("todos están en marcha a la vez")
            .with("cuatro encargos de 200 ms")
            .because("lo que bloquea el hilo del bucle no deja empezar al siguiente")
            .shows(|| {
                pulses = resultados(jobs.all()).1;
                expect_peak(&jobs, 4)
            });
        judge
            .case("el bucle sigue dando pulsos mientras tanto")
            .with("los mismos: 200 ms dan para unos veinte pulsos")
            .because("con el hilo bloqueado, ninguna otra tarea avanza y ningún plazo se cumple")
            .shows(|| {
                expect(
                    pulses >= 4,
                    "cuatro pulsos o más",
                    format!("pulsos: {pulses}"),
                )
            });
        judge
            .case("sin encargos no hay resultados")
            .with("[]")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || resultados(Vec::new()).0);
    }
}

impl Exercise for Name<{ name("general-08") }> {
    const NAME: &'static str = "general-08";
    type Function = fn(Vec<Job>, f64) -> Vec<Option<u64>>;

    fn judge(con_plazo: Self::Function, judge: &mut Judge) {
        let few = Jobs::new(3, 0.01);
        judge
            .case("con plazo de sobra, todos dan su recibo")
            .with("tres encargos de 10 ms, plazo de 10 s (de la lección)")
            .because("un plazo no cambia lo que llega a tiempo")
            .gives(few.receipts().into_iter().map(Some).collect(), || {
                con_plazo(few.all(), 10.0)
            });

        let jobs = Jobs::with_times(&[0.02, 1.0, 0.02, 1.0]);
        judge
            .case("el que tarda no se lleva a los demás")
            .with(
                "dos encargos de 20 ms y dos de un segundo de reloj; plazo de 3 s, que son 300 ms",
            )
            .because("el plazo es de cada uno, no del conjunto")
            .shows(|| {
                let receipts = jobs.receipts();
                let expected = vec![Some(receipts[0]), None, Some(receipts[2]), None];
                expect_eq(&expected, &con_plazo(jobs.all(), 3.0))
            });
        judge
            .case("los que no llegan se cancelan")
            .with("los mismos")
            .because("lo que sigue en marcha cuando ya nadie lo espera gasta para nada")
            .shows(|| expect_cancelled(&jobs, &[1, 3]));
        judge
            .case("todos están en marcha a la vez")
            .with("los mismos")
            .because("un plazo detrás de otro suma los plazos")
            .shows(|| expect_peak(&jobs, 4));
        judge
            .case("sin encargos no hay recibos")
            .with("[], 3 s")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || con_plazo(Vec::new(), 3.0));
    }
}

impl Exercise for Name<{ name("general-09") }> {
    const NAME: &'static str = "general-09";
    type Function = fn(Vec<Job>, Vec<Job>) -> (Vec<u64>, Vec<u64>);

    fn judge(cada_uno_en_su_sitio: Self::Function, judge: &mut Judge) {
        let waiting = Jobs::with_times(&[0.12, 0.04, 0.10, 0.06]);
        let computing = Jobs::with_times(&[0.12, 0.08, 0.04]);
        judge
            .case("los recibos de unos y de otros, cada lista en su orden")
            .with("cuatro que esperan, de 40 a 120 ms, y tres que calculan, de 40 a 120 ms")
            .because("quien llama empareja cada recibo con su encargo por la posición")
            .within(4.0)
            .gives((waiting.receipts(), computing.receipts()), || {
                cada_uno_en_su_sitio(waiting.all(), computing.all())
            });
        judge
            .case("los que calculan, en otros procesos")
            .with("los mismos")
            .because("en este ocuparían el hilo del bucle o el procesador que necesita")
            .shows(|| {
                let done = computing.done();
                let where_else = if done.is_here() {
                    "alguno en este"
                } else {
                    "ninguno en este"
                };
                expect(
                    !done.is_here() && done.processes() == 2 && done.peak() == 2,
                    "dos a la vez, en dos procesos, ninguno en este",
                    format!(
                        "{} a la vez; procesos: {}; {where_else}",
                        done.peak(),
                        done.processes()
                    ),
                )
            });
        judge
            .case("los que esperan, a la vez y en un solo hilo")
            .with("los mismos")
            .because("esperar no necesita ni un hilo por encargo ni ir de uno en uno")
            .shows(|| {
                expect_peak(&waiting, 4)?;
                expect_one_thread(&waiting)
            });

        let mixed = Jobs::with_times(&[0.4, 0.4, 0.4, 0.4, 0.05, 0.05]);
        judge
            .case("los dos grupos se hacen a la vez")
            .with("cuatro que esperan 400 ms y dos que calculan 50 ms")
            .because("mientras unos esperan, el procesador está libre para los otros")
            .within(4.0)
            .shows(|| {
                let mut waiting = mixed.all();
                let computing = waiting.split_off(4);
                cada_uno_en_su_sitio(waiting, computing);
                let peak = mixed.done().peak();
                expect(
                    peak > 4,
                    "alguno calculando mientras los cuatro esperan",
                    format!("{peak} en marcha a la vez, como mucho"),
                )
            });

        let (waiting, computing) = (Jobs::new(20, 0.012), Jobs::new(2, 0.02));
        judge
            .case("tarda bastante menos que todo en serie")
            .with("veinte que esperan 12 ms y dos que calculan 20 ms, cinco veces de cada manera")
            .because("solo se espera una vez, y mientras tanto se calcula")
            .within(8.0)
            .outruns(
                1.5,
                ("en serie", || {
                    let waited: Vec<u64> = waiting.all().iter().map(Job::run).collect();
                    let computed: Vec<u64> = computing.all().iter().map(Job::compute).collect();
                    (waited, computed)
                }),
                ("cada uno en su sitio", || {
                    cada_uno_en_su_sitio(waiting.all(), computing.all())
                }),
            );
    }
}

impl Exercise for Name<{ name("general-10") }> {
    const NAME: &'static str = "general-10";
    type Function = fn(Vec<Job>, u32, f64) -> Vec<Result<u64, String>>;

    fn judge(servicio: Self::Function, judge: &mut Judge) {
        let few = Jobs::with_times(&[0.06, 0.01, 0.04, 0.01]);
        judge
            .case("cada recibo, en su sitio")
            .with("cuatro encargos de 10 a 60 ms, de dos en dos, plazo de 10 s (de la lección)")
            .because("quien llama empareja cada resultado con su encargo por la posición")
            .gives(outcomes(&few, &[]), || servicio(few.all(), 2, 10.0));

        let jobs = Jobs::new(9, 0.03);
        judge
            .case("tres a la vez, ni más ni menos")
            .with("nueve encargos de 30 ms, de tres en tres")
            .because("con más se ahoga a quien los atiende, y con menos se pierde el tiempo")
            .shows(|| {
                servicio(jobs.all(), 3, 10.0);
                expect_peak(&jobs, 3)
            });

        let faulty = Jobs::new(5, 0.01).failing(&[0, 3]);
        judge
            .case("el que falla se intenta dos veces y no estorba a los demás")
            .with("cinco encargos de 10 ms, de uno en uno; el 0 y el 3 fallan siempre")
            .because("un fallo no puede tumbar el servicio ni dejarlo con una plaza menos")
            .within(1.0)
            .shows(|| {
                let complaints = [(0, "encargo 0: no responde"), (3, "encargo 3: no responde")];
                expect_eq(
                    &outcomes(&faulty, &complaints),
                    &servicio(faulty.all(), 1, 10.0),
                )?;
                expect_started(&faulty, &[0, 0, 1, 2, 3, 3, 4])
            });

        let slow = Jobs::with_times(&[0.02, 1.0, 0.02, 1.0]);
        judge
            .case("lo que pasa de su plazo se cancela, no se repite y es «fuera de plazo»")
            .with(
                "dos encargos de 20 ms y dos de un segundo de reloj; plazo de 3 s, que son 300 ms",
            )
            .because("repetir lo que ya va despacio gasta otro plazo entero")
            .shows(|| {
                let late = [(1, "fuera de plazo"), (3, "fuera de plazo")];
                expect_eq(&outcomes(&slow, &late), &servicio(slow.all(), 4, 3.0))?;
                expect_cancelled(&slow, &[1, 3])?;
                expect_started(&slow, &[0, 1, 2, 3])
            });

        let queued = Jobs::new(10, 0.05);
        judge
            .case("esperar turno no gasta plazo")
            .with("diez encargos de 50 ms, de uno en uno; plazo de 3 s, que son 300 ms")
            .because("si no, con mucha cola los últimos caducan sin haber empezado")
            .gives(outcomes(&queued, &[]), || servicio(queued.all(), 1, 3.0));

        let tidy = Jobs::new(4, 0.01);
        judge
            .case("todo en el hilo del bucle, y al volver no queda nada suelto")
            .with("cuatro encargos de 10 ms, de dos en dos")
            .because("un servicio que se apaga devuelve todo lo que cogió")
            .shows(|| {
                let before = Leftovers::watch();
                servicio(tidy.all(), 2, 10.0);
                expect_one_thread(&tidy)?;
                expect_none_left(before)
            });
        judge
            .case("sin encargos no hay resultados")
            .with("[], de dos en dos")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || servicio(Vec::new(), 2, 10.0));

        let timed = Jobs::new(8, 0.012);
        judge
            .case("con cuatro a la vez tarda menos de la mitad que con uno")
            .with("ocho encargos de 12 ms, cinco veces de cada manera")
            .because("el límite está para usarlo entero")
            .within(5.0)
            .outruns(
                2.0,
                ("de uno en uno", || servicio(timed.all(), 1, 10.0)),
                ("de cuatro en cuatro", || servicio(timed.all(), 4, 10.0)),
            );
    }
}

fn sorted(mut numbers: Vec<u64>) -> Vec<u64> {
    numbers.sort_unstable();
    numbers
}

/// Lo que haya en la cola, sin esperar.
fn drained(queue: &Queue<u64>) -> Vec<u64> {
    std::iter::from_fn(|| queue.get_nowait().ok()).collect()
}

/// El recibo de cada uno, salvo los que acaban mal, con su porqué.
fn outcomes(jobs: &Jobs, bad: &[(u64, &str)]) -> Vec<Result<u64, String>> {
    let outcome = |(id, receipt)| match bad.iter().find(|(bad, _)| *bad == id) {
        Some((_, why)) => Err((*why).to_owned()),
        None => Ok(receipt),
    };
    (0..).zip(jobs.receipts()).map(outcome).collect()
}

fn expect_peak(jobs: &Jobs, wanted: usize) -> Result<(), Mismatch> {
    let peak = jobs.done().peak();
    expect(
        peak == wanted,
        format!("{wanted} a la vez"),
        format!("{peak} a la vez"),
    )
}

fn expect_one_thread(jobs: &Jobs) -> Result<(), Mismatch> {
    let threads = jobs.done().threads();
    expect(threads == 1, "un hilo", format!("{threads} hilos"))
}

fn expect_none_left(before: Leftovers) -> Result<(), Mismatch> {
    let threads = before.threads();
    expect(
        threads == 0,
        "ningún hilo más que antes",
        format!("hilos sueltos: {threads}"),
    )
}

fn expect_cancelled(jobs: &Jobs, wanted: &[u64]) -> Result<(), Mismatch> {
    let cancelled = sorted(jobs.done().cancelled());
    expect(
        cancelled == wanted,
        format!("cancelados: {wanted:?}"),
        format!("cancelados: {cancelled:?}"),
    )
}

/// Los que empezaron, sin mirar el orden: uno que se intentó dos veces sale dos veces.
fn expect_started(jobs: &Jobs, wanted: &[u64]) -> Result<(), Mismatch> {
    let started = sorted(jobs.done().started());
    expect(
        started == wanted,
        format!("intentados: {wanted:?}"),
        format!("intentados: {started:?}"),
    )
}
