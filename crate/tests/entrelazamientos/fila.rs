//! `Backlog`: la fila de un ejecutor de procesos y su cierre.

use std::sync::Arc;

use shuttle::sync::Mutex;
use shuttle::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use shuttle::sync::mpsc::{Sender, channel};
use shuttle::thread::{self, JoinHandle};

use crate::backlog::Backlog;
use crate::door::Door;
use crate::explora;
use crate::primitives::Instant;

/// Cuántas caben a la vez en los procesos.
const CABEN: usize = 2;

/// Un ejecutor de procesos: la fila, el pool (dos hilos) y lo que ha pasado.
struct Ejecutor {
    fila: Backlog<u32>,
    pool: Door<Sender<u32>>,
    dentro: AtomicUsize,
    empezadas: Mutex<Vec<u32>>,
    acabadas: AtomicUsize,
}

/// Las que acaban en cero se cancelan antes de que les toque.
fn cancelada(tarea: u32) -> bool {
    tarea.is_multiple_of(10)
}

impl Ejecutor {
    fn arranca() -> (Arc<Ejecutor>, [JoinHandle<()>; 2]) {
        let (envia, recibe) = channel();
        let ejecutor = Arc::new(Ejecutor {
            fila: Backlog::new(CABEN),
            pool: Door::new(envia),
            dentro: AtomicUsize::new(0),
            empezadas: Mutex::new(Vec::new()),
            acabadas: AtomicUsize::new(0),
        });
        let recibe = Arc::new(Mutex::new(recibe));
        let pool = [0, 1].map(|_| {
            let (ejecutor, recibe) = (Arc::clone(&ejecutor), Arc::clone(&recibe));
            thread::spawn(move || {
                // Acaba cuando lo despiden: si nadie lo hace, shuttle lo dice.
                loop {
                    let tarea = recibe.lock().unwrap().recv();
                    if tarea.is_err() {
                        return;
                    }
                    ejecutor.dentro.fetch_sub(1, SeqCst);
                    ejecutor.acabadas.fetch_add(1, SeqCst);
                    ejecutor.fila.done(|tarea| ejecutor.empieza(tarea));
                    ejecutor.despide_si_no_queda_nada();
                }
            })
        });
        (ejecutor, pool)
    }

    fn empieza(&self, tarea: u32) -> bool {
        if cancelada(tarea) {
            return false;
        }
        self.empezadas.lock().unwrap().push(tarea);
        assert!(self.dentro.fetch_add(1, SeqCst) < CABEN, "no caben");
        let entregada = self
            .pool
            .pass(tarea, |envia, tarea| envia.send(tarea).unwrap());
        assert!(entregada.is_ok(), "despedido con tareas por entregar");
        true
    }

    fn despide_si_no_queda_nada(&self) {
        if self.fila.is_drained() {
            drop(self.pool.close());
        }
    }

    fn encarga(&self, tarea: u32) -> bool {
        let aceptada = self.fila.push(tarea, |tarea| self.empieza(tarea));
        self.despide_si_no_queda_nada();
        aceptada.is_ok()
    }

    fn cierra(&self) {
        self.fila.close();
        self.despide_si_no_queda_nada();
    }

    fn empezadas(&self) -> Vec<u32> {
        self.empezadas.lock().unwrap().clone()
    }
}

/// Dos hilos que encargan cuatro tareas cada uno, la segunda cancelada; dan las que les aceptan.
fn encargan(ejecutor: &Arc<Ejecutor>) -> [JoinHandle<Vec<u32>>; 2] {
    [9, 19].map(|base| {
        let ejecutor = Arc::clone(ejecutor);
        thread::spawn(move || {
            (base..base + 4)
                .filter(|tarea| ejecutor.encarga(*tarea))
                .collect()
        })
    })
}

fn recoge(encargan: [JoinHandle<Vec<u32>>; 2]) -> [Vec<u32>; 2] {
    encargan.map(|hilo| {
        let mut aceptadas = hilo.join().unwrap();
        aceptadas.retain(|tarea| !cancelada(*tarea));
        aceptadas
    })
}

#[test]
fn lo_aceptado_empieza_una_vez_en_su_orden_y_al_cerrar_acaba() {
    explora(|| {
        let (ejecutor, pool) = Ejecutor::arranca();
        let encargan = encargan(&ejecutor);
        let cierra = {
            let ejecutor = Arc::clone(&ejecutor);
            thread::spawn(move || {
                ejecutor.cierra();
                assert!(!ejecutor.encarga(1), "se acepta después de cerrar");
                assert!(ejecutor.fila.wait(None));
                ejecutor.acabadas.load(SeqCst)
            })
        };
        let aceptadas = recoge(encargan);
        let acabadas = cierra.join().unwrap();
        for hilo in pool {
            hilo.join().unwrap();
        }
        let empezadas = ejecutor.empezadas();
        assert_eq!(empezadas.len(), aceptadas.concat().len());
        for suyas in aceptadas {
            let mut orden = empezadas.clone();
            orden.retain(|tarea| suyas.contains(tarea));
            assert_eq!(orden, suyas);
        }
        // Cuando `wait` vuelve ya ha vuelto todo, y de uno cerrado no vuelve nada más.
        assert_eq!(acabadas, empezadas.len());
    });
}

#[test]
fn lo_descartado_no_empieza_y_lo_empezado_acaba() {
    explora(|| {
        let (ejecutor, pool) = Ejecutor::arranca();
        let encargan = encargan(&ejecutor);
        let cierran = [0, 1].map(|_| {
            let ejecutor = Arc::clone(&ejecutor);
            thread::spawn(move || {
                ejecutor.fila.close();
                let descartadas = ejecutor.fila.discard();
                ejecutor.despide_si_no_queda_nada();
                assert!(ejecutor.fila.wait(None));
                descartadas
            })
        });
        let mut aceptadas = recoge(encargan).concat();
        let descartadas = cierran.into_iter().flat_map(|hilo| hilo.join().unwrap());
        let mut finales: Vec<u32> = descartadas.filter(|tarea| !cancelada(*tarea)).collect();
        for hilo in pool {
            hilo.join().unwrap();
        }
        let empezadas = ejecutor.empezadas();
        assert_eq!(ejecutor.acabadas.load(SeqCst), empezadas.len());
        finales.extend(empezadas);
        finales.sort_unstable();
        aceptadas.sort_unstable();
        assert_eq!(finales, aceptadas);
    });
}

#[test]
fn esperar_con_plazo_no_estorba_al_cierre() {
    explora(|| {
        let (ejecutor, pool) = Ejecutor::arranca();
        assert!(ejecutor.encarga(1));
        assert!(ejecutor.encarga(2));
        let espera = {
            let ejecutor = Arc::clone(&ejecutor);
            thread::spawn(move || {
                let a_tiempo = ejecutor.fila.wait(Some(Instant));
                a_tiempo.then(|| ejecutor.acabadas.load(SeqCst))
            })
        };
        ejecutor.cierra();
        assert!(ejecutor.fila.wait(None));
        for hilo in pool {
            hilo.join().unwrap();
        }
        if let Some(acabadas) = espera.join().unwrap() {
            assert_eq!(acabadas, 2);
        }
    });
}
