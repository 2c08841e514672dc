//! Las tareas asíncronas en la línea de tiempo: sus carriles, sus turnos y sus esperas.

use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use concurrencia::asyncio::{
    self, Event, EventLoop, Lock, Queue, Semaphore, create_task, create_task_named, gather, sleep,
    wait_for,
};
use concurrencia::futures::ThreadPoolExecutor;
use concurrencia::time::to_real;
use concurrencia::timeline::{
    Lane, LaneKind, Span, State, Task, Trace, record, span_async, timeline,
};
use concurrencia::tokio::runtime::Runtime;

/// Una captura lo es de todo el programa: de una en una.
fn de_una_en_una() -> MutexGuard<'static, ()> {
    static TURNO: Mutex<()> = Mutex::new(());
    TURNO.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ejecuta `cuerpo` en un bucle de un hilo, con la captura abierta, y comprueba lo que vale siempre.
fn captura<T>(cuerpo: impl Future<Output = T>) -> (T, Trace) {
    let _turno = de_una_en_una();
    let (salida, traza) = record(|| asyncio::run(cuerpo));
    comprueba(&traza);
    (salida, traza)
}

fn sin_solaparse(carril: &Lane) {
    for par in carril.spans().windows(2) {
        assert!(
            par[0].end() <= par[1].start(),
            "se solapan en {}",
            carril.name()
        );
    }
}

/// Nada se solapa en un carril, y cada tramo en que se ejecuta una tarea está dentro de un turno con su nombre.
fn comprueba(traza: &Trace) {
    assert_eq!(traza.lost_events(), 0);
    let mut turnos: Vec<&Span> = Vec::new();
    for carril in traza.lanes() {
        sin_solaparse(carril);
        assert!(
            carril
                .spans()
                .iter()
                .all(|tramo| tramo.start() < tramo.end())
        );
        turnos.extend(carril.spans().iter().filter(|tramo| tramo.is_turn()));
    }
    for carril in de_tareas(traza) {
        for tramo in en_estado(carril, State::Run) {
            assert!(
                turnos
                    .iter()
                    .any(|turno| cubre(turno, tramo) && turno.name() == carril.name()),
                "{} se ejecuta sin turno: {tramo:?}",
                carril.name()
            );
        }
    }
}

/// Cada turno es un tramo de una tarea, y al revés. Vale si ninguna hace nada que se apunte dentro de un turno.
fn uno_a_uno(traza: &Trace) {
    let de_hilos = traza.lanes().iter().flat_map(Lane::spans);
    let turnos = de_hilos.filter(|tramo| tramo.is_turn()).count();
    let de_tareas = de_tareas(traza).flat_map(|carril| en_estado(carril, State::Run));
    assert_eq!(turnos, de_tareas.count());
}

fn de_tareas(traza: &Trace) -> impl Iterator<Item = &Lane> {
    let carriles = traza.lanes().iter();
    carriles.filter(|carril| carril.kind() == LaneKind::Task)
}

/// El carril de la única tarea cuyo nombre empieza así.
#[track_caller]
fn carril<'a>(traza: &'a Trace, nombre: &str) -> &'a Lane {
    let mut suyos = de_tareas(traza).filter(|carril| carril.name().starts_with(nombre));
    let carril = suyos
        .next()
        .unwrap_or_else(|| panic!("no hay carril de {nombre}"));
    assert!(suyos.next().is_none(), "hay varios carriles de {nombre}");
    carril
}

#[track_caller]
fn tarea<'a>(traza: &'a Trace, nombre: &str) -> &'a Task {
    let mut suyas = traza
        .tasks()
        .iter()
        .filter(|tarea| tarea.name().starts_with(nombre));
    let tarea = suyas
        .next()
        .unwrap_or_else(|| panic!("no hay ninguna tarea {nombre}"));
    assert!(suyas.next().is_none(), "hay varias tareas {nombre}");
    tarea
}

fn en_estado(carril: &Lane, estado: State) -> impl Iterator<Item = &Span> {
    let tramos = carril.spans().iter();
    tramos.filter(move |tramo| tramo.state() == estado && !tramo.is_turn())
}

fn total(carril: &Lane, estado: State) -> Duration {
    en_estado(carril, estado).map(Span::duration).sum()
}

fn estados(carril: &Lane) -> Vec<State> {
    carril.spans().iter().map(Span::state).collect()
}

fn cubre(fuera: &Span, dentro: &Span) -> bool {
    fuera.start() <= dentro.start() && dentro.end() <= fuera.end()
}

async fn descarga(id: u32) -> u32 {
    sleep(1).await;
    id
}

// CARRILES

#[test]
fn cada_tarea_tiene_su_carril_con_el_nombre_de_su_funcion() {
    let (salidas, traza) = captura(gather((0..3).map(descarga)));
    assert_eq!(salidas.unwrap(), [0, 1, 2]);
    let suyos: Vec<_> = de_tareas(&traza)
        .filter(|carril| carril.name().starts_with("descarga · Task-"))
        .collect();
    assert_eq!(suyos.len(), 3);
    assert_eq!(de_tareas(&traza).count(), 4, "las tres y la principal");
    for carril in suyos {
        assert_eq!(
            estados(carril),
            [
                State::Queued,
                State::Run,
                State::Io,
                State::Queued,
                State::Run
            ]
        );
        assert!(total(carril, State::Io) >= to_real(1));
        assert_eq!(
            en_estado(carril, State::Io).next().unwrap().name(),
            "dormir"
        );
        let nombre = carril.name();
        assert!(en_estado(carril, State::Queued).all(|tramo| tramo.name() == nombre));
    }
    assert!(traza.total(State::Io) >= to_real(3));
    assert!(traza.max_parallelism() >= 3);
    uno_a_uno(&traza);
}

#[test]
fn una_tarea_con_nombre_lo_lleva_y_un_bloque_suelto_el_de_la_prueba() {
    let (_, traza) = captura(async {
        create_task_named("ana", descarga(1)).await.unwrap();
        create_task(async {}).await.unwrap();
    });
    assert_eq!(carril(&traza, "descarga · ana").kind(), LaneKind::Task);
    let prueba = "una_tarea_con_nombre_lo_lleva_y_un_bloque_suelto_el_de_la_prueba · Task-";
    carril(&traza, &format!("{prueba}main"));
    assert_eq!(
        de_tareas(&traza)
            .filter(|carril| carril.name().starts_with(prueba))
            .count(),
        2
    );
}

#[test]
fn la_corrutina_de_run_es_una_tarea_mas() {
    let (_, traza) = captura(descarga(1));
    let principal = carril(&traza, "descarga · Task-main");
    assert!(total(principal, State::Io) >= to_real(1));
    let tarea = tarea(&traza, "descarga · Task-main");
    assert!(tarea.queued() <= tarea.start() && tarea.start() < tarea.end());
    uno_a_uno(&traza);
}

#[test]
fn en_run_until_complete_tambien_y_las_que_quedan_paradas_siguen_luego() {
    let _turno = de_una_en_una();
    let aviso = Event::new();
    let ((), traza) = record(|| {
        let bucle = EventLoop::new();
        let parada = bucle.create_task({
            let aviso = aviso.clone();
            async move { aviso.wait().await }
        });
        bucle.run_until_complete(sleep(0));
        aviso.set();
        bucle.run_until_complete(parada).unwrap();
    });
    comprueba(&traza);
    assert_eq!(
        de_tareas(&traza)
            .filter(|carril| carril.name().ends_with("Task-main"))
            .count(),
        2
    );
    assert!(traza.tasks().iter().all(|tarea| tarea.end().is_some()));
}

#[test]
fn sin_nada_que_ejecutar_el_hilo_espera_en_el_bucle() {
    let (_, traza) = captura(descarga(1));
    let hilo = traza
        .lanes()
        .iter()
        .find(|carril| carril.kind() == LaneKind::Thread)
        .unwrap();
    let espera = en_estado(hilo, State::Wait).filter(|tramo| tramo.name() == "bucle de eventos");
    assert!(espera.map(Span::duration).sum::<Duration>() >= to_real(1));
    assert!(
        traza.work() < traza.duration() + to_real(1),
        "el hilo y la tarea no cuentan dos veces"
    );
}

#[test]
fn una_tarea_que_crea_otra_es_quien_la_encarga() {
    let (_, traza) = captura(async {
        create_task_named("madre", async {
            create_task_named("hija", sleep(0)).await.unwrap();
        })
        .await
        .unwrap();
    });
    let hija = traza
        .tasks()
        .iter()
        .find(|tarea| tarea.name().ends_with("hija"))
        .unwrap();
    assert!(hija.queued().is_some() && hija.queued() < hija.start());
    let (_, carriles) = (hija, traza.lanes());
    assert!(
        carriles
            .iter()
            .any(|carril| carril.name().ends_with("madre"))
    );
    let madre = carriles
        .iter()
        .find(|carril| carril.name().ends_with("madre"))
        .unwrap();
    let espera = en_estado(madre, State::Wait).next().unwrap();
    assert_eq!(espera.name(), "resultado de hija");
    uno_a_uno(&traza);
}

// EN COLA

#[test]
fn una_tarea_que_bloquea_el_bucle_deja_a_las_demas_en_cola() {
    async fn bloquea() {
        concurrencia::sleep(1);
    }

    async fn sin_empezar() {}

    async fn dormida() {
        sleep(0.2).await;
    }

    async fn avisada(aviso: Event) {
        aviso.wait().await;
    }

    let aviso = Event::new();
    let (_, traza) = captura(async {
        let esperan = gather((dormida(), avisada(aviso.clone())));
        sleep(0).await; // ya esperan
        aviso.set();
        gather((bloquea(), sin_empezar())).await.unwrap();
        esperan.await.unwrap();
    });
    let bloqueo = carril(&traza, "bloquea");
    let bloqueo = en_estado(bloqueo, State::Io).next().unwrap();
    assert!(bloqueo.duration() >= to_real(1));

    let sin_empezar = carril(&traza, "sin_empezar");
    assert!(en_estado(sin_empezar, State::Queued).any(|cola| cubre(cola, bloqueo)));
    // La avisada estaba antes en la fila: cuando empieza el bloqueo ya ha pasado.
    assert!(
        en_estado(carril(&traza, "avisada"), State::Queued)
            .all(|cola| cola.end() <= bloqueo.start())
    );
    // Su plazo se cumplió a mitad del bloqueo, aunque nadie mirase el reloj.
    let dormida = carril(&traza, "dormida");
    assert!(total(dormida, State::Io) >= to_real(0.2));
    let cola = en_estado(dormida, State::Queued).last().unwrap();
    assert!(cola.start() < bloqueo.end() && cola.end() >= bloqueo.end());
}

#[test]
fn una_tarea_avisada_por_quien_luego_bloquea_esta_en_cola_mientras_tanto() {
    async fn avisada(aviso: Event) {
        aviso.wait().await;
    }

    let aviso = Event::new();
    let (_, traza) = captura(async {
        let tarea = create_task(avisada(aviso.clone()));
        sleep(0).await;
        aviso.set();
        concurrencia::sleep(1);
        tarea.await.unwrap();
    });
    let principal = de_tareas(&traza)
        .find(|carril| carril.name().ends_with("main"))
        .unwrap();
    let bloqueo = en_estado(principal, State::Io).next().unwrap();
    let avisada = carril(&traza, "avisada");
    assert!(en_estado(avisada, State::Queued).any(|cola| cubre(cola, bloqueo)));
    let espera = en_estado(avisada, State::Lock).next().unwrap();
    assert_eq!(espera.name(), "Event");
    assert!(espera.end() <= bloqueo.start());
}

#[test]
fn quien_cede_el_turno_esta_en_cola_no_esperando() {
    let (_, traza) = captura(gather((0..2).map(|_| async {
        for _ in 0..5 {
            sleep(0).await;
        }
    })));
    for carril in de_tareas(&traza).filter(|carril| carril.name().contains("Task-")) {
        assert!(total(carril, State::Io).is_zero(), "{}", carril.name());
    }
    let cedieron = de_tareas(&traza).filter(|carril| !carril.name().ends_with("main"));
    for carril in cedieron {
        assert_eq!(en_estado(carril, State::Run).count(), 6);
        assert_eq!(en_estado(carril, State::Queued).count(), 6);
    }
    uno_a_uno(&traza);
}

// ESPERAS

#[test]
fn esperar_a_varias_es_esperar_a_otro() {
    let (_, traza) = captura(async {
        gather((0..2).map(descarga)).await.unwrap();
        asyncio::wait((0..2).map(descarga), asyncio::ALL_COMPLETED).await;
        let mut llegadas = asyncio::as_completed((0..2).map(descarga));
        while llegadas.next().await.is_some() {}
    });
    let principal = de_tareas(&traza)
        .find(|carril| carril.name().ends_with("main"))
        .unwrap();
    let esperas: Vec<_> = en_estado(principal, State::Wait).map(Span::name).collect();
    for espera in [
        "gather: quedan 2",
        "wait: quedan 2",
        "as_completed: quedan 2",
    ] {
        assert!(esperas.contains(&espera), "{esperas:?}");
    }
    assert!(total(principal, State::Io).is_zero());
    uno_a_uno(&traza);
}

#[test]
fn un_plazo_que_vence_es_la_espera_de_lo_que_se_esperaba_y_cierra_la_barra_de_la_tarea() {
    let (_, traza) = captura(async {
        assert!(
            wait_for(create_task_named("eterna", sleep(3600)), 0.5)
                .await
                .is_err()
        );
    });
    let principal = de_tareas(&traza)
        .find(|carril| carril.name().ends_with("main"))
        .unwrap();
    assert!(total(principal, State::Wait) >= to_real(0.5));
    assert_eq!(
        en_estado(principal, State::Wait).next().unwrap().name(),
        "resultado de eterna"
    );
    let eterna = traza
        .tasks()
        .iter()
        .find(|tarea| tarea.name().ends_with("eterna"))
        .unwrap();
    assert!(eterna.end().is_some() && !eterna.is_panic());

    let (_, traza) = captura(async { wait_for(sleep(3600), 0.5).await.unwrap_err() });
    let principal = de_tareas(&traza).next().unwrap();
    assert!(total(principal, State::Io) >= to_real(0.5));
}

#[test]
fn una_tarea_cancelada_acaba_su_barra_al_soltarse() {
    let (_, traza) = captura(async {
        let empezada = create_task_named("empezada", sleep(3600));
        sleep(0).await;
        empezada.cancel();
        assert!(empezada.await.unwrap_err().is_cancelled());
        let sin_empezar = create_task_named("sin empezar", sleep(3600));
        sin_empezar.cancel();
        assert!(sin_empezar.await.unwrap_err().is_cancelled());
    });
    let empezada = traza
        .tasks()
        .iter()
        .find(|tarea| tarea.name().ends_with("empezada"))
        .unwrap();
    assert!(empezada.start() < empezada.end() && !empezada.is_panic());
    let nunca = traza
        .tasks()
        .iter()
        .find(|tarea| tarea.name().ends_with("sin empezar"))
        .unwrap();
    assert!(nunca.queued().is_some() && nunca.start().is_none() && nunca.lane().is_none());
}

#[test]
fn una_tarea_en_panico_sale_fallida_y_quien_la_espera_sigue() {
    let (_, traza) = captura(async {
        let mala = create_task_named("mala", async {
            sleep(0).await;
            panic!("sin conexión");
        });
        let buena = create_task_named("buena", descarga(1));
        assert!(mala.await.unwrap_err().is_panic());
        buena.await.unwrap();
    });
    let fallidas: Vec<_> = traza
        .tasks()
        .iter()
        .filter(|tarea| tarea.is_panic())
        .collect();
    assert_eq!(fallidas.len(), 1);
    assert!(fallidas[0].name().ends_with("mala") && fallidas[0].end().is_some());
}

#[test]
fn un_panico_en_la_principal_tambien() {
    let _turno = de_una_en_una();
    let (acaba, traza) =
        record(|| std::panic::catch_unwind(|| asyncio::run(async { panic!("a propósito") })));
    assert!(acaba.is_err());
    comprueba(&traza);
    let principal = traza
        .tasks()
        .iter()
        .find(|tarea| tarea.name().ends_with("main"))
        .unwrap();
    assert!(principal.is_panic());
}

#[test]
fn un_cerrojo_disputado_se_espera_y_uno_libre_no() {
    async fn usa(cerrojo: Lock<u32>) {
        let mut dato = cerrojo.acquire().await;
        sleep(0.5).await;
        *dato += 1;
    }

    let cerrojo = Lock::new(0);
    let (_, traza) = captura(gather((0..3).map(|_| usa(cerrojo.clone()))));
    let esperas: Vec<Vec<&Span>> = de_tareas(&traza)
        .filter(|carril| carril.name().starts_with("usa"))
        .map(|carril| en_estado(carril, State::Lock).collect())
        .collect();
    assert_eq!(
        esperas.iter().map(Vec::len).sum::<usize>(),
        2,
        "la primera no espera"
    );
    assert!(
        esperas
            .iter()
            .flatten()
            .all(|espera| espera.name() == "Lock")
    );
    assert!(traza.total(State::Lock) >= to_real(1.5));

    let (_, traza) = captura(usa(cerrojo));
    assert!(traza.total(State::Lock).is_zero());
}

#[test]
fn un_semaforo_sin_plazas_es_un_cerrojo() {
    async fn ocupa(plazas: Semaphore) {
        let _plaza = plazas.permit().await;
        sleep(0.2).await;
    }

    let plazas = Semaphore::new(2);
    let (_, traza) = captura(gather((0..4).map(|_| ocupa(plazas.clone()))));
    let esperas: Vec<_> = de_tareas(&traza)
        .flat_map(|carril| en_estado(carril, State::Lock))
        .collect();
    assert_eq!(esperas.len(), 2);
    assert!(esperas.iter().all(|espera| espera.name() == "Semaphore"));
}

#[test]
fn en_una_cola_se_espera_a_otro() {
    async fn produce(cola: Queue<u32>) {
        for x in 0..6 {
            cola.put(x).await.unwrap();
        }
        cola.join().await;
        cola.shutdown();
    }

    async fn consume(cola: Queue<u32>) {
        while let Ok(_x) = cola.get().await {
            sleep(0.1).await;
            cola.task_done().unwrap();
        }
    }

    let cola = Queue::bounded(1);
    let (_, traza) = captura(gather((consume(cola.clone()), produce(cola))));
    let esperas = |nombre| -> Vec<String> {
        let tramos = en_estado(carril(&traza, nombre), State::Wait);
        tramos.map(|tramo| tramo.name().to_owned()).collect()
    };
    assert!(
        esperas("consume")
            .iter()
            .any(|espera| espera == "Queue vacía")
    );
    let produce = esperas("produce");
    assert!(
        produce.iter().any(|espera| espera == "Queue llena"),
        "{produce:?}"
    );
    assert_eq!(produce.last().unwrap(), "Queue sin acabar");
    assert!(traza.total(State::Lock).is_zero());
    uno_a_uno(&traza);
}

#[test]
fn varias_esperas_en_una_misma_tarea_no_se_solapan() {
    use concurrencia::tokio;

    let (_, traza) = captura(async {
        let cerrojo = Lock::new(());
        let cogido = cerrojo.acquire().await;
        tokio::join!(
            async {
                sleep(0.2).await;
                drop(cogido);
            },
            async {
                let _turno = cerrojo.acquire().await;
            },
            span_async("con nombre", sleep(0.5)),
        );
    });
    let propia = tarea(&traza, "con nombre");
    assert!(propia.end().unwrap() - propia.start().unwrap() >= to_real(0.5));
}

// OTROS HILOS

#[test]
fn to_thread_sale_en_su_hilo_con_el_nombre_de_la_funcion() {
    fn lento() -> u32 {
        concurrencia::sleep(1);
        7
    }

    let (salida, traza) = captura(async { asyncio::to_thread(lento, ()).await });
    assert_eq!(salida.unwrap(), 7);
    let en_hilo = traza
        .tasks()
        .iter()
        .find(|tarea| tarea.name() == "lento")
        .unwrap();
    let hilo = &traza.lanes()[en_hilo.lane().unwrap()];
    assert_eq!(hilo.kind(), LaneKind::Thread);
    assert_eq!(hilo.name(), "asyncio_0");
    assert!(total(hilo, State::Io) >= to_real(1));
    assert!(en_hilo.queued() < en_hilo.start() && !en_hilo.is_panic());
    let tarea = carril(&traza, "lento · Task-");
    let espera = en_estado(tarea, State::Wait).next().unwrap();
    assert_eq!(espera.name(), "resultado de lento");
    assert!(espera.duration() >= to_real(0.9));
    let pasa = |nombre: &str| {
        let pasos = traza.critical_path();
        pasos
            .iter()
            .any(|paso| traza.lanes()[paso.lane()].name() == nombre)
    };
    assert!(pasa(hilo.name()), "la ruta crítica pasa por el hilo");
}

#[test]
fn un_panico_en_to_thread_sale_en_su_hilo() {
    fn falla() {
        panic!("a propósito");
    }

    let (salida, traza) = captura(async { asyncio::to_thread(falla, ()).await });
    assert!(salida.unwrap_err().is_panic());
    let en_hilo = traza
        .tasks()
        .iter()
        .find(|tarea| tarea.name() == "falla")
        .unwrap();
    assert!(en_hilo.is_panic());
}

#[test]
fn run_in_executor_espera_el_resultado_de_la_funcion() {
    fn cuadrado(x: u32) -> u32 {
        concurrencia::sleep(0.2);
        x * x
    }

    let ejecutor = ThreadPoolExecutor::new(1).unwrap();
    let (salida, traza) = captura(async {
        let bucle = asyncio::get_running_loop();
        bucle.run_in_executor(&ejecutor, cuadrado, (5,)).await
    });
    assert_eq!(salida.unwrap(), 25);
    let espera = en_estado(carril(&traza, "cuadrado · Task-"), State::Wait)
        .next()
        .unwrap();
    assert_eq!(espera.name(), "resultado de cuadrado");
}

#[test]
fn en_un_bucle_de_varios_hilos_cada_turno_sale_en_el_hilo_que_lo_da() {
    let _turno = de_una_en_una();
    let bucle = Runtime::new().unwrap();
    let ((), traza) = record(|| {
        bucle.block_on(async {
            let tareas: Vec<_> = (0..20)
                .map(|id| {
                    create_task_named(format!("varios {id}"), async {
                        for _ in 0..10 {
                            sleep(0).await;
                        }
                        sleep(0.1).await;
                    })
                })
                .collect();
            for tarea in tareas {
                tarea.await.unwrap();
            }
        });
    });
    comprueba(&traza);
    uno_a_uno(&traza);
    let suyos = de_tareas(&traza).filter(|carril| carril.name().contains(" · varios "));
    assert_eq!(suyos.count(), 20);
}

#[test]
fn un_bucle_dentro_de_la_tarea_de_otro_tiene_sus_propios_carriles() {
    let _turno = de_una_en_una();
    let bucle = Runtime::new().unwrap();
    let ((), traza) = record(|| {
        bucle.block_on(async {
            let fuera = create_task_named("fuera", async { asyncio::run(descarga(1)) });
            assert_eq!(fuera.await.unwrap(), 1);
        });
    });
    let fuera = de_tareas(&traza)
        .find(|carril| carril.name().ends_with("fuera"))
        .unwrap();
    assert!(
        total(fuera, State::Wait) >= to_real(1),
        "espera al bucle de dentro"
    );
    assert!(total(carril(&traza, "descarga · Task-main"), State::Io) >= to_real(1));
}

// RUTA CRÍTICA

#[test]
fn la_ruta_critica_de_una_cadena_de_tareas_pasa_por_la_larga() {
    async fn corta() {
        sleep(0.2).await;
    }

    async fn larga() {
        sleep(2).await;
    }

    async fn media(aviso: Event) {
        larga().await;
        aviso.set();
    }

    let aviso = Event::new();
    let (_, traza) = captura(async {
        let cortas = gather((0..3).map(|_| corta()));
        let tarea = create_task_named("larga", media(aviso.clone()));
        let ultima = create_task_named("última", {
            let aviso = aviso.clone();
            async move {
                aviso.wait().await;
                sleep(0.2).await;
            }
        });
        cortas.await.unwrap();
        tarea.await.unwrap();
        ultima.await.unwrap();
    });
    let ruta = traza.critical_path();
    let pasa = |nombre: &str| {
        let carriles = ruta.iter().map(|paso| traza.lanes()[paso.lane()].name());
        carriles.into_iter().any(|carril| carril.contains(nombre))
    };
    assert!(
        pasa("larga") && pasa("última") && !pasa("corta"),
        "{ruta:#?}"
    );
    let medido: Duration = ruta
        .iter()
        .map(concurrencia::timeline::Step::duration)
        .sum();
    assert!(
        medido >= to_real(2.2) && medido <= traza.duration(),
        "{medido:?}"
    );
    assert!(
        ruta.windows(2)
            .all(|pasos| pasos[0].end() <= pasos[1].start())
    );
}

// CAPTURAS

#[test]
fn una_tarea_de_antes_sale_desde_su_primer_turno_dentro_y_otra_que_sigue_no_estropea_la_siguiente()
{
    let _turno = de_una_en_una();
    let bucle = EventLoop::new();
    let (primero, segundo) = (Event::new(), Event::new());
    let vieja = bucle.create_task({
        let (primero, segundo) = (primero.clone(), segundo.clone());
        async move {
            primero.wait().await;
            segundo.wait().await;
        }
    });
    bucle.run_until_complete(sleep(0));

    let una = timeline(|| {
        primero.set();
        bucle.run_until_complete(sleep(0));
        bucle.run_until_complete(sleep(0));
    });
    comprueba(&una);
    let dentro: Vec<_> = de_tareas(&una)
        .filter(|carril| !carril.name().ends_with("main"))
        .collect();
    assert_eq!(dentro.len(), 1);
    assert_eq!(estados(dentro[0]), [State::Run, State::Lock]);
    let barra = una
        .tasks()
        .iter()
        .find(|tarea| tarea.name() == dentro[0].name())
        .unwrap();
    assert!(barra.queued().is_none() && barra.end().is_none());

    // Se despierta entre dos capturas y acaba en la segunda.
    segundo.set();
    let otra = timeline(|| bucle.run_until_complete(vieja).unwrap());
    comprueba(&otra);
    let dentro: Vec<_> = de_tareas(&otra)
        .filter(|carril| !carril.name().ends_with("main"))
        .collect();
    assert_eq!(dentro.len(), 1);
    assert_eq!(estados(dentro[0]), [State::Run]);

    let nada = timeline(|| ());
    assert_eq!(de_tareas(&nada).count(), 0);
}

#[test]
fn una_tarea_que_sigue_sin_captura_acaba_como_siempre() {
    let _turno = de_una_en_una();
    let bucle = EventLoop::new();
    let aviso = Event::new();
    let mut tarea = None;
    let _traza = timeline(|| {
        tarea = Some(bucle.create_task({
            let aviso = aviso.clone();
            async move {
                aviso.wait().await;
                sleep(0.1).await;
                5
            }
        }));
        bucle.run_until_complete(sleep(0));
    });
    aviso.set();
    assert_eq!(bucle.run_until_complete(tarea.unwrap()).unwrap(), 5);
}

#[test]
fn las_capturas_anidadas_ven_cada_una_lo_suyo() {
    let _turno = de_una_en_una();
    let (dentro, fuera) = record(|| {
        asyncio::run(async { create_task_named("antes", sleep(0)).await }).unwrap();
        timeline(|| asyncio::run(async { create_task_named("durante", sleep(0)).await }).unwrap())
    });
    let hay = |traza: &Trace, nombre: &str| {
        traza
            .tasks()
            .iter()
            .any(|tarea| tarea.name().ends_with(nombre))
    };
    assert!(hay(&fuera, "antes") && hay(&fuera, "durante"));
    assert!(!hay(&dentro, "antes") && hay(&dentro, "durante"));
    comprueba(&dentro);
    comprueba(&fuera);
}

#[test]
fn se_puede_capturar_desde_dentro_de_una_tarea() {
    let _turno = de_una_en_una();
    let traza = asyncio::run(async {
        let traza = timeline(|| concurrencia::sleep(0.1));
        sleep(0).await;
        traza
    });
    comprueba(&traza);
    assert!(traza.total(State::Io) >= to_real(0.1));
    assert_eq!(
        de_tareas(&traza).count(),
        0,
        "la tarea empezó su turno antes de la captura"
    );
}

#[test]
fn se_guarda_y_se_lee_lo_mismo() {
    let (_, traza) = captura(gather((0..2).map(descarga)));
    let ruta = std::env::temp_dir().join(format!("tareas-{}.json", std::process::id()));
    traza.save(&ruta).unwrap();
    let leida = Trace::load(&ruta);
    std::fs::remove_file(&ruta).unwrap();
    assert_eq!(leida.unwrap(), traza);
}

#[test]
fn la_ruta_critica_pasa_por_la_que_bloqueo_el_bucle() {
    async fn espera() {
        sleep(0.5).await;
    }
    async fn bloquea() {
        concurrencia::sleep(2);
    }
    let (_, traza) = captura(async { gather((bloquea(), espera())).await.unwrap() });
    let ruta = traza.critical_path();
    let bloqueada: Duration = ruta
        .iter()
        .filter(|paso| traza.lanes()[paso.lane()].name().starts_with("bloquea"))
        .map(|paso| paso.duration())
        .sum();
    // La otra no pudo ni empezar a esperar hasta que la soltó: entre las dos hacen el total.
    assert!(bloqueada >= to_real(2), "{ruta:#?}");
    let total: Duration = ruta.iter().map(|paso| paso.duration()).sum();
    assert!(
        total <= traza.duration() && total >= to_real(2.5),
        "{ruta:#?}"
    );
}

#[test]
fn veinte_mil_tareas_caben() {
    let n = 20_000;
    let _turno = de_una_en_una();
    let (salidas, traza) =
        record(|| asyncio::run(async { gather((0..n).map(|_| sleep(0.01))).await }));
    assert_eq!(salidas.unwrap().len(), n);
    assert_eq!(traza.lost_events(), 0);
    assert_eq!(de_tareas(&traza).count(), n + 1);
    assert_eq!(traza.tasks().len(), n + 1);
    assert!(traza.tasks().iter().all(|tarea| tarea.end().is_some()));
    assert!(traza.total(State::Io) >= n as u32 * to_real(0.01));
    uno_a_uno(&traza);
    assert!(!traza.critical_path().is_empty());
}

// ESTRÉS

/// Tareas al azar que duermen, ceden, disputan un cerrojo, crean otras, se cancelan y entran en pánico: pase lo que pase,
/// la traza cuadra.
mod estres {
    use super::*;

    #[derive(Clone)]
    struct Mundo {
        cerrojo: Lock<u64>,
        cola: Queue<u64>,
        aviso: Event,
    }

    fn una(mundo: Mundo, semilla: u64, fondo: u32) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move {
            let mut azar = fastrand::Rng::with_seed(semilla);
            for _ in 0..azar.u32(1..6) {
                match azar.u32(0..9) {
                    0 => sleep(0.01).await,
                    1 => sleep(0).await,
                    2 => *mundo.cerrojo.acquire().await += 1,
                    3 => {
                        let _cogido = mundo.cerrojo.acquire().await;
                        sleep(0).await;
                    }
                    4 => mundo.cola.put(semilla).await.unwrap(),
                    5 => drop(wait_for(mundo.cola.get(), 0.01).await),
                    6 => drop(wait_for(mundo.aviso.wait(), 0.01).await),
                    7 if fondo > 0 => {
                        let hijas = (0..3).map(|_| una(mundo.clone(), azar.u64(..), fondo - 1));
                        let hijas: Vec<_> = hijas.map(create_task).collect();
                        hijas[0].cancel();
                        let _ = gather(hijas).return_exceptions().await;
                    }
                    8 if azar.u32(0..4) == 0 => panic!("al azar"),
                    _ => drop(asyncio::to_thread(|| concurrencia::sleep(0.001), ()).await),
                }
            }
        })
    }

    async fn todas(semilla: u64) {
        let mundo = Mundo {
            cerrojo: Lock::new(0),
            cola: Queue::new(),
            aviso: Event::new(),
        };
        let tareas = (0..40).map(|n| una(mundo.clone(), semilla * 1_000 + n, 2));
        let tareas: Vec<_> = tareas.map(create_task).collect();
        sleep(0.02).await;
        mundo.aviso.set();
        let _ = gather(tareas).return_exceptions().await;
    }

    fn cuadra(traza: &Trace) {
        comprueba(traza);
        let acaban = |tarea: &Task| tarea.start().is_none() == tarea.end().is_none();
        assert!(traza.tasks().iter().all(acaban));
        for carril in de_tareas(traza) {
            let suyas = traza
                .tasks()
                .iter()
                .filter(|tarea| tarea.name() == carril.name());
            assert_eq!(suyas.count(), 1, "{}", carril.name());
            assert_eq!(carril.spans().last().unwrap().state(), State::Run);
        }
        let ruta = traza.critical_path();
        assert!(
            ruta.windows(2)
                .all(|pasos| pasos[0].end() <= pasos[1].start())
        );
    }

    #[test]
    fn en_un_hilo_la_traza_siempre_cuadra() {
        for semilla in 0..20 {
            let (_, traza) = captura(todas(semilla));
            cuadra(&traza);
        }
    }

    #[test]
    fn en_varios_hilos_la_traza_siempre_cuadra() {
        let _turno = de_una_en_una();
        for semilla in 0..20 {
            let ((), traza) = record(|| Runtime::new().unwrap().block_on(todas(semilla)));
            cuadra(&traza);
        }
    }

    #[test]
    fn abrir_y_cerrar_capturas_con_el_bucle_en_marcha_no_estropea_ninguna() {
        let _turno = de_una_en_una();
        let bucle = Runtime::new().unwrap();
        for semilla in 0..20 {
            let tareas = bucle.spawn(todas(semilla));
            for _ in 0..5 {
                comprueba_sin_turnos(&timeline(|| concurrencia::sleep(0.005)));
            }
            bucle.block_on(tareas).unwrap();
        }
    }

    /// Al abrir la captura puede haber turnos ya empezados, que no salen.
    fn comprueba_sin_turnos(traza: &Trace) {
        traza.lanes().iter().for_each(sin_solaparse);
    }
}
