//! `SimpleQueue`: ni se llena ni se cierra.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex};

use concurrencia::queue::SimpleQueue;

use super::con;

#[test]
fn lo_basico() {
    let cola = SimpleQueue::new();
    assert!(cola.is_empty());
    assert_eq!(cola.qsize(), 0);
    for n in 1..=4 {
        cola.put(n);
        assert_eq!(cola.qsize(), n);
    }
    assert_eq!(cola.get(), 1);
    assert_eq!(cola.get_nowait().unwrap(), 2);
    assert_eq!(cola.get_timeout(0.1).unwrap(), 3);
    assert_eq!(cola.get_timeout(0).unwrap(), 4);
    assert!(!cola.get_nowait().unwrap_err().is_timeout());
    assert!(cola.get_timeout(0.01).unwrap_err().is_timeout());
    assert!(cola.is_empty());
    assert_eq!(format!("{cola:?}"), "SimpleQueue(0)");
    assert!(SimpleQueue::<u8>::default().is_empty());
}

#[test]
fn un_plazo_negativo_es_un_panico() {
    let cola = SimpleQueue::new();
    cola.put(1);
    assert!(panic::catch_unwind(AssertUnwindSafe(|| cola.get_timeout(-1))).is_err());
    assert_eq!(cola.qsize(), 1);
}

#[test]
fn va_entre_hilos_y_se_guarda_en_una_celda() {
    fn sirve<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}
    sirve::<SimpleQueue<Box<u8>>>();
}

#[test]
fn get_espera_a_put() {
    let cola = SimpleQueue::new();
    let hilo = con(&cola, |cola| (cola.get(), cola.get_timeout(1e6).unwrap()));
    cola.put(1);
    cola.put(2);
    assert_eq!(hilo.join().unwrap(), (1, 2));
}

#[test]
fn con_un_productor_y_un_consumidor_sale_en_orden() {
    let cola = SimpleQueue::new();
    let hilo = con(&cola, |cola| {
        (0..100).map(|_| cola.get()).collect::<Vec<_>>()
    });
    (0..100).for_each(|n| cola.put(n));
    assert_eq!(hilo.join().unwrap(), (0..100).collect::<Vec<_>>());
}

#[test]
fn muchos_hilos_y_las_tres_maneras_de_sacar() {
    type Saca = fn(&SimpleQueue<Option<u32>>) -> Option<u32>;
    let maneras: [Saca; 3] = [
        |cola| cola.get(),
        |cola| {
            loop {
                match cola.get_nowait() {
                    Ok(n) => return n,
                    Err(_) => std::thread::yield_now(),
                }
            }
        },
        |cola| {
            loop {
                if let Ok(n) = cola.get_timeout(0.0001) {
                    return n;
                }
            }
        },
    ];
    for saca in maneras {
        let cola = SimpleQueue::new();
        let entradas = Arc::new(Mutex::new((0..2_000).collect::<Vec<u32>>()));
        let ponen: Vec<_> = (0..20)
            .map(|_| {
                let entradas = Arc::clone(&entradas);
                con(&cola, move |cola| {
                    while let Some(n) = { entradas.lock().unwrap().pop() } {
                        cola.put(Some(n));
                    }
                    cola.put(None);
                })
            })
            .collect();
        let sacan: Vec<_> = (0..20)
            .map(|_| {
                con(&cola, move |cola| {
                    std::iter::from_fn(|| saca(&cola)).collect::<Vec<_>>()
                })
            })
            .collect();
        for hilo in ponen {
            hilo.join().unwrap();
        }
        let mut salidas: Vec<u32> = sacan
            .into_iter()
            .flat_map(|hilo| hilo.join().unwrap())
            .collect();
        salidas.sort();
        assert_eq!(salidas, (0..2_000).collect::<Vec<_>>());
        assert!(cola.is_empty());
    }
}

#[test]
fn lo_sacado_ya_no_es_de_la_cola_y_lo_que_queda_se_suelta_con_ella() {
    let testigo = Arc::new(());
    let cola = SimpleQueue::new();
    cola.put(Arc::clone(&testigo));
    cola.put(Arc::clone(&testigo));
    drop(cola.get());
    assert_eq!(Arc::strong_count(&testigo), 2);
    drop(cola);
    assert_eq!(Arc::strong_count(&testigo), 1);
}

#[test]
fn se_puede_poner_mientras_cae_lo_que_se_saca() {
    struct Rebota(Option<(SimpleQueue<Rebota>, u32)>);
    impl Drop for Rebota {
        fn drop(&mut self) {
            if let Some((cola, n)) = self.0.take() {
                let siguiente = (n > 0).then(|| (cola.clone(), n - 1));
                cola.put(Rebota(siguiente));
            }
        }
    }
    let cola = SimpleQueue::new();
    cola.put(Rebota(Some((cola.clone(), 100))));
    let mut vueltas = 0;
    while let Ok(elemento) = cola.get_nowait() {
        drop(elemento);
        vueltas += 1;
    }
    assert_eq!(vueltas, 102);
}

#[test]
fn una_cola_viaja_por_otra() {
    let colas = SimpleQueue::new();
    let hilo = con(&colas, |colas: SimpleQueue<SimpleQueue<u32>>| {
        colas.get().put(7)
    });
    let respuesta = SimpleQueue::new();
    colas.put(respuesta.clone());
    assert_eq!(respuesta.get(), 7);
    hilo.join().unwrap();
}
