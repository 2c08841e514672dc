//! «Cómo elegir».

use super::results::{expect_cancelled, outcomes};
use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, expect, expect_eq};
use crate::leftovers::Leftovers;

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
                waiting.done().expect_peak(4)?;
                waiting.done().expect_threads(1)
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
                jobs.done().expect_peak(3)
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
                faulty.done().expect_started(&[0, 0, 1, 2, 3, 3, 4])
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
                slow.done().expect_started(&[0, 1, 2, 3])
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
                tidy.done().expect_threads(1)?;
                before.expect_no_threads()
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
