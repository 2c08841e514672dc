//! `Alarm`: quien duerme se entera de todo lo que le dejan, lo llamen cuando lo llamen.

use std::sync::Arc;

use shuttle::sync::{Condvar, Mutex};
use shuttle::thread;

use crate::alarm::Alarm;
use crate::explora;

/// Lo que hace una tubería: suena desde que alguien escribe hasta que alguien la vacía.
#[derive(Default)]
struct Timbre {
    suena: Mutex<bool>,
    cambia: Condvar,
}

impl Timbre {
    fn toca(&self) {
        *self.suena.lock().unwrap() = true;
        self.cambia.notify_all();
    }

    fn calla(&self) {
        *self.suena.lock().unwrap() = false;
    }

    fn duerme_hasta_que_suene(&self) {
        let mut suena = self.suena.lock().unwrap();
        while !*suena {
            suena = self.cambia.wait(suena).unwrap();
        }
    }
}

#[test]
fn nada_de_lo_que_se_deja_se_queda_sin_atender() {
    explora(|| {
        let (llamada, timbre, buzon) = (Alarm::new(), Timbre::default(), Mutex::new(Vec::new()));
        let casa = Arc::new((llamada, timbre, buzon));
        let dejan = [10, 20].map(|base| {
            let casa = Arc::clone(&casa);
            thread::spawn(move || {
                let (llamada, timbre, buzon) = &*casa;
                for cosa in [base, base + 1] {
                    buzon.lock().unwrap().push(cosa);
                    llamada.call(|| timbre.toca());
                }
            })
        });
        let (llamada, timbre, buzon) = &*casa;
        let mut atendidas = Vec::new();
        loop {
            llamada.answer(|| timbre.calla());
            atendidas.append(&mut buzon.lock().unwrap());
            if atendidas.len() == 4 {
                break;
            }
            // Si se hubiera perdido una llamada, de aquí no saldría nunca.
            timbre.duerme_hasta_que_suene();
        }
        for hilo in dejan {
            hilo.join().unwrap();
        }
        atendidas.sort_unstable();
        assert_eq!(atendidas, [10, 11, 20, 21]);
    });
}
