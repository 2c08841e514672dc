//! «Futuros y ejecutores».

use concurrencia::fastrand::Rng;

use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, expect, expect_eq};

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
            .shows(|| jobs.done().expect_peak(4));
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
        let jobs = Jobs::with_times(&[0.30, 0.16, 0.44, 0.23]);
        let input = "cuatro encargos de 300, 160, 440 y 230 ms";
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
            .shows(|| jobs.done().expect_peak(4));
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
            .shows(|| jobs.done().expect_peak(2));
        judge
            .case("basta con los hilos que se dan")
            .with(input)
            .because("añadir hilos que solo esperan esconde el problema y gasta memoria")
            .shows(|| jobs.done().expect_threads(2));

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
