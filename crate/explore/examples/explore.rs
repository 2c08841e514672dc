//! Una suma que se pierde y dos hilos que se esperan: qué orden lo provoca, contado.
//!
//! `cargo run -p concurrencia-explore --example explore`

use explore::sync::atomic::{AtomicU32, Ordering::SeqCst};
use explore::sync::{Arc, Mutex};
use explore::{explore, thread};

/// Leer y luego escribir: dos pasos.
fn suma_perdida() {
    let n = Arc::new(AtomicU32::new(0).with_name("n"));
    let hilos = [1, 2].map(|_| {
        let n = Arc::clone(&n);
        thread::spawn(move || {
            let leido = n.load(SeqCst);
            n.store(leido + 1, SeqCst);
        })
    });
    for hilo in hilos {
        hilo.join().unwrap();
    }
    assert_eq!(n.load(SeqCst), 2, "se ha perdido una suma");
}

/// Cada uno coge los dos cerrojos en su orden.
fn abrazo_mortal() {
    let [a, b] = ["cuchillo", "tenedor"].map(|nombre| Arc::new(Mutex::new(()).with_name(nombre)));
    let comensal = |primero: &Arc<Mutex<()>>, segundo: &Arc<Mutex<()>>| {
        let (primero, segundo) = (Arc::clone(primero), Arc::clone(segundo));
        thread::spawn(move || {
            let _uno = primero.lock().unwrap();
            let _otro = segundo.lock().unwrap();
        })
    };
    let comensales = [comensal(&a, &b), comensal(&b, &a)];
    for comensal in comensales {
        comensal.join().unwrap();
    }
}

fn main() {
    for programa in [suma_perdida, abrazo_mortal] {
        let antes = std::time::Instant::now();
        let informe = explore(programa);
        println!("{informe}\n({:.2?})\n", antes.elapsed());
    }
}
