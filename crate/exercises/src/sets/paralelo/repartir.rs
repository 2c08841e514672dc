//! «Repartir».

use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::Judge;

impl Exercise for Name<{ name("paralelo-01") }> {
    const NAME: &'static str = "paralelo-01";
    type Function = fn(Vec<Job>, usize) -> Vec<u64>;

    fn judge(con_rayon: Self::Function, judge: &mut Judge) {
        let jobs = Jobs::with_times(&[0.12, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01]);
        judge
            .case("los recibos salen en el orden de los encargos")
            .with("siete encargos, el primero el más largo; 3 hilos")
            .because("quien llama empareja cada recibo con su encargo por la posición")
            .gives(jobs.receipts(), || con_rayon(jobs.all(), 3));
        for (n, threads) in [(9, 3), (15, 5)] {
            let jobs = Jobs::new(n, 0.03);
            judge
                .case(format!(
                    "con {threads} hilos hay {threads} encargos a la vez, ni uno más"
                ))
                .with(format!("{n} encargos de 30 ms, {threads} hilos"))
                .because("el tope lo pone quien llama, no los núcleos de la máquina")
                .shows(|| {
                    con_rayon(jobs.all(), threads);
                    jobs.done().expect_peak(threads)
                });
        }
        judge
            .case("sin encargos no hay recibos")
            .with("[], 3 hilos")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || con_rayon(Vec::new(), 3));
    }
}

impl Exercise for Name<{ name("paralelo-02") }> {
    const NAME: &'static str = "paralelo-02";
    type Function = fn(Vec<Job>) -> Vec<Option<u64>>;

    fn judge(los_que_llegan: Self::Function, judge: &mut Judge) {
        /// Los recibos, con un hueco en el número `hole`.
        fn all_but(jobs: &Jobs, hole: usize) -> Vec<Option<u64>> {
            let receipts = jobs.receipts().into_iter().enumerate();
            receipts.map(|(i, n)| (i != hole).then_some(n)).collect()
        }

        let jobs = Jobs::with_times(&[0.06, 0.01, 0.03, 0.01, 0.02]);
        judge
            .case("si llegan todos, están todos y en su orden")
            .with("cinco encargos de 10 a 60 ms")
            .because("el plazo y los fallos no cambian lo que pasa cuando todo va bien")
            .gives(all_but(&jobs, usize::MAX), || los_que_llegan(jobs.all()));

        let jobs = Jobs::new(8, 0.03);
        judge
            .case("van de cuatro en cuatro")
            .with("ocho encargos de 30 ms")
            .because("es lo que se pide: ni en serie ni todos de golpe")
            .shows(|| {
                los_que_llegan(jobs.all());
                jobs.done().expect_peak(4)
            });

        let jobs = Jobs::new(5, 0.02).failing(&[2]);
        judge
            .case("el que falla deja un hueco en su sitio")
            .with("cinco encargos; el 2 no responde")
            .because("un fallo no puede llevarse lo que sí llegó, ni correr a los demás de sitio")
            .gives(all_but(&jobs, 2), || los_que_llegan(jobs.all()));

        let jobs = Jobs::with_times(&[0.02, 6.0, 0.02, 0.02, 0.02, 0.02]);
        judge
            .case("al vencer el plazo se da lo que haya llegado")
            .with("seis encargos: el 1 tarda 6 s de reloj; los demás, 20 ms")
            .because("quien pone un plazo no quiere esperar al que no contesta")
            .within(1.5)
            .gives(all_but(&jobs, 1), || los_que_llegan(jobs.all()));
    }
}
