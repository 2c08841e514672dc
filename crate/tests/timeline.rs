//! La línea de tiempo de los hilos: lo que se captura cuadra con lo que se ejecutó.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use concurrencia::futures::{ThreadPoolExecutor, as_completed};
use concurrencia::timeline::{LaneKind, Span, State, Trace, io, record, span, timeline};
use concurrencia::{
    Barrier, Condition, Event, Lock, Queue, RLock, Semaphore, Thread, ThreadPool, Timer, sleep,
};

/// Una captura lo es de todo el programa: las pruebas van de una en una.
fn turno() -> MutexGuard<'static, ()> {
    static TURNO: Mutex<()> = Mutex::new(());
    TURNO.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tramos(traza: &Trace) -> impl Iterator<Item = &Span> {
    traza.lanes().iter().flat_map(|carril| carril.spans())
}

fn carril<'a>(traza: &'a Trace, nombre: &str) -> &'a [Span] {
    let hallados: Vec<_> = traza
        .lanes()
        .iter()
        .filter(|carril| carril.name() == nombre)
        .collect();
    assert_eq!(
        hallados.len(),
        1,
        "carriles «{nombre}» en {:?}",
        traza.lanes()
    );
    hallados[0].spans()
}

/// Lo que tiene que cumplirse en cualquier traza.
fn comprueba(traza: &Trace) {
    for carril in traza.lanes() {
        for tramo in carril.spans() {
            assert!(tramo.start() < tramo.end(), "{tramo:?} no dura nada");
            assert!(tramo.end() <= traza.duration(), "{tramo:?} se sale");
        }
        for par in carril.spans().windows(2) {
            assert!(
                par[0].end() <= par[1].start(),
                "se solapan en {}: {par:?}",
                carril.name()
            );
        }
    }
    for tarea in traza.tasks() {
        let (Some(inicio), Some(fin)) = (tarea.start(), tarea.end()) else {
            continue;
        };
        assert!(inicio <= fin, "{tarea:?} acaba antes de empezar");
        assert!(
            tarea.queued().is_none_or(|encargada| encargada <= inicio),
            "{tarea:?}"
        );
    }
    let ruta = traza.critical_path();
    for par in ruta.windows(2) {
        assert!(par[0].end() <= par[1].start(), "la ruta retrocede: {par:?}");
    }
    assert_eq!(traza.lost_events(), 0);
}

fn dormilona(n: u64) -> u64 {
    sleep(0.2);
    n
}

#[test]
fn un_map_son_tantas_tareas_como_entradas_y_una_cola_que_se_vacia() {
    let _turno = turno();
    let pool = ThreadPool::new(3).unwrap();
    let (salidas, traza) = record(|| pool.map(dormilona, 0..9).unwrap());
    comprueba(&traza);
    assert_eq!(salidas, (0..9).collect::<Vec<_>>());
    let nombres: BTreeSet<&str> = traza.tasks().iter().map(|tarea| tarea.name()).collect();
    let esperados: Vec<String> = (1..=9).map(|n| format!("dormilona {n}")).collect();
    assert_eq!(nombres, esperados.iter().map(String::as_str).collect());
    for tarea in traza.tasks() {
        assert!(tarea.queued().is_some() && tarea.start().is_some() && tarea.end().is_some());
        assert!(!tarea.is_panic());
    }
    let dormidos: Vec<&Span> = tramos(&traza)
        .filter(|tramo| tramo.state() == State::Io)
        .collect();
    assert_eq!(dormidos.len(), 9);
    assert!(
        dormidos
            .iter()
            .all(|tramo| tramo.duration() >= Duration::from_millis(20))
    );
    assert_eq!(traza.max_parallelism(), 3);
    let colas: Vec<_> = traza
        .lanes()
        .iter()
        .filter(|carril| carril.kind() == LaneKind::Queue)
        .collect();
    assert_eq!(colas.len(), 1);
    assert!(
        colas[0]
            .spans()
            .iter()
            .all(|tramo| tramo.state() == State::Queued)
    );
    // Se encargan deprisa y se cogen de tres en tres: al principio hay muchas y al final, una.
    assert!(colas[0].spans().iter().any(|tramo| tramo.count() >= 5));
    assert_eq!(colas[0].spans().last().unwrap().count(), 1);
    let espera: Vec<&Span> = carril_de_quien_llama(&traza)
        .iter()
        .filter(|tramo| tramo.state() == State::Wait)
        .collect();
    assert_eq!(espera.len(), 1, "quien llama espera una vez: {espera:?}");
}

/// El carril que ejecuta «el programa».
fn carril_de_quien_llama(traza: &Trace) -> &[Span] {
    let suyo = |spans: &[Span]| spans.iter().any(|tramo| tramo.name() == "el programa");
    traza
        .lanes()
        .iter()
        .map(|carril| carril.spans())
        .find(|spans| suyo(spans))
        .unwrap()
}

#[test]
fn un_hilo_tiene_su_carril_y_su_arranque_es_estar_en_cola() {
    let _turno = turno();
    let traza = timeline(|| {
        let mut hilo = Thread::new(|| sleep(0.5)).with_name("el hilo");
        hilo.start().unwrap();
        hilo.join().unwrap();
    });
    comprueba(&traza);
    let estados: Vec<State> = carril(&traza, "el hilo").iter().map(Span::state).collect();
    assert_eq!(estados.first(), Some(&State::Queued));
    assert!(estados.contains(&State::Io) && estados.contains(&State::Run));
    let espera = carril_de_quien_llama(&traza)
        .iter()
        .find(|tramo| tramo.state() == State::Wait);
    assert_eq!(espera.unwrap().name(), "el hilo");
}

#[test]
fn un_cerrojo_disputado_sale_en_quien_lo_espera_y_la_ruta_pasa_por_quien_lo_tiene() {
    let _turno = turno();
    let cerrojo = Lock::new(0).with_name("cuenta");
    let traza = timeline(|| {
        let (cogido, aviso) = mpsc::channel();
        let suyo = cerrojo.clone();
        let mut tiene = Thread::new(move || {
            let _guard = suyo.acquire().unwrap();
            cogido.send(()).unwrap();
            sleep(0.5);
        })
        .with_name("lo tiene");
        tiene.start().unwrap();
        aviso.recv().unwrap();
        let suyo = cerrojo.clone();
        let mut espera =
            Thread::new(move || suyo.with(|n| *n += 1).unwrap()).with_name("lo espera");
        espera.start().unwrap();
        espera.join().unwrap();
        tiene.join().unwrap();
    });
    comprueba(&traza);
    let esperas: Vec<&Span> = carril(&traza, "lo espera")
        .iter()
        .filter(|tramo| tramo.state() == State::Lock)
        .collect();
    assert_eq!(esperas.len(), 1);
    assert_eq!(esperas[0].name(), "cuenta");
    assert_eq!(traza.total(State::Lock), esperas[0].duration());
    let ruta = traza.critical_path();
    let pasa = |nombre: &str| {
        ruta.iter()
            .any(|paso| traza.lanes()[paso.lane()].name() == nombre && paso.state() == State::Io)
    };
    assert!(pasa("lo tiene"), "{ruta:?}");
    assert!(
        ruta.iter().all(|paso| paso.state() != State::Lock),
        "{ruta:?}"
    );
}

/// Ejecuta `espera` en un hilo y `suelta` cuando ya se sabe que duerme; da los estados de su carril.
fn estados_de(
    espera: impl FnOnce() + Send + 'static,
    duerme: impl Fn() -> bool,
    suelta: impl FnOnce(),
) -> Vec<(State, String)> {
    let _turno = turno();
    let traza = timeline(|| {
        let mut hilo = Thread::new(espera).with_name("quien espera");
        hilo.start().unwrap();
        while !duerme() {
            std::thread::yield_now();
        }
        suelta();
        hilo.join().unwrap();
    });
    comprueba(&traza);
    let tramos = carril(&traza, "quien espera").iter();
    tramos
        .map(|tramo| (tramo.state(), tramo.name().to_owned()))
        .collect()
}

#[test]
fn semaforo_aviso_barrera_y_condicion_se_esperan_como_un_cerrojo() {
    let semaforo = Semaphore::new(0).with_name("semáforo");
    let suyo = semaforo.clone();
    let estados = estados_de(
        move || suyo.acquire(),
        || format!("{semaforo:?}").contains("espera"),
        || semaforo.release().unwrap(),
    );
    assert!(
        estados.contains(&(State::Lock, "semáforo".to_owned())),
        "{estados:?}"
    );

    let aviso = Event::new().with_name("aviso");
    let suyo = aviso.clone();
    let estados = estados_de(
        move || suyo.wait(),
        || format!("{aviso:?}").contains("espera"),
        || aviso.set(),
    );
    assert!(
        estados.contains(&(State::Lock, "aviso".to_owned())),
        "{estados:?}"
    );

    let barrera = Barrier::new(2).with_name("barrera");
    let suya = barrera.clone();
    let estados = estados_de(
        move || assert!(suya.wait().unwrap() < 2),
        || barrera.n_waiting() == 1,
        || assert!(barrera.wait().unwrap() < 2),
    );
    assert!(
        estados.contains(&(State::Lock, "barrera".to_owned())),
        "{estados:?}"
    );

    let condicion = Condition::new(false).with_name("condición");
    let suya = condicion.clone();
    let estados = estados_de(
        move || {
            let guard = suya.acquire().unwrap();
            drop(suya.wait_for(guard, |listo| *listo).unwrap());
        },
        || format!("{condicion:?}").contains("espera"),
        || {
            condicion.with(|listo| *listo = true).unwrap();
            condicion.notify_all();
        },
    );
    assert!(
        estados.contains(&(State::Lock, "condición".to_owned())),
        "{estados:?}"
    );
}

#[test]
fn una_cola_vacia_se_espera_como_a_otro_y_sin_esperar_no_hay_tramo() {
    let cola = Queue::new();
    let suya: Queue<u32> = cola.clone();
    let _turno = turno();
    let traza = timeline(|| {
        let mut hilo =
            Thread::new(move || suya.get().unwrap() + suya.get().unwrap()).with_name("consume");
        hilo.start().unwrap();
        sleep(0.3); // que le dé tiempo a dormirse: si no, no hay espera que ver
        cola.put(1).unwrap();
        cola.put(2).unwrap();
        assert_eq!(hilo.join().unwrap(), 3);
    });
    comprueba(&traza);
    let esperas = carril(&traza, "consume")
        .iter()
        .filter(|tramo| tramo.state() == State::Wait);
    assert!(esperas.clone().count() >= 1);
    assert!(
        esperas
            .clone()
            .all(|tramo| tramo.name() == "algo en la cola")
    );

    let traza = timeline(|| {
        let cola = Queue::new();
        let cerrojo = Lock::new(0);
        let reentrante = RLock::new(0);
        for n in 0..10 {
            cola.put(n).unwrap();
            cola.get().unwrap();
            cerrojo.with(|suma| *suma += n).unwrap();
            reentrante.with(|_| ()).unwrap();
        }
    });
    comprueba(&traza);
    assert!(
        tramos(&traza).all(|tramo| tramo.state() == State::Run),
        "{:?}",
        traza.lanes()
    );
}

#[test]
fn un_ejecutor_numera_sus_tareas_y_una_cancelada_sale_de_la_cola() {
    let _turno = turno();
    let ejecutor = ThreadPoolExecutor::with_prefix(1, "uno").unwrap();
    let (suelta, espera) = mpsc::channel::<()>();
    let traza = timeline(|| {
        let primera = ejecutor.submit(move || espera.recv().unwrap(), ());
        let segunda = ejecutor.submit(dormilona, (7,));
        let tercera = ejecutor.submit(dormilona, (8,));
        assert!(tercera.cancel());
        suelta.send(()).unwrap();
        let acabadas = as_completed([&segunda]).count();
        assert_eq!((acabadas, segunda.result().unwrap()), (1, 7));
        primera.result().unwrap();
        ejecutor.shutdown();
    });
    comprueba(&traza);
    let [primera, segunda, tercera] = traza.tasks() else {
        panic!("tres tareas: {:?}", traza.tasks());
    };
    assert!(primera.end() <= segunda.start());
    assert_eq!(segunda.name(), "dormilona 2");
    assert_eq!((tercera.start(), tercera.lane()), (None, None));
    let cola = traza
        .lanes()
        .iter()
        .find(|carril| carril.kind() == LaneKind::Queue)
        .unwrap();
    assert!(
        cola.spans().last().unwrap().end() < traza.duration(),
        "la cola acaba vacía"
    );
}

#[test]
fn un_panico_sale_marcado_y_los_que_siguen_no() {
    let _turno = turno();
    let pool = ThreadPool::new(1).unwrap();
    let traza = timeline(|| {
        let salida = pool.map(|n: u32| assert_ne!(n, 2, "el dos no"), 1..=3);
        assert!(salida.is_err());
    });
    comprueba(&traza);
    let fallidas: Vec<bool> = traza.tasks().iter().map(|tarea| tarea.is_panic()).collect();
    assert_eq!(fallidas, [false, true, false]);
}

#[test]
fn un_temporizador_espera_y_despues_ejecuta() {
    let _turno = turno();
    let traza = timeline(|| {
        let mut timer = Timer::new(0.3, || span("el aviso", || ())).with_name("temporizador");
        timer.start().unwrap();
        timer.join().unwrap();
    });
    comprueba(&traza);
    let cuenta = carril(&traza, "temporizador")
        .iter()
        .find(|tramo| tramo.state() == State::Io);
    assert!(cuenta.unwrap().duration() >= Duration::from_millis(30));
    assert!(traza.tasks().iter().any(|tarea| tarea.name() == "el aviso"));
}

#[test]
fn los_tramos_propios_llevan_su_nombre_y_se_anidan() {
    let _turno = turno();
    let traza = timeline(|| {
        span("fuera", || {
            sleep(0.1);
            io("dentro", || sleep(0.1));
            sleep(0.1);
        })
    });
    comprueba(&traza);
    let [fuera, dentro] = traza.tasks() else {
        panic!("dos tareas: {:?}", traza.tasks());
    };
    assert_eq!((fuera.name(), dentro.name()), ("fuera", "dentro"));
    assert!(fuera.start() < dentro.start() && dentro.end() < fuera.end());
    // Cada tramo es de la tarea más de dentro que lo tenía en marcha.
    let de_dentro: Duration = tramos(&traza)
        .filter(|tramo| tramo.task() == Some(1))
        .map(Span::duration)
        .sum();
    assert_eq!(de_dentro, dentro.end().unwrap() - dentro.start().unwrap());
}

#[test]
fn dos_capturas_a_la_vez_ven_cada_una_lo_suyo() {
    let _turno = turno();
    let (dentro, fuera) = record(|| {
        span("antes", || sleep(0.1));
        let dentro = timeline(|| span("en medio", || sleep(0.1)));
        span("después", || sleep(0.1));
        dentro
    });
    comprueba(&dentro);
    comprueba(&fuera);
    let nombres = |traza: &Trace| -> Vec<String> {
        traza
            .tasks()
            .iter()
            .map(|tarea| tarea.name().to_owned())
            .collect()
    };
    assert_eq!(nombres(&fuera), ["antes", "en medio", "después"]);
    assert_eq!(nombres(&dentro), ["en medio"]);
    assert_eq!(
        nombres(&timeline(|| ())),
        [""; 0],
        "la siguiente empieza de cero"
    );
}

#[test]
fn lo_que_sigue_en_marcha_al_cerrarse_la_captura_se_corta_ahi() {
    let _turno = turno();
    let (suelta, espera) = mpsc::channel::<()>();
    let empezado = Arc::new(Event::new());
    let suyo = Arc::clone(&empezado);
    let mut hilo = Thread::new(move || {
        suyo.set();
        espera.recv().unwrap();
    })
    .with_name("sigue");
    let traza = timeline(|| {
        hilo.start().unwrap();
        empezado.wait();
    });
    comprueba(&traza);
    let tarea = traza
        .tasks()
        .iter()
        .find(|tarea| tarea.name() == "sigue")
        .unwrap();
    assert!(tarea.start().is_some() && tarea.end().is_none());
    assert_eq!(
        carril(&traza, "sigue").last().unwrap().end(),
        traza.duration()
    );
    // Acaba durante otra captura, y no deja en ella un final sin principio.
    let traza = timeline(|| {
        suelta.send(()).unwrap();
        hilo.join().unwrap();
    });
    comprueba(&traza);
    assert!(traza.lanes().iter().all(|carril| carril.name() != "sigue"));
}

#[test]
fn un_panico_en_lo_capturado_cierra_la_captura() {
    let _turno = turno();
    let panico = std::panic::catch_unwind(|| timeline(|| panic!("a medias")));
    assert!(panico.is_err());
    assert!(timeline(|| ()).tasks().is_empty());
}

#[test]
fn una_traza_guardada_se_vuelve_a_leer_igual_y_es_json_de_chrome() {
    let _turno = turno();
    let pool = ThreadPool::new(2).unwrap();
    let traza = timeline(|| pool.map(dormilona, 0..4).unwrap());
    let ruta = std::env::temp_dir().join(format!("traza-{}.json", std::process::id()));
    traza.save(&ruta).unwrap();
    assert_eq!(Trace::load(&ruta).unwrap(), traza);
    let texto = std::fs::read_to_string(&ruta).unwrap();
    std::fs::remove_file(&ruta).unwrap();
    let json: serde_json::Value = serde_json::from_str(&texto).unwrap();
    let sucesos = json["traceEvents"].as_array().unwrap();
    let de = |fase: &str| sucesos.iter().filter(|suceso| suceso["ph"] == fase).count();
    assert_eq!(de("X"), tramos(&traza).count());
    let nombres = sucesos
        .iter()
        .filter(|suceso| suceso["name"] == "thread_name")
        .count();
    assert_eq!(nombres, traza.lanes().len());
    for suceso in sucesos.iter().filter(|suceso| suceso["ph"] == "X") {
        assert!(suceso["ts"].as_f64().unwrap() >= 0.0 && suceso["dur"].as_f64().unwrap() > 0.0);
    }
}

#[test]
fn un_archivo_que_no_es_una_traza_dice_por_que() {
    let ruta = std::env::temp_dir().join(format!("no-traza-{}.json", std::process::id()));
    for texto in ["", "{}", "{\"traceEvents\":[]}", "[1,2]"] {
        std::fs::write(&ruta, texto).unwrap();
        let error = Trace::load(&ruta).unwrap_err();
        assert!(error.is_format(), "{texto}: {error}");
        assert!(error.to_string().contains("no-traza"), "{error}");
    }
    std::fs::remove_file(&ruta).unwrap();
}

#[test]
fn un_millon_de_sucesos_caben() {
    let _turno = turno();
    let traza = timeline(|| {
        let pool = ThreadPool::new(2).unwrap();
        pool.map(|n: u64| n, 0..250_000).unwrap()
    });
    assert_eq!(traza.lost_events(), 0);
    assert!(traza.events() >= 750_000, "{}", traza.events());
    assert_eq!(traza.tasks().len(), 250_000);
    assert!(traza.tasks().iter().all(|tarea| tarea.end().is_some()));
}
