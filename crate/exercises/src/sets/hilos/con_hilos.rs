//! «Hilos»: arrancarlos, esperarlos y recoger lo que dan.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use concurrencia::fastrand::Rng;
use explore::Explorer;

use crate::exercise::{Exercise, Name, name};
use crate::explored::explored;
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, expect, expect_eq};

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
                jobs.done().expect_peak(6)
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
            .shows(|| jobs.done().expect_peak(5));
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
        let explorer = Explorer::new().with_plans(1000);

        let (given, mut wanted) = (numbers.clone(), squares.clone());
        wanted.sort_unstable();
        judge
            .case("están todas las salidas, en cualquier orden de los hilos")
            .with(&input)
            .because("quien lee sin esperar depende de que los demás se hayan dado prisa")
            .within(8.0)
            .shows(|| {
                explored(&explorer, "las tres, siempre", move || {
                    HALFWAY.store(0, Ordering::SeqCst);
                    let mut got = en_hilos(given.clone(), square);
                    got.sort_unstable();
                    assert!(got == wanted, "las salidas son {got:?}");
                })
                .map(drop)
            });
        judge
            .case("cada salida en el sitio de su entrada")
            .with(&input)
            .because("el orden en que acaban los hilos no es el de las entradas")
            .within(8.0)
            .shows(|| {
                let wanted = format!("siempre {squares:?}");
                explored(&explorer, wanted, move || {
                    HALFWAY.store(0, Ordering::SeqCst);
                    let got = en_hilos(numbers.clone(), square);
                    assert!(got == squares, "las salidas son {got:?}");
                })
                .map(drop)
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
