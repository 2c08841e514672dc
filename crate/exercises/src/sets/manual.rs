//! Los ejercicios del manual: hilos, procesos, asyncio y temporizadores a fondo.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use concurrencia::process::{ManagedDict, Manager};
use concurrencia::queue::Queue;
use concurrencia::sync::Event;
use concurrencia::time::to_real;

use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, Mismatch, expect, expect_eq};
use crate::leftovers::Leftovers;

const EMPTY: &str = "una lista vacía es una entrada como otra cualquiera";

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
            .shows(|| all_at_once(&jobs, 4));
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
            .shows(|| all_at_once(&jobs, 4));
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
                all_at_once(&jobs, 4)
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

impl Exercise for Name<{ name("manual-06") }> {
    const NAME: &'static str = "manual-06";
    type Function = fn(Vec<Vec<Job>>) -> Vec<u64>;

    fn judge(por_una_tuberia: Self::Function, judge: &mut Judge) {
        let jobs = Jobs::new(6, 0.08);
        let batches: Vec<Vec<Job>> = jobs.all().chunks(2).map(<[Job]>::to_vec).collect();
        let input = "tres lotes de dos encargos de 80 ms";
        judge
            .case("llegan los recibos de todos, y se acaba de recibir")
            .with(input)
            .because("la tubería se acaba cuando se suelta el último emisor, el de casa también")
            .shows(|| {
                let mut got = por_una_tuberia(batches);
                let mut expected = jobs.receipts();
                got.sort_unstable();
                expected.sort_unstable();
                expect_eq(&expected, &got)
            });
        judge
            .case("cada lote, en su proceso")
            .with(input)
            .because("tres lotes son tres procesos, y quien reparte no trabaja")
            .shows(|| {
                let done = jobs.done();
                let here = if done.is_here() {
                    ", uno de ellos el que llama"
                } else {
                    ""
                };
                expect(
                    done.processes() == 3 && !done.is_here(),
                    "tres procesos, ninguno el que llama",
                    format!("procesos: {}{here}", done.processes()),
                )
            });
        judge
            .case("los procesos trabajan a la vez")
            .with(input)
            .because("arrancar uno y esperarlo antes de arrancar el siguiente es ir en serie")
            .shows(|| some_at_once(&jobs));
        judge
            .case("al volver no queda ningún proceso")
            .with("un lote de un encargo")
            .because("un proceso que nadie espera sigue hasta acabar, y nadie sabe cómo acabó")
            .shows(|| {
                let jobs = Jobs::new(1, 0.01);
                let before = Leftovers::watch();
                expect_eq(&jobs.receipts(), &por_una_tuberia(vec![jobs.all()]))?;
                no_processes_left(before)
            });
        judge
            .case("sin lotes no hay recibos")
            .with("[]")
            .because("sin procesos, el único emisor es el de quien recibe")
            .within(1.0)
            .gives(Vec::new(), || por_una_tuberia(Vec::new()));
    }
}

impl Exercise for Name<{ name("manual-07") }> {
    const NAME: &'static str = "manual-07";
    type Function = fn(ManagedDict<String, u64>, Vec<Vec<(String, Job)>>);

    fn judge(sumar_entre_procesos: Self::Function, judge: &mut Judge) {
        /// Lotes de `size`; los del último encargo, de la sede Sur, y los demás, de la Norte.
        fn batches(jobs: &Jobs, size: usize) -> Vec<Vec<(String, Job)>> {
            let last = jobs.receipts().len() as u64 - 1;
            let office = |job: &Job| if job.id() == last { "Sur" } else { "Norte" };
            let named = |job: &Job| (office(job).to_owned(), job.clone());
            let all = jobs.all();
            let batches = all.chunks(size);
            batches
                .map(|batch| batch.iter().map(named).collect())
                .collect()
        }
        /// Lo que tiene que haber en las cuentas, con `more` de más en la Norte.
        fn expected(jobs: &Jobs, more: u64) -> [u64; 2] {
            let receipts = jobs.receipts();
            let (south, north) = receipts.split_last().expect("hay encargos");
            [north.iter().sum::<u64>() + more, *south]
        }
        let manager = Manager::new().expect("no se puede arrancar el Manager");
        let new_accounts = || manager.dict().expect("el Manager no está");

        let jobs = Jobs::new(4, 0.15);
        let input = "cuatro lotes de un encargo de 150 ms: tres de la sede Norte y uno de la Sur";
        judge
            .case("no se pierde ningún recibo")
            .with(input)
            .because("leer y después escribir son dos pasos, y entre los dos suman otros")
            .shows(|| {
                let accounts = new_accounts();
                sumar_entre_procesos(accounts.clone(), batches(&jobs, 1));
                expect_eq(&expected(&jobs, 0), &balances(&accounts))
            });
        judge
            .case("los encargos no se hacen en fila")
            .with(input)
            .because("mientras uno tiene el turno los demás esperan: dentro, solo la suma")
            .shows(|| some_at_once(&jobs));
        judge
            .case("cada encargo se hace una sola vez")
            .with(input)
            .because("update repite su función si otro se adelanta")
            .shows(|| {
                let mut started = jobs.done().started();
                started.sort_unstable();
                expect_eq(&vec![0, 1, 2, 3], &started)
            });

        let jobs = Jobs::new(30, 0.0001);
        judge
            .case("no se pierde nada mientras otro suma sin parar")
            .with(
                "dos lotes de 15 encargos muy cortos; a la vez, la comprobación suma de uno en uno",
            )
            .because("leer y escribir seguido falla menos veces, y falla")
            .within(6.0)
            .shows(|| {
                let accounts = new_accounts();
                let added = adding(&accounts, || {
                    sumar_entre_procesos(accounts.clone(), batches(&jobs, 15));
                });
                expect_eq(&expected(&jobs, added), &balances(&accounts))
            });
        judge
            .case("al volver no queda ningún proceso")
            .with("dos lotes de un encargo")
            .because("las cuentas no están hasta que no han acabado todos")
            .shows(|| {
                let (jobs, accounts) = (Jobs::new(2, 0.01), new_accounts());
                let before = Leftovers::watch();
                sumar_entre_procesos(accounts.clone(), batches(&jobs, 1));
                expect_eq(&expected(&jobs, 0), &balances(&accounts))?;
                no_processes_left(before)
            });
    }
}

type Accounts = ManagedDict<String, u64>;

/// Lo que hay en las cuentas de la Norte y de la Sur.
fn balances(accounts: &Accounts) -> [u64; 2] {
    ["Norte", "Sur"].map(|office| {
        let balance = accounts.get(office).expect("el Manager no está");
        balance.unwrap_or(0)
    })
}

/// Suma de uno en uno en la Norte mientras dura `f`; da cuánto ha sumado.
fn adding(accounts: &Accounts, f: impl FnOnce()) -> u64 {
    let over = AtomicBool::new(false);
    let (result, added) = thread::scope(|scope| {
        let adder = scope.spawn(|| {
            let mut added = 0;
            while !over.load(Ordering::Relaxed) {
                let sum = accounts.update("Norte".to_owned(), 0, |balance| balance + 1);
                added += u64::from(sum.is_ok());
                // Un respiro, para que los demás también lleguen.
                thread::sleep(Duration::from_micros(20));
            }
            added
        });
        let result = catch_unwind(AssertUnwindSafe(f));
        over.store(true, Ordering::Relaxed);
        (result, adder.join().unwrap_or(0))
    });
    if let Err(load) = result {
        resume_unwind(load);
    }
    added
}

impl Exercise for Name<{ name("manual-08") }> {
    const NAME: &'static str = "manual-08";
    type Function = fn(Vec<Job>, Job, f64) -> Vec<u64>;

    fn judge(con_reserva: Self::Function, judge: &mut Judge) {
        /// Los encargos y, el último, la reserva.
        fn with_spare(jobs: &Jobs) -> (Vec<Job>, Job) {
            let mut all = jobs.all();
            let spare = all.pop().expect("la reserva es el último");
            (all, spare)
        }
        let jobs = Jobs::with_times(&[0.09, 0.06, 0.03, 0.01]);
        let input = "encargos de 90, 60 y 30 ms; un plazo de sobra, 1 s de reloj";
        judge
            .case("si llegan a tiempo, sus recibos en orden")
            .with(input)
            .because("acabe quien acabe primero, cada recibo va en el sitio de su encargo")
            .gives(jobs.receipts()[..3].to_vec(), || {
                let (all, spare) = with_spare(&jobs);
                con_reserva(all, spare, 10.0)
            });
        judge
            .case("los encargos van a la vez")
            .with(input)
            .because("el plazo es para el conjunto: en fila, lo que tarda uno se lo quita a otro")
            .shows(|| {
                let peak = jobs.done().peak();
                expect(peak >= 3, "los tres a la vez", format!("{peak} a la vez"))
            });
        judge
            .case("si llegan a tiempo, la reserva no se toca")
            .with(input)
            .because("la reserva puede costar dinero: se pide cuando hace falta")
            .shows(|| {
                let touched = jobs.done().started().contains(&3);
                expect(!touched, "la reserva sin empezar", "la reserva ha empezado")
            });

        let jobs = Jobs::with_times(&[0.001, 0.3, 0.3, 0.3, 0.4]);
        let input = "uno de 1 ms y tres de 300; el plazo, 60 ms de reloj; la reserva, de 400 ms";
        judge
            .case("si no llegan, el recibo de la reserva")
            .with(input)
            .because("los que sí llegaron no bastan: o todos o la reserva")
            .gives(jobs.receipts()[4..].to_vec(), || {
                let (all, spare) = with_spare(&jobs);
                con_reserva(all, spare, 0.6)
            });
        judge
            .case("al vencer el plazo se cancelan todos los que faltan")
            .with(input)
            .because("una tarea sin nadie que la espere sigue: hay que cancelarla")
            .shows(|| {
                let done = jobs.done();
                let slow = |ids: Vec<u64>| -> Vec<u64> {
                    let mut ids: Vec<u64> =
                        ids.into_iter().filter(|id| (1..4).contains(id)).collect();
                    ids.sort_unstable();
                    ids
                };
                let (finished, cancelled) = (slow(done.finished()), slow(done.cancelled()));
                expect(
                    finished.is_empty() && cancelled == [1, 2, 3],
                    "cancelados los encargos 1, 2 y 3, y ninguno acabado",
                    format!("cancelados: {cancelled:?}; acabados: {finished:?}"),
                )
            });
        judge
            .case("sin encargos se llega a tiempo")
            .with("[]")
            .because(EMPTY)
            .gives(Vec::new(), || {
                let jobs = Jobs::new(1, 0.01);
                let (all, spare) = with_spare(&jobs);
                con_reserva(all, spare, 10.0)
            });
    }
}

impl Exercise for Name<{ name("manual-09") }> {
    const NAME: &'static str = "manual-09";
    type Function = fn(Vec<Job>, f64) -> Vec<u64>;

    fn judge(latidos: Self::Function, judge: &mut Judge) {
        /// Entre latidos, en segundos de la lección.
        const EVERY: f64 = 2.0;

        let interval = to_real(EVERY).as_secs_f64();
        let jobs = Jobs::new(4, interval / 2.0);
        let input = "cuatro encargos de 100 ms, uno cada 200 ms de reloj";
        let before = Leftovers::watch();
        let mut took = Duration::ZERO;
        judge
            .case("los recibos salen en su orden")
            .with(input)
            .because("se para solo cuando ha hecho el último, y los da todos")
            .shows(|| {
                let start = Instant::now();
                let got = latidos(jobs.all(), EVERY);
                took = start.elapsed();
                expect_eq(&jobs.receipts(), &got)
            });
        judge
            .case("un solo hilo para todos los latidos")
            .with(input)
            .because("encadenar temporizadores gasta un hilo por latido")
            .shows(|| {
                let threads = jobs.done().threads();
                expect(threads == 1, "un hilo", in_threads(threads))
            });
        judge
            .case("el primero, pasado un intervalo, y los demás a su hora")
            .with(input)
            .because("un latido puede llegar un poco tarde, y antes de su hora, nunca")
            .shows(|| {
                let due = to_real(EVERY * 4.0);
                expect(
                    took >= due,
                    format!("el cuarto, no antes de {due:?}"),
                    format!("todo hecho en {took:?}"),
                )
            });
        judge
            .case("el retraso no se acumula")
            .with(input)
            .because("lo que tarda cada encargo no puede retrasar a los siguientes")
            .shows(|| {
                // Con deriva no hay ningún hueco menor que el intervalo más el encargo, que es la mitad. Sin ella, alguno
                // vuelve a su hora aunque la máquina vaya cargada.
                let shortest = jobs.done().gaps().into_iter().fold(f64::INFINITY, f64::min);
                expect(
                    shortest < interval * 1.4,
                    format!(
                        "de un latido al siguiente, unos {:.0} ms",
                        interval * 1000.0
                    ),
                    format!("nunca menos de {:.0} ms", shortest * 1000.0),
                )
            });
        judge
            .case("al volver no queda nada en marcha")
            .with(input)
            .because("lo que se repite sigue hasta que alguien lo para")
            .shows(|| no_threads_left(before));
        judge
            .case("sin encargos no hay recibos")
            .with("[]")
            .because(EMPTY)
            .gives(Vec::new(), || latidos(Vec::new(), 0.2));
    }
}

impl Exercise for Name<{ name("manual-10") }> {
    const NAME: &'static str = "manual-10";
    type Function = fn(Queue<Job>, usize, Event, f64, fn(usize)) -> (Vec<u64>, Vec<Job>);

    fn judge(secretaria: Self::Function, judge: &mut Judge) {
        // Antes de nada: un hilo que ya está acabando también cuenta.
        let before = Leftovers::watch();
        // Lo hecho y lo que vuelve, con `boss` poniendo encargos y dando la orden cuando acaba.
        let run = |workers: usize, jobs: Vec<Job>, boss: &(dyn Fn(&Queue<Job>) + Sync)| {
            reports().clear();
            let (queue, order) = (Queue::new(), Event::new());
            for job in jobs {
                put(&queue, job);
            }
            let (their_queue, their_order) = (queue.clone(), order.clone());
            thread::scope(|scope| {
                scope.spawn(move || {
                    boss(&their_queue);
                    their_order.set();
                });
                secretaria(queue, workers, order, 0.2, report)
            })
        };

        let jobs = Jobs::new(6, 0.1);
        let input = "tres trabajadores; tres encargos de 100 ms, y tres más que llegan después";
        let mut told = Vec::new();
        judge
            .case("hace todo lo que llega, y a la orden vuelve")
            .with(input)
            .because("la cola no se cierra sola: quien espera en ella tiene que enterarse")
            .shows(|| {
                let late = &jobs.all()[3..];
                let (mut got, left) = run(3, jobs.all()[..3].to_vec(), &|queue| {
                    thread::sleep(Duration::from_millis(20));
                    for job in late {
                        put(queue, job.clone());
                    }
                    // Que dé tiempo a hacerlo y a contarlo.
                    wait_until(|| jobs.done().finished().len() == 6);
                    wait_until(|| reports().last() == Some(&6));
                });
                told = reports().clone();
                let mut expected = jobs.receipts();
                expected.sort_unstable();
                got.sort_unstable();
                expect_eq(&(expected, Vec::new()), &(got, left))
            });
        judge
            .case("los trabajadores van a la vez")
            .with(input)
            .because("tres trabajadores son tres hilos sacando de la misma cola")
            .shows(|| {
                let done = jobs.done();
                let (threads, peak) = (done.threads(), done.peak());
                expect(
                    threads == 3 && peak == 3,
                    "tres hilos, y los tres a la vez",
                    format!("{}, {peak} a la vez", in_threads(threads)),
                )
            });
        judge
            .case("informa cada poco de cuántos van")
            .with("los mismos, con un informe cada 20 ms de reloj")
            .because("mientras se trabaja es cuando interesa saber cómo va")
            .shows(|| {
                let is_steady = told.is_sorted() && told.last() == Some(&6);
                expect(
                    told.len() >= 3 && is_steady,
                    "tres informes o más, sin bajar nunca, hasta llegar a 6",
                    format!("{told:?}"),
                )
            });

        let jobs = Jobs::new(20, 0.05);
        let input = "dos trabajadores y 20 encargos de 50 ms; la orden, tras los dos primeros";
        let (mut got, mut left) = (Vec::new(), Vec::new());
        judge
            .case("a la orden no se empieza ninguno más")
            .with(input)
            .because("parar en un plazo corto es no empezar nada nuevo")
            .shows(|| {
                let at_order = Mutex::new(0);
                (got, left) = run(2, jobs.all(), &|_| {
                    wait_until(|| jobs.done().finished().len() >= 2);
                    let started = jobs.done().started().len();
                    *at_order.lock().unwrap_or_else(PoisonError::into_inner) = started;
                });
                // Uno por trabajador ha podido empezar mientras se daba.
                let most = at_order
                    .into_inner()
                    .unwrap_or_else(PoisonError::into_inner)
                    + 2;
                let started = jobs.done().started().len();
                expect(
                    started <= most,
                    format!("como mucho, {most} empezados"),
                    format!("{started} empezados"),
                )
            });
        judge
            .case("lo hecho y lo que vuelve son todo: nada se pierde")
            .with(input)
            .because("lo que se queda en la cola lo espera alguien")
            .shows(|| {
                let receipts = jobs.receipts();
                let id = |receipt| receipts.iter().position(|mine| mine == receipt);
                let done = got.iter().filter_map(id).map(|id| id as u64);
                let mut all: Vec<u64> = done.chain(left.iter().map(Job::id)).collect();
                all.sort_unstable();
                expect_eq(&(0..20).collect(), &all)
            });

        judge
            .case("sin nada que hacer también obedece")
            .with("dos trabajadores y la cola vacía; la orden, a los 30 ms")
            .because("quien espera en una cola vacía no mira si le han dicho basta")
            .within(1.0)
            .gives((Vec::new(), Vec::new()), || {
                run(2, Vec::new(), &|_| thread::sleep(Duration::from_millis(30)))
            });

        let jobs = Jobs::new(6, 0.01).failing(&[0, 3]);
        judge
            .case("lo que falla vuelve sin hacer, y su trabajador sigue")
            .with("dos trabajadores y seis encargos; fallan el 0 y el 3")
            .because("un encargo malo no puede dejar la secretaría sin nadie")
            .shows(|| {
                let (got, left) = run(2, jobs.all(), &|_| {
                    wait_until(|| jobs.done().finished().len() == 6);
                });
                let mut left: Vec<u64> = left.iter().map(Job::id).collect();
                left.sort_unstable();
                expect_eq(&vec![0, 3], &left)?;
                let missing = got.len() != 4 || got.iter().any(|r| !jobs.receipts().contains(r));
                expect(
                    !missing,
                    "los recibos de los otros cuatro",
                    format!("{got:?}"),
                )
            });

        judge
            .case("al volver no queda nada suelto")
            .with("tres trabajadores y la cola vacía")
            .because("un temporizador suelto sigue llamando, y un hilo suelto, esperando")
            .shows(|| {
                run(3, Vec::new(), &|_| thread::sleep(Duration::from_millis(30)));
                no_threads_left(before)
            });
    }
}

/// Apunta un informe.
fn report(done: usize) {
    reports().push(done);
}

/// Los informes de la secretaría, según llegan.
fn reports() -> MutexGuard<'static, Vec<usize>> {
    static REPORTS: Mutex<Vec<usize>> = Mutex::new(Vec::new());
    REPORTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lo pone en la cola; si ya la han cerrado, se notará que falta.
fn put(queue: &Queue<Job>, job: Job) {
    let _ = queue.put(job);
}

/// **Bloquea** hasta que se cumpla, o un rato largo si no se cumple.
fn wait_until(is_so: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_millis(800);
    while !is_so() && Instant::now() < until {
        thread::sleep(Duration::from_millis(2));
    }
}

fn in_threads(threads: usize) -> String {
    if threads == 1 {
        return "un hilo".to_owned();
    }
    format!("{threads} hilos")
}

fn all_at_once(jobs: &Jobs, all: usize) -> Result<(), Mismatch> {
    let peak = jobs.done().peak();
    expect(
        peak == all,
        format!("{all} a la vez"),
        format!("{peak} a la vez"),
    )
}

/// Dos al menos: cuando uno empieza, otro no ha acabado.
fn some_at_once(jobs: &Jobs) -> Result<(), Mismatch> {
    let peak = jobs.done().peak();
    expect(peak >= 2, "varios a la vez", format!("{peak} a la vez"))
}

fn no_threads_left(before: Leftovers) -> Result<(), Mismatch> {
    let left = before.threads();
    expect(
        left == 0,
        "ningún hilo suelto",
        format!("hilos sueltos: {left}"),
    )
}

fn no_processes_left(before: Leftovers) -> Result<(), Mismatch> {
    let left = before.processes();
    expect(
        left == 0,
        "ningún proceso suelto",
        format!("procesos sueltos: {left}"),
    )
}
