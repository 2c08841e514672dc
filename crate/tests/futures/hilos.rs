//! Lo propio de `ThreadPoolExecutor`: capturar, datos que no viajan, los hilos y sus nombres.

use std::cell::Cell;
use std::collections::HashSet;
use std::fs::read_to_string;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use concurrencia::futures::ThreadPoolExecutor;
use concurrencia::rayon::prelude::*;

crate::pruebas![
    admite_clausuras_con_capturas_y_datos_que_no_viajan,
    admite_clausuras_que_gastan_lo_que_capturan,
    los_hilos_se_llaman_como_se_pide,
    los_mismos_hilos_hacen_todas_las_tareas,
    cada_hilo_se_prepara_antes_de_su_primera_tarea,
    un_initializer_que_entra_en_panico_no_se_lleva_el_hilo,
    default_workers_es_el_de_python,
    un_prefijo_imposible_entra_en_panico,
    lo_capturado_se_suelta_antes_de_dar_el_resultado,
    un_panico_al_soltar_lo_capturado_es_de_esa_tarea,
    descartar_una_que_entra_en_panico_al_soltarse_no_deja_a_las_demas,
    el_error_dice_en_que_hilo_fue,
    par_iter_dentro_de_una_tarea_no_hace_otras_a_medias,
    una_tarea_encarga_otra_y_no_la_espera,
    una_tarea_cierra_el_ejecutor,
    una_tarea_suelta_el_ultimo_mango,
    un_resultado_que_no_se_copia,
];

fn admite_clausuras_con_capturas_y_datos_que_no_viajan() {
    let ejecutor = ThreadPoolExecutor::new(2).unwrap();
    let total = Arc::new(Mutex::new(0));
    let futuros: Vec<_> = (1..=10)
        .map(|x| {
            let total = Arc::clone(&total);
            ejecutor.submit(move |y: i64| *total.lock().unwrap() += x * y, (2,))
        })
        .collect();
    for futuro in futuros {
        futuro.result().unwrap();
    }
    assert_eq!(*total.lock().unwrap(), 110);
    let largo = ejecutor.map_chunked(str::len, ["uno", "cuatro"], 2);
    assert_eq!(largo.map(Result::unwrap).collect::<Vec<_>>(), [3, 6]);
}

fn admite_clausuras_que_gastan_lo_que_capturan() {
    let ejecutor = ThreadPoolExecutor::new(1).unwrap();
    let letras = vec!["a", "b"];
    let junta = move |fin: &str| letras.into_iter().collect::<String>() + fin;
    assert_eq!(ejecutor.submit(junta, ("!",)).result().unwrap(), "ab!");
}

fn nombre() -> String {
    thread::current().name().unwrap_or_default().to_owned()
}

fn los_hilos_se_llaman_como_se_pide() {
    let ejecutor = ThreadPoolExecutor::with_prefix(3, "descarga").unwrap();
    let barrera = Arc::new(Barrier::new(3));
    let futuros: Vec<_> = (0..3)
        .map(|_| {
            let barrera = Arc::clone(&barrera);
            ejecutor.submit(
                move || {
                    barrera.wait();
                    nombre()
                },
                (),
            )
        })
        .collect();
    let nombres: HashSet<String> = futuros
        .iter()
        .map(|futuro| futuro.result().unwrap())
        .collect();
    let esperados = ["descarga_0", "descarga_1", "descarga_2"];
    assert_eq!(nombres, esperados.map(str::to_owned).into_iter().collect());
    assert_eq!(
        format!("{ejecutor:?}"),
        "ThreadPoolExecutor(descarga, 3 hilos, abierto)"
    );
    let ejecutor = ThreadPoolExecutor::new(1).unwrap();
    let nombre = ejecutor.submit(nombre, ()).result().unwrap();
    assert!(
        nombre.starts_with("ThreadPoolExecutor-") && nombre.ends_with("_0"),
        "{nombre}"
    );
}

fn los_mismos_hilos_hacen_todas_las_tareas() {
    let ejecutor = ThreadPoolExecutor::new(2).unwrap();
    let hilos: HashSet<_> = ejecutor
        .map(|_| thread::current().id(), 0..100)
        .map(Result::unwrap)
        .collect();
    assert!(hilos.len() <= 2);
}

thread_local!(static LISTO: Cell<u32> = const { Cell::new(0) });

fn cada_hilo_se_prepara_antes_de_su_primera_tarea() {
    let prepara = || LISTO.set(LISTO.get() + 1);
    let ejecutor = ThreadPoolExecutor::with_initializer(3, "listo", prepara).unwrap();
    let veces: HashSet<u32> = ejecutor
        .map(|_| LISTO.get(), 0..50)
        .map(Result::unwrap)
        .collect();
    assert_eq!(veces, HashSet::from([1]));
}

fn un_initializer_que_entra_en_panico_no_se_lleva_el_hilo() {
    let mal = || panic!("no me preparo (pánico de prueba)");
    let ejecutor = ThreadPoolExecutor::with_initializer(1, "mal", mal).unwrap();
    assert_eq!(ejecutor.submit(|| 1, ()).result().unwrap(), 1);
}

fn default_workers_es_el_de_python() {
    let nucleos = thread::available_parallelism().unwrap().get();
    let esperado = (nucleos + 4).min(32);
    assert_eq!(ThreadPoolExecutor::default_workers(), esperado);
}

fn un_prefijo_imposible_entra_en_panico() {
    let mal = || ThreadPoolExecutor::with_prefix(1, "a\0b");
    assert!(std::panic::catch_unwind(mal).is_err());
}

fn lo_capturado_se_suelta_antes_de_dar_el_resultado() {
    let ejecutor = ThreadPoolExecutor::new(1).unwrap();
    for _ in 0..200 {
        let testigo = Arc::new(());
        let suyo = Arc::clone(&testigo);
        let futuro = ejecutor.submit(
            move |otro: Arc<()>| Arc::ptr_eq(&suyo, &otro),
            (Arc::clone(&testigo),),
        );
        futuro.result().unwrap();
        assert_eq!(Arc::strong_count(&testigo), 1);
    }
}

/// Entra en pánico al soltarse.
struct Espinoso;

impl Drop for Espinoso {
    fn drop(&mut self) {
        panic!("no me sueltes (pánico de prueba)")
    }
}

fn un_panico_al_soltar_lo_capturado_es_de_esa_tarea() {
    let ejecutor = ThreadPoolExecutor::new(1).unwrap();
    let espinoso = Espinoso;
    let mal = ejecutor.submit(move || size_of_val(&espinoso), ());
    assert!(mal.result().unwrap_err().is_panic());
    assert_eq!(ejecutor.submit(|| 1, ()).result().unwrap(), 1);
}

fn descartar_una_que_entra_en_panico_al_soltarse_no_deja_a_las_demas() {
    let ejecutor = ThreadPoolExecutor::new(1).unwrap();
    let (avisa, empieza) = channel();
    let (suelta, llega) = channel::<()>();
    let larga = ejecutor.submit(
        move || {
            avisa.send(()).unwrap();
            llega.recv().is_err()
        },
        (),
    );
    empieza.recv().unwrap();
    let espinoso = Espinoso;
    let mal = ejecutor.submit(move || size_of_val(&espinoso), ());
    let otra = ejecutor.submit(|| 1, ());
    otra.add_done_callback(move |_| drop(suelta));
    ejecutor.shutdown_cancel();
    assert!(mal.cancelled() && otra.cancelled());
    assert!(larga.result().unwrap());
}

fn el_error_dice_en_que_hilo_fue() {
    let ejecutor = ThreadPoolExecutor::with_prefix(1, "fragil").unwrap();
    let futuro = ejecutor.submit(|| -> u32 { panic!("pánico de prueba") }, ());
    let error = futuro.result().unwrap_err();
    assert!(error.to_string().contains("«fragil_0»"), "{error}");
    assert!(error.process_error().is_none());
}

thread_local!(static DENTRO: Cell<bool> = const { Cell::new(false) });

fn par_iter_dentro_de_una_tarea_no_hace_otras_a_medias() {
    let ejecutor = ThreadPoolExecutor::new(2).unwrap();
    let anidadas = Arc::new(AtomicUsize::new(0));
    let futuros: Vec<_> = (0..200)
        .map(|_| {
            let anidadas = Arc::clone(&anidadas);
            ejecutor.submit(
                move || {
                    if DENTRO.replace(true) {
                        anidadas.fetch_add(1, SeqCst);
                    }
                    let suma: u64 = (0..2000_u64).into_par_iter().map(|x| x * x).sum();
                    DENTRO.set(false);
                    suma
                },
                (),
            )
        })
        .collect();
    for futuro in futuros {
        futuro.result().unwrap();
    }
    assert_eq!(anidadas.load(SeqCst), 0);
}

fn una_tarea_encarga_otra_y_no_la_espera() {
    let ejecutor = ThreadPoolExecutor::new(1).unwrap();
    let otro = ejecutor.clone();
    let dentro = ejecutor
        .submit(move || otro.submit(|| 7, ()), ())
        .result()
        .unwrap();
    assert_eq!(dentro.result().unwrap(), 7);
}

fn una_tarea_cierra_el_ejecutor() {
    let ejecutor = ThreadPoolExecutor::new(1).unwrap();
    let otro = ejecutor.clone();
    let cierra = ejecutor.submit(move || otro.shutdown(), ());
    cierra.result().unwrap();
    assert!(ejecutor.submit(|| 7, ()).result().unwrap_err().is_broken());
    ejecutor.shutdown();
}

fn una_tarea_suelta_el_ultimo_mango() {
    let ejecutor = ThreadPoolExecutor::new(1).unwrap();
    let (manda, llega) = channel::<ThreadPoolExecutor>();
    let suelta = ejecutor.submit(move || drop(llega.recv().unwrap()), ());
    let despues = ejecutor.submit(|| 7, ());
    manda.send(ejecutor).unwrap();
    suelta.result().unwrap();
    assert_eq!(despues.result().unwrap(), 7);
}

fn un_resultado_que_no_se_copia() {
    let ejecutor = ThreadPoolExecutor::new(1).unwrap();
    let futuro = ejecutor.submit(|| read_to_string("/no/existe"), ());
    assert!(futuro.into_result().unwrap().is_err());
}
