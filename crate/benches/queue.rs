//! Las colas de este crate frente a los canales de crossbeam que llevan dentro.
//!
//! ```sh
//! cargo bench -p concurrencia --bench queue
//! ```
//!
//! Dos productores y dos consumidores se pasan un millón de números. Las variantes se turnan dentro de la misma
//! ejecución, para que lo que haga la máquina les afecte a todas, y la cifra es la mediana.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use concurrencia::crossbeam::channel::{self, Receiver, Sender};
use concurrencia::queue::{LifoQueue, PriorityQueue, Queue, SimpleQueue};

const ELEMENTOS: u64 = 1_000_000;
const PARES: u64 = 2;
const VUELTAS: usize = 31;

/// Lo que se mide de una cola.
trait Cola: Send + Sync {
    fn pon(&self, n: u64);
    fn saca(&self) -> u64;
}

impl Cola for (Sender<u64>, Receiver<u64>) {
    fn pon(&self, n: u64) {
        self.0.send(n).unwrap();
    }
    fn saca(&self) -> u64 {
        self.1.recv().unwrap()
    }
}

impl Cola for SimpleQueue<u64> {
    fn pon(&self, n: u64) {
        self.put(n);
    }
    fn saca(&self) -> u64 {
        self.get()
    }
}

macro_rules! cola {
    ($($tipo:ty),*) => {$(
        impl Cola for $tipo {
            fn pon(&self, n: u64) {
                self.put(n).unwrap();
            }
            fn saca(&self) -> u64 {
                self.get().unwrap()
            }
        }
    )*};
}
cola!(Queue<u64>, LifoQueue<u64>, PriorityQueue<u64>);

fn cronometra<C: Cola + 'static>(cola: C) -> Duration {
    let cola = Arc::new(cola);
    let salida = Arc::new(Barrier::new(2 * PARES as usize + 1));
    let mut hilos = Vec::new();
    for _ in 0..PARES {
        let (de, listos) = (Arc::clone(&cola), Arc::clone(&salida));
        hilos.push(thread::spawn(move || {
            listos.wait();
            (0..ELEMENTOS / PARES).for_each(|n| de.pon(n));
            0
        }));
        let (de, listos) = (Arc::clone(&cola), Arc::clone(&salida));
        hilos.push(thread::spawn(move || {
            listos.wait();
            (0..ELEMENTOS / PARES).map(|_| de.saca()).sum()
        }));
    }
    salida.wait();
    let inicio = Instant::now();
    let suma: u64 = hilos.into_iter().map(|hilo| hilo.join().unwrap()).sum();
    let tiempo = inicio.elapsed();
    let una = ELEMENTOS / PARES;
    assert_eq!(suma, PARES * (una * (una - 1) / 2));
    tiempo
}

fn compara(titulo: &str, variantes: &[(&str, &dyn Fn() -> Duration)]) {
    let mut tiempos = vec![Vec::new(); variantes.len()];
    for _ in 0..VUELTAS {
        for ((_, cronometra), suyos) in variantes.iter().zip(&mut tiempos) {
            suyos.push(cronometra());
        }
    }
    println!("{titulo}");
    let medianas = tiempos.iter_mut().map(|suyos| {
        suyos.sort();
        suyos[suyos.len() / 2].as_secs_f64() * 1e3
    });
    let mut referencia = None;
    for ((nombre, _), mediana) in variantes.iter().zip(medianas) {
        let razon = mediana / *referencia.get_or_insert(mediana);
        println!("  {nombre:<14} {mediana:>7.1} ms  {razon:>5.2}×");
    }
}

fn main() {
    compara(
        "sin límite",
        &[
            ("crossbeam", &|| cronometra(channel::unbounded())),
            ("Queue", &|| cronometra(Queue::new())),
            ("SimpleQueue", &|| cronometra(SimpleQueue::new())),
            ("LifoQueue", &|| cronometra(LifoQueue::new())),
            ("PriorityQueue", &|| cronometra(PriorityQueue::new())),
        ],
    );
    compara(
        "de 1024",
        &[
            ("crossbeam", &|| cronometra(channel::bounded(1024))),
            ("Queue", &|| cronometra(Queue::bounded(1024))),
            ("LifoQueue", &|| cronometra(LifoQueue::bounded(1024))),
            ("PriorityQueue", &|| {
                cronometra(PriorityQueue::bounded(1024))
            }),
        ],
    );
}
