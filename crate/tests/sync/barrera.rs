//! `Barrier`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use concurrencia::Thread;
use concurrencia::sync::{Barrier, Event, SyncError};

use crate::comun::{DE_SOBRA, hasta, lanza};

/// Un hilo que ya está esperando en la barrera.
fn esperando(barrera: &Barrier) -> Thread<Result<usize, SyncError>> {
    let antes = barrera.n_waiting();
    let clon = barrera.clone();
    let hilo = lanza(move || clon.wait());
    hasta(|| barrera.n_waiting() > antes);
    hilo
}

/// Está como nueva: pasan todos.
fn funciona(barrera: &Barrier) {
    let hilos: Vec<_> = (1..barrera.parties()).map(|_| esperando(barrera)).collect();
    assert_eq!(barrera.wait_timeout(DE_SOBRA).unwrap(), hilos.len());
    for (orden, hilo) in hilos.into_iter().enumerate() {
        assert_eq!(hilo.join().unwrap().unwrap(), orden);
    }
    assert_eq!(barrera.n_waiting(), 0);
}

#[test]
fn nadie_pasa_hasta_que_llegan_todos_vuelta_tras_vuelta() {
    let barrera = Barrier::new(4);
    let llegadas = Arc::new(AtomicU32::new(0));
    let hilos: Vec<_> = (0..4)
        .map(|_| {
            let (barrera, llegadas) = (barrera.clone(), Arc::clone(&llegadas));
            lanza(move || {
                for vuelta in 1..=200 {
                    llegadas.fetch_add(1, Ordering::Relaxed);
                    barrera.wait().unwrap();
                    // Al pasar se ve lo que hizo cada uno antes de llegar.
                    assert!(llegadas.load(Ordering::Relaxed) >= 4 * vuelta);
                    barrera.wait().unwrap();
                }
            })
        })
        .collect();
    for hilo in hilos {
        hilo.join().unwrap();
    }
    assert_eq!(llegadas.load(Ordering::Relaxed), 800);
}

#[test]
fn dice_el_orden_de_llegada() {
    let barrera = Barrier::new(4);
    assert_eq!((barrera.parties(), barrera.n_waiting()), (4, 0));
    funciona(&barrera);
    funciona(&barrera);
}

#[test]
fn vale_para_mas_hilos_que_sitios() {
    // De dos en dos entre cuatro: cada vuelta da un 0 y un 1.
    let barrera = Barrier::new(2);
    let hilos: Vec<Thread<Vec<usize>>> = (0..4)
        .map(|_| {
            let barrera = barrera.clone();
            lanza(move || (0..500).map(|_| barrera.wait().unwrap()).collect())
        })
        .collect();
    let mut ordenes = Vec::new();
    loop {
        // Al último puede faltarle pareja: se la hace la prueba.
        match hilos.iter().filter(|hilo| hilo.is_alive()).count() {
            0 => break,
            1 if barrera.n_waiting() == 1 => ordenes.push(barrera.wait().unwrap()),
            _ => std::thread::yield_now(),
        }
    }
    for hilo in hilos {
        ordenes.extend(hilo.join().unwrap());
    }
    let primeros = ordenes.iter().filter(|&&orden| orden == 0).count();
    assert_eq!(primeros * 2, ordenes.len());
    assert!(ordenes.len() >= 2000);
}

#[test]
fn la_accion_la_hace_el_ultimo_antes_de_que_pase_nadie() {
    let hechas = Arc::new(AtomicU32::new(0));
    let clon = Arc::clone(&hechas);
    let mut vueltas = 0;
    let barrera = Barrier::new(3).with_action(move || {
        vueltas += 1; // es suyo: no hace falta cerrojo
        clon.store(vueltas, Ordering::Relaxed);
    });
    let hilos: Vec<_> = (0..3)
        .map(|_| {
            let (barrera, hechas) = (barrera.clone(), Arc::clone(&hechas));
            lanza(move || {
                for vuelta in 1..=100 {
                    barrera.wait().unwrap();
                    assert!(hechas.load(Ordering::Relaxed) >= vuelta);
                }
            })
        })
        .collect();
    for hilo in hilos {
        hilo.join().unwrap();
    }
    assert_eq!(hechas.load(Ordering::Relaxed), 100);
}

#[test]
fn un_panico_en_la_accion_la_rompe_y_lo_saben_todos() {
    let mut veces = 0;
    let barrera = Barrier::new(3).with_name("meta").with_action(move || {
        veces += 1;
        assert!(veces > 1, "sin tinta");
    });
    let hilos = [esperando(&barrera), esperando(&barrera)];
    let mio = barrera.wait();
    for salida in hilos
        .map(|hilo| hilo.join().unwrap())
        .into_iter()
        .chain([mio])
    {
        let error = salida.unwrap_err();
        assert!(error.is_broken_barrier() && !error.is_deadlock());
        assert_eq!(error.panic_message(), Some("sin tinta"));
        assert!(error.to_string().contains("«meta»") && error.to_string().contains("reset()"));
    }
    assert!(barrera.is_broken());
    assert_eq!(
        barrera.wait().unwrap_err().panic_message(),
        Some("sin tinta")
    );
    barrera.reset();
    funciona(&barrera);
}

#[test]
fn la_accion_puede_mirar_la_barrera_y_romperla_pero_no_esperarla() {
    let meta = Arc::new(std::sync::OnceLock::<Barrier>::new());
    let dentro = Arc::clone(&meta);
    let (visto, al_esperar) = (Arc::new(AtomicU32::new(9)), Event::new());
    let (apunta, avisa) = (Arc::clone(&visto), al_esperar.clone());
    let barrera = Barrier::new(2).with_action(move || {
        let meta = dentro.get().unwrap();
        apunta.store(meta.n_waiting() as u32, Ordering::Relaxed);
        assert!(!meta.is_broken());
        let error = meta.wait().unwrap_err();
        if error.is_deadlock() && error.to_string().contains("acción") {
            avisa.set();
        }
        meta.abort();
    });
    meta.set(barrera.clone()).unwrap();
    let otro = esperando(&barrera);
    assert!(barrera.wait().unwrap_err().is_broken_barrier());
    assert!(otro.join().unwrap().unwrap_err().is_broken_barrier());
    assert_eq!(visto.load(Ordering::Relaxed), 1);
    assert!(al_esperar.is_set());
    assert!(barrera.is_broken());
}

#[test]
fn quien_llega_durante_la_accion_es_de_la_vuelta_siguiente() {
    let (empieza, acaba) = (Event::new(), Event::new());
    let (dentro, espera) = (empieza.clone(), acaba.clone());
    let barrera = Barrier::new(2).with_action(move || {
        dentro.set();
        espera.wait();
    });
    let primeros = [esperando(&barrera), {
        let clon = barrera.clone();
        lanza(move || clon.wait())
    }];
    empieza.wait();
    let clon = barrera.clone();
    let tercero = lanza(move || clon.wait());
    acaba.set();
    for hilo in primeros {
        hilo.join().unwrap().unwrap();
    }
    hasta(|| barrera.n_waiting() == 1);
    assert_eq!(barrera.wait().unwrap(), 1);
    assert_eq!(tercero.join().unwrap().unwrap(), 0);
}

#[test]
fn el_plazo_incluye_lo_que_tarde_la_accion() {
    let acaba = Event::new();
    let espera = acaba.clone();
    let barrera = Barrier::new(2).with_action(move || espera.wait());
    let clon = barrera.clone();
    let con_prisa = lanza(move || clon.wait_timeout(1));
    hasta(|| barrera.n_waiting() == 1);
    let clon = barrera.clone();
    let ultimo = lanza(move || clon.wait());
    assert!(con_prisa.join().unwrap().unwrap_err().is_broken_barrier());
    acaba.set();
    // Todos los de la vuelta acaban igual, también quien hacía la acción.
    assert!(ultimo.join().unwrap().unwrap_err().is_broken_barrier());
    assert!(barrera.is_broken());
}

#[test]
fn a_quien_no_puede_esperar_la_accion_de_otros_no_les_estropea_la_vuelta() {
    let (empieza, acaba) = (Event::new(), Event::new());
    let (dentro, espera) = (empieza.clone(), acaba.clone());
    let barrera = Barrier::new(2).with_action(move || {
        dentro.set();
        espera.wait();
    });
    let primero = esperando(&barrera);
    let clon = barrera.clone();
    let segundo = lanza(move || clon.wait());
    empieza.wait();
    assert!(barrera.wait_timeout(0.2).unwrap_err().is_broken_barrier());
    acaba.set();
    assert_eq!(primero.join().unwrap().unwrap(), 0);
    assert_eq!(segundo.join().unwrap().unwrap(), 1);
    assert!(barrera.is_broken());
    barrera.reset();
    assert!(!barrera.is_broken());
}

#[test]
fn se_rompe_para_todos_si_a_uno_se_le_acaba_el_plazo() {
    let barrera = Barrier::new(3);
    let otro = esperando(&barrera);
    let inicio = Instant::now();
    let error = barrera.wait_timeout(0.7).unwrap_err();
    assert!(inicio.elapsed() >= Duration::from_millis(70));
    assert!(error.is_broken_barrier() && !error.is_timeout());
    assert!(error.to_string().contains("plazo") && error.to_string().contains("reset()"));
    assert!(otro.join().unwrap().unwrap_err().is_broken_barrier());
    assert!(barrera.is_broken());
    // Los que lleguen después ni esperan.
    assert!(barrera.wait().unwrap_err().is_broken_barrier());
    assert_eq!(barrera.n_waiting(), 0);
    barrera.reset();
    funciona(&barrera);
}

#[test]
fn abort_la_rompe_y_reset_la_arregla() {
    let barrera = Barrier::new(3);
    let hilos = [esperando(&barrera), esperando(&barrera)];
    barrera.abort();
    for hilo in hilos {
        let error = hilo.join().unwrap().unwrap_err();
        assert!(error.to_string().contains("abort()"));
    }
    assert!(barrera.is_broken());
    assert_eq!(barrera.n_waiting(), 0);
    barrera.abort();
    assert!(barrera.wait().unwrap_err().is_broken_barrier());
    barrera.reset();
    barrera.reset();
    funciona(&barrera);
}

#[test]
fn reset_echa_a_los_que_esperaban() {
    let barrera = Barrier::new(3);
    let hilos = [esperando(&barrera), esperando(&barrera)];
    barrera.reset();
    assert!(!barrera.is_broken());
    funciona(&barrera);
    for hilo in hilos {
        let error = hilo.join().unwrap().unwrap_err();
        assert!(error.is_broken_barrier());
        assert!(error.to_string().contains("reset()"));
    }
}

#[test]
fn los_que_ya_han_pasado_pasan_aunque_se_rompa_despues() {
    let barrera = Barrier::new(2);
    for _ in 0..200 {
        let otro = esperando(&barrera);
        assert_eq!(barrera.wait().unwrap(), 1);
        barrera.abort();
        assert_eq!(otro.join().unwrap().unwrap(), 0);
        barrera.reset();
    }
}

#[test]
fn la_de_uno_no_espera_y_la_de_cero_no_existe() {
    let barrera = Barrier::new(1);
    for _ in 0..3 {
        assert_eq!(barrera.wait().unwrap(), 0);
        assert_eq!(barrera.wait_timeout(0).unwrap(), 0);
    }
    assert!(catch_unwind(|| Barrier::new(0)).is_err());
}

#[test]
fn un_plazo_que_no_es_un_numero_de_segundos_es_un_panico_y_no_la_rompe() {
    let barrera = Barrier::new(2);
    for plazo in [-1.0, f64::NAN] {
        let panico = catch_unwind(AssertUnwindSafe(|| drop(barrera.wait_timeout(plazo))));
        assert!(panico.is_err(), "{plazo}");
    }
    assert!(!barrera.is_broken());
    assert_eq!(barrera.n_waiting(), 0);
}

#[test]
fn se_ve_como_esta() {
    let barrera = Barrier::new(3).with_name("meta");
    let hilos = [esperando(&barrera), esperando(&barrera)];
    assert_eq!(format!("{barrera:?}"), "Barrier(«meta», 2 de 3)");
    barrera.abort();
    assert_eq!(format!("{barrera:?}"), "Barrier(«meta», rota)");
    for hilo in hilos {
        assert!(hilo.join().unwrap().is_err());
    }
    assert!(Barrier::new(1).name().starts_with("Barrier-"));
    let compartida = catch_unwind(AssertUnwindSafe(|| barrera.clone().with_action(|| ())));
    assert!(compartida.is_err());
}
