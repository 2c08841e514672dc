//! La puerta: nada entra después de cerrar, y las tareas se cuentan bien.

use std::collections::VecDeque;

use shuttle::thread;

use super::crowd::Crowd;
use super::door::Door;
use super::wait::{Refusal, Wait};
use crate::primitives::{Arc, AtomicUsize, Mutex, Ordering};

const PLANES: usize = 2_000;

/// Una cola de mentira: la puerta de verdad y, por canal, una lista.
struct Cola {
    puerta: Door,
    gente: Crowd,
    canal: Mutex<VecDeque<u32>>,
    huecos: usize,
}

impl Cola {
    fn new(huecos: usize) -> Arc<Cola> {
        Arc::new(Cola {
            puerta: Door::new(),
            gente: Crowd::new(),
            canal: Mutex::new(VecDeque::new()),
            huecos,
        })
    }

    fn pon(&self, n: u32) -> Result<(), Refusal> {
        let yo = self.gente.join();
        let puesto = self.puerta.pass(&yo, n, |n| {
            let mut canal = self.canal.lock().unwrap();
            if canal.len() == self.huecos {
                return Err(n);
            }
            canal.push_back(n);
            Ok(())
        });
        self.gente.leave(&yo);
        puesto.map_err(|(devuelto, motivo)| {
            assert_eq!(devuelto, n);
            motivo
        })
    }

    fn saca(&self) -> Option<u32> {
        self.canal.lock().unwrap().pop_front()
    }
}

fn lanza<R: Send + 'static>(
    cola: &Arc<Cola>,
    tarea: impl FnOnce(&Cola) -> R + Send + 'static,
) -> thread::JoinHandle<R> {
    let cola = Arc::clone(cola);
    thread::spawn(move || tarea(&cola))
}

#[test]
fn al_volver_el_cierre_esta_dentro_todo_lo_que_se_puso_y_no_entra_nada_mas() {
    shuttle::check_random(
        || {
            let cola = Cola::new(10);
            let ponen: Vec<_> = (0..3)
                .map(|n| lanza(&cola, move |cola| cola.pon(n)))
                .collect();
            cola.puerta.close(&cola.gente);
            let dentro = cola.canal.lock().unwrap().len();
            assert_eq!(cola.pon(9), Err(Refusal::Shutdown));
            let puestos = ponen
                .into_iter()
                .map(|hilo| hilo.join().unwrap())
                .filter(Result::is_ok)
                .count();
            assert_eq!(dentro, puestos);
            assert_eq!(cola.canal.lock().unwrap().len(), puestos);
        },
        PLANES,
    );
}

#[test]
fn quien_ve_la_cola_cerrada_y_vacia_no_se_deja_nada() {
    shuttle::check_random(
        || {
            let cola = Cola::new(10);
            let ponen: Vec<_> = (0..2)
                .map(|n| lanza(&cola, move |cola| cola.pon(n).is_ok()))
                .collect();
            let cierra = lanza(&cola, |cola| cola.puerta.close(&cola.gente));
            let saca = lanza(&cola, |cola| {
                let mut sacados = 0;
                loop {
                    // El mismo orden que en `Queue`: cierre acabado, y entonces la última mirada.
                    let acabada = cola.puerta.is_closed();
                    if acabada {
                        cola.gente.wait_for_exit();
                    }
                    match cola.saca() {
                        Some(_) => sacados += 1,
                        None if acabada => return sacados,
                        None => thread::yield_now(),
                    }
                }
            });
            let puestos = ponen
                .into_iter()
                .map(|hilo| hilo.join().unwrap())
                .filter(|&puesto| puesto)
                .count();
            cierra.join().unwrap();
            assert_eq!(saca.join().unwrap(), puestos);
        },
        PLANES,
    );
}

#[test]
fn join_despierta_cuando_esta_hecho_todo_y_no_antes() {
    shuttle::check_random(
        || {
            let cola = Cola::new(10);
            let hechas = Arc::new(AtomicUsize::new(0));
            cola.pon(0).unwrap();
            cola.pon(1).unwrap();
            let consumen: Vec<_> = (0..2)
                .map(|_| {
                    let hechas = Arc::clone(&hechas);
                    lanza(&cola, move |cola| {
                        cola.saca().unwrap();
                        hechas.fetch_add(1, Ordering::SeqCst);
                        assert!(cola.puerta.finish());
                    })
                })
                .collect();
            let esperan: Vec<_> = (0..2)
                .map(|_| {
                    let hechas = Arc::clone(&hechas);
                    lanza(&cola, move |cola| {
                        assert!(cola.puerta.join(Wait::Forever));
                        assert_eq!(hechas.load(Ordering::SeqCst), 2);
                    })
                })
                .collect();
            for hilo in consumen.into_iter().chain(esperan) {
                hilo.join().unwrap();
            }
            assert!(!cola.puerta.finish());
        },
        PLANES,
    );
}

#[test]
fn lo_que_no_cabe_se_cuenta_un_momento_y_no_deja_a_nadie_dormido() {
    shuttle::check_random(
        || {
            let cola = Cola::new(1);
            cola.pon(0).unwrap();
            let no_cabe = lanza(&cola, |cola| cola.pon(1));
            let consume = lanza(&cola, |cola| {
                while cola.saca().is_some() {
                    assert!(cola.puerta.finish());
                }
            });
            let espera = lanza(&cola, |cola| cola.puerta.join(Wait::Forever));
            let puesto = no_cabe.join().unwrap();
            consume.join().unwrap();
            // Si entró después de que el consumidor se fuera, lo hace este hilo.
            while cola.saca().is_some() {
                assert!(cola.puerta.finish());
            }
            assert!(puesto.is_ok() || puesto == Err(Refusal::NotNow));
            assert!(espera.join().unwrap());
        },
        PLANES,
    );
}

#[test]
fn cerrar_a_la_vez_desde_dos_hilos_vale() {
    shuttle::check_random(
        || {
            let cola = Cola::new(10);
            let pone = lanza(&cola, |cola| cola.pon(0).is_ok());
            let cierra = lanza(&cola, |cola| {
                cola.puerta.close(&cola.gente);
                cola.canal.lock().unwrap().len()
            });
            cola.puerta.close(&cola.gente);
            let visto = cola.canal.lock().unwrap().len();
            let puesto = pone.join().unwrap();
            assert_eq!(cierra.join().unwrap(), visto);
            assert_eq!(visto, usize::from(puesto));
        },
        PLANES,
    );
}
