//! `Event`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use concurrencia::sync::Event;

use crate::comun::{DE_SOBRA, hasta, hasta_que_esperen, lanza};

#[test]
fn se_da_y_se_retira_las_veces_que_haga_falta() {
    let aviso = Event::new();
    assert!(!aviso.is_set());
    for _ in 0..2 {
        aviso.set();
        aviso.set();
        assert!(aviso.is_set());
        aviso.clear();
        aviso.clear();
        assert!(!aviso.is_set());
    }
}

#[test]
fn despierta_a_todos_y_mientras_este_dado_nadie_espera() {
    let aviso = Event::new();
    // La segunda vuelta, después de darlo y retirarlo.
    for _ in 0..2 {
        let (avisa, despiertos) = mpsc::channel();
        let hilos: Vec<_> = (0..5)
            .map(|_| {
                let (aviso, avisa) = (aviso.clone(), avisa.clone());
                lanza(move || {
                    aviso.wait();
                    aviso.wait();
                    avisa.send(()).unwrap();
                })
            })
            .collect();
        hasta_que_esperen(5, &aviso);
        assert!(despiertos.try_recv().is_err());
        aviso.set();
        for hilo in hilos {
            hilo.join().unwrap();
        }
        assert_eq!(despiertos.try_iter().count(), 5);
        aviso.clear();
    }
}

#[test]
fn darlo_y_retirarlo_despierta_a_los_que_esperaban() {
    let aviso = Event::new();
    for _ in 0..100 {
        let hilos: Vec<_> = (0..5)
            .map(|_| {
                let aviso = aviso.clone();
                lanza(move || aviso.wait_timeout(DE_SOBRA))
            })
            .collect();
        hasta_que_esperen(5, &aviso);
        aviso.set();
        aviso.clear();
        for hilo in hilos {
            hilo.join().unwrap().unwrap();
        }
    }
}

#[test]
fn retirado_hace_esperar_a_los_que_lleguen_despues() {
    let aviso = Event::new();
    aviso.set();
    aviso.clear();
    assert!(aviso.wait_timeout(0).unwrap_err().is_timeout());
}

#[test]
fn el_plazo_se_acaba_y_dado_no_hace_falta() {
    let aviso = Event::new().with_name("salida");
    let hilos: Vec<_> = (0..5)
        .map(|_| {
            let aviso = aviso.clone();
            lanza(move || {
                assert!(aviso.wait_timeout(0).unwrap_err().is_timeout());
                let inicio = Instant::now();
                let error = aviso.wait_timeout(0.7).unwrap_err();
                assert!(inicio.elapsed() >= Duration::from_millis(70));
                assert!(error.is_timeout() && error.name() == "salida");
            })
        })
        .collect();
    for hilo in hilos {
        hilo.join().unwrap();
    }
    aviso.set();
    assert!(aviso.wait_timeout(0).is_ok());
    assert!(aviso.wait_timeout(DE_SOBRA).is_ok());
}

#[test]
fn un_plazo_que_no_es_un_numero_de_segundos_es_un_panico() {
    let aviso = Event::new();
    for plazo in [-1.0, f64::NAN, f64::INFINITY] {
        let panico = catch_unwind(AssertUnwindSafe(|| drop(aviso.wait_timeout(plazo))));
        assert!(panico.is_err(), "{plazo}");
    }
}

#[test]
fn quien_despierta_ve_lo_que_se_hizo_antes_de_darlo() {
    for _ in 0..200 {
        let (aviso, dato) = (Event::new(), Arc::new(AtomicU32::new(0)));
        let hilo = {
            let (aviso, dato) = (aviso.clone(), Arc::clone(&dato));
            lanza(move || {
                aviso.wait();
                dato.load(Ordering::Relaxed)
            })
        };
        dato.store(7, Ordering::Relaxed);
        aviso.set();
        assert_eq!(hilo.join().unwrap(), 7);
    }
}

#[test]
fn sirve_para_pedir_a_un_hilo_que_acabe() {
    let (para, vueltas) = (Event::new(), Arc::new(AtomicU32::new(0)));
    let hilo = {
        let (para, vueltas) = (para.clone(), Arc::clone(&vueltas));
        lanza(move || {
            while !para.is_set() {
                vueltas.fetch_add(1, Ordering::Relaxed);
            }
        })
    };
    hasta(|| vueltas.load(Ordering::Relaxed) > 100);
    para.set();
    hilo.join().unwrap();
}

#[test]
fn se_ve_como_esta_y_cuantos_esperan() {
    let aviso = Event::new().with_name("salida");
    assert_eq!(format!("{aviso:?}"), "Event(«salida», sin dar)");
    let clon = aviso.clone();
    let hilo = lanza(move || clon.wait());
    hasta_que_esperen(1, &aviso);
    assert_eq!(format!("{aviso:?}"), "Event(«salida», sin dar, espera 1)");
    aviso.set();
    hilo.join().unwrap();
    assert_eq!(format!("{aviso:?}"), "Event(«salida», dado)");
    assert!(Event::new().name().starts_with("Event-"));
    assert!(catch_unwind(AssertUnwindSafe(|| aviso.clone().with_name("otro"))).is_err());
}
