//! El registro de hilos y el final de cada uno.

use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicUsize, Ordering};
use shuttle::{check_pct, check_random, thread};

use crate::latch::Latch;
use crate::roster::Roster;

const VECES: usize = 5_000;

#[test]
fn quien_espera_el_final_de_un_hilo_lo_ve_llegue_antes_o_despues() {
    let prueba = || {
        let final_ = Arc::new(Latch::new());
        let escrito = Arc::new(AtomicUsize::new(0));
        let esperan: Vec<_> = (0..2)
            .map(|_| {
                let (final_, escrito) = (Arc::clone(&final_), Arc::clone(&escrito));
                thread::spawn(move || {
                    assert!(final_.wait(None));
                    assert!(final_.is_open());
                    assert_eq!(escrito.load(Ordering::Relaxed), 7);
                })
            })
            .collect();
        escrito.store(7, Ordering::Relaxed);
        final_.open();
        esperan.into_iter().for_each(|hilo| hilo.join().unwrap());
    };
    check_random(prueba, VECES);
    check_pct(prueba, VECES, 3);
}

/// Como los hilos de un bloque: cada uno da de alta a los suyos antes de darse de baja.
fn arranca(registro: &Arc<Roster<u64>>, acabados: &Arc<AtomicUsize>, id: u64, hondura: u64) {
    registro.enter(id, id);
    let (registro, acabados) = (Arc::clone(registro), Arc::clone(acabados));
    thread::spawn(move || {
        if hondura > 0 {
            for hijo in 1..=2 {
                arranca(&registro, &acabados, id * 10 + hijo, hondura - 1);
            }
        }
        acabados.fetch_add(1, Ordering::Relaxed);
        registro.leave(id);
    });
}

#[test]
fn el_bloque_no_se_cierra_hasta_que_no_queda_ni_un_descendiente() {
    let prueba = || {
        let registro = Arc::new(Roster::new());
        let acabados = Arc::new(AtomicUsize::new(0));
        arranca(&registro, &acabados, 1, 1);
        arranca(&registro, &acabados, 2, 0);
        assert!(registro.wait_empty(None).is_empty());
        assert_eq!(acabados.load(Ordering::Relaxed), 4);
        assert!(registro.list().is_empty());
    };
    check_random(prueba, VECES);
    check_pct(prueba, VECES, 3);
}

#[test]
fn un_bloque_en_el_que_no_entro_nadie_se_cierra_enseguida() {
    check_random(
        || assert!(Roster::<u64>::new().wait_empty(None).is_empty()),
        10,
    );
}
