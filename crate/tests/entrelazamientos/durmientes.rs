//! `sleepers`: no se pierde ningún aviso, y no despierta quien no debe.

use std::sync::Arc;

use shuttle::sync::Mutex;
use shuttle::thread;

use crate::sleepers::Sleepers;

const PLANES: usize = 5_000;

/// Un dato con su cerrojo, y los que duermen hasta que cambie.
#[derive(Default)]
struct Condicion {
    dato: Mutex<u32>,
    durmientes: Sleepers,
}

impl Condicion {
    /// Espera a que haya algo y se lo lleva.
    fn quita(&self) {
        let mut dato = self.dato.lock().unwrap();
        while *dato == 0 {
            let sitio = self.durmientes.enter();
            drop(dato);
            assert!(self.durmientes.sleep(&sitio, None, |_| ()));
            dato = self.dato.lock().unwrap();
        }
        *dato -= 1;
    }

    fn pon(&self, cuantos: u32) {
        *self.dato.lock().unwrap() += cuantos;
        // Ya sin el cerrojo: el caso más difícil.
        self.durmientes.wake(cuantos as usize);
    }
}

fn en_muchos_planes(prueba: impl Fn() + Send + Sync + 'static) {
    let prueba = Arc::new(prueba);
    let otra = Arc::clone(&prueba);
    shuttle::check_random(move || prueba(), PLANES);
    shuttle::check_pct(move || otra(), PLANES, 4);
}

#[test]
fn el_aviso_llega_aunque_se_de_antes_de_dormirse() {
    en_muchos_planes(|| {
        let condicion = Arc::new(Condicion::default());
        let clon = Arc::clone(&condicion);
        let hilo = thread::spawn(move || clon.quita());
        condicion.pon(1);
        hilo.join().unwrap();
        assert_eq!(condicion.durmientes.len(), 0);
    });
}

#[test]
fn varios_productores_y_consumidores_acaban_todos() {
    en_muchos_planes(|| {
        let condicion = Arc::new(Condicion::default());
        let mut hilos: Vec<_> = (0..3)
            .map(|_| {
                let condicion = Arc::clone(&condicion);
                thread::spawn(move || condicion.quita())
            })
            .collect();
        hilos.extend([1, 2].map(|cuantos| {
            let condicion = Arc::clone(&condicion);
            thread::spawn(move || condicion.pon(cuantos))
        }));
        for hilo in hilos {
            hilo.join().unwrap();
        }
        assert_eq!(*condicion.dato.lock().unwrap(), 0);
    });
}

#[test]
fn un_aviso_es_para_uno_aunque_otro_se_vaya_a_la_vez() {
    // Uno se va porque se le acabó el plazo mientras avisan a uno: o se lo lleva él, y entonces no puede decir que se le
    // acabó, o se lo lleva el otro.
    en_muchos_planes(|| {
        let durmientes = Arc::new(Sleepers::default());
        let (con_plazo, sin_plazo) = (durmientes.enter(), durmientes.enter());
        let clon = Arc::clone(&durmientes);
        let avisa = thread::spawn(move || clon.wake(1));
        let clon = Arc::clone(&durmientes);
        let se_va = thread::spawn(move || {
            if clon.leave(&con_plazo) {
                return;
            }
            // Lo avisaron: al otro le queda el siguiente aviso, y este ya ha sonado o va a sonar.
            assert!(clon.sleep(&con_plazo, None, |_| ()));
            clon.wake(1);
        });
        assert!(durmientes.sleep(&sin_plazo, None, |_| ()));
        se_va.join().unwrap();
        avisa.join().unwrap();
        assert_eq!(durmientes.len(), 0);
    });
}

#[test]
fn se_avisa_al_que_mas_lleva() {
    en_muchos_planes(|| {
        let durmientes = Arc::new(Sleepers::default());
        let (primero, segundo) = (durmientes.enter(), durmientes.enter());
        let clon = Arc::clone(&durmientes);
        let hilo = thread::spawn(move || clon.wake(1));
        assert!(durmientes.sleep(&primero, None, |_| ()));
        hilo.join().unwrap();
        assert!(durmientes.leave(&segundo));
    });
}
