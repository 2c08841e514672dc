//! `shutdown`: quién se despierta, qué se puede sacar y qué se tira.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Barrier, mpsc};

use concurrencia::queue::Queue;

use super::{con, en_las_tres};

en_las_tres! {
    fn cerrada_y_vacia_ni_se_pone_ni_se_saca() {
        let cola = Cola::new();
        cola.shutdown();
        assert!(cola.is_shutdown());
        assert!(cola.put("dato").unwrap_err().is_shutdown());
        assert!(cola.put_nowait("dato").unwrap_err().is_shutdown());
        let error = cola.put_timeout("dato", 1).unwrap_err();
        assert!(error.is_shutdown() && !error.is_timeout());
        assert_eq!(error.into_inner(), "dato");
        assert!(cola.get().unwrap_err().is_shutdown());
        assert!(cola.get_nowait().unwrap_err().is_shutdown());
        let error = cola.get_timeout(1).unwrap_err();
        assert!(error.is_shutdown() && !error.is_timeout());
    }

    fn cerrada_con_algo_dentro_se_saca_y_luego_es_un_error() {
        let cola = Cola::bounded(2);
        cola.put("L").unwrap();
        cola.put_nowait("O").unwrap();
        cola.shutdown();
        assert!(cola.put("E").is_err());
        assert!(cola.put_nowait("W").unwrap_err().is_shutdown());
        for _ in 0..2 {
            assert!("LO".contains(cola.get().unwrap()));
            cola.task_done().unwrap();
        }
        cola.join();
        assert!(cola.get().is_err());
        assert!(cola.get_nowait().unwrap_err().is_shutdown());
        assert!(cola.get_timeout(1).unwrap_err().is_shutdown());
    }

    fn el_cierre_inmediato_tira_lo_que_hay() {
        let testigo = Arc::new(());
        let cola = Cola::new();
        for _ in 0..10 {
            cola.put(Arc::clone(&testigo)).unwrap();
        }
        cola.shutdown_immediate();
        assert_eq!(Arc::strong_count(&testigo), 1);
        assert_eq!(cola.qsize(), 0);
        assert!(cola.get().unwrap_err().is_shutdown());
        assert!(cola.get_nowait().unwrap_err().is_shutdown());
        assert!(cola.put(testigo).is_err());
        assert!(cola.task_done().is_err());
        cola.join();
    }

    fn lo_sacado_antes_del_cierre_inmediato_sigue_por_hacer() {
        let cola = Cola::new();
        cola.put(1).unwrap();
        cola.put(2).unwrap();
        cola.get().unwrap();
        cola.shutdown_immediate();
        assert!(!cola.join_timeout(0.01));
        cola.task_done().unwrap();
        cola.join();
        assert!(cola.task_done().is_err());
    }

    fn si_ya_estaban_hechas_tirarlas_no_descuenta_de_mas() {
        let cola = Cola::new();
        cola.put(1).unwrap();
        cola.put(2).unwrap();
        cola.task_done().unwrap();
        cola.task_done().unwrap();
        cola.shutdown_immediate();
        cola.join();
        assert!(cola.task_done().is_err());
    }

    fn se_puede_cerrar_otra_vez_y_de_otra_manera() {
        let cola = Cola::new();
        cola.put(1).unwrap();
        cola.shutdown();
        cola.shutdown();
        assert_eq!(cola.qsize(), 1);
        cola.shutdown_immediate();
        assert_eq!(cola.qsize(), 0);
        cola.shutdown();
        assert!(cola.is_shutdown());
    }

    fn el_cierre_despierta_a_los_que_esperan_un_elemento() {
        for con_plazo in [false, true] {
            let cola: Cola<u32> = Cola::new();
            let hilos: Vec<_> = (0..4)
                .map(|_| {
                    con(&cola, move |cola| match con_plazo {
                        false => cola.get(),
                        true => cola.get_timeout(1e6),
                    })
                })
                .collect();
            cola.shutdown();
            for hilo in hilos {
                assert!(hilo.join().unwrap().unwrap_err().is_shutdown());
            }
        }
    }

    fn el_cierre_despierta_a_los_que_esperan_un_hueco_y_les_devuelve_lo_suyo() {
        for con_plazo in [false, true] {
            let cola = Cola::bounded(1);
            cola.put(0).unwrap();
            let hilos: Vec<_> = (1..=4)
                .map(|n| {
                    con(&cola, move |cola| match con_plazo {
                        false => cola.put(n),
                        true => cola.put_timeout(n, 1e6),
                    })
                })
                .collect();
            cola.shutdown();
            for (n, hilo) in (1..).zip(hilos) {
                let error = hilo.join().unwrap().unwrap_err();
                assert!(error.is_shutdown());
                assert_eq!(error.into_inner(), n);
            }
            assert_eq!(cola.get().unwrap(), 0);
            assert!(cola.get().is_err());
        }
    }

    fn los_que_esperaban_hueco_no_entran_aunque_se_haga_despues() {
        for _ in 0..200 {
            let cola = Cola::bounded(1);
            cola.put(0).unwrap();
            let hilo = con(&cola, |cola| cola.put(1).is_ok());
            cola.shutdown();
            assert_eq!(cola.get().unwrap(), 0);
            assert!(cola.get_nowait().unwrap_err().is_shutdown());
            assert!(!hilo.join().unwrap());
        }
    }

    fn al_cerrar_sacan_los_que_alcanza_y_los_demas_reciben_el_error() {
        let cola = Cola::bounded(2);
        cola.put("Y").unwrap();
        cola.put("D").unwrap();
        let salida = Arc::new(Barrier::new(4));
        let hilos: Vec<_> = (0..3)
            .map(|_| {
                let salida = Arc::clone(&salida);
                con(&cola, move |cola| {
                    salida.wait();
                    cola.get().is_ok()
                })
            })
            .collect();
        cola.shutdown();
        salida.wait();
        let sacan = hilos.into_iter().map(|hilo| hilo.join().unwrap());
        assert_eq!(sacan.filter(|&saca| saca).count(), 2);
    }

    fn join_sigue_esperando_lo_que_falta_despues_del_cierre() {
        let cola = Cola::new();
        cola.put("Y").unwrap();
        let esperan: Vec<_> = (0..2).map(|_| con(&cola, |cola| cola.join())).collect();
        cola.shutdown();
        assert!(!cola.join_timeout(0.01));
        cola.get().unwrap();
        cola.task_done().unwrap();
        for hilo in esperan {
            hilo.join().unwrap();
        }
    }

    fn el_cierre_inmediato_despierta_a_los_de_join() {
        let cola = Cola::new();
        cola.put("Y").unwrap();
        let esperan: Vec<_> = (0..2).map(|_| con(&cola, |cola| cola.join())).collect();
        cola.shutdown_immediate();
        for hilo in esperan {
            hilo.join().unwrap();
        }
    }

    fn quien_cierra_desde_un_consumidor_despierta_a_los_otros() {
        let cola = Cola::new();
        let hilos: Vec<_> = (0..4)
            .map(|_| {
                con(&cola, |cola| {
                    for n in &cola {
                        if n == 99 {
                            cola.shutdown();
                        }
                    }
                })
            })
            .collect();
        for n in 0..100 {
            cola.put(n).unwrap();
        }
        for hilo in hilos {
            hilo.join().unwrap();
        }
        assert!(cola.is_empty());
    }

    fn soltar_los_demas_mangos_no_cierra() {
        let cola = Cola::new();
        let otro = cola.clone();
        otro.put(1).unwrap();
        drop(otro);
        assert!(!cola.is_shutdown());
        assert_eq!(cola.get().unwrap(), 1);
        assert!(!cola.get_nowait().unwrap_err().is_shutdown());
    }

    fn lo_tirado_puede_usar_la_cola_al_caer() {
        struct Rebota(Option<Cola<Rebota>>, u32);
        impl Drop for Rebota {
            fn drop(&mut self) {
                if let Some(cola) = self.0.take() {
                    assert!(cola.put(Rebota(None, self.1)).unwrap_err().is_shutdown());
                }
            }
        }
        impl Ord for Rebota {
            fn cmp(&self, otro: &Self) -> std::cmp::Ordering {
                self.1.cmp(&otro.1)
            }
        }
        impl PartialOrd for Rebota {
            fn partial_cmp(&self, otro: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(otro))
            }
        }
        impl PartialEq for Rebota {
            fn eq(&self, otro: &Self) -> bool {
                self.cmp(otro).is_eq()
            }
        }
        impl Eq for Rebota {}
        let cola = Cola::new();
        for n in 0..3 {
            cola.put(Rebota(Some(cola.clone()), n)).unwrap();
        }
        cola.shutdown_immediate();
        assert!(cola.is_empty());
        cola.join();
    }

    fn si_lo_tirado_entra_en_panico_al_caer_lo_demas_tambien_se_suelta() {
        #[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
        struct Explota(u32, Arc<()>);
        impl Drop for Explota {
            fn drop(&mut self) {
                assert!(self.0 != 1, "no me tires");
            }
        }
        let testigo = Arc::new(());
        let cola = Cola::new();
        for n in 0..3 {
            cola.put(Explota(n, Arc::clone(&testigo))).unwrap();
        }
        assert!(panic::catch_unwind(AssertUnwindSafe(|| cola.shutdown_immediate())).is_err());
        assert_eq!(Arc::strong_count(&testigo), 1);
        assert!(cola.is_empty());
        cola.join();
        assert!(cola.get().unwrap_err().is_shutdown());
    }

    fn cerrar_en_plena_faena_ni_pierde_ni_duplica() {
        for inmediato in [false, true] {
            for _ in 0..20 {
                let cola = Cola::bounded(4);
                let salida = Arc::new(Barrier::new(8));
                let ponen: Vec<_> = (0..3_u32)
                    .map(|id| {
                        let salida = Arc::clone(&salida);
                        con(&cola, move |cola| {
                            salida.wait();
                            (0..).take_while(|n| cola.put((id, *n)).is_ok()).count()
                        })
                    })
                    .collect();
                let sacan: Vec<_> = (0..3)
                    .map(|_| {
                        let salida = Arc::clone(&salida);
                        con(&cola, move |cola| {
                            salida.wait();
                            let sacados = cola.iter().inspect(|_| cola.task_done().unwrap());
                            sacados.collect::<Vec<(u32, u32)>>()
                        })
                    })
                    .collect();
                let espera = {
                    let salida = Arc::clone(&salida);
                    con(&cola, move |cola| {
                        salida.wait();
                        cola.join();
                    })
                };
                salida.wait();
                // Un rato de faena, sin contar tiempo.
                for _ in 0..50 {
                    if cola.get().is_ok() {
                        cola.task_done().unwrap();
                    }
                }
                if inmediato { cola.shutdown_immediate() } else { cola.shutdown() }
                let puestos: usize = ponen.into_iter().map(|hilo| hilo.join().unwrap()).sum();
                let mut sacados: Vec<_> =
                    sacan.into_iter().flat_map(|hilo| hilo.join().unwrap()).collect();
                espera.join().unwrap();
                cola.join();
                let cuantos = sacados.len();
                sacados.sort();
                sacados.dedup();
                assert_eq!(sacados.len(), cuantos);
                if inmediato {
                    assert!(cuantos + 50 <= puestos);
                } else {
                    assert_eq!(cuantos + 50, puestos);
                }
                assert!(cola.is_empty());
                assert!(cola.task_done().is_err());
            }
        }
    }
}

#[test]
fn se_puede_poner_y_cerrar_mientras_el_hilo_se_despide() {
    /// Al acabar el hilo pone algo, cuando él ya no está apuntado entre los que ponen.
    struct Despedida(Queue<&'static str>);
    impl Drop for Despedida {
        fn drop(&mut self) {
            self.0.put("adiós").unwrap();
            self.0.shutdown();
        }
    }
    thread_local!(static DESPEDIDA: RefCell<Option<Despedida>> = const { RefCell::new(None) });
    for primero in [false, true] {
        let cola = Queue::new();
        let hilo = con(&cola, move |cola| {
            // Lo que se crea antes se destruye después, o al revés: que valga de las dos maneras.
            if primero {
                cola.put("hola").unwrap();
            }
            DESPEDIDA.with(|despedida| *despedida.borrow_mut() = Some(Despedida(cola.clone())));
            if !primero {
                cola.put("hola").unwrap();
            }
        });
        hilo.join().unwrap();
        assert_eq!(cola.iter().collect::<Vec<_>>(), ["hola", "adiós"]);
    }
}

#[test]
fn cerrar_a_la_vez_que_se_pone_no_deja_nada_perdido() {
    for _ in 0..2_000 {
        let cola = Queue::new();
        let (avisa, aviso) = mpsc::channel();
        let pone = con(&cola, move |cola| {
            avisa.send(()).unwrap();
            cola.put(1).is_ok()
        });
        let cierra = con(&cola, |cola| cola.shutdown());
        aviso.recv().unwrap();
        let sacados = cola.iter().count();
        let puesto = pone.join().unwrap();
        cierra.join().unwrap();
        assert_eq!(sacados, usize::from(puesto));
        assert_eq!(cola.qsize(), 0);
    }
}
