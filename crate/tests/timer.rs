//! Pruebas de los temporizadores. Los plazos que no deben cumplirse son enormes: si alguno se esperara, no acabarían.

use std::ops::ControlFlow::{self, Break, Continue};
use std::sync::mpsc;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Instant;

use concurrencia::thread::ThreadError;
use concurrencia::time::to_real;
use concurrencia::timer::{RepeatingTimer, Timer};

const SIGLOS: f64 = 1e10;

#[test]
fn llama_a_la_funcion_y_recoge_su_valor() {
    let mut temporizador = Timer::new(0.1, || 7 * 7);
    temporizador.start().unwrap();
    assert_eq!(temporizador.join().unwrap(), Some(49));
}

#[test]
fn no_dispara_antes_de_la_hora() {
    let inicio = Instant::now();
    let mut temporizador = Timer::new(0.5, Instant::now);
    temporizador.start().unwrap();
    let disparo = temporizador.join().unwrap().unwrap();
    assert!(disparo - inicio >= to_real(0.5));
}

#[test]
fn cancelado_a_tiempo_no_llama_y_no_espera_el_plazo() {
    let (avisa, aviso) = mpsc::channel::<()>();
    let mut temporizador = Timer::new(SIGLOS, move || avisa.send(()).unwrap());
    temporizador.start().unwrap();
    assert!(temporizador.is_alive() && !temporizador.finished());
    assert!(temporizador.cancel());
    assert!(temporizador.cancel()); // otra vez no cambia nada
    assert!(temporizador.finished());
    assert_eq!(temporizador.join().unwrap(), None);
    // La función se ha soltado sin llamarla.
    assert_eq!(aviso.recv(), Err(mpsc::RecvError));
}

#[test]
fn cancelado_antes_de_arrancar_acaba_nada_mas_arrancar() {
    let mut temporizador = Timer::new(0, || -> u8 { panic!("no me llames") });
    assert!(temporizador.cancel());
    assert!(temporizador.finished());
    temporizador.start().unwrap();
    assert!(temporizador.join().unwrap().is_none());
}

#[test]
fn cancelar_a_medias_o_despues_llega_tarde() {
    let (empieza, empezado) = mpsc::channel();
    let (suelta, espera) = mpsc::channel::<()>();
    let mut temporizador = Timer::new(0, move || {
        empieza.send(()).unwrap();
        espera.recv().unwrap();
        "entera"
    });
    temporizador.start().unwrap();
    empezado.recv().unwrap();
    assert!(!temporizador.cancel());
    assert!(!temporizador.finished());
    suelta.send(()).unwrap();
    assert_eq!(temporizador.join_timeout(1000).unwrap(), Some("entera"));
    assert!(temporizador.finished() && !temporizador.is_alive());
    assert!(!temporizador.cancel());
}

#[test]
fn cancelar_y_disparar_a_la_vez_se_ponen_de_acuerdo() {
    for _ in 0..500 {
        let salida = Arc::new(Barrier::new(2));
        let meta = Arc::clone(&salida);
        let mut temporizador = Timer::new(0, || ());
        let cancela = thread::scope(|ambito| {
            temporizador.start().unwrap();
            let cancela = ambito.spawn(|| {
                meta.wait();
                temporizador.cancel()
            });
            salida.wait();
            cancela.join().unwrap()
        });
        assert_eq!(temporizador.join().unwrap().is_none(), cancela);
    }
}

#[test]
fn un_panico_sale_en_join_con_su_mensaje() {
    let mut temporizador = Timer::new(0, || -> u8 { panic!("sin conexión") }).with_name("aviso");
    temporizador.start().unwrap();
    let error = temporizador.join_timeout(1000).unwrap_err();
    assert!(error.is_panic());
    assert_eq!(error.thread_name(), "aviso");
    assert_eq!(error.panic_message(), Some("sin conexión"));
    assert!(temporizador.finished());
}

#[test]
fn join_con_plazo_no_lo_gasta() {
    let mut temporizador = Timer::new(SIGLOS, || ());
    assert!(temporizador.join_timeout(0).unwrap_err().is_not_started());
    temporizador.start().unwrap();
    let error = temporizador.join_timeout(0.01).unwrap_err();
    assert!(error.is_timeout() && !error.is_panic());
    assert!(error.to_string().contains("no ha acabado en el plazo"));
    temporizador.cancel();
    assert_eq!(temporizador.join_timeout(SIGLOS).unwrap(), None);
    assert!(
        temporizador
            .join_timeout(0)
            .unwrap_err()
            .is_already_joined()
    );
    assert!(temporizador.join().unwrap_err().is_already_joined());
}

#[test]
fn arrancar_dos_veces_o_esperar_sin_arrancar_son_errores() {
    let mut temporizador = Timer::new(SIGLOS, || ());
    temporizador.start().unwrap();
    assert!(temporizador.start().unwrap_err().is_already_started());
    temporizador.cancel();
    temporizador.join_timeout(SIGLOS).unwrap();
    assert!(temporizador.start().unwrap_err().is_already_started());
    assert!(Timer::new(0, || ()).join().unwrap_err().is_not_started());
}

#[test]
fn soltarlo_sin_arrancar_no_llama_y_arrancado_si() {
    let (avisa, aviso) = mpsc::channel();
    let otro = avisa.clone();
    drop(Timer::new(0, move || otro.send("sin arrancar").unwrap()));
    let mut temporizador = Timer::new(0.01, move || avisa.send("arrancado").unwrap());
    temporizador.start().unwrap();
    drop(temporizador);
    assert_eq!(aviso.recv().unwrap(), "arrancado");
    assert!(aviso.recv().is_err());
}

#[test]
fn un_plazo_que_no_cabe_en_el_reloj_se_puede_cancelar() {
    let mut temporizador = Timer::new(1e19, || ());
    temporizador.start().unwrap();
    assert!(temporizador.cancel());
    assert_eq!(temporizador.join().unwrap(), None);
}

#[test]
#[should_panic(expected = "mayor o igual que cero")]
fn un_plazo_negativo_es_un_panico() {
    let _ = Timer::new(-1, || ());
}

#[test]
fn debug_cuenta_el_estado() {
    let (empieza, empezado) = mpsc::channel();
    let (suelta, espera) = mpsc::channel::<()>();
    let mut temporizador = Timer::new(0, move || {
        empieza.send(()).unwrap();
        espera.recv().unwrap();
    })
    .with_name("t");
    assert_eq!(temporizador.name(), "t");
    assert_eq!(format!("{temporizador:?}"), "Timer(t, sin arrancar)");
    temporizador.start().unwrap();
    empezado.recv().unwrap();
    assert_eq!(format!("{temporizador:?}"), "Timer(t, en marcha)");
    suelta.send(()).unwrap();
    temporizador.join_timeout(1000).unwrap();
    assert_eq!(format!("{temporizador:?}"), "Timer(t, acabado)");
    let mut otro = Timer::new(SIGLOS, || ()).with_name("u");
    otro.start().unwrap();
    assert_eq!(format!("{otro:?}"), "Timer(u, esperando)");
    otro.cancel();
    assert_eq!(format!("{otro:?}"), "Timer(u, cancelado)");
}

#[test]
fn los_dos_van_entre_hilos_y_su_error_es_el_de_los_hilos() {
    fn sirve<T: Send + Sync + std::fmt::Debug + 'static>() {}
    sirve::<Timer<u8>>();
    sirve::<RepeatingTimer<u8>>();
    let _: Result<Option<()>, ThreadError> = Timer::new(0, || ()).join();
}

#[test]
fn repite_hasta_que_la_funcion_dice_que_ya() {
    let mut veces = 0;
    let mut latido = RepeatingTimer::new(0.01, move || {
        veces += 1;
        if veces == 5 {
            Break(veces)
        } else {
            Continue(())
        }
    });
    latido.start().unwrap();
    assert_eq!(latido.join_timeout(1000).unwrap(), Some(5));
    assert_eq!(latido.fired(), 5);
    assert!(latido.finished());
    assert!(!latido.cancel()); // ya había acabado
}

#[test]
fn sin_control_flow_repite_hasta_que_lo_cancelan() {
    let (avisa, aviso) = mpsc::channel();
    let mut latido = RepeatingTimer::new(0.01, move || avisa.send(()).unwrap());
    latido.start().unwrap();
    for _ in 0..3 {
        aviso.recv().unwrap();
    }
    assert!(latido.cancel());
    assert_eq!(latido.join_timeout(1000).unwrap(), None);
    // No quedan más llamadas que las contadas, y la función se ha soltado.
    let resto = aviso.iter().count() as u64;
    assert_eq!(latido.fired(), 3 + resto);
}

#[test]
fn cada_disparo_es_a_su_hora_o_despues() {
    let intervalo = to_real(0.1);
    let (avisa, aviso) = mpsc::channel();
    let inicio = Instant::now();
    let mut latido = RepeatingTimer::new(0.1, move || {
        avisa.send(Instant::now()).unwrap();
    });
    latido.start().unwrap();
    for k in 1..=10 {
        assert!(aviso.recv().unwrap() - inicio >= intervalo * k);
    }
    latido.cancel();
}

#[test]
fn los_disparos_perdidos_se_saltan() {
    let intervalo = to_real(0.1);
    let (avisa, aviso) = mpsc::channel();
    let inicio = Instant::now();
    let mut primera = true;
    let mut latido = RepeatingTimer::new(0.1, move || {
        avisa.send(Instant::now()).unwrap();
        // La primera dura hasta bien pasada la hora de la quinta.
        while primera && inicio.elapsed() < intervalo * 11 / 2 {
            thread::yield_now();
        }
        primera = false;
    });
    latido.start().unwrap();
    let momentos = [(); 3].map(|()| aviso.recv().unwrap() - inicio);
    latido.cancel();
    // La segunda llamada es la sexta, como pronto, y después no vienen las perdidas.
    assert!(momentos[1] >= intervalo * 6, "{momentos:?}");
    assert!(momentos[2] >= intervalo * 7, "{momentos:?}");
}

#[test]
fn cancelar_el_que_se_repite_no_espera_el_intervalo() {
    let mut latido = RepeatingTimer::new(SIGLOS, || ());
    assert!(latido.join_timeout(0).unwrap_err().is_not_started());
    latido.start().unwrap();
    assert!(latido.cancel());
    assert_eq!(latido.join_timeout(SIGLOS).unwrap(), None);
    assert_eq!(latido.fired(), 0);
    assert!(latido.cancel()); // lo cancelado, cancelado está

    let mut latido = RepeatingTimer::new(0.01, || panic!("no me llames") as ());
    assert!(latido.cancel());
    latido.start().unwrap();
    assert_eq!(latido.join().unwrap(), None);
}

#[test]
fn cancelado_a_medias_acaba_esa_llamada_y_es_la_ultima() {
    let (empieza, empezado) = mpsc::channel();
    let (suelta, espera) = mpsc::channel::<()>();
    let mut latido = RepeatingTimer::new(0.01, move || {
        empieza.send(()).unwrap();
        espera.recv().unwrap();
    });
    latido.start().unwrap();
    empezado.recv().unwrap();
    assert!(latido.cancel());
    assert!(!latido.finished());
    assert!(latido.join_timeout(0.1).unwrap_err().is_timeout());
    suelta.send(()).unwrap();
    assert_eq!(latido.join_timeout(1000).unwrap(), None);
    assert_eq!(latido.fired(), 1);
    assert!(latido.finished());
}

#[test]
fn cancelado_a_medias_el_valor_de_la_ultima_llamada_no_se_pierde() {
    let (empieza, empezado) = mpsc::channel();
    let (suelta, espera) = mpsc::channel::<()>();
    let mut latido = RepeatingTimer::new(0.01, move || {
        empieza.send(()).unwrap();
        espera.recv().unwrap();
        Break("valor")
    });
    latido.start().unwrap();
    empezado.recv().unwrap();
    latido.cancel();
    suelta.send(()).unwrap();
    assert_eq!(latido.join().unwrap(), Some("valor"));
}

#[test]
fn un_panico_para_el_que_se_repite_y_sale_en_join() {
    let mut veces = 0;
    let mut latido = RepeatingTimer::new(0.01, move || -> ControlFlow<()> {
        veces += 1;
        assert!(veces < 3, "a la tercera");
        Continue(())
    });
    latido.start().unwrap();
    let error = latido.join_timeout(1000).unwrap_err();
    assert_eq!(error.panic_message(), Some("a la tercera"));
    assert_eq!(latido.fired(), 3);
    assert!(latido.finished() && !latido.cancel());
}

#[test]
fn soltar_el_que_se_repite_no_lo_cancela() {
    let (avisa, aviso) = mpsc::channel();
    let mut latido = RepeatingTimer::new(0.01, move || match avisa.send(()) {
        Ok(()) => Continue(()),
        Err(_) => Break(()),
    });
    latido.start().unwrap();
    drop(latido);
    for _ in 0..3 {
        aviso.recv().unwrap();
    }
}

#[test]
#[should_panic(expected = "cada 0 segundos")]
fn repetir_cada_cero_segundos_es_un_panico() {
    let _ = RepeatingTimer::new(0, || ());
}

#[test]
fn debug_del_que_se_repite_cuenta_las_veces() {
    let (empieza, empezado) = mpsc::channel();
    let (suelta, espera) = mpsc::channel::<()>();
    let mut latido = RepeatingTimer::new(0.01, move || {
        empieza.send(()).unwrap();
        match espera.recv() {
            Ok(()) => Continue(()),
            Err(_) => Break(()),
        }
    })
    .with_name("latido");
    assert_eq!(
        format!("{latido:?}"),
        "RepeatingTimer(latido, sin arrancar, 0 veces)"
    );
    latido.start().unwrap();
    assert!(latido.is_alive());
    empezado.recv().unwrap();
    assert_eq!(
        format!("{latido:?}"),
        "RepeatingTimer(latido, en marcha, 1 vez)"
    );
    suelta.send(()).unwrap();
    empezado.recv().unwrap();
    drop(suelta);
    latido.join_timeout(1000).unwrap();
    assert_eq!(
        format!("{latido:?}"),
        "RepeatingTimer(latido, acabado, 2 veces)"
    );
    assert_eq!(latido.name(), "latido");
}
