//! Muchos hilos al azar, con semilla.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use concurrencia::Thread;
use concurrencia::thread::{Block, Local, enumerate};
use fastrand::Rng;

/// Arranca un árbol de hilos, unos esperados y otros no, y da cuántos son.
fn arbol(azar: &mut Rng, hondura: usize, acabados: &Arc<AtomicUsize>) -> usize {
    let mut cuantos = 0;
    for _ in 0..azar.usize(0..4) {
        // Cada rama sabe de antemano cuántos tendrá debajo: su azar es el suyo.
        let mut suyo = azar.fork();
        let debajo = if hondura == 0 {
            0
        } else {
            cuenta(&mut suyo.clone(), hondura - 1)
        };
        let suyos = Arc::clone(acabados);
        let mut hilo = Thread::new(move || {
            if hondura > 0 {
                arbol(&mut suyo, hondura - 1, &suyos);
            }
            suyos.fetch_add(1, Ordering::SeqCst);
        });
        hilo.start().unwrap();
        if azar.bool() {
            hilo.join().unwrap();
        }
        cuantos += 1 + debajo;
    }
    cuantos
}

/// Cuántos arrancaría [`arbol`] con ese azar.
fn cuenta(azar: &mut Rng, hondura: usize) -> usize {
    let mut cuantos = 0;
    for _ in 0..azar.usize(0..4) {
        let mut suyo = azar.fork();
        if hondura > 0 {
            cuantos += cuenta(&mut suyo, hondura - 1);
        }
        let _esperado = azar.bool();
        cuantos += 1;
    }
    cuantos
}

#[test]
fn un_bloque_espera_arboles_de_hilos_enteros() {
    for semilla in 0..60 {
        let mut azar = Rng::with_seed(semilla);
        let acabados = Arc::new(AtomicUsize::new(0));
        let cuantos = Block::new()
            .with_timeout(600)
            .run(|| arbol(&mut azar, 3, &acabados));
        assert_eq!(
            acabados.load(Ordering::SeqCst),
            cuantos,
            "con la semilla {semilla}"
        );
    }
}

#[test]
fn los_datos_de_cada_hilo_no_se_mezclan_ni_se_pierden() {
    for semilla in 0..10 {
        let datos: Vec<Local<u64>> = (0..8).map(|_| Local::new(|| 0)).collect();
        let mut hilos: Vec<Thread<()>> = (0..8)
            .map(|id| {
                let datos = datos.clone();
                Thread::new(move || {
                    let mut azar = Rng::with_seed(semilla * 100 + id);
                    let mut esperado = [0; 8];
                    for _ in 0..2000 {
                        let cual = azar.usize(0..8);
                        let cuanto = azar.u64(0..1000);
                        if azar.bool() {
                            datos[cual].with_mut(|dato| *dato += cuanto);
                            esperado[cual] += cuanto;
                        } else {
                            datos[cual].set(cuanto);
                            esperado[cual] = cuanto;
                        }
                    }
                    let visto: Vec<u64> = datos.iter().map(Local::get).collect();
                    assert_eq!(visto, esperado, "hilo {id} con la semilla {semilla}");
                })
            })
            .collect();
        hilos.iter_mut().for_each(|hilo| hilo.start().unwrap());
        for hilo in hilos {
            hilo.join().unwrap();
        }
    }
}

#[test]
fn la_lista_es_coherente_mientras_nacen_y_mueren() {
    let nacedero = || {
        Thread::new(|| {
            for _ in 0..300 {
                let mut hilo = Thread::new(|| ());
                hilo.start().unwrap();
                let quien = hilo.info().unwrap();
                hilo.join().unwrap();
                assert!(!enumerate().contains(&quien));
            }
        })
    };
    let mut hilos: Vec<Thread<()>> = (0..4).map(|_| nacedero()).collect();
    hilos.iter_mut().for_each(|hilo| hilo.start().unwrap());
    while hilos.iter().any(Thread::is_alive) {
        let vivos = enumerate();
        let mut numeros: Vec<u64> = vivos.iter().map(|vivo| vivo.ident()).collect();
        assert!(numeros.is_sorted());
        numeros.dedup();
        assert_eq!(numeros.len(), vivos.len());
    }
    for hilo in hilos {
        hilo.join().unwrap();
    }
}
