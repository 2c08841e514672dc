//! Los ejercicios de la primera lección: hilos, futuros, ejecutores y procesos.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use concurrencia::fastrand::Rng;
use explore::{Explorer, Report};

use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, expect, expect_eq};
use crate::leftovers::Leftovers;

impl Exercise for Name<{ name("hilos-01") }> {
    const NAME: &'static str = "hilos-01";
    type Function = fn(Vec<Job>) -> Vec<u64>;

    fn judge(todos_a_la_vez: Self::Function, judge: &mut Judge) {
        let few = Jobs::new(3, 0.02);
        judge
            .case("da los recibos de todos")
            .with("tres encargos de 20 ms")
            .because("un recibo solo se consigue haciendo su encargo")
            .shows(|| {
                let mut got = todos_a_la_vez(few.all());
                let mut expected = few.receipts();
                got.sort_unstable();
                expected.sort_unstable();
                expect_eq(&expected, &got)
            });

        let jobs = Jobs::with_times(&[0.29, 0.23, 0.17, 0.26, 0.20, 0.14]);
        let mut got = Vec::new();
        judge
            .case("todos están en marcha a la vez")
            .with("seis encargos de 140 a 290 ms")
            .because("arrancar un hilo y esperarlo antes de arrancar el siguiente es ir en serie")
            .shows(|| {
                got = todos_a_la_vez(jobs.all());
                let peak = jobs.done().peak();
                expect(peak == 6, "seis a la vez", format!("{peak} a la vez"))
            });
        judge
            .case("los recibos salen en su orden")
            .with("los mismos: el primero acaba el último")
            .because("quien llama empareja cada recibo con su encargo por la posición")
            .gives(jobs.receipts(), || got);

        judge
            .case("sin encargos no hay recibos")
            .with("[]")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || todos_a_la_vez(Vec::new()));
    }
}

impl Exercise for Name<{ name("hilos-02") }> {
    const NAME: &'static str = "hilos-02";
    type Function = fn(Vec<u64>, u64) -> Vec<u64>;

    fn judge(por_factor: Self::Function, judge: &mut Judge) {
        let mut rng = Rng::with_seed(2);
        let numbers: Vec<u64> = (0..8).map(|_| rng.u64(1..1000)).collect();
        let factor = rng.u64(2..50);
        judge
            .case("cada número por el factor, en su sitio")
            .with(format!("{numbers:?}, {factor}"))
            .because("que ahora compile no puede cambiar lo que hace")
            .gives(numbers.iter().map(|n| n * factor).collect(), || {
                por_factor(numbers.clone(), factor)
            });
        judge
            .case("sin números no hay hilos")
            .with(format!("[], {factor}"))
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || por_factor(Vec::new(), factor));
    }
}

impl Exercise for Name<{ name("hilos-03") }> {
    const NAME: &'static str = "hilos-03";
    type Function = fn(Vec<u64>, usize) -> u64;

    fn judge(suma_paralela: Self::Function, judge: &mut Judge) {
        let mut rng = Rng::with_seed(3);
        let sum = |v: &[u64]| v.iter().map(|n| n * n).sum::<u64>();
        for (title, n, threads, because) in [
            (
                "suma lo mismo si no se puede repartir por igual",
                7,
                3,
                "lo que sobra al repartir también cuenta",
            ),
            (
                "suma lo mismo si a todos les toca igual",
                12,
                4,
                "ningún número se suma dos veces ni se queda fuera",
            ),
            (
                "suma lo mismo con más hilos que números",
                2,
                5,
                "a algunos hilos no les toca nada, y no es un error",
            ),
        ] {
            let v: Vec<u64> = (0..n).map(|_| rng.u64(1..100)).collect();
            judge
                .case(title)
                .with(format!("{v:?}, {threads} hilos"))
                .because(because)
                .gives(sum(&v), || suma_paralela(v.clone(), threads));
        }
        judge
            .case("con ningún número la suma es 0")
            .with("[], 4 hilos")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(0, || suma_paralela(Vec::new(), 4));

        let v: Vec<u64> = (0..48).map(|_| rng.u64(1..100)).collect();
        judge
            .case("con un solo hilo se suman de uno en uno")
            .with("48 números, un hilo")
            .because("`hilos` es un límite: quien pide uno no quiere un hilo por número")
            .shows(|| {
                let start = Instant::now();
                expect_eq(&sum(&v), &suma_paralela(v.clone(), 1))?;
                // Una espera no dura nunca menos de lo que se pide: 48 de 2 ms.
                let millis = start.elapsed().as_millis();
                expect(millis >= 90, "no menos de 96 ms", format!("{millis} ms"))
            });
        judge
            .case("cuatro hilos tardan bastante menos que uno")
            .with("48 números; cinco veces con un hilo y cinco con cuatro")
            .because("lo que se espera a la vez solo se espera una vez")
            .within(6.0)
            .outruns(
                1.4,
                ("un hilo", || suma_paralela(v.clone(), 1)),
                ("cuatro hilos", || suma_paralela(v.clone(), 4)),
            );
    }
}

impl Exercise for Name<{ name("hilos-04") }> {
    const NAME: &'static str = "hilos-04";
    type Function = fn(Vec<Job>) -> Vec<Result<u64, String>>;

    fn judge(recoge: Self::Function, judge: &mut Judge) {
        let faulty = [1, 3];
        let jobs = Jobs::with_times(&[0.26, 0.18, 0.22, 0.18, 0.22]).failing(&faulty);
        let input = "cinco encargos de 180 a 260 ms; fallan el 1 y el 3";
        let mut got = Vec::new();
        let receipts = (0..).zip(jobs.receipts());
        judge
            .case("los recibos que hay están en su sitio, fallen los que fallen")
            .with(input)
            .because("que un encargo falle no es razón para perder los demás")
            .gives(
                receipts
                    .map(|(id, receipt)| (!faulty.contains(&id)).then_some(receipt))
                    .collect::<Vec<_>>(),
                || {
                    got = recoge(jobs.all());
                    got.iter().map(|one| one.clone().ok()).collect()
                },
            );
        judge
            .case("cada error dice qué ha pasado")
            .with(input)
            .because("sin el mensaje no se sabe qué encargo hay que mirar")
            .gives(
                faulty
                    .map(|id| format!("encargo {id}: no responde"))
                    .to_vec(),
                || got.into_iter().filter_map(Result::err).collect(),
            );
        judge
            .case("todos están en marcha a la vez")
            .with(input)
            .because("recoger los fallos no obliga a ir de uno en uno")
            .shows(|| {
                let peak = jobs.done().peak();
                expect(peak == 5, "cinco a la vez", format!("{peak} a la vez"))
            });
        judge
            .case("sin encargos no hay recibos ni errores")
            .with("[]")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || recoge(Vec::new()));
    }
}

/// Cuántas tareas de hilos-05 están a medias, y cuántas han llegado a estarlo.
static HALFWAY: AtomicUsize = AtomicUsize::new(0);
static MOST_HALFWAY: AtomicUsize = AtomicUsize::new(0);

/// Un cuadrado que da ocasión a que otro hilo se cuele.
fn square(n: u64) -> u64 {
    let now = HALFWAY.fetch_add(1, Ordering::SeqCst) + 1;
    MOST_HALFWAY.fetch_max(now, Ordering::SeqCst);
    explore::thread::yield_now();
    HALFWAY.fetch_sub(1, Ordering::SeqCst);
    n * n
}

/// Lo que ha pasado, paso a paso. Sin cómo se repite: el programa es del juez, y el alumno no lo tiene.
fn story(report: &Report) -> String {
    let text = report.to_string();
    let end = text.find("\n\npara repetirlo").unwrap_or(text.len());
    text[..end].to_owned()
}

impl Exercise for Name<{ name("hilos-05") }> {
    const NAME: &'static str = "hilos-05";
    type Function = fn(Vec<u64>, fn(u64) -> u64) -> Vec<u64>;

    fn judge(en_hilos: Self::Function, judge: &mut Judge) {
        let mut rng = Rng::with_seed(5);
        // De mayor a menor: ordenar las salidas no cuela.
        let mut numbers: Vec<u64> = (0..3).map(|i| rng.u64(1..10) + 10 * i).collect();
        numbers.reverse();
        let squares: Vec<u64> = numbers.iter().map(|n| n * n).collect();
        let input = format!("{numbers:?} y una tarea que da el cuadrado; 1000 órdenes distintos");
        let explorer = || Explorer::new().with_plans(1000);

        let (given, mut wanted) = (numbers.clone(), squares.clone());
        wanted.sort_unstable();
        judge
            .case("están todas las salidas, en cualquier orden de los hilos")
            .with(&input)
            .because("quien lee sin esperar depende de que los demás se hayan dado prisa")
            .within(8.0)
            .shows(|| {
                let report = explorer().run(move || {
                    HALFWAY.store(0, Ordering::SeqCst);
                    let mut got = en_hilos(given.clone(), square);
                    got.sort_unstable();
                    assert!(got == wanted, "las salidas son {got:?}");
                });
                expect(report.is_ok(), "las tres, siempre", story(&report))
            });
        judge
            .case("cada salida en el sitio de su entrada")
            .with(&input)
            .because("el orden en que acaban los hilos no es el de las entradas")
            .within(8.0)
            .shows(|| {
                let wanted = format!("siempre {squares:?}");
                let report = explorer().run(move || {
                    HALFWAY.store(0, Ordering::SeqCst);
                    let got = en_hilos(numbers.clone(), square);
                    assert!(got == squares, "las salidas son {got:?}");
                });
                expect(report.is_ok(), wanted, story(&report))
            });
        judge
            .case("las tres tareas llegan a estar en marcha a la vez")
            .with(input)
            .because("esperar a un hilo antes de crear el siguiente es ir en serie")
            .shows(|| {
                let most = MOST_HALFWAY.load(Ordering::SeqCst);
                expect(most == 3, "tres a la vez", format!("{most} a la vez"))
            });
    }
}

impl Exercise for Name<{ name("hilos-06") }> {
    const NAME: &'static str = "hilos-06";
    type Function = fn(Vec<Job>, Vec<u64>) -> Vec<u64>;

    fn judge(con_portes: Self::Function, judge: &mut Judge) {
        let mut rng = Rng::with_seed(6);
        let jobs = Jobs::with_times(&[0.24, 0.18, 0.21, 0.18]);
        let postage: Vec<u64> = (0..4).map(|_| rng.u64(100..1000)).collect();
        let input = format!("cuatro encargos y los portes {postage:?}");
        let zone = |receipt: u64| postage[(receipt % 4) as usize];
        let totals = jobs.receipts().into_iter().map(|r| r + zone(r));
        judge
            .case("cada recibo con sus portes, en su sitio")
            .with(&input)
            .because("que ahora compile no puede cambiar lo que hace")
            .gives(totals.collect::<Vec<_>>(), || {
                con_portes(jobs.all(), postage.clone())
            });
        judge
            .case("los cuatro están en marcha a la vez")
            .with(input)
            .because("leer una tabla entre varios no obliga a hacer turnos")
            .shows(|| {
                let peak = jobs.done().peak();
                expect(peak == 4, "cuatro a la vez", format!("{peak} a la vez"))
            });
        judge
            .case("sin encargos no hay recibos")
            .with("[], []")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || con_portes(Vec::new(), Vec::new()));
    }
}

impl Exercise for Name<{ name("hilos-07") }> {
    const NAME: &'static str = "hilos-07";
    type Function = fn(Vec<Job>) -> Vec<(u64, u64)>;

    fn judge(segun_llegan: Self::Function, judge: &mut Judge) {
        let jobs = Jobs::with_times(&[0.30, 0.16, 0.37, 0.23]);
        let input = "cuatro encargos de 300, 160, 370 y 230 ms";
        let mut got = Vec::new();
        judge
            .case("cada recibo va con el número de su encargo")
            .with(input)
            .because("un recibo con el número de otro es peor que no tenerlo: nadie se da cuenta")
            .gives((0..).zip(jobs.receipts()).collect::<Vec<_>>(), || {
                got = segun_llegan(jobs.all());
                let mut pairs = got.clone();
                pairs.sort_unstable();
                pairs
            });
        judge
            .case("salen según acaban")
            .with(input)
            .because("quien los quiere según llegan puede empezar con el primero")
            .shows(|| {
                let numbers: Vec<u64> = got.iter().map(|(number, _)| *number).collect();
                expect_eq(&jobs.done().finished(), &numbers)
            });
        judge
            .case("los cuatro están en marcha a la vez")
            .with(input)
            .because("en serie, el orden de llegada es el de salida y no hay nada que emparejar")
            .shows(|| {
                let peak = jobs.done().peak();
                expect(peak == 4, "cuatro a la vez", format!("{peak} a la vez"))
            });
        judge
            .case("sin encargos no llega nada")
            .with("[]")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || segun_llegan(Vec::new()));
    }
}

/// Los encargos de dos en dos, y lo que suma cada pareja.
fn in_pairs(jobs: &Jobs) -> (Vec<(Job, Job)>, Vec<u64>) {
    let pairs = jobs
        .all()
        .chunks_exact(2)
        .map(|two| (two[0].clone(), two[1].clone()))
        .collect();
    let receipts = jobs.receipts();
    let sums = receipts.chunks_exact(2).map(|two| two[0] + two[1]);
    (pairs, sums.collect())
}

impl Exercise for Name<{ name("hilos-08") }> {
    const NAME: &'static str = "hilos-08";
    type Function = fn(Vec<(Job, Job)>, usize) -> Vec<u64>;

    fn judge(por_parejas: Self::Function, judge: &mut Judge) {
        let few = Jobs::new(6, 0.02);
        let (pairs, sums) = in_pairs(&few);
        judge
            .case("con un solo hilo también acaba")
            .with("tres parejas de encargos de 20 ms, un hilo")
            .because(
                "una tarea que espera a otra de su ejecutor ocupa el hilo que la otra necesita",
            )
            .within(1.2)
            .gives(sums, || por_parejas(pairs, 1));

        let jobs = Jobs::with_times(&[0.05, 0.03, 0.03, 0.05, 0.05, 0.03, 0.03, 0.05]);
        let (pairs, sums) = in_pairs(&jobs);
        let input = "cuatro parejas de encargos de 30 y 50 ms, dos hilos";
        judge
            .case("con dos hilos y cuatro parejas también acaba")
            .with(input)
            .because("mientras haya más parejas que hilos, se pueden quedar todos esperando")
            .within(1.2)
            .gives(sums, || por_parejas(pairs, 2));
        judge
            .case("dos parejas van a la vez, y nunca tres encargos")
            .with(input)
            .because("el límite es para aprovecharlo entero y para no pasarlo")
            .shows(|| {
                let peak = jobs.done().peak();
                expect(peak == 2, "dos a la vez", format!("{peak} a la vez"))
            });
        judge
            .case("basta con los hilos que se dan")
            .with(input)
            .because("añadir hilos que solo esperan esconde el problema y gasta memoria")
            .shows(|| {
                let threads = jobs.done().threads();
                let wanted = "los encargos, hechos por dos hilos";
                expect(threads == 2, wanted, format!("por {threads}"))
            });

        let lone = Jobs::with_times(&[0.1, 0.02]);
        let (pairs, sums) = in_pairs(&lone);
        judge
            .case("el segundo de la pareja no empieza hasta que acaba el primero")
            .with("una pareja de 100 y 20 ms, cuatro hilos")
            .because("el segundo trabaja con lo que ha traído el primero")
            .shows(|| {
                expect_eq(&sums, &por_parejas(pairs, 4))?;
                let peak = lone.done().peak();
                expect(peak == 1, "uno detrás de otro", "los dos a la vez")
            });
    }
}

/// El código con el que muere `descifra` en hilos-09, o nada si va bien.
fn exitcode(id: u64) -> Option<i32> {
    (id % 3 == 2).then(|| 10 + i32::try_from(id).unwrap_or_default())
}

impl Exercise for Name<{ name("hilos-09") }> {
    const NAME: &'static str = "hilos-09";
    type Function = fn(Vec<Job>) -> Vec<Result<u64, i32>>;

    fn judge(aislados: Self::Function, judge: &mut Judge) {
        let few = Jobs::new(2, 0.02);
        judge
            .case("se descifra en otro proceso")
            .with("los encargos 0 y 1, que no dan problemas")
            .because("un hilo que llama a exit se lleva el programa entero")
            .within(4.0)
            .shows(|| {
                let wanted: Vec<_> = few.receipts().into_iter().map(Ok).collect();
                expect_eq(&wanted, &aislados(few.all()))?;
                expect(
                    !few.done().is_here(),
                    "en ningún caso en el proceso que llama",
                    "se ha hecho en el proceso que llama",
                )
            });

        let jobs = Jobs::new(6, 0.4);
        let input = "seis encargos de 400 ms; el 2 y el 5 matan a su proceso";
        judge
            .case("los que mueren no se llevan a los demás, y se sabe con qué código")
            .with(input)
            .because("para eso se paga un proceso: lo que le pase no te pasa a ti")
            .within(8.0)
            .gives(
                (0..)
                    .zip(jobs.receipts())
                    .map(|(id, receipt)| exitcode(id).map_or(Ok(receipt), Err))
                    .collect::<Vec<_>>(),
                || aislados(jobs.all()),
            );
        judge
            .case("hay varios procesos en marcha a la vez")
            .with(input)
            .because("esperar a uno antes de arrancar el siguiente es ir en serie")
            .shows(|| {
                let peak = jobs.done().peak();
                expect(
                    peak >= 2,
                    "al menos dos a la vez",
                    format!("{peak} a la vez"),
                )
            });
        judge
            .case("sin encargos no hay procesos")
            .with("[]")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || aislados(Vec::new()));
    }
}

impl Exercise for Name<{ name("hilos-10") }> {
    const NAME: &'static str = "hilos-10";
    type Function = fn(Vec<Job>, usize, usize) -> (Vec<Option<u64>>, usize);

    fn judge(agenda: Self::Function, judge: &mut Judge) {
        let jobs = Jobs::with_times(&[0.3, 0.02, 0.02, 0.02, 0.02, 0.02]).failing(&[2, 5]);
        let input = "el 0 tarda 300 ms y los otros cinco 20; fallan el 2 y el 5; dos hilos, tope 9";
        let mut receipts: Vec<_> = jobs.receipts().into_iter().map(Some).collect();
        (receipts[2], receipts[5]) = (None, None);
        let before = Leftovers::watch();
        let mut failures = 0;
        judge
            .case("los recibos en su orden, con un hueco por cada fallo")
            .with(input)
            .because("quien llama empareja cada recibo con su encargo por la posición")
            .gives(receipts, || {
                let (got, failed) = agenda(jobs.all(), 2, 9);
                failures = failed;
                got
            });
        judge
            .case("dice cuántos han fallado")
            .with(input)
            .because("una cuenta que se mira antes de que acaben todos se queda corta")
            .gives(2, || failures);
        judge
            .case("trabajan dos hilos, ni más ni menos")
            .with(input)
            .because("el límite es para aprovecharlo entero y para no pasarlo")
            .shows(|| {
                let peak = jobs.done().peak();
                expect(peak == 2, "dos a la vez", format!("{peak} a la vez"))
            });
        judge
            .case("el hilo que acaba toma el siguiente encargo")
            .with(input)
            .because(
                "repartir de antemano, o por tandas, deja hilos parados esperando al más lento",
            )
            .shows(|| {
                let finished = jobs.done().finished();
                let wanted = "antes que el 0 acaban al menos cuatro, que hace el otro hilo";
                let got = format!("acaban en el orden {finished:?}");
                let before = finished.iter().take_while(|id| **id != 0).count();
                expect(before >= 4, wanted, got)
            });
        judge
            .case("no queda ningún hilo suelto")
            .with(input)
            .because("un hilo que espera un encargo que no llegará no acaba nunca")
            .gives(0, || before.threads());

        let many = Jobs::new(16, 0.04).failing(&[0, 1]);
        judge
            .case("al llegar al tope de fallos no empieza ninguno más")
            .with("dieciséis encargos de 40 ms; fallan el 0 y el 1; dos hilos, tope 2")
            .because("si el servicio ha caído, insistir catorce veces más no lo levanta")
            .shows(|| {
                agenda(many.all(), 2, 2);
                let started = many.done().started().len();
                expect(
                    started <= 8,
                    "empiezan ocho de los 16, como mucho",
                    format!("empiezan {started}"),
                )
            });

        let slow = Jobs::with_times(&[0.08, 0.25, 0.02, 0.02]).failing(&[0]);
        judge
            .case("lo que ya había empezado se acaba y se entrega")
            .with("el 0 falla a los 80 ms, el 1 tarda 250; dos hilos, tope 1")
            .because("volver con un hilo trabajando es tirar lo que iba a dar")
            .shows(|| {
                let (got, failures) = agenda(slow.all(), 2, 1);
                let finished = slow.done().finished();
                let wanted: Vec<_> = (0..)
                    .zip(slow.receipts())
                    .map(|(id, receipt)| (id != 0 && finished.contains(&id)).then_some(receipt))
                    .collect();
                expect_eq(&(wanted, 1), &(got, failures))?;
                let left = slow.done().started().len() - finished.len();
                expect(left == 0, "ninguno a medias", format!("{left} a medias"))
            });
        judge
            .case("sin encargos no hay nada que hacer")
            .with("[], dos hilos, tope 1")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives((Vec::new(), 0), || agenda(Vec::new(), 2, 1));

        let race = Jobs::new(8, 0.015);
        judge
            .case("cuatro hilos tardan bastante menos que uno")
            .with("ocho encargos de 15 ms; cinco veces con un hilo y cinco con cuatro")
            .because("lo que se espera a la vez solo se espera una vez")
            .within(6.0)
            .outruns(
                1.6,
                ("un hilo", || agenda(race.all(), 1, 9)),
                ("cuatro hilos", || agenda(race.all(), 4, 9)),
            );
    }
}
