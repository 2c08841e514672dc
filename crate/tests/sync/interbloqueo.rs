//! Un interbloqueo es un error que se lee, no un cuelgue.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Barrier as StdBarrier};

use concurrencia::Thread;
use concurrencia::sync::{Condition, Event, Lock, SyncError};

use crate::comun::{con_nombre, hasta_que_esperen, lanza};

/// Los hilos cogen dos cerrojos cada uno, y ninguno pide el segundo hasta que todos tienen el primero.
fn circulo(cuantos: usize) -> Vec<Result<(), SyncError>> {
    let cerrojos: Vec<_> = (0..cuantos)
        .map(|i| Lock::new(()).with_name(format!("cerrojo {i}")))
        .collect();
    let todos = Arc::new(StdBarrier::new(cuantos));
    let hilos: Vec<_> = (0..cuantos)
        .map(|i| {
            let (uno, otro) = (cerrojos[i].clone(), cerrojos[(i + 1) % cuantos].clone());
            let todos = Arc::clone(&todos);
            con_nombre(&format!("hilo {i}"), move || {
                let _uno = uno.acquire()?;
                todos.wait();
                otro.acquire().map(drop)
            })
        })
        .collect();
    let salidas = hilos.into_iter().map(|hilo| hilo.join().unwrap()).collect();
    assert!(cerrojos.iter().all(|cerrojo| cerrojo.acquire().is_ok()));
    salidas
}

#[test]
fn en_un_circulo_uno_recibe_el_error_y_los_demas_acaban() {
    for cuantos in [2, 3, 5, 12] {
        let salidas = circulo(cuantos);
        let errores: Vec<_> = salidas.into_iter().filter_map(Result::err).collect();
        assert_eq!(errores.len(), 1, "{errores:?}");
        assert!(errores[0].is_deadlock());
        let texto = errores[0].to_string();
        for i in 0..cuantos {
            let eslabon = format!(
                "el hilo «hilo {i}» tiene «cerrojo {i}» y espera «cerrojo {}»",
                (i + 1) % cuantos
            );
            assert!(texto.contains(&eslabon), "{texto}");
        }
    }
}

#[test]
fn el_error_dice_quien_tiene_que_y_que_probar() {
    let cerrojo = Lock::new(()).with_name("A");
    let hilo = con_nombre("cocinero", move || {
        let _turno = cerrojo.acquire().unwrap();
        cerrojo.acquire().map(drop)
    });
    let error = hilo.join().unwrap().unwrap_err();
    assert_eq!(error.name(), "A");
    assert_eq!(
        error.to_string(),
        "interbloqueo: el hilo «cocinero» ya tiene «A» y se esperaría a sí mismo; suelta antes el guard (drop), o usa \
         un RLock si una función llama a otra con el cerrojo cogido"
    );
    let errores: Vec<_> = circulo(2).into_iter().filter_map(Result::err).collect();
    let texto = errores[0].to_string();
    assert!(texto.starts_with("interbloqueo: el hilo «hilo "), "{texto}");
    assert!(texto.contains("siempre en el mismo orden"), "{texto}");
    assert!(!texto.ends_with('.'));
}

#[test]
fn el_mismo_hilo_otra_vez_es_un_error_y_el_cerrojo_sigue_siendo_suyo() {
    let cerrojo = Lock::new(1);
    let mut turno = cerrojo.acquire().unwrap();
    for _ in 0..3 {
        assert!(cerrojo.acquire().unwrap_err().is_deadlock());
    }
    *turno += 1;
    assert!(cerrojo.is_locked());
    drop(turno);
    assert_eq!(*cerrojo.acquire().unwrap(), 2);
}

#[test]
fn el_mismo_hilo_con_plazo_o_sin_esperar_no_es_un_interbloqueo() {
    let cerrojo = Lock::new(());
    let _turno = cerrojo.acquire().unwrap();
    assert!(cerrojo.try_acquire().is_none());
    assert!(cerrojo.acquire_timeout(0.1).unwrap_err().is_timeout());
}

#[test]
fn una_espera_con_plazo_deshace_el_circulo_sin_error_para_el_otro() {
    let (a, b) = (Lock::new(()), Lock::new(()));
    let (tiene_b, espera) = (Event::new(), Event::new());
    let hilo = {
        let (a, b) = (a.clone(), b.clone());
        let (tiene_b, espera) = (tiene_b.clone(), espera.clone());
        lanza(move || {
            let _b = b.acquire().unwrap();
            tiene_b.set();
            espera.wait();
            a.acquire_timeout(0.5).map(drop)
        })
    };
    let turno_a = a.acquire().unwrap();
    tiene_b.wait();
    espera.set();
    // El otro espera A con plazo: se le acaba, suelta B, y este hilo la coge.
    assert!(b.acquire().is_ok());
    drop(turno_a);
    assert!(hilo.join().unwrap().unwrap_err().is_timeout());
}

#[test]
fn siempre_en_el_mismo_orden_nunca_hay_error() {
    let cerrojos: Vec<_> = (0..3).map(|_| Lock::new(0)).collect();
    let hilos: Vec<_> = (0..4)
        .map(|i| {
            let cerrojos = cerrojos.clone();
            lanza(move || {
                for vuelta in 0..2_000 {
                    let salta = (i + vuelta) % 4;
                    let turnos: Result<Vec<_>, _> = cerrojos
                        .iter()
                        .enumerate()
                        .filter(|(j, _)| *j != salta)
                        .map(|(_, cerrojo)| cerrojo.acquire())
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
        salida.unwrap();
    }
}

#[test]
fn esperar_a_quien_no_espera_nada_no_es_un_interbloqueo() {
    // Cadena larga sin círculo: cada uno tiene el suyo y espera el del siguiente; el último no espera a nadie.
    let cerrojos: Vec<_> = (0..6).map(|_| Lock::new(())).collect();
    let todos = Arc::new(StdBarrier::new(6));
    let hilos: Vec<_> = (0..6)
        .map(|i| {
            let (cerrojos, todos) = (cerrojos.clone(), Arc::clone(&todos));
            lanza(move || {
                let _mio = cerrojos[i].acquire()?;
                todos.wait();
                match cerrojos.get(i + 1) {
                    Some(siguiente) => siguiente.acquire().map(drop),
                    None => Ok(()),
                }
            })
        })
        .collect();
    for hilo in hilos {
        hilo.join().unwrap().unwrap();
    }
}

#[test]
fn quien_recibe_el_error_puede_volver_a_empezar() {
    let (a, b) = (Lock::new(0), Lock::new(0));
    let insiste = |uno: Lock<i32>, otro: Lock<i32>| {
        move || {
            let mut hechas = 0;
            while hechas < 2_000 {
                let intento = || -> Result<(), SyncError> {
                    let mut uno = uno.acquire()?;
                    let mut otro = otro.acquire()?;
                    *uno += 1;
                    *otro += 1;
                    Ok(())
                };
                match intento() {
                    Ok(()) => hechas += 1,
                    Err(error) => assert!(error.is_deadlock()),
                }
            }
        }
    };
    let hilos = [
        lanza(insiste(a.clone(), b.clone())),
        lanza(insiste(b.clone(), a.clone())),
    ];
    for hilo in hilos {
        hilo.join().unwrap();
    }
    assert_eq!(*a.acquire().unwrap(), 4_000);
    assert_eq!(*b.acquire().unwrap(), 4_000);
}

#[test]
fn al_despertar_de_una_condicion_tambien_se_descubre() {
    // El que despierta tiene A y va a volver a coger el de la condición, que tiene quien espera A.
    let a = Lock::new(()).with_name("A");
    let aviso = Condition::new(()).with_name("aviso");
    let durmiente = {
        let (a, aviso) = (a.clone(), aviso.clone());
        con_nombre("durmiente", move || {
            let _a = a.acquire()?;
            let turno = aviso.acquire()?;
            aviso.wait(turno).map(drop)
        })
    };
    hasta_que_esperen(1, &aviso);
    let turno = aviso.acquire().unwrap();
    aviso.notify(1);
    let mia = a.acquire().map(drop);
    drop(turno);
    let errores: Vec<_> = [mia, durmiente.join().unwrap()]
        .into_iter()
        .filter_map(Result::err)
        .collect();
    assert_eq!(errores.len(), 1, "{errores:?}");
    let texto = errores[0].to_string();
    assert!(
        texto.contains("el hilo «durmiente» tiene «A» y espera «aviso»"),
        "{texto}"
    );
}

#[test]
fn un_panico_en_medio_del_circulo_no_deja_rastro() {
    let (a, b) = (Lock::new(()), Lock::new(()));
    let listo = Event::new();
    let hilo = {
        let (a, b, listo) = (a.clone(), b.clone(), listo.clone());
        lanza(move || {
            let _a = a.acquire().unwrap();
            listo.set();
            // Si le toca el error, entra en pánico con A cogido.
            b.acquire().map(drop).unwrap();
        })
    };
    let mia = catch_unwind(AssertUnwindSafe(|| {
        let _b = b.acquire().unwrap();
        listo.wait();
        a.acquire().map(drop).unwrap();
    }));
    let suya = hilo.join();
    // Si el hilo acabó antes de que este cogiera B, no hubo círculo.
    assert!(mia.is_ok() || suya.is_ok());
    assert!(a.acquire().is_ok() && b.acquire().is_ok());
}

/// Coge uno y luego otro: cuántos interbloqueos le han tocado.
fn coge_los_dos(uno: &Lock<()>, otro: &Lock<()>) -> usize {
    let _uno = uno.acquire().unwrap();
    usize::from(otro.acquire().is_err())
}

#[test]
fn los_hilos_de_std_tambien_cuentan() {
    let (a, b) = (Lock::new(()), Lock::new(()));
    for _ in 0..200 {
        std::thread::scope(|hilos| {
            let otro = hilos.spawn(|| coge_los_dos(&b, &a));
            let mios = coge_los_dos(&a, &b);
            assert!(mios + otro.join().unwrap() <= 1);
        });
    }
}

#[test]
fn el_error_se_clona_y_se_manda() {
    let cerrojo = Lock::new(()).with_name("A");
    let _turno = cerrojo.acquire().unwrap();
    let error = cerrojo.acquire().unwrap_err();
    let clon = error.clone();
    let mut hilo = Thread::new(move || clon.to_string());
    hilo.start().unwrap();
    assert_eq!(hilo.join().unwrap().len(), error.to_string().len());
    assert!(!error.is_timeout() && !error.is_broken_barrier() && !error.is_overreleased());
    assert!(!error.is_wrong_guard());
    assert_eq!(error.panic_message(), None);
}
