//! `to_thread` y `run_in_executor`: lo que bloquea, a otro sitio.

use std::io;
use std::sync::{Mutex, mpsc};
use std::thread;

use concurrencia::asyncio::{Event, create_task, gather, get_running_loop, sleep, to_thread};
use concurrencia::futures::{Future as Futuro, ThreadPoolExecutor};

use super::comun::{Vivas, en_los_dos_bucles};

en_los_dos_bucles! {
    async fn to_thread_da_lo_que_devuelve_la_funcion_con_sus_argumentos() {
        assert_eq!(to_thread(i64::pow, (2, 10)).await.unwrap(), 1024);
        let base = 10;
        assert_eq!(to_thread(move |x: i32| base + x, (5,)).await.unwrap(), 15);
        let leido: io::Result<String> = to_thread(std::fs::read_to_string, ("no existe",)).await.unwrap();
        assert_eq!(leido.unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    async fn to_thread_no_para_el_bucle() {
        let (suelta, espera) = mpsc::channel::<u32>();
        let espera = Mutex::new(espera);
        let tarea = to_thread(move || (espera.lock().unwrap().recv().unwrap(), thread::current().id()), ());
        sleep(0).await; // si estuviera parado, no pasaría de aquí
        suelta.send(25).unwrap();
        let (valor, hilo) = tarea.await.unwrap();
        assert_eq!(valor, 25);
        assert_ne!(hilo, thread::current().id());
    }

    async fn un_panico_en_el_hilo_es_el_error_de_la_tarea() {
        let error = to_thread(|| panic!("sin conexión"), ()).await.unwrap_err();
        assert_eq!(error.panic_message(), Some("sin conexión"));
    }

    async fn cancelar_deja_de_esperar_al_hilo_que_sigue() {
        let (suelta, espera) = mpsc::channel::<()>();
        let espera = Mutex::new(espera);
        let (empezado, acabado) = (Event::new(), Event::new());
        let (avisa_empezado, avisa_acabado) = (empezado.clone(), acabado.clone());
        let tarea = to_thread(
            move || {
                avisa_empezado.set();
                let _ = espera.lock().unwrap().recv();
                avisa_acabado.set();
            },
            (),
        );
        empezado.wait().await;
        tarea.cancel();
        assert!(tarea.await.unwrap_err().is_cancelled());
        assert!(!acabado.is_set());
        drop(suelta);
        acabado.wait().await;
    }

    async fn to_thread_se_reune_con_lo_demas() {
        let (hilo, corrutina) = gather((to_thread(|| 1, ()), async { "dos" })).await.unwrap();
        assert_eq!((hilo, corrutina), (1, "dos"));
        let cubos = gather((0..5).map(|x| to_thread(move || x * x * x, ()))).await.unwrap();
        assert_eq!(cubos, [0, 1, 8, 27, 64]);
    }

    async fn run_in_executor_usa_los_hilos_del_ejecutor() {
        let ejecutor = ThreadPoolExecutor::with_prefix(1, "lector").unwrap();
        let bucle = get_running_loop();
        let nombre = || thread::current().name().map(str::to_owned);
        let suyo = bucle.run_in_executor(&ejecutor, nombre, ()).await.unwrap();
        assert_eq!(suyo.as_deref(), Some("lector_0"));
        assert_eq!(bucle.run_in_executor(&ejecutor, i64::pow, (2, 10)).await.unwrap(), 1024);
        assert_eq!(bucle.run_in_executor(None, i64::pow, (2, 10)).await.unwrap(), 1024);
        // Ni los argumentos ni el resultado tienen que poder viajar a otro proceso.
        let leido = bucle.run_in_executor(&ejecutor, std::fs::read, ("no existe",)).await.unwrap();
        assert!(leido.is_err());
    }

    async fn un_panico_en_el_ejecutor_es_el_error_de_la_tarea() {
        let ejecutor = ThreadPoolExecutor::new(1).unwrap();
        let tarea = get_running_loop().run_in_executor(&ejecutor, || panic!("sin conexión"), ());
        let error = tarea.await.unwrap_err();
        assert!(error.is_panic() && error.future_error().unwrap().is_panic());
        assert_eq!(error.panic_message(), Some("sin conexión"));
    }

    async fn un_ejecutor_cerrado_es_un_error() {
        let ejecutor = ThreadPoolExecutor::new(1).unwrap();
        ejecutor.shutdown();
        let error = get_running_loop().run_in_executor(&ejecutor, || 25, ()).await.unwrap_err();
        assert!(error.future_error().unwrap().is_broken());
        assert!(!error.is_panic() && !error.is_cancelled());
    }

    async fn lo_que_no_ha_empezado_en_el_ejecutor_ya_no_se_hace_si_se_cancela() {
        let ejecutor = ThreadPoolExecutor::new(1).unwrap();
        let bucle = get_running_loop();
        let (suelta, espera) = mpsc::channel::<()>();
        let espera = Mutex::new(espera);
        let empezada = Event::new();
        let avisa = empezada.clone();
        let larga = bucle.run_in_executor(&ejecutor, move || {
            avisa.set();
            espera.lock().unwrap().recv().is_err()
        }, ());
        empezada.wait().await;
        let vivas = Vivas::default();
        let hechas = vivas.clone();
        let en_cola = bucle.run_in_executor(&ejecutor, move || std::mem::forget(hechas.marca()), ());
        en_cola.cancel();
        assert!(en_cola.await.unwrap_err().is_cancelled());
        drop(suelta);
        assert!(larga.await.unwrap());
        ejecutor.shutdown();
        assert_eq!(vivas.cuantas(), 0);
    }

    async fn cerrar_el_ejecutor_cancelando_cancela_la_tarea() {
        let ejecutor = ThreadPoolExecutor::new(1).unwrap();
        let bucle = get_running_loop();
        let (suelta, espera) = mpsc::channel::<()>();
        let espera = Mutex::new(espera);
        let empezada = Event::new();
        let avisa = empezada.clone();
        let larga = bucle.run_in_executor(&ejecutor, move || {
            avisa.set();
            espera.lock().unwrap().recv().is_err()
        }, ());
        empezada.wait().await;
        let en_cola = bucle.run_in_executor(&ejecutor, || 25, ());
        en_cola.add_done_callback(move |_| drop(suelta));
        let cierra = to_thread(move || ejecutor.shutdown_cancel(), ());
        let error = (&en_cola).await.unwrap_err();
        assert!(error.is_cancelled() && en_cola.cancelled());
        assert!(larga.await.unwrap());
        cierra.await.unwrap();
    }

    async fn un_futuro_de_otro_hilo_se_espera_con_await_y_se_reune() {
        let futuro = Futuro::new();
        let para_el_hilo = futuro.clone();
        let hilo = thread::spawn(move || para_el_hilo.set_result(25));
        let esperado = create_task(futuro.clone());
        let (uno, otro) = gather((futuro, async { 1 })).await.unwrap();
        assert_eq!((uno.unwrap(), otro), (25, 1));
        assert_eq!(esperado.await.unwrap().unwrap(), 25);
        hilo.join().unwrap().unwrap();
    }
}
