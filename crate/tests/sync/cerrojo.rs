//! `Lock`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use concurrencia::Thread;
use concurrencia::sync::{Event, Lock, LockGuard, SyncError};

use crate::comun::{DE_SOBRA, con_nombre, lanza};

fn suma(cuenta: &Lock<u64>, veces: u32) -> Result<(), SyncError> {
    for _ in 0..veces {
        let mut turno = cuenta.acquire()?;
        // Leer y escribir por separado: solo sale la cuenta si nadie se mete en medio.
        let antes = *turno;
        *turno = antes + 1;
    }
    Ok(())
}

#[test]
fn el_dato_lo_toca_uno_solo_a_la_vez() {
    let cuenta = Lock::new(0);
    let hilos: Vec<_> = (0..4)
        .map(|_| {
            let cuenta = cuenta.clone();
            lanza(move || suma(&cuenta, 20_000))
        })
        .collect();
    for hilo in hilos {
        hilo.join().unwrap().unwrap();
    }
    assert_eq!(*cuenta.acquire().unwrap(), 80_000);
    assert!(!cuenta.is_locked());
}

#[test]
fn el_guard_es_el_dato_y_lo_suelta_al_caer() {
    let lista = Lock::new(vec![1]);
    {
        let mut turno = lista.acquire().unwrap();
        assert!(lista.is_locked());
        turno.push(2);
        assert_eq!(turno.len(), 2);
        assert_eq!(format!("{turno:?}"), "[1, 2]");
    }
    assert!(!lista.is_locked());
    let numero = Lock::new(7);
    assert_eq!(format!("{}", numero.acquire().unwrap()), "7");
    assert!(!numero.is_locked());
}

#[test]
fn los_clones_son_el_mismo_cerrojo() {
    let uno = Lock::new(1).with_name("único");
    let otro = uno.clone();
    let turno = uno.acquire().unwrap();
    assert!(otro.is_locked());
    assert!(otro.try_acquire().is_none());
    drop(turno);
    *otro.acquire().unwrap() = 2;
    drop(otro);
    assert_eq!(*uno.acquire().unwrap(), 2);
}

#[test]
fn probar_un_cerrojo_libre_lo_coge_y_uno_ocupado_no() {
    let cerrojo = Lock::new(());
    drop(cerrojo.try_acquire().unwrap());
    let turno = cerrojo.acquire().unwrap();
    let clon = cerrojo.clone();
    assert!(!lanza(move || clon.try_acquire().is_some()).join().unwrap());
    drop(turno);
    assert!(cerrojo.try_acquire().is_some());
}

#[test]
fn los_que_esperan_pasan_todos_en_cuanto_se_suelta() {
    let cerrojo = Lock::new(0);
    let turno = cerrojo.acquire().unwrap();
    let (avisa, acabados) = mpsc::channel();
    let hilos: Vec<_> = (0..5)
        .map(|_| {
            let (cerrojo, avisa) = (cerrojo.clone(), avisa.clone());
            lanza(move || {
                *cerrojo.acquire().unwrap() += 1;
                avisa.send(()).unwrap();
            })
        })
        .collect();
    assert!(acabados.recv_timeout(Duration::from_millis(50)).is_err());
    assert_eq!(*turno, 0);
    drop(turno);
    for hilo in hilos {
        hilo.join().unwrap();
    }
    assert_eq!(*cerrojo.acquire().unwrap(), 5);
}

#[test]
fn el_plazo_se_acaba_ni_antes_ni_con_el_cerrojo_a_medias() {
    let cerrojo = Lock::new(()).with_name("cuenta");
    let turno = cerrojo.acquire().unwrap();
    let clon = cerrojo.clone();
    let hilo = lanza(move || {
        let inicio = Instant::now();
        let error = clon.acquire_timeout(0.7).unwrap_err();
        (error, inicio.elapsed())
    });
    let (error, tardado) = hilo.join().unwrap();
    assert!(error.is_timeout());
    assert_eq!(error.name(), "cuenta");
    assert!(error.to_string().contains("«cuenta»"));
    assert!(tardado >= Duration::from_millis(70));
    assert!(cerrojo.acquire_timeout(0).unwrap_err().is_timeout());
    drop(turno);
    assert!(!cerrojo.is_locked());
    assert!(cerrojo.acquire_timeout(0).is_ok());
}

#[test]
fn con_plazo_de_sobra_se_coge_en_cuanto_se_suelta() {
    let cerrojo = Lock::new(());
    let turno = cerrojo.acquire().unwrap();
    let clon = cerrojo.clone();
    let hilo = lanza(move || clon.acquire_timeout(DE_SOBRA).is_ok());
    drop(turno);
    assert!(hilo.join().unwrap());
    // Un plazo de muchos siglos también vale.
    assert!(cerrojo.acquire_timeout(1e12).is_ok());
}

#[test]
fn un_plazo_que_no_es_un_numero_de_segundos_es_un_panico() {
    let cerrojo = Lock::new(());
    for plazo in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
        let panico = catch_unwind(AssertUnwindSafe(|| drop(cerrojo.acquire_timeout(plazo))));
        assert!(panico.is_err(), "{plazo}");
    }
    assert!(!cerrojo.is_locked());
}

#[test]
fn un_panico_con_el_guard_cogido_lo_suelta_y_no_envenena() {
    let cuenta = Lock::new(1);
    let clon = cuenta.clone();
    let hilo = lanza(move || {
        let mut turno = clon.acquire().unwrap();
        *turno = 2;
        panic!("a medias");
    });
    assert!(hilo.join().unwrap_err().is_panic());
    assert!(!cuenta.is_locked());
    assert!(format!("{cuenta:?}").ends_with("libre)"));
    assert_eq!(*cuenta.acquire().unwrap(), 2);
    let panico = catch_unwind(AssertUnwindSafe(|| cuenta.with(|_| panic!("a medias"))));
    assert!(panico.is_err());
    assert_eq!(cuenta.with(|n| *n).unwrap(), 2);
}

#[test]
fn with_da_lo_que_devuelve_la_funcion_y_lo_suelta() {
    let cuenta = Lock::new(41);
    let salida = cuenta.with(|n| {
        *n += 1;
        n.to_string()
    });
    assert_eq!(salida.unwrap(), "42");
    assert!(!cuenta.is_locked());
    // Dentro no se puede volver a coger: es un interbloqueo de uno solo.
    let dentro = cuenta.with(|_| cuenta.with(|n| *n).map_err(|error| error.is_deadlock()));
    assert_eq!(dentro.unwrap(), Err(true));
}

#[test]
fn quien_lo_coge_ve_lo_que_hizo_el_anterior() {
    let buzon = Lock::new(None);
    let lleno = Event::new();
    let (clon, aviso) = (buzon.clone(), lleno.clone());
    let hilo = lanza(move || {
        *clon.acquire().unwrap() = Some("carta".to_owned());
        aviso.set();
    });
    lleno.wait();
    assert_eq!(buzon.acquire().unwrap().take().as_deref(), Some("carta"));
    hilo.join().unwrap();
}

#[test]
fn el_dato_no_tiene_que_ser_de_siempre_ni_poderse_compartir() {
    // Un `Cell` no es `Sync`, pero dentro de un cerrojo sí se comparte.
    let texto = String::from("prestado");
    let cerrojo = Lock::new(std::cell::Cell::new(texto.as_str()));
    std::thread::scope(|hilos| {
        hilos.spawn(|| cerrojo.acquire().unwrap().set("cambiado"));
    });
    assert_eq!(cerrojo.acquire().unwrap().get(), "cambiado");
}

#[test]
fn el_ultimo_mango_suelta_el_dato() {
    let (avisa, aviso) = mpsc::channel::<()>();
    let cerrojo = Lock::new(avisa);
    let clon = cerrojo.clone();
    drop(cerrojo);
    assert_eq!(aviso.try_recv(), Err(mpsc::TryRecvError::Empty));
    drop(clon);
    assert_eq!(aviso.try_recv(), Err(mpsc::TryRecvError::Disconnected));
}

#[test]
fn se_llaman_por_orden_o_como_se_quiera() {
    let (uno, otro) = (Lock::new(()), Lock::<u8>::default());
    let numero = |nombre: &str| {
        nombre
            .strip_prefix("Lock-")
            .unwrap()
            .parse::<u32>()
            .unwrap()
    };
    assert!(numero(uno.name()) < numero(otro.name()));
    assert_eq!(Lock::new(()).with_name("tenedor 1").name(), "tenedor 1");
}

#[test]
fn no_se_le_cambia_el_nombre_a_uno_ya_compartido() {
    let cerrojo = Lock::new(()).with_name("viejo");
    let clon = cerrojo.clone();
    let panico = catch_unwind(AssertUnwindSafe(|| clon.with_name("nuevo"))).unwrap_err();
    assert!(panico.downcast_ref::<String>().unwrap().contains("«viejo»"));
    assert_eq!(cerrojo.name(), "viejo");
}

#[test]
fn se_ve_como_esta_y_de_quien_es() {
    let cerrojo = Lock::new(()).with_name("cuenta");
    assert_eq!(format!("{cerrojo:?}"), "Lock(«cuenta», libre)");
    let (cogido, suelta) = (Event::new(), Event::new());
    let hilo = {
        let (cerrojo, cogido, suelta) = (cerrojo.clone(), cogido.clone(), suelta.clone());
        con_nombre("cajera", move || {
            let _turno = cerrojo.acquire().unwrap();
            cogido.set();
            suelta.wait();
        })
    };
    cogido.wait();
    assert_eq!(
        format!("{cerrojo:?}"),
        "Lock(«cuenta», lo tiene el hilo «cajera»)"
    );
    suelta.set();
    hilo.join().unwrap();
    assert_eq!(format!("{cerrojo:?}"), "Lock(«cuenta», libre)");
    // También si lo cogió sin esperar o con plazo.
    let turno = cerrojo.try_acquire();
    assert!(
        format!("{cerrojo:?}").contains("lo tiene el hilo"),
        "{turno:?}"
    );
    drop(turno);
    let turno = cerrojo.acquire_timeout(1).unwrap();
    assert!(
        format!("{cerrojo:?}").contains("lo tiene el hilo"),
        "{turno:?}"
    );
}

#[test]
fn un_hilo_sin_nombre_tambien_se_ve() {
    let cerrojo = Lock::new(()).with_name("cuenta");
    let clon = cerrojo.clone();
    let texto = std::thread::spawn(move || {
        let _turno = clon.acquire().unwrap();
        format!("{clon:?}")
    });
    let texto = texto.join().unwrap();
    assert!(
        texto.starts_with("Lock(«cuenta», lo tiene el hilo «hilo "),
        "{texto}"
    );
}

#[test]
fn si_el_dueno_acaba_sin_soltarlo_se_ve() {
    let cerrojo = Lock::new(()).with_name("cuenta");
    let clon = cerrojo.clone();
    let hilo = lanza(move || std::mem::forget(clon.acquire().unwrap()));
    hilo.join().unwrap();
    assert_eq!(
        format!("{cerrojo:?}"),
        "Lock(«cuenta», lo tiene un hilo que ya ha acabado)"
    );
    // Nadie lo va a soltar: con plazo, al menos se sabe.
    assert!(cerrojo.acquire_timeout(0.1).unwrap_err().is_timeout());
}

#[test]
fn se_puede_guardar_compartir_y_mandar() {
    fn vale<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}
    vale::<Lock<Vec<u8>>>();
    vale::<Lock<std::cell::Cell<u8>>>();
    vale::<SyncError>();
    fn se_comparte<T: Sync>() {}
    se_comparte::<LockGuard<'static, u8>>();
    fn es_un_error<T: std::error::Error + Send + Sync + 'static>() {}
    es_un_error::<SyncError>();
}

#[test]
fn los_hilos_se_pueden_guardar_con_sus_turnos_en_una_lista() {
    // Coger varios cerrojos a la vez, en orden, y soltarlos todos.
    let cerrojos: Vec<_> = (0..5).map(Lock::new).collect();
    let turnos: Result<Vec<_>, _> = cerrojos.iter().map(Lock::acquire).collect();
    let turnos = turnos.unwrap();
    assert_eq!(turnos.iter().map(|turno| **turno).sum::<i32>(), 10);
    assert!(cerrojos.iter().all(Lock::is_locked));
    drop(turnos);
    assert!(!cerrojos.iter().any(Lock::is_locked));
    let hilos: Vec<Thread<bool>> = cerrojos
        .into_iter()
        .map(|cerrojo| lanza(move || cerrojo.try_acquire().is_some()))
        .collect();
    assert!(hilos.into_iter().all(|hilo| hilo.join().unwrap()));
}
