//! En qué orden sale cada una, y qué pasa si comparar falla.

use std::cmp::{Ordering, Reverse};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use concurrencia::queue::{LifoQueue, PriorityQueue, Queue};

use super::con;

#[test]
fn de_la_cola_sale_primero_lo_primero() {
    let cola = Queue::new();
    for n in [111, 333, 222] {
        cola.put(n).unwrap();
    }
    assert_eq!([(); 3].map(|()| cola.get().unwrap()), [111, 333, 222]);
}

#[test]
fn de_la_pila_sale_primero_lo_ultimo() {
    let pila = LifoQueue::new();
    for n in [111, 333, 222] {
        pila.put(n).unwrap();
    }
    assert_eq!([(); 3].map(|()| pila.get().unwrap()), [222, 333, 111]);
}

#[test]
fn de_la_de_prioridad_sale_primero_lo_menor() {
    let cola = PriorityQueue::new();
    for n in [111, 333, 222] {
        cola.put(n).unwrap();
    }
    assert_eq!([(); 3].map(|()| cola.get().unwrap()), [111, 222, 333]);
}

#[test]
fn la_prioridad_va_en_una_tupla_y_al_reves_con_reverse() {
    let cola = PriorityQueue::new();
    for (n, tarea) in [(2, "b"), (1, "z"), (2, "a")] {
        cola.put((Reverse(n), tarea)).unwrap();
    }
    cola.shutdown();
    let orden: Vec<_> = cola.iter().map(|(_, tarea)| tarea).collect();
    assert_eq!(orden, ["a", "b", "z"]);
}

#[test]
fn la_de_prioridad_ordena_lo_que_va_llegando() {
    let mut azar = fastrand::Rng::with_seed(7);
    let cola = PriorityQueue::new();
    let mut espejo = Vec::new();
    for _ in 0..5_000 {
        if espejo.is_empty() || azar.bool() {
            let n = azar.u32(..1000);
            cola.put(n).unwrap();
            espejo.push(n);
        } else {
            let menor = espejo.iter().copied().enumerate().min_by_key(|&(_, n)| n);
            let (donde, menor) = menor.unwrap();
            espejo.swap_remove(donde);
            assert_eq!(cola.get().unwrap(), menor);
        }
    }
}

#[test]
fn los_de_un_mismo_productor_salen_en_su_orden() {
    let cola = Queue::bounded(3);
    let hilos: Vec<_> = (0..3)
        .map(|id| {
            con(&cola, move |cola| {
                (0..500).for_each(|n| cola.put((id, n)).unwrap());
            })
        })
        .collect();
    let mut siguiente = [0; 3];
    for _ in 0..1500 {
        let (id, n): (usize, u32) = cola.get().unwrap();
        assert_eq!(n, siguiente[id]);
        siguiente[id] += 1;
    }
    for hilo in hilos {
        hilo.join().unwrap();
    }
}

/// Se compara por su número, y entra en pánico si se lo piden.
struct Quisquilloso(u32, Arc<AtomicBool>);

impl Ord for Quisquilloso {
    fn cmp(&self, otro: &Self) -> Ordering {
        assert!(!self.1.load(SeqCst), "no me compares");
        self.0.cmp(&otro.0)
    }
}
impl PartialOrd for Quisquilloso {
    fn partial_cmp(&self, otro: &Self) -> Option<Ordering> {
        Some(self.cmp(otro))
    }
}
impl PartialEq for Quisquilloso {
    fn eq(&self, otro: &Self) -> bool {
        self.cmp(otro).is_eq()
    }
}
impl Eq for Quisquilloso {}

#[test]
fn un_panico_al_comparar_no_estropea_la_cola() {
    let falla = Arc::new(AtomicBool::new(false));
    let nuevo = |n| Quisquilloso(n, Arc::clone(&falla));
    let cola = PriorityQueue::bounded(4);
    for n in [3, 1, 2] {
        cola.put(nuevo(n)).unwrap();
    }
    falla.store(true, SeqCst);
    assert!(panic::catch_unwind(AssertUnwindSafe(|| cola.put(nuevo(0)))).is_err());
    assert_eq!(cola.qsize(), 4); // ha entrado
    assert!(panic::catch_unwind(AssertUnwindSafe(|| cola.get())).is_err());
    assert_eq!(cola.qsize(), 3); // ha salido
    falla.store(false, SeqCst);
    for _ in 0..3 {
        cola.get_nowait().unwrap();
    }
    for _ in 0..4 {
        cola.task_done().unwrap();
    }
    cola.join();
    assert!(cola.get_nowait().is_err());
}

#[test]
fn un_panico_al_poner_no_deja_dormido_a_quien_espera() {
    let falla = Arc::new(AtomicBool::new(false));
    let cola = PriorityQueue::new();
    cola.put(Quisquilloso(1, Arc::clone(&falla))).unwrap();
    cola.put(Quisquilloso(2, Arc::clone(&falla))).unwrap();
    falla.store(true, SeqCst);
    let otro = Quisquilloso(0, Arc::clone(&falla));
    assert!(panic::catch_unwind(AssertUnwindSafe(|| cola.put(otro))).is_err());
    falla.store(false, SeqCst);
    let hilos: Vec<_> = (0..3)
        .map(|_| con(&cola, |cola| cola.get().is_ok()))
        .collect();
    for hilo in hilos {
        assert!(hilo.join().unwrap());
    }
}
