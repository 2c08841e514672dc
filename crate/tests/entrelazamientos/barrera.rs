//! `rounds`: todos los de una vuelta acaban igual, y nadie se queda esperando.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use shuttle::thread;

use crate::rounds::{Rounds, Why};

const PLANES: usize = 5_000;

type Accion = fn() -> Result<(), String>;

const SIN_ACCION: Option<Accion> = None;

#[test]
fn pasan_todos_juntos_vuelta_tras_vuelta() {
    shuttle::check_random(
        || {
            let barrera = Arc::new(Rounds::new(3));
            let llegadas = Arc::new(AtomicUsize::new(0));
            let hilos: Vec<_> = (1..=3)
                .map(|me| {
                    let (barrera, llegadas) = (Arc::clone(&barrera), Arc::clone(&llegadas));
                    thread::spawn(move || {
                        let mut orden = 0;
                        for vuelta in 1..=3 {
                            llegadas.fetch_add(1, Ordering::Relaxed);
                            orden += barrera.wait(me, None, SIN_ACCION, |_| ()).unwrap();
                            let llegadas = llegadas.load(Ordering::Relaxed);
                            assert!(llegadas >= 3 * vuelta);
                        }
                        orden
                    })
                })
                .collect();
            let ordenes: usize = hilos.into_iter().map(|hilo| hilo.join().unwrap()).sum();
            assert_eq!(ordenes, 3 * 3);
            assert_eq!(barrera.n_waiting(), 0);
        },
        PLANES,
    );
}

#[test]
fn la_accion_se_hace_una_vez_por_vuelta_y_de_una_en_una() {
    shuttle::check_random(
        || {
            // Más hilos que sitios: una vuelta se reúne mientras otra hace su acción.
            let barrera = Arc::new(Rounds::new(2));
            let hechas = Arc::new(AtomicUsize::new(0));
            let haciendo = Arc::new(AtomicUsize::new(0));
            let hilos: Vec<_> = (1..=4)
                .map(|me| {
                    let barrera = Arc::clone(&barrera);
                    let (hechas, haciendo) = (Arc::clone(&hechas), Arc::clone(&haciendo));
                    thread::spawn(move || {
                        let accion = || {
                            assert_eq!(haciendo.fetch_add(1, Ordering::Relaxed), 0);
                            thread::yield_now();
                            haciendo.fetch_sub(1, Ordering::Relaxed);
                            hechas.fetch_add(1, Ordering::Relaxed);
                            Ok(())
                        };
                        barrera.wait(me, None, Some(accion), |_| ()).unwrap();
                        assert!(hechas.load(Ordering::Relaxed) > 0);
                    })
                })
                .collect();
            for hilo in hilos {
                hilo.join().unwrap();
            }
            assert_eq!(hechas.load(Ordering::Relaxed), 2);
        },
        PLANES,
    );
}

#[test]
fn romperla_a_medias_acaba_igual_para_todos() {
    let pasan = Arc::new(AtomicUsize::new(0));
    let rotas = Arc::new(AtomicUsize::new(0));
    let (total_pasan, total_rotas) = (Arc::clone(&pasan), Arc::clone(&rotas));
    shuttle::check_random(
        move || {
            let barrera = Arc::new(Rounds::new(2));
            let rompe = Arc::clone(&barrera);
            let rompe = thread::spawn(move || rompe.abort());
            let hilos: Vec<_> = (1..=2)
                .map(|me| {
                    let barrera = Arc::clone(&barrera);
                    thread::spawn(move || {
                        let accion = || {
                            thread::yield_now();
                            Ok(())
                        };
                        barrera.wait(me, None, Some(accion), |_| ()).map(drop)
                    })
                })
                .collect();
            let salidas: Vec<_> = hilos.into_iter().map(|hilo| hilo.join().unwrap()).collect();
            rompe.join().unwrap();
            assert_eq!(salidas[0], salidas[1]);
            assert!(barrera.is_broken());
            match &salidas[0] {
                Ok(()) => total_pasan.fetch_add(1, Ordering::Relaxed),
                Err(why) => {
                    assert_eq!(*why, Why::Aborted);
                    total_rotas.fetch_add(1, Ordering::Relaxed)
                }
            };
        },
        PLANES,
    );
    assert!(pasan.load(Ordering::Relaxed) > 0 && rotas.load(Ordering::Relaxed) > 0);
}

#[test]
fn arreglarla_con_gente_esperando_no_deja_a_nadie_colgado() {
    shuttle::check_random(
        || {
            let barrera = Arc::new(Rounds::new(2));
            let arregla = Arc::clone(&barrera);
            let arregla = thread::spawn(move || arregla.reset());
            let clon = Arc::clone(&barrera);
            // Cada uno insiste hasta pasar: si a uno lo echaron, el otro aún no había llegado.
            let insiste = |barrera: &Rounds, me| {
                while let Err(why) = barrera.wait(me, None, SIN_ACCION, |_| ()) {
                    assert_eq!(why, Why::Reset);
                }
            };
            let hilo = thread::spawn(move || insiste(&clon, 1));
            insiste(&barrera, 2);
            hilo.join().unwrap();
            arregla.join().unwrap();
            assert!(!barrera.is_broken());
            assert_eq!(barrera.n_waiting(), 0);
        },
        PLANES,
    );
}

#[test]
fn si_la_accion_falla_lo_saben_todos() {
    shuttle::check_random(
        || {
            let barrera = Arc::new(Rounds::new(3));
            let hilos: Vec<_> = (1..=3)
                .map(|me| {
                    let barrera = Arc::clone(&barrera);
                    let falla = || Err("sin tinta".to_owned());
                    thread::spawn(move || barrera.wait(me, None, Some(falla), |_| ()))
                })
                .collect();
            for hilo in hilos {
                let salida = hilo.join().unwrap();
                assert_eq!(salida, Err(Why::Panic("sin tinta".to_owned())));
            }
            assert!(barrera.is_broken());
        },
        PLANES,
    );
}
