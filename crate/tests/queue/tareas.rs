//! `task_done` y `join`: cuándo está hecho todo.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};

use super::{con, en_las_tres};

en_las_tres! {
    fn sin_nada_que_hacer_join_no_espera() {
        let cola: Cola<u32> = Cola::new();
        cola.join();
        assert!(cola.join_timeout(0));
    }

    fn un_task_done_de_mas_es_un_error() {
        let cola = Cola::new();
        assert!(cola.task_done().is_err());
        cola.put(1).unwrap();
        cola.get().unwrap();
        cola.task_done().unwrap();
        assert!(cola.task_done().is_err());
        // El de más no se apunta: la cuenta sigue bien.
        cola.put(2).unwrap();
        assert!(!cola.join_timeout(0));
        cola.task_done().unwrap();
        assert!(cola.join_timeout(0));
    }

    fn join_espera_a_que_este_hecho_y_no_solo_sacado() {
        let cola = Cola::new();
        cola.put("tarea").unwrap();
        assert!(!cola.join_timeout(0.01));
        cola.get().unwrap();
        assert!(!cola.join_timeout(0.01));
        cola.task_done().unwrap();
        assert!(cola.join_timeout(0.01));
    }

    fn join_se_usa_dos_veces_con_trabajadores() {
        let cola = Cola::new();
        let suma = Arc::new(AtomicU64::new(0));
        let hilos: Vec<_> = (0..2)
            .map(|_| {
                let suma = Arc::clone(&suma);
                con(&cola, move |cola| {
                    for n in &cola {
                        suma.fetch_add(n, Ordering::Relaxed);
                        cola.task_done().unwrap();
                    }
                })
            })
            .collect();
        for vuelta in 1..=2 {
            for n in 0..100 {
                cola.put(n).unwrap();
            }
            cola.join();
            assert_eq!(suma.load(Ordering::Relaxed), vuelta * 4950);
        }
        cola.shutdown();
        for hilo in hilos {
            hilo.join().unwrap();
        }
        assert!(cola.task_done().is_err());
    }

    fn varios_esperan_en_join_y_se_despiertan_todos() {
        let cola = Cola::new();
        cola.put(1).unwrap();
        let hilos: Vec<_> = (0..4).map(|_| con(&cola, |cola| cola.join())).collect();
        cola.get().unwrap();
        cola.task_done().unwrap();
        for hilo in hilos {
            hilo.join().unwrap();
        }
    }

    fn el_que_no_cabe_no_cuenta() {
        let cola = Cola::bounded(1);
        cola.put(1).unwrap();
        assert!(cola.put_nowait(2).is_err());
        assert!(cola.put_timeout(3, 0.01).is_err());
        cola.get().unwrap();
        cola.task_done().unwrap();
        assert!(cola.join_timeout(0));
        assert!(cola.task_done().is_err());
    }

    fn task_done_antes_de_sacar_vale_como_en_python() {
        let cola = Cola::new();
        cola.put(1).unwrap();
        cola.task_done().unwrap();
        cola.join();
        assert_eq!(cola.get().unwrap(), 1);
    }

    fn join_despierta_aunque_la_ultima_tarea_ponga_otra() {
        let cola = Cola::new();
        cola.put(10_u32).unwrap();
        let (avisa, aviso) = mpsc::channel();
        let hilo = con(&cola, move |cola| {
            for n in &cola {
                avisa.send(n).unwrap();
                if n > 0 {
                    cola.put(n - 1).unwrap();
                }
                cola.task_done().unwrap();
            }
        });
        cola.join();
        assert_eq!(aviso.try_iter().count(), 11);
        cola.shutdown();
        hilo.join().unwrap();
    }
}
