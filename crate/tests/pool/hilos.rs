//! `ThreadPool`: lo que solo pueden los hilos.

use std::any::Any;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use concurrencia::thread::{AsyncResult, Imap};
use concurrencia::{ThreadError, ThreadPool};

crate::pruebas![
    la_funcion_puede_capturar,
    los_datos_no_hace_falta_que_viajen_ni_que_se_copien,
    varias_tareas_comparten_lo_capturado,
    lo_capturado_se_suelta_antes_de_que_se_vea_el_resultado,
    las_entradas_de_map_async_pueden_ser_prestadas_mientras_se_leen,
    map_chunked_da_cada_trozo_a_un_solo_hilo,
    los_trozos_de_cualquier_tamano_dan_lo_mismo,
    un_trozo_de_cero_no_vale,
    los_hilos_se_llaman_como_el_pool,
    un_panico_dice_el_mensaje_y_el_hilo,
    una_carga_de_panico_que_no_es_texto,
    un_panico_a_mitad_de_un_trozo_no_pierde_los_de_al_lado,
    un_resultado_que_entra_en_panico_al_soltarse_no_cuelga_map,
    una_captura_que_entra_en_panico_al_soltarse_no_pierde_el_resultado,
    into_result_se_lleva_el_resultado,
    clonar_un_resultado_da_otro_mango,
    el_resultado_sobrevive_al_pool,
    terminate_espera_a_lo_que_esta_en_marcha,
    terminate_desde_una_tarea_no_se_espera_a_si_mismo,
    join_desde_una_tarea_no_se_espera_a_si_mismo,
    soltar_el_ultimo_mango_desde_una_tarea,
    clonar_el_pool_da_otro_mango,
    imap_tras_terminate_da_errores,
    imap_next_timeout_no_pierde_nada,
    imap_que_se_suelta_no_cancela_lo_encargado,
    imap_con_panico_a_mitad_de_un_trozo_hace_las_anteriores,
    imap_recibe_las_entradas_segun_llegan,
    un_map_dentro_de_otro_pool_no_se_bloquea,
    los_tipos_pasan_de_un_hilo_a_otro,
    debug_se_lee_en_una_linea,
];

fn la_funcion_puede_capturar() {
    let pool = ThreadPool::new(2).unwrap();
    let base = [10, 20];
    let suma = move |x: usize| base[x % 2] + x;
    assert_eq!(pool.map(suma, 0..3).unwrap(), [10, 21, 12]);
    let texto = "hola".to_owned();
    assert_eq!(pool.apply(move || texto.len(), ()).unwrap(), 4);
}

fn los_datos_no_hace_falta_que_viajen_ni_que_se_copien() {
    let pool = ThreadPool::new(2).unwrap();
    let cajas: Vec<Box<dyn Any + Send>> = vec![Box::new(7_u8), Box::new("texto")];
    let es_numero = |caja: Box<dyn Any + Send>| caja.downcast::<u8>();
    let salidas = pool.map(es_numero, cajas).unwrap();
    assert_eq!(salidas[0].as_ref().ok(), Some(&Box::new(7)));
    assert!(salidas[1].is_err());
    let fallo = pool.apply(|| std::fs::read("no existe"), ()).unwrap();
    assert!(fallo.is_err());
}

fn varias_tareas_comparten_lo_capturado() {
    let pool = ThreadPool::new(3).unwrap();
    let cuenta = Arc::new(AtomicUsize::new(0));
    let suya = Arc::clone(&cuenta);
    pool.map(move |x| suya.fetch_add(x, Ordering::Relaxed), 0..1000)
        .unwrap();
    assert_eq!(cuenta.load(Ordering::Relaxed), 499_500);
}

fn lo_capturado_se_suelta_antes_de_que_se_vea_el_resultado() {
    let pool = ThreadPool::new(3).unwrap();
    for _ in 0..200 {
        let testigo = Arc::new(());
        let suyo = Arc::clone(&testigo);
        pool.map(move |x: u32| x + Arc::strong_count(&suyo) as u32, 0..50)
            .unwrap();
        assert_eq!(Arc::strong_count(&testigo), 1);
        let suyo = Arc::clone(&testigo);
        pool.apply(move || Arc::strong_count(&suyo), ()).unwrap();
        assert_eq!(Arc::strong_count(&testigo), 1);
    }
}

fn las_entradas_de_map_async_pueden_ser_prestadas_mientras_se_leen() {
    let pool = ThreadPool::new(2).unwrap();
    let textos = ["uno".to_owned(), "dos".to_owned()];
    let largos = pool.map_async(|largo: usize| largo + 1, textos.iter().map(String::len));
    assert_eq!(largos.get().unwrap(), [4, 4]);
}

fn map_chunked_da_cada_trozo_a_un_solo_hilo() {
    let pool = ThreadPool::new(3).unwrap();
    let hilos = pool
        .map_chunked(|_| thread::current().id(), 0..95, 10)
        .unwrap();
    assert_eq!(hilos.len(), 95);
    for trozo in hilos.chunks(10) {
        assert!(trozo.iter().all(|hilo| *hilo == trozo[0]));
    }
}

fn los_trozos_de_cualquier_tamano_dan_lo_mismo() {
    let pool = ThreadPool::new(2).unwrap();
    let cuadrado = |x: i64| x * x;
    let esperado: Vec<i64> = (0..5000).map(cuadrado).collect();
    for trozo in [1, 3, 100, 4999, 5000, 10_000] {
        assert_eq!(
            pool.map_chunked(cuadrado, 0..5000, trozo).unwrap(),
            esperado
        );
        let salidas: Result<Vec<i64>, _> = pool.imap_chunked(cuadrado, 0..5000, trozo).collect();
        assert_eq!(salidas.unwrap(), esperado);
        let salidas: Result<HashSet<i64>, _> = pool
            .imap_unordered_chunked(cuadrado, 0..5000, trozo)
            .collect();
        assert_eq!(salidas.unwrap(), esperado.iter().copied().collect());
    }
}

fn un_trozo_de_cero_no_vale() {
    let pool = ThreadPool::new(1).unwrap();
    let falla = |tarea: &dyn Fn()| assert!(catch_unwind(AssertUnwindSafe(tarea)).is_err());
    falla(&|| drop(pool.map_chunked(i64::abs, 0..3, 0)));
    falla(&|| drop(pool.imap_chunked(i64::abs, 0..3, 0)));
    falla(&|| drop(pool.imap_unordered_chunked(i64::abs, 0..3, 0)));
    assert_eq!(pool.map(i64::abs, [-1]).unwrap(), [1]);
}

fn los_hilos_se_llaman_como_el_pool() {
    let pool = ThreadPool::new(2).unwrap();
    let nombre = pool.apply(|| thread::current().name().map(str::to_owned), ());
    let nombre = nombre.unwrap().unwrap();
    let (pool_, hilo) = nombre.rsplit_once('_').unwrap();
    assert!(format!("{pool:?}").contains(pool_), "{pool:?} {nombre}");
    assert!(["0", "1"].contains(&hilo));
}

fn un_panico_dice_el_mensaje_y_el_hilo() {
    let pool = ThreadPool::new(1).unwrap();
    let error = pool.apply(|x: u32| 12 / x, (0,)).unwrap_err();
    assert!(error.is_panic() && !error.is_timeout() && !error.is_closed());
    assert_eq!(error.panic_message(), Some("attempt to divide by zero"));
    assert!(error.thread_name().starts_with("ThreadPool-"));
    assert!(error.to_string().contains(error.thread_name()), "{error}");
}

fn una_carga_de_panico_que_no_es_texto() {
    let pool = ThreadPool::new(1).unwrap();
    let error = pool.apply(|| std::panic::panic_any(42_u8), ()).unwrap_err();
    assert_eq!(error.panic_message(), Some("(carga de tipo desconocido)"));
}

fn un_panico_a_mitad_de_un_trozo_no_pierde_los_de_al_lado() {
    let pool = ThreadPool::new(2).unwrap();
    let impares = |x: u32| {
        assert!(x % 2 == 1, "{x} es par");
        x
    };
    for trozo in [1, 2, 5, 100] {
        let salidas: Vec<_> = pool.imap_chunked(impares, 0..20, trozo).collect();
        for (x, salida) in (0..).zip(&salidas) {
            match salida {
                Ok(valor) => assert!(x % 2 == 1 && *valor == x),
                Err(error) => assert_eq!(error.panic_message(), Some(&*format!("{x} es par"))),
            }
        }
        assert_eq!(salidas.len(), 20);
    }
}

/// Entra en pánico al soltarse.
struct Rencoroso;

impl Drop for Rencoroso {
    fn drop(&mut self) {
        if !thread::panicking() {
            panic!("me han soltado");
        }
    }
}

fn un_resultado_que_entra_en_panico_al_soltarse_no_cuelga_map() {
    let pool = ThreadPool::new(2).unwrap();
    let tarea = |x: u32| {
        assert!(x != 3, "no puedo con el 3");
        Rencoroso
    };
    let error = match pool.map_chunked(tarea, 0..5, 5) {
        Ok(_) => unreachable!("la 3 falla"),
        Err(error) => error,
    };
    assert_eq!(error.panic_message(), Some("no puedo con el 3"));
    assert_eq!(pool.map(i64::abs, [-1]).unwrap(), [1]);
}

fn una_captura_que_entra_en_panico_al_soltarse_no_pierde_el_resultado() {
    let pool = ThreadPool::new(2).unwrap();
    let captura = Rencoroso;
    let tarea = move |x: u32| {
        let _ = &captura;
        x + 1
    };
    assert_eq!(pool.map_chunked(tarea, 0..3, 1).unwrap(), [1, 2, 3]);
    assert_eq!(pool.map(i64::abs, [-1]).unwrap(), [1]);
}

fn into_result_se_lleva_el_resultado() {
    let pool = ThreadPool::new(1).unwrap();
    let resultado = pool.apply_async(|| vec![1, 2], ());
    let otro = resultado.clone();
    assert_eq!(resultado.into_result().unwrap(), [1, 2]);
    assert!(otro.ready() && otro.successful().unwrap());
    assert!(otro.get().unwrap_err().is_taken());
    assert!(otro.into_result().unwrap_err().is_taken());
    // Un error no se lo lleva nadie.
    let fallo = pool.apply_async(|x: u32| 1 / x, (0,));
    assert!(fallo.clone().into_result().unwrap_err().is_panic());
    assert!(fallo.get().unwrap_err().is_panic());
}

fn clonar_un_resultado_da_otro_mango() {
    let pool = ThreadPool::new(1).unwrap();
    let (suelta, espera) = puerta();
    let resultado = pool.apply_async(espera, ());
    let otro = resultado.clone();
    let hilo = thread::spawn(move || otro.get());
    assert!(!resultado.ready());
    assert!(resultado.successful().unwrap_err().is_not_ready());
    drop(suelta);
    assert!(hilo.join().unwrap().unwrap());
    assert!(resultado.get().unwrap());
}

/// Lo que hay que soltar para que vuelva, y la función que espera.
fn puerta() -> (
    std::sync::mpsc::Sender<()>,
    impl Fn() -> bool + Send + Sync + 'static,
) {
    let (suelta, espera) = channel::<()>();
    let espera = Mutex::new(espera);
    (suelta, move || espera.lock().unwrap().recv().is_err())
}

fn el_resultado_sobrevive_al_pool() {
    let pool = ThreadPool::new(1).unwrap();
    let resultado = pool.apply_async(|| 5 * 5, ());
    resultado.wait();
    drop(pool);
    assert_eq!(resultado.get().unwrap(), 25);
}

fn terminate_espera_a_lo_que_esta_en_marcha() {
    let pool = ThreadPool::new(1).unwrap();
    let (avisa, empezada) = channel();
    let (suelta, espera) = puerta();
    let en_marcha = pool.apply_async(
        move || {
            avisa.send(()).unwrap();
            espera()
        },
        (),
    );
    let pendiente = pool.apply_async(|| 1, ());
    empezada.recv().unwrap();
    thread::scope(|hilos| {
        hilos.spawn(|| pool.terminate());
        let error = pendiente.get().unwrap_err();
        assert!(error.is_closed(), "{error}");
        drop(suelta);
    });
    // No se corta: acaba y da su resultado.
    assert!(en_marcha.get_timeout(0).unwrap());
    assert!(pool.join_timeout(0).is_ok());
}

fn terminate_desde_una_tarea_no_se_espera_a_si_mismo() {
    let pool = ThreadPool::new(2).unwrap();
    let suyo = pool.clone();
    assert_eq!(
        pool.apply(
            move || {
                suyo.terminate();
                7
            },
            ()
        )
        .unwrap(),
        7
    );
    pool.join().unwrap();
    assert!(pool.apply(|| 1, ()).unwrap_err().is_closed());
}

fn join_desde_una_tarea_no_se_espera_a_si_mismo() {
    let pool = ThreadPool::new(1).unwrap();
    let suyo = pool.clone();
    let abierto = pool.apply(move || suyo.join().is_err(), ()).unwrap();
    assert!(abierto);
    let suyo = pool.clone();
    let cerrado = pool.apply_async(
        move || {
            suyo.close();
            suyo.join().is_ok()
        },
        (),
    );
    assert!(cerrado.get().unwrap());
    pool.join().unwrap();
}

fn soltar_el_ultimo_mango_desde_una_tarea() {
    let pool = ThreadPool::new(2).unwrap();
    let (manda, recibe) = channel::<ThreadPool>();
    let recibe = Mutex::new(recibe);
    let resultado = pool.apply_async(
        move || {
            drop(recibe.lock().unwrap().recv());
            "sin pool"
        },
        (),
    );
    manda.send(pool).unwrap();
    assert_eq!(resultado.get().unwrap(), "sin pool");
}

fn clonar_el_pool_da_otro_mango() {
    let pool = ThreadPool::new(1).unwrap();
    let otro = pool.clone();
    drop(pool);
    assert_eq!(otro.apply(|| 1, ()).unwrap(), 1);
    let tercero = otro.clone();
    tercero.close();
    assert!(otro.apply(|| 1, ()).unwrap_err().is_closed());
}

fn imap_tras_terminate_da_errores() {
    let pool = ThreadPool::new(1).unwrap();
    let (suelta, espera) = puerta();
    let tapon = pool.apply_async(espera, ());
    let mut salidas = pool.imap(|x: u32| x, 0..5000);
    assert!(
        salidas
            .next_timeout(0.05)
            .unwrap()
            .unwrap_err()
            .is_timeout()
    );
    thread::scope(|hilos| {
        hilos.spawn(|| pool.terminate());
        for _ in 0..5000 {
            assert!(salidas.next().unwrap().unwrap_err().is_closed());
        }
        drop(suelta);
    });
    assert!(salidas.next().is_none());
    // Llegara o no a empezar, algo ha contestado.
    assert!(tapon.ready());
}

fn imap_next_timeout_no_pierde_nada() {
    let pool = ThreadPool::new(2).unwrap();
    let (suelta, espera) = puerta();
    let mut salidas = pool.imap(
        move |x: u32| {
            if x == 0 {
                espera();
            }
            x
        },
        0..3,
    );
    for _ in 0..3 {
        let error = salidas.next_timeout(0.05).unwrap().unwrap_err();
        assert!(error.is_timeout(), "{error}");
    }
    drop(suelta);
    assert_eq!(salidas.map(Result::unwrap).collect::<Vec<_>>(), [0, 1, 2]);
}

fn imap_que_se_suelta_no_cancela_lo_encargado() {
    let pool = ThreadPool::new(1).unwrap();
    let (suelta, espera) = puerta();
    let tapon = pool.apply_async(espera, ());
    let (avisa, hechas) = channel();
    let (leo, leidas) = channel();
    let entradas = (0..5).inspect(move |_| leo.send(()).unwrap());
    let salidas = pool.imap(move |x: u32| avisa.send(x).unwrap(), entradas);
    // El canal se cierra cuando el que lee ha acabado: ya está todo encargado.
    assert_eq!(leidas.iter().count(), 5);
    drop(salidas);
    drop(suelta);
    assert!(tapon.get().unwrap());
    assert_eq!(hechas.iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
}

fn imap_con_panico_a_mitad_de_un_trozo_hace_las_anteriores() {
    let pool = ThreadPool::new(2).unwrap();
    let entradas = (0..10).inspect(|x| assert!(*x < 5, "se acabaron las entradas"));
    let mut salidas = pool.imap_chunked(|x: u32| x, entradas, 3);
    for x in 0..5 {
        assert_eq!(salidas.next().unwrap().unwrap(), x);
    }
    let error = salidas.next().unwrap().unwrap_err();
    assert_eq!(error.panic_message(), Some("se acabaron las entradas"));
    assert!(salidas.next().is_none());
}

fn imap_recibe_las_entradas_segun_llegan() {
    let pool = ThreadPool::new(1).unwrap();
    let (manda, entradas): (_, Receiver<u32>) = channel();
    let mut salidas = pool.imap(|x| x + 1, entradas);
    for x in 0..5 {
        manda.send(x).unwrap();
        // Cada una sale sin que haya llegado la siguiente.
        assert_eq!(salidas.next().unwrap().unwrap(), x + 1);
    }
    drop(manda);
    assert!(salidas.next().is_none());
}

fn un_map_dentro_de_otro_pool_no_se_bloquea() {
    let fuera = ThreadPool::new(2).unwrap();
    let dentro = ThreadPool::new(2).unwrap();
    let barrera = Arc::new(Barrier::new(2));
    let sumas = fuera.map(
        move |n: u64| {
            barrera.wait();
            dentro.map(|x: u64| x * x, 0..n).map(|v| v.iter().sum())
        },
        [3, 4],
    );
    let sumas: Result<Vec<u64>, ThreadError> = sumas.unwrap().into_iter().collect();
    assert_eq!(sumas.unwrap(), [5, 14]);
}

fn los_tipos_pasan_de_un_hilo_a_otro() {
    fn pasa<T: Send + Sync + 'static>() {}
    pasa::<ThreadPool>();
    pasa::<AsyncResult<std::cell::Cell<u8>>>();
    pasa::<ThreadError>();
    fn se_manda<T: Send + 'static>() {}
    se_manda::<Imap<std::cell::Cell<u8>>>();
}

fn debug_se_lee_en_una_linea() {
    let pool = ThreadPool::new(2).unwrap();
    assert!(format!("{pool:?}").ends_with(", 2 hilos, abierto)"));
    let (suelta, espera) = puerta();
    let resultado = pool.apply_async(espera, ());
    assert_eq!(format!("{resultado:?}"), "AsyncResult(pendiente)");
    drop(suelta);
    resultado.wait();
    assert_eq!(format!("{resultado:?}"), "AsyncResult(acabado)");
    let mut salidas = pool.imap(|x: u8| x, [1, 2]);
    assert_eq!(format!("{salidas:?}"), "Imap(en orden, recogidos 0)");
    salidas.next();
    assert_eq!(format!("{salidas:?}"), "Imap(en orden, recogidos 1)");
    pool.close();
    assert!(format!("{pool:?}").ends_with(", 2 hilos, cerrado)"));
}
