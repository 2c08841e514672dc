//! Lo que hacen las tres igual: llenarse, vaciarse y esperar.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc;
use std::sync::{Arc, Barrier};

use super::{con, en_las_tres};

const HUECOS: usize = 5;

en_las_tres! {
    fn nueva_esta_vacia_y_sin_limite() {
        let cola: Cola<u32> = Cola::new();
        assert!(cola.is_empty() && !cola.is_full());
        assert_eq!((cola.qsize(), cola.maxsize()), (0, None));
        assert!(!cola.is_shutdown());
        assert!(Cola::<u32>::default().is_empty());
    }

    fn se_llena_y_se_vacia_dos_veces() {
        let cola = Cola::bounded(HUECOS);
        assert_eq!(cola.maxsize(), Some(HUECOS));
        for _ in 0..2 {
            for n in 0..HUECOS {
                assert_eq!(cola.qsize(), n);
                assert!(!cola.is_full());
                cola.put(n).unwrap();
                assert!(!cola.is_empty());
            }
            assert!(cola.is_full());
            assert_eq!(cola.put_nowait(99).unwrap_err().into_inner(), 99);
            assert!(cola.put_timeout(99, 0.01).unwrap_err().is_timeout());
            let mut sacados: Vec<_> = (0..HUECOS).map(|_| cola.get().unwrap()).collect();
            sacados.sort();
            assert_eq!(sacados, [0, 1, 2, 3, 4]);
            assert!(cola.is_empty() && !cola.is_full());
            assert!(!cola.get_nowait().unwrap_err().is_shutdown());
            assert!(cola.get_timeout(0.01).unwrap_err().is_timeout());
        }
    }

    fn sin_esperar_se_pone_mientras_cabe_y_se_saca_mientras_hay() {
        let cola = Cola::bounded(HUECOS);
        for _ in 0..HUECOS {
            cola.put_nowait(1).unwrap();
        }
        let error = cola.put_nowait(1).unwrap_err();
        assert!(!error.is_timeout() && !error.is_shutdown());
        for _ in 0..HUECOS {
            assert_eq!(cola.get_nowait().unwrap(), 1);
        }
        let error = cola.get_nowait().unwrap_err();
        assert!(!error.is_timeout() && !error.is_shutdown());
    }

    fn cola_llena_espera_hueco() {
        for con_plazo in [false, true] {
            let cola = Cola::bounded(1);
            cola.put("una").unwrap();
            let (avisa, aviso) = mpsc::channel();
            let hilo = con(&cola, move |cola| {
                match con_plazo {
                    false => cola.put("otra").unwrap(),
                    true => cola.put_timeout("otra", 1e6).unwrap(),
                }
                avisa.send("puesta").unwrap();
            });
            assert!(aviso.try_recv().is_err());
            assert_eq!(cola.get().unwrap(), "una");
            assert_eq!(aviso.recv().unwrap(), "puesta");
            assert_eq!(cola.get().unwrap(), "otra");
            hilo.join().unwrap();
        }
    }

    fn cola_vacia_espera_elemento() {
        for con_plazo in [false, true] {
            let cola = Cola::new();
            let hilo = con(&cola, move |cola| match con_plazo {
                false => cola.get().unwrap(),
                true => cola.get_timeout(1e6).unwrap(),
            });
            cola.put("llegó").unwrap();
            assert_eq!(hilo.join().unwrap(), "llegó");
        }
    }

    fn con_plazo_y_sitio_no_se_espera() {
        let cola = Cola::bounded(1);
        cola.put_timeout(1, 0).unwrap();
        assert_eq!(cola.get_timeout(0).unwrap(), 1);
        assert!(cola.get_timeout(0).unwrap_err().is_timeout());
        cola.put_timeout(2, 0).unwrap();
        let error = cola.put_timeout(3, 0).unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(error.into_inner(), 3);
    }

    fn un_plazo_que_no_cabe_en_el_reloj_es_esperar_siempre() {
        let cola = Cola::bounded(1);
        let hilo = con(&cola, |cola| cola.get_timeout(1e20).unwrap());
        cola.put_timeout(7, 1e20).unwrap();
        assert_eq!(hilo.join().unwrap(), 7);
        cola.put(8).unwrap();
        let hilo = con(&cola, |cola| cola.put_timeout(9, 1e20).unwrap());
        assert_eq!(cola.get().unwrap(), 8);
        hilo.join().unwrap();
    }

    fn un_plazo_negativo_o_que_no_es_numero_es_un_panico() {
        let cola = Cola::new();
        cola.put(1).unwrap();
        for segundos in [-1.0, f64::NAN, f64::INFINITY] {
            let pone = panic::catch_unwind(AssertUnwindSafe(|| cola.put_timeout(2, segundos)));
            assert!(pone.is_err());
            let saca = panic::catch_unwind(AssertUnwindSafe(|| cola.get_timeout(segundos)));
            assert!(saca.is_err());
            let espera = panic::catch_unwind(AssertUnwindSafe(|| cola.join_timeout(segundos)));
            assert!(espera.is_err());
        }
        assert_eq!(cola.qsize(), 1); // y la cola sigue bien
    }

    #[should_panic(expected = "no cabe nada")]
    fn de_cero_huecos_es_un_panico() {
        let _: Cola<u32> = Cola::bounded(0);
    }

    fn los_clones_son_la_misma_cola() {
        let cola = Cola::new();
        let clon = cola.clone();
        cola.put(1).unwrap();
        assert_eq!(clon.get().unwrap(), 1);
        clon.put(2).unwrap();
        clon.shutdown();
        drop(clon);
        assert!(cola.is_shutdown());
        assert_eq!(cola.get().unwrap(), 2);
    }

    fn va_entre_hilos_y_se_guarda_en_una_celda() {
        fn sirve<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}
        sirve::<Cola<Box<u8>>>();
    }

    fn debug_dice_cuantos_hay_cuantos_caben_y_si_esta_cerrada() {
        let cola = Cola::bounded(8);
        cola.put(1).unwrap();
        let dicho = format!("{cola:?}");
        assert!(dicho.ends_with("Queue(1 de 8)"), "{dicho}");
        cola.shutdown();
        assert!(format!("{cola:?}").ends_with("Queue(1 de 8, cerrada)"));
        let dicho = format!("{:?}", Cola::<u32>::new());
        assert!(dicho.ends_with("Queue(0)"), "{dicho}");
    }

    fn lo_sacado_ya_no_es_de_la_cola() {
        let cola = Cola::new();
        for n in 0..20 {
            cola.put(Arc::new(n)).unwrap();
        }
        for _ in 0..20 {
            let elemento = cola.get().unwrap();
            assert_eq!(Arc::strong_count(&elemento), 1);
        }
    }

    fn lo_que_queda_se_suelta_con_el_ultimo_mango() {
        let testigo = Arc::new(());
        let cola = Cola::new();
        for _ in 0..100 {
            cola.put(Arc::clone(&testigo)).unwrap();
        }
        let clon = cola.clone();
        drop(cola);
        assert_eq!(Arc::strong_count(&testigo), 101);
        drop(clon);
        assert_eq!(Arc::strong_count(&testigo), 1);
    }

    fn lo_que_no_ocupa_tambien_se_cuenta() {
        let cola = Cola::bounded(3);
        for _ in 0..3 {
            cola.put(()).unwrap();
        }
        assert!(cola.put_nowait(()).is_err());
        for _ in 0..3 {
            cola.get_nowait().unwrap();
        }
        assert!(cola.get_nowait().is_err());
    }

    fn uno_por_uno_con_un_solo_hueco() {
        let cola = Cola::bounded(1);
        let hilo = con(&cola, |cola| (0..1000).map(|_| cola.get().unwrap()).collect::<Vec<_>>());
        for n in 0..1000 {
            cola.put(n).unwrap();
        }
        // Con un solo hueco no hay otro orden posible.
        assert_eq!(hilo.join().unwrap(), (0..1000).collect::<Vec<_>>());
    }

    fn los_que_esperan_hueco_pasan_todos() {
        let cola = Cola::bounded(1);
        cola.put(0).unwrap();
        let hilos: Vec<_> = (1..=16).map(|n| con(&cola, move |cola| cola.put(n).unwrap())).collect();
        let mut sacados: Vec<_> = (0..=16).map(|_| cola.get().unwrap()).collect();
        for hilo in hilos {
            hilo.join().unwrap();
        }
        sacados.sort();
        assert_eq!(sacados, (0..=16).collect::<Vec<_>>());
        assert!(cola.is_empty());
    }

    fn los_que_esperan_elemento_reciben_uno_cada_uno() {
        let cola = Cola::new();
        let hilos: Vec<_> = (0..16).map(|_| con(&cola, |cola| cola.get().unwrap())).collect();
        for n in 0..16 {
            cola.put(n).unwrap();
        }
        let mut sacados: Vec<_> = hilos.into_iter().map(|hilo| hilo.join().unwrap()).collect();
        sacados.sort();
        assert_eq!(sacados, (0..16).collect::<Vec<_>>());
    }

    fn quien_saca_ve_lo_que_hizo_quien_puso() {
        let cola = Cola::bounded(1);
        let hilo = con(&cola, |cola| {
            for n in 0..1000_u32 {
                cola.put(Box::new(n)).unwrap();
            }
        });
        for n in 0..1000 {
            assert_eq!(*cola.get().unwrap(), n);
        }
        hilo.join().unwrap();
    }

    fn dos_colas_se_contestan() {
        let (ida, vuelta) = (Cola::bounded(1), Cola::bounded(1));
        let mango = vuelta.clone();
        let hilo = con(&ida, move |ida| {
            for n in &ida {
                mango.put(n * 2).unwrap();
            }
        });
        for n in 0..500 {
            ida.put(n).unwrap();
            assert_eq!(vuelta.get().unwrap(), n * 2);
        }
        ida.shutdown();
        hilo.join().unwrap();
    }

    fn mil_colas_de_usar_y_tirar() {
        for n in 0..1000 {
            let cola = Cola::bounded(1);
            let salida = Arc::new(Barrier::new(2));
            let meta = Arc::clone(&salida);
            let hilo = con(&cola, move |cola| {
                meta.wait();
                cola.get().unwrap()
            });
            salida.wait();
            cola.put(n).unwrap();
            assert_eq!(hilo.join().unwrap(), n);
        }
    }
}
