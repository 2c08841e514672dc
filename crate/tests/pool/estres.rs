//! Los pools de hilos, a lo bestia: pánicos al azar y pools que se terminan a mitad, con semilla.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

use concurrencia::ThreadPool;
use fastrand::Rng;

crate::pruebas![
    ninguna_tarea_se_pierde_ni_se_repite_aunque_fallen_al_azar,
    terminar_a_mitad_deja_cada_tarea_hecha_o_con_su_error,
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
