//! Muchos hilos y muchos cerrojos al azar, con semilla: nunca se cuelga.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use concurrencia::sync::{Condition, Lock, RLock, Semaphore, SyncError};
use fastrand::Rng;

use crate::comun::lanza;

const SEMILLAS: u64 = 20;

/// Coge unos cuantos al azar, con esperas de todas las clases, y cuenta lo que suma a cada uno.
fn coge_al_azar(
    azar: &mut Rng,
    cerrojos: &[Lock<u64>],
    reentrantes: &[RLock<Cell<u64>>],
    sumado: &AtomicU64,
) -> Result<(), SyncError> {
    let mut turnos = Vec::new();
    let mut reentrados = Vec::new();
    for _ in 0..azar.usize(1..5) {
        if azar.u32(..4) == 0 {
            let cual = azar.usize(..reentrantes.len());
            let turno = reentrantes[cual].acquire()?;
            turno.set(turno.get() + 1);
            sumado.fetch_add(1, Ordering::Relaxed);
            reentrados.push(turno);
            continue;
        }
        let cerrojo = &cerrojos[azar.usize(..cerrojos.len())];
        let turno = match azar.u32(..10) {
            0 => cerrojo.try_acquire(),
            1 => cerrojo.acquire_timeout(azar.f64() * 0.01).ok(),
            _ => Some(cerrojo.acquire()?),
        };
        if let Some(mut turno) = turno {
            *turno += 1;
            sumado.fetch_add(1, Ordering::Relaxed);
            turnos.push(turno);
        }
        if azar.u32(..8) == 0 && !turnos.is_empty() {
            drop(turnos.swap_remove(azar.usize(..turnos.len())));
        }
    }
    Ok(())
}

#[test]
fn cerrojos_al_azar_nunca_se_cuelgan_ni_pierden_la_cuenta() {
    let mut interbloqueos = 0;
    for semilla in 0..SEMILLAS {
        let cerrojos: Vec<_> = (0..5).map(|_| Lock::new(0)).collect();
        let reentrantes: Vec<_> = (0..3).map(|_| RLock::new(Cell::new(0))).collect();
        let sumado = Arc::new(AtomicU64::new(0));
        let hilos: Vec<_> = (0..8)
            .map(|i| {
                let (cerrojos, reentrantes) = (cerrojos.clone(), reentrantes.clone());
                let sumado = Arc::clone(&sumado);
                lanza(move || {
                    let mut azar = Rng::with_seed(semilla * 100 + i);
                    let mut errores = 0;
                    for _ in 0..500 {
                        let salida = coge_al_azar(&mut azar, &cerrojos, &reentrantes, &sumado);
                        if let Err(error) = salida {
                            assert!(error.is_deadlock(), "semilla {semilla}: {error}");
                            errores += 1;
                        }
                    }
                    errores
                })
            })
            .collect();
        for hilo in hilos {
            interbloqueos += hilo.join().unwrap();
        }
        let total: u64 = cerrojos.iter().map(|c| *c.acquire().unwrap()).sum::<u64>()
            + reentrantes
                .iter()
                .map(|c| c.acquire().unwrap().get())
                .sum::<u64>();
        assert_eq!(total, sumado.load(Ordering::Relaxed), "semilla {semilla}");
    }
    assert!(interbloqueos > 0);
}

#[test]
fn cerrojos_al_azar_pero_en_orden_nunca_dan_error() {
    for semilla in 0..SEMILLAS {
        let cerrojos: Vec<_> = (0..6).map(|_| Lock::new(0)).collect();
        let hilos: Vec<_> = (0..8)
            .map(|i| {
                let cerrojos = cerrojos.clone();
                lanza(move || {
                    let mut azar = Rng::with_seed(semilla * 100 + i);
                    for _ in 0..500 {
                        let turnos: Result<Vec<_>, _> = cerrojos
                            .iter()
                            .filter(|_| azar.bool())
                            .map(Lock::acquire)
                            .collect();
                        for turno in &mut turnos? {
                            **turno += 1;
                        }
                    }
                    Ok(())
                })
            })
            .collect();
        for hilo in hilos {
            let salida: Result<(), SyncError> = hilo.join().unwrap();
            assert!(salida.is_ok(), "semilla {semilla}: {salida:?}");
        }
    }
}

#[test]
fn condiciones_y_semaforos_al_azar_acaban() {
    for semilla in 0..SEMILLAS {
        let cajas = Condition::new(0_u32);
        let plazas = Semaphore::new(3);
        let hilos: Vec<_> = (0..8)
            .map(|i| {
                let (cajas, plazas) = (cajas.clone(), plazas.clone());
                lanza(move || -> Result<(), SyncError> {
                    let mut azar = Rng::with_seed(semilla * 100 + i);
                    let mut quedan = 200;
                    while quedan > 0 {
                        if i % 2 == 0 {
                            // Pone una caja y avisa, con el cerrojo cogido o ya suelto.
                            let _plaza = plazas.permit();
                            let mut turno = cajas.acquire()?;
                            *turno += 1;
                            if azar.bool() {
                                drop(turno);
                            }
                            cajas.notify(1);
                            quedan -= 1;
                            continue;
                        }
                        let turno = cajas.acquire()?;
                        let salida = if azar.bool() {
                            cajas.wait_for(turno, |n| *n > 0)
                        } else {
                            cajas.wait_for_timeout(turno, |n| *n > 0, azar.f64() * 0.01)
                        };
                        match salida {
                            Ok(mut turno) => {
                                *turno -= 1;
                                quedan -= 1;
                            }
                            Err(error) => assert!(error.is_timeout(), "{error}"),
                        }
                    }
                    Ok(())
                })
            })
            .collect();
        for hilo in hilos {
            hilo.join().unwrap().unwrap();
        }
        assert_eq!(*cajas.acquire().unwrap(), 0, "semilla {semilla}");
        assert_eq!(plazas.value(), 3);
    }
}
