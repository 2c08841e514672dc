//! A lo bestia y al azar, con semilla: nada se pierde, nada se duplica y cada productor conserva su orden.

use std::sync::{Arc, Barrier};

use concurrencia::queue::Queue;
use fastrand::Rng;

use super::{con, en_las_tres};

en_las_tres! {
    fn ni_pierde_ni_duplica() {
        for semilla in 0..8 {
            let mut azar = Rng::with_seed(semilla);
            let cola = match azar.usize(0..5) {
                0 => Cola::new(),
                huecos => Cola::bounded(huecos),
            };
            let (productores, consumidores) = (azar.usize(1..5), azar.usize(1..5));
            let ponen: Vec<_> = (0..productores as u64)
                .map(|id| {
                    let mut azar = Rng::with_seed(semilla << 8 | id);
                    con(&cola, move |cola| {
                        for n in 0..2_000_u64 {
                            let mut elemento = (id, n);
                            loop {
                                let puesto = match azar.u8(0..3) {
                                    0 => cola.put(elemento),
                                    1 => cola.put_nowait(elemento),
                                    _ => cola.put_timeout(elemento, 0.001),
                                };
                                match puesto {
                                    Ok(()) => break,
                                    Err(llena) => elemento = llena.into_inner(),
                                }
                            }
                        }
                    })
                })
                .collect();
            let sacan: Vec<_> = (0..consumidores as u64)
                .map(|id| {
                    let mut azar = Rng::with_seed(semilla << 16 | id);
                    con(&cola, move |cola| {
                        let mut sacados = Vec::new();
                        loop {
                            let sacado = match azar.u8(0..3) {
                                0 => cola.get(),
                                1 => cola.get_nowait(),
                                _ => cola.get_timeout(0.001),
                            };
                            match sacado {
                                Ok(elemento) => {
                                    sacados.push(elemento);
                                    cola.task_done().unwrap();
                                }
                                Err(error) if error.is_shutdown() => return sacados,
                                Err(_) => {}
                            }
                        }
                    })
                })
                .collect();
            for hilo in ponen {
                hilo.join().unwrap();
            }
            cola.join();
            assert!(cola.is_empty());
            cola.shutdown();
            let mut sacados: Vec<_> = sacan.into_iter().flat_map(|hilo| hilo.join().unwrap()).collect();
            sacados.sort();
            let todos = (0..productores as u64).flat_map(|id| (0..2_000).map(move |n| (id, n)));
            assert!(sacados.into_iter().eq(todos), "semilla {semilla}");
            assert!(cola.task_done().is_err());
        }
    }

    fn con_cierres_al_azar_lo_puesto_se_saca_entero() {
        for semilla in 0..150 {
            let mut azar = Rng::with_seed(semilla);
            let cola = match azar.usize(0..4) {
                0 => Cola::new(),
                huecos => Cola::bounded(huecos),
            };
            let salida = Arc::new(Barrier::new(6));
            let ponen: Vec<_> = (0..3_u64)
                .map(|id| {
                    let salida = Arc::clone(&salida);
                    con(&cola, move |cola| {
                        salida.wait();
                        (0..500).take_while(|&n| cola.put((id, n)).is_ok()).count()
                    })
                })
                .collect();
            let sacan: Vec<_> = (0..2)
                .map(|_| {
                    let salida = Arc::clone(&salida);
                    con(&cola, move |cola| {
                        salida.wait();
                        cola.iter().count()
                    })
                })
                .collect();
            salida.wait();
            for _ in 0..azar.u32(0..2_000) {
                std::hint::spin_loop();
            }
            cola.shutdown();
            let puestos: usize = ponen.into_iter().map(|hilo| hilo.join().unwrap()).sum();
            let sacados: usize = sacan.into_iter().map(|hilo| hilo.join().unwrap()).sum();
            assert_eq!(sacados, puestos, "semilla {semilla}");
            assert!(cola.is_empty());
        }
    }
}

#[test]
fn cada_consumidor_ve_en_orden_lo_de_cada_productor() {
    for semilla in 0..8 {
        let mut azar = Rng::with_seed(semilla);
        let cola = match azar.usize(0..4) {
            0 => Queue::new(),
            huecos => Queue::bounded(huecos * 3),
        };
        let ponen: Vec<_> = (0..3_usize)
            .map(|id| {
                con(&cola, move |cola| {
                    (0..5_000_u32).for_each(|n| cola.put((id, n)).unwrap())
                })
            })
            .collect();
        let sacan: Vec<_> = (0..3)
            .map(|_| {
                con(&cola, |cola| {
                    let mut ultimo = [None; 3];
                    for (id, n) in &cola {
                        assert!(ultimo[id] < Some(n), "{ultimo:?} {id} {n}");
                        ultimo[id] = Some(n);
                    }
                })
            })
            .collect();
        for hilo in ponen {
            hilo.join().unwrap();
        }
        cola.shutdown();
        for hilo in sacan {
            hilo.join().unwrap();
        }
    }
}

#[test]
fn miles_de_hilos_de_usar_y_tirar_no_dejan_rastro_al_cerrar() {
    let cola = Queue::new();
    for tanda in 0..40 {
        let hilos: Vec<_> = (0..50)
            .map(|n| con(&cola, move |cola| cola.put(tanda * 50 + n).unwrap()))
            .collect();
        for hilo in hilos {
            hilo.join().unwrap();
        }
    }
    cola.shutdown();
    let mut todos: Vec<_> = cola.iter().collect();
    todos.sort();
    assert_eq!(todos, (0..2_000).collect::<Vec<_>>());
}
