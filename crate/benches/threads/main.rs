//! Hilos, ejecutores, asyncio, colas y cerrojos frente a Python y frente a lo que tienen debajo.
//!
//! ```sh
//! cargo bench -p concurrencia --bench threads            # todo, y al final la tabla de razones
//! cargo bench -p concurrencia --bench threads -- queue   # solo lo que contenga «queue»
//! ```
//!
//! Cada trabajo se mide tres veces en la misma ejecución: aquí, a pelo (rayon con un canal, `JoinSet::join_all` de tokio,
//! `std::thread`, crossbeam-channel, `parking_lot`) y en un Python (`python3`, o el que diga `PYTHON`). Las cifras son
//! medianas. Los trabajos de un millón no se le piden a Python: tardaría minutos.

#[path = "../comun/mod.rs"]
mod comun;

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use comun::{Banco, Pedido, veces};
use concurrencia::Thread;
use concurrencia::asyncio;
use concurrencia::crossbeam::channel::{bounded, unbounded};
use concurrencia::futures::ThreadPoolExecutor;
use concurrencia::parking_lot::Mutex;
use concurrencia::queue::Queue;
use concurrencia::rayon::{ThreadPool, ThreadPoolBuilder};
use concurrencia::set_scale;
use concurrencia::sync::Lock;
use concurrencia::tokio::{self, task::JoinSet};

const TAREAS: usize = 20_000;
const ELEMENTOS: usize = 100_000;
const VUELTAS: usize = 100_000;
const ESPERA: f64 = 0.01;

/// Lo más que se le da a Python de una vez.
const PARA_PYTHON: usize = 100_000;

const PEDIDOS: [Pedido; 5] = [
    pedido("submit_tareas/20000", 20.0, 1.3),
    pedido("gather/20000", 10.0, 1.2),
    pedido("thread/1", 2.0, 1.3),
    pedido("queue_elementos/1000000", 10.0, 1.5),
    pedido("lock/1", 2.0, 2.0),
];

const fn pedido(nombre: &'static str, python: f64, a_pelo: f64) -> Pedido {
    Pedido {
        nombre,
        python,
        a_pelo: Some(a_pelo),
    }
}

fn cuadrado(x: u64) -> u64 {
    x * x
}

fn submit(ejecutor: &ThreadPoolExecutor, tareas: usize) {
    let futuros: Vec<_> = (0..tareas as u64)
        .map(|i| ejecutor.submit(cuadrado, (i,)))
        .collect();
    for futuro in futuros {
        black_box(futuro.result().expect("no hay pánicos"));
    }
}

fn rayon_y_canal(pool: &ThreadPool, tareas: usize) {
    let esperas: Vec<_> = (0..tareas as u64)
        .map(|i| {
            let (deja, espera) = bounded(1);
            pool.spawn(move || deja.send(cuadrado(i)).expect("alguien espera"));
            espera
        })
        .collect();
    for espera in esperas {
        black_box(espera.recv().expect("no hay pánicos"));
    }
}

fn ejecutores(banco: &mut Banco, trabajo: &'static str, hilos: usize, tareas: usize, n: usize) {
    let ejecutor = ThreadPoolExecutor::new(hilos).expect("hay hilos");
    let pool = ThreadPoolBuilder::new()
        .num_threads(hilos)
        .build()
        .expect("hay hilos");
    let medido = banco
        .trabajo(trabajo, n)
        .largo_si(tareas >= PARA_PYTHON)
        .aqui(|iter| veces(iter, || submit(&ejecutor, tareas)))
        .a_pelo(|iter| veces(iter, || rayon_y_canal(&pool, tareas)));
    if tareas <= PARA_PYTHON {
        medido.python();
    }
}

fn esperas(banco: &mut Banco, n: usize) {
    let bucle = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("hay runtime");
    let espera = Duration::from_secs_f64(ESPERA);
    let medido = banco
        .trabajo("gather", n)
        .largo_si(n >= PARA_PYTHON)
        .aqui(|iter| {
            veces(iter, || {
                let corrutinas: Vec<_> = (0..n).map(|_| asyncio::sleep(ESPERA)).collect();
                let hechas = asyncio::run(async { asyncio::gather(corrutinas).await });
                assert_eq!(hechas.expect("nadie falla").len(), n);
            })
        })
        .a_pelo(|iter| {
            veces(iter, || {
                let hechas = bucle.block_on(async {
                    let esperas = (0..n).map(|_| async move { tokio::time::sleep(espera).await });
                    esperas.collect::<JoinSet<()>>().join_all().await
                });
                assert_eq!(hechas.len(), n);
            })
        });
    if n <= PARA_PYTHON {
        medido.python();
    }
}

fn hilos(banco: &mut Banco, n: usize) {
    banco
        .trabajo("thread", n)
        .aqui(|iter| {
            veces(iter, || {
                let mut hilos: Vec<_> = (0..n).map(|_| Thread::new(|| ())).collect();
                for hilo in &mut hilos {
                    hilo.start().expect("hay hilos");
                }
                for hilo in hilos {
                    hilo.join().expect("no hay pánicos");
                }
            })
        })
        .a_pelo(|iter| {
            veces(iter, || {
                let hilos: Vec<_> = (0..n).map(|_| thread::spawn(|| ())).collect();
                for hilo in hilos {
                    hilo.join().expect("no hay pánicos");
                }
            })
        })
        .python();
}

/// Tantos productores como consumidores, y tantos elementos entre todos.
fn reparte(parejas: usize, elementos: usize, put: impl Fn(usize) + Sync, get: impl Fn() + Sync) {
    let por_hilo = elementos / parejas;
    thread::scope(|hilos| {
        for _ in 0..parejas {
            hilos.spawn(|| (0..por_hilo).for_each(&put));
            hilos.spawn(|| (0..por_hilo).for_each(|_| get()));
        }
    });
}

fn colas(banco: &mut Banco, trabajo: &'static str, parejas: usize, elementos: usize, n: usize) {
    banco
        .trabajo(trabajo, n)
        .largo_si(elementos > PARA_PYTHON)
        .aqui(|iter| {
            veces(iter, || {
                let cola = Queue::new();
                reparte(
                    parejas,
                    elementos,
                    |i| cola.put(i).expect("nadie la cierra"),
                    || _ = black_box(cola.get().expect("nadie la cierra")),
                );
            })
        })
        .a_pelo(|iter| {
            veces(iter, || {
                let (envia, recibe) = unbounded();
                reparte(
                    parejas,
                    elementos,
                    |i| envia.send(i).expect("alguien recibe"),
                    || _ = black_box(recibe.recv().expect("alguien envía")),
                );
            })
        })
        .python();
}

/// `VUELTAS` sumas entre `n` hilos; con uno solo, sin lanzar ninguno.
fn sumas(n: usize, suma: impl Fn() + Sync) {
    let vueltas = VUELTAS / n;
    if n == 1 {
        return (0..vueltas).for_each(|_| suma());
    }
    thread::scope(|hilos| {
        for _ in 0..n {
            hilos.spawn(|| (0..vueltas).for_each(|_| suma()));
        }
    });
}

fn cerrojos(banco: &mut Banco, n: usize) {
    let cerrojo = Lock::new(0_u64);
    let mutex = Mutex::new(0_u64);
    banco
        .trabajo("lock", n)
        .aqui(|iter| {
            veces(iter, || {
                sumas(n, || *cerrojo.acquire().expect("no hay otro cerrojo") += 1)
            })
        })
        .a_pelo(|iter| veces(iter, || sumas(n, || *mutex.lock() += 1)))
        .python();
}

fn main() {
    // Las esperas, de verdad: son las mismas que las de Python.
    set_scale(1);
    let mut banco = Banco::new("threads/python.py");
    for n in [100, 1_000, 10_000, TAREAS, 100_000, 1_000_000] {
        ejecutores(&mut banco, "submit_tareas", 2, n, n);
    }
    for n in [1, 2, 4, 16, 64] {
        ejecutores(&mut banco, "submit_hilos", n, TAREAS, n);
    }
    for n in [100, 1_000, 10_000, TAREAS, 100_000, 1_000_000] {
        esperas(&mut banco, n);
    }
    for n in [1, 2, 4, 16, 64] {
        hilos(&mut banco, n);
    }
    for n in [100, 1_000, 10_000, 100_000, 1_000_000] {
        colas(&mut banco, "queue_elementos", 2, n, n);
    }
    for n in [1, 2, 4, 16, 32] {
        colas(&mut banco, "queue_parejas", n, ELEMENTOS, n);
    }
    for n in [1, 2, 4, 16, 64] {
        cerrojos(&mut banco, n);
    }
    banco.tabla(&PEDIDOS);
}
