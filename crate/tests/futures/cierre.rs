//! El cierre de los dos ejecutores: qué se acepta, a qué se espera y qué se cancela.

use std::sync::mpsc::channel;
use std::thread;

use concurrencia::process::{Event, Value};

use crate::comun::{Ejecutor, cuadrado, ocupado};

crate::pruebas_con_los_dos![
    cerrado_no_acepta_nada,
    shutdown_espera_a_lo_encargado,
    shutdown_se_repite_y_desde_varios_hilos,
    shutdown_despues_de_map,
    shutdown_despues_de_cancelar,
    shutdown_sin_haber_encargado_nada,
    shutdown_nowait_vuelve_y_lo_encargado_se_hace,
    shutdown_timeout_dice_si_han_acabado,
    shutdown_cancel_cancela_lo_que_espera_y_espera_a_lo_demas,
    shutdown_cancel_de_muchas_deja_a_todas_con_final,
    soltarlo_espera_a_lo_encargado,
    soltarlo_con_un_map_a_medias,
    shutdown_espera_tambien_a_los_encargos_del_final,
    shutdown_dentro_de_un_encargo_no_se_cuelga,
    soltar_el_ultimo_mango_dentro_de_un_encargo,
    cerrar_mientras_otros_encargan,
];

fn cerrado_no_acepta_nada<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    ejecutor.shutdown();
    let tarde = ejecutor.submit(cuadrado, (2,));
    assert!(tarde.done());
    let error = tarde.result().unwrap_err();
    assert!(error.is_broken() && !error.is_cancelled());
    assert!(error.to_string().contains("cerrado"), "{error}");
    let salidas: Vec<_> = ejecutor.map(cuadrado, 0..3).collect();
    assert_eq!(salidas.len(), 3);
    assert!(
        salidas
            .iter()
            .all(|una| una.as_ref().is_err_and(|error| error.is_broken()))
    );
    let salidas: Vec<_> = ejecutor.map_chunked(cuadrado, 0..3, 2).collect();
    assert_eq!(salidas.len(), 3);
    assert!(
        salidas
            .iter()
            .all(|una| una.as_ref().is_err_and(|error| error.is_broken()))
    );
}

fn shutdown_espera_a_lo_encargado<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let futuros: Vec<_> = (0..50).map(|x| ejecutor.submit(cuadrado, (x,))).collect();
    ejecutor.shutdown();
    assert!(futuros.iter().all(|futuro| futuro.done()));
    for (x, futuro) in (0..50).zip(futuros) {
        assert_eq!(futuro.result().unwrap(), x * x);
    }
}

fn shutdown_se_repite_y_desde_varios_hilos<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let futuro = ejecutor.submit(cuadrado, (2,));
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| {
                ejecutor.shutdown();
                assert!(futuro.done());
            });
        }
    });
    ejecutor.shutdown();
    ejecutor.shutdown_nowait();
    ejecutor.shutdown_cancel();
    assert!(ejecutor.shutdown_timeout(0.0));
}

fn shutdown_despues_de_map<E: Ejecutor>() {
    let ejecutor = E::nuevo(3);
    let map = ejecutor.map(cuadrado, 0..4);
    ejecutor.shutdown();
    assert_eq!(map.map(Result::unwrap).collect::<Vec<_>>(), [0, 1, 4, 9]);
}

fn shutdown_despues_de_cancelar<E: Ejecutor>() {
    for _ in 0..20 {
        let ejecutor = E::nuevo(1);
        ejecutor.submit(cuadrado, (2,)).cancel();
        ejecutor.shutdown();
    }
}

fn shutdown_sin_haber_encargado_nada<E: Ejecutor>() {
    E::nuevo(3).shutdown();
    drop(E::nuevo(3));
}

fn shutdown_nowait_vuelve_y_lo_encargado_se_hace<E: Ejecutor>() {
    let (ejecutor, larga, senal) = ocupado::<E>();
    let en_cola: Vec<_> = (0..10).map(|x| ejecutor.submit(cuadrado, (x,))).collect();
    ejecutor.shutdown_nowait();
    assert!(!larga.done());
    assert!(
        ejecutor
            .submit(cuadrado, (2,))
            .result()
            .unwrap_err()
            .is_broken()
    );
    senal.set();
    for (x, futuro) in (0..10).zip(en_cola) {
        assert_eq!(futuro.result().unwrap(), x * x);
    }
}

fn shutdown_timeout_dice_si_han_acabado<E: Ejecutor>() {
    let (ejecutor, larga, senal) = ocupado::<E>();
    assert!(!ejecutor.shutdown_timeout(0.0));
    assert!(!ejecutor.shutdown_timeout(0.1));
    senal.set();
    assert!(ejecutor.shutdown_timeout(6000.0));
    assert!(larga.done());
}

fn shutdown_cancel_cancela_lo_que_espera_y_espera_a_lo_demas<E: Ejecutor>() {
    let (ejecutor, larga, senal) = ocupado::<E>();
    let en_cola: Vec<_> = (0..50).map(|x| ejecutor.submit(cuadrado, (x,))).collect();
    // Cuando se cancela la última, la que está en marcha ya puede acabar.
    en_cola[49].add_done_callback(move |_| senal.set());
    ejecutor.shutdown_cancel();
    assert!(larga.result().unwrap());
    assert!(en_cola.iter().all(|futuro| futuro.done()));
    let canceladas = en_cola.iter().filter(|futuro| futuro.cancelled()).count();
    // A los procesos se les había pasado una de más.
    assert!(canceladas >= 49, "solo {canceladas}");
}

fn shutdown_cancel_de_muchas_deja_a_todas_con_final<E: Ejecutor>() {
    let ejecutor = E::nuevo(3);
    let cuenta = Value::new(0).unwrap();
    let futuros: Vec<_> = (0..300)
        .map(|_| ejecutor.submit(suma_uno, (cuenta.clone(),)))
        .collect();
    ejecutor.shutdown_cancel();
    let canceladas = futuros.iter().filter(|futuro| futuro.cancelled()).count();
    let hechas = futuros
        .iter()
        .filter(|futuro| futuro.result().is_ok())
        .count();
    assert_eq!(canceladas + hechas, 300);
    assert_eq!(cuenta.get().unwrap(), hechas as i64);
}

fn suma_uno(cuenta: Value<i64>) {
    cuenta.update(|cuenta| *cuenta += 1).unwrap();
}

fn soltarlo_espera_a_lo_encargado<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let futuros: Vec<_> = (0..20).map(|x| ejecutor.submit(cuadrado, (x,))).collect();
    drop(ejecutor);
    assert!(futuros.iter().all(|futuro| futuro.done()));
    assert_eq!(futuros[19].result().unwrap(), 361);
}

fn soltarlo_con_un_map_a_medias<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let map = ejecutor.map(i64::abs, -5..5);
    drop(ejecutor);
    assert_eq!(
        map.map(Result::unwrap).collect::<Vec<_>>(),
        [5, 4, 3, 2, 1, 0, 1, 2, 3, 4]
    );
}

fn shutdown_espera_tambien_a_los_encargos_del_final<E: Ejecutor>() {
    let (ejecutor, larga, senal) = ocupado::<E>();
    let (avisa, llega) = channel();
    larga.add_done_callback(move |_| {
        thread::yield_now();
        avisa.send(()).unwrap();
    });
    senal.set();
    ejecutor.shutdown();
    assert!(llega.try_recv().is_ok());
}

fn shutdown_dentro_de_un_encargo_no_se_cuelga<E: Ejecutor>() {
    let (ejecutor, larga, senal) = ocupado::<E>();
    let (avisa, llega) = channel();
    let otro = ejecutor.clone();
    larga.add_done_callback(move |_| {
        otro.shutdown();
        avisa.send(()).unwrap();
    });
    let siguiente = ejecutor.submit(cuadrado, (3,));
    senal.set();
    llega.recv().unwrap();
    assert_eq!(siguiente.result().unwrap(), 9);
    assert!(
        ejecutor
            .submit(cuadrado, (3,))
            .result()
            .unwrap_err()
            .is_broken()
    );
}

fn soltar_el_ultimo_mango_dentro_de_un_encargo<E: Ejecutor>() {
    let (ejecutor, larga, senal) = ocupado::<E>();
    let siguientes: Vec<_> = (0..20).map(|x| ejecutor.submit(cuadrado, (x,))).collect();
    let (avisa, llega) = channel();
    larga.add_done_callback(move |_| {
        drop(ejecutor);
        avisa.send(()).unwrap();
    });
    senal.set();
    llega.recv().unwrap();
    for (x, futuro) in (0..20).zip(siguientes) {
        assert_eq!(futuro.result().unwrap(), x * x);
    }
}

fn cerrar_mientras_otros_encargan<E: Ejecutor>() {
    for vuelta in 0..20 {
        let ejecutor = E::nuevo(2);
        let empieza = Event::new().unwrap();
        thread::scope(|s| {
            let encargan: Vec<_> = (0..3)
                .map(|_| {
                    s.spawn(|| {
                        empieza.wait();
                        (0..30)
                            .map(|x| ejecutor.submit(cuadrado, (x,)))
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            s.spawn(|| {
                empieza.set();
                match vuelta % 2 {
                    0 => ejecutor.shutdown(),
                    _ => ejecutor.shutdown_cancel(),
                }
            });
            for encarga in encargan {
                for futuro in encarga.join().unwrap() {
                    match futuro.result() {
                        Ok(_) => {}
                        Err(error) => assert!(error.is_broken() || error.is_cancelled(), "{error}"),
                    }
                }
            }
        });
    }
}
