//! Los ejercicios de la primera lección: hilos, futuros, ejecutores y procesos.

use concurrencia::fastrand::Rng;

use crate::exercise::{Exercise, Name, name};
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

        let jobs = Jobs::with_times(&[0.12, 0.08, 0.04, 0.10, 0.06, 0.02]);
        let mut got = Vec::new();
        judge
            .case("todos están en marcha a la vez")
            .with("seis encargos de 20 a 120 ms")
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
        for (n, threads) in [(7, 3), (12, 4), (2, 5)] {
            let v: Vec<u64> = (0..n).map(|_| rng.u64(1..100)).collect();
            judge
                .case("suma lo mismo, se reparta como se reparta")
                .with(format!("{v:?}, {threads} hilos"))
                .because("cuando no se puede repartir por igual, lo que sobra también cuenta")
                .gives(sum(&v), || suma_paralela(v.clone(), threads));
        }
        judge
            .case("con ningún número la suma es 0")
            .with("[], 4 hilos")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(0, || suma_paralela(Vec::new(), 4));

        let v: Vec<u64> = (0..24).map(|_| rng.u64(1..100)).collect();
        judge
            .case("cuatro hilos tardan menos de la mitad que uno")
            .with("24 números; cinco veces con un hilo y cinco con cuatro")
            .because("lo que se espera a la vez solo se espera una vez")
            .within(5.0)
            .outruns(
                2.0,
                ("un hilo", || suma_paralela(v.clone(), 1)),
                ("cuatro hilos", || suma_paralela(v.clone(), 4)),
            );
    }
}
