//! Los ejercicios de paralelismo: `Send`, `Sync`, carreras y cuánto se gana.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use concurrencia::fastrand::Rng;
use explore::Explorer;
use explore::sync::Mutex as ExploredMutex;
use explore::sync::atomic::AtomicU64 as ExploredU64;

use crate::exercise::{Exercise, Name, name};
use crate::job::Job;
use crate::jobs::Jobs;
use crate::judge::{Judge, Mismatch, expect, expect_eq};

/// Los órdenes que se recorren de cada programa: de sobra para dos o tres hilos de pocos pasos.
const PLANS: usize = 500;

/// El plazo de un caso que se explora, en segundos. Un interbloqueo no lo gasta: se descubre explorando.
const EXPLORING: f64 = 8.0;

/// Bien si el programa va bien en todos los órdenes recorridos; si no, cuenta el más sencillo de los que fallan.
fn explored(program: impl Fn() + Send + Sync + 'static) -> Result<(), Mismatch> {
    let report = Explorer::new().with_plans(PLANS).run(program);
    // Un `todo!()` no es una carrera: que lo vea el juez.
    if let Some(message) = report.message() {
        assert!(!message.contains("not yet implemented"), "{message}");
    }
    expect(
        report.is_ok(),
        "que vaya bien se crucen como se crucen los hilos",
        report.to_string(),
    )
}

/// Llama a `f` en `n` hilos que se exploran, cada uno con su número, y da lo que devuelven.
fn at_once<T: Send + 'static>(n: usize, f: impl Fn(usize) -> T + Clone + Send + 'static) -> Vec<T> {
    let start = |i| {
        let f = f.clone();
        explore::thread::spawn(move || f(i))
    };
    let threads: Vec<_> = (0..n).map(start).collect();
    let value = |thread: explore::thread::JoinHandle<T>| thread.join().expect("un hilo explorado");
    threads.into_iter().map(value).collect()
}

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
                    let peak = jobs.done().peak();
                    expect(
                        peak == threads,
                        format!("{threads} a la vez"),
                        format!("{peak} a la vez"),
                    )
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
                let peak = jobs.done().peak();
                expect(peak == 4, "cuatro a la vez", format!("{peak} a la vez"))
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
                let peak = jobs.done().peak();
                expect(peak == 5, "cinco a la vez", format!("{peak} a la vez"))
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
                let (peak, threads) = (done.peak(), done.threads());
                expect(
                    (peak, threads) == (2, 2),
                    "dos a la vez, en dos hilos",
                    format!("{peak} a la vez, en {threads} hilos"),
                )
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

impl Exercise for Name<{ name("paralelo-05") }> {
    const NAME: &'static str = "paralelo-05";
    type Function = fn(&ExploredU64) -> u64;

    fn judge(siguiente: Self::Function, judge: &mut Judge) {
        judge
            .case("uno detrás de otro, los números salen seguidos")
            .with("el contador en 5; tres veces en el mismo hilo")
            .because("se da el número que había, y se deja preparado el siguiente")
            .within(EXPLORING)
            .shows(move || {
                explored(move || {
                    let turno = ExploredU64::new(5).with_name("turno");
                    let got = [(); 3].map(|()| siguiente(&turno));
                    assert!(got == [5, 6, 7], "salen {got:?} y eran [5, 6, 7]");
                })
            });
        for (n, title) in [
            (2, "dos hilos no sacan nunca el mismo número"),
            (3, "con tres hilos tampoco se repite ni se pierde ninguno"),
        ] {
            judge
                .case(title)
                .with(format!(
                    "el contador en 0; {n} hilos, cruzados de muchas maneras"
                ))
                .because("entre leer y escribir cabe otro hilo entero")
                .within(EXPLORING)
                .shows(move || {
                    explored(move || {
                        let turno = Arc::new(ExploredU64::new(0).with_name("turno"));
                        let shared = Arc::clone(&turno);
                        let mut got = at_once(n, move |_| siguiente(&shared));
                        got.sort_unstable();
                        let left = turno.load(SeqCst);
                        assert!(
                            got.iter().copied().eq(0..n as u64) && left == n as u64,
                            "han salido {got:?} y el contador queda en {left}"
                        );
                    })
                });
        }
    }
}

impl Exercise for Name<{ name("paralelo-06") }> {
    const NAME: &'static str = "paralelo-06";
    type Function = fn(&ExploredMutex<i64>, i64) -> bool;

    fn judge(retira: Self::Function, judge: &mut Judge) {
        let account = |money| ExploredMutex::new(money).with_name("saldo");
        judge
            .case("se retira si hay bastante, y si no, no se toca")
            .with("saldo 10; se piden 4, 7 y 6, en el mismo hilo")
            .because("gastar justo lo que queda vale; pasarse, no")
            .within(EXPLORING)
            .shows(move || {
                explored(move || {
                    let saldo = account(10);
                    let got = [4, 7, 6].map(|n| retira(&saldo, n));
                    let left = *saldo.lock().unwrap_or_else(PoisonError::into_inner);
                    assert!(
                        got == [true, false, true] && left == 0,
                        "dan {got:?} y quedan {left}; eran [true, false, true] y 0"
                    );
                })
            });
        let cases = [
            (
                "con 10 no cobran los dos que piden 7",
                7,
                1,
                "lo que se miró puede haber cambiado cuando se usa",
            ),
            (
                "con 10 cobran los dos que piden 4",
                4,
                2,
                "que el cerrojo esté cogido no quiere decir que no haya dinero",
            ),
        ];
        for (title, amount, paid, reason) in cases {
            judge
                .case(title)
                .with(format!(
                    "saldo 10; dos hilos piden {amount}, cruzados de muchas maneras"
                ))
                .because(reason)
                .within(EXPLORING)
                .shows(move || {
                    explored(move || {
                        let saldo = Arc::new(account(10));
                        let shared = Arc::clone(&saldo);
                        let got = at_once(2, move |_| retira(&shared, amount));
                        let yes = got.iter().filter(|ok| **ok).count();
                        let left = *saldo.lock().unwrap_or_else(PoisonError::into_inner);
                        assert!(
                            yes == paid && left == 10 - amount * paid as i64,
                            "han cobrado {yes} y quedan {left}"
                        );
                    })
                });
        }
    }
}

type Accounts = [ExploredMutex<i64>];

/// Cuentas que se exploran, con su número por nombre.
fn accounts(money: &[i64]) -> Arc<Vec<ExploredMutex<i64>>> {
    let accounts = money.iter().enumerate();
    let account = |(i, n): (usize, &i64)| ExploredMutex::new(*n).with_name(format!("cuenta {i}"));
    Arc::new(accounts.map(account).collect())
}

fn money(accounts: &Accounts) -> Vec<i64> {
    let money =
        |account: &ExploredMutex<i64>| *account.lock().unwrap_or_else(PoisonError::into_inner);
    accounts.iter().map(money).collect()
}

impl Exercise for Name<{ name("paralelo-07") }> {
    const NAME: &'static str = "paralelo-07";
    type Function = fn(&[ExploredMutex<i64>], usize, usize, i64);

    fn judge(pasa: Self::Function, judge: &mut Judge) {
        /// Hace esas transferencias, cada una en su hilo, y exige los saldos que quedan.
        fn all_at_once(
            pasa: fn(&Accounts, usize, usize, i64),
            start: &'static [i64],
            orders: &'static [(usize, usize, i64)],
        ) -> Result<(), Mismatch> {
            let mut end = start.to_vec();
            for (from, to, amount) in orders {
                end[*from] -= amount;
                end[*to] += amount;
            }
            explored(move || {
                let cuentas = accounts(start);
                let shared = Arc::clone(&cuentas);
                at_once(orders.len(), move |i| {
                    let (from, to, amount) = orders[i];
                    pasa(&shared, from, to, amount);
                });
                let left = money(&cuentas);
                assert!(left == end, "quedan {left:?} y eran {end:?}");
            })
        }

        judge
            .case("el dinero pasa de una cuenta a la otra")
            .with("cuentas [10, 20]; 4 de la 1 a la 0, sin nadie más")
            .because("lo que sale de una entra en la otra")
            .within(EXPLORING)
            .shows(move || all_at_once(pasa, &[10, 20], &[(1, 0, 4)]));
        judge
            .case("una ida y una vuelta a la vez no se bloquean")
            .with("cuentas [10, 20]; un hilo pasa 3 de la 0 a la 1 y otro, 4 de la 1 a la 0")
            .because("basta una vez en que cada uno tenga lo que espera el otro")
            .within(EXPLORING)
            .shows(move || all_at_once(pasa, &[10, 20], &[(0, 1, 3), (1, 0, 4)]));
        judge
            .case("tres en corro tampoco")
            .with(
                "cuentas [10, 20, 30]; tres hilos: de la 0 a la 1, de la 1 a la 2 y de la 2 a la 0",
            )
            .because("un círculo puede tener más de dos")
            .within(EXPLORING)
            .shows(move || all_at_once(pasa, &[10, 20, 30], &[(0, 1, 1), (1, 2, 2), (2, 0, 3)]));
        judge
            .case("quien mira las dos cuentas ve siempre todo el dinero")
            .with(
                "cuentas [10, 20]; un hilo pasa 4 de la 0 a la 1 mientras otro coge las dos y suma",
            )
            .because("el dinero que ha salido y no ha llegado no está en ninguna parte")
            .within(EXPLORING)
            .shows(move || {
                explored(move || {
                    let cuentas = accounts(&[10, 20]);
                    let shared = Arc::clone(&cuentas);
                    at_once(2, move |i| {
                        if i == 0 {
                            pasa(&shared, 0, 1, 4);
                        } else if let Ok(one) = shared[0].try_lock()
                            && let Ok(other) = shared[1].try_lock()
                        {
                            let sum = *one + *other;
                            assert!(sum == 30, "entre las dos hay {sum} y eran 30");
                        }
                    });
                })
            });
        judge
            .case("de una cuenta a ella misma no pasa nada")
            .with("cuentas [10, 20]; 4 de la 1 a la 1")
            .because("un cerrojo pedido dos veces por el mismo hilo se espera a sí mismo")
            .within(EXPLORING)
            .shows(move || all_at_once(pasa, &[10, 20], &[(1, 1, 4)]));
    }
}

/// Los recibos, con un trozo seguido de encargos para cada hilo.
fn in_chunks(jobs: &[Job], threads: usize) -> Vec<u64> {
    let size = jobs.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let run = |jobs: &[Job]| jobs.iter().map(Job::run).collect::<Vec<u64>>();
        let threads: Vec<_> = jobs
            .chunks(size)
            .map(|jobs| scope.spawn(move || run(jobs)))
            .collect();
        let receipts = threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("un encargo"));
        receipts.collect()
    })
}

impl Exercise for Name<{ name("paralelo-08") }> {
    const NAME: &'static str = "paralelo-08";
    type Function = fn(Vec<Job>, usize) -> Vec<u64>;

    fn judge(reparte: Self::Function, judge: &mut Judge) {
        let jobs = Jobs::with_times(&[0.08, 0.01, 0.02, 0.01, 0.01, 0.03, 0.01]);
        judge
            .case("los recibos salen en el orden de los encargos")
            .with("siete encargos, el primero el más largo; 3 hilos")
            .because("quien llama empareja cada recibo con su encargo por la posición")
            .gives(jobs.receipts(), || reparte(jobs.all(), 3));

        let jobs = Jobs::new(12, 0.03);
        judge
            .case("hay tantos a la vez como hilos, ni uno más")
            .with("doce encargos de 30 ms, 4 hilos")
            .because("coger de la cola se hace por turnos; trabajar, no")
            .shows(|| {
                reparte(jobs.all(), 4);
                let peak = jobs.done().peak();
                expect(peak == 4, "cuatro a la vez", format!("{peak} a la vez"))
            });

        // El largo es el 1: acaba el último, salvo que alguno haya esperado detrás de él.
        let mut times = vec![0.008; 12];
        times[1] = 0.25;
        let jobs = Jobs::with_times(&times);
        judge
            .case("nadie espera detrás del encargo largo")
            .with("doce encargos, 3 hilos: el número 1 tarda 250 ms; los demás, 8")
            .because("un hilo libre y un encargo esperando no deben coincidir")
            .shows(|| {
                reparte(jobs.all(), 3);
                let finished = jobs.done().finished();
                let last = finished.last().copied();
                let waited = finished.iter().skip_while(|id| **id != 1).skip(1);
                expect(
                    last == Some(1) && finished.len() == 12,
                    "el 1 acaba el último",
                    format!("después del 1 acaban {:?}", waited.collect::<Vec<_>>()),
                )
            });

        for (n, threads) in [(2, 5), (0, 3)] {
            let jobs = Jobs::new(n, 0.01);
            judge
                .case("puede haber más hilos que encargos")
                .with(format!("{n} encargos, {threads} hilos"))
                .because("al que llega y no queda nada le toca irse, no caerse")
                .gives(jobs.receipts(), || reparte(jobs.all(), threads));
        }

        let times: Vec<f64> = (0..16).map(|i| if i < 4 { 0.04 } else { 0.004 }).collect();
        let (theirs, ours) = (Jobs::with_times(&times), Jobs::with_times(&times));
        judge
            .case("tarda mucho menos que un trozo fijo para cada hilo")
            .with("dieciséis encargos, 4 hilos: los cuatro primeros tardan 40 ms; los demás, 4")
            .because("con trozos fijos, los cuatro largos le tocan al mismo")
            .within(5.0)
            .outruns(
                1.5,
                ("trozos fijos", || in_chunks(&theirs.all(), 4)),
                ("tu reparto", || reparte(ours.all(), 4)),
            );
    }
}

type Counts = BTreeMap<String, u64>;
type Total = Arc<dyn Fn(Counts) + Send + Sync>;

/// Un total al que se suma de uno en uno, despacio, y que sabe cuántas veces han ido.
#[derive(Default)]
struct Tally {
    counts: Mutex<Counts>,
    visits: AtomicUsize,
}

impl Tally {
    fn add(&self, some: Counts) {
        self.visits.fetch_add(1, SeqCst);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        thread::sleep(Duration::from_millis(2));
        for (word, n) in some {
            *counts.entry(word).or_default() += n;
        }
    }

    fn shared(self: &Arc<Self>) -> Total {
        let tally = Arc::clone(self);
        Arc::new(move |some| tally.add(some))
    }

    fn counts(&self) -> Counts {
        self.counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Páginas con texto al azar, siempre el mismo, y lo que se tarda en leer cada una.
struct Pages {
    jobs: Jobs,
    texts: Vec<String>,
}

impl Pages {
    fn new(n: usize, seconds: f64, words: usize) -> Pages {
        const WORDS: [&str; 6] = ["hilo", "cerrojo", "cola", "carrera", "núcleo", "pánico"];
        let mut rng = Rng::with_seed(9);
        let mut text = || {
            let words: Vec<&str> = (0..words).map(|_| WORDS[rng.usize(..6)]).collect();
            words.join(" ")
        };
        Pages {
            jobs: Jobs::new(n, seconds),
            texts: (0..n).map(|_| text()).collect(),
        }
    }

    fn all(&self) -> Vec<(Job, String)> {
        self.jobs
            .all()
            .into_iter()
            .zip(self.texts.clone())
            .collect()
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::new();
        for word in self.texts.iter().flat_map(|text| text.split_whitespace()) {
            *counts.entry(word.to_owned()).or_default() += 1;
        }
        counts
    }
}

/// Repartido como se pide, pero con un viaje al total por palabra.
fn word_by_word(pages: &[(Job, String)], threads: usize, total: &Total) {
    thread::scope(|scope| {
        for pages in pages.chunks(pages.len().div_ceil(threads).max(1)) {
            scope.spawn(move || {
                for (job, text) in pages {
                    job.run();
                    for word in text.split_whitespace() {
                        total(Counts::from([(word.to_owned(), 1)]));
                    }
                }
            });
        }
    });
}

impl Exercise for Name<{ name("paralelo-09") }> {
    const NAME: &'static str = "paralelo-09";
    type Function = fn(Vec<(Job, String)>, usize, Total);

    fn judge(histograma: Self::Function, judge: &mut Judge) {
        for (n, threads) in [(7, 3), (2, 4), (0, 2)] {
            let pages = Pages::new(n, 0.005, 8);
            judge
                .case("el total lleva la cuenta exacta de cada palabra")
                .with(format!("{n} páginas de 8 palabras, {threads} hilos"))
                .because(
                    "cuando no se puede repartir por igual, las páginas que sobran también cuentan",
                )
                .shows(|| {
                    let tally = Arc::new(Tally::default());
                    histograma(pages.all(), threads, tally.shared());
                    expect_eq(&pages.counts(), &tally.counts())
                });
        }

        let pages = Pages::new(12, 0.03, 5);
        let tally = Arc::new(Tally::default());
        judge
            .case("se leen tantas páginas a la vez como hilos")
            .with("doce páginas de 30 ms, 4 hilos")
            .because("leer es lo que tarda, y no necesita el total para nada")
            .shows(|| {
                histograma(pages.all(), 4, tally.shared());
                let peak = pages.jobs.done().peak();
                expect(peak == 4, "cuatro a la vez", format!("{peak} a la vez"))
            });
        judge
            .case("cada hilo va al total una vez, como mucho")
            .with("las mismas")
            .because("por el total se pasa de uno en uno: cada viaje es cola para los demás")
            .shows(|| {
                let visits = tally.visits.load(SeqCst);
                expect(
                    visits <= 4,
                    "cuatro viajes como mucho",
                    format!("{visits} viajes"),
                )
            });

        let (theirs, ours) = (Pages::new(12, 0.01, 6), Pages::new(12, 0.01, 6));
        let [slow, fast] = [(); 2].map(|()| Arc::new(Tally::default()).shared());
        judge
            .case("tarda mucho menos que ir al total con cada palabra")
            .with("doce páginas de 6 palabras y 10 ms, 4 hilos")
            .because("cuatro hilos en fila ante un cerrojo van a la velocidad de uno")
            .within(6.0)
            .outruns(
                1.5,
                ("un viaje por palabra", || {
                    word_by_word(&theirs.all(), 4, &slow)
                }),
                ("el tuyo", || histograma(ours.all(), 4, Arc::clone(&fast))),
            );
    }
}

/// De qué cuenta, a cuál y cuánto.
type Order = (usize, usize, i64);
/// Sella la orden de ese número.
type Seal = Arc<dyn Fn(usize) + Send + Sync>;
type Transfer = fn(&Accounts, Order, &dyn Fn()) -> bool;
/// Los saldos que quedan y, por orden, si se aceptó.
type Ledger = (Vec<i64>, Vec<bool>);
type Bank = fn(Vec<i64>, Vec<Order>, usize, Seal) -> Ledger;

/// Lo que un banco no puede hacer: que los saldos no cuadren con lo que dice que ha aceptado.
fn audit(start: &[i64], orders: &[Order], (end, accepted): &Ledger) -> Option<String> {
    if accepted.len() != orders.len() {
        let (orders, answers) = (orders.len(), accepted.len());
        return Some(format!("{orders} órdenes y {answers} respuestas"));
    }
    let mut right = start.to_vec();
    for ((from, to, amount), _) in orders.iter().zip(accepted).filter(|(_, yes)| **yes) {
        right[*from] -= amount;
        right[*to] += amount;
    }
    if *end != right {
        return Some(format!(
            "con lo aceptado los saldos son {right:?}, y quedan {end:?}"
        ));
    }
    let is_broke = end.iter().any(|n| *n < 0);
    is_broke.then(|| format!("una cuenta queda en números rojos: {end:?}"))
}

/// Explora esas órdenes, cada una en su hilo, y exige que se acepten y se sellen `accepted`. Mientras se sella una no
/// puede sellarse otra con una cuenta en común, si `is_strict`.
fn transfers(
    transfiere: Transfer,
    start: &'static [i64],
    orders: &'static [Order],
    accepted: usize,
    is_strict: bool,
) -> Result<(), Mismatch> {
    explored(move || {
        let cuentas = accounts(start);
        let sealing = Arc::new(Mutex::new(Vec::new()));
        let seals = Arc::new(AtomicUsize::new(0));
        let (shared, counted) = (Arc::clone(&cuentas), Arc::clone(&seals));
        let yes = at_once(orders.len(), move |i| {
            let seal = || {
                let (from, to, _) = orders[i];
                let clash = {
                    let mut sealing = sealing.lock().unwrap_or_else(PoisonError::into_inner);
                    let clash = sealing.contains(&from) || sealing.contains(&to);
                    sealing.extend([from, to]);
                    clash
                };
                assert!(
                    !(clash && is_strict),
                    "se sella la orden {i} mientras se sella otra con una cuenta en común"
                );
                counted.fetch_add(1, SeqCst);
                explore::thread::yield_now();
                let mut sealing = sealing.lock().unwrap_or_else(PoisonError::into_inner);
                sealing.retain(|account| *account != from && *account != to);
            };
            transfiere(&shared, orders[i], &seal)
        });
        let count = yes.iter().filter(|yes| **yes).count();
        if let Some(problem) = audit(start, orders, &(money(&cuentas), yes)) {
            panic!("{problem}");
        }
        let seals = seals.load(SeqCst);
        assert!(
            (count, seals) == (accepted, accepted),
            "se aceptan {count} y se sellan {seals}; eran {accepted}"
        );
    })
}

impl Exercise for Name<{ name("paralelo-10") }> {
    const NAME: &'static str = "paralelo-10";
    type Function = (Transfer, Bank);

    fn judge((transfiere, banco): Self::Function, judge: &mut Judge) {
        judge
            .case("transfiere: con saldo se pasa el dinero; sin él se rechaza")
            .with("cuentas [10, 0], cada orden sola: (0, 1, 10), (0, 1, 11) y (1, 0, 1)")
            .because("gastar justo lo que hay vale; pasarse, no")
            .within(EXPLORING)
            .shows(|| {
                transfers(transfiere, &[10, 0], &[(0, 1, 10)], 1, false)?;
                transfers(transfiere, &[10, 0], &[(0, 1, 11)], 0, false)?;
                transfers(transfiere, &[10, 0], &[(1, 0, 1)], 0, false)
            });
        judge
            .case("transfiere: una ida y una vuelta a la vez no se bloquean")
            .with("cuentas [10, 10]; órdenes (0, 1, 3) y (1, 0, 4), cada una en su hilo")
            .because("basta una vez en que cada uno tenga lo que espera el otro")
            .within(EXPLORING)
            .shows(|| transfers(transfiere, &[10, 10], &[(0, 1, 3), (1, 0, 4)], 2, false));
        judge
            .case("transfiere: con 10 no se pagan dos de 7")
            .with("cuentas [10, 0, 0]; órdenes (0, 1, 7) y (0, 2, 7), cada una en su hilo")
            .because("entre mirar el saldo y restarlo no puede pasar nadie")
            .within(EXPLORING)
            .shows(|| transfers(transfiere, &[10, 0, 0], &[(0, 1, 7), (0, 2, 7)], 1, false));
        judge
            .case("transfiere: se sella con las dos cuentas cogidas")
            .with("cuentas [10, 10, 10]; órdenes (0, 1, 3) y (2, 1, 4), y luego (1, 0, 3) y (1, 2, 4)")
            .because("mientras se sella nadie puede tocar ninguna de las dos")
            .within(EXPLORING)
.shows(|| {
                transfers(transfiere, &[10; 3], &[(0, 1, 3), (2, 1, 4)], 2, true)?;
                transfers(transfiere, &[10; 3], &[(1, 0, 3), (1, 2, 4)], 2, true)
            });
        judge
            .case("transfiere: de una cuenta a ella misma no se bloquea")
            .with("cuentas [10, 10]; órdenes (1, 1, 4) y (0, 1, 2), cada una en su hilo")
            .because("un cerrojo pedido dos veces por el mismo hilo se espera a sí mismo")
            .within(EXPLORING)
            .shows(|| transfers(transfiere, &[10, 10], &[(1, 1, 4), (0, 1, 2)], 2, false));

        let free: Seal = Arc::new(|_| ());
        judge
            .case("banco: con un cajero se atienden por orden")
            .with("saldos [10, 0, 5]; órdenes (0, 1, 8), (1, 2, 9), (0, 2, 2) y (2, 1, 7)")
            .because("la que no tiene saldo se rechaza y no cambia nada")
            .gives((vec![0, 15, 0], vec![true, false, true, true]), || {
                let orders = vec![(0, 1, 8), (1, 2, 9), (0, 2, 2), (2, 1, 7)];
                banco(vec![10, 0, 5], orders, 1, Arc::clone(&free))
            });

        // La 0 tarda y no comparte cuenta con ninguna; la 5 no tiene saldo.
        let mut times = [0.01; 12];
        times[0] = 0.25;
        let jobs = Jobs::with_times(&times);
        let orders: Vec<Order> = (0..12)
            .map(|i: usize| {
                let pair = if i == 0 { 0 } else { 1 + (i - 1) % 3 };
                (2 * pair, 2 * pair + 1, if i == 5 { 99 } else { 1 })
            })
            .collect();
        let right: Vec<bool> = (0..12).map(|i| i != 5).collect();
        let stamps = jobs.all();
        let seal: Seal = Arc::new(move |i| {
            stamps[i].run();
        });
        let mut answers = Vec::new();
        judge
            .case("banco: cuatro cajeros sellan a la vez lo que no comparte cuenta")
            .with("doce órdenes entre cuatro pares de cuentas; sellar la 0 tarda 250 ms; las demás, 10")
            .because("un cerrojo para todo el banco no pierde dinero, pero deja un solo cajero")
            .shows(|| {
                (_, answers) = banco(vec![9; 8], orders, 4, seal);
                let peak = jobs.done().peak();
                expect(peak == 4, "cuatro a la vez", format!("{peak} a la vez"))
            });
        judge
            .case("banco: nadie espera detrás de la orden que tarda")
            .with("las mismas")
            .because("un cajero libre y una orden esperando no deben coincidir")
            .shows(|| {
                let finished = jobs.done().finished();
                expect(
                    finished.len() == 11 && finished.last() == Some(&0),
                    "la 0 se acaba de sellar la última de las once",
                    format!("se acaban de sellar en este orden: {finished:?}"),
                )
            });
        judge
            .case("banco: las respuestas salen en el orden de las órdenes")
            .with("las mismas: la 5 no tiene saldo")
            .because("quien llama empareja cada respuesta con su orden por la posición")
            .gives(right, || answers);

        let mut rng = Rng::with_seed(10);
        let start = vec![100; 6];
        let orders: Vec<Order> = (0..3000)
            .map(|_| (rng.usize(..6), rng.usize(..6), rng.i64(1..60)))
            .collect();
        judge
            .case("banco: con tres mil órdenes no falta ni sobra un céntimo")
            .with("seis cuentas con 100 y tres mil órdenes al azar; cuatro cajeros")
            .because("explorar busca en programas pequeños; este es el de verdad")
            .within(4.0)
            .shows(|| {
                let ledger = banco(start.clone(), orders.clone(), 4, Arc::clone(&free));
                let problem = audit(&start, &orders, &ledger);
                expect(
                    problem.is_none(),
                    "saldos que cuadren con lo aceptado",
                    problem.unwrap_or_default(),
                )
            });

        let rounds = [(0, 1, 1), (2, 3, 1), (4, 5, 1), (6, 7, 1)].repeat(2);
        let slow: Seal = Arc::new(|_| thread::sleep(Duration::from_millis(16)));
        let bank = |tellers| banco(vec![9; 8], rounds.clone(), tellers, Arc::clone(&slow));
        judge
            .case("banco: cuatro cajeros tardan bastante menos que uno")
            .with("ocho órdenes entre cuatro pares de cuentas; sellar cuesta 16 ms")
            .because("más cajeros solo sirven si no esperan todos al mismo cerrojo")
            .within(5.0)
            .outruns(
                1.5,
                ("un cajero", || bank(1)),
                ("cuatro cajeros", || bank(4)),
            );
    }
}
