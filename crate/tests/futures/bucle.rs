//! Los dos ejecutores desde `asyncio`: `run_in_executor` encarga y espera sin parar el bucle.

use concurrencia::asyncio::{self, create_task, gather, get_running_loop, sleep, wait_for};
use concurrencia::futures::{ProcessPoolExecutor, ThreadPoolExecutor};
use concurrencia::process::Event;

use crate::comun::{avisa_y_espera, cuadrado, divide, espera};

crate::pruebas![
    el_bucle_sigue_mientras_trabaja_otro_proceso,
    hilos_procesos_y_corrutinas_se_reunen,
    un_panico_en_otro_proceso_es_el_error_de_la_tarea,
    la_muerte_de_un_proceso_es_el_error_de_la_tarea,
    lo_que_no_ha_empezado_en_otro_proceso_se_cancela,
];

fn procesos(max_workers: usize) -> ProcessPoolExecutor {
    ProcessPoolExecutor::new(max_workers).unwrap()
}

fn el_bucle_sigue_mientras_trabaja_otro_proceso() {
    let (ejecutor, senal) = (procesos(1), Event::new().unwrap());
    let salida = asyncio::run(async {
        let tarea = get_running_loop().run_in_executor(&ejecutor, espera, (senal.clone(),));
        sleep(0).await; // si el bucle estuviera parado, nadie daría la señal
        senal.set();
        tarea.await
    });
    assert!(salida.unwrap());
}

fn hilos_procesos_y_corrutinas_se_reunen() {
    let (hilos, procesos) = (ThreadPoolExecutor::new(1).unwrap(), procesos(1));
    let salidas = asyncio::run(async {
        let bucle = get_running_loop();
        gather((
            bucle.run_in_executor(&hilos, cuadrado, (3,)),
            bucle.run_in_executor(&procesos, cuadrado, (4,)),
            bucle.run_in_executor(None, cuadrado, (5,)),
            async { 36 },
        ))
        .await
    });
    assert_eq!(salidas.unwrap(), (9, 16, 25, 36));
}

fn un_panico_en_otro_proceso_es_el_error_de_la_tarea() {
    let ejecutor = procesos(1);
    let error = asyncio::run(async {
        let bucle = get_running_loop();
        bucle.run_in_executor(&ejecutor, divide, (1, 0)).await
    })
    .unwrap_err();
    assert!(error.is_panic());
    assert_eq!(error.panic_message(), Some("attempt to divide by zero"));
}

fn aborta() {
    std::process::abort()
}

fn la_muerte_de_un_proceso_es_el_error_de_la_tarea() {
    let ejecutor = procesos(1);
    let error = asyncio::run(async {
        let bucle = get_running_loop();
        bucle.run_in_executor(&ejecutor, aborta, ()).await
    })
    .unwrap_err();
    let del_proceso = error.future_error().and_then(|error| error.process_error());
    assert!(del_proceso.unwrap().is_died());
    assert!(!error.is_panic() && !error.is_cancelled());
}

fn lo_que_no_ha_empezado_en_otro_proceso_se_cancela() {
    let ejecutor = procesos(1);
    let (empieza, senal) = (Event::new().unwrap(), Event::new().unwrap());
    let larga = ejecutor.submit(avisa_y_espera, (empieza.clone(), senal.clone()));
    empieza.wait();
    // Con el único proceso ocupado puede quedar una más ya entregada, que no se cancela; la siguiente, sí.
    let _entregada = ejecutor.submit(cuadrado, (3,));
    asyncio::run(async {
        let bucle = get_running_loop();
        let en_cola = bucle.run_in_executor(&ejecutor, cuadrado, (4,));
        assert!(wait_for(en_cola.clone(), 0.05).await.is_err());
        assert!(en_cola.cancelled());
        create_task(async move { senal.set() }).await.unwrap();
    });
    assert!(larga.result().unwrap());
}
