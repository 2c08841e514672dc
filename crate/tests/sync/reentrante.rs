//! `RLock`.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

use concurrencia::sync::{Event, Lock, RLock, RLockGuard};

use crate::comun::{DE_SOBRA, con_nombre, lanza};

#[test]
fn quien_lo_tiene_lo_vuelve_a_coger() {
    let cerrojo = RLock::new(7);
    let uno = cerrojo.acquire().unwrap();
    let dos = cerrojo.acquire().unwrap();
    let tres = cerrojo.try_acquire().unwrap();
    let cuatro = cerrojo.acquire_timeout(0).unwrap();
    assert_eq!(*uno + *dos + *tres + *cuatro, 28);
}

#[test]
fn queda_libre_cuando_se_suelta_tantas_veces_y_en_cualquier_orden() {
    let cerrojo = RLock::new(());
    let esta_libre = || {
        let clon = cerrojo.clone();
        lanza(move || clon.try_acquire().is_some()).join().unwrap()
    };
    let uno = cerrojo.acquire().unwrap();
    let dos = cerrojo.acquire().unwrap();
    drop(uno);
    assert!(!esta_libre());
    let tres = cerrojo.acquire().unwrap();
    drop(dos);
    assert!(!esta_libre());
    assert!(cerrojo.is_locked());
    drop(tres);
    assert!(esta_libre());
    assert!(!cerrojo.is_locked());
}

#[test]
fn otro_hilo_no_lo_coge_ni_probando_ni_con_plazo() {
    let cerrojo = RLock::new(()).with_name("impresora");
    let turno = cerrojo.acquire().unwrap();
    let probado = Event::new();
    let (clon, avisa) = (cerrojo.clone(), probado.clone());
    let hilo = lanza(move || {
        assert!(clon.try_acquire().is_none());
        let error = clon.acquire_timeout(0.1).unwrap_err();
        assert_eq!((error.is_timeout(), error.name()), (true, "impresora"));
        avisa.set();
        clon.acquire_timeout(DE_SOBRA).is_ok()
    });
    probado.wait();
    drop(turno);
    assert!(hilo.join().unwrap());
}

#[test]
fn el_dato_se_cambia_con_una_celda_y_lo_toca_un_hilo_a_la_vez() {
    let cuenta = RLock::new(Cell::new(0));
    let hilos: Vec<_> = (0..4)
        .map(|_| {
            let cuenta = cuenta.clone();
            lanza(move || {
                for _ in 0..10_000 {
                    let fuera = cuenta.acquire().unwrap();
                    let antes = fuera.get();
                    let dentro = cuenta.acquire().unwrap();
                    dentro.set(antes + 1);
                }
            })
        })
        .collect();
    for hilo in hilos {
        hilo.join().unwrap();
    }
    assert_eq!(cuenta.with(Cell::get).unwrap(), 40_000);
    let lista = RLock::new(RefCell::new(Vec::new()));
    lista.with(|lista| lista.borrow_mut().push(1)).unwrap();
    assert_eq!(format!("{:?}", lista.acquire().unwrap().borrow()), "[1]");
}

#[test]
fn with_dentro_de_with() {
    let cerrojo = RLock::new(3);
    let salida = cerrojo.with(|n| cerrojo.with(|m| n * m).unwrap());
    assert_eq!(salida.unwrap(), 9);
}

#[test]
fn un_panico_suelta_todas_las_veces_que_se_cogio() {
    let cerrojo = RLock::new(()).with_name("doble");
    let panico = catch_unwind(AssertUnwindSafe(|| {
        let _uno = cerrojo.acquire().unwrap();
        let _dos = cerrojo.acquire().unwrap();
        panic!("a medias");
    }));
    assert!(panico.is_err());
    assert_eq!(format!("{cerrojo:?}"), "RLock(«doble», libre)");
    let clon = cerrojo.clone();
    assert!(lanza(move || clon.acquire().is_ok()).join().unwrap());
}

#[test]
fn tambien_descubre_los_interbloqueos() {
    let (a, b) = (RLock::new(()).with_name("A"), Lock::new(()).with_name("B"));
    let listo = Event::new();
    let turno_b = b.acquire().unwrap();
    let hilo = {
        let (a, b, listo) = (a.clone(), b.clone(), listo.clone());
        con_nombre("otro", move || {
            let _dos_veces = (a.acquire().unwrap(), a.acquire().unwrap());
            listo.set();
            b.acquire().map(drop)
        })
    };
    listo.wait();
    let mia = a.acquire().map(drop);
    drop(turno_b);
    let errores: Vec<_> = [mia, hilo.join().unwrap()]
        .into_iter()
        .filter_map(Result::err)
        .collect();
    assert_eq!(errores.len(), 1);
    assert!(
        errores[0]
            .to_string()
            .contains("el hilo «otro» tiene «A» y espera «B»")
    );
    // Y ya está todo libre.
    assert!(a.acquire().is_ok() && b.acquire().is_ok());
}

#[test]
fn se_ve_de_quien_es_hasta_la_ultima_vez() {
    let cerrojo = RLock::new(()).with_name("A");
    let clon = cerrojo.clone();
    let textos = con_nombre("dueña", move || {
        let uno = clon.acquire().unwrap();
        let dos = clon.acquire().unwrap();
        let antes = format!("{clon:?}");
        drop(uno);
        let despues = format!("{clon:?}");
        drop(dos);
        [antes, despues, format!("{clon:?}")]
    });
    assert_eq!(
        textos.join().unwrap(),
        [
            "RLock(«A», lo tiene el hilo «dueña»)",
            "RLock(«A», lo tiene el hilo «dueña»)",
            "RLock(«A», libre)"
        ]
    );
    assert!(RLock::<u8>::default().name().starts_with("RLock-"));
}

#[test]
fn se_puede_guardar_compartir_y_mandar() {
    fn vale<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}
    vale::<RLock<RefCell<Vec<u8>>>>();
    fn con_guard(guard: RLockGuard<'_, u8>) -> String {
        format!("{guard} {guard:?}")
    }
    assert_eq!(con_guard(RLock::new(7).acquire().unwrap()), "7 7");
}
