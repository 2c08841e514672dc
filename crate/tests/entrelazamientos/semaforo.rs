//! `monitor`, con lo que hace un semáforo: nadie se queda dormido con una plaza libre.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use shuttle::thread;

use crate::monitor::Monitor;

#[test]
fn nunca_pasan_mas_de_n_y_todos_acaban_pasando() {
    shuttle::check_random(
        || {
            let plazas = Arc::new(Monitor::new(2_u32));
            let dentro = Arc::new(AtomicUsize::new(0));
            let hilos: Vec<_> = (0..4)
                .map(|_| {
                    let (plazas, dentro) = (Arc::clone(&plazas), Arc::clone(&dentro));
                    thread::spawn(move || {
                        let ocupada = plazas.wait(None, |libres| {
                            *libres = libres.checked_sub(1)?;
                            Some(())
                        });
                        assert!(ocupada.is_some());
                        assert!(dentro.fetch_add(1, Ordering::Relaxed) < 2);
                        thread::yield_now();
                        dentro.fetch_sub(1, Ordering::Relaxed);
                        plazas.change_for_one(|libres| *libres += 1);
                    })
                })
                .collect();
            for hilo in hilos {
                hilo.join().unwrap();
            }
            assert_eq!(plazas.with(|libres| *libres), 2);
        },
        5_000,
    );
}
