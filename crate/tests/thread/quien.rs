//! Pruebas de quién es quién: nombre, número, demonio, vivo.

use std::collections::HashSet;
use std::sync::{Arc, Barrier, mpsc};

use concurrencia::Thread;
use concurrencia::thread::{ThreadInfo, active_count, current_thread, enumerate, main_thread};

#[test]
fn un_hilo_sabe_quien_es_y_coincide_con_lo_que_se_ve_desde_fuera() {
    let mut hilo = Thread::new(current_thread).with_name("descarga-3");
    assert_eq!((hilo.ident(), hilo.native_id()), (None, None));
    assert_eq!(hilo.info(), None);
    hilo.start().unwrap();
    let desde_fuera = hilo.info().unwrap();
    assert_eq!(hilo.ident(), Some(desde_fuera.ident()));
    let desde_dentro = hilo.join().unwrap();
    assert_eq!(desde_dentro, desde_fuera);
    assert_eq!(desde_dentro.name(), "descarga-3");
    assert_eq!(
        format!("{desde_fuera:?}"),
        "ThreadInfo(descarga-3, acabado)"
    );
}

#[test]
fn los_numeros_no_se_repiten_ni_con_los_hilos_acabados() {
    let mut vistos = HashSet::new();
    for _ in 0..50 {
        let mut hilo = Thread::new(|| ());
        hilo.start().unwrap();
        assert!(vistos.insert(hilo.ident().unwrap()));
        hilo.join().unwrap();
    }
    assert!(!vistos.contains(&main_thread().ident()));
}

#[test]
#[cfg(target_os = "linux")]
fn cada_hilo_vivo_tiene_su_numero_del_sistema() {
    let barrera = Arc::new(Barrier::new(4));
    let mut hilos: Vec<Thread<Option<u32>>> = (0..4)
        .map(|_| {
            let barrera = Arc::clone(&barrera);
            Thread::new(move || {
                barrera.wait();
                let mio = current_thread().native_id();
                barrera.wait();
                mio
            })
        })
        .collect();
    hilos.iter_mut().for_each(|hilo| hilo.start().unwrap());
    let quienes: Vec<ThreadInfo> = hilos.iter().map(|hilo| hilo.info().unwrap()).collect();
    let mut vistos = HashSet::from([std::process::id()]);
    for (hilo, quien) in hilos.into_iter().zip(quienes) {
        let suyo = hilo.join().unwrap();
        assert_eq!(quien.native_id(), suyo);
        assert!(vistos.insert(suyo.unwrap()));
    }
}

#[test]
fn se_es_demonio_si_se_pide_o_si_lo_es_quien_lo_crea() {
    fn crea() -> [bool; 3] {
        [
            Thread::new(|| ()).is_daemon(),
            Thread::new(|| ()).with_daemon(true).is_daemon(),
            Thread::new(|| ()).with_daemon(false).is_daemon(),
        ]
    }
    assert_eq!(crea(), [false, true, false]);
    for (demonio, dentro) in [(false, [false, true, false]), (true, [true, true, false])] {
        let mut hilo = Thread::new(|| (current_thread().is_daemon(), crea())).with_daemon(demonio);
        hilo.start().unwrap();
        assert!(format!("{hilo:?}").ends_with(", demonio)") == demonio);
        assert_eq!(hilo.info().unwrap().is_daemon(), demonio);
        assert_eq!(hilo.join().unwrap(), (demonio, dentro));
    }
}

#[test]
#[should_panic(expected = "di si es un demonio antes de start()")]
fn no_se_hace_demonio_en_marcha() {
    let mut hilo = Thread::new(|| ());
    hilo.start().unwrap();
    let _ = hilo.with_daemon(true);
}

#[test]
fn un_hilo_esta_en_la_lista_mientras_vive() {
    let (suelta, espera) = mpsc::channel::<()>();
    let mut hilo = Thread::new(move || espera.recv()).with_daemon(true);
    hilo.start().unwrap();
    let quien = hilo.info().unwrap();
    let vivos = enumerate();
    assert!(vivos.contains(&quien) && vivos.contains(&current_thread()));
    assert_eq!(vivos[0], main_thread());
    assert!(quien.is_alive());
    assert!(active_count() >= 2);
    suelta.send(()).unwrap();
    hilo.join().unwrap().unwrap();
    assert!(!enumerate().contains(&quien));
    assert!(!quien.is_alive());
}

#[test]
fn quien_ha_esperado_a_un_hilo_ya_no_lo_ve_en_la_lista() {
    for con_plazo in [false, true] {
        for _ in 0..200 {
            let mut hilo = Thread::new(|| ());
            hilo.start().unwrap();
            let quien = hilo.info().unwrap();
            if con_plazo {
                hilo.join_timeout(600).unwrap();
            } else {
                hilo.join().unwrap();
            }
            assert!(!enumerate().contains(&quien));
        }
    }
}

#[test]
fn un_hilo_ajeno_se_ve_como_demonio_y_desaparece_al_acabar() {
    let (suelta, espera) = mpsc::channel::<()>();
    let (dilo, dicho) = mpsc::channel();
    let hilo = std::thread::spawn(move || {
        let yo = current_thread();
        assert_eq!(yo, current_thread());
        assert!(enumerate().contains(&yo));
        dilo.send(yo).unwrap();
        espera.recv().unwrap();
    });
    let quien = dicho.recv().unwrap();
    assert!(quien.name().starts_with("Dummy-"), "{quien:?}");
    assert!(quien.is_daemon() && quien.is_alive());
    assert!(enumerate().contains(&quien));
    suelta.send(()).unwrap();
    hilo.join().unwrap();
    assert!(!quien.is_alive());
    assert!(!enumerate().contains(&quien));
}

#[test]
fn un_hilo_ajeno_con_nombre_lo_conserva() {
    let hilo = std::thread::Builder::new()
        .name("de std".to_owned())
        .spawn(|| current_thread().name().to_owned())
        .unwrap();
    assert_eq!(hilo.join().unwrap(), "de std");
}

#[test]
fn lo_que_crea_un_hilo_ajeno_no_es_demonio() {
    let hilo = std::thread::spawn(|| {
        assert!(current_thread().is_daemon());
        Thread::new(|| ()).is_daemon()
    });
    assert!(!hilo.join().unwrap());
}

#[test]
fn el_principal_es_el_mismo_desde_cualquier_hilo() {
    let mut hilo = Thread::new(main_thread);
    hilo.start().unwrap();
    assert_eq!(hilo.join().unwrap(), main_thread());
    assert_eq!(
        format!("{:?}", main_thread()),
        "ThreadInfo(MainThread, en marcha)"
    );
    assert!(!main_thread().is_daemon());
    // El arnés ejecuta cada prueba en un hilo suyo.
    assert_ne!(current_thread(), main_thread());
}

#[test]
fn al_acabar_un_hilo_aun_sabe_quien_es() {
    struct AlCaer(mpsc::Sender<ThreadInfo>);
    impl Drop for AlCaer {
        fn drop(&mut self) {
            self.0.send(current_thread()).unwrap();
        }
    }
    thread_local! {
        static TESTIGO: std::cell::RefCell<Option<AlCaer>> = const { std::cell::RefCell::new(None) };
    }
    let (dilo, dicho) = mpsc::channel();
    let mut hilo = Thread::new(move || TESTIGO.set(Some(AlCaer(dilo))));
    hilo.start().unwrap();
    let quien = hilo.info().unwrap();
    hilo.join().unwrap();
    assert_eq!(dicho.recv().unwrap(), quien);
}
