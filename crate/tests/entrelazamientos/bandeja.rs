//! `Tray`: la bandeja de `as_completed` y de `wait`, sola y con futuros que acaban mientras se recorren o se abandonan.

use std::sync::Arc;

use shuttle::thread;

use crate::explora;
use crate::primitives::Instant;
use crate::slot::{Callbacks, Slot, Stage};
use crate::tray::Tray;

#[test]
fn lo_que_se_deja_se_coge_una_vez_y_en_su_orden() {
    explora(|| {
        let bandeja = Arc::new(Tray::new());
        let dejan = [10, 20].map(|base| {
            let bandeja = Arc::clone(&bandeja);
            thread::spawn(move || {
                bandeja.put(base);
                bandeja.put(base + 1);
            })
        });
        let cogidos: Vec<u32> = (0..4).map(|_| bandeja.take(None).unwrap()).collect();
        for hilo in dejan {
            hilo.join().unwrap();
        }
        for base in [10, 20] {
            let suyos: Vec<u32> = cogidos
                .iter()
                .copied()
                .filter(|cosa| cosa / 10 == base / 10)
                .collect();
            assert_eq!(suyos, [base, base + 1]);
        }
    });
}

#[test]
fn pasarse_del_plazo_no_pierde_nada() {
    explora(|| {
        let bandeja = Arc::new(Tray::new());
        let dejan = [1, 2].map(|cosa| {
            let bandeja = Arc::clone(&bandeja);
            thread::spawn(move || bandeja.put(cosa))
        });
        // Una vez con plazo, pase lo que pase; lo que falte, sin él.
        let mut cogidos: Vec<u32> = bandeja.take(Some(Instant)).into_iter().collect();
        while cogidos.len() < 2 {
            cogidos.extend(bandeja.take(None));
        }
        for hilo in dejan {
            hilo.join().unwrap();
        }
        cogidos.sort_unstable();
        assert_eq!(cogidos, [1, 2]);
    });
}

#[test]
fn los_futuros_salen_una_vez_cada_uno_segun_acaban() {
    explora(|| {
        let sitios: [Arc<Slot<u32>>; 3] = std::array::from_fn(|_| Arc::new(Slot::new()));
        let acaban = [0, 1, 2].map(|numero| {
            let sitio = Arc::clone(&sitios[numero]);
            thread::spawn(move || match numero {
                // Acabe como acabe.
                0 => sitio.cancel().map(Callbacks::run).is_some(),
                _ => sitio.finish(1).map(Callbacks::run).is_ok(),
            })
        });
        // Lo mismo que hace `Arrivals`.
        let bandeja = Arc::new(Tray::new());
        for (numero, sitio) in sitios.iter().enumerate() {
            let bandeja = Arc::clone(&bandeja);
            sitio.on_end(Box::new(move || bandeja.put(numero)));
        }
        let mut salen: Vec<usize> = (0..3).map(|_| bandeja.take(None).unwrap()).collect();
        for numero in &salen {
            assert!(sitios[*numero].look(Stage::is_over));
        }
        salen.sort_unstable();
        assert_eq!(salen, [0, 1, 2]);
        for hilo in acaban {
            assert!(hilo.join().unwrap());
        }
    });
}

#[test]
fn dejar_de_recorrerlos_no_deja_encargos() {
    explora(|| {
        let sitios: [Arc<Slot<u32>>; 2] = std::array::from_fn(|_| Arc::new(Slot::new()));
        let acaba = {
            let sitio = Arc::clone(&sitios[0]);
            thread::spawn(move || sitio.finish(1).map(Callbacks::run).is_ok())
        };
        let bandeja = Arc::new(Tray::new());
        let encargos: Vec<Option<u64>> = sitios
            .iter()
            .enumerate()
            .map(|(numero, sitio)| {
                let bandeja = Arc::clone(&bandeja);
                sitio.on_end(Box::new(move || bandeja.put(numero)))
            })
            .collect();
        assert_eq!(bandeja.take(None), Some(0));
        for (sitio, encargo) in sitios.iter().zip(encargos) {
            if let Some(encargo) = encargo {
                sitio.forget(encargo);
            }
        }
        assert!(acaba.join().unwrap());
        assert_eq!(Arc::strong_count(&bandeja), 1);
    });
}
