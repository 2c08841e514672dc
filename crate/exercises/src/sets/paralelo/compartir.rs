//! «Compartir, y que compile».

use std::collections::BTreeMap;

use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::Judge;

impl Exercise for Name<{ name("paralelo-03") }> {
    const NAME: &'static str = "paralelo-03";
    type Function = fn(Vec<Job>) -> BTreeMap<u64, u64>;

    fn judge(anota_todos: Self::Function, judge: &mut Judge) {
        let noted = |jobs: &Jobs| (0..).zip(jobs.receipts()).collect::<BTreeMap<u64, u64>>();
        let jobs = Jobs::new(4, 0.02);
        judge
            .case("queda anotado el recibo de cada encargo")
            .with("cuatro encargos de 20 ms")
            .because("un cuaderno al que le falta una hoja no se nota hasta que hace falta")
            .gives(noted(&jobs), || anota_todos(jobs.all()));

        let jobs = Jobs::new(5, 0.05);
        judge
            .case("todos están en marcha a la vez")
            .with("cinco encargos de 50 ms")
            .because("mientras un hilo tiene el cerrojo, los demás esperan: dentro solo va anotar")
            .shows(|| {
                anota_todos(jobs.all());
                jobs.done().expect_peak(5)
            });

        judge
            .case("sin encargos no hay nada anotado")
            .with("[]")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(BTreeMap::new(), || anota_todos(Vec::new()));
    }
}

impl Exercise for Name<{ name("paralelo-04") }> {
    const NAME: &'static str = "paralelo-04";
    type Function = fn(Vec<Job>) -> Vec<u64>;

    fn judge(por_mitades: Self::Function, judge: &mut Judge) {
        let jobs = Jobs::new(7, 0.01);
        judge
            .case("cada recibo acaba en su sitio")
            .with("siete encargos de 10 ms: tres para un hilo y cuatro para el otro")
            .because("las dos mitades son del mismo vector, y el de fuera lo quiere entero")
            .gives(jobs.receipts(), || por_mitades(jobs.all()));

        let jobs = Jobs::new(6, 0.03);
        judge
            .case("las dos mitades van a la vez, cada una en un hilo")
            .with("seis encargos de 30 ms")
            .because("si un hilo espera a que el otro acabe con el vector, sobra un hilo")
            .shows(|| {
                por_mitades(jobs.all());
                let done = jobs.done();
                done.expect_peak(2)?;
                done.expect_threads(2)
            });

        for n in [1, 0] {
            let jobs = Jobs::new(n, 0.01);
            judge
                .case("una mitad puede estar vacía, y las dos también")
                .with(if n == 0 { "[]" } else { "un solo encargo" })
                .because("la mitad de uno es cero")
                .gives(jobs.receipts(), || por_mitades(jobs.all()));
        }
    }
}
