//! «Hilos».

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use super::results::{EMPTY, in_threads, no_threads_left};
use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, expect, expect_eq};
use crate::leftovers::Leftovers;

impl Exercise for Name<{ name("manual-01") }> {
    const NAME: &'static str = "manual-01";
    type Function = fn(Vec<(String, Job)>, fn(Job) -> u64) -> Vec<Result<u64, String>>;

    fn judge(con_nombre: Self::Function, judge: &mut Judge) {
        let list = |jobs: &Jobs| -> Vec<(String, Job)> {
            let names = ["Ana", "Luis", "Eva", "Noa"].map(str::to_owned);
            names.into_iter().zip(jobs.all()).collect()
        };
        // El primero acaba el último.
        let jobs = Jobs::with_times(&[0.25, 0.22, 0.19, 0.16]);
        let input = "Ana, Luis, Eva y Noa, con encargos de 250 a 160 ms";
        let mut got = Vec::new();
        judge
            .case("cada hilo se llama como su alumno")
            .with(input)
            .because("el nombre es lo que se ve en los errores, en el registro y en el sistema")
            .shows(|| {
                seen().clear();
                got = con_nombre(list(&jobs), attend);
                let mut by_job = seen().clone();
                by_job.sort_unstable();
                let who: Vec<&str> = by_job.iter().map(|(_, name)| name.as_str()).collect();
                expect_eq(&vec!["Ana", "Luis", "Eva", "Noa"], &who)
            });
        judge
            .case("los cuatro están en marcha a la vez")
            .with(input)
            .because("esperar a un hilo antes de arrancar el siguiente es ir en serie")
            .shows(|| jobs.done().expect_peak(4));
        judge
            .case("los recibos salen en el orden de la lista")
            .with(input)
            .because("quien llama empareja cada recibo con su alumno por la posición")
            .gives(jobs.receipts().into_iter().map(Ok).collect(), || got);

        let jobs = Jobs::new(3, 0.01).failing(&[1]);
        let receipts = jobs.receipts();
        judge
            .case("del que falla sale el nombre, y los demás dan su recibo")
            .with("Ana, Luis y Eva; el encargo de Luis entra en pánico")
            .because("un pánico es de su hilo, y al esperarlo se sabe de cuál")
            .gives(
                vec![Ok(receipts[0]), Err("Luis".to_owned()), Ok(receipts[2])],
                || con_nombre(list(&jobs), attend),
            );
        judge
            .case("sin alumnos no hay resultados")
            .with("[]")
            .because(EMPTY)
            .gives(Vec::new(), || con_nombre(Vec::new(), attend));
    }
}

/// Hace el encargo y apunta cómo se llama el hilo en el que se ha hecho.
fn attend(job: Job) -> u64 {
    let thread = thread::current();
    seen().push((job.id(), thread.name().unwrap_or("(sin nombre)").to_owned()));
    job.run()
}

/// De cada encargo, el nombre del hilo que lo hizo.
fn seen() -> MutexGuard<'static, Vec<(u64, String)>> {
    static SEEN: Mutex<Vec<(u64, String)>> = Mutex::new(Vec::new());
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Exercise for Name<{ name("manual-02") }> {
    const NAME: &'static str = "manual-02";
    type Function = fn(Vec<Job>) -> Vec<u64>;

    fn judge(adjuntar: Self::Function, judge: &mut Judge) {
        let jobs = Jobs::with_times(&[0.25, 0.22, 0.19, 0.16]);
        let input = "cuatro encargos, de 250 a 160 ms";
        let mut got = Vec::new();
        judge
            .case("cada encargo se hace en su hilo")
            .with(input)
            .because("lo que se calcula antes de crear el hilo lo hace quien llama")
            .shows(|| {
                got = adjuntar(jobs.all());
                let threads = jobs.done().threads();
                expect(threads == 4, "cuatro hilos", in_threads(threads))
            });
        judge
            .case("los cuatro están en marcha a la vez")
            .with(input)
            .because("esperar a un hilo antes de arrancar el siguiente es ir en serie")
            .shows(|| jobs.done().expect_peak(4));
        judge
            .case("los recibos salen en su orden")
            .with("los mismos: el primero acaba el último")
            .because("quien llama empareja cada recibo con su encargo por la posición")
            .gives(jobs.receipts(), || got);
        judge
            .case("sin encargos no hay recibos")
            .with("[]")
            .because(EMPTY)
            .gives(Vec::new(), || adjuntar(Vec::new()));
    }
}

impl Exercise for Name<{ name("manual-03") }> {
    const NAME: &'static str = "manual-03";
    type Function = fn(Vec<(Job, Job)>) -> Vec<Result<u64, String>>;

    fn judge(tramitar: Self::Function, judge: &mut Judge) {
        /// Validar es el encargo par y subir, el impar que lo sigue.
        fn pairs(jobs: &Jobs) -> Vec<(Job, Job)> {
            let all = jobs.all();
            let pairs = all.chunks_exact(2);
            pairs.map(|two| (two[0].clone(), two[1].clone())).collect()
        }
        let before = Leftovers::watch();
        let jobs = Jobs::with_times(&[0.03, 0.05].repeat(4));
        let uploads: Vec<u64> = jobs.receipts().into_iter().skip(1).step_by(2).collect();
        let input = "cuatro comprobantes: validar, 30 ms; subir, 50 ms";
        judge
            .case("cada comprobante da el recibo de su subida")
            .with(input)
            .because("el resultado va en el sitio de su comprobante, y no vuelve sin estar subido")
            .gives(uploads.into_iter().map(Ok).collect(), || {
                tramitar(pairs(&jobs))
            });
        judge
            .case("se valida uno mientras se sube otro")
            .with(input)
            .because("lo que se solapa es una etapa de uno con la etapa siguiente de otro")
            .shows(|| {
                let peak = jobs.done().peak();
                expect(
                    peak >= 2,
                    "dos a la vez: uno validando y otro subiendo",
                    format!("{peak} a la vez"),
                )
            });
        judge
            .case("se sube de una en una, en un hilo aparte")
            .with(input)
            .because("el almacén no admite dos subidas a la vez")
            .shows(|| {
                let done = jobs.done();
                let threads = done.threads();
                expect(
                    threads == 2 && done.peak() == 2,
                    "dos hilos: el que valida y el que sube",
                    format!("{}, {} a la vez", in_threads(threads), done.peak()),
                )
            });

        let jobs = Jobs::new(6, 0.01).failing(&[2]);
        let receipts = jobs.receipts();
        judge
            .case("lo que no vale no se sube")
            .with("tres comprobantes; el segundo no vale")
            .because("se valida antes precisamente para no guardar lo que no vale")
            .shows(|| {
                let expected = vec![
                    Ok(receipts[1]),
                    Err("encargo 2: no responde".to_owned()),
                    Ok(receipts[5]),
                ];
                expect_eq(&expected, &tramitar(pairs(&jobs)))?;
                let wasted = jobs.done().started().contains(&3);
                expect(
                    !wasted,
                    "el encargo 3, su subida, sin empezar",
                    "se ha subido",
                )
            });
        judge
            .case("sin comprobantes no hay resultados, ni queda ningún hilo")
            .with("[]")
            .because("quien sube también tiene que enterarse de que no va a llegar ninguno")
            .shows(|| {
                expect_eq(&Vec::new(), &tramitar(Vec::new()))?;
                no_threads_left(before)
            });
    }
}

impl Exercise for Name<{ name("manual-04") }> {
    const NAME: &'static str = "manual-04";
    type Function = fn(Vec<Job>) -> (Vec<u64>, usize);

    fn judge(escribir_y_vigilar: Self::Function, judge: &mut Judge) {
        let jobs = Jobs::new(5, 0.02);
        let input = "cinco encargos de 20 ms";
        let before = Leftovers::watch();
        let (mut receipts, mut last) = (Vec::new(), 0);
        judge
            .case("vuelve, con los recibos de todos")
            .with(input)
            .because("join espera a que el hilo acabe, y no se lo pide")
            .within(1.5)
            .shows(|| {
                (receipts, last) = escribir_y_vigilar(jobs.all());
                expect_eq(&jobs.receipts(), &receipts)
            });
        judge
            .case("lo último que ve el vigilante es todo lo escrito")
            .with(input)
            .because("lo que llega mientras duerme solo se ve mirando otra vez")
            .gives(5, || last);
        judge
            .case("al volver no queda nadie mirando")
            .with(input)
            .because("un demonio que nadie para sigue mientras siga el programa")
            .shows(|| no_threads_left(before));
        judge
            .case("sin encargos también acaba")
            .with("[]")
            .because(EMPTY)
            .within(1.5)
            .gives((Vec::new(), 0), || escribir_y_vigilar(Vec::new()));
    }
}

impl Exercise for Name<{ name("manual-05") }> {
    const NAME: &'static str = "manual-05";
    type Function = fn(Vec<Job>, f64, f64) -> Vec<u64>;

    fn judge(ventanillas: Self::Function, judge: &mut Judge) {
        // Las tandas que caben: tres, tres y una.
        for (students, lasts, limit, expected) in
            [(12, 0.08, 0.26, 4), (13, 0.08, 0.26, 5), (5, 0.2, 0.25, 5)]
        {
            let jobs = Jobs::new(students, lasts);
            judge
                .case("ni una ventanilla de más ni de menos")
                .with(format!(
                    "{students} estudiantes; cada trámite, {:.0} ms; como mucho, {:.0} ms",
                    lasts * 1000.0,
                    limit * 1000.0
                ))
                .because("con menos, el último espera una tanda de más, y con más, alguna sobra")
                .shows(|| {
                    ventanillas(jobs.all(), lasts, limit);
                    let done = jobs.done();
                    let (threads, peak) = (done.threads(), done.peak());
                    expect(
                        threads == expected && peak == expected,
                        format!("{expected} hilos, y los {expected} a la vez"),
                        format!("{}, {peak} a la vez", in_threads(threads)),
                    )
                });
        }

        let jobs = Jobs::with_times(&[0.09, 0.06, 0.03]);
        judge
            .case("los recibos salen en orden de llegada")
            .with("tres estudiantes y tres ventanillas: el primero acaba el último")
            .because("cada estudiante espera el suyo, acabe cuando acabe")
            .gives(jobs.receipts(), || ventanillas(jobs.all(), 0.09, 0.1));

        let jobs = Jobs::new(4, 0.2);
        judge
            .case("si cumplir es imposible, todos a la vez")
            .with("4 estudiantes; cada trámite, 200 ms; como mucho, 10 ms")
            .because("es lo más cerca que se puede quedar, y no es motivo para caerse")
            .shows(|| {
                expect_eq(&jobs.receipts(), &ventanillas(jobs.all(), 0.2, 0.01))?;
                jobs.done().expect_peak(4)
            });
        judge
            .case("sin estudiantes no hay recibos")
            .with("[]")
            .because(EMPTY)
            .gives(Vec::new(), || ventanillas(Vec::new(), 0.04, 0.1));

        let jobs = Jobs::new(8, 0.015);
        judge
            .case("con cuatro ventanillas se tarda menos de la mitad que con una")
            .with("8 estudiantes de 15 ms; cinco veces con una y cinco con cuatro")
            .because("lo que espera el último son las tandas que tiene delante")
            .within(5.0)
            .outruns(
                2.0,
                ("una ventanilla", || ventanillas(jobs.all(), 0.015, 1.0)),
                ("cuatro", || ventanillas(jobs.all(), 0.015, 0.04)),
            );
    }
}
