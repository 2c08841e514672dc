//! `Semaphore` y `BoundedSemaphore`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use concurrencia::sync::{Barrier, BoundedSemaphore, Permit, Semaphore};

use crate::comun::{DE_SOBRA, hasta_que_esperen, lanza};

#[test]
fn deja_pasar_a_n_y_no_a_mas() {
    let plazas = Semaphore::new(2);
    let dentro = Arc::new(AtomicU32::new(0));
    // Entran de dos en dos: la barrera no deja salir a uno solo.
    let pareja = Barrier::new(2);
    let hilos: Vec<_> = (0..6)
        .map(|_| {
            let (plazas, pareja) = (plazas.clone(), pareja.clone());
            let dentro = Arc::clone(&dentro);
            lanza(move || {
                let _plaza = plazas.permit();
                assert!(dentro.fetch_add(1, Ordering::Relaxed) < 2);
                pareja.wait_timeout(DE_SOBRA).unwrap();
                dentro.fetch_sub(1, Ordering::Relaxed);
            })
        })
        .collect();
    for hilo in hilos {
        hilo.join().unwrap();
    }
    assert_eq!(plazas.value(), 2);
}

#[test]
fn sin_plazas_no_deja_pasar_ni_probando_ni_con_plazo() {
    let plazas = Semaphore::new(2).with_name("descargas");
    assert!(plazas.try_acquire());
    plazas.acquire();
    assert_eq!(plazas.value(), 0);
    assert!(!plazas.try_acquire());
    assert!(plazas.try_permit().is_none());
    let inicio = Instant::now();
    let error = plazas.acquire_timeout(0.7).unwrap_err();
    assert!(error.is_timeout() && error.name() == "descargas");
    assert!(inicio.elapsed() >= Duration::from_millis(70));
    assert!(plazas.permit_timeout(0).unwrap_err().is_timeout());
    plazas.release().unwrap();
    assert!(plazas.acquire_timeout(0).is_ok());
    plazas.release().unwrap();
    assert!(plazas.permit_timeout(0).is_ok());
}

#[test]
fn suelta_un_hilo_lo_que_cogio_otro() {
    let pedidos = Semaphore::new(0);
    let clon = pedidos.clone();
    let hilo = lanza(move || {
        for _ in 0..3 {
            clon.release().unwrap();
        }
    });
    for _ in 0..3 {
        pedidos.acquire();
    }
    hilo.join().unwrap();
    assert_eq!(pedidos.value(), 0);
}

#[test]
fn cada_plaza_que_se_suelta_despierta_a_uno() {
    let plazas = Semaphore::new(0);
    let (avisa, pasan) = mpsc::channel();
    let hilos: Vec<_> = (0..4)
        .map(|_| {
            let (plazas, avisa) = (plazas.clone(), avisa.clone());
            lanza(move || {
                plazas.acquire();
                avisa.send(()).unwrap();
            })
        })
        .collect();
    hasta_que_esperen(4, &plazas);
    plazas.release().unwrap();
    pasan.recv().unwrap();
    hasta_que_esperen(3, &plazas);
    assert!(pasan.recv_timeout(Duration::from_millis(50)).is_err());
    plazas.release_many(3).unwrap();
    for hilo in hilos {
        hilo.join().unwrap();
    }
    assert_eq!(plazas.value(), 0);
}

#[test]
fn soltar_varias_o_ninguna() {
    let plazas = Semaphore::new(1);
    plazas.release_many(0).unwrap();
    assert_eq!(plazas.value(), 1);
    plazas.release_many(4).unwrap();
    assert_eq!(plazas.value(), 5);
}

#[test]
fn soltar_de_mas_es_una_plaza_nueva_o_un_error() {
    let suelto = Semaphore::new(1);
    suelto.release().unwrap();
    assert_eq!(suelto.value(), 2);
    let con_tope = BoundedSemaphore::new(2).with_name("impresoras");
    let error = con_tope.release().unwrap_err();
    assert!(error.is_overreleased() && error.name() == "impresoras");
    assert!(error.to_string().contains("«impresoras»"));
    con_tope.acquire();
    // Todo o nada.
    assert!(con_tope.release_many(2).unwrap_err().is_overreleased());
    assert_eq!(con_tope.value(), 1);
    con_tope.release().unwrap();
    assert!(con_tope.release().is_err());
    // Ni el que no tiene tope pasa de lo que se puede contar.
    let lleno = Semaphore::new(u32::MAX);
    assert!(lleno.release().unwrap_err().is_overreleased());
    assert!(lleno.release_many(u32::MAX).unwrap_err().is_overreleased());
    assert_eq!(lleno.value(), u32::MAX);
}

#[test]
fn el_permiso_es_de_quien_lo_tenga_y_vuelve_al_caer() {
    let plazas = Semaphore::new(3);
    let permisos: Vec<Permit> = (0..3).map(|_| plazas.permit()).collect();
    assert_eq!(plazas.value(), 0);
    // Se guarda, se manda a otro hilo y sobrevive al semáforo del que salió.
    let clon = plazas.clone();
    drop(plazas);
    let hilo = lanza(move || permisos.len());
    assert_eq!(hilo.join().unwrap(), 3);
    assert_eq!(clon.value(), 3);
}

#[test]
fn el_permiso_vuelve_con_un_panico() {
    let plazas = Semaphore::new(1);
    let clon = plazas.clone();
    let hilo = lanza(move || {
        let _plaza = clon.permit();
        panic!("a medias");
    });
    assert!(hilo.join().unwrap_err().is_panic());
    assert!(plazas.try_permit().is_some());
}

#[test]
fn soltar_a_mano_y_ademas_el_permiso_no_entra_en_panico() {
    let plazas = BoundedSemaphore::new(1);
    let plaza = plazas.permit();
    plazas.release().unwrap();
    drop(plaza);
    assert_eq!(plazas.value(), 1);
}

#[test]
fn el_de_una_plaza_es_un_cerrojo_sin_dueno() {
    let (plaza, cuenta) = (Semaphore::new(1), Arc::new(AtomicU32::new(0)));
    let hilos: Vec<_> = (0..4)
        .map(|_| {
            let (plaza, cuenta) = (plaza.clone(), Arc::clone(&cuenta));
            lanza(move || {
                for _ in 0..5_000 {
                    let _plaza = plaza.permit();
                    // Leer y escribir por separado.
                    let antes = cuenta.load(Ordering::Relaxed);
                    cuenta.store(antes + 1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for hilo in hilos {
        hilo.join().unwrap();
    }
    assert_eq!(cuenta.load(Ordering::Relaxed), 20_000);
}

#[test]
fn el_que_tiene_tope_vale_donde_se_pide_uno_cualquiera() {
    fn pasa(plazas: &Semaphore) -> u32 {
        let _plaza = plazas.permit();
        plazas.value()
    }
    assert_eq!(pasa(&BoundedSemaphore::new(2)), 1);
}

#[test]
fn un_plazo_que_no_es_un_numero_de_segundos_es_un_panico() {
    let plazas = Semaphore::new(1);
    for plazo in [-1.0, f64::NAN] {
        let panico = catch_unwind(AssertUnwindSafe(|| drop(plazas.acquire_timeout(plazo))));
        assert!(panico.is_err(), "{plazo}");
    }
    assert_eq!(plazas.value(), 1);
}

#[test]
fn se_ve_como_esta_y_cuantos_esperan() {
    let plazas = Semaphore::new(1).with_name("descargas");
    assert_eq!(format!("{plazas:?}"), "Semaphore(«descargas», libres 1)");
    let plaza = plazas.permit();
    assert_eq!(format!("{plaza:?}"), "Permit(«descargas»)");
    let clon = plazas.clone();
    let hilo = lanza(move || clon.acquire());
    hasta_que_esperen(1, &plazas);
    assert_eq!(
        format!("{plazas:?}"),
        "Semaphore(«descargas», libres 0, espera 1)"
    );
    drop(plaza);
    hilo.join().unwrap();
    let con_tope = BoundedSemaphore::new(2).with_name("impresoras");
    con_tope.acquire();
    assert_eq!(
        format!("{con_tope:?}"),
        "BoundedSemaphore(«impresoras», libres 1 de 2)"
    );
    assert!(Semaphore::new(0).name().starts_with("Semaphore-"));
    assert!(
        BoundedSemaphore::new(0)
            .name()
            .starts_with("BoundedSemaphore-")
    );
}
