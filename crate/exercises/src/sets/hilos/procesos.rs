//! «Procesos».

use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, expect, expect_eq};

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
                few.done().expect_elsewhere()
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
