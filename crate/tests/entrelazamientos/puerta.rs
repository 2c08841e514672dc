//! `Door`: encargar, cerrar, descartar y esperar, como lo hace `Workers`.

use std::sync::Arc;

use shuttle::sync::Mutex;
use shuttle::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use shuttle::sync::mpsc::{Receiver, Sender, channel};
use shuttle::thread::{self, JoinHandle};

use crate::door::Door;
use crate::explora;

/// Una tarea que se acuerda de cómo acabó: soltarla sin hacerla la cancela.
struct Tarea {
    marcador: Arc<Marcador>,
    hecha: bool,
}

#[derive(Default)]
struct Marcador {
    hechas: AtomicUsize,
    canceladas: AtomicUsize,
}

impl Drop for Tarea {
    fn drop(&mut self) {
        let cuenta = if self.hecha {
            &self.marcador.hechas
        } else {
            &self.marcador.canceladas
        };
        cuenta.fetch_add(1, SeqCst);
    }
}

/// Los hilos de un ejecutor, con el canal de shuttle.
struct Hilos {
    puerta: Door<Sender<Tarea>>,
    esperan: Arc<Mutex<Receiver<Tarea>>>,
    marcador: Arc<Marcador>,
}

impl Hilos {
    fn arranca(cuantos: usize) -> (Arc<Hilos>, Vec<JoinHandle<()>>) {
        let (envia, recibe) = channel::<Tarea>();
        let esperan = Arc::new(Mutex::new(recibe));
        let hilos = (0..cuantos)
            .map(|_| {
                let esperan = Arc::clone(&esperan);
                thread::spawn(move || {
                    loop {
                        let tarea = esperan.lock().unwrap().recv();
                        match tarea {
                            Ok(mut tarea) => tarea.hecha = true,
                            Err(_) => return,
                        }
                    }
                })
            })
            .collect();
        let modelo = Hilos {
            puerta: Door::new(envia),
            esperan,
            marcador: Arc::default(),
        };
        (Arc::new(modelo), hilos)
    }

    /// Dice si la ha aceptado.
    fn encarga(&self) -> bool {
        let tarea = Tarea {
            marcador: Arc::clone(&self.marcador),
            hecha: false,
        };
        let aceptada = self
            .puerta
            .pass(tarea, |envia, tarea| envia.send(tarea).unwrap());
        aceptada.is_ok()
    }

    fn cierra(&self) {
        drop(self.puerta.close());
    }

    fn descarta(&self) {
        while let Ok(tarea) = self.esperan.lock().unwrap().try_recv() {
            drop(tarea);
        }
    }
}

fn encargan(hilos: &Arc<Hilos>, cuantos: usize) -> Vec<JoinHandle<usize>> {
    let encarga = |_| {
        let hilos = Arc::clone(hilos);
        thread::spawn(move || (0..2).filter(|_| hilos.encarga()).count())
    };
    (0..cuantos).map(encarga).collect()
}

#[test]
fn lo_aceptado_se_hace_y_lo_demas_se_devuelve() {
    explora(|| {
        let (hilos, trabajan) = Hilos::arranca(2);
        let encargan = encargan(&hilos, 2);
        let cerrada = Arc::new(AtomicBool::new(false));
        let cierra = {
            let (hilos, cerrada) = (Arc::clone(&hilos), Arc::clone(&cerrada));
            thread::spawn(move || {
                hilos.cierra();
                cerrada.store(true, SeqCst);
            })
        };
        let tarde = {
            let (hilos, cerrada) = (Arc::clone(&hilos), Arc::clone(&cerrada));
            thread::spawn(move || cerrada.load(SeqCst) && hilos.encarga())
        };
        cierra.join().unwrap();
        assert!(!tarde.join().unwrap(), "se acepta con la puerta cerrada");
        let aceptadas: usize = encargan.into_iter().map(|hilo| hilo.join().unwrap()).sum();
        for hilo in trabajan {
            hilo.join().unwrap();
        }
        assert!(hilos.puerta.is_closed());
        let Marcador { hechas, .. } = &*hilos.marcador;
        assert_eq!(hechas.load(SeqCst), aceptadas);
    });
}

#[test]
fn al_descartar_cada_aceptada_se_hace_o_se_cancela() {
    explora(|| {
        let (hilos, trabajan) = Hilos::arranca(2);
        let encargan = encargan(&hilos, 2);
        let cierran = [0, 1].map(|_| {
            let hilos = Arc::clone(&hilos);
            thread::spawn(move || {
                hilos.cierra();
                hilos.descarta();
            })
        });
        let aceptadas: usize = encargan.into_iter().map(|hilo| hilo.join().unwrap()).sum();
        for hilo in cierran.into_iter().chain(trabajan) {
            hilo.join().unwrap();
        }
        // Las devueltas también se sueltan sin hacer.
        let devueltas = 4 - aceptadas;
        let Marcador { hechas, canceladas } = &*hilos.marcador;
        let (hechas, canceladas) = (hechas.load(SeqCst), canceladas.load(SeqCst));
        assert_eq!(hechas + canceladas - devueltas, aceptadas);
    });
}
