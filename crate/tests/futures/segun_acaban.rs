//! `as_completed`: el orden de llegada, los repetidos, el plazo y lo que deja atrás.

use std::collections::{HashMap, HashSet};
use std::iter;
use std::sync::Arc;
use std::thread;

use concurrencia::futures::{AsCompleted, Future, as_completed};
use concurrencia::process::Event;

use crate::comun::{Ejecutor, cuadrado, espera, ocupado};

crate::pruebas_con_los_dos![
    salen_todos_acaben_como_acaben,
    salen_segun_acaban,
    los_ya_acabados_salen_antes_y_en_orden,
    uno_repetido_sale_una_vez,
    con_los_futuros_por_clave,
    el_plazo_da_un_error_y_se_acaba,
    con_plazo_y_a_tiempo_salen_todos,
    sin_futuros_no_sale_nada,
    un_cancelado_mientras_se_espera_tambien_sale,
    se_puede_seguir_en_otro_hilo,
    dejarlo_a_medias_no_cancela_ni_deja_encargos,
    no_retiene_los_que_ya_ha_dado,
    size_hint_y_debug_dicen_cuantos_quedan,
    un_encargo_lento_no_lo_retrasa,
];

fn acabado(valor: i64) -> Future<i64> {
    let futuro = Future::new();
    futuro.set_result(valor).unwrap();
    futuro
}

fn cancelado() -> Future<i64> {
    let futuro = Future::new();
    futuro.cancel();
    futuro
}

#[expect(
    clippy::mutable_key_type,
    reason = "la clave es qué futuro es, no lo que tiene dentro"
)]
fn salen_todos_acaben_como_acaben<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let futuros = [
        cancelado(),
        ejecutor.submit(cuadrado, (2,)),
        acabado(1),
        ejecutor.submit(|| -> i64 { panic!("pánico de prueba") }, ()),
    ];
    let salen: HashSet<_> = as_completed(&futuros).collect();
    assert_eq!(salen, futuros.into_iter().collect());
}

fn salen_segun_acaban<E: Ejecutor>() {
    let ejecutor = E::nuevo(3);
    let senales: Vec<Event> = (0..3).map(|_| Event::new().unwrap()).collect();
    let futuros: Vec<_> = senales
        .iter()
        .map(|senal| ejecutor.submit(espera, (senal.clone(),)))
        .collect();
    let mut salen = as_completed(&futuros);
    for numero in [1, 2, 0] {
        senales[numero].set();
        let futuro = salen.next().unwrap();
        assert_eq!(futuro, futuros[numero]);
        assert!(futuro.result().unwrap());
    }
    assert!(salen.next().is_none() && salen.next().is_none());
}

fn los_ya_acabados_salen_antes_y_en_orden<E: Ejecutor>() {
    let (ejecutor, larga, senal) = ocupado::<E>();
    let pendiente = ejecutor.submit(cuadrado, (9,));
    let futuros = [pendiente, acabado(1), cancelado(), acabado(2)];
    let mut salen = as_completed(&futuros);
    for numero in [1, 2, 3] {
        assert_eq!(salen.next().unwrap(), futuros[numero]);
    }
    senal.set();
    assert_eq!(salen.next().unwrap(), futuros[0]);
    assert!(larga.result().unwrap());
}

fn uno_repetido_sale_una_vez<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let futuro = ejecutor.submit(cuadrado, (2,));
    assert_eq!(as_completed(iter::repeat_n(&futuro, 3)).count(), 1);
    let otro = futuro.clone(); // otro mango del mismo
    assert_eq!(as_completed([&futuro, &otro]).count(), 1);
}

#[expect(
    clippy::mutable_key_type,
    reason = "la clave es qué futuro es, no lo que tiene dentro"
)]
fn con_los_futuros_por_clave<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let futuros: HashMap<Future<i64>, i64> = (0..10)
        .map(|x| (ejecutor.submit(cuadrado, (x,)), x))
        .collect();
    let mut vistos = 0;
    for futuro in as_completed(futuros.keys()) {
        assert_eq!(futuro.result().unwrap(), cuadrado(futuros[&futuro]));
        vistos += 1;
    }
    assert_eq!(vistos, 10);
}

fn el_plazo_da_un_error_y_se_acaba<E: Ejecutor>() {
    for plazo in [0.0, 0.1] {
        let (_ejecutor, larga, senal) = ocupado::<E>();
        let otra = Future::new();
        otra.set_result(true).unwrap();
        let futuros = [larga, otra, Future::new()];
        let mut salen = as_completed(&futuros).with_timeout(plazo);
        assert_eq!(salen.next().unwrap().unwrap(), futuros[1]);
        let error = salen.next().unwrap().unwrap_err();
        assert!(error.is_timeout());
        assert!(error.to_string().contains("2 de 3"), "{error}");
        assert!(salen.next().is_none());
        assert!(!futuros[0].cancelled(), "sigue su curso");
        senal.set();
        assert!(futuros[0].result().unwrap());
    }
}

fn con_plazo_y_a_tiempo_salen_todos<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let futuros: Vec<_> = (0..10).map(|x| ejecutor.submit(cuadrado, (x,))).collect();
    let suma: i64 = as_completed(&futuros)
        .with_timeout(6000)
        .map(|futuro| futuro.unwrap().result().unwrap())
        .sum();
    assert_eq!(suma, 285);
}

fn sin_futuros_no_sale_nada<E: Ejecutor>() {
    let ninguno: [Future<E>; 0] = [];
    assert!(as_completed(&ninguno).next().is_none());
    assert!(as_completed(&ninguno).with_timeout(0).next().is_none());
}

fn un_cancelado_mientras_se_espera_tambien_sale<E: Ejecutor>() {
    let (ejecutor, _larga, senal) = ocupado::<E>();
    drop(ejecutor.submit(cuadrado, (1,)));
    let futuros = [ejecutor.submit(cuadrado, (2,))];
    thread::scope(|s| {
        let espera = s.spawn(|| as_completed(&futuros).next());
        assert!(futuros[0].cancel());
        assert!(espera.join().unwrap().unwrap().cancelled());
    });
    senal.set();
}

fn se_puede_seguir_en_otro_hilo<E: Ejecutor>() {
    let ejecutor = E::nuevo(2);
    let futuros: Vec<_> = (0..10).map(|x| ejecutor.submit(cuadrado, (x,))).collect();
    let mut salen: AsCompleted<i64> = as_completed(&futuros);
    drop(futuros); // tiene los suyos
    let primero = salen.next().unwrap().result().unwrap();
    let resto = thread::spawn(move || salen.map(|futuro| futuro.result().unwrap()).sum::<i64>());
    assert_eq!(primero + resto.join().unwrap(), 285);
}

fn dejarlo_a_medias_no_cancela_ni_deja_encargos<E: Ejecutor>() {
    let (ejecutor, larga, senal) = ocupado::<E>();
    let testigo = Arc::new(());
    let pendiente: Future<Arc<()>> = Future::new();
    let listo = Future::new();
    listo.set_result(Arc::clone(&testigo)).unwrap();
    for _ in 0..100 {
        let mut salen = as_completed([&pendiente, &listo]);
        assert_eq!(salen.next().unwrap(), listo);
    }
    for futuro in as_completed([&larga]).with_timeout(0) {
        assert!(futuro.unwrap_err().is_timeout());
    }
    let en_cola = ejecutor.submit(cuadrado, (3,));
    drop(as_completed([&en_cola]));
    senal.set();
    assert_eq!(en_cola.result().unwrap(), 9);
    drop((pendiente, listo));
    assert_eq!(Arc::strong_count(&testigo), 1);
}

fn no_retiene_los_que_ya_ha_dado<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    drop(ejecutor.submit(cuadrado, (1,)).result());
    let testigo = Arc::new(());
    let futuros: Vec<Future<Arc<()>>> = (0..8).map(|_| Future::new()).collect();
    for futuro in &futuros {
        futuro.set_result(Arc::clone(&testigo)).unwrap();
    }
    let salen = as_completed(&futuros);
    drop(futuros);
    for (quedan, futuro) in (0..8).rev().zip(salen) {
        drop(futuro);
        assert_eq!(Arc::strong_count(&testigo), 1 + quedan);
    }
}

fn size_hint_y_debug_dicen_cuantos_quedan<E: Ejecutor>() {
    let ejecutor = E::nuevo(1);
    let futuros: Vec<_> = (0..3).map(|x| ejecutor.submit(cuadrado, (x,))).collect();
    let mut salen = as_completed(&futuros);
    assert_eq!(salen.len(), 3);
    salen.next();
    assert_eq!(salen.len(), 2);
    assert_eq!(format!("{salen:?}"), "AsCompleted(quedan 2)");
    let salen = salen.with_timeout(1);
    assert_eq!(salen.size_hint(), (1, Some(2)));
    assert_eq!(format!("{salen:?}"), "AsCompleted(quedan 2, con plazo)");
}

fn un_encargo_lento_no_lo_retrasa<E: Ejecutor>() {
    let (_ejecutor, larga, senal) = ocupado::<E>();
    let (suelta, llega) = std::sync::mpsc::channel::<()>();
    // Se encargó antes, y no acaba hasta que `as_completed` haya dado el futuro.
    larga.add_done_callback(move |_| assert!(llega.recv().is_err()));
    let mut salen = as_completed([&larga]);
    senal.set();
    assert_eq!(salen.next().unwrap(), larga);
    drop(suelta);
}
