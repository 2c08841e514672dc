//! `ProcessPool`: el reparto, los encargos sin esperar, los fallos y las muertes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::process;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use concurrencia::process as mp;
use concurrencia::{ProcessPool, set_scale};
use serde::{Deserialize, Serialize};

use crate::comun::{acaba, existe, mata};

crate::pruebas![
    apply_llama_con_sus_argumentos,
    map_da_los_resultados_en_el_orden_de_las_entradas,
    map_sin_entradas_da_una_lista_vacia,
    map_de_un_iterador_que_no_sabe_cuantas_son,
    map_trabaja_en_todos_los_procesos_a_la_vez,
    map_chunked_da_cada_trozo_a_un_solo_proceso,
    starmap_reparte_las_tuplas,
    estructuras_y_genericos_van_y_vuelven,
    una_clausura_sin_capturas_viaja,
    los_procesos_son_otros_y_los_que_dice_pids,
    apply_async_se_pregunta_se_espera_y_se_recoge,
    get_se_puede_repetir,
    get_timeout_vence_y_luego_llega,
    wait_timeout_dice_si_ha_acabado,
    map_async_y_starmap_async_no_esperan,
    el_encargo_recibe_el_resultado_o_el_error,
    los_encargos_se_ejecutan_una_vez_y_en_orden,
    un_encargo_que_tarda_no_para_el_pool,
    join_espera_a_los_encargos,
    un_encargo_puede_terminar_el_pool,
    imap_va_en_orden_y_imap_unordered_segun_acaban,
    imap_chunked_da_lo_mismo,
    imap_lee_por_delante_con_medida,
    imap_con_un_iterador_sin_fin,
    imap_con_un_iterador_que_entra_en_panico,
    imap_next_timeout_no_pierde_nada,
    un_panico_trae_el_mensaje_el_pid_y_el_argumento,
    tras_un_panico_el_proceso_sigue_siendo_el_mismo,
    map_con_un_fallo_hace_las_demas,
    el_error_de_map_es_el_de_la_primera_que_fallo,
    una_carga_de_panico_que_no_es_texto,
    una_muerte_por_senal_no_cuelga_y_se_repone,
    exit_abort_y_pila_desbordada_dan_su_codigo,
    las_que_iban_detras_de_una_muerte_se_hacen_una_sola_vez,
    mueren_todos_y_se_reponen_todos,
    matar_a_los_ociosos_no_pierde_nada,
    un_resultado_que_no_se_puede_escribir,
    un_resultado_que_no_se_puede_leer,
    un_argumento_de_un_gib_es_un_error_y_el_pool_sigue,
    resultados_grandes_y_pequenos_mezclados,
    muchos_argumentos_grandes_no_se_atascan,
    una_tarea_lenta_no_se_queda_con_las_que_van_detras,
    las_tareas_empiezan_en_orden,
    close_y_join_esperan_a_lo_encargado,
    join_sin_close_es_un_error,
    join_timeout_vence_y_el_pool_sigue,
    un_pool_cerrado_no_acepta_mas,
    terminate_no_espera_y_lo_pendiente_da_error,
    soltar_el_pool_no_deja_procesos,
    un_pool_se_usa_desde_varios_hilos,
    un_pool_dentro_de_una_tarea,
    la_escala_del_tiempo_viaja,
];

fn cuadrado(x: i64) -> i64 {
    x * x
}

fn suma(a: i64, b: i64) -> i64 {
    a + b
}

fn pid_de(_: usize) -> u32 {
    process::id()
}

fn apply_llama_con_sus_argumentos() {
    let pool = ProcessPool::new(2).unwrap();
    assert_eq!(pool.apply(cuadrado, (7,)).unwrap(), 49);
    assert_eq!(pool.apply(suma, (2, 3)).unwrap(), 5);
    assert_ne!(pool.apply(process::id, ()).unwrap(), process::id());
}

fn map_da_los_resultados_en_el_orden_de_las_entradas() {
    let pool = ProcessPool::new(3).unwrap();
    for n in [1, 2, 3, 100, 10_000, 100_000] {
        let esperado: Vec<i64> = (0..n).map(cuadrado).collect();
        assert_eq!(pool.map(cuadrado, 0..n).unwrap(), esperado);
    }
}

fn map_sin_entradas_da_una_lista_vacia() {
    let pool = ProcessPool::new(2).unwrap();
    assert_eq!(pool.map(cuadrado, []).unwrap(), []);
    assert_eq!(pool.starmap(suma, []).unwrap(), []);
    assert!(pool.imap(cuadrado, []).next().is_none());
}

fn map_de_un_iterador_que_no_sabe_cuantas_son() {
    let pool = ProcessPool::new(2).unwrap();
    let pares = (0..2000).filter(|x| x % 2 == 0);
    let esperado: Vec<i64> = pares.clone().map(cuadrado).collect();
    assert_eq!(pool.map(cuadrado, pares).unwrap(), esperado);
}

/// Solo vuelve si hay otros dos procesos dentro a la vez.
fn coincide(barrera: mp::Barrier) -> u32 {
    barrera.wait().unwrap();
    process::id()
}

fn map_trabaja_en_todos_los_procesos_a_la_vez() {
    let pool = ProcessPool::new(3).unwrap();
    let barrera = mp::Barrier::new(3).unwrap();
    let pids: HashSet<u32> = pool
        .map(coincide, vec![barrera.clone(), barrera.clone(), barrera])
        .unwrap()
        .into_iter()
        .collect();
    assert_eq!(pids, pool.pids().into_iter().collect());
}

fn map_chunked_da_cada_trozo_a_un_solo_proceso() {
    let pool = ProcessPool::new(3).unwrap();
    let pids = pool.map_chunked(pid_de, 0..95, 10).unwrap();
    assert_eq!(pids.len(), 95);
    for trozo in pids.chunks(10) {
        assert!(trozo.iter().all(|pid| *pid == trozo[0]), "{trozo:?}");
    }
}

fn starmap_reparte_las_tuplas() {
    let pool = ProcessPool::new(2).unwrap();
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

fn estructuras_y_genericos_van_y_vuelven() {
    let pool = ProcessPool::new(2).unwrap();
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
    assert_eq!(pool.apply(del_reves::<f32>, (vec![],)).unwrap(), [0.0; 0]);
}

fn una_clausura_sin_capturas_viaja() {
    let pool = ProcessPool::new(2).unwrap();
    assert_eq!(pool.map(|x: i64| x + 1, [1, 2]).unwrap(), [2, 3]);
    assert_eq!(
        pool.apply(|a: String, n: usize| a.repeat(n), ("ab".to_owned(), 3))
            .unwrap(),
        "ababab"
    );
}

fn los_procesos_son_otros_y_los_que_dice_pids() {
    let pool = ProcessPool::new(2).unwrap();
    let vistos: HashSet<u32> = pool
        .map_chunked(pid_de, 0..200, 1)
        .unwrap()
        .into_iter()
        .collect();
    let pids: HashSet<u32> = pool.pids().into_iter().collect();
    assert_eq!(pids.len(), 2);
    assert!(vistos.is_subset(&pids) && !vistos.contains(&process::id()));
    assert!(pids.into_iter().all(existe));
}

/// Espera a que le abran la puerta.
fn espera(puerta: mp::Event, valor: i64) -> i64 {
    puerta.wait();
    valor
}

fn apply_async_se_pregunta_se_espera_y_se_recoge() {
    let pool = ProcessPool::new(1).unwrap();
    let puerta = mp::Event::new().unwrap();
    let resultado = pool.apply_async(espera, (puerta.clone(), 7));
    assert!(!resultado.ready());
    assert!(resultado.successful().unwrap_err().is_not_ready());
    puerta.set();
    resultado.wait();
    assert!(resultado.ready() && resultado.successful().unwrap());
    assert_eq!(resultado.get().unwrap(), 7);
}

fn get_se_puede_repetir() {
    let pool = ProcessPool::new(1).unwrap();
    let resultado = pool.map_async(cuadrado, 0..3);
    assert_eq!(resultado.get().unwrap(), [0, 1, 4]);
    assert_eq!(resultado.get().unwrap(), [0, 1, 4]);
    let fallo = pool.apply_async(falla_si_es_siete, (7,));
    assert!(fallo.get().unwrap_err().is_panic() && fallo.get().unwrap_err().is_panic());
    assert!(!fallo.successful().unwrap());
}

fn get_timeout_vence_y_luego_llega() {
    let pool = ProcessPool::new(1).unwrap();
    let puerta = mp::Event::new().unwrap();
    let resultado = pool.apply_async(espera, (puerta.clone(), 7));
    assert!(resultado.get_timeout(0.1).unwrap_err().is_timeout());
    assert!(resultado.get_timeout(0).unwrap_err().is_timeout());
    puerta.set();
    assert_eq!(resultado.get().unwrap(), 7);
    assert_eq!(resultado.get_timeout(0).unwrap(), 7);
}

fn wait_timeout_dice_si_ha_acabado() {
    let pool = ProcessPool::new(1).unwrap();
    let puerta = mp::Event::new().unwrap();
    let resultado = pool.apply_async(espera, (puerta.clone(), 7));
    assert!(!resultado.wait_timeout(0.1));
    puerta.set();
    assert!(resultado.wait_timeout(1e9));
}

fn map_async_y_starmap_async_no_esperan() {
    let pool = ProcessPool::new(1).unwrap();
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

/// La tarea 0 espera a que la 1 haya acabado del todo.
fn primera_lenta(id: usize, puerta: mp::Event) -> usize {
    if id == 0 {
        puerta.wait();
    }
    id
}

fn primera_lenta_tupla((id, puerta): (usize, mp::Event)) -> usize {
    primera_lenta(id, puerta)
}

fn el_encargo_recibe_el_resultado_o_el_error() {
    let pool = ProcessPool::new(2).unwrap();
    let (avisa, llega) = mpsc::channel();
    let bien = pool.map_async(cuadrado, 0..3);
    bien.add_done_callback(move |resultado| avisa.send(resultado.get()).unwrap());
    assert_eq!(llega.recv().unwrap().unwrap(), [0, 1, 4]);
    let (avisa, llega) = mpsc::channel();
    let mal = pool.apply_async(|| -> u32 { std::process::abort() }, ());
    mal.add_done_callback(move |resultado| avisa.send(resultado.get()).unwrap());
    assert!(llega.recv().unwrap().unwrap_err().is_died());
    // El que ya ha acabado no espera a nadie.
    let aqui = thread::current().id();
    let (avisa, llega) = mpsc::channel();
    mal.clone()
        .add_done_callback(move |_| avisa.send(thread::current().id()).unwrap());
    assert_eq!(llega.try_recv(), Ok(aqui));
}

fn espera_a(senal: mp::Event) {
    senal.wait();
}

fn los_encargos_se_ejecutan_una_vez_y_en_orden() {
    let pool = ProcessPool::new(1).unwrap();
    let senal = mp::Event::new().unwrap();
    let resultado = pool.apply_async(espera_a, (senal.clone(),));
    let (avisa, llegan) = mpsc::channel();
    for numero in 0..4 {
        let avisa = avisa.clone();
        resultado.add_done_callback(move |_| {
            avisa.send(numero).unwrap();
            assert!(numero != 1, "pánico de prueba");
        });
    }
    drop(avisa);
    senal.set();
    assert_eq!(llegan.iter().collect::<Vec<_>>(), [0, 1, 2, 3]);
}

fn un_encargo_que_tarda_no_para_el_pool() {
    let pool = ProcessPool::new(1).unwrap();
    let senal = mp::Event::new().unwrap();
    let resultado = pool.apply_async(espera_a, (senal.clone(),));
    let (suelta, llega) = mpsc::channel::<()>();
    resultado.add_done_callback(move |_| assert!(llega.recv().is_err()));
    senal.set();
    assert_eq!(pool.map(cuadrado, 0..3).unwrap(), [0, 1, 4]);
    drop(suelta);
}

fn join_espera_a_los_encargos() {
    let pool = ProcessPool::new(1).unwrap();
    let senal = mp::Event::new().unwrap();
    let resultado = pool.apply_async(espera_a, (senal.clone(),));
    let (suelta, llega) = mpsc::channel::<()>();
    resultado.add_done_callback(move |_| assert!(llega.recv().is_err()));
    senal.set();
    pool.close();
    assert!(pool.join_timeout(0.1).unwrap_err().is_timeout());
    drop(suelta);
    pool.join().unwrap();
}

fn un_encargo_puede_terminar_el_pool() {
    let pool = std::sync::Arc::new(ProcessPool::new(1).unwrap());
    let senal = mp::Event::new().unwrap();
    let resultado = pool.apply_async(espera_a, (senal.clone(),));
    let (avisa, llega) = mpsc::channel();
    let mismo = std::sync::Arc::clone(&pool);
    resultado.add_done_callback(move |_| {
        mismo.terminate();
        drop(mismo);
        avisa.send(()).unwrap();
    });
    senal.set();
    llega.recv().unwrap();
    pool.join().unwrap();
    assert!(pool.pids().is_empty());
}

fn imap_va_en_orden_y_imap_unordered_segun_acaban() {
    let pool = ProcessPool::new(2).unwrap();
    let puerta = mp::Event::new().unwrap();
    let entradas = vec![(0, puerta.clone()), (1, puerta.clone())];
    let mut sin_orden = pool.imap_unordered(primera_lenta_tupla, entradas.clone());
    assert_eq!(sin_orden.next().unwrap().unwrap(), 1);
    puerta.set();
    assert_eq!(sin_orden.next().unwrap().unwrap(), 0);
    assert!(sin_orden.next().is_none() && sin_orden.next().is_none());

    puerta.clear();
    let mut en_orden = pool.imap(primera_lenta_tupla, entradas);
    assert!(
        en_orden
            .next_timeout(0.1)
            .unwrap()
            .unwrap_err()
            .is_timeout()
    );
    puerta.set();
    assert_eq!(en_orden.next().unwrap().unwrap(), 0);
    assert_eq!(en_orden.next().unwrap().unwrap(), 1);
    assert!(en_orden.next().is_none());
}

fn imap_chunked_da_lo_mismo() {
    let pool = ProcessPool::new(2).unwrap();
    let esperado: Vec<i64> = (0..5000).map(cuadrado).collect();
    for trozo in [1, 3, 100, 10_000] {
        let salidas: Result<Vec<i64>, _> = pool.imap_chunked(cuadrado, 0..5000, trozo).collect();
        assert_eq!(salidas.unwrap(), esperado);
        let salidas: Result<HashSet<i64>, _> = pool
            .imap_unordered_chunked(cuadrado, 0..5000, trozo)
            .collect();
        assert_eq!(salidas.unwrap(), esperado.iter().copied().collect());
    }
}

fn imap_lee_por_delante_con_medida() {
    let pool = ProcessPool::new(1).unwrap();
    let (avisa, leidas) = mpsc::channel();
    let entradas = (0..1_000_000).inspect(move |_| avisa.send(()).unwrap());
    let mut salidas = pool.imap(cuadrado, entradas);
    assert_eq!(salidas.next().unwrap().unwrap(), 0);
    drop(salidas);
    // Al soltarlo, el que lee suelta las entradas y el canal se cierra.
    assert!(leidas.iter().count() < 10_000);
}

fn imap_con_un_iterador_sin_fin() {
    let pool = ProcessPool::new(2).unwrap();
    let salidas: Result<Vec<i64>, _> = pool.imap(cuadrado, 0..).take(3000).collect();
    assert_eq!(salidas.unwrap().last(), Some(&(2999 * 2999)));
    assert_eq!(pool.apply(cuadrado, (3,)).unwrap(), 9);
}

fn imap_con_un_iterador_que_entra_en_panico() {
    let pool = ProcessPool::new(2).unwrap();
    let entradas = (0..10).inspect(|x| assert!(*x < 3, "se acabaron las entradas"));
    let mut salidas = pool.imap(cuadrado, entradas);
    for x in 0..3 {
        assert_eq!(salidas.next().unwrap().unwrap(), x * x);
    }
    let error = salidas.next().unwrap().unwrap_err();
    assert_eq!(error.panic_message(), Some("se acabaron las entradas"));
    assert!(salidas.next().is_none());
}

fn imap_next_timeout_no_pierde_nada() {
    let pool = ProcessPool::new(2).unwrap();
    let puerta = mp::Event::new().unwrap();
    let mut salidas = pool.imap(
        primera_lenta_tupla,
        vec![(0, puerta.clone()), (1, puerta.clone())],
    );
    for _ in 0..3 {
        assert!(
            salidas
                .next_timeout(0.05)
                .unwrap()
                .unwrap_err()
                .is_timeout()
        );
    }
    puerta.set();
    assert_eq!(salidas.map(Result::unwrap).collect::<Vec<_>>(), [0, 1]);
}

fn falla_si_es_siete(x: i64) -> i64 {
    assert!(x != 7, "no puedo con el {x}\nni lo intento");
    x * x
}

fn un_panico_trae_el_mensaje_el_pid_y_el_argumento() {
    let pool = ProcessPool::new(2).unwrap();
    let error = pool.apply(falla_si_es_siete, (7,)).unwrap_err();
    assert!(error.is_panic() && !error.is_died() && !error.is_timeout());
    assert_eq!(
        error.panic_message(),
        Some("no puedo con el 7\nni lo intento")
    );
    assert!(pool.pids().contains(&error.pid().unwrap()));
    assert_eq!(error.argument(), Some("(7,)"));
    let texto = error.to_string();
    for parte in [
        "no puedo con el 7",
        "(7,)",
        &error.pid().unwrap().to_string(),
    ] {
        assert!(texto.contains(parte), "{texto}");
    }
}

fn tras_un_panico_el_proceso_sigue_siendo_el_mismo() {
    let pool = ProcessPool::new(1).unwrap();
    let antes = pool.apply(process::id, ()).unwrap();
    for _ in 0..10 {
        assert!(pool.apply(falla_si_es_siete, (7,)).unwrap_err().is_panic());
    }
    assert_eq!(pool.apply(process::id, ()).unwrap(), antes);
}

fn map_con_un_fallo_hace_las_demas() {
    let pool = ProcessPool::new(2).unwrap();
    assert!(pool.map(falla_si_es_siete, 0..100).unwrap_err().is_panic());
    let (bien, mal): (Vec<_>, Vec<_>) = pool
        .imap(falla_si_es_siete, 0..100)
        .partition(Result::is_ok);
    assert_eq!((bien.len(), mal.len()), (99, 1));
}

fn falla_siempre(x: i64) -> i64 {
    panic!("la {x}")
}

fn el_error_de_map_es_el_de_la_primera_que_fallo() {
    let pool = ProcessPool::new(3).unwrap();
    let error = pool.map_chunked(falla_siempre, 0..100, 1).unwrap_err();
    assert_eq!(error.panic_message(), Some("la 0"));
}

fn carga_rara() {
    std::panic::panic_any(42_u8)
}

fn una_carga_de_panico_que_no_es_texto() {
    let pool = ProcessPool::new(1).unwrap();
    let error = pool.apply(carga_rara, ()).unwrap_err();
    assert_eq!(error.panic_message(), Some("(carga de tipo desconocido)"));
}

/// La 13 se mata a sí misma.
fn trece_se_mata(x: u32) -> u32 {
    if x == 13 {
        mata(process::id());
        thread::sleep(Duration::from_secs(60));
    }
    x
}

fn una_muerte_por_senal_no_cuelga_y_se_repone() {
    let pool = ProcessPool::new(2).unwrap();
    let antes: HashSet<u32> = pool.pids().into_iter().collect();
    let salidas: Vec<_> = pool.imap(trece_se_mata, 0..100).collect();
    for (x, salida) in (0..).zip(&salidas) {
        match salida {
            Ok(valor) => assert_eq!(*valor, x),
            Err(error) => {
                assert_eq!(x, 13, "{error}");
                assert!(error.is_died() && !error.is_panic());
                assert_eq!(error.exitcode(), Some(-9));
                assert!(antes.contains(&error.pid().unwrap()));
                assert_eq!(error.argument(), Some("(13,)"));
                assert!(error.to_string().contains("SIGKILL"));
            }
        }
    }
    assert_eq!(salidas.iter().filter(|salida| salida.is_err()).count(), 1);
    assert_eq!(pool.map(cuadrado, 0..10).unwrap().len(), 10);
    assert_eq!(pool.pids().len(), 2);
}

fn muere(como: u8) {
    match como {
        0 => process::exit(3),
        1 => process::abort(),
        2 => drop(desborda(u64::MAX)),
        _ => process::exit(0),
    }
}

fn desborda(n: u64) -> u64 {
    match n {
        0 => 0,
        n => std::hint::black_box(desborda(n - 1)) + 1,
    }
}

fn exit_abort_y_pila_desbordada_dan_su_codigo() {
    let pool = ProcessPool::new(2).unwrap();
    let codigo = |como: u8| {
        let error = pool.apply(muere, (como,)).unwrap_err();
        assert!(error.is_died(), "{error}");
        error.exitcode().unwrap()
    };
    assert_eq!(codigo(0), 3);
    assert_eq!(codigo(1), -6);
    assert!([-6, -11].contains(&codigo(2)));
    assert_eq!(codigo(3), 0);
    assert_eq!(pool.apply(cuadrado, (5,)).unwrap(), 25);
}

/// Apunta que se ha hecho y, a veces, muere.
fn apunta_y_a_veces_muere(x: u32, hechas: mp::Queue<u32>) -> u32 {
    hechas.put(x).unwrap();
    if x % 50 == 49 {
        process::abort();
    }
    x
}

fn apunta_tupla((x, hechas): (u32, mp::Queue<u32>)) -> u32 {
    apunta_y_a_veces_muere(x, hechas)
}

fn las_que_iban_detras_de_una_muerte_se_hacen_una_sola_vez() {
    let pool = ProcessPool::new(2).unwrap();
    let hechas = mp::Queue::new().unwrap();
    // Pocas de cada vez: cada entrada lleva los descriptores de la cola.
    for tanda in 0..5 {
        let entradas: Vec<_> = (tanda * 50..(tanda + 1) * 50)
            .map(|x| (x, hechas.clone()))
            .collect();
        let salidas: Vec<_> = pool.imap_chunked(apunta_tupla, entradas, 10).collect();
        assert_eq!(salidas.iter().filter(|salida| salida.is_err()).count(), 1);
        assert_eq!(salidas.len(), 50);
    }
    let mut veces: HashMap<u32, usize> = HashMap::new();
    while let Ok(x) = hechas.try_get() {
        *veces.entry(x).or_default() += 1;
    }
    assert_eq!(veces.len(), 250);
    assert!(veces.values().all(|veces| *veces == 1));
}

fn mueren_todos_y_se_reponen_todos() {
    let pool = ProcessPool::new(3).unwrap();
    let antes: HashSet<u32> = pool.pids().into_iter().collect();
    for _ in 0..3 {
        let muertes = pool.imap(muere, [0, 0, 0]);
        assert!(muertes.map(Result::unwrap_err).all(|error| error.is_died()));
    }
    assert_eq!(pool.map(cuadrado, 0..100).unwrap().len(), 100);
    let ahora: HashSet<u32> = pool.pids().into_iter().collect();
    assert_eq!(ahora.len(), 3);
    assert!(ahora.is_disjoint(&antes));
}

fn matar_a_los_ociosos_no_pierde_nada() {
    let pool = ProcessPool::new(2).unwrap();
    assert_eq!(pool.map(cuadrado, 0..10).unwrap().len(), 10);
    let antes = pool.pids();
    for pid in &antes {
        mata(*pid);
    }
    for pid in &antes {
        acaba(*pid);
    }
    assert_eq!(pool.map(cuadrado, 0..100).unwrap().len(), 100);
}

/// No se deja escribir.
#[derive(Debug, Deserialize)]
struct NoSale;

impl Serialize for NoSale {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no quiero salir"))
    }
}

fn da_uno_que_no_sale() -> NoSale {
    NoSale
}

fn recibe_uno_que_no_sale(_: NoSale) {}

fn un_resultado_que_no_se_puede_escribir() {
    let pool = ProcessPool::new(1).unwrap();
    let error = pool.apply(da_uno_que_no_sale, ()).unwrap_err();
    assert!(error.is_message() && !error.is_died(), "{error}");
    let error = pool.apply(recibe_uno_que_no_sale, (NoSale,)).unwrap_err();
    assert!(error.is_message(), "{error}");
    assert_eq!(pool.apply(cuadrado, (2,)).unwrap(), 4);
}

/// Se escribe como nada y pide un texto al leerse.
#[derive(Debug)]
struct NoEntra;

impl Serialize for NoEntra {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_unit()
    }
}

impl<'de> Deserialize<'de> for NoEntra {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<NoEntra, D::Error> {
        String::deserialize(d).map(|_| NoEntra)
    }
}

fn da_uno_que_no_entra(_: u8) -> NoEntra {
    NoEntra
}

fn recibe_uno_que_no_entra(_: NoEntra) {}

fn un_resultado_que_no_se_puede_leer() {
    let pool = ProcessPool::new(1).unwrap();
    assert!(
        pool.apply(da_uno_que_no_entra, (0,))
            .unwrap_err()
            .is_message()
    );
    assert!(
        pool.map(da_uno_que_no_entra, 0..10)
            .unwrap_err()
            .is_message()
    );
    assert!(
        pool.apply(recibe_uno_que_no_entra, (NoEntra,))
            .unwrap_err()
            .is_message()
    );
    assert_eq!(pool.apply(cuadrado, (2,)).unwrap(), 4);
}

fn largo(bytes: Vec<u8>) -> usize {
    bytes.len()
}

fn largo_texto(texto: String) -> usize {
    texto.len()
}

fn un_argumento_de_un_gib_es_un_error_y_el_pool_sigue() {
    let pool = ProcessPool::new(1).unwrap();
    // Páginas que nadie toca: no ocupan.
    let error = pool.apply(largo, (vec![0; 1 << 30],)).unwrap_err();
    assert!(
        error.is_message() && error.to_string().contains("512 MiB"),
        "{error}"
    );
    assert_eq!(
        pool.apply(largo, (vec![0; mp::MAX_MESSAGE / 64],)).unwrap(),
        mp::MAX_MESSAGE / 64
    );
    assert_eq!(
        pool.apply(largo_texto, ("x".repeat(1 << 20),)).unwrap(),
        1 << 20
    );
}

fn llena(bytes: usize) -> Vec<u8> {
    vec![bytes as u8; bytes]
}

fn resultados_grandes_y_pequenos_mezclados() {
    let pool = ProcessPool::new(2).unwrap();
    let tamanos: Vec<usize> = (0..200)
        .map(|i| [0, 1, 100, 60_000, 200_000, 3_000_000][i % 6])
        .collect();
    for trozo in [1, 7, 50] {
        let salidas = pool.map_chunked(llena, tamanos.clone(), trozo).unwrap();
        for (tamano, salida) in tamanos.iter().zip(salidas) {
            assert!(salida.len() == *tamano && salida.iter().all(|byte| *byte == *tamano as u8));
        }
    }
}

fn muchos_argumentos_grandes_no_se_atascan() {
    let pool = ProcessPool::new(2).unwrap();
    let entradas = (0..64).map(|_| vec![1_u8; 1 << 20]);
    assert_eq!(pool.map(largo, entradas).unwrap(), [1 << 20; 64]);
}

/// Rápida, salvo la que espera.
fn rapida_salvo_una((id, puerta): (usize, Option<mp::Event>)) -> usize {
    if let Some(puerta) = puerta {
        puerta.wait();
    }
    id
}

fn una_tarea_lenta_no_se_queda_con_las_que_van_detras() {
    let pool = ProcessPool::new(2).unwrap();
    // Que el pool aprenda que son cortas y las junte.
    let entradas = |lenta: Option<(usize, mp::Event)>| {
        (0..2000).map(move |id| match &lenta {
            Some((cual, puerta)) if *cual == id => (id, Some(puerta.clone())),
            _ => (id, None),
        })
    };
    pool.map_chunked(rapida_salvo_una, entradas(None), 1)
        .unwrap();
    let puerta = mp::Event::new().unwrap();
    let salidas = pool.imap_unordered(rapida_salvo_una, entradas(Some((5, puerta.clone()))));
    let mut vistas = HashSet::new();
    for salida in salidas {
        vistas.insert(salida.unwrap());
        if vistas.len() == 1999 {
            // Solo falta la lenta: las que iban detrás las ha hecho el otro.
            assert!(!vistas.contains(&5));
            puerta.set();
        }
    }
    assert_eq!(vistas.len(), 2000);
}

fn apunta((id, cola): (usize, mp::Queue<usize>)) {
    cola.put(id).unwrap();
}

fn las_tareas_empiezan_en_orden() {
    let pool = ProcessPool::new(1).unwrap();
    let cola = mp::Queue::new().unwrap();
    let encargos: Vec<_> = (0..50)
        .map(|id| pool.apply_async(apunta, ((id, cola.clone()),)))
        .collect();
    for encargo in &encargos {
        encargo.get().unwrap();
    }
    let orden: Vec<usize> = (0..50).map(|_| cola.get().unwrap()).collect();
    assert_eq!(orden, (0..50).collect::<Vec<_>>());
}

fn close_y_join_esperan_a_lo_encargado() {
    let pool = ProcessPool::new(2).unwrap();
    let resultado = pool.map_async(cuadrado, 0..1000);
    let pids = pool.pids();
    pool.close();
    pool.join().unwrap();
    assert!(resultado.ready());
    assert_eq!(resultado.get().unwrap().len(), 1000);
    assert!(pool.pids().is_empty());
    assert!(!pids.into_iter().any(existe));
    pool.join().unwrap();
    pool.close();
}

fn join_sin_close_es_un_error() {
    let pool = ProcessPool::new(1).unwrap();
    assert!(pool.join().unwrap_err().to_string().contains("close()"));
    assert_eq!(pool.apply(cuadrado, (2,)).unwrap(), 4);
}

fn join_timeout_vence_y_el_pool_sigue() {
    let pool = ProcessPool::new(1).unwrap();
    assert!(!pool.join_timeout(0).unwrap_err().is_timeout());
    let puerta = mp::Event::new().unwrap();
    let resultado = pool.apply_async(espera, (puerta.clone(), 7));
    pool.close();
    assert!(pool.join_timeout(0.1).unwrap_err().is_timeout());
    puerta.set();
    // Dos que esperan a la vez: ninguno vuelve antes de tiempo.
    thread::scope(|hilos| {
        for _ in 0..2 {
            hilos.spawn(|| {
                pool.join().unwrap();
                assert!(resultado.ready() && pool.pids().is_empty());
            });
        }
    });
    pool.join_timeout(0).unwrap();
}

fn un_pool_cerrado_no_acepta_mas() {
    let pool = ProcessPool::new(1).unwrap();
    pool.close();
    assert!(pool.apply(cuadrado, (2,)).unwrap_err().is_closed());
    assert!(pool.map(cuadrado, 0..3).unwrap_err().is_closed());
    assert!(
        pool.imap(cuadrado, 0..3)
            .next()
            .unwrap()
            .unwrap_err()
            .is_closed()
    );
    pool.join().unwrap();
    assert!(
        pool.apply_async(cuadrado, (2,))
            .get()
            .unwrap_err()
            .is_closed()
    );
}

fn terminate_no_espera_y_lo_pendiente_da_error() {
    let pool = ProcessPool::new(1).unwrap();
    let hecho = pool.apply_async(cuadrado, (3,));
    hecho.wait();
    let puerta = mp::Event::new().unwrap();
    let empezada = pool.apply_async(espera, (puerta.clone(), 1));
    let pendiente = pool.map_async(cuadrado, 0..10);
    pool.terminate();
    assert_eq!(hecho.get().unwrap(), 9);
    assert!(empezada.get().unwrap_err().is_closed());
    assert!(pendiente.get().unwrap_err().is_closed());
    assert!(pool.pids().is_empty());
}

fn soltar_el_pool_no_deja_procesos() {
    let pool = ProcessPool::new(3).unwrap();
    let puerta = mp::Event::new().unwrap();
    let empezada = pool.apply_async(espera, (puerta, 1));
    let pids = pool.pids();
    drop(pool);
    assert!(!pids.into_iter().any(existe));
    assert!(empezada.get().unwrap_err().is_closed());
}

fn un_pool_se_usa_desde_varios_hilos() {
    let pool = ProcessPool::new(2).unwrap();
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

fn con_su_propio_pool(n: i64) -> Vec<i64> {
    ProcessPool::new(2).unwrap().map(cuadrado, 0..n).unwrap()
}

fn un_pool_dentro_de_una_tarea() {
    let pool = ProcessPool::new(2).unwrap();
    assert_eq!(
        pool.map(con_su_propio_pool, [2, 3]).unwrap(),
        [vec![0, 1], vec![0, 1, 4]]
    );
}

fn escala() -> f64 {
    concurrencia::time::scale()
}

fn la_escala_del_tiempo_viaja() {
    let pool = ProcessPool::new(1).unwrap();
    set_scale(0.25);
    let otra = pool.apply(escala, ()).unwrap();
    set_scale(concurrencia::time::DEFAULT_SCALE);
    assert_eq!(otra, 0.25);
    assert_eq!(
        pool.apply(escala, ()).unwrap(),
        concurrencia::time::DEFAULT_SCALE
    );
}
