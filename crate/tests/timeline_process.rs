//! Los procesos en la línea de tiempo.
//!
//! Una captura es de todo el programa, así que van de una en una. Este programa es su propio hijo: `process::init()`
//! primero.

use std::collections::{HashMap, HashSet};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use concurrencia::process::{
    self, Barrier, Connection, Event, Lock, Manager, Pipe, Queue, Semaphore, Sender, Value,
};
use concurrencia::timeline::{Lane, LaneKind, Span, State, Task, Trace, record, timeline};
use concurrencia::{Process, ProcessPool, ProcessPoolExecutor, Thread, sleep};
use libtest_mimic::{Arguments, Failed, Trial};
use rustix::time::{ClockId, clock_gettime};

// LO QUE HACEN LOS HIJOS

/// El reloj monótono, en nanosegundos.
fn reloj() -> u64 {
    let ahora = clock_gettime(ClockId::Monotonic);
    u64::try_from(ahora.tv_sec).unwrap() * 1_000_000_000 + u64::try_from(ahora.tv_nsec).unwrap()
}

/// Calcula durante ese rato.
fn ocupa(milisegundos: u64) {
    let hasta = Instant::now() + Duration::from_millis(milisegundos);
    while Instant::now() < hasta {
        std::hint::black_box(());
    }
}

/// Espera a que el hilo principal de ese proceso se duerma.
fn hasta_que_duerma(pid: u32) {
    if !cfg!(target_os = "linux") {
        return ocupa(30);
    }
    let stat = format!("/proc/{pid}/task/{pid}/stat");
    // El estado va detrás del nombre, que va entre paréntesis.
    while !std::fs::read_to_string(&stat).unwrap().contains(") S ") {}
}

fn quien(_: u32) -> u32 {
    std::process::id()
}

fn quien_y_cuando(_: u32) -> (u32, u64, u64) {
    let antes = reloj();
    ocupa(1);
    (std::process::id(), antes, reloj())
}

fn duerme(_: u32) {
    sleep(0.02);
}

fn duerme_mas(_: u32) {
    sleep(0.2);
}

fn los_impares_fallan(x: u32) -> u32 {
    assert!(x.is_multiple_of(2), "impar");
    x
}

fn entra_en_panico() {
    panic!("adrede");
}

fn espera_el_aviso(empieza: Sender<u32>, aviso: Event) {
    empieza.send(std::process::id()).unwrap();
    aviso.wait();
}

fn uno(_: u32) {}

fn dos(_: u32) {}

// LO QUE SE MIRA

fn tareas<'t>(traza: &'t Trace, nombre: &str) -> Vec<&'t Task> {
    let es = |tarea: &&Task| tarea.name().split(' ').next() == Some(nombre);
    traza.tasks().iter().filter(es).collect()
}

fn carril<'t>(traza: &'t Trace, nombre: &str) -> &'t Lane {
    let lane = traza.lanes().iter().find(|lane| lane.name() == nombre);
    lane.unwrap_or_else(|| panic!("no hay un carril «{nombre}» en {:#?}", traza.lanes()))
}

fn esperas<'t>(lane: &'t Lane, state: State, name: &str) -> Vec<&'t Span> {
    let es = |span: &&Span| span.state() == state && span.name() == name;
    lane.spans().iter().filter(es).collect()
}

/// Lo que tiene que cumplir cualquier traza.
fn cuadra(traza: &Trace) {
    assert_eq!(traza.lost_events(), 0);
    let mut nombres = HashSet::new();
    for lane in traza.lanes() {
        let ends = lane.spans().iter().map(Span::end);
        let starts = lane.spans().iter().skip(1).map(Span::start);
        for (end, start) in ends.zip(starts) {
            assert!(end <= start, "se solapan en «{}»", lane.name());
        }
        for span in lane.spans() {
            assert!(span.start() < span.end() && span.end() <= traza.duration());
            if let Some(tarea) = span.task().map(|tarea| &traza.tasks()[tarea])
                && span.state() != State::Queued
            {
                assert!(tarea.start().unwrap() <= span.start());
                assert!(tarea.end().is_none_or(|end| span.end() <= end));
            }
        }
        if lane.kind() == LaneKind::Process {
            assert_eq!(lane.process(), Some(lane.name()));
            assert!(
                nombres.insert(lane.name()),
                "dos carriles «{}»",
                lane.name()
            );
        }
    }
    for tarea in traza.tasks() {
        if let (Some(queued), Some(start)) = (tarea.queued(), tarea.start()) {
            assert!(queued <= start);
        }
        if let (Some(start), Some(end)) = (tarea.start(), tarea.end()) {
            assert!(start <= end);
        }
    }
}

fn numeradas(tareas: &[&Task], nombre: &str, cuantas: usize) {
    let hay: HashSet<_> = tareas.iter().map(|tarea| tarea.name().to_owned()).collect();
    let esperadas: HashSet<_> = (1..=cuantas).map(|n| format!("{nombre} {n}")).collect();
    assert_eq!(tareas.len(), cuantas);
    assert_eq!(hay, esperadas);
}

// EL POOL

fn cada_tarea_una_vez_y_en_el_carril_de_quien_la_hizo() {
    let pool = ProcessPool::new(3).unwrap();
    // La captura se abre con el pool en marcha y usado.
    pool.map(quien, 0..10).unwrap();
    let (pids, traza) = record(|| pool.map(quien, 0..200).unwrap());
    cuadra(&traza);
    let hechas = tareas(&traza, "quien");
    numeradas(&hechas, "quien", 200);
    let mut de_quien: HashMap<usize, u32> = HashMap::new();
    for tarea in hechas {
        let numero: usize = tarea.name()[6..].parse().unwrap();
        let lane = tarea.lane().unwrap();
        assert_eq!(traza.lanes()[lane].kind(), LaneKind::Process);
        assert_eq!(
            *de_quien.entry(lane).or_insert(pids[numero - 1]),
            pids[numero - 1]
        );
        assert!(tarea.queued().unwrap() <= tarea.start().unwrap());
        assert!(tarea.end().is_some() && !tarea.is_panic());
    }
    let distintos: HashSet<_> = pids.iter().collect();
    assert_eq!(de_quien.len(), distintos.len());
}

fn lo_que_espera_en_el_pool_se_ve_en_su_cola() {
    let pool = ProcessPool::new(1).unwrap();
    let traza = timeline(|| pool.map(duerme, 0..6).unwrap());
    cuadra(&traza);
    let cola = traza
        .lanes()
        .iter()
        .find(|lane| lane.kind() == LaneKind::Queue);
    let cola = cola.unwrap();
    let mas = cola.spans().iter().map(Span::count).max().unwrap();
    assert!(mas >= 5, "llegó a haber {mas}");
    assert_eq!(cola.spans().last().unwrap().count(), 1);
    let hechas = tareas(&traza, "duerme");
    assert!(hechas.is_sorted_by_key(|tarea| tarea.start()));
}

fn lo_de_dentro_llega_una_vez_y_dentro_de_su_tarea() {
    let pool = ProcessPool::new(2).unwrap();
    let traza = timeline(|| pool.map_chunked(duerme, 0..30, 7).unwrap());
    cuadra(&traza);
    let dormidas: Vec<_> = traza
        .lanes()
        .iter()
        .filter(|lane| lane.kind() == LaneKind::Process)
        .flat_map(|lane| esperas(lane, State::Io, "dormir"))
        .collect();
    assert_eq!(dormidas.len(), 30);
    let de: HashSet<_> = dormidas.iter().map(|span| span.task().unwrap()).collect();
    assert_eq!(de.len(), 30);
    for span in dormidas {
        let tarea = &traza.tasks()[span.task().unwrap()];
        assert!(tarea.name().starts_with("duerme "));
        assert!(tarea.start().unwrap() <= span.start() && span.end() <= tarea.end().unwrap());
    }
}

fn quien_espera_los_resultados_lo_despierta_el_ultimo() {
    let pool = ProcessPool::new(2).unwrap();
    let traza = timeline(|| pool.map(duerme_mas, 0..4).unwrap());
    let principal = traza.lanes().iter().find(|lane| {
        let espera = |span: &Span| span.state() == State::Wait && span.name() == "los resultados";
        lane.spans().iter().any(espera)
    });
    assert_eq!(principal.unwrap().process(), None);
    let ruta = traza.critical_path();
    let en_un_hijo = |paso: &&concurrencia::timeline::Step| {
        traza.lanes()[paso.lane()].kind() == LaneKind::Process
    };
    let suyo: Duration = ruta
        .iter()
        .filter(en_un_hijo)
        .map(|paso| paso.duration())
        .sum();
    assert!(
        suyo > traza.duration() / 2,
        "la ruta no pasa por los hijos: {ruta:#?}"
    );
}

fn un_panico_es_una_tarea_fallida() {
    let pool = ProcessPool::new(2).unwrap();
    let mut suelto = Process::new(entra_en_panico, ()).with_name("suelto");
    let traza = timeline(|| {
        assert!(pool.map(los_impares_fallan, 0..10).is_err());
        suelto.start().unwrap();
        suelto.join().unwrap_err();
    });
    cuadra(&traza);
    let hechas = tareas(&traza, "los_impares_fallan");
    numeradas(&hechas, "los_impares_fallan", 10);
    for tarea in hechas {
        let numero: u32 = tarea.name()[19..].parse().unwrap();
        assert_eq!(tarea.is_panic(), numero.is_multiple_of(2), "{tarea:?}");
    }
    assert!(tareas(&traza, "entra_en_panico")[0].is_panic());
}

fn un_trabajador_matado_deja_su_barra_y_los_demas_siguen() {
    let pool = ProcessPool::new(2).unwrap();
    let aviso = Event::new().unwrap();
    let (llega, empieza) = Pipe::one_way().unwrap();
    let traza = timeline(|| {
        let muere = pool.apply_async(espera_el_aviso, (empieza.clone(), aviso.clone()));
        let resto = pool.map_async(duerme, 0..6);
        mata(llega.recv().unwrap());
        assert!(muere.get().is_err());
        resto.get().unwrap();
    });
    cuadra(&traza);
    let muerta = tareas(&traza, "espera_el_aviso")[0];
    assert!(muerta.is_panic() && muerta.end().is_some());
    assert!(
        tareas(&traza, "duerme")
            .iter()
            .all(|tarea| tarea.end().is_some())
    );
}

fn dos_capturas_seguidas_no_se_mezclan() {
    let pool = ProcessPool::new(2).unwrap();
    let primera = timeline(|| pool.map(uno, 0..50).unwrap());
    let segunda = timeline(|| pool.map(dos, 0..50).unwrap());
    for (traza, suya, ajena) in [(&primera, "uno", "dos"), (&segunda, "dos", "uno")] {
        cuadra(traza);
        numeradas(&tareas(traza, suya), suya, 50);
        assert!(tareas(traza, ajena).is_empty());
    }
}

fn al_cerrarse_la_captura_se_ve_lo_que_sigue_en_marcha() {
    let pool = ProcessPool::new(1).unwrap();
    let aviso = Event::new().unwrap();
    let (llega, empieza) = Pipe::one_way().unwrap();
    let (pendiente, traza) = record(|| {
        pool.map(uno, 0..3).unwrap();
        let pendiente = pool.apply_async(espera_el_aviso, (empieza.clone(), aviso.clone()));
        let cola = pool.map_async(dos, 0..2);
        llega.recv().unwrap();
        (pendiente, cola)
    });
    cuadra(&traza);
    let en_marcha = tareas(&traza, "espera_el_aviso")[0];
    assert!(en_marcha.start().is_some() && en_marcha.end().is_none());
    assert!(
        tareas(&traza, "dos")
            .iter()
            .all(|tarea| tarea.lane().is_none())
    );
    // En otra captura, la que sigue en marcha también se ve; la que ya acabó, no.
    let otra = timeline(|| {
        aviso.set();
        pendiente.0.get().unwrap();
        pendiente.1.get().unwrap();
    });
    cuadra(&otra);
    assert!(tareas(&otra, "espera_el_aviso")[0].end().is_some());
    assert!(tareas(&otra, "uno").is_empty());
    drop(pool);
    assert!(tareas(&timeline(|| ()), "espera_el_aviso").is_empty());
}

fn lo_que_se_termina_en_la_cola_sale_de_ella() {
    let pool = ProcessPool::new(1).unwrap();
    let aviso = Event::new().unwrap();
    let (llega, empieza) = Pipe::one_way().unwrap();
    let traza = timeline(|| {
        let _muere = pool.apply_async(espera_el_aviso, (empieza.clone(), aviso.clone()));
        llega.recv().unwrap();
        let cola = pool.map_async(dos, 0..5);
        pool.terminate();
        assert!(cola.get().is_err());
        sleep(0.1);
    });
    cuadra(&traza);
    assert!(tareas(&traza, "espera_el_aviso")[0].is_panic());
    let cola = traza
        .lanes()
        .iter()
        .find(|lane| lane.kind() == LaneKind::Queue);
    let vacia = cola.unwrap().spans().last().unwrap().end();
    assert!(vacia < traza.duration() - Duration::from_millis(5));
}

fn el_ejecutor_encola_numera_y_olvida_lo_cancelado() {
    let ejecutor = ProcessPoolExecutor::new(1).unwrap();
    let aviso = Event::new().unwrap();
    let (llega, empieza) = Pipe::one_way().unwrap();
    let traza = timeline(|| {
        let primera = ejecutor.submit(espera_el_aviso, (empieza.clone(), aviso.clone()));
        llega.recv().unwrap();
        let encoladas: Vec<_> = (0..4).map(|x| ejecutor.submit(quien, (x,))).collect();
        assert!(encoladas[3].cancel());
        aviso.set();
        primera.result().unwrap();
        for encolada in &encoladas[..3] {
            encolada.result().unwrap();
        }
        let pids: Vec<_> = ejecutor.map(quien_y_cuando, 0..5).collect();
        assert_eq!(pids.len(), 5);
        ejecutor.shutdown();
    });
    cuadra(&traza);
    numeradas(&tareas(&traza, "quien_y_cuando"), "quien_y_cuando", 5);
    let sueltas = tareas(&traza, "quien");
    assert_eq!(sueltas.len(), 4);
    assert_eq!(
        sueltas
            .iter()
            .filter(|tarea| tarea.start().is_some())
            .count(),
        3
    );
    let cola = traza
        .lanes()
        .iter()
        .find(|lane| lane.kind() == LaneKind::Queue);
    assert!(cola.unwrap().spans().last().unwrap().end() < traza.duration());
}

// UN PROCESO

fn un_proceso_espera_en_cola_a_arrancar_y_luego_es_su_funcion() {
    let mut proceso = Process::new(duerme, (1,)).with_name("descarga");
    let traza = timeline(|| {
        proceso.start().unwrap();
        proceso.join().unwrap();
    });
    cuadra(&traza);
    let suyo = carril(&traza, "descarga");
    assert_eq!(suyo.kind(), LaneKind::Process);
    let estados: Vec<_> = suyo.spans().iter().map(Span::state).collect();
    assert_eq!(estados.first(), Some(&State::Queued), "{:#?}", suyo.spans());
    assert!(estados.contains(&State::Io));
    let [tarea] = tareas(&traza, "duerme")[..] else {
        panic!("una tarea")
    };
    let lane = tarea.lane().unwrap();
    assert_eq!(traza.lanes()[lane].name(), "descarga");
    let espera = |span: &Span| span.state() == State::Wait && span.name() == "descarga";
    let quien_espera = traza
        .lanes()
        .iter()
        .find(|lane| lane.spans().iter().any(espera));
    assert_eq!(quien_espera.unwrap().process(), None);
    assert!(traza.critical_path().iter().any(|paso| paso.lane() == lane));
}

fn un_proceso_matado_deja_su_barra_hasta_que_muere() {
    let aviso = Event::new().unwrap();
    let (llega, empieza) = Pipe::one_way().unwrap();
    let mut proceso = Process::new(espera_el_aviso, (empieza, aviso)).with_name("víctima");
    let traza = timeline(|| {
        proceso.start().unwrap();
        llega.recv().unwrap();
        proceso.kill().unwrap();
        proceso.join().unwrap_err();
        sleep(0.1);
    });
    cuadra(&traza);
    let [muerta] = tareas(&traza, "espera_el_aviso")[..] else {
        panic!("una tarea")
    };
    assert!(muerta.is_panic());
    assert!(muerta.end().unwrap() < traza.duration());
    assert!(!carril(&traza, "víctima").spans().is_empty());
}

fn un_proceso_en_marcha_al_cerrar_no_cuelga_nada() {
    let aviso = Event::new().unwrap();
    let (llega, empieza) = Pipe::one_way().unwrap();
    let mut proceso = Process::new(espera_el_aviso, (empieza, aviso.clone()));
    let traza = timeline(|| {
        proceso.start().unwrap();
        llega.recv().unwrap();
        // Lo que cuenta el hijo lo recoge otro hilo: hasta que se vea.
        while tareas(&timeline(|| ()), "espera_el_aviso")
            .iter()
            .all(|t| t.start().is_none())
        {}
    });
    cuadra(&traza);
    let en_marcha = tareas(&traza, "espera_el_aviso")[0];
    assert!(en_marcha.lane().is_some() && en_marcha.end().is_none());
    // En una captura posterior también está, con lo que hizo dentro mientras duraba.
    let otra = timeline(|| {
        aviso.set();
        proceso.join().unwrap();
    });
    cuadra(&otra);
    let [acabada] = tareas(&otra, "espera_el_aviso")[..] else {
        panic!("una tarea")
    };
    assert!(acabada.start() == Some(Duration::ZERO) && acabada.end().is_some());
    assert!(tareas(&timeline(|| ()), "espera_el_aviso").is_empty());
}

fn captura_y_cuenta_lo_suyo(_: u32) -> usize {
    let traza = timeline(|| sleep(0.02));
    let dormidas = traza
        .lanes()
        .iter()
        .flat_map(|lane| esperas(lane, State::Io, "dormir"));
    dormidas.count()
}

fn un_hijo_que_captura_por_su_cuenta_no_estorba() {
    let pool = ProcessPool::new(1).unwrap();
    let mut proceso = Process::new(captura_y_cuenta_lo_suyo, (0,)).with_name("suelto");
    let (suyas, traza) = record(|| {
        proceso.start().unwrap();
        let suyas = pool.map_chunked(captura_y_cuenta_lo_suyo, 0..5, 5).unwrap();
        (suyas, proceso.join().unwrap())
    });
    cuadra(&traza);
    // Cada captura del pool es posterior a las de antes: como mucho ve la suya.
    assert_eq!(suyas, (vec![1; 5], 1));
    let dormidas = |nombre: &str| esperas(carril(&traza, nombre), State::Io, "dormir").len();
    let trabajador = traza
        .tasks()
        .iter()
        .find(|tarea| tarea.name().ends_with(" 5"))
        .unwrap();
    let trabajador = traza.lanes()[trabajador.lane().unwrap()].name();
    assert_eq!((dormidas(trabajador), dormidas("suelto")), (5, 1));
}

fn lanza_un_nieto() {
    let mut nieto = Process::new(duerme, (1,)).with_name("nieto");
    nieto.start().unwrap();
    nieto.join().unwrap();
    let mut hilo = Thread::new(|| sleep(0.02)).with_name("hilo del hijo");
    hilo.start().unwrap();
    hilo.join().unwrap();
}

fn los_nietos_y_los_hilos_de_los_hijos_tambien_salen() {
    let mut hijo = Process::new(lanza_un_nieto, ()).with_name("hijo");
    let traza = timeline(|| {
        hijo.start().unwrap();
        hijo.join().unwrap();
    });
    cuadra(&traza);
    assert_eq!(carril(&traza, "nieto").process(), Some("nieto"));
    assert_eq!(
        esperas(carril(&traza, "nieto"), State::Io, "dormir").len(),
        1
    );
    assert_eq!(
        esperas(carril(&traza, "hijo"), State::Wait, "nieto").len(),
        1
    );
    let hilo = carril(&traza, "hilo del hijo");
    assert_eq!(
        (hilo.kind(), hilo.process()),
        (LaneKind::Thread, Some("hijo"))
    );
}

fn el_gestor_no_sale_pero_esperarlo_si() {
    let traza = timeline(|| {
        let gestor = Manager::new().unwrap();
        let cuenta = gestor.counter(0).unwrap();
        assert_eq!(cuenta.add(1).unwrap(), 1);
    });
    cuadra(&traza);
    assert!(traza.lanes().iter().all(|lane| lane.name() != "Manager"));
    let espera = |lane: &Lane| !esperas(lane, State::Wait, "Manager").is_empty();
    assert!(traza.lanes().iter().any(espera));
}

// LA ESCALA

fn la_barra_de_otro_proceso_esta_donde_dice_su_reloj() {
    let pool = ProcessPool::new(2).unwrap();
    let mut peor_empate = u64::MAX;
    for _ in 0..5 {
        let antes = reloj();
        let ((inicio, cuando), traza) = record(|| {
            let inicio = reloj();
            (inicio, pool.map(quien_y_cuando, 0..20).unwrap())
        });
        cuadra(&traza);
        let hechas = tareas(&traza, "quien_y_cuando");
        numeradas(&hechas, "quien_y_cuando", 20);
        for tarea in hechas {
            let numero: usize = tarea.name()[15..].parse().unwrap();
            let (_, empieza, acaba) = cuando[numero - 1];
            let start = u64::try_from(tarea.start().unwrap().as_nanos()).unwrap();
            let end = u64::try_from(tarea.end().unwrap().as_nanos()).unwrap();
            // La captura se abrió entre `antes` e `inicio`; la barra contiene lo que midió la función.
            assert!(start <= empieza - antes, "{start} > {empieza} - {antes}");
            assert!(end >= acaba - inicio, "{end} < {acaba} - {inicio}");
            // Que sobre poco: al que no le quitan el núcleo justo ahí.
            let sobra = (empieza - antes - start).max(end - (acaba - inicio));
            peor_empate = peor_empate.min(sobra);
        }
    }
    assert!(peor_empate < 1_000_000, "sobran {peor_empate} ns");
}

type Turnos = Vec<(u64, u64)>;

/// La pelota lleva los golpes dados y quién ha dado el último.
fn juega(pelota: Connection<(u32, u32)>, saca: bool) -> Turnos {
    let yo = std::process::id();
    let mut turnos = Vec::new();
    if saca {
        pelota.send((0, yo)).unwrap();
    }
    while let Ok((golpes, rival)) = pelota.recv() {
        // El último no tiene rival que la espere.
        if golpes == 20 {
            break;
        }
        hasta_que_duerma(rival);
        let empieza = reloj();
        ocupa(1);
        turnos.push((empieza, reloj()));
        pelota.send((golpes + 1, yo)).unwrap();
        if golpes == 19 {
            break;
        }
    }
    turnos
}

fn dos_procesos_que_se_turnan_no_ejecutan_a_la_vez() {
    let (a, b) = Pipe::duplex().unwrap();
    let mut uno = Process::new(juega, (a, true)).with_name("uno");
    let mut otro = Process::new(juega, (b, false)).with_name("otro");
    let antes = reloj();
    let ((inicio, de_uno, de_otro), traza) = record(|| {
        let inicio = reloj();
        uno.start().unwrap();
        otro.start().unwrap();
        (inicio, uno.join().unwrap(), otro.join().unwrap())
    });
    cuadra(&traza);
    assert_eq!((de_uno.len(), de_otro.len()), (10, 10));
    for (turnos, rival) in [(&de_uno, "otro"), (&de_otro, "uno")] {
        let espera = esperas(carril(&traza, rival), State::Wait, "Pipe vacía");
        for &(empieza, acaba) in turnos {
            let nanos = |at: Duration| u64::try_from(at.as_nanos()).unwrap();
            // La captura se abrió entre `antes` e `inicio`. Mientras uno juega, el otro espera de principio a fin.
            let mientras = |span: &&&Span| {
                nanos(span.start()) <= empieza - antes && nanos(span.end()) >= acaba - inicio
            };
            assert_eq!(espera.iter().filter(mientras).count(), 1, "{espera:#?}");
        }
    }
}

// ESPERAR EN UNA MEMORIA COMPARTIDA

fn disputa(cerrojo: Lock, voy: Sender<u32>) {
    voy.send(std::process::id()).unwrap();
    let turno = cerrojo.acquire().unwrap();
    ocupa(2);
    drop(turno);
}

fn un_cerrojo_disputado_se_ve_en_los_dos() {
    let cerrojo = Lock::new().unwrap();
    let (llega, voy) = Pipe::one_way().unwrap();
    let traza = timeline(|| {
        let mut procesos = ["uno", "otro"]
            .map(|nombre| Process::new(disputa, (cerrojo.clone(), voy.clone())).with_name(nombre));
        let turno = cerrojo.acquire().unwrap();
        for proceso in &mut procesos {
            proceso.start().unwrap();
            hasta_que_duerma(llega.recv().unwrap());
        }
        drop(turno);
        for proceso in &procesos {
            proceso.join().unwrap();
        }
    });
    cuadra(&traza);
    for nombre in ["uno", "otro"] {
        assert_eq!(
            esperas(carril(&traza, nombre), State::Lock, "Lock").len(),
            1
        );
    }
}

/// Una vez avisado, espera cada cosa.
fn espera_de_todo(
    voy: Sender<u32>,
    (cerrojo, aviso, plazas, barrera): (Lock, Event, Semaphore, Barrier),
    (cola, llena, valor): (Queue<u8>, Queue<u8>, Value<u8>),
) {
    let voy = || voy.send(std::process::id()).unwrap();
    voy();
    drop(cerrojo.acquire().unwrap());
    voy();
    aviso.wait();
    voy();
    plazas.acquire();
    voy();
    barrera.wait().unwrap();
    voy();
    cola.get().unwrap();
    voy();
    llena.put(1).unwrap();
    voy();
    valor.set(1).unwrap();
}

fn cada_espera_dice_su_estado_y_su_nombre() {
    let (cerrojo, aviso) = (Lock::new().unwrap(), Event::new().unwrap());
    let (plazas, barrera) = (Semaphore::new(0).unwrap(), Barrier::new(2).unwrap());
    let (cola, llena) = (Queue::new().unwrap(), Queue::bounded(1).unwrap());
    let valor = Value::new(0_u8).unwrap();
    llena.put(0).unwrap();
    let (llega, voy) = Pipe::one_way().unwrap();
    let argumentos = (
        voy,
        (
            cerrojo.clone(),
            aviso.clone(),
            plazas.clone(),
            barrera.clone(),
        ),
        (cola.clone(), llena.clone(), valor.clone()),
    );
    let mut proceso = Process::new(espera_de_todo, argumentos).with_name("paciente");
    let traza = timeline(|| {
        let va = || {
            hasta_que_duerma(llega.recv().unwrap());
            ocupa(3);
        };
        let cogido = cerrojo.acquire().unwrap();
        proceso.start().unwrap();
        va();
        drop(cogido);
        va();
        aviso.set();
        va();
        plazas.release().unwrap();
        va();
        barrera.wait().unwrap();
        va();
        cola.put(1).unwrap();
        let cogido = valor.lock().unwrap();
        va();
        llena.get().unwrap();
        va();
        drop(cogido);
        proceso.join().unwrap();
    });
    cuadra(&traza);
    let paciente = carril(&traza, "paciente");
    let larga = |span: &&Span| span.duration() > Duration::from_millis(2);
    let vistas: Vec<_> = paciente
        .spans()
        .iter()
        .filter(larga)
        .map(|span| (span.state(), span.name()))
        .filter(|(state, _)| matches!(state, State::Lock | State::Wait))
        .collect();
    let esperadas = [
        (State::Lock, "Lock"),
        (State::Lock, "Event"),
        (State::Lock, "Semaphore"),
        (State::Lock, "Barrier"),
        (State::Wait, "Queue vacía"),
        (State::Wait, "Queue llena"),
        (State::Lock, "Value"),
    ];
    assert_eq!(vistas, esperadas);
}

fn tiene_el_cerrojo(cerrojo: Lock, tengo: Event, llega: process::Receiver<u32>) {
    let turno = cerrojo.acquire().unwrap();
    tengo.set();
    hasta_que_duerma(llega.recv().unwrap());
    ocupa(20);
    drop(turno);
}

fn lo_espera(cerrojo: Lock, tiene: Event, voy: Sender<u32>) {
    tiene.wait();
    voy.send(std::process::id()).unwrap();
    drop(cerrojo.acquire().unwrap());
}

fn la_ruta_critica_pasa_de_quien_espera_a_quien_tenia_el_cerrojo() {
    let (cerrojo, tiene) = (Lock::new().unwrap(), Event::new().unwrap());
    let (llega, voy) = Pipe::one_way().unwrap();
    let mut largo =
        Process::new(tiene_el_cerrojo, (cerrojo.clone(), tiene.clone(), llega)).with_name("largo");
    let mut paciente = Process::new(lo_espera, (cerrojo, tiene, voy)).with_name("paciente");
    let traza = timeline(|| {
        largo.start().unwrap();
        paciente.start().unwrap();
        paciente.join().unwrap();
        // Que lo suyo llegue también.
        largo.join().unwrap();
    });
    cuadra(&traza);
    let largo = traza.lanes().iter().position(|lane| lane.name() == "largo");
    let ruta = traza.critical_path();
    let suyo = ruta.iter().filter(|paso| Some(paso.lane()) == largo);
    let suyo: Duration = suyo.map(|paso| paso.duration()).sum();
    assert!(suyo >= Duration::from_millis(20), "{ruta:#?}");
}

fn mata(pid: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
}

fn main() -> ExitCode {
    process::init();
    let mut argumentos = Arguments::from_args();
    argumentos.test_threads = Some(1);
    macro_rules! pruebas {
        ($($prueba:ident),* $(,)?) => {
            vec![$(Trial::test(stringify!($prueba), || { $prueba(); Ok::<(), Failed>(()) })),*]
        };
    }
    let pruebas = pruebas![
        cada_tarea_una_vez_y_en_el_carril_de_quien_la_hizo,
        lo_que_espera_en_el_pool_se_ve_en_su_cola,
        lo_de_dentro_llega_una_vez_y_dentro_de_su_tarea,
        quien_espera_los_resultados_lo_despierta_el_ultimo,
        un_panico_es_una_tarea_fallida,
        un_trabajador_matado_deja_su_barra_y_los_demas_siguen,
        dos_capturas_seguidas_no_se_mezclan,
        al_cerrarse_la_captura_se_ve_lo_que_sigue_en_marcha,
        lo_que_se_termina_en_la_cola_sale_de_ella,
        el_ejecutor_encola_numera_y_olvida_lo_cancelado,
        un_proceso_espera_en_cola_a_arrancar_y_luego_es_su_funcion,
        un_proceso_matado_deja_su_barra_hasta_que_muere,
        un_proceso_en_marcha_al_cerrar_no_cuelga_nada,
        un_hijo_que_captura_por_su_cuenta_no_estorba,
        los_nietos_y_los_hilos_de_los_hijos_tambien_salen,
        el_gestor_no_sale_pero_esperarlo_si,
        la_barra_de_otro_proceso_esta_donde_dice_su_reloj,
        dos_procesos_que_se_turnan_no_ejecutan_a_la_vez,
        un_cerrojo_disputado_se_ve_en_los_dos,
        cada_espera_dice_su_estado_y_su_nombre,
        la_ruta_critica_pasa_de_quien_espera_a_quien_tenia_el_cerrojo,
    ];
    libtest_mimic::run(&argumentos, pruebas).exit_code()
}
