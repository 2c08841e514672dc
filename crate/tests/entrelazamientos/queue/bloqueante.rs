//! El esqueleto de `LifoQueue` y `PriorityQueue`: nadie se queda dormido y cada elemento lo saca uno.

use shuttle::thread;

use super::blocking::{Blocking, Store};
use super::wait::{Refusal, Wait};
use crate::primitives::{Arc, AtomicUsize, Ordering};

const PLANES: usize = 2_000;

#[derive(Default)]
struct Pila(Vec<u32>);

impl Store for Pila {
    type Item = u32;

    fn push(&mut self, n: u32) {
        self.0.push(n);
    }

    fn pop(&mut self) -> Option<u32> {
        self.0.pop()
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

type Cola = Arc<Blocking<Pila>>;

fn lanza<R: Send + 'static>(
    cola: &Cola,
    tarea: impl FnOnce(&Blocking<Pila>) -> R + Send + 'static,
) -> thread::JoinHandle<R> {
    let cola = Arc::clone(cola);
    thread::spawn(move || tarea(&cola))
}

#[test]
fn con_un_hueco_pasan_todos_y_ninguno_dos_veces() {
    shuttle::check_random(
        || {
            let cola: Cola = Arc::new(Blocking::new(Some(1)));
            let ponen: Vec<_> = (0..2)
                .map(|id| {
                    lanza(&cola, move |cola| {
                        for n in 0..2 {
                            cola.put(id * 2 + n, Wait::Forever).unwrap();
                        }
                    })
                })
                .collect();
            let sacan: Vec<_> = (0..2)
                .map(|_| {
                    lanza(&cola, |cola| {
                        [(); 2].map(|()| cola.get(Wait::Forever).unwrap())
                    })
                })
                .collect();
            for hilo in ponen {
                hilo.join().unwrap();
            }
            let mut sacados: Vec<u32> = sacan
                .into_iter()
                .flat_map(|hilo| hilo.join().unwrap())
                .collect();
            sacados.sort();
            assert_eq!(sacados, [0, 1, 2, 3]);
        },
        PLANES,
    );
}

#[test]
fn el_cierre_despierta_a_los_que_sacan_y_a_los_que_ponen() {
    shuttle::check_random(
        || {
            let vacia: Cola = Arc::new(Blocking::new(None));
            let llena: Cola = Arc::new(Blocking::new(Some(1)));
            llena.put(0, Wait::Forever).unwrap();
            let sacan: Vec<_> = (0..2)
                .map(|_| lanza(&vacia, |cola| cola.get(Wait::Forever)))
                .collect();
            let ponen: Vec<_> = (0..2)
                .map(|n| lanza(&llena, move |cola| cola.put(n, Wait::Forever)))
                .collect();
            vacia.shutdown();
            llena.shutdown();
            for hilo in sacan {
                assert_eq!(hilo.join().unwrap(), Err(Refusal::Shutdown));
            }
            for (n, hilo) in (0..).zip(ponen) {
                assert_eq!(hilo.join().unwrap(), Err((n, Refusal::Shutdown)));
            }
            assert_eq!(llena.get(Wait::Forever), Ok(0));
        },
        PLANES,
    );
}

#[test]
fn lo_puesto_antes_del_cierre_se_saca_entero() {
    shuttle::check_random(
        || {
            let cola: Cola = Arc::new(Blocking::new(Some(2)));
            let ponen: Vec<_> = (0..3)
                .map(|n| lanza(&cola, move |cola| cola.put(n, Wait::Forever).is_ok()))
                .collect();
            let saca = lanza(&cola, |cola| {
                std::iter::from_fn(|| cola.get(Wait::Forever).ok()).count()
            });
            cola.shutdown();
            let puestos = ponen
                .into_iter()
                .map(|hilo| hilo.join().unwrap())
                .filter(|&puesto| puesto)
                .count();
            assert_eq!(saca.join().unwrap(), puestos);
        },
        PLANES,
    );
}

#[test]
fn join_despierta_cuando_esta_hecho_todo_y_no_antes() {
    shuttle::check_random(
        || {
            let cola: Cola = Arc::new(Blocking::new(Some(1)));
            let hechas = Arc::new(AtomicUsize::new(0));
            cola.put(0, Wait::Forever).unwrap();
            let pone = lanza(&cola, |cola| cola.put(1, Wait::Forever).unwrap());
            let suyas = Arc::clone(&hechas);
            let consume = lanza(&cola, move |cola| {
                for _ in 0..2 {
                    cola.get(Wait::Forever).unwrap();
                    suyas.fetch_add(1, Ordering::SeqCst);
                    assert!(cola.task_done());
                }
            });
            pone.join().unwrap();
            let esperan: Vec<_> = (0..2)
                .map(|_| {
                    let hechas = Arc::clone(&hechas);
                    lanza(&cola, move |cola| {
                        assert!(cola.join(Wait::Forever));
                        assert_eq!(hechas.load(Ordering::SeqCst), 2);
                    })
                })
                .collect();
            consume.join().unwrap();
            for hilo in esperan {
                hilo.join().unwrap();
            }
            assert!(!cola.task_done());
        },
        PLANES,
    );
}

#[test]
fn tirar_lo_que_hay_despierta_a_los_de_join() {
    shuttle::check_random(
        || {
            let cola: Cola = Arc::new(Blocking::new(None));
            cola.put(0, Wait::Forever).unwrap();
            cola.put(1, Wait::Forever).unwrap();
            let esperan: Vec<_> = (0..2)
                .map(|_| lanza(&cola, |cola| cola.join(Wait::Forever)))
                .collect();
            let consume = lanza(&cola, |cola| {
                if cola.get(Wait::Forever).is_ok() {
                    assert!(cola.task_done());
                }
            });
            cola.shutdown_immediate();
            assert_eq!(cola.len(), 0);
            consume.join().unwrap();
            for hilo in esperan {
                assert!(hilo.join().unwrap());
            }
        },
        PLANES,
    );
}
