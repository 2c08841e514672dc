//! «Proyecto final»: la agenda de descargas.

use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, expect, expect_eq};
use crate::leftovers::Leftovers;

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
            .shows(|| jobs.done().expect_peak(2));
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
            .shows(|| before.expect_no_threads());

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
