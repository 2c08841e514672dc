//! «Asyncio».

use super::results::{expect_cancelled, outcomes, sorted};
use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, expect, expect_eq};

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
                jobs.done().expect_peak(6)
            });
        judge
            .case("en un solo hilo")
            .with("los mismos")
            .because("mientras se espera no hace falta un hilo para cada uno")
            .shows(|| jobs.done().expect_threads(1));
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
                jobs.done().expect_peak(4)
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
                jobs.done().expect_peak(4)
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
            .shows(|| jobs.done().expect_peak(4));
        judge
            .case("sin encargos no hay recibos")
            .with("[], 3 s")
            .because("una lista vacía es una entrada como otra cualquiera")
            .gives(Vec::new(), || con_plazo(Vec::new(), 3.0));
    }
}
