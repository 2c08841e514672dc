//! `run` y `EventLoop`: arrancar un bucle, cerrarlo, y lo que pasa si ya había otro.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::mpsc;
use std::thread;

use concurrencia::asyncio::{
    self, Event, EventLoop, create_task, get_running_loop, sleep, to_thread,
};
use concurrencia::tokio;
use concurrencia::tokio::runtime::Runtime;

use super::comun::{Vivas, en_los_dos_bucles, en_run, en_varios_hilos, eterna, panico_de};

#[test]
fn run_da_lo_que_devuelve_la_corrutina() {
    assert_eq!(asyncio::run(async { 5 * 5 }), 25);
}

#[test]
fn run_admite_lo_prestado_y_lo_que_no_cambia_de_hilo() {
    let (texto, cuenta) = (String::from("ana"), Rc::new(Cell::new(0)));
    let largo = asyncio::run(async {
        let cuenta = Rc::clone(&cuenta);
        sleep(0).await;
        cuenta.set(cuenta.get() + 1);
        texto.len()
    });
    assert_eq!((largo, cuenta.get()), (3, 1));
}

#[test]
fn run_tiene_un_solo_hilo() {
    let hilos = asyncio::run(async {
        let tareas = (0..50).map(|_| async { thread::current().id() });
        asyncio::gather(tareas).await.unwrap()
    });
    assert!(hilos.iter().all(|hilo| *hilo == thread::current().id()));
}

#[test]
fn run_cancela_lo_que_quede_y_espera_a_que_se_suelte() {
    let vivas = Vivas::default();
    asyncio::run(async {
        let avisos: Vec<Event> = (0..10).map(|_| Event::new()).collect();
        for aviso in &avisos {
            create_task(eterna(aviso.clone(), vivas.clone()));
        }
        for aviso in &avisos {
            aviso.wait().await;
        }
        assert_eq!(vivas.cuantas(), 10);
    });
    assert_eq!(vivas.cuantas(), 0);
}

#[test]
fn un_panico_sale_de_run_y_tambien_cancela_lo_que_quede() {
    let vivas = Vivas::default();
    let mensaje = panico_de(|| {
        asyncio::run(async {
            let empezada = Event::new();
            create_task(eterna(empezada.clone(), vivas.clone()));
            empezada.wait().await;
            panic!("sin conexión");
        })
    });
    assert_eq!(mensaje, "sin conexión");
    assert_eq!(vivas.cuantas(), 0);
}

#[test]
fn las_tareas_canceladas_al_cerrar_avisan_a_quien_las_tenga() {
    let (avisa, recibe) = mpsc::channel();
    let tarea = asyncio::run(async {
        let tarea = create_task(std::future::pending::<()>());
        tarea.add_done_callback(move |t| avisa.send(t.cancelled()).unwrap());
        tarea
    });
    assert!(tarea.cancelled());
    assert!(recibe.try_recv().unwrap());
}

#[test]
fn lo_que_se_lanza_al_cerrar_tambien_se_suelta() {
    struct Lanza(Vivas);
    impl Drop for Lanza {
        fn drop(&mut self) {
            let marca = self.0.marca();
            create_task(async move {
                let _marca = marca;
                std::future::pending::<()>().await;
            });
        }
    }
    let vivas = Vivas::default();
    asyncio::run(async {
        let lanza = Lanza(vivas.clone());
        create_task(async move {
            let _lanza = lanza;
            std::future::pending::<()>().await;
        });
        sleep(0).await;
    });
    assert_eq!(vivas.cuantas(), 0);
}

#[test]
fn run_espera_a_lo_que_esta_en_otro_hilo() {
    let vivas = Vivas::default();
    asyncio::run(async {
        let (empezada, vivas) = (Event::new(), vivas.clone());
        let avisa = empezada.clone();
        to_thread(
            move || {
                let _marca = vivas.marca();
                avisa.set();
                thread::yield_now();
            },
            (),
        );
        empezada.wait().await;
    });
    assert_eq!(vivas.cuantas(), 0);
}

#[test]
fn dentro_de_un_run_no_cabe_otro() {
    let mensaje = en_run(async { panico_de(|| asyncio::run(async {})) });
    assert!(mensaje.contains(".await"), "{mensaje}");
    // Tampoco desde una tarea, y el de fuera sigue entero.
    let error = en_run(async {
        let tarea = create_task(async { asyncio::run(async {}) });
        tarea.await.unwrap_err()
    });
    assert!(error.panic_message().unwrap().contains(".await"));
    // Ni en el bucle de un hilo de otros.
    let ajeno = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mensaje = ajeno.block_on(async { panico_de(|| asyncio::run(async {})) });
    assert!(mensaje.contains(".await"), "{mensaje}");
}

#[test]
fn dentro_del_bucle_del_nucleo_si_cabe_un_run() {
    let nucleo = Runtime::new().unwrap();
    // Directamente en la celda…
    let salida = nucleo.block_on(async {
        let tarea = create_task(async { 1 });
        let dentro = asyncio::run(async {
            sleep(0.1).await;
            asyncio::gather([create_task(async { 2 }), create_task(async { 3 })]).await
        });
        (tarea.await.unwrap(), dentro.unwrap())
    });
    assert_eq!(salida, (1, vec![2, 3]));
    // …y en una de sus tareas.
    let salida = nucleo.block_on(async {
        create_task(async { asyncio::run(async { create_task(async { 4 }).await.unwrap() }) }).await
    });
    assert_eq!(salida.unwrap(), 4);
    // Y dentro de ese, otro no.
    let mensaje =
        nucleo.block_on(async { asyncio::run(async { panico_de(|| asyncio::run(async {})) }) });
    assert!(mensaje.contains(".await"));
}

#[test]
fn un_run_dentro_del_nucleo_no_para_sus_tareas() {
    en_varios_hilos(async {
        let (pregunta, respuesta) = (Event::new(), Event::new());
        let (oye, responde) = (pregunta.clone(), respuesta.clone());
        let tarea = create_task(async move {
            oye.wait().await;
            responde.set();
        });
        asyncio::run(async {
            pregunta.set();
            respuesta.wait().await; // la da una tarea del otro bucle
        });
        tarea.await.unwrap();
    });
}

#[test]
fn en_un_hilo_de_to_thread_si_cabe_un_run() {
    fn en_su_hilo() -> u32 {
        asyncio::run(async { create_task(async { 25 }).await.unwrap() })
    }
    assert_eq!(
        en_run(async { to_thread(en_su_hilo, ()).await.unwrap() }),
        25
    );
    assert_eq!(
        en_varios_hilos(async { to_thread(en_su_hilo, ()).await.unwrap() }),
        25
    );
}

#[test]
fn cada_hilo_puede_tener_su_run() {
    let hilos: Vec<_> = (0..8)
        .map(|n| {
            thread::spawn(move || asyncio::run(async move { create_task(async move { n }).await }))
        })
        .collect();
    for (n, hilo) in (0..8).zip(hilos) {
        assert_eq!(hilo.join().unwrap().unwrap(), n);
    }
}

#[test]
fn run_admite_una_tarea_o_un_gather() {
    let bucle = EventLoop::new();
    let tarea = bucle.create_task(async { 25 });
    bucle.run_until_complete(async { sleep(0).await });
    assert_eq!(asyncio::run(tarea).unwrap(), 25);
    let salidas = asyncio::run(asyncio::gather([1, 2].map(|x| async move { x })));
    assert_eq!(salidas.unwrap(), [1, 2]);
}

#[test]
fn un_bucle_propio_se_usa_varias_veces_y_sus_tareas_siguen_entre_una_y_otra() {
    let bucle = EventLoop::new();
    let (salida, acabada) = (Event::new(), Event::new());
    let (espera, avisa) = (salida.clone(), acabada.clone());
    let tarea = bucle.create_task(async move {
        espera.wait().await;
        avisa.set();
        25
    });
    assert_eq!(bucle.run_until_complete(async { 1 }), 1);
    assert!(!tarea.done());
    salida.set();
    bucle.run_until_complete(acabada.wait());
    assert_eq!(bucle.run_until_complete(tarea).unwrap(), 25);
}

#[test]
fn soltar_un_bucle_cancela_lo_suyo() {
    let vivas = Vivas::default();
    let bucle = EventLoop::new();
    let empezada = Event::new();
    let tarea = bucle.create_task(eterna(empezada.clone(), vivas.clone()));
    bucle.run_until_complete(empezada.wait());
    let otro_mango = bucle.clone();
    drop(bucle);
    assert_eq!(vivas.cuantas(), 1);
    drop(otro_mango);
    assert_eq!(vivas.cuantas(), 0);
    assert!(tarea.cancelled());
}

#[test]
fn un_bucle_propio_se_puede_soltar_dentro_de_otro() {
    for probar in [en_run as fn(_) -> usize, en_varios_hilos] {
        let vivas = Vivas::default();
        let cuantas = vivas.clone();
        let quedan = probar(async move {
            let bucle = EventLoop::new();
            let marca = vivas.marca();
            bucle.create_task(async move {
                let _marca = marca;
                std::future::pending::<()>().await;
            });
            drop(bucle);
            vivas.cuantas()
        });
        assert_eq!(quedan + cuantas.cuantas(), 0);
    }
}

#[test]
fn un_bucle_que_esta_en_marcha_no_se_puede_volver_a_arrancar() {
    let mensaje = en_run(async { panico_de(|| get_running_loop().run_until_complete(async {})) });
    assert!(mensaje.contains("ya está en marcha"), "{mensaje}");
    let bucle = EventLoop::new();
    let mensaje = bucle
        .clone()
        .run_until_complete(async move { panico_de(|| bucle.run_until_complete(async {})) });
    assert!(mensaje.contains(".await"), "{mensaje}");
}

#[test]
fn fuera_de_un_bucle_no_hay_bucle_que_dar() {
    let mensaje = panico_de(get_running_loop);
    assert!(mensaje.contains("asyncio::run"), "{mensaje}");
}

#[test]
fn el_bucle_se_ve() {
    assert_eq!(format!("{:?}", EventLoop::new()), "EventLoop(de un hilo)");
    let del_nucleo = en_varios_hilos(async { format!("{:?}", get_running_loop()) });
    assert_eq!(del_nucleo, "EventLoop(de varios hilos)");
}

en_los_dos_bucles! {
    async fn su_reloj_no_retrocede_y_va_en_segundos_de_la_leccion() {
        let bucle = get_running_loop();
        let inicio = bucle.time();
        sleep(0.5).await;
        assert!(bucle.time() - inicio >= 0.5);
        assert!(get_running_loop().time() >= inicio);
    }

    async fn call_soon_se_ejecuta_despues_y_se_puede_cancelar() {
        let aviso = Event::new();
        let avisa = aviso.clone();
        let llamada = get_running_loop().call_soon(move || avisa.set());
        aviso.wait().await;
        llamada.await.unwrap();

        let (avisa, recibe) = mpsc::channel::<()>();
        let llamada = get_running_loop().call_later(3600, move || avisa.send(()).unwrap());
        llamada.cancel();
        assert!(llamada.await.unwrap_err().is_cancelled());
        assert!(recibe.recv().is_err());
    }

    async fn call_later_se_ejecuta_pasado_el_plazo() {
        let bucle = get_running_loop();
        let inicio = bucle.time();
        let reloj = bucle.clone();
        let (avisa, recibe) = mpsc::channel();
        let llamada = bucle.call_later(0.3, move || avisa.send(reloj.time()).unwrap());
        llamada.await.unwrap();
        assert!(recibe.recv().unwrap() - inicio >= 0.3);
    }

    async fn otro_hilo_puede_encargarle_una_tarea() {
        let bucle = get_running_loop();
        let (manda, recibe) = mpsc::channel();
        let hilo = thread::spawn(move || manda.send(bucle.create_task(async { 25 })));
        hilo.join().unwrap().unwrap();
        assert_eq!(recibe.recv().unwrap().await.unwrap(), 25);
    }
}
