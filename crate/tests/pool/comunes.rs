//! La misma batería para los dos pools, a través del rasgo `Pool`.
//!
//! Lo que ordena las tareas son los cerrojos y las colas de `process`, que valen en los dos sitios.

use std::collections::{BTreeMap, HashSet};
use std::panic::catch_unwind;
use std::sync::mpsc;
use std::thread;

use concurrencia::pool::PendingResult;
use concurrencia::{Pool, ProcessPool, ThreadPool, process as mp};
use libtest_mimic::Trial;
use serde::{Deserialize, Serialize};

macro_rules! en_los_dos {
    ($($prueba:ident),* $(,)?) => {
        pub(crate) fn pruebas() -> Vec<Trial> {
            let mut pruebas = Vec::new();
            $(
                let nombre = stringify!($prueba);
                pruebas.push(crate::prueba(format!("hilos::{nombre}"), $prueba::<ThreadPool>));
                pruebas.push(crate::prueba(format!("procesos::{nombre}"), $prueba::<ProcessPool>));
            )*
            pruebas
        }
    };
}

en_los_dos![
    apply_llama_con_sus_argumentos,
    map_da_los_resultados_en_el_orden_de_las_entradas,
    map_sin_entradas_da_una_lista_vacia,
    map_de_un_iterador_que_no_sabe_cuantas_son,
    map_trabaja_en_todos_a_la_vez,
    starmap_reparte_las_tuplas,
    estructuras_y_genericos_van_y_vuelven,
    una_clausura_sin_capturas_vale,
    apply_async_se_pregunta_se_espera_y_se_recoge,
    get_se_puede_repetir,
    get_timeout_vence_y_luego_llega,
    wait_timeout_dice_si_ha_acabado,
    map_async_y_starmap_async_no_esperan,
    add_done_callback_avisa_al_acabar_bien_o_mal,
    add_done_callback_de_lo_que_ya_ha_acabado_va_aqui_y_ahora,
    un_aviso_que_entra_en_panico_no_quita_los_demas,
    imap_va_en_orden_y_imap_unordered_segun_acaban,
    imap_lee_por_delante_con_medida,
    imap_con_un_iterador_sin_fin,
    imap_con_un_iterador_que_entra_en_panico,
    imap_cerrado_no_vuelve_a_dar_nada,
    un_panico_es_un_error_con_su_mensaje,
    tras_un_panico_el_pool_sigue,
    map_con_un_fallo_hace_las_demas,
    el_error_de_map_es_el_de_la_primera_que_fallo,
    imap_da_un_resultado_por_entrada_aunque_fallen,
    las_tareas_empiezan_en_orden,
    close_y_join_esperan_a_lo_encargado,
    join_sin_close_es_un_error,
    join_timeout_vence_y_el_pool_sigue,
    un_pool_cerrado_no_acepta_mas,
    terminate_suelta_lo_que_no_ha_empezado,
    terminate_se_puede_repetir,
    soltar_el_pool_lo_termina,
    un_pool_se_usa_desde_varios_hilos,
    un_pool_dentro_de_una_tarea,
    un_pool_sin_nadie_no_vale,
];

fn cuadrado(x: i64) -> i64 {
    x * x
}

fn suma(a: i64, b: i64) -> i64 {
    a + b
}

fn apply_llama_con_sus_argumentos<P: Pool>() {
    let pool = P::new(2).unwrap();
    assert_eq!(pool.apply(cuadrado, (7,)).unwrap(), 49);
    assert_eq!(pool.apply(suma, (2, 3)).unwrap(), 5);
    assert_eq!(pool.apply(|| 7_u8, ()).unwrap(), 7);
}

fn map_da_los_resultados_en_el_orden_de_las_entradas<P: Pool>() {
    let pool = P::new(3).unwrap();
    for n in [1, 2, 3, 11, 12, 13, 100, 10_000, 100_000] {
        let esperado: Vec<i64> = (0..n).map(cuadrado).collect();
        assert_eq!(pool.map(cuadrado, 0..n).unwrap(), esperado);
    }
}

fn map_sin_entradas_da_una_lista_vacia<P: Pool>() {
    let pool = P::new(2).unwrap();
    assert_eq!(pool.map(cuadrado, []).unwrap(), []);
    assert_eq!(pool.starmap(suma, []).unwrap(), []);
    assert_eq!(pool.map_async(cuadrado, []).get().unwrap(), []);
    assert!(pool.imap(cuadrado, []).next().is_none());
    assert!(pool.imap_unordered(cuadrado, []).next().is_none());
}

fn map_de_un_iterador_que_no_sabe_cuantas_son<P: Pool>() {
    let pool = P::new(2).unwrap();
    let pares = (0..2000).filter(|x| x % 2 == 0);
    let esperado: Vec<i64> = pares.clone().map(cuadrado).collect();
    assert_eq!(pool.map(cuadrado, pares).unwrap(), esperado);
}

/// Solo vuelve si hay otros dos dentro a la vez.
fn coincide(barrera: mp::Barrier) -> bool {
    barrera.wait().is_ok()
}

fn map_trabaja_en_todos_a_la_vez<P: Pool>() {
    let pool = P::new(3).unwrap();
    let barrera = mp::Barrier::new(3).unwrap();
    let entradas = vec![barrera.clone(), barrera.clone(), barrera];
    assert_eq!(pool.map(coincide, entradas).unwrap(), [true; 3]);
}

fn starmap_reparte_las_tuplas<P: Pool>() {
    let pool = P::new(2).unwrap();
    let tuplas: Vec<(i64, i64)> = (0..50).map(|x| (x, 10 * x)).collect();
    let esperado: Vec<i64> = (0..50).map(|x| 11 * x).collect();
    assert_eq!(pool.starmap(suma, tuplas).unwrap(), esperado);
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Persona {
    nombre: String,
    edad: Option<u8>,
    notas: BTreeMap<String, Vec<f64>>,
}

fn envejece(persona: Persona) -> Result<Persona, String> {
    let edad = persona.edad.ok_or("no se sabe su edad")?;
    Ok(Persona {
        edad: Some(edad + 1),
        ..persona
    })
}

fn del_reves<T>(mut v: Vec<T>) -> Vec<T> {
    v.reverse();
    v
}

fn estructuras_y_genericos_van_y_vuelven<P: Pool>() {
    let pool = P::new(2).unwrap();
    let ana = Persona {
        nombre: "Ana «Ñ»".to_owned(),
        edad: Some(41),
        notas: BTreeMap::from([("física".to_owned(), vec![9.5, f64::INFINITY])]),
    };
    let sin_edad = Persona {
        edad: None,
        ..ana.clone()
    };
    let salidas = pool.map(envejece, [ana.clone(), sin_edad]).unwrap();
    assert_eq!(salidas[0].as_ref().unwrap().edad, Some(42));
    assert_eq!(salidas[0].as_ref().unwrap().notas, ana.notas);
    assert_eq!(salidas[1], Err("no se sabe su edad".to_owned()));
    let textos = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(
        pool.apply(del_reves::<String>, (textos,)).unwrap(),
        ["b", "a"]
    );
    assert_eq!(
        pool.apply(del_reves::<u16>, (vec![1, 2, 3],)).unwrap(),
        [3, 2, 1]
    );
}

fn una_clausura_sin_capturas_vale<P: Pool>() {
    let pool = P::new(2).unwrap();
    assert_eq!(pool.map(|x: i64| x + 1, [1, 2]).unwrap(), [2, 3]);
    let repite = |a: String, n: usize| a.repeat(n);
    assert_eq!(pool.apply(repite, ("ab".to_owned(), 3)).unwrap(), "ababab");
}

/// Espera a que le abran la puerta.
fn espera(puerta: mp::Event, valor: i64) -> i64 {
    puerta.wait();
    valor
}

/// Avisa de que ha empezado y espera a que le abran la puerta.
fn empieza_y_espera(empezada: mp::Event, puerta: mp::Event) -> bool {
    empezada.set();
    puerta.wait();
    true
}

fn apply_async_se_pregunta_se_espera_y_se_recoge<P: Pool>() {
    let pool = P::new(1).unwrap();
    let puerta = mp::Event::new().unwrap();
    let resultado = pool.apply_async(espera, (puerta.clone(), 7));
    assert!(!resultado.ready());
    assert!(resultado.successful().is_err());
    puerta.set();
    resultado.wait();
    assert!(resultado.ready() && resultado.successful().unwrap());
    assert_eq!(resultado.get().unwrap(), 7);
    assert_eq!(resultado.into_result().unwrap(), 7);
}

fn get_se_puede_repetir<P: Pool>() {
    let pool = P::new(1).unwrap();
    let resultado = pool.map_async(cuadrado, 0..3);
    assert_eq!(resultado.get().unwrap(), [0, 1, 4]);
    assert_eq!(resultado.get().unwrap(), [0, 1, 4]);
    let fallo = pool.apply_async(falla_si_es_siete, (7,));
    assert!(fallo.get().is_err() && fallo.get().is_err());
    assert!(!fallo.successful().unwrap());
    assert!(fallo.into_result().is_err());
}

fn get_timeout_vence_y_luego_llega<P: Pool>() {
    let pool = P::new(1).unwrap();
    let puerta = mp::Event::new().unwrap();
    let resultado = pool.apply_async(espera, (puerta.clone(), 7));
    for segundos in [0.1, 0.0] {
        let error = resultado.get_timeout(segundos).unwrap_err();
        assert!(error.to_string().contains("plazo"), "{error}");
    }
    puerta.set();
    assert_eq!(resultado.get().unwrap(), 7);
    assert_eq!(resultado.get_timeout(0).unwrap(), 7);
}

fn wait_timeout_dice_si_ha_acabado<P: Pool>() {
    let pool = P::new(1).unwrap();
    let puerta = mp::Event::new().unwrap();
    let resultado = pool.apply_async(espera, (puerta.clone(), 7));
    assert!(!resultado.wait_timeout(0.1));
    puerta.set();
    assert!(resultado.wait_timeout(1e9));
}

fn map_async_y_starmap_async_no_esperan<P: Pool>() {
    let pool = P::new(1).unwrap();
    let puerta = mp::Event::new().unwrap();
    let tapon = pool.apply_async(espera, (puerta.clone(), 0));
    let cuadrados = pool.map_async(cuadrado, 0..10);
    let sumas = pool.starmap_async(suma, [(1, 2), (3, 4)]);
    assert!(!cuadrados.ready() && !sumas.ready());
    puerta.set();
    assert_eq!(cuadrados.get().unwrap().len(), 10);
    assert_eq!(sumas.get().unwrap(), [3, 7]);
    assert_eq!(tapon.get().unwrap(), 0);
}

fn add_done_callback_avisa_al_acabar_bien_o_mal<P: Pool>() {
    let pool = P::new(1).unwrap();
    let (avisa, avisos) = mpsc::channel();
    let otro = avisa.clone();
    let puerta = mp::Event::new().unwrap();
    let bien = pool.apply_async(espera, (puerta.clone(), 7));
    bien.add_done_callback(move |resultado| avisa.send(resultado.get().ok()).unwrap());
    assert!(avisos.try_recv().is_err());
    puerta.set();
    assert_eq!(avisos.recv().unwrap(), Some(7));
    pool.apply_async(falla_si_es_siete, (7,))
        .add_done_callback(move |resultado| otro.send(resultado.get().ok()).unwrap());
    assert_eq!(avisos.recv().unwrap(), None);
    // Una vez cada uno.
    assert!(avisos.recv().is_err());
}

fn add_done_callback_de_lo_que_ya_ha_acabado_va_aqui_y_ahora<P: Pool>() {
    let pool = P::new(1).unwrap();
    let resultado = pool.map_async(cuadrado, 0..3);
    resultado.wait();
    let (avisa, avisos) = mpsc::channel();
    resultado.add_done_callback(move |resultado| {
        let aviso = (thread::current().id(), resultado.get().unwrap());
        avisa.send(aviso).unwrap();
    });
    let aviso = avisos.try_recv().unwrap();
    assert_eq!(aviso, (thread::current().id(), vec![0, 1, 4]));
}

fn un_aviso_que_entra_en_panico_no_quita_los_demas<P: Pool>() {
    let pool = P::new(1).unwrap();
    let (avisa, avisos) = mpsc::channel();
    let puerta = mp::Event::new().unwrap();
    let resultado = pool.apply_async(espera, (puerta.clone(), 7));
    resultado.add_done_callback(|_| panic!("no me avises"));
    resultado.add_done_callback(move |resultado| avisa.send(resultado.get().unwrap()).unwrap());
    puerta.set();
    assert_eq!(avisos.recv().unwrap(), 7);
    assert_eq!(pool.apply(cuadrado, (3,)).unwrap(), 9);
}

/// La tarea 0 espera a que le abran; las demás, no.
fn primera_lenta((id, puerta): (usize, mp::Event)) -> usize {
    if id == 0 {
        puerta.wait();
    }
    id
}

fn imap_va_en_orden_y_imap_unordered_segun_acaban<P: Pool>() {
    let pool = P::new(2).unwrap();
    let puerta = mp::Event::new().unwrap();
    let entradas = vec![(0, puerta.clone()), (1, puerta.clone())];
    let mut sin_orden = pool.imap_unordered(primera_lenta, entradas.clone());
    assert_eq!(sin_orden.next().unwrap().unwrap(), 1);
    puerta.set();
    assert_eq!(sin_orden.next().unwrap().unwrap(), 0);
    assert!(sin_orden.next().is_none() && sin_orden.next().is_none());

    puerta.clear();
    let en_orden = pool.imap(primera_lenta, entradas);
    puerta.set();
    assert_eq!(en_orden.map(Result::unwrap).collect::<Vec<_>>(), [0, 1]);
}

fn imap_lee_por_delante_con_medida<P: Pool>() {
    let pool = P::new(1).unwrap();
    let (avisa, leidas) = mpsc::channel();
    let entradas = (0..1_000_000).inspect(move |_| avisa.send(()).unwrap());
    let mut salidas = pool.imap(cuadrado, entradas);
    assert_eq!(salidas.next().unwrap().unwrap(), 0);
    drop(salidas);
    // Al soltarlo, el que lee suelta las entradas y el canal se cierra.
    assert!(leidas.iter().count() < 10_000);
}

fn imap_con_un_iterador_sin_fin<P: Pool>() {
    let pool = P::new(2).unwrap();
    let salidas: Result<Vec<i64>, _> = pool.imap(cuadrado, 0..).take(3000).collect();
    assert_eq!(salidas.unwrap().last(), Some(&(2999 * 2999)));
    assert_eq!(pool.apply(cuadrado, (3,)).unwrap(), 9);
}

fn imap_con_un_iterador_que_entra_en_panico<P: Pool>() {
    let pool = P::new(2).unwrap();
    let entradas = (0..10).inspect(|x| assert!(*x < 3, "se acabaron las entradas"));
    let mut salidas = pool.imap(cuadrado, entradas);
    for x in 0..3 {
        assert_eq!(salidas.next().unwrap().unwrap(), x * x);
    }
    let error = salidas.next().unwrap().unwrap_err();
    assert!(error.to_string().contains("se acabaron las entradas"));
    assert!(salidas.next().is_none());
}

fn imap_cerrado_no_vuelve_a_dar_nada<P: Pool>() {
    let pool = P::new(1).unwrap();
    let mut salidas = pool.imap(cuadrado, 0..2);
    assert_eq!(salidas.by_ref().count(), 2);
    assert!(salidas.next().is_none() && salidas.next().is_none());
}

fn falla_si_es_siete(x: i64) -> i64 {
    assert!(x != 7, "no puedo con el {x}");
    x * x
}

fn un_panico_es_un_error_con_su_mensaje<P: Pool>() {
    let pool = P::new(2).unwrap();
    let error = pool.apply(falla_si_es_siete, (7,)).unwrap_err();
    assert!(error.to_string().contains("no puedo con el 7"), "{error}");
    assert_eq!(error.clone().to_string(), error.to_string());
}

fn tras_un_panico_el_pool_sigue<P: Pool>() {
    let pool = P::new(1).unwrap();
    for _ in 0..10 {
        assert!(pool.apply(falla_si_es_siete, (7,)).is_err());
    }
    assert_eq!(pool.map(cuadrado, 0..3).unwrap(), [0, 1, 4]);
}

/// Se apunta en la cola y, si es la 2, falla.
fn apunta_y_falla((x, hechas): (i64, mp::Queue<i64>)) -> i64 {
    hechas.put(x).unwrap();
    assert!(x != 2);
    x
}

fn map_con_un_fallo_hace_las_demas<P: Pool>() {
    let pool = P::new(2).unwrap();
    let hechas = mp::Queue::new().unwrap();
    let entradas: Vec<_> = (0..50).map(|x| (x, hechas.clone())).collect();
    assert!(pool.map(apunta_y_falla, entradas).is_err());
    let hechas: HashSet<i64> = (0..50).map(|_| hechas.get().unwrap()).collect();
    assert_eq!(hechas.len(), 50);
}

fn falla_siempre(x: i64) -> i64 {
    panic!("la {x}!")
}

fn el_error_de_map_es_el_de_la_primera_que_fallo<P: Pool>() {
    let pool = P::new(3).unwrap();
    for _ in 0..20 {
        let error = pool.map(falla_siempre, 0..100).unwrap_err();
        assert!(error.to_string().contains("la 0!"), "{error}");
    }
}

fn imap_da_un_resultado_por_entrada_aunque_fallen<P: Pool>() {
    let pool = P::new(2).unwrap();
    let salidas: Vec<_> = pool.imap(falla_si_es_siete, 0..100).collect();
    assert_eq!(salidas.len(), 100);
    for (x, salida) in (0..).zip(salidas) {
        assert_eq!(salida.ok(), (x != 7).then_some(x * x));
    }
}

fn apunta(id: usize, cola: mp::Queue<usize>) {
    cola.put(id).unwrap();
}

fn las_tareas_empiezan_en_orden<P: Pool>() {
    let pool = P::new(1).unwrap();
    let cola = mp::Queue::new().unwrap();
    let encargos: Vec<_> = (0..50)
        .map(|id| pool.apply_async(apunta, (id, cola.clone())))
        .collect();
    for encargo in &encargos {
        encargo.get().unwrap();
    }
    let orden: Vec<usize> = (0..50).map(|_| cola.get().unwrap()).collect();
    assert_eq!(orden, (0..50).collect::<Vec<_>>());
}

fn close_y_join_esperan_a_lo_encargado<P: Pool>() {
    let pool = P::new(2).unwrap();
    let resultado = pool.map_async(cuadrado, 0..1000);
    pool.close();
    pool.join().unwrap();
    assert!(resultado.ready());
    assert_eq!(resultado.get().unwrap().len(), 1000);
    pool.join().unwrap();
    pool.close();
}

fn join_sin_close_es_un_error<P: Pool>() {
    let pool = P::new(1).unwrap();
    assert!(pool.join().unwrap_err().to_string().contains("close()"));
    assert!(pool.join_timeout(0).is_err());
    assert_eq!(pool.apply(cuadrado, (2,)).unwrap(), 4);
}

fn join_timeout_vence_y_el_pool_sigue<P: Pool + Sync>() {
    let pool = P::new(1).unwrap();
    let puerta = mp::Event::new().unwrap();
    let resultado = pool.apply_async(espera, (puerta.clone(), 7));
    pool.close();
    let error = pool.join_timeout(0.1).unwrap_err();
    assert!(error.to_string().contains("plazo"), "{error}");
    puerta.set();
    // Dos que esperan a la vez: ninguno vuelve antes de tiempo.
    thread::scope(|hilos| {
        for _ in 0..2 {
            hilos.spawn(|| {
                pool.join().unwrap();
                assert!(resultado.ready());
            });
        }
    });
    pool.join_timeout(0).unwrap();
}

fn un_pool_cerrado_no_acepta_mas<P: Pool>() {
    let pool = P::new(1).unwrap();
    pool.close();
    let cerrado = |error: P::Error| assert!(error.to_string().contains("cerrado"), "{error}");
    cerrado(pool.apply(cuadrado, (2,)).unwrap_err());
    cerrado(pool.map(cuadrado, 0..3).unwrap_err());
    let mut salidas = pool.imap(cuadrado, 0..3);
    for _ in 0..3 {
        cerrado(salidas.next().unwrap().unwrap_err());
    }
    assert!(salidas.next().is_none());
    pool.join().unwrap();
    cerrado(pool.apply_async(cuadrado, (2,)).get().unwrap_err());
}

fn terminate_suelta_lo_que_no_ha_empezado<P: Pool + Sync>() {
    let pool = P::new(1).unwrap();
    let (empezada, puerta) = (mp::Event::new().unwrap(), mp::Event::new().unwrap());
    let hecha = pool.apply_async(cuadrado, (3,));
    hecha.wait();
    let en_marcha = pool.apply_async(empieza_y_espera, (empezada.clone(), puerta.clone()));
    let pendiente = pool.map_async(cuadrado, 0..10);
    let suelta = pool.apply_async(cuadrado, (4,));
    empezada.wait();
    thread::scope(|hilos| {
        let terminando = hilos.spawn(|| pool.terminate());
        // Dan su error sin esperar a la que está en marcha.
        assert!(pendiente.get().is_err() && suelta.get().is_err());
        puerta.set();
        terminando.join().unwrap();
    });
    assert_eq!(hecha.get().unwrap(), 9);
    assert!(en_marcha.ready());
}

fn terminate_se_puede_repetir<P: Pool>() {
    let pool = P::new(2).unwrap();
    pool.terminate();
    pool.terminate();
    pool.close();
    pool.join().unwrap();
    assert!(pool.apply(cuadrado, (2,)).is_err());
}

fn soltar_el_pool_lo_termina<P: Pool + Send>() {
    let pool = P::new(1).unwrap();
    let (empezada, puerta) = (mp::Event::new().unwrap(), mp::Event::new().unwrap());
    let en_marcha = pool.apply_async(empieza_y_espera, (empezada.clone(), puerta.clone()));
    let pendiente = pool.map_async(cuadrado, 0..10);
    empezada.wait();
    thread::scope(|hilos| {
        let soltando = hilos.spawn(move || drop(pool));
        assert!(pendiente.get().is_err());
        puerta.set();
        soltando.join().unwrap();
    });
    assert!(en_marcha.ready());
}

fn un_pool_se_usa_desde_varios_hilos<P: Pool + Sync>() {
    let pool = P::new(2).unwrap();
    thread::scope(|hilos| {
        for n in 1..=8 {
            let pool = &pool;
            hilos.spawn(move || {
                for vuelta in 0..20 {
                    let esperado: Vec<i64> = (0..n * 10).map(|x| x + vuelta).collect();
                    let entradas = (0..n * 10).map(|x| (x, vuelta));
                    assert_eq!(pool.starmap(suma, entradas).unwrap(), esperado);
                }
            });
        }
    });
}

fn con_su_propio_pool<P: Pool>(n: i64) -> Vec<i64> {
    P::new(2).unwrap().map(cuadrado, 0..n).unwrap()
}

fn un_pool_dentro_de_una_tarea<P: Pool + 'static>() {
    let pool = P::new(2).unwrap();
    assert_eq!(
        pool.map(con_su_propio_pool::<P>, [2, 3]).unwrap(),
        [vec![0, 1], vec![0, 1, 4]]
    );
}

fn un_pool_sin_nadie_no_vale<P: Pool>() {
    assert!(catch_unwind(|| P::new(0).is_ok()).is_err());
}
