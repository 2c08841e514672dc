//! `wait`: los tres criterios, con plazo y sin él.

use std::collections::HashMap;
use std::sync::Barrier;
use std::thread;

use concurrencia::futures::{
    ALL_COMPLETED, DoneAndNotDone, FIRST_COMPLETED, FIRST_EXCEPTION, Future, ReturnWhen, wait,
    wait_timeout,
};
use concurrencia::process::Event;

use crate::comun::{Ejecutor, cuadrado, espera, hasta_que};

crate::pruebas_con_los_dos![
    uno_repetido_cuenta_una_vez,
    al_primero_que_acaba,
    al_primero_con_algunos_ya_acabados,
    al_primero_vale_uno_cancelado,
    al_primer_fallo,
    al_primer_fallo_con_uno_ya_fallido,
    al_primer_fallo_si_no_falla_ninguno,
    al_primer_fallo_que_lo_cancelen_no_es_fallar,
    al_primer_fallo_un_resultado_que_es_un_err_es_un_resultado,
    a_todos,
    a_todos_de_uno_en_uno_y_en_desorden,
    con_plazo_da_lo_que_haya,
    sin_futuros_vuelve_enseguida,
    las_listas_van_en_el_orden_de_entrada,
    admite_vectores_porciones_y_claves,
    despierta_a_varios_hilos_que_esperan_los_mismos,
];

fn acabado() -> Future<bool> {
    let futuro = Future::new();
    futuro.set_result(true).unwrap();
    futuro
}

fn fallido() -> Future<bool> {
    let futuro = Future::new();
    futuro.set_exception("sin conexión").unwrap();
    futuro
}

fn cancelado() -> Future<bool> {
    let futuro = Future::new();
    futuro.cancel();
    futuro
}

fn verdad() -> bool {
    true
}

fn falla(senal: Event) -> bool {
    senal.wait();
    panic!("pánico de prueba")
}

fn uno_repetido_cuenta_una_vez<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let futuro = ejecutor.submit(verdad, ());
    let salida = wait([&futuro, &futuro], ALL_COMPLETED);
    assert_eq!(salida.done, [futuro]);
    assert!(salida.not_done.is_empty());
}

fn al_primero_que_acaba<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let senal = Event::new().unwrap();
    let futuros = [
        Future::new(),
        ejecutor.submit(verdad, ()),
        ejecutor.submit(espera, (senal.clone(),)),
    ];
    let salida = wait(&futuros, FIRST_COMPLETED);
    assert_eq!(salida.done, futuros[1..2]);
    assert_eq!(salida.not_done, [futuros[0].clone(), futuros[2].clone()]);
    senal.set();
}

fn al_primero_con_algunos_ya_acabados<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let senal = Event::new().unwrap();
    let futuros = [
        cancelado(),
        acabado(),
        ejecutor.submit(espera, (senal.clone(),)),
    ];
    let DoneAndNotDone { done, not_done } = wait(&futuros, FIRST_COMPLETED);
    assert_eq!(done, futuros[..2]);
    assert_eq!(not_done, futuros[2..]);
    senal.set();
}

fn al_primero_vale_uno_cancelado<E: Ejecutor>() {
    let (ejecutor, _larga, senal) = crate::comun::ocupado::<E>();
    drop(ejecutor.submit(verdad, ()));
    let futuros = [ejecutor.submit(verdad, ()), ejecutor.submit(verdad, ())];
    thread::scope(|s| {
        let espera = s.spawn(|| wait(&futuros, FIRST_COMPLETED));
        assert!(futuros[1].cancel());
        assert_eq!(espera.join().unwrap().done, futuros[1..]);
    });
    senal.set();
}

fn al_primer_fallo<E: Ejecutor>() {
    let ejecutor = E::nuevo(3);
    let (para_fallar, para_acabar) = (Event::new().unwrap(), Event::new().unwrap());
    let futuros = [
        ejecutor.submit(verdad, ()),
        ejecutor.submit(falla, (para_fallar.clone(),)),
        ejecutor.submit(espera, (para_acabar.clone(),)),
    ];
    // La que acaba bien acaba antes que la que falla.
    futuros[0].add_done_callback(move |_| para_fallar.set());
    let salida = wait(&futuros, FIRST_EXCEPTION);
    assert_eq!(salida.done, futuros[..2]);
    assert_eq!(salida.not_done, futuros[2..]);
    para_acabar.set();
}

fn al_primer_fallo_con_uno_ya_fallido<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let senal = Event::new().unwrap();
    let futuros = [fallido(), ejecutor.submit(espera, (senal.clone(),))];
    let salida = wait(&futuros, FIRST_EXCEPTION);
    assert_eq!(salida.done, futuros[..1]);
    assert_eq!(salida.not_done, futuros[1..]);
    senal.set();
}

fn al_primer_fallo_si_no_falla_ninguno<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let futuros: Vec<_> = (0..5).map(|x| ejecutor.submit(cuadrado, (x,))).collect();
    let salida = wait(&futuros, FIRST_EXCEPTION);
    assert_eq!(salida.done, futuros);
}

fn al_primer_fallo_que_lo_cancelen_no_es_fallar<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let (para_fallar, para_acabar) = (Event::new().unwrap(), Event::new().unwrap());
    let futuros = [
        cancelado(),
        ejecutor.submit(falla, (para_fallar.clone(),)),
        ejecutor.submit(espera, (para_acabar.clone(),)),
    ];
    let a_tiempo = wait_timeout(&futuros, FIRST_EXCEPTION, 0.1);
    assert_eq!(a_tiempo.done, futuros[..1]);
    para_fallar.set();
    let salida = wait(&futuros, FIRST_EXCEPTION);
    assert_eq!(salida.done, futuros[..2]);
    para_acabar.set();
}

fn al_primer_fallo_un_resultado_que_es_un_err_es_un_resultado<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let futuros = [
        ejecutor.submit(|| Err::<u32, String>("a propósito".to_owned()), ()),
        ejecutor.submit(|| Ok(1), ()),
    ];
    let salida = wait(&futuros, FIRST_EXCEPTION);
    assert_eq!(salida.done.len(), 2);
    assert!(futuros[0].result().unwrap().is_err());
}

fn a_todos<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let futuros = [
        acabado(),
        cancelado(),
        fallido(),
        ejecutor.submit(verdad, ()),
        ejecutor.submit(|| -> bool { panic!("pánico de prueba") }, ()),
    ];
    let salida = wait(&futuros, ALL_COMPLETED);
    assert_eq!(salida.done, futuros);
    assert!(salida.not_done.is_empty());
}

fn a_todos_de_uno_en_uno_y_en_desorden<E: Ejecutor>() {
    let ejecutor = E::nuevo(3);
    let senales: Vec<Event> = (0..3).map(|_| Event::new().unwrap()).collect();
    let futuros: Vec<_> = senales
        .iter()
        .map(|senal| ejecutor.submit(espera, (senal.clone(),)))
        .collect();
    thread::scope(|s| {
        let espera = s.spawn(|| wait(&futuros, ALL_COMPLETED));
        for numero in [1, 2, 0] {
            senales[numero].set();
            futuros[numero].result().unwrap();
        }
        assert_eq!(espera.join().unwrap().done, futuros);
    });
}

fn con_plazo_da_lo_que_haya<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let senal = Event::new().unwrap();
    let futuros = [
        cancelado(),
        fallido(),
        acabado(),
        ejecutor.submit(espera, (senal.clone(),)),
    ];
    let salida = wait_timeout(&futuros, ALL_COMPLETED, 0.1);
    assert_eq!(salida.done, futuros[..3]);
    assert_eq!(salida.not_done, futuros[3..]);
    for criterio in [FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED] {
        for plazo in [0.0, 0.1] {
            let salida = wait_timeout(&futuros[3..], criterio, plazo);
            assert!(salida.done.is_empty(), "{criterio:?}");
        }
    }
    senal.set();
    let salida = wait_timeout(&futuros, ALL_COMPLETED, 6000);
    assert_eq!(salida.done, futuros);
}

fn sin_futuros_vuelve_enseguida<E: Ejecutor>() {
    let ninguno: [Future<E>; 0] = [];
    for criterio in [
        ReturnWhen::FirstCompleted,
        ReturnWhen::FirstException,
        ReturnWhen::AllCompleted,
    ] {
        let salida = wait(&ninguno, criterio);
        assert!(salida.done.is_empty() && salida.not_done.is_empty());
    }
}

fn las_listas_van_en_el_orden_de_entrada<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let senal = Event::new().unwrap();
    let futuros: Vec<_> = (0..6)
        .map(|numero| match numero % 2 {
            0 => ejecutor.submit(verdad, ()),
            _ => Future::new(),
        })
        .collect();
    let (pares, impares): (Vec<_>, Vec<_>) = (0..6).partition(|numero| numero % 2 == 0);
    hasta_que(|| pares.iter().all(|par| futuros[*par].done()));
    let salida = wait_timeout(&futuros, ALL_COMPLETED, 0);
    let elige = |numeros: &[usize]| {
        numeros
            .iter()
            .map(|n| futuros[*n].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(salida.done, elige(&pares));
    assert_eq!(salida.not_done, elige(&impares));
    senal.set();
}

#[expect(
    clippy::mutable_key_type,
    reason = "la clave es qué futuro es, no lo que tiene dentro"
)]
fn admite_vectores_porciones_y_claves<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let vector: Vec<_> = (0..3).map(|x| ejecutor.submit(cuadrado, (x,))).collect();
    assert_eq!(wait(&vector, ALL_COMPLETED).done.len(), 3);
    assert_eq!(wait(&vector[1..], ALL_COMPLETED).done.len(), 2);
    assert_eq!(wait(vector.iter().take(1), ALL_COMPLETED).done.len(), 1);
    let mapa: HashMap<_, _> = vector.into_iter().zip(0..).collect();
    assert_eq!(wait(mapa.keys(), ALL_COMPLETED).done.len(), 3);
}

fn despierta_a_varios_hilos_que_esperan_los_mismos<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let senal = Event::new().unwrap();
    let futuros: Vec<_> = (0..20)
        .map(|_| ejecutor.submit(espera, (senal.clone(),)))
        .collect();
    let listos = Barrier::new(4);
    thread::scope(|s| {
        for criterio in [FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED] {
            let (futuros, listos) = (&futuros, &listos);
            s.spawn(move || {
                listos.wait();
                assert!(!wait(futuros, criterio).done.is_empty());
            });
        }
        listos.wait();
        senal.set();
    });
}
