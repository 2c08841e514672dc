//! `Condition`.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use concurrencia::Thread;
use concurrencia::sync::{Condition, Lock, SyncError};

use crate::comun::{DE_SOBRA, hasta, hasta_que_esperen, lanza};

/// Un hilo que espera un aviso y dice por el canal cuándo lo ha recibido.
fn durmiente(condicion: &Condition<u32>, despiertos: &mpsc::Sender<u32>) -> Thread<()> {
    let (condicion, despiertos) = (condicion.clone(), despiertos.clone());
    lanza(move || {
        let turno = condicion.acquire().unwrap();
        let turno = condicion.wait(turno).unwrap();
        despiertos.send(*turno).unwrap();
    })
}

#[test]
fn trae_su_cerrojo() {
    let condicion = Condition::new(5);
    let turno = condicion.acquire().unwrap();
    assert!(condicion.try_acquire().is_none());
    assert!(condicion.acquire_timeout(0).unwrap_err().is_timeout());
    assert!(condicion.acquire().unwrap_err().is_deadlock());
    drop(turno);
    assert_eq!(condicion.with(|n| *n).unwrap(), 5);
    assert!(condicion.try_acquire().is_some());
    assert!(condicion.acquire_timeout(1).is_ok());
}

#[test]
fn vale_con_un_cerrojo_que_ya_existe_y_varias_lo_comparten() {
    let cerrojo = Lock::new(5).with_name("buzón");
    let (una, otra) = (
        Condition::with_lock(&cerrojo),
        Condition::with_lock(&cerrojo),
    );
    assert_eq!((una.name(), otra.name()), ("buzón", "buzón"));
    let turno = una.acquire().unwrap();
    assert!(cerrojo.try_acquire().is_none());
    assert!(otra.try_acquire().is_none());
    drop(turno);
    // Un guard cogido del cerrojo vale en cualquiera de ellas.
    let turno = cerrojo.acquire().unwrap();
    let turno = una.wait_for(turno, |n| *n == 5).unwrap();
    drop(otra.wait_for(turno, |n| *n == 5).unwrap());
}

#[test]
fn avisar_a_n_despierta_a_n_y_a_los_que_mas_llevan() {
    let condicion = Condition::new(0);
    let (avisa, despiertos) = mpsc::channel();
    let mut hilos = Vec::new();
    for i in 1..=5 {
        let (condicion, avisa) = (condicion.clone(), avisa.clone());
        let clon = condicion.clone();
        hilos.push(lanza(move || {
            let turno = condicion.acquire().unwrap();
            drop(condicion.wait(turno).unwrap());
            avisa.send(i).unwrap();
        }));
        hasta_que_esperen(i, &clon);
    }
    condicion.notify(3);
    let mut primeros: Vec<usize> = (0..3).map(|_| despiertos.recv().unwrap()).collect();
    primeros.sort();
    assert_eq!(primeros, [1, 2, 3]);
    hasta_que_esperen(2, &condicion);
    assert!(despiertos.recv_timeout(Duration::from_millis(50)).is_err());
    condicion.notify_all();
    let mut ultimos: Vec<usize> = (0..2).map(|_| despiertos.recv().unwrap()).collect();
    ultimos.sort();
    assert_eq!(ultimos, [4, 5]);
    for hilo in hilos {
        hilo.join().unwrap();
    }
}

#[test]
fn el_avisado_no_sigue_hasta_que_se_suelta_el_cerrojo() {
    let condicion = Condition::new(0);
    let (avisa, despiertos) = mpsc::channel();
    let hilos: Vec<_> = (0..3).map(|_| durmiente(&condicion, &avisa)).collect();
    hasta_que_esperen(3, &condicion);
    let mut turno = condicion.acquire().unwrap();
    condicion.notify_all();
    assert!(despiertos.recv_timeout(Duration::from_millis(50)).is_err());
    *turno = 7;
    drop(turno);
    // Y ven lo que se hizo antes de soltarlo.
    for hilo in hilos {
        hilo.join().unwrap();
        assert_eq!(despiertos.recv(), Ok(7));
    }
}

#[test]
fn el_aviso_de_antes_de_llegar_no_cuenta() {
    let condicion = Condition::new(0);
    condicion.notify(3);
    condicion.notify_all();
    condicion.notify(0);
    let turno = condicion.acquire().unwrap();
    assert!(condicion.wait_timeout(turno, 0.1).unwrap_err().is_timeout());
    assert!(condicion.try_acquire().is_some());
}

#[test]
fn avisar_a_mas_de_los_que_hay_los_avisa_a_todos() {
    let condicion = Condition::new(0);
    let (avisa, despiertos) = mpsc::channel();
    let hilos: Vec<_> = (0..2).map(|_| durmiente(&condicion, &avisa)).collect();
    hasta_que_esperen(2, &condicion);
    condicion.notify(100);
    for hilo in hilos {
        hilo.join().unwrap();
    }
    assert_eq!(despiertos.try_iter().count(), 2);
}

#[test]
fn el_plazo_se_acaba_deja_el_cerrojo_suelto_y_la_cola_vacia() {
    let condicion = Condition::new(0).with_name("pedidos");
    let hilos: Vec<_> = (0..5)
        .map(|_| {
            let condicion = condicion.clone();
            lanza(move || {
                let turno = condicion.acquire().unwrap();
                let inicio = Instant::now();
                let error = condicion.wait_timeout(turno, 0.7).unwrap_err();
                (error, inicio.elapsed())
            })
        })
        .collect();
    for hilo in hilos {
        let (error, tardado) = hilo.join().unwrap();
        assert!(error.is_timeout());
        assert_eq!(error.name(), "pedidos");
        assert!(tardado >= Duration::from_millis(70));
    }
    assert_eq!(format!("{condicion:?}"), "Condition(«pedidos», libre)");
}

#[test]
fn con_plazo_de_sobra_llega_el_aviso() {
    let condicion = Condition::new(0);
    let clon = condicion.clone();
    let hilo = lanza(move || {
        let turno = clon.acquire().unwrap();
        clon.wait_timeout(turno, DE_SOBRA).map(|turno| *turno)
    });
    hasta_que_esperen(1, &condicion);
    *condicion.acquire().unwrap() = 3;
    condicion.notify(1);
    assert_eq!(hilo.join().unwrap().unwrap(), 3);
}

#[test]
fn wait_for_no_vuelve_hasta_que_se_cumple_aunque_la_avisen() {
    let condicion = Condition::new(0);
    let clon = condicion.clone();
    let hilo = lanza(move || {
        let mut miradas = 0;
        let turno = clon.acquire().unwrap();
        let turno = clon.wait_for(turno, |n| {
            miradas += 1;
            *n >= 4
        });
        (*turno.unwrap(), miradas)
    });
    for n in 1..=4 {
        hasta_que_esperen(1, &condicion);
        *condicion.acquire().unwrap() = n;
        condicion.notify(1);
    }
    assert_eq!(hilo.join().unwrap(), (4, 5));
}

#[test]
fn wait_for_si_ya_se_cumple_no_espera() {
    let condicion = Condition::new(1);
    let turno = condicion.wait_for(condicion.acquire().unwrap(), |n| *n == 1);
    assert_eq!(*turno.unwrap(), 1);
    let turno = condicion.wait_for_timeout(condicion.acquire().unwrap(), |n| *n == 1, 0);
    assert_eq!(*turno.unwrap(), 1);
}

#[test]
fn wait_for_con_plazo_mira_por_ultima_vez_al_acabarse() {
    let condicion = Condition::new(0);
    let mut miradas = 0;
    let inicio = Instant::now();
    let salida = condicion.wait_for_timeout(
        condicion.acquire().unwrap(),
        |_| {
            miradas += 1;
            miradas == 2
        },
        0.7,
    );
    // Nadie la ha avisado, pero al acabarse el plazo se cumplía.
    assert!(salida.is_ok());
    assert!(inicio.elapsed() >= Duration::from_millis(70));
    drop(salida);
    let error = condicion
        .wait_for_timeout(condicion.acquire().unwrap(), |_| false, 0.1)
        .unwrap_err();
    assert!(error.is_timeout());
    assert!(condicion.try_acquire().is_some());
}

#[test]
fn el_plazo_de_wait_for_es_uno_para_todos_los_avisos() {
    let condicion = Condition::new(0);
    let clon = condicion.clone();
    let hilo = lanza(move || {
        let turno = clon.acquire().unwrap();
        clon.wait_for_timeout(turno, |_| false, 1).map(drop)
    });
    // Avisos sin parar: si cada uno empezara el plazo de nuevo, no acabaría.
    hasta(|| {
        condicion.notify_all();
        !hilo.is_alive()
    });
    assert!(hilo.join().unwrap().unwrap_err().is_timeout());
}

#[test]
fn con_el_guard_de_otro_cerrojo_es_un_error() {
    let (una, otra) = (
        Condition::new(0).with_name("una"),
        Condition::new(0).with_name("otra"),
    );
    let error = una.wait(otra.acquire().unwrap()).unwrap_err();
    assert!(error.is_wrong_guard());
    let texto = error.to_string();
    assert!(
        texto.contains("«una»") && texto.contains("«otra»"),
        "{texto}"
    );
    // El guard se ha soltado y nadie ha quedado en la cola.
    assert_eq!(
        format!("{una:?} {otra:?}"),
        "Condition(«una», libre) Condition(«otra», libre)"
    );
    let con_plazo = una.wait_timeout(otra.acquire().unwrap(), 1);
    assert!(con_plazo.unwrap_err().is_wrong_guard());
    let aunque_se_cumpla = una.wait_for(otra.acquire().unwrap(), |_| true);
    assert!(aunque_se_cumpla.unwrap_err().is_wrong_guard());
}

#[test]
fn un_panico_al_mirar_el_dato_suelta_el_cerrojo() {
    let condicion = Condition::new(0);
    let panico = catch_unwind(AssertUnwindSafe(|| {
        let turno = condicion.acquire().unwrap();
        drop(condicion.wait_for(turno, |_| panic!("al mirar")));
    }));
    assert!(panico.is_err());
    assert!(condicion.try_acquire().is_some());
}

#[test]
fn un_plazo_que_no_es_un_numero_de_segundos_es_un_panico() {
    let condicion = Condition::new(0);
    for plazo in [-1.0, f64::NAN] {
        let panico = catch_unwind(AssertUnwindSafe(|| {
            drop(condicion.wait_timeout(condicion.acquire().unwrap(), plazo));
        }));
        assert!(panico.is_err(), "{plazo}");
    }
    assert!(condicion.try_acquire().is_some());
}

#[test]
fn soltar_un_mango_no_despierta_ni_estorba_a_los_demas() {
    let condicion = Condition::new(0);
    let (avisa, despiertos) = mpsc::channel();
    let hilo = durmiente(&condicion, &avisa);
    hasta_que_esperen(1, &condicion);
    let ultimo = condicion.clone();
    drop(condicion);
    assert!(despiertos.recv_timeout(Duration::from_millis(20)).is_err());
    ultimo.notify(1);
    hilo.join().unwrap();
}

/// El almacén de siempre: un cerrojo y dos condiciones, «hay sitio» y «hay algo».
#[derive(Clone)]
struct Almacen {
    cajas: Lock<VecDeque<u32>>,
    hay_sitio: Condition<VecDeque<u32>>,
    hay_algo: Condition<VecDeque<u32>>,
}

impl Almacen {
    const CABEN: usize = 3;

    fn new() -> Almacen {
        let cajas = Lock::new(VecDeque::new()).with_name("almacén");
        Almacen {
            hay_sitio: Condition::with_lock(&cajas),
            hay_algo: Condition::with_lock(&cajas),
            cajas,
        }
    }

    fn mete(&self, caja: u32) -> Result<(), SyncError> {
        let turno = self.cajas.acquire()?;
        let mut turno = self
            .hay_sitio
            .wait_for(turno, |cajas| cajas.len() < Almacen::CABEN)?;
        turno.push_back(caja);
        assert!(turno.len() <= Almacen::CABEN);
        self.hay_algo.notify(1);
        Ok(())
    }

    fn saca(&self) -> Result<u32, SyncError> {
        let turno = self.cajas.acquire()?;
        let mut turno = self.hay_algo.wait_for(turno, |cajas| !cajas.is_empty())?;
        let caja = turno.pop_front();
        drop(turno);
        self.hay_sitio.notify(1);
        Ok(caja.expect("wait_for ha visto que había algo"))
    }
}

#[test]
fn productores_y_consumidores_acaban_y_no_se_pierde_nada() {
    let almacen = Almacen::new();
    let productores: Vec<_> = (0..3)
        .map(|i| {
            let almacen = almacen.clone();
            lanza(move || (0..500).try_for_each(|n| almacen.mete(i * 500 + n)))
        })
        .collect();
    let consumidores: Vec<_> = (0..3)
        .map(|_| {
            let almacen = almacen.clone();
            lanza(move || {
                (0..500)
                    .map(|_| almacen.saca())
                    .collect::<Result<Vec<_>, _>>()
            })
        })
        .collect();
    for hilo in productores {
        hilo.join().unwrap().unwrap();
    }
    let mut cajas: Vec<u32> = consumidores
        .into_iter()
        .flat_map(|hilo| hilo.join().unwrap().unwrap())
        .collect();
    cajas.sort();
    assert_eq!(cajas, (0..1500).collect::<Vec<_>>());
    assert!(almacen.cajas.acquire().unwrap().is_empty());
}

#[test]
fn se_ve_como_esta_y_cuantos_esperan() {
    let condicion = Condition::new(0).with_name("pedidos");
    let (avisa, _despiertos) = mpsc::channel();
    assert_eq!(format!("{condicion:?}"), "Condition(«pedidos», libre)");
    let hilos: Vec<_> = (0..2).map(|_| durmiente(&condicion, &avisa)).collect();
    hasta_que_esperen(2, &condicion);
    assert_eq!(
        format!("{condicion:?}"),
        "Condition(«pedidos», libre, esperan 2)"
    );
    let turno = condicion.acquire().unwrap();
    assert!(format!("{condicion:?}").starts_with("Condition(«pedidos», lo tiene el hilo «"));
    drop(turno);
    condicion.notify_all();
    for hilo in hilos {
        hilo.join().unwrap();
    }
    assert!(Condition::<u8>::default().name().starts_with("Condition-"));
    fn vale<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}
    vale::<Condition<Vec<u8>>>();
}
