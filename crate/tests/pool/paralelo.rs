//! `parallel`: mapas con plazo, llamadas con nombre, y lo que llegó cuando no llega todo.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use concurrencia::parallel::{AsyncPar, Job, ParMap, PartialResults, Running, async_par};
use concurrencia::{Parallel, parallel, process as mp};

crate::pruebas![
    par_map_da_los_resultados_en_el_orden_de_las_entradas,
    par_map_sin_entradas_da_una_lista_vacia,
    la_funcion_puede_capturar_y_se_puede_seguir_llamando,
    parallel_map_es_lo_mismo,
    los_resultados_no_hace_falta_que_se_copien,
    convive_con_rayon,
    max_workers_es_el_tope,
    max_workers_trabajan_a_la_vez,
    un_solo_trabajador_va_en_orden,
    cero_trabajadores_o_un_plazo_negativo_no_valen,
    un_fallo_no_quita_los_demas,
    todos_los_fallos_se_cuentan,
    el_error_se_lee_y_se_propaga,
    el_mensaje_no_crece_sin_fin,
    replace_failed_rellena_los_huecos,
    al_vencer_el_plazo_quedan_los_que_llegaron,
    al_vencer_el_plazo_lo_que_no_ha_empezado_no_empieza,
    un_plazo_que_no_vence_no_se_nota,
    lo_que_acabo_antes_del_plazo_llega_aunque_vaya_detras,
    en_procesos_da_lo_mismo,
    en_procesos_un_panico_y_una_muerte_son_fallos,
    en_procesos_al_vencer_el_plazo_se_matan,
    de_procesos_a_hilos_y_vuelta,
    async_par_da_los_resultados_con_su_nombre,
    async_par_sin_llamadas,
    async_par_con_los_nombres_de_un_diccionario,
    un_nombre_repetido_se_queda_con_la_ultima,
    start_no_espera,
    hilos_y_procesos_en_la_misma_tanda,
    results_timeout_dice_cuales_faltaron,
    soltarlo_cancela_lo_que_no_ha_empezado,
    soltarlo_mata_los_procesos,
    los_tipos_se_guardan_en_una_estructura,
    debug_se_lee_en_una_linea,
];

fn cuadrado(x: i64) -> i64 {
    x * x
}

fn falla_si_es_siete(x: i64) -> i64 {
    assert!(x != 7, "no puedo con el {x}");
    x * x
}

/// Lo que hay que soltar para que vuelva, y la función que espera.
fn puerta() -> (Sender<()>, impl Fn() -> bool + Send + Sync + 'static) {
    let (suelta, espera) = channel::<()>();
    let espera = Mutex::new(espera);
    (suelta, move || espera.lock().unwrap().recv().is_err())
}

fn par_map_da_los_resultados_en_el_orden_de_las_entradas() {
    for n in [1, 2, 10, 1000] {
        let esperado: Vec<i64> = (0..n).map(cuadrado).collect();
        assert_eq!(cuadrado.par_map(0..n).run().unwrap(), esperado);
        assert_eq!(
            cuadrado.par_map(0..n).max_workers(3).run().unwrap(),
            esperado
        );
    }
}

fn par_map_sin_entradas_da_una_lista_vacia() {
    assert_eq!(cuadrado.par_map([]).run().unwrap(), []);
    assert_eq!(
        cuadrado.par_map([]).processes().timeout(1).run().unwrap(),
        []
    );
}

fn la_funcion_puede_capturar_y_se_puede_seguir_llamando() {
    let base = [10, 20];
    let suma = move |x: usize| base[x % 2] + x;
    assert_eq!(suma.par_map(0..3).run().unwrap(), [10, 21, 12]);
    assert_eq!(suma(1), 21);
    let textos = vec!["uno".to_owned(), "tres".to_owned()];
    assert_eq!(
        (|texto: String| texto.len()).par_map(textos).run().unwrap(),
        [3, 4]
    );
}

fn parallel_map_es_lo_mismo() {
    assert_eq!(
        parallel::map(|x| x + 1, 0..3).max_workers(2).run().unwrap(),
        [1, 2, 3]
    );
    let producto = |(a, b): (i64, i64)| a * b;
    assert_eq!(
        parallel::map(producto, [(2, 3), (4, 5)]).run().unwrap(),
        [6, 20]
    );
}

fn los_resultados_no_hace_falta_que_se_copien() {
    let lee = |ruta: &'static str| std::fs::read(ruta);
    let salidas = lee.par_map(["no existe", "tampoco"]).run().unwrap();
    assert!(salidas.iter().all(Result::is_err));
}

fn convive_con_rayon() {
    use concurrencia::rayon::prelude::*;
    let con_rayon: Vec<i64> = (0..5_i64).into_par_iter().map(cuadrado).collect();
    let seguido: Vec<i64> = (0..5).map(cuadrado).collect();
    assert_eq!(con_rayon, cuadrado.par_map(0..5).run().unwrap());
    assert_eq!(con_rayon, seguido);
}

fn max_workers_es_el_tope() {
    let (dentro, mas) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (suyo, suyo_mas) = (Arc::clone(&dentro), Arc::clone(&mas));
    let tarea = move |_: u32| {
        let ahora = suyo.fetch_add(1, Ordering::SeqCst) + 1;
        suyo_mas.fetch_max(ahora, Ordering::SeqCst);
        thread::yield_now();
        suyo.fetch_sub(1, Ordering::SeqCst);
    };
    tarea.par_map(0..500).max_workers(3).run().unwrap();
    assert!((1..=3).contains(&mas.load(Ordering::SeqCst)));
}

fn max_workers_trabajan_a_la_vez() {
    let barrera = Barrier::new(3);
    let coincide = move |_: u32| barrera.wait().is_leader();
    let salidas = coincide.par_map(0..3).max_workers(3).run().unwrap();
    assert_eq!(salidas.iter().filter(|lider| **lider).count(), 1);
}

fn un_solo_trabajador_va_en_orden() {
    let (avisa, orden) = channel();
    let apunta = move |x: u32| avisa.send(x).unwrap();
    apunta.par_map(0..50).max_workers(1).run().unwrap();
    assert!(orden.iter().eq(0..50));
}

fn cero_trabajadores_o_un_plazo_negativo_no_valen() {
    let falla = |tarea: &dyn Fn()| assert!(catch_unwind(AssertUnwindSafe(tarea)).is_err());
    falla(&|| drop(cuadrado.par_map(0..3).max_workers(0)));
    falla(&|| drop(cuadrado.par_map(0..3).timeout(-1)));
    falla(&|| drop(cuadrado.par_map(0..3).timeout(f64::NAN)));
    falla(&|| drop(async_par([("una", cuadrado.future((1,)))]).max_workers(0)));
    falla(&|| drop(async_par([("una", cuadrado.future((1,)))]).results_timeout(-1)));
}

fn un_fallo_no_quita_los_demas() {
    let parcial = falla_si_es_siete.par_map(0..10).run().unwrap_err();
    assert!(!parcial.is_timeout());
    assert_eq!(parcial.failed().len(), 1);
    assert_eq!(
        parcial.failed()[&7].panic_message(),
        Some("no puedo con el 7")
    );
    let bien: Vec<i64> = parcial.into_succeeded().into_values().collect();
    assert_eq!(bien, [0, 1, 4, 9, 16, 25, 36, 64, 81]);
}

fn todos_los_fallos_se_cuentan() {
    let falla = |x: u32| assert!(x > 5, "la {x}");
    let parcial = falla.par_map(0..8).run().unwrap_err();
    assert_eq!(parcial.succeeded().len(), 2);
    for (x, error) in parcial.failed() {
        assert_eq!(error.panic_message(), Some(&*format!("la {x}")));
    }
    assert_eq!(parcial.failed().len(), 6);
}

fn el_error_se_lee_y_se_propaga() {
    fn todas() -> Result<Vec<i64>, Box<dyn Error + Send + Sync>> {
        Ok(falla_si_es_siete.par_map(6..9).run()?)
    }
    let error = todas().unwrap_err();
    assert_eq!(
        error.to_string(),
        "llegaron 2 de 3, que están en succeeded(); faltan: 1 (pánico: no puedo con el 7)"
    );
    let causa = error.source().unwrap().to_string();
    assert!(causa.contains("no puedo con el 7"), "{causa}");
}

fn el_mensaje_no_crece_sin_fin() {
    let falla = |x: u32| -> u32 { panic!("la {x}") };
    let parcial = falla.par_map(0..1000).run().unwrap_err();
    let texto = parcial.to_string();
    assert!(texto.starts_with("no llegó ninguno de los 1000: 0 (pánico: la 0), 1 ("));
    assert!(texto.ends_with("y otros 990, en failed()"), "{texto}");
    assert_eq!(parcial.failed().len(), 1000);
}

fn replace_failed_rellena_los_huecos() {
    let parcial = falla_si_es_siete.par_map(6..9).run().unwrap_err();
    let completo: Vec<i64> = parcial.replace_failed(-1).into_values().collect();
    assert_eq!(completo, [36, -1, 64]);
}

/// Espera a que hayan acabado `cuantas`.
fn acaban<K, T>(ex: &Running<K, T>, cuantas: usize) {
    while !format!("{ex:?}").starts_with(&format!("Running(acabadas {cuantas} ")) {
        thread::yield_now();
    }
}

fn al_vencer_el_plazo_quedan_los_que_llegaron() {
    let (suelta, espera) = puerta();
    let (avisa, empezada) = channel();
    let mut espera = Some(move || {
        avisa.send(()).unwrap();
        espera();
        1
    });
    let llamadas = (0..4).map(|x| match x {
        1 => (x, espera.take().unwrap().future(())),
        _ => (x, (move || x).future(())),
    });
    let ex = async_par(llamadas).max_workers(1).start();
    empezada.recv().unwrap();
    let parcial = ex.results_timeout(0.1).unwrap_err();
    // Ha vuelto sin esperarla: solo ahora puede acabar.
    drop(suelta);
    assert!(parcial.is_timeout());
    assert_eq!(*parcial.succeeded(), BTreeMap::from([(0, 0)]));
    assert!(parcial.failed()[&1].is_timeout());
    assert!(parcial.failed()[&2].is_cancelled() && parcial.failed()[&3].is_cancelled());
    assert_eq!(
        parcial.to_string(),
        "llegó 1 de 4, que está en succeeded(); faltan: 1 (se acabó el plazo sin que acabara), 2 (se acabó el plazo sin \
         que empezara), 3 (se acabó el plazo sin que empezara)"
    );
}

fn al_vencer_el_plazo_lo_que_no_ha_empezado_no_empieza() {
    let (suelta, espera) = puerta();
    let (avisa, hechas) = channel();
    let tarea = move |x: u32| {
        if x == 0 {
            espera();
        }
        avisa.send(x).unwrap();
    };
    let parcial = tarea.par_map(0..100).max_workers(1).timeout(0.1).run();
    assert_eq!(parcial.unwrap_err().failed().len(), 100);
    drop(suelta);
    // El canal se cierra cuando ya no queda ninguna tarea que pueda escribir en él. La primera pudo no llegar a empezar.
    assert!([0].starts_with(&hechas.iter().collect::<Vec<_>>()));
}

fn un_plazo_que_no_vence_no_se_nota() {
    assert_eq!(
        cuadrado.par_map(0..3).timeout(1e9).run().unwrap(),
        [0, 1, 4]
    );
    assert_eq!(cuadrado.par_map([]).timeout(0).run().unwrap(), []);
}

fn lo_que_acabo_antes_del_plazo_llega_aunque_vaya_detras() {
    let (suelta, espera) = puerta();
    let (avisa, hechas) = channel();
    let tarea = move |x: u32| {
        if x == 0 {
            espera();
        }
        avisa.send(x).unwrap();
        x
    };
    let tarea = Arc::new(tarea);
    let llamadas = (0..5).map(|x| {
        let tarea = Arc::clone(&tarea);
        (x, (move || tarea(x)).future(()))
    });
    let ex = async_par(llamadas).max_workers(2).start();
    // Con la primera atascada, el otro hilo hace las demás.
    let mut vistas: Vec<u32> = (0..4).map(|_| hechas.recv().unwrap()).collect();
    vistas.sort_unstable();
    assert_eq!(vistas, [1, 2, 3, 4]);
    acaban(&ex, 4);
    let parcial = ex.results_timeout(0.2).unwrap_err();
    drop(suelta);
    assert_eq!(parcial.failed().len(), 1);
    assert!(parcial.failed()[&0].is_timeout());
    assert!(parcial.into_succeeded().into_keys().eq(1..5));
}

fn en_procesos_da_lo_mismo() {
    let salidas = cuadrado.par_map(0..100).processes().max_workers(2).run();
    assert_eq!(salidas.unwrap(), (0..100).map(cuadrado).collect::<Vec<_>>());
    let pids = (|_: u8| std::process::id()).par_map(0..4).processes().run();
    assert!(pids.unwrap().iter().all(|pid| *pid != std::process::id()));
}

fn quebradiza(x: u32) -> u32 {
    match x {
        1 => panic!("no puedo con el {x}"),
        2 => std::process::abort(),
        _ => x,
    }
}

fn en_procesos_un_panico_y_una_muerte_son_fallos() {
    let parcial = quebradiza
        .par_map(0..4)
        .processes()
        .max_workers(2)
        .run()
        .unwrap_err();
    assert!(!parcial.is_timeout());
    assert_eq!(
        parcial.failed()[&1].panic_message(),
        Some("no puedo con el 1")
    );
    let muerte = parcial.failed()[&2].process_error().unwrap();
    assert!(muerte.is_died(), "{muerte}");
    assert_eq!(*parcial.succeeded(), BTreeMap::from([(0, 0), (3, 3)]));
}

fn espera(puerta: mp::Event, x: u32) -> u32 {
    if x == 1 {
        puerta.wait();
    }
    x
}

fn en_procesos_al_vencer_el_plazo_se_matan() {
    // Nadie la abre: solo se acaba porque los matan.
    let puerta = mp::Event::new().unwrap();
    let llamadas = (0..3).map(|x| (x, espera.process_future((puerta.clone(), x))));
    let ex = async_par(llamadas).max_workers(2).start();
    acaban(&ex, 2);
    let parcial = ex.results_timeout(0.1).unwrap_err();
    assert!(parcial.is_timeout() && parcial.failed()[&1].is_timeout());
    assert_eq!(*parcial.succeeded(), BTreeMap::from([(0, 0), (2, 2)]));

    let nunca = |puerta: mp::Event| puerta.wait();
    let parcial = nunca.par_map([puerta]).processes().timeout(0.1).run();
    assert!(parcial.unwrap_err().failed()[&0].is_timeout());
}

fn de_procesos_a_hilos_y_vuelta() {
    let aqui = (|_: u8| std::process::id())
        .par_map([0])
        .processes()
        .threads()
        .run();
    assert_eq!(aqui.unwrap(), [std::process::id()]);
    let alli = (|_: u8| std::process::id())
        .par_map([0])
        .threads()
        .processes()
        .run();
    assert_ne!(alli.unwrap(), [std::process::id()]);
}

fn planta(color: &str) -> String {
    format!("rosa: {color}")
}

fn animal(color: &str) -> String {
    format!("león: {color}")
}

fn async_par_da_los_resultados_con_su_nombre() {
    let futuros = [
        ("planta", planta.future(("roja",))),
        ("animal", animal.future(("amarillo",))),
    ];
    let resultados = async_par(futuros).max_workers(5).results().unwrap();
    assert_eq!(resultados["planta"], "rosa: roja");
    assert_eq!(resultados["animal"], "león: amarillo");
    assert_eq!(resultados.len(), 2);
}

fn async_par_sin_llamadas() {
    let nada: [(u8, Job<u8>); 0] = [];
    assert!(async_par(nada).results_timeout(0).unwrap().is_empty());
}

fn async_par_con_los_nombres_de_un_diccionario() {
    let futuros: HashMap<String, Job<i64>> = (0..20)
        .map(|x| (format!("{x:02}"), cuadrado.future((x,))))
        .collect();
    let resultados = async_par(futuros).results().unwrap();
    // Siempre en el mismo orden, el de los nombres.
    assert!(resultados.into_values().eq((0..20).map(cuadrado)));
}

fn un_nombre_repetido_se_queda_con_la_ultima() {
    let futuros = [("x", cuadrado.future((2,))), ("x", cuadrado.future((3,)))];
    assert_eq!(async_par(futuros).results().unwrap()["x"], 9);
}

fn start_no_espera() {
    let (suelta, espera) = puerta();
    let ex = async_par([("una", espera.future(()))]).start();
    assert!(!ex.done());
    drop(suelta);
    assert!(ex.results().unwrap()["una"]);
}

fn hilos_y_procesos_en_la_misma_tanda() {
    let futuros = [
        ("aquí", std::process::id.future(())),
        ("allí", std::process::id.process_future(())),
        ("más allí", std::process::id.process_future(())),
    ];
    let pids = async_par(futuros).max_workers(2).results().unwrap();
    assert_eq!(pids["aquí"], std::process::id());
    assert_ne!(pids["allí"], std::process::id());
    assert_ne!(pids["más allí"], std::process::id());
}

fn results_timeout_dice_cuales_faltaron() {
    let (suelta, espera) = puerta();
    let alli = mp::Event::new().unwrap();
    let espera_alli = |puerta: mp::Event| puerta.wait_timeout(1e6).is_ok();
    let futuros = [
        ("aquí", espera.future(())),
        ("allí", espera_alli.process_future((alli,))),
        ("hecha", (|| true).future(())),
    ];
    let ex = async_par(futuros).start();
    acaban(&ex, 1);
    let parcial = ex.results_timeout(0.1).unwrap_err();
    drop(suelta);
    assert!(parcial.is_timeout());
    assert_eq!(parcial.succeeded().keys().collect::<Vec<_>>(), [&"hecha"]);
    assert!(parcial.failed().values().all(|error| error.is_timeout()));
    let texto = parcial.to_string();
    assert!(texto.contains("\"allí\"") && texto.contains("\"aquí\""));
}

fn soltarlo_cancela_lo_que_no_ha_empezado() {
    let (suelta, espera) = puerta();
    let (avisa, hechas) = channel();
    let espera = Arc::new(espera);
    let llamadas = (0..10).map(|x| {
        let (espera, avisa) = (Arc::clone(&espera), avisa.clone());
        let tarea = move || {
            avisa.send(x).unwrap();
            espera();
        };
        (x, tarea.future(()))
    });
    let ex = async_par(llamadas).max_workers(1).start();
    drop(avisa);
    assert_eq!(hechas.recv().unwrap(), 0);
    drop(ex);
    drop(suelta);
    assert!(hechas.iter().next().is_none());
}

fn soltarlo_mata_los_procesos() {
    let puerta = mp::Event::new().unwrap();
    let (empezada, suya) = (mp::Event::new().unwrap(), puerta.clone());
    let tarea = |empezada: mp::Event, puerta: mp::Event| {
        empezada.set();
        puerta.wait();
    };
    let ex = async_par([("una", tarea.process_future((empezada.clone(), suya)))]).start();
    empezada.wait();
    // Si esperara a que acabase, no volvería.
    drop(ex);
    assert!(!puerta.is_set());
}

struct Guardado {
    llamadas: Vec<(String, Job<i64>)>,
    mapa: ParMap<fn(i64) -> i64, i64>,
    preparadas: AsyncPar<String, i64>,
    en_marcha: Running<String, i64>,
    parcial: PartialResults<usize, i64>,
}

fn los_tipos_se_guardan_en_una_estructura() {
    fn pasa<T: Send + Sync + 'static>() {}
    pasa::<PartialResults<String, i64>>();
    fn se_manda<T: Send + 'static>(valor: T) -> T {
        valor
    }
    let llamadas = || vec![("una".to_owned(), cuadrado.future((2,)))];
    let guardado = se_manda(Guardado {
        llamadas: llamadas(),
        mapa: (cuadrado as fn(i64) -> i64).par_map(vec![3]),
        preparadas: async_par(llamadas()),
        en_marcha: async_par(llamadas()).start(),
        parcial: falla_si_es_siete.par_map([7]).run().unwrap_err(),
    });
    assert_eq!(async_par(guardado.llamadas).results().unwrap()["una"], 4);
    assert_eq!(guardado.mapa.run().unwrap(), [9]);
    assert_eq!(guardado.preparadas.results().unwrap()["una"], 4);
    assert_eq!(guardado.en_marcha.results().unwrap()["una"], 4);
    assert!(guardado.parcial.failed()[&0].is_panic());
}

fn debug_se_lee_en_una_linea() {
    assert_eq!(
        format!("{:?}", cuadrado.par_map(0..3)),
        "ParMap(3 entradas)"
    );
    assert_eq!(
        format!("{:?}", cuadrado.process_future((3,))),
        "Job(en otro proceso)"
    );
    let llamadas = async_par([("una", cuadrado.future((1,)))]);
    assert_eq!(format!("{llamadas:?}"), "AsyncPar(\"una\")");
    let (suelta, espera) = puerta();
    let ex = async_par([("una", espera.future(()))]).start();
    assert_eq!(format!("{ex:?}"), "Running(acabadas 0 de 1)");
    drop(suelta);
    ex.results().unwrap();
    let parcial = falla_si_es_siete.par_map([7]).run().unwrap_err();
    assert_eq!(
        format!("{parcial:?}"),
        "PartialResults(no llegó ninguno de los 1: 0 (pánico: no puedo con el 7))"
    );
}
