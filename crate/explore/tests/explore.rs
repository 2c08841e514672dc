//! Programas explorados: qué se encuentra, cómo se cuenta y qué queda después.

use std::sync::atomic::AtomicUsize as StdUsize;
use std::time::Duration;

use explore::sync::atomic::{AtomicBool, AtomicU32, Ordering, Ordering::SeqCst};
use explore::sync::{Arc, Barrier, Condvar, Mutex, RwLock, mpsc};
use explore::{Explorer, Report, Strategy, replay, thread};

/// Como `explore::explore`, con menos planes: bastan y sobran para estos programas.
fn explore(programa: impl Fn() + Send + Sync + 'static) -> Report {
    Explorer::new().with_plans(1500).run(programa)
}

/// Suma 1 en dos pasos, leer y escribir.
fn suma_en_dos_pasos(n: &AtomicU32) {
    let leido = n.load(SeqCst);
    n.store(leido + 1, SeqCst);
}

fn incremento_perdido() {
    let n = Arc::new(AtomicU32::new(0).with_name("n"));
    let otro = Arc::clone(&n);
    let hilo = thread::spawn(move || suma_en_dos_pasos(&otro));
    suma_en_dos_pasos(&n);
    hilo.join().unwrap();
    assert_eq!(n.load(SeqCst), 2, "se ha perdido una suma");
}

fn abrazo_mortal() {
    let (a, b) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(0)));
    let (otro_a, otro_b) = (Arc::clone(&a), Arc::clone(&b));
    let hilo = thread::spawn(move || {
        let _b = otro_b.lock().unwrap();
        *otro_a.lock().unwrap() += 1;
    });
    {
        let _a = a.lock().unwrap();
        *b.lock().unwrap() += 1;
    }
    hilo.join().unwrap();
}

fn uno_a_uno() -> Explorer {
    Explorer::new()
        .with_strategy(Strategy::Exhaustive)
        .with_plans(1_000_000)
}

fn textos(informe: &Report) -> Vec<String> {
    informe.trace().iter().map(ToString::to_string).collect()
}

#[track_caller]
fn exige_bien(informe: &Report) {
    assert!(informe.is_ok(), "{informe}");
}

mod encontrar {
    use super::*;

    #[test]
    fn el_incremento_perdido_es_una_carrera_y_se_cuenta_quien_pisa_a_quien() {
        let informe = explore::explore(incremento_perdido);
        assert!(informe.is_race() && informe.is_panic() && !informe.is_deadlock());
        assert_eq!(informe.plans(), 10_000);
        assert!((1..10_000).contains(&informe.failures()));
        let mensaje = informe.message().unwrap();
        assert!(mensaje.starts_with("principal: "), "{mensaje}");
        assert!(mensaje.contains("se ha perdido una suma"), "{mensaje}");
        let historia = textos(&informe);
        let donde = |texto: &str| historia.iter().position(|paso| paso.ends_with(texto));
        assert_eq!(donde("crea hilo 1"), Some(0), "{informe}");
        // Los dos leen 0 antes de que nadie escriba.
        let lecturas = historia.iter().filter(|paso| paso.ends_with("lee «n»: 0"));
        assert_eq!(lecturas.count(), 2, "{informe}");
        let pisa = historia
            .iter()
            .position(|paso| paso.contains("escribe 1 en «n» (pisa lo que escribió"));
        assert!(pisa > donde("escribe 1 en «n»"), "{informe}");
        assert!(
            historia.last().unwrap().starts_with("principal: pánico: "),
            "{informe}"
        );
        assert!(historia.len() <= 12, "{informe}");
    }

    #[test]
    fn dos_cerrojos_en_distinto_orden_es_un_interbloqueo_y_se_dice_quien_espera_a_quien() {
        let informe = explore(abrazo_mortal);
        assert!(informe.is_deadlock() && !informe.is_race() && !informe.is_panic());
        assert!((1..1500).contains(&informe.failures()));
        assert_eq!(
            informe.message().unwrap(),
            "principal espera Mutex B, que tiene hilo 1\nhilo 1 espera Mutex A, que tiene principal"
        );
    }

    #[test]
    fn el_que_no_tiene_fallos_sale_bien() {
        exige_bien(&explore(|| {
            let n = Arc::new(Mutex::new(0));
            let hilos: Vec<_> = (0..3)
                .map(|_| {
                    let n = Arc::clone(&n);
                    thread::spawn(move || *n.lock().unwrap() += 1)
                })
                .collect();
            for hilo in hilos {
                hilo.join().unwrap();
            }
            assert_eq!(*n.lock().unwrap(), 3);
        }));
    }

    #[test]
    fn uno_a_uno_lo_demuestra() {
        let informe = uno_a_uno().run(|| {
            let n = Arc::new(AtomicU32::new(0));
            let otro = Arc::clone(&n);
            let hilo = thread::spawn(move || otro.fetch_add(1, SeqCst));
            n.fetch_add(1, SeqCst);
            hilo.join().unwrap();
            assert_eq!(n.load(SeqCst), 2);
        });
        exige_bien(&informe);
        assert!(informe.is_complete());
        assert!(
            informe.to_string().contains("no existe otro orden"),
            "{informe}"
        );
    }

    #[test]
    fn uno_a_uno_recorre_cada_orden_una_vez() {
        use std::collections::BTreeMap;
        use std::sync::Mutex as StdMutex;
        static VISTOS: StdMutex<BTreeMap<String, u32>> = StdMutex::new(BTreeMap::new());
        let informe = uno_a_uno().run(|| {
            let orden = Arc::new(Mutex::new(String::new()));
            let hilos = ['a', 'b'].map(|letra| {
                let orden = Arc::clone(&orden);
                thread::spawn(move || orden.lock().unwrap().push(letra))
            });
            for hilo in hilos {
                hilo.join().unwrap();
            }
            let orden = orden.lock().unwrap().clone();
            *VISTOS.lock().unwrap().entry(orden).or_default() += 1;
        });
        exige_bien(&informe);
        let vistos = VISTOS.lock().unwrap();
        assert_eq!(vistos.keys().collect::<Vec<_>>(), ["ab", "ba"]);
        assert_eq!(vistos.values().sum::<u32>() as usize, informe.plans());
    }

    #[test]
    fn todas_las_estrategias_lo_encuentran() {
        for estrategia in [
            Strategy::Random,
            Strategy::Pct { depth: 3 },
            Strategy::Exhaustive,
        ] {
            let explorador = Explorer::new().with_plans(2000).with_strategy(estrategia);
            assert!(
                explorador.run(incremento_perdido).is_race(),
                "{estrategia:?}"
            );
            assert!(
                explorador.run(abrazo_mortal).is_deadlock(),
                "{estrategia:?}"
            );
        }
    }

    #[test]
    fn lo_que_falla_siempre_no_es_una_carrera() {
        let informe = explore(|| {
            let hilo = thread::spawn(|| ());
            hilo.join().unwrap();
            panic!("sin red");
        });
        assert!(informe.is_panic() && !informe.is_race());
        assert_eq!(informe.failures(), informe.plans());
        assert_eq!(informe.message(), Some("principal: sin red"));
    }

    #[test]
    fn un_programa_sin_hilos_tiene_un_solo_plan() {
        for estrategia in [
            Strategy::Random,
            Strategy::Pct { depth: 3 },
            Strategy::Exhaustive,
        ] {
            let explorador = Explorer::new().with_strategy(estrategia);
            let bien = explorador.run(|| ());
            exige_bien(&bien);
            assert_eq!((bien.plans(), bien.is_complete()), (1, true));
            let mal = explorador.run(|| panic!("sin red"));
            assert!(mal.is_panic() && !mal.is_race());
            assert!(mal.to_string().contains("solo hay un plan"), "{mal}");
        }
    }

    #[test]
    fn un_panico_en_un_hilo_al_que_nadie_espera_es_un_fallo() {
        let informe = explore(|| {
            thread::Builder::new()
                .name("cajero".into())
                .spawn(|| panic!("sin saldo"))
                .unwrap();
        });
        assert_eq!(informe.message(), Some("cajero: sin saldo"));
    }

    #[test]
    fn un_panico_sin_texto_tambien() {
        let informe = explore(|| std::panic::panic_any(7));
        assert_eq!(
            informe.message(),
            Some("principal: (carga de tipo desconocido)")
        );
    }

    #[test]
    fn dar_vueltas_a_lo_que_nadie_cambia_no_termina() {
        let informe = explore(|| {
            let listo = Arc::new(AtomicBool::new(false));
            let otro = Arc::clone(&listo);
            thread::spawn(move || otro.store(false, SeqCst));
            while !listo.load(SeqCst) {
                thread::yield_now();
            }
        });
        assert!(informe.is_endless());
        assert!(informe.plans() < 100, "con unos cuantos ya está visto");
        let texto = informe.to_string();
        assert!(texto.contains("pasa de 10\u{202f}000 turnos"), "{texto}");
        assert!(texto.contains("pasos más"), "{texto}");
        assert!(texto.lines().count() < 50, "{texto}");
    }

    #[test]
    fn esperar_dando_vueltas_a_lo_que_otro_cambia_si_termina() {
        for estrategia in [Strategy::Random, Strategy::Pct { depth: 3 }] {
            let informe = Explorer::new().with_strategy(estrategia).run(|| {
                let listo = Arc::new(AtomicBool::new(false));
                let otro = Arc::clone(&listo);
                thread::spawn(move || otro.store(true, SeqCst));
                while !listo.load(SeqCst) {
                    explore::hint::spin_loop();
                }
            });
            exige_bien(&informe);
        }
    }

    #[test]
    fn los_turnos_que_se_permiten_se_pueden_cambiar() {
        let programa = || {
            let n = AtomicU32::new(0);
            for _ in 0..50 {
                n.fetch_add(1, SeqCst);
            }
        };
        exige_bien(&explore(programa));
        assert!(
            Explorer::new()
                .with_max_steps(20)
                .run(programa)
                .is_endless()
        );
    }

    #[test]
    fn si_hay_fallos_de_varias_clases_se_dice() {
        let informe = explore(|| {
            let (tx, rx) = mpsc::channel::<()>();
            let otro = thread::spawn(move || assert!(rx.try_recv().is_ok(), "tarde"));
            let candado = Arc::new(Mutex::new(()));
            let suyo = Arc::clone(&candado);
            let hilo = thread::spawn(move || {
                let _uno = suyo.try_lock();
                let _otro = suyo.lock();
            });
            tx.send(()).ok();
            hilo.join().unwrap();
            otro.join().unwrap();
        });
        assert!(informe.to_string().contains("de los fallos, "), "{informe}");
    }
}

mod repetir {
    use super::*;

    #[test]
    fn el_plan_repite_el_fallo_y_su_historia() {
        for programa in [incremento_perdido, abrazo_mortal] {
            let informe = explore(programa);
            let otra_vez = replay(informe.schedule().unwrap(), programa).unwrap();
            assert_eq!(otra_vez.message(), informe.message());
            assert_eq!(otra_vez.trace(), informe.trace());
            assert_eq!(otra_vez.schedule(), informe.schedule());
            assert_eq!((otra_vez.plans(), otra_vez.failures()), (1, 1));
            assert_eq!(otra_vez.is_deadlock(), informe.is_deadlock());
        }
    }

    #[test]
    fn un_plan_que_no_termina_tambien_se_repite() {
        fn programa() {
            let n = AtomicU32::new(0);
            loop {
                n.load(SeqCst);
            }
        }
        let explorador = Explorer::new().with_max_steps(100);
        let informe = explorador.run(programa);
        let otra_vez = explorador
            .replay(informe.schedule().unwrap(), programa)
            .unwrap();
        assert!(otra_vez.is_endless());
        assert_eq!(otra_vez.trace(), informe.trace());
    }

    #[test]
    fn repetir_un_plan_que_va_bien_cuenta_sus_pasos() {
        // Primero todo el hilo 1 y luego todo el principal.
        let informe = replay("0x2 1x3 0x6", incremento_perdido).unwrap();
        exige_bien(&informe);
        assert!(
            textos(&informe).contains(&"principal: lee «n»: 2".to_owned()),
            "{informe}"
        );
    }

    #[test]
    fn un_plan_de_otro_programa_se_dice() {
        let plan = explore(abrazo_mortal).schedule().unwrap().to_owned();
        let error = replay(&plan, || ()).unwrap_err();
        assert!(error.is_mismatch() && !error.is_malformed());
        assert!(
            error.to_string().contains("no es de este programa"),
            "{error}"
        );
        let corto = replay("0x1", incremento_perdido).unwrap_err();
        assert!(
            corto.to_string().contains("se acaba en el turno 1"),
            "{corto}"
        );
        assert!(
            replay("0x1 9x1", incremento_perdido)
                .unwrap_err()
                .is_mismatch()
        );
    }

    #[test]
    fn la_misma_semilla_da_el_mismo_informe_y_otra_otros_planes() {
        let con = |semilla| {
            Explorer::new()
                .with_plans(500)
                .with_seed(semilla)
                .run(incremento_perdido)
        };
        assert_eq!(con(1).to_string(), con(1).to_string());
        let fallos: Vec<usize> = (0..5).map(|semilla| con(semilla).failures()).collect();
        assert!(fallos.iter().any(|n| *n != fallos[0]), "{fallos:?}");
    }

    #[test]
    fn si_el_programa_depende_de_algo_de_fuera_se_dice_en_vez_de_contar_otra_cosa() {
        static VECES: StdUsize = StdUsize::new(0);
        let informe = explore(|| {
            let vez = VECES.fetch_add(1, SeqCst);
            thread::spawn(|| ());
            assert_ne!(vez, 5);
        });
        assert!(informe.is_panic());
        assert_eq!(informe.failures(), 1);
        assert!(informe.trace().is_empty());
        assert!(
            informe.to_string().contains("depende de algo de fuera"),
            "{informe}"
        );
    }
}

mod piezas {
    use super::*;

    #[test]
    fn un_cerrojo_pedido_dos_veces_por_el_mismo_se_espera_a_si_mismo() {
        let informe = explore(|| {
            let m = Mutex::new(0).with_name("caja");
            let _una = m.lock().unwrap();
            let _otra = m.lock().unwrap();
        });
        assert_eq!(
            informe.message(),
            Some("principal espera «caja», que tiene él mismo")
        );
    }

    #[test]
    fn try_lock_falla_en_unos_planes_y_en_otros_no() {
        let informe = explore(|| {
            let m = Arc::new(Mutex::new(()));
            let otro = Arc::clone(&m);
            let hilo = thread::spawn(move || drop(otro.lock().unwrap()));
            assert!(m.try_lock().is_ok(), "lo tenía otro");
            hilo.join().unwrap();
        });
        assert!(informe.is_race(), "{informe}");
        assert!(
            informe
                .to_string()
                .contains("no puede coger Mutex, que tiene hilo 1"),
            "{informe}"
        );
    }

    #[test]
    fn un_panico_recogido_deja_el_cerrojo_envenenado_y_libre() {
        let informe = explore(|| {
            let m = Arc::new(Mutex::new(1));
            let otro = Arc::clone(&m);
            let hilo = thread::spawn(move || {
                let caido = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    let _guarda = otro.lock().unwrap();
                    panic!("a medias");
                }));
                assert!(caido.is_err());
            });
            match m.lock() {
                Ok(valor) => assert_eq!(*valor, 1),
                Err(envenenado) => assert_eq!(*envenenado.into_inner(), 1),
            }
            hilo.join().unwrap();
        });
        exige_bien(&informe);
    }

    #[test]
    fn muchos_leen_a_la_vez_y_nadie_mientras_se_escribe() {
        static JUNTOS: StdUsize = StdUsize::new(0);
        let informe = explore(|| {
            let dato = Arc::new(RwLock::new(0));
            let dentro = Arc::new(AtomicU32::new(0));
            let lectores: Vec<_> = (0..2)
                .map(|_| {
                    let (dato, dentro) = (Arc::clone(&dato), Arc::clone(&dentro));
                    thread::spawn(move || {
                        let _leo = dato.read().unwrap();
                        if dentro.fetch_add(1, SeqCst) == 1 {
                            JUNTOS.fetch_add(1, SeqCst);
                        }
                        dentro.fetch_sub(1, SeqCst);
                    })
                })
                .collect();
            {
                let mut escribo = dato.write().unwrap();
                assert_eq!(dentro.load(SeqCst), 0);
                *escribo = 1;
            }
            for lector in lectores {
                lector.join().unwrap();
            }
            assert!(dato.try_write().is_ok());
            let _leo = dato.try_read().unwrap();
            assert!(dato.try_write().is_err());
        });
        exige_bien(&informe);
        assert!(JUNTOS.load(SeqCst) > 0, "en algún plan leen dos a la vez");
    }

    #[test]
    fn un_aviso_que_no_espera_nadie_se_pierde_y_se_dice() {
        let informe = explore(|| {
            let par = Arc::new((Mutex::new(()), Condvar::new()));
            let otro = Arc::clone(&par);
            let hilo = thread::spawn(move || otro.1.notify_one());
            let guarda = par.0.lock().unwrap();
            drop(par.1.wait(guarda)); // sin mirar nada antes: si el aviso ya pasó, espera para siempre
            hilo.join().unwrap();
        });
        assert!(informe.is_deadlock());
        assert_eq!(
            informe.message(),
            Some("principal espera un aviso en Condvar")
        );
        assert!(
            informe
                .to_string()
                .contains("no espera nadie: el aviso se pierde"),
            "{informe}"
        );
    }

    #[test]
    fn un_aviso_despierta_a_uno_cualquiera_y_otro_sigue_esperando() {
        use std::collections::BTreeSet;
        use std::sync::Mutex as StdMutex;
        static DESPIERTOS: StdMutex<BTreeSet<usize>> = StdMutex::new(BTreeSet::new());
        let informe = Explorer::new().with_plans(2000).run(|| {
            let par = Arc::new((Mutex::new(0), Condvar::new()));
            for quien in 0..2 {
                let par = Arc::clone(&par);
                thread::spawn(move || {
                    let mut esperan = par.0.lock().unwrap();
                    *esperan += 1;
                    drop(par.1.wait(esperan));
                    DESPIERTOS.lock().unwrap().insert(quien);
                });
            }
            while *par.0.lock().unwrap() < 2 {
                thread::yield_now();
            }
            par.1.notify_one();
        });
        assert!(informe.is_deadlock());
        assert_eq!(informe.failures(), informe.plans(), "siempre queda uno");
        assert_eq!(
            DESPIERTOS.lock().unwrap().len(),
            2,
            "y puede ser cualquiera"
        );
    }

    #[test]
    fn avisar_a_todos_despierta_a_todos() {
        let informe = explore(|| {
            let par = Arc::new((Mutex::new(false), Condvar::new()));
            let hilos: Vec<_> = (0..2)
                .map(|_| {
                    let par = Arc::clone(&par);
                    thread::spawn(move || {
                        let listo = par.0.lock().unwrap();
                        drop(par.1.wait_while(listo, |listo| !*listo).unwrap());
                    })
                })
                .collect();
            *par.0.lock().unwrap() = true;
            par.1.notify_all();
            for hilo in hilos {
                hilo.join().unwrap();
            }
        });
        exige_bien(&informe);
    }

    #[test]
    fn mirar_con_if_en_vez_de_while_se_encuentra() {
        let informe = explore(|| {
            let par = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
            let consumidores: Vec<_> = (0..2)
                .map(|_| {
                    let par = Arc::clone(&par);
                    thread::spawn(move || {
                        let mut cola = par.0.lock().unwrap();
                        if cola.is_empty() {
                            cola = par.1.wait(cola).unwrap();
                        }
                        cola.pop().expect("la cola está vacía")
                    })
                })
                .collect();
            for n in 0..2 {
                par.0.lock().unwrap().push(n);
                par.1.notify_all();
            }
            for consumidor in consumidores {
                consumidor.join().unwrap();
            }
        });
        assert!(informe.is_race(), "{informe}");
        assert!(informe.message().unwrap().contains("la cola está vacía"));
    }

    #[test]
    fn la_barrera_se_abre_cuando_llegan_todos_y_solo_uno_es_el_ultimo() {
        let informe = Explorer::new().with_plans(3000).run(|| {
            let meta = Arc::new(Barrier::new(3));
            let ultimos = Arc::new(AtomicU32::new(0));
            let hilos: Vec<_> = (0..3)
                .map(|_| {
                    let (meta, ultimos) = (Arc::clone(&meta), Arc::clone(&ultimos));
                    thread::spawn(move || {
                        for vuelta in 1..=2 {
                            if meta.wait().is_leader() {
                                ultimos.fetch_add(1, SeqCst);
                            }
                            meta.wait();
                            assert_eq!(ultimos.load(SeqCst), vuelta);
                            meta.wait();
                        }
                    })
                })
                .collect();
            for hilo in hilos {
                hilo.join().unwrap();
            }
        });
        exige_bien(&informe);
    }

    #[test]
    fn los_mensajes_de_cada_uno_llegan_en_orden_y_el_canal_se_acaba() {
        let informe = Explorer::new().with_plans(3000).run(|| {
            let (tx, rx) = mpsc::channel();
            for quien in 0..2 {
                let tx = tx.clone();
                thread::spawn(move || {
                    for n in 0..2 {
                        tx.send((quien, n)).unwrap();
                    }
                });
            }
            drop(tx);
            let recibidos: Vec<(i32, i32)> = rx.iter().collect();
            assert_eq!(recibidos.len(), 4);
            for quien in 0..2 {
                let suyos: Vec<i32> = recibidos
                    .iter()
                    .filter(|m| m.0 == quien)
                    .map(|m| m.1)
                    .collect();
                assert_eq!(suyos, [0, 1]);
            }
        });
        exige_bien(&informe);
    }

    #[test]
    fn un_canal_con_limite_hace_esperar_y_uno_sin_sitio_entrega_en_mano() {
        let informe = Explorer::new().with_plans(3000).run(|| {
            for sitio in [0, 1] {
                let (tx, rx) = mpsc::sync_channel(sitio);
                let enviados = Arc::new(AtomicU32::new(0));
                let suyos = Arc::clone(&enviados);
                let hilo = thread::spawn(move || {
                    for n in 0..3 {
                        tx.send(n).unwrap();
                        suyos.fetch_add(1, SeqCst);
                    }
                });
                for recibidos in 0..3 {
                    let van = enviados.load(SeqCst) as usize;
                    assert!(van <= recibidos + sitio, "caben {sitio} y van {van}");
                    assert_eq!(rx.recv(), Ok(recibidos as i32));
                }
                assert!(rx.recv().is_err());
                hilo.join().unwrap();
            }
        });
        exige_bien(&informe);
    }

    #[test]
    fn enviar_sin_quien_reciba_es_un_error() {
        let informe = explore(|| {
            let (tx, rx) = mpsc::channel();
            let (otro, vacio) = mpsc::sync_channel(1);
            assert!(otro.try_send(1).is_ok());
            assert!(matches!(otro.try_send(2), Err(mpsc::TrySendError::Full(2))));
            assert_eq!(vacio.try_iter().collect::<Vec<_>>(), [1]);
            drop((rx, vacio));
            assert_eq!(tx.send(7).unwrap_err().0, 7);
            assert!(matches!(
                otro.try_send(3),
                Err(mpsc::TrySendError::Disconnected(3))
            ));
        });
        exige_bien(&informe);
    }

    #[test]
    fn el_permiso_de_park_se_guarda_si_llega_antes() {
        let informe = uno_a_uno().run(|| {
            let hilo = thread::spawn(thread::park);
            hilo.thread().unpark();
            hilo.join().unwrap();
        });
        exige_bien(&informe);
        let informe = explore(|| {
            thread::spawn(thread::park).join().unwrap();
        });
        assert!(informe.is_deadlock());
        assert!(
            informe.message().unwrap().contains("hilo 1 espera en park"),
            "{informe}"
        );
    }

    #[test]
    fn los_atomicos_hacen_lo_mismo_que_los_de_std() {
        let informe = explore(|| {
            let n = AtomicU32::new(5);
            assert_eq!(n.swap(7, SeqCst), 5);
            assert_eq!(n.fetch_sub(2, SeqCst), 7);
            assert_eq!(n.fetch_max(9, SeqCst), 5);
            assert_eq!(n.fetch_min(3, SeqCst), 9);
            assert_eq!(n.fetch_or(4, SeqCst), 3);
            assert_eq!(n.fetch_and(6, SeqCst), 7);
            assert_eq!(n.fetch_xor(1, SeqCst), 6);
            assert_eq!(n.fetch_nand(u32::MAX, SeqCst), 7);
            assert_eq!(n.compare_exchange(0, 1, SeqCst, SeqCst), Err(!7));
            assert_eq!(
                n.compare_exchange_weak(!7, u32::MAX, SeqCst, SeqCst),
                Ok(!7)
            );
            assert_eq!(n.fetch_add(2, SeqCst), u32::MAX);
            assert_eq!(n.fetch_update(SeqCst, SeqCst, |x| x.checked_sub(2)), Err(1));
            assert_eq!(n.fetch_update(SeqCst, SeqCst, |x| Some(x + 1)), Ok(1));
            assert_eq!(format!("{n:?}"), "AtomicU32(A, 2)");
            assert_eq!(n.into_inner(), 2);
        });
        exige_bien(&informe);
    }

    #[test]
    fn un_orden_debil_se_recuerda_en_el_informe() {
        let informe = explore(|| {
            AtomicU32::new(0).load(Ordering::Relaxed);
        });
        exige_bien(&informe);
        assert!(informe.to_string().contains("van como SeqCst"), "{informe}");
    }

    #[test]
    fn los_objetos_sin_nombre_se_distinguen_por_letras() {
        let informe = explore(|| {
            let (a, b) = (AtomicU32::new(0), AtomicU32::new(1));
            let solo = AtomicBool::new(true);
            let suma = a.load(SeqCst) + b.load(SeqCst);
            assert!(!solo.load(SeqCst), "suma {suma}");
        });
        assert_eq!(
            textos(&informe)[..3],
            [
                "principal: lee AtomicU32 A: 0",
                "principal: lee AtomicU32 B: 1",
                "principal: lee AtomicBool: true"
            ]
        );
    }

    #[test]
    fn dormir_no_ordena_nada() {
        let informe = explore(|| {
            let listo = Arc::new(AtomicBool::new(false));
            let otro = Arc::clone(&listo);
            thread::spawn(move || otro.store(true, SeqCst));
            thread::sleep(Duration::from_secs(3600));
            assert!(listo.load(SeqCst), "todavía no");
        });
        assert!(informe.is_race(), "{informe}");
    }
}

mod convivir {
    use super::*;
    use std::panic::catch_unwind;
    use std::process::Command;

    fn mensaje(f: impl FnOnce() + std::panic::UnwindSafe) -> String {
        let carga = catch_unwind(f).unwrap_err();
        concurrencia::panic::panic_message(&*carga).to_owned()
    }

    #[test]
    fn una_pieza_fuera_de_un_programa_explorado_lo_dice() {
        let dicho = mensaje(|| drop(Mutex::new(1)));
        assert!(
            dicho.contains("solo vale dentro de un programa que se explora"),
            "{dicho}"
        );
    }

    #[test]
    fn una_pieza_que_sobrevive_a_su_programa_lo_dice_y_se_suelta_sin_mas() {
        use std::sync::Mutex as StdMutex;
        static FUERA: StdMutex<Option<Arc<Mutex<u8>>>> = StdMutex::new(None);
        static CANAL: StdMutex<Option<mpsc::Sender<u8>>> = StdMutex::new(None);
        explore(|| {
            *FUERA.lock().unwrap() = Some(Arc::new(Mutex::new(1)));
            *CANAL.lock().unwrap() = Some(mpsc::channel().0);
        });
        let fuera = FUERA.lock().unwrap().take().unwrap();
        let dicho = mensaje(std::panic::AssertUnwindSafe(|| drop(fuera.lock())));
        assert!(dicho.contains("solo vale dentro"), "{dicho}");
        drop((fuera, CANAL.lock().unwrap().take()));
    }

    #[test]
    fn un_programa_explorado_no_puede_explorar_otro() {
        let informe = explore(|| drop(explore(|| ())));
        assert!(
            informe
                .message()
                .unwrap()
                .contains("no puede explorar otro"),
            "{informe}"
        );
    }

    #[test]
    fn lo_que_el_programa_tenia_se_suelta_tambien_en_los_planes_que_fallan() {
        fn queda(programa: impl Fn(Arc<()>) + Send + Sync + 'static) -> (Report, usize) {
            let testigo = Arc::new(());
            let suyo = Arc::clone(&testigo);
            let informe = Explorer::new()
                .with_plans(200)
                .with_max_steps(200)
                .run(move || programa(Arc::clone(&suyo)));
            (informe, Arc::strong_count(&testigo) - 1)
        }
        let (informe, quedan) = queda(|testigo| {
            let otro = Arc::clone(&testigo);
            thread::spawn(move || {
                let _mio = otro;
                abrazo_mortal();
            });
            let _mio = testigo;
            abrazo_mortal();
        });
        assert!(informe.is_deadlock());
        assert_eq!(quedan, 0, "interbloqueo");
        let (informe, quedan) = queda(|testigo| {
            let otro = Arc::clone(&testigo);
            thread::spawn(move || {
                let _mio = otro;
                thread::park();
            });
            thread::spawn(|| panic!("ya"));
            let m = Mutex::new(testigo);
            let _guarda = m.lock().unwrap();
            thread::park();
        });
        assert!(informe.is_panic());
        assert_eq!(quedan, 0, "pánico con otros a medias");
        let (informe, quedan) = queda(|testigo| {
            let _mio = testigo;
            loop {
                thread::yield_now();
            }
        });
        assert!(informe.is_endless());
        assert_eq!(quedan, 0, "no termina");
    }

    #[test]
    fn varias_a_la_vez_no_se_estorban() {
        let hilos: Vec<_> = (0..3)
            .map(|_| std::thread::spawn(|| Explorer::new().with_plans(500).run(abrazo_mortal)))
            .collect();
        let informes: Vec<String> = hilos
            .into_iter()
            .map(|h| h.join().unwrap().to_string())
            .collect();
        assert!(informes.iter().all(|informe| *informe == informes[0]));
    }

    #[test]
    fn el_informe_se_guarda_se_clona_y_se_manda() {
        fn es<T: Clone + Send + Sync + std::fmt::Debug + 'static>(_: &T) {}
        let informe = explore(abrazo_mortal);
        es(&informe);
        let debug = format!("{informe:?}");
        assert!(
            debug.starts_with("Report(interbloqueo: falla en ") && !debug.contains('\n'),
            "{debug}"
        );
    }

    /// Otro proceso, para ver su salida de error entera.
    fn hijo(cual: &str) -> (String, String) {
        let salida = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                cual,
                "--ignored",
                "--nocapture",
                "--test-threads=1",
            ])
            .output()
            .unwrap();
        assert!(salida.status.success(), "{salida:?}");
        let texto = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (texto(salida.stdout), texto(salida.stderr))
    }

    #[test]
    #[ignore = "la lanza la siguiente en otro proceso"]
    fn explora_de_todo() {
        assert!(explore(incremento_perdido).is_race());
        assert!(explore(abrazo_mortal).is_deadlock());
        let informe = explore(|| {
            thread::spawn(|| std::panic::panic_any(3));
            thread::park();
        });
        assert!(informe.is_panic());
        assert!(
            Explorer::new()
                .with_max_steps(10)
                .run(|| loop {
                    thread::yield_now()
                })
                .is_endless()
        );
        explore(|| AtomicU32::default().store(1, Ordering::Relaxed));
    }

    #[test]
    fn explorar_no_escribe_nada() {
        let (_, error) = hijo("convivir::explora_de_todo");
        assert_eq!(error, "");
    }

    #[test]
    #[ignore = "la lanza la siguiente en otro proceso"]
    fn explora_y_luego_entra_en_panico() {
        concurrencia::install_panic_hook();
        assert!(explore(abrazo_mortal).is_deadlock());
        assert!(std::thread::spawn(|| panic!("de verdad")).join().is_err());
    }

    #[test]
    fn un_panico_de_despues_se_anuncia_como_siempre() {
        let (_, error) = hijo("convivir::explora_y_luego_entra_en_panico");
        assert_eq!(error, "pánico en el hilo «sin nombre»: de verdad\n");
    }
}
