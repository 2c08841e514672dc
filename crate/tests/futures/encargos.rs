//! `add_done_callback` en los futuros de los dos ejecutores.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::comun::{Ejecutor, cuadrado, divide, ocupado};

crate::pruebas_con_los_dos![
    el_encargo_recibe_el_resultado_fuera_del_hilo_que_encarga,
    el_encargo_de_una_que_falla_recibe_el_error,
    el_encargo_de_una_cancelada_se_ejecuta_donde_se_cancela,
    el_encargo_puede_encargar_otra_tarea,
    uno_que_entra_en_panico_no_estorba_a_nadie,
    cada_uno_se_ejecuta_una_vez_por_tarde_que_llegue,
];

fn el_encargo_recibe_el_resultado_fuera_del_hilo_que_encarga<E: Ejecutor>() {
    let (ejecutor, larga, senal) = ocupado::<E>();
    let futuro = ejecutor.submit(cuadrado, (5,));
    let (avisa, llega) = channel();
    futuro.add_done_callback(move |futuro| {
        let hilo = thread::current().id();
        avisa.send((futuro.result().unwrap(), hilo)).unwrap();
    });
    senal.set();
    let (resultado, hilo) = llega.recv().unwrap();
    assert_eq!(resultado, 25);
    assert_ne!(hilo, thread::current().id());
    assert!(larga.result().unwrap());
}

fn el_encargo_de_una_que_falla_recibe_el_error<E: Ejecutor>() {
    let (ejecutor, _larga, senal) = ocupado::<E>();
    let futuro = ejecutor.submit(divide, (1, 0));
    let (avisa, llega) = channel();
    futuro.add_done_callback(move |futuro| avisa.send(futuro.exception()).unwrap());
    senal.set();
    assert!(llega.recv().unwrap().unwrap().is_panic());
}

fn el_encargo_de_una_cancelada_se_ejecuta_donde_se_cancela<E: Ejecutor>() {
    let (ejecutor, _larga, senal) = ocupado::<E>();
    drop(ejecutor.submit(cuadrado, (1,)));
    let futuro = ejecutor.submit(cuadrado, (5,));
    let (avisa, llega) = channel();
    futuro.add_done_callback(move |futuro| {
        let hilo = thread::current().id();
        avisa.send((futuro.cancelled(), hilo)).unwrap();
    });
    assert!(futuro.cancel());
    assert_eq!(llega.try_recv(), Ok((true, thread::current().id())));
    senal.set();
}

fn el_encargo_puede_encargar_otra_tarea<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let (avisa, llega) = channel();
    let otro = ejecutor.clone();
    ejecutor
        .submit(cuadrado, (2,))
        .add_done_callback(move |futuro| {
            let siguiente = otro.submit(cuadrado, (futuro.result().unwrap(),));
            siguiente.add_done_callback(move |futuro| avisa.send(futuro.result()).unwrap());
        });
    assert_eq!(llega.recv().unwrap().unwrap(), 16);
}

fn uno_que_entra_en_panico_no_estorba_a_nadie<E: Ejecutor>() {
    let (ejecutor, larga, senal) = ocupado::<E>();
    let orden = Arc::new(Mutex::new(vec![]));
    let (avisa, llega) = channel();
    for numero in 0..3 {
        let (orden, avisa) = (Arc::clone(&orden), avisa.clone());
        larga.add_done_callback(move |_| {
            orden.lock().unwrap().push(numero);
            if numero == 2 {
                avisa.send(()).unwrap();
            }
            assert!(numero != 0, "el primero (pánico de prueba)");
        });
    }
    senal.set();
    llega.recv().unwrap();
    assert_eq!(*orden.lock().unwrap(), [0, 1, 2]);
    assert_eq!(ejecutor.submit(cuadrado, (3,)).result().unwrap(), 9);
}

fn cada_uno_se_ejecuta_una_vez_por_tarde_que_llegue<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let veces = Arc::new(AtomicUsize::new(0));
    for x in 0..200 {
        let veces = Arc::clone(&veces);
        // Unos llegan antes de que acabe y otros después.
        ejecutor
            .submit(cuadrado, (x,))
            .add_done_callback(move |futuro| {
                assert!(futuro.done());
                veces.fetch_add(1, SeqCst);
            });
    }
    ejecutor.shutdown();
    assert_eq!(veces.load(SeqCst), 200);
}
