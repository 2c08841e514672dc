//! `Future` por sí solo: sus estados, quién lo espera y lo que se encarga para el final.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use concurrencia::futures::{Future, FutureError};
use concurrencia::futures_util::future::select;
use concurrencia::tokio::runtime::Builder;

crate::pruebas![
    cada_estado_se_pregunta,
    cancel_solo_puede_con_lo_pendiente,
    set_running_or_notify_cancel_una_sola_vez,
    debug_dice_por_donde_va,
    se_completa_una_sola_vez,
    result_espera_a_que_otro_hilo_lo_deje,
    result_despierta_si_se_cancela,
    result_con_plazo,
    exception_dice_por_que_no_hay_resultado,
    set_exception_conserva_el_error_de_origen,
    into_result_se_lo_lleva_el_primero,
    into_result_timeout_devuelve_el_futuro,
    muchos_hilos_esperan_el_mismo,
    un_clon_es_el_mismo,
    sirve_de_clave,
    un_plazo_negativo_entra_en_panico,
    el_encargo_recibe_el_final_sea_cual_sea,
    el_encargo_tardio_se_ejecuta_en_el_acto,
    los_encargos_van_en_orden_y_uno_que_entra_en_panico_no_estorba,
    quien_espera_no_aguarda_a_los_encargos,
    un_encargo_puede_usar_el_futuro_y_encargar_otro,
    el_encargo_se_suelta_despues_de_ejecutarse,
    await_da_lo_mismo_que_result,
    await_en_varias_tareas_a_la_vez,
    dejar_de_esperar_con_await_no_estorba,
    un_clone_que_entra_en_panico_no_rompe_el_futuro,
];

fn acabado(valor: u32) -> Future<u32> {
    let futuro = Future::new();
    futuro.set_result(valor).unwrap();
    futuro
}

fn fallido() -> Future<u32> {
    let futuro = Future::new();
    futuro.set_exception("sin conexión").unwrap();
    futuro
}

fn cancelado() -> Future<u32> {
    let futuro = Future::new();
    assert!(futuro.cancel());
    futuro
}

fn en_marcha() -> Future<u32> {
    let futuro = Future::new();
    assert!(futuro.set_running_or_notify_cancel());
    futuro
}

fn cada_estado_se_pregunta() {
    let preguntas = |futuro: &Future<u32>| (futuro.done(), futuro.running(), futuro.cancelled());
    assert_eq!(preguntas(&Future::new()), (false, false, false));
    assert_eq!(preguntas(&en_marcha()), (false, true, false));
    assert_eq!(preguntas(&cancelado()), (true, false, true));
    assert_eq!(preguntas(&acabado(1)), (true, false, false));
    assert_eq!(preguntas(&fallido()), (true, false, false));
}

fn cancel_solo_puede_con_lo_pendiente() {
    assert!(Future::<u32>::new().cancel());
    assert!(cancelado().cancel(), "ya estaba cancelado");
    assert!(!en_marcha().cancel());
    assert!(!acabado(1).cancel());
    assert!(!fallido().cancel());
}

fn set_running_or_notify_cancel_una_sola_vez() {
    assert!(!en_marcha().set_running_or_notify_cancel());
    assert!(!cancelado().set_running_or_notify_cancel());
    assert!(!acabado(1).set_running_or_notify_cancel());
}

fn debug_dice_por_donde_va() {
    assert_eq!(format!("{:?}", Future::<u32>::new()), "Future(pendiente)");
    assert_eq!(format!("{:?}", en_marcha()), "Future(en marcha)");
    assert_eq!(format!("{:?}", cancelado()), "Future(cancelado)");
    assert_eq!(format!("{:?}", acabado(1)), "Future(acabado)");
    let futuro = acabado(1);
    futuro.clone().into_result().unwrap();
    assert_eq!(format!("{futuro:?}"), "Future(recogido)");
}

fn se_completa_una_sola_vez() {
    for futuro in [acabado(1), fallido(), cancelado()] {
        let antes = futuro.result().map_err(|error| error.to_string());
        assert!(futuro.set_result(2).unwrap_err().is_invalid_state());
        let otro = futuro.set_exception("otro");
        assert!(otro.unwrap_err().is_invalid_state());
        let despues = futuro.result().map_err(|error| error.to_string());
        assert_eq!(antes, despues);
    }
}

fn result_espera_a_que_otro_hilo_lo_deje() {
    let futuro = Future::new();
    thread::scope(|s| {
        let espera = s.spawn(|| futuro.result());
        s.spawn(|| futuro.set_result(42).unwrap());
        assert_eq!(espera.join().unwrap().unwrap(), 42);
    });
}

fn result_despierta_si_se_cancela() {
    let futuro: Future<u32> = Future::new();
    thread::scope(|s| {
        let espera = s.spawn(|| futuro.result());
        s.spawn(|| assert!(futuro.cancel()));
        assert!(espera.join().unwrap().unwrap_err().is_cancelled());
    });
}

fn result_con_plazo() {
    for pendiente in [Future::new(), en_marcha()] {
        assert!(pendiente.result_timeout(0).unwrap_err().is_timeout());
        assert!(pendiente.result_timeout(0.01).unwrap_err().is_timeout());
        assert!(!pendiente.done(), "sigue su curso");
        pendiente.set_result(1).unwrap();
        assert_eq!(pendiente.result_timeout(0).unwrap(), 1);
    }
    assert!(cancelado().result_timeout(0).unwrap_err().is_cancelled());
    assert_eq!(acabado(1).result_timeout(1e9).unwrap(), 1);
}

fn exception_dice_por_que_no_hay_resultado() {
    let pendiente: Future<u32> = Future::new();
    assert!(pendiente.exception_timeout(0).unwrap().is_timeout());
    assert!(acabado(1).exception().is_none());
    assert!(acabado(1).exception_timeout(0).is_none());
    assert!(cancelado().exception().unwrap().is_cancelled());
    assert_eq!(fallido().exception().unwrap().to_string(), "sin conexión");
    thread::scope(|s| {
        let espera = s.spawn(|| pendiente.exception());
        s.spawn(|| pendiente.set_exception("tarde").unwrap());
        let error = espera.join().unwrap().unwrap();
        assert_eq!(error.to_string(), "tarde");
    });
}

fn set_exception_conserva_el_error_de_origen() {
    let futuro: Future<u32> = Future::new();
    let origen = "no".parse::<u32>().unwrap_err();
    futuro.set_exception(origen.clone()).unwrap();
    let error: FutureError = futuro.result().unwrap_err();
    assert_eq!(error.to_string(), origen.to_string());
    assert!(!error.is_panic() && !error.is_cancelled() && !error.is_broken());
}

fn into_result_se_lo_lleva_el_primero() {
    // Un resultado que no se puede copiar.
    let futuro = Future::new();
    futuro.set_result(Mutex::new(1)).unwrap();
    let otro = futuro.clone();
    assert_eq!(*futuro.into_result().unwrap().lock().unwrap(), 1);
    assert!(otro.done());
    assert!(otro.exception().unwrap().is_taken());
    assert!(otro.into_result().unwrap_err().is_taken());
    // Un error no se gasta.
    let fallido = fallido();
    assert!(fallido.clone().into_result().is_err());
    assert_eq!(fallido.result().unwrap_err().to_string(), "sin conexión");
}

fn into_result_timeout_devuelve_el_futuro() {
    let futuro = Future::new();
    let futuro = futuro.into_result_timeout(0.01).unwrap_err();
    futuro.set_result(Mutex::new(1)).unwrap();
    assert!(futuro.into_result_timeout(0).unwrap().is_ok());
}

fn muchos_hilos_esperan_el_mismo() {
    let futuro = Future::new();
    let listos = Barrier::new(9);
    thread::scope(|s| {
        let esperan: Vec<_> = (0..8)
            .map(|numero| {
                let (futuro, listos) = (&futuro, &listos);
                s.spawn(move || {
                    listos.wait();
                    match numero % 2 {
                        0 => futuro.result(),
                        _ => futuro.result_timeout(600),
                    }
                })
            })
            .collect();
        listos.wait();
        futuro.set_result(7).unwrap();
        for espera in esperan {
            assert_eq!(espera.join().unwrap().unwrap(), 7);
        }
    });
}

fn un_clon_es_el_mismo() {
    let futuro = Future::new();
    let otro = futuro.clone();
    assert_eq!(futuro, otro);
    assert_ne!(futuro, Future::new());
    otro.set_result(1).unwrap();
    assert_eq!(futuro.result().unwrap(), 1);
}

#[expect(
    clippy::mutable_key_type,
    reason = "la clave es qué futuro es, no lo que tiene dentro"
)]
fn sirve_de_clave() {
    let futuros = [Future::new(), Future::new()];
    let nombres: HashMap<Future<u32>, &str> = futuros.iter().cloned().zip(["a", "b"]).collect();
    futuros[1].set_result(1).unwrap(); // que acabe no lo cambia de sitio
    assert_eq!(nombres[&futuros[0]], "a");
    assert_eq!(nombres[&futuros[1].clone()], "b");
    let repetidos: HashSet<Future<u32>> = futuros.iter().chain(&futuros).cloned().collect();
    assert_eq!(repetidos.len(), 2);
}

fn un_plazo_negativo_entra_en_panico() {
    let futuro: Future<u32> = Future::new();
    for plazo in [-1.0, f64::NAN] {
        let espera = catch_unwind(AssertUnwindSafe(|| futuro.result_timeout(plazo)));
        assert!(espera.is_err(), "{plazo}");
    }
}

/// Lo que ve un encargo hecho antes de que `acaba` complete el futuro.
fn visto_al_acabar(acaba: impl FnOnce(&Future<u32>)) -> Result<u32, String> {
    let (avisa, llega) = channel();
    let futuro = Future::new();
    futuro.add_done_callback(move |futuro: Future<u32>| {
        assert!(futuro.done());
        avisa.send(futuro.result()).unwrap();
    });
    assert!(llega.try_recv().is_err(), "aún no ha acabado");
    acaba(&futuro);
    llega.recv().unwrap().map_err(|error| error.to_string())
}

fn el_encargo_recibe_el_final_sea_cual_sea() {
    assert_eq!(visto_al_acabar(|f| f.set_result(5).unwrap()), Ok(5));
    let error = visto_al_acabar(|f| f.set_exception("prueba").unwrap());
    assert_eq!(error, Err("prueba".to_owned()));
    let error = visto_al_acabar(|f| assert!(f.cancel()));
    assert!(error.unwrap_err().contains("se canceló"));
}

fn el_encargo_tardio_se_ejecuta_en_el_acto() {
    for futuro in [acabado(1), fallido(), cancelado()] {
        let aqui = thread::current().id();
        let (avisa, llega) = channel();
        futuro.add_done_callback(move |_| avisa.send(thread::current().id()).unwrap());
        assert_eq!(llega.try_recv(), Ok(aqui));
        // Y si entra en pánico, no se lo lleva por delante.
        futuro.add_done_callback(|_| panic!("en el acto (pánico de prueba)"));
    }
}

fn los_encargos_van_en_orden_y_uno_que_entra_en_panico_no_estorba() {
    let orden = Arc::new(Mutex::new(vec![]));
    let futuro = Future::new();
    for numero in 0..5 {
        let orden = Arc::clone(&orden);
        futuro.add_done_callback(move |_: Future<u32>| {
            orden.lock().unwrap().push(numero);
            assert!(numero != 2, "el tercero (pánico de prueba)");
        });
    }
    futuro.set_result(5).unwrap();
    assert_eq!(*orden.lock().unwrap(), [0, 1, 2, 3, 4]);
    // Volver a completarlo no los repite.
    assert!(futuro.set_result(6).is_err() && !futuro.cancel());
    assert_eq!(orden.lock().unwrap().len(), 5);
}

fn quien_espera_no_aguarda_a_los_encargos() {
    let futuro = Future::new();
    let (suelta, llega) = channel();
    // El encargo solo acaba cuando otro hilo ya tiene el resultado.
    futuro.add_done_callback(move |_: Future<u32>| llega.recv().unwrap());
    thread::scope(|s| {
        s.spawn(|| {
            assert_eq!(futuro.result().unwrap(), 5);
            suelta.send(()).unwrap();
        });
        s.spawn(|| futuro.set_result(5).unwrap());
    });
}

fn un_encargo_puede_usar_el_futuro_y_encargar_otro() {
    let (avisa, llega) = channel();
    let futuro = Future::new();
    futuro.add_done_callback(move |futuro: Future<u32>| {
        assert!(!futuro.cancel());
        assert!(futuro.set_result(9).is_err());
        futuro.add_done_callback(move |futuro| avisa.send(futuro.result().unwrap()).unwrap());
    });
    futuro.set_result(5).unwrap();
    assert_eq!(llega.try_recv(), Ok(5));
}

fn el_encargo_se_suelta_despues_de_ejecutarse() {
    let testigo = Arc::new(());
    let futuro = Future::new();
    let suyo = Arc::clone(&testigo);
    futuro.add_done_callback(move |_: Future<u32>| drop(suyo));
    assert_eq!(Arc::strong_count(&testigo), 2);
    futuro.set_result(5).unwrap();
    assert_eq!(Arc::strong_count(&testigo), 1);
}

fn await_da_lo_mismo_que_result() {
    let runtime = Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(acabado(1)).unwrap(), 1);
    assert!(runtime.block_on(cancelado()).unwrap_err().is_cancelled());
    let futuro = Future::new();
    let para_el_hilo = futuro.clone();
    let hilo = thread::spawn(move || para_el_hilo.set_result(2).unwrap());
    assert_eq!(runtime.block_on(futuro).unwrap(), 2);
    hilo.join().unwrap();
}

fn await_en_varias_tareas_a_la_vez() {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    let futuro = Future::new();
    let tareas: Vec<_> = (0..10).map(|_| runtime.spawn(futuro.clone())).collect();
    futuro.set_result(3).unwrap();
    for tarea in tareas {
        assert_eq!(runtime.block_on(tarea).unwrap().unwrap(), 3);
    }
}

fn dejar_de_esperar_con_await_no_estorba() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let lento: Future<u32> = Future::new();
    for _ in 0..3 {
        let primero = runtime.block_on(select(lento.clone(), acabado(1)));
        drop(primero);
    }
    let veces = Arc::new(AtomicUsize::new(0));
    let cuenta = Arc::clone(&veces);
    lento.add_done_callback(move |_| {
        cuenta.fetch_add(1, SeqCst);
    });
    lento.set_result(2).unwrap();
    assert_eq!(veces.load(SeqCst), 1);
}

/// No se deja copiar.
struct Unico;

impl Clone for Unico {
    fn clone(&self) -> Unico {
        panic!("no me copies (pánico de prueba)")
    }
}

fn un_clone_que_entra_en_panico_no_rompe_el_futuro() {
    let futuro = Future::new();
    futuro.set_result(Unico).unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| futuro.result())).is_err());
    assert!(futuro.done());
    assert!(futuro.into_result().is_ok());
}
