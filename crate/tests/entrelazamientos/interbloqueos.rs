//! `waits`: un interbloqueo es siempre un error, y nunca lo es lo que no lo es.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as StdMutex};

use shuttle::rand::Rng;
use shuttle::sync::{Mutex, MutexGuard};
use shuttle::thread;

use crate::waits::{Deadlock, Node, Waits, Who};

const PLANES: usize = 3_000;

/// Una mesa con cerrojos numerados, y lo que cada hilo tiene y espera, apuntado por la prueba.
struct Mesa {
    waits: Waits<usize>,
    cerrojos: Vec<(Arc<Node<usize>>, Mutex<u32>)>,
    hilos: StdMutex<BTreeMap<Who, Hilo>>,
    errores: AtomicUsize,
}

#[derive(Default)]
struct Hilo {
    tiene: Vec<usize>,
    espera: Option<usize>,
}

/// El cerrojo cogido. Borra al dueño y luego suelta, como los de verdad.
struct Turno<'a> {
    mesa: &'a Mesa,
    me: Who,
    cual: usize,
    dato: MutexGuard<'a, u32>,
}

impl Drop for Turno<'_> {
    fn drop(&mut self) {
        let cual = self.cual;
        self.mesa
            .apunta(self.me, |hilo| hilo.tiene.retain(|&otro| otro != cual));
        self.mesa.cerrojos[cual].0.about_to_release();
    }
}

impl Mesa {
    fn new(cerrojos: usize) -> Arc<Mesa> {
        Arc::new(Mesa {
            waits: Waits::new(),
            cerrojos: (0..cerrojos)
                .map(|cual| (Arc::new(Node::new(cual)), Mutex::new(0)))
                .collect(),
            hilos: StdMutex::default(),
            errores: AtomicUsize::new(0),
        })
    }

    fn apunta(&self, me: Who, f: impl FnOnce(&mut Hilo)) {
        f(self.hilos.lock().unwrap().entry(me).or_default());
    }

    /// Coge uno y comprueba que no lo tiene nadie más; si es un interbloqueo, comprueba que lo es.
    fn coge(&self, me: Who, cual: usize) -> Option<Turno<'_>> {
        let (node, mutex) = &self.cerrojos[cual];
        self.apunta(me, |hilo| hilo.espera = Some(cual));
        let cogido =
            self.waits
                .acquire(me, node, || mutex.try_lock().ok(), || mutex.lock().unwrap());
        match cogido {
            Ok(mut dato) => {
                *dato += 1;
                self.apunta(me, |hilo| {
                    hilo.espera = None;
                    hilo.tiene.push(cual);
                });
                Some(Turno {
                    mesa: self,
                    me,
                    cual,
                    dato,
                })
            }
            Err(deadlock) => {
                self.comprueba(me, &deadlock);
                self.apunta(me, |hilo| hilo.espera = None);
                self.errores.fetch_add(1, Ordering::Relaxed);
                None
            }
        }
    }

    /// Cada uno espera el suyo y lo tiene el siguiente, según lo que han apuntado ellos.
    fn comprueba(&self, me: Who, Deadlock(cadena): &Deadlock<usize>) {
        let hilos = self.hilos.lock().unwrap();
        assert_eq!(cadena[0].thread, me);
        for (i, eslabon) in cadena.iter().enumerate() {
            let cual = *eslabon.waits_for.label();
            let siguiente = cadena[(i + 1) % cadena.len()].thread;
            assert_eq!(hilos[&eslabon.thread].espera, Some(cual));
            assert!(hilos[&siguiente].tiene.contains(&cual));
        }
    }

    /// Cada hilo coge los suyos en ese orden, los usa y los suelta; al que le toca un interbloqueo lo suelta todo.
    fn cada_uno(self: &Arc<Mesa>, ordenes: Vec<Vec<usize>>) -> usize {
        let hilos: Vec<_> = (1..)
            .zip(ordenes)
            .map(|(me, orden)| {
                let mesa = Arc::clone(self);
                thread::spawn(move || {
                    let mut turnos = Vec::new();
                    for cual in orden {
                        let Some(turno) = mesa.coge(me, cual) else {
                            return;
                        };
                        turnos.push(turno);
                    }
                    for turno in &mut turnos {
                        *turno.dato += 1;
                    }
                })
            })
            .collect();
        for hilo in hilos {
            hilo.join().unwrap();
        }
        self.errores.load(Ordering::Relaxed)
    }
}

/// Cuántos errores ha habido en cada plan: cuántos planes con 0, con 1…
fn reparto(planes: usize, prueba: impl Fn() -> usize + Send + Sync + 'static) -> Vec<usize> {
    let cuentas = Arc::new(StdMutex::new(vec![0; 8]));
    let apuntadas = Arc::clone(&cuentas);
    let un_plan = move || {
        let errores = prueba();
        apuntadas.lock().unwrap()[errores] += 1;
    };
    let un_plan = Arc::new(un_plan);
    let otro = Arc::clone(&un_plan);
    shuttle::check_random(move || un_plan(), planes);
    shuttle::check_pct(move || otro(), planes, 4);
    Arc::try_unwrap(cuentas).unwrap().into_inner().unwrap()
}

#[test]
fn ab_y_ba_dan_un_error_o_ninguno_y_nunca_se_cuelgan() {
    let errores = reparto(PLANES, || {
        Mesa::new(2).cada_uno(vec![vec![0, 1], vec![1, 0]])
    });
    assert!(errores[0] > 0 && errores[1] > 0, "{errores:?}");
    assert_eq!(errores[0] + errores[1], 2 * PLANES);
}

#[test]
fn siempre_en_el_mismo_orden_no_hay_error() {
    let errores = reparto(PLANES, || {
        Mesa::new(3).cada_uno(vec![vec![0, 1, 2], vec![0, 2], vec![1, 2], vec![0, 1]])
    });
    assert_eq!(errores[0], 2 * PLANES, "{errores:?}");
}

#[test]
fn un_solo_cerrojo_muy_disputado_no_es_un_interbloqueo() {
    let errores = reparto(PLANES, || {
        let mesa = Mesa::new(1);
        let errores = mesa.cada_uno(vec![vec![0]; 4]);
        assert_eq!(*mesa.cerrojos[0].1.lock().unwrap(), 8);
        errores
    });
    assert_eq!(errores[0], 2 * PLANES, "{errores:?}");
}

#[test]
fn un_circulo_de_tres_da_un_error_o_ninguno() {
    let errores = reparto(PLANES, || {
        Mesa::new(3).cada_uno(vec![vec![0, 1], vec![1, 2], vec![2, 0]])
    });
    assert!(errores[0] > 0 && errores[1] > 0, "{errores:?}");
    assert_eq!(errores[0] + errores[1], 2 * PLANES);
}

#[test]
fn la_cena_de_los_filosofos_acaba() {
    let errores = reparto(PLANES, || {
        Mesa::new(5).cada_uno((0..5).map(|i| vec![i, (i + 1) % 5]).collect())
    });
    // El círculo es uno: cuando uno se va con el error, los demás comen.
    assert!(errores[0] > 0 && errores[1] > 0, "{errores:?}");
    assert_eq!(errores[0] + errores[1], 2 * PLANES);
}

#[test]
fn quien_ya_lo_tiene_recibe_el_error_siempre() {
    let errores = reparto(PLANES, || {
        Mesa::new(2).cada_uno(vec![vec![0, 0], vec![1, 0]])
    });
    assert_eq!(errores[1], 2 * PLANES, "{errores:?}");
}

#[test]
fn quien_espera_a_uno_que_ya_tiene_otro_interbloqueo_acaba() {
    // El tercero no está en el círculo: espera al que esté en él, y acaba cuando se rompe.
    let errores = reparto(PLANES, || {
        Mesa::new(2).cada_uno(vec![vec![0, 1], vec![1, 0], vec![0], vec![1]])
    });
    assert!(errores[1] > 0, "{errores:?}");
    assert_eq!(errores[0] + errores[1], 2 * PLANES);
}

#[test]
fn al_azar_ni_se_cuelga_ni_acusa_en_falso() {
    let errores = reparto(PLANES, || {
        let mut azar = shuttle::rand::thread_rng();
        let ordenes = (0..4)
            .map(|_| (0..3).map(|_| azar.gen_range(0..4)).collect())
            .collect();
        Mesa::new(4).cada_uno(ordenes)
    });
    assert!(
        errores[0] > 0 && errores[1..].iter().sum::<usize>() > 0,
        "{errores:?}"
    );
}

#[test]
fn el_que_ya_lo_solto_no_cuenta_como_dueno() {
    // El primero suelta el 0 antes de esperar el 1, que tiene el segundo, que espera el 0: no hay círculo, y el 0 puede
    // tenerlo ya el tercero.
    shuttle::check_random(
        || {
            let mesa = Mesa::new(2);
            let primero = Arc::clone(&mesa);
            let primero = thread::spawn(move || {
                drop(primero.coge(1, 0).unwrap());
                drop(primero.coge(1, 1).unwrap());
            });
            let tercero = Arc::clone(&mesa);
            let tercero = thread::spawn(move || drop(tercero.coge(3, 0).unwrap()));
            let uno = mesa.coge(2, 1).unwrap();
            let cero = mesa.coge(2, 0).unwrap();
            drop((uno, cero));
            primero.join().unwrap();
            tercero.join().unwrap();
        },
        PLANES,
    );
}

#[test]
fn una_espera_con_plazo_corta_la_cadena() {
    // El segundo no se apunta a esperar: prueba a coger y se va. El primero nunca recibe un error.
    shuttle::check_random(
        || {
            let mesa = Mesa::new(2);
            let otra = Arc::clone(&mesa);
            let hilo = thread::spawn(move || {
                let uno = otra.coge(1, 0).unwrap();
                let dos = otra.coge(1, 1);
                assert!(dos.is_some());
                drop((uno, dos));
            });
            let turno = mesa.coge(2, 1).unwrap();
            let (node, mutex) = &mesa.cerrojos[0];
            for _ in 0..3 {
                if let Ok(dato) = mutex.try_lock() {
                    node.taken_by(2);
                    thread::yield_now();
                    node.about_to_release();
                    drop(dato);
                }
                thread::yield_now();
            }
            drop(turno);
            hilo.join().unwrap();
        },
        PLANES,
    );
}
