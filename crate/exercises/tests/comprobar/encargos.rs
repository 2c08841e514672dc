//! Los encargos: quién los hizo, cuándo y cuántos a la vez.

use std::sync::{Arc, Barrier};
use std::thread;

use concurrencia::{Process, asyncio};
use exercises::{Job, Jobs};

use crate::pruebas;

pruebas![
    en_serie_nunca_hay_dos,
    en_hilos_coinciden_todos,
    en_otros_procesos_se_ve_que_lo_son,
    en_una_sola_tarea_asincrona_coinciden_en_un_hilo,
    el_cancelado_se_ve,
    los_que_fallan_fallan_y_dan_su_numero,
    los_recibos_cambian_de_una_vez_a_otra,
    el_cuaderno_se_borra,
];

fn en_serie_nunca_hay_dos() {
    let encargos = Jobs::new(4, 0.002);
    let recibos: Vec<u64> = encargos.all().iter().map(Job::run).collect();
    assert_eq!(recibos, encargos.receipts());
    let hecho = encargos.done();
    assert_eq!(
        (hecho.peak(), hecho.threads(), hecho.processes()),
        (1, 1, 1)
    );
    assert_eq!(hecho.started(), [0, 1, 2, 3]);
    assert_eq!(hecho.finished(), [0, 1, 2, 3]);
    assert_eq!(hecho.gaps().len(), 3);
    assert!(hecho.seconds() >= 0.008, "{}", hecho.seconds());
    assert!(hecho.is_here());
}

fn en_hilos_coinciden_todos() {
    let encargos = Jobs::new(5, 0.2);
    let salida = Arc::new(Barrier::new(5));
    let hilos = encargos.all().into_iter().map(|encargo| {
        let salida = Arc::clone(&salida);
        thread::spawn(move || {
            salida.wait();
            encargo.run()
        })
    });
    for hilo in hilos.collect::<Vec<_>>() {
        hilo.join().unwrap();
    }
    assert_eq!((encargos.done().peak(), encargos.done().threads()), (5, 5));
}

fn calcula(encargo: Job) -> u64 {
    encargo.compute()
}

fn en_otros_procesos_se_ve_que_lo_son() {
    let encargos = Jobs::new(2, 0.01);
    let mut procesos: Vec<Process<u64>> = encargos
        .all()
        .into_iter()
        .map(|e| Process::new(calcula, (e,)))
        .collect();
    procesos.iter_mut().for_each(|p| p.start().unwrap());
    let recibos: Vec<u64> = procesos.iter().map(|p| p.join().unwrap()).collect();
    assert_eq!(recibos, encargos.receipts());
    assert_eq!(encargos.done().processes(), 2);
    assert!(!encargos.done().is_here());
}

fn en_una_sola_tarea_asincrona_coinciden_en_un_hilo() {
    let encargos = Jobs::new(6, 0.1);
    let todos = encargos.all();
    asyncio::run(async move {
        let esperas: Vec<_> = todos.iter().map(Job::run_async).collect();
        concurrencia::futures_util::future::join_all(esperas).await
    });
    let hecho = encargos.done();
    assert_eq!((hecho.peak(), hecho.threads()), (6, 1));
}

fn el_cancelado_se_ve() {
    let encargos = Jobs::with_times(&[60.0, 0.001]);
    let todos = encargos.all();
    asyncio::run(async move {
        let [largo, corto] = &todos[..] else {
            unreachable!()
        };
        tokio_select(largo, corto).await;
    });
    assert_eq!(encargos.done().cancelled(), [0]);
    assert_eq!(encargos.done().finished(), [1]);
}

async fn tokio_select(largo: &Job, corto: &Job) {
    concurrencia::tokio::select! {
        biased;
        _ = largo.run_async() => {}
        _ = corto.run_async() => {}
    }
}

fn los_que_fallan_fallan_y_dan_su_numero() {
    let encargos = Jobs::new(3, 0.001).failing(&[1]);
    let dados: Vec<Result<u64, String>> = encargos.all().iter().map(Job::try_run).collect();
    let recibos = encargos.receipts();
    assert_eq!(
        dados,
        [
            Ok(recibos[0]),
            Err("encargo 1: no responde".to_owned()),
            Ok(recibos[2])
        ]
    );
    let malo = encargos.all().remove(1);
    assert!(thread::spawn(move || malo.run()).join().is_err());
}

fn los_recibos_cambian_de_una_vez_a_otra() {
    assert_ne!(Jobs::new(3, 0.0).receipts(), Jobs::new(3, 0.0).receipts());
}

fn el_cuaderno_se_borra() {
    let cuantos = || {
        let mios = format!("concurrencia-encargos-{}-", std::process::id());
        let hay = std::fs::read_dir(std::env::temp_dir()).unwrap().flatten();
        hay.filter(|e| e.file_name().to_string_lossy().starts_with(&mios))
            .count()
    };
    let encargos: Vec<Jobs> = (0..50).map(|_| Jobs::new(1, 0.0)).collect();
    assert!(cuantos() >= 50);
    drop(encargos);
    // Otras pruebas tienen los suyos.
    assert!(cuantos() < 50);
}
