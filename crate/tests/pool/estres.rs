//! Los pools de hilos y `parallel`, a lo bestia: pánicos al azar y plazos y finales a mitad, con semilla.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

use concurrencia::{Parallel, ThreadPool, parallel};
use fastrand::Rng;

crate::pruebas![
    ninguna_tarea_se_pierde_ni_se_repite_aunque_fallen_al_azar,
    terminar_a_mitad_deja_cada_tarea_hecha_o_con_su_error,
    par_map_con_fallos_al_azar_cuenta_cada_entrada_una_vez,
    un_plazo_que_vence_a_mitad_no_pierde_ni_repite_ninguna,
];

/// Cuántas veces se ha hecho cada tarea.
#[derive(Clone)]
struct Marcas(Arc<[AtomicU8]>);

impl Marcas {
    fn new(cuantas: usize) -> Marcas {
        Marcas((0..cuantas).map(|_| AtomicU8::new(0)).collect())
    }

    fn marca(&self, tarea: usize) {
        self.0[tarea].fetch_add(1, Ordering::Relaxed);
    }

    fn veces(&self, tarea: usize) -> u8 {
        self.0[tarea].load(Ordering::Relaxed)
    }
}

fn ninguna_tarea_se_pierde_ni_se_repite_aunque_fallen_al_azar() {
    for semilla in 0..40 {
        let mut azar = Rng::with_seed(semilla);
        let pool = ThreadPool::new(azar.usize(1..5)).unwrap();
        let cuantas = azar.usize(1..3000);
        let fallan: Arc<[bool]> = (0..cuantas).map(|_| azar.u8(..) < 20).collect();
        let marcas = Marcas::new(cuantas);
        let (suyas, cuales) = (marcas.clone(), Arc::clone(&fallan));
        let tarea = move |x: usize| {
            suyas.marca(x);
            assert!(!cuales[x], "la {x}");
            x
        };
        let trozo = azar.usize(1..50);
        let salidas: Vec<_> = match azar.u8(..4) {
            0 => pool.imap_chunked(tarea, 0..cuantas, trozo).collect(),
            1 => {
                let salidas = pool.imap_unordered_chunked(tarea, 0..cuantas, trozo);
                let mut salidas: Vec<_> = salidas.collect();
                let numero = |salida: &Result<usize, concurrencia::ThreadError>| match salida {
                    Ok(x) => *x,
                    Err(error) => error.panic_message().unwrap()[3..].parse().unwrap(),
                };
                salidas.sort_by_key(numero);
                salidas
            }
            2 => {
                let tarea = Arc::new(tarea);
                let encarga = |x| {
                    let tarea = Arc::clone(&tarea);
                    pool.apply_async(move || tarea(x), ())
                };
                let encargos: Vec<_> = (0..cuantas).map(encarga).collect();
                encargos.into_iter().map(|uno| uno.into_result()).collect()
            }
            _ => {
                let primera = fallan.iter().position(|falla| *falla);
                match (pool.map_chunked(tarea, 0..cuantas, trozo), primera) {
                    (Ok(salidas), None) => assert!(salidas.into_iter().eq(0..cuantas)),
                    (Err(error), Some(x)) => {
                        assert_eq!(error.panic_message(), Some(&*format!("la {x}")));
                    }
                    (salidas, primera) => panic!("{salidas:?} {primera:?}"),
                }
                Vec::new()
            }
        };
        for (x, salida) in salidas.iter().enumerate() {
            match salida {
                Ok(valor) => assert!(*valor == x && !fallan[x]),
                Err(error) => {
                    assert!(fallan[x]);
                    assert_eq!(error.panic_message(), Some(&*format!("la {x}")));
                }
            }
        }
        assert!(salidas.is_empty() || salidas.len() == cuantas);
        assert!((0..cuantas).all(|x| marcas.veces(x) == 1), "{semilla}");
    }
}

fn terminar_a_mitad_deja_cada_tarea_hecha_o_con_su_error() {
    for semilla in 0..60 {
        let mut azar = Rng::with_seed(semilla);
        let pool = ThreadPool::new(azar.usize(1..4)).unwrap();
        let cuantas = azar.usize(1..2000);
        let corte = azar.usize(..cuantas);
        let marcas = Marcas::new(cuantas);
        let encargos: Vec<_> = thread::scope(|hilos| {
            let suyo = pool.clone();
            let mias = marcas.clone();
            let encargos = hilos.spawn(move || {
                let encarga = |x| {
                    let (pool, marcas) = (suyo.clone(), mias.clone());
                    suyo.apply_async(
                        move || {
                            marcas.marca(x);
                            // Una de ellas lo termina desde dentro, con las demás en cualquier punto.
                            if x == corte {
                                pool.terminate();
                            }
                            x
                        },
                        (),
                    )
                };
                (0..cuantas).map(encarga).collect()
            });
            encargos.join().unwrap()
        });
        for (x, encargo) in encargos.into_iter().enumerate() {
            match encargo.into_result() {
                Ok(valor) => assert!(valor == x && marcas.veces(x) == 1),
                Err(error) => assert!(error.is_closed() && marcas.veces(x) == 0, "{error}"),
            }
        }
        assert_eq!(marcas.veces(corte), 1);
        pool.join().unwrap();
    }
}

fn par_map_con_fallos_al_azar_cuenta_cada_entrada_una_vez() {
    for semilla in 0..60 {
        let mut azar = Rng::with_seed(semilla);
        let cuantas = azar.usize(1..500);
        let fallan: Arc<[bool]> = (0..cuantas).map(|_| azar.u8(..) < 20).collect();
        let marcas = Marcas::new(cuantas);
        let (suyas, cuales) = (marcas.clone(), Arc::clone(&fallan));
        let tarea = move |x: usize| {
            suyas.marca(x);
            assert!(!cuales[x], "la {x}");
            x
        };
        let trabajadores = azar.usize(1..6);
        let fallos = match tarea.par_map(0..cuantas).max_workers(trabajadores).run() {
            Ok(salidas) => {
                assert!(salidas.into_iter().eq(0..cuantas));
                0
            }
            Err(parcial) => {
                for (x, error) in parcial.failed() {
                    assert!(fallan[*x]);
                    assert_eq!(error.panic_message(), Some(&*format!("la {x}")));
                }
                assert!(parcial.succeeded().iter().all(|(x, valor)| x == valor));
                assert_eq!(parcial.succeeded().len() + parcial.failed().len(), cuantas);
                parcial.failed().len()
            }
        };
        assert_eq!(fallos, fallan.iter().filter(|falla| **falla).count());
        assert!((0..cuantas).all(|x| marcas.veces(x) == 1), "{semilla}");
    }
}

fn un_plazo_que_vence_a_mitad_no_pierde_ni_repite_ninguna() {
    let (mut a_tiempo, mut tarde) = (0, 0);
    for semilla in 0..100 {
        let mut azar = Rng::with_seed(semilla);
        let cuantas = azar.usize(1..500);
        let marcas = Marcas::new(cuantas);
        let llamadas = (0..cuantas).map(|x| {
            let marcas = marcas.clone();
            let tarea = move || {
                marcas.marca(x);
                thread::yield_now();
                x
            };
            (x, tarea.future(()))
        });
        let ex = parallel::async_par(llamadas).max_workers(azar.usize(1..4));
        // De nada a un milisegundo.
        let parcial = match ex.start().results_timeout(azar.f64() / 100.0) {
            Ok(salidas) => {
                assert!(salidas.into_values().eq(0..cuantas));
                continue;
            }
            Err(parcial) => parcial,
        };
        for (x, valor) in parcial.succeeded() {
            assert!(x == valor && marcas.veces(*x) == 1);
        }
        for (x, error) in parcial.failed() {
            assert!(error.is_timeout() || error.is_cancelled(), "{error}");
            assert!(!error.is_cancelled() || marcas.veces(*x) == 0);
        }
        a_tiempo += parcial.succeeded().len();
        tarde += parcial.failed().len();
        assert_eq!(parcial.succeeded().len() + parcial.failed().len(), cuantas);
    }
    println!("{a_tiempo} a tiempo, {tarde} tarde");
}
