//! A lo bestia y con semilla: encargar, cancelar, fallar, esperar y cerrar, todo a la vez.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

use concurrencia::futures::{
    ALL_COMPLETED, FIRST_COMPLETED, Future, as_completed, wait, wait_timeout,
};
use concurrencia::process::Value;
use fastrand::Rng;

use crate::comun::Ejecutor;

crate::pruebas_con_los_dos![todo_a_la_vez_y_cada_tarea_con_un_final];

const HILOS: usize = 4;
const TAREAS: usize = 300;

/// Cuenta que se ha ejecutado; según el número, acaba bien, entra en pánico o, en otro proceso, muere.
fn trabaja(numero: u64, ejecutadas: Value<i64>, principal: u32) -> u64 {
    ejecutadas.update(|ejecutadas| *ejecutadas += 1).unwrap();
    assert!(!numero.is_multiple_of(7), "pánico de prueba");
    if numero.is_multiple_of(61) && std::process::id() != principal {
        std::process::abort();
    }
    numero
}

fn todo_a_la_vez_y_cada_tarea_con_un_final<E: Ejecutor>() {
    // En `sin_cerrar`, todas las canceladas se cancelan a mano; en la otra mitad, se cierra a mitad.
    for semilla in 0..6 {
        una_vuelta::<E>(semilla, semilla % 2 == 0);
    }
}

fn una_vuelta<E: Ejecutor>(semilla: u64, cierra_a_mitad: bool) {
    let ejecutor = E::nuevo(3);
    let ejecutadas = Value::new(0).unwrap();
    let encargos = Arc::new(AtomicUsize::new(0));
    let futuros: Vec<Future<u64>> = thread::scope(|s| {
        let hilos: Vec<_> = (0..HILOS)
            .map(|hilo| {
                let mut azar = Rng::with_seed(semilla * 1000 + hilo as u64);
                let (ejecutor, ejecutadas, encargos) = (&ejecutor, &ejecutadas, &encargos);
                s.spawn(move || {
                    let mut futuros = vec![];
                    for vuelta in 0..TAREAS {
                        let numero = azar.u64(1..10_000);
                        let futuro = ejecutor
                            .submit(trabaja, (numero, ejecutadas.clone(), std::process::id()));
                        let encargos = Arc::clone(encargos);
                        futuro.add_done_callback(move |futuro| {
                            assert!(futuro.done());
                            encargos.fetch_add(1, SeqCst);
                        });
                        if azar.u8(..4) == 0 {
                            futuro.cancel();
                        }
                        futuros.push(futuro);
                        match azar.u8(..40) {
                            0 => drop(wait(&futuros, FIRST_COMPLETED)),
                            1 => drop(wait_timeout(&futuros, ALL_COMPLETED, 0.001)),
                            2 => drop(as_completed(&futuros).take(azar.usize(..=vuelta)).count()),
                            _ => {}
                        }
                        if cierra_a_mitad && hilo == 0 && vuelta == TAREAS / 2 {
                            ejecutor.shutdown_cancel();
                        }
                    }
                    futuros
                })
            })
            .collect();
        hilos
            .into_iter()
            .flat_map(|hilo| hilo.join().unwrap())
            .collect()
    });
    assert_eq!(as_completed(&futuros).count(), HILOS * TAREAS);
    let procesos = format!("{ejecutor:?}").starts_with("Process");
    ejecutor.shutdown();
    assert_eq!(
        encargos.load(SeqCst),
        HILOS * TAREAS,
        "cada encargo, una vez"
    );
    let mut hechas = 0;
    for futuro in &futuros {
        match futuro.result() {
            Ok(numero) => {
                assert!(!numero.is_multiple_of(7));
                hechas += 1;
            }
            Err(error) if error.is_panic() => hechas += 1,
            Err(error) if error.process_error().is_some_and(|error| error.is_died()) => {
                assert!(procesos);
                hechas += 1;
            }
            Err(error) => {
                let cerrado = cierra_a_mitad && error.is_broken();
                assert!(error.is_cancelled() || cerrado, "{error}");
            }
        }
    }
    // Ni se ejecuta una cancelada, ni se pierde una que no lo está, ni se hace otra dos veces.
    assert_eq!(ejecutadas.get().unwrap(), hechas);
}
