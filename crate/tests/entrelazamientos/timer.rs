//! Los temporizadores: el disparo y la cancelación.

#[path = "../../src/timer/trigger.rs"]
mod trigger;

use shuttle::thread;

use crate::primitives::{Arc, AtomicUsize, Ordering};
use trigger::Trigger;

const PLANES: usize = 5_000;

#[test]
fn o_dispara_o_se_cancela_y_lo_saben_los_dos() {
    shuttle::check_random(
        || {
            let gatillo = Arc::new(Trigger::new());
            let suyo = Arc::clone(&gatillo);
            let dispara = thread::spawn(move || {
                let dispara = suyo.fire();
                suyo.finish();
                dispara
            });
            let otro = Arc::clone(&gatillo);
            let tambien = thread::spawn(move || otro.cancel());
            let cancela = gatillo.cancel();
            let dispara = dispara.join().unwrap();
            assert_ne!(cancela, dispara);
            assert_eq!(tambien.join().unwrap(), cancela);
            assert!(gatillo.is_over());
        },
        PLANES,
    );
}

#[test]
fn el_que_se_repite_no_vuelve_a_disparar_despues_de_cancelado() {
    shuttle::check_random(
        || {
            let gatillo = Arc::new(Trigger::new());
            let disparos = Arc::new(AtomicUsize::new(0));
            let (suyo, cuenta) = (Arc::clone(&gatillo), Arc::clone(&disparos));
            let repite = thread::spawn(move || {
                for _ in 0..3 {
                    if !suyo.fire() {
                        break;
                    }
                    cuenta.fetch_add(1, Ordering::SeqCst);
                    if !suyo.rearm() {
                        break;
                    }
                }
                suyo.finish();
            });
            let a_tiempo = gatillo.cancel_rest();
            let vistos = disparos.load(Ordering::SeqCst);
            repite.join().unwrap();
            let todos = disparos.load(Ordering::SeqCst);
            // Como mucho, el que estaba a medias y no se había contado.
            assert!(!a_tiempo || todos <= vistos + 1);
            assert!(a_tiempo || todos == 3);
            assert!(gatillo.is_over());
        },
        PLANES,
    );
}
