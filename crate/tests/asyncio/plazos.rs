//! `wait_for` y `sleep`: esperar lo justo.

use std::time::Instant;

use concurrencia::asyncio::{
    Event, Lock, Queue, Semaphore, create_task, gather, shield, sleep, to_thread, wait_for,
};
use concurrencia::time::to_lesson;

use super::comun::{Vivas, en_los_dos_bucles, en_run, eterna, panico_de};

en_los_dos_bucles! {
    async fn si_acaba_a_tiempo_da_su_valor() {
        assert_eq!(wait_for(async { 25 }, 3600).await, Ok(25));
        assert_eq!(wait_for(create_task(async { 25 }), 3600).await.unwrap().unwrap(), 25);
    }

    async fn una_corrutina_a_la_que_se_le_acaba_el_plazo_se_suelta_antes_de_volver() {
        let (empezada, vivas) = (Event::new(), Vivas::default());
        let error = wait_for(eterna(empezada.clone(), vivas.clone()), 0.05).await.unwrap_err();
        assert!(empezada.is_set());
        assert_eq!(vivas.cuantas(), 0);
        assert_eq!(error.seconds(), 0.05);
        assert!(error.to_string().contains("0.05 s"), "{error}");
    }

    async fn una_tarea_a_la_que_se_le_acaba_el_plazo_se_corta_antes_de_volver() {
        let (empezada, vivas) = (Event::new(), Vivas::default());
        let tarea = create_task(eterna(empezada.clone(), vivas.clone()));
        empezada.wait().await;
        assert!(wait_for(tarea.clone(), 0.05).await.is_err());
        assert!(tarea.cancelled());
        assert_eq!(vivas.cuantas(), 0);
    }

    async fn con_plazo_cero_lo_que_ya_esta_se_recoge() {
        assert_eq!(wait_for(async { 25 }, 0).await, Ok(25));
        let tarea = create_task(async { 25 });
        (&tarea).await.unwrap();
        assert_eq!(wait_for(tarea, 0).await.unwrap().unwrap(), 25);
        assert!(wait_for(std::future::pending::<()>(), 0).await.is_err());
    }

    async fn un_plazo_inalcanzable_no_se_acaba() {
        assert_eq!(wait_for(async { sleep(0).await; 25 }, 1e15).await, Ok(25));
    }

    async fn manda_el_plazo_mas_corto() {
        let corto_dentro = wait_for(wait_for(std::future::pending::<()>(), 0.05), 3600).await;
        assert_eq!(corto_dentro.unwrap().unwrap_err().seconds(), 0.05);
        let corto_fuera = wait_for(wait_for(std::future::pending::<()>(), 3600), 0.05).await;
        assert_eq!(corto_fuera.unwrap_err().seconds(), 0.05);
    }

    async fn lo_esperado_puede_tomar_algo_prestado() {
        let (texto, mut largo) = (String::from("ana"), 0);
        wait_for(async { largo = texto.len() }, 1).await.unwrap();
        assert_eq!(largo, 3);
    }

    async fn un_panico_dentro_sale_por_donde_se_espera() {
        let tarea = create_task(async { wait_for(async { panic!("sin conexión") }, 1).await });
        let error = tarea.await.map(|salida: Result<(), _>| salida.is_ok()).unwrap_err();
        assert_eq!(error.panic_message(), Some("sin conexión"));
    }

    async fn cabe_en_una_tarea_y_en_un_gather() {
        let salidas = gather((1..=3).map(|x| wait_for(async move { x }, 1))).await.unwrap();
        assert_eq!(salidas, [Ok(1), Ok(2), Ok(3)]);
    }

    async fn sirve_con_todo_lo_que_espera() {
        let (cola, plazas, aviso) = (Queue::<u8>::new(), Semaphore::new(0), Event::new());
        let cerrojo = Lock::new(());
        let turno = cerrojo.acquire().await;
        assert!(wait_for(cola.get(), 0.01).await.is_err());
        assert!(wait_for(plazas.permit(), 0.01).await.is_err());
        assert!(wait_for(aviso.wait(), 0.01).await.is_err());
        assert!(wait_for(cerrojo.acquire(), 0.01).await.is_err());
        drop(turno);
        assert!(wait_for(cerrojo.acquire(), 3600).await.is_ok());
    }

    async fn lo_protegido_sigue_aunque_se_acabe_el_plazo() {
        let (salida, espera) = (Event::new(), Event::new());
        let oye = salida.clone();
        let avisa = espera.clone();
        let tarea = create_task(async move {
            oye.wait().await;
            avisa.set();
            25
        });
        assert!(wait_for(shield(tarea.clone()), 0.05).await.is_err());
        assert!(!tarea.done());
        salida.set();
        assert_eq!(tarea.await.unwrap(), 25);
        assert!(espera.is_set());
    }

    async fn a_un_hilo_se_le_deja_de_esperar_pero_no_se_le_para() {
        let (suelta, espera) = std::sync::mpsc::channel::<()>();
        let (empezado, acabado) = (Event::new(), Event::new());
        let (avisa_empezado, avisa_acabado) = (empezado.clone(), acabado.clone());
        let tarea = to_thread(
            move || {
                avisa_empezado.set();
                let _ = espera.recv();
                avisa_acabado.set();
            },
            (),
        );
        empezado.wait().await;
        assert!(wait_for(tarea, 0.05).await.is_err());
        assert!(!acabado.is_set());
        drop(suelta);
        acabado.wait().await;
    }

    async fn sleep_espera_al_menos_lo_que_se_le_dice() {
        let inicio = Instant::now();
        sleep(0.5).await;
        assert!(to_lesson(inicio.elapsed()) >= 0.5);
    }

    async fn las_esperas_a_la_vez_no_se_suman() {
        let inicio = Instant::now();
        gather((0..1000).map(|_| sleep(1))).await.unwrap();
        let segundos = to_lesson(inicio.elapsed());
        assert!((1.0..500.0).contains(&segundos), "{segundos}");
    }

    async fn el_plazo_de_sleep_cuenta_desde_que_se_espera() {
        let espera = sleep(0.3);
        assert_eq!(format!("{espera:?}"), "Sleep(sin empezar)");
        sleep(0.3).await;
        let inicio = Instant::now();
        espera.await;
        assert!(to_lesson(inicio.elapsed()) >= 0.3);
    }

    async fn las_esperas_de_enteros_y_de_decimales_son_del_mismo_tipo() {
        gather([sleep(0), sleep(0.01), sleep(0_u8)]).await.unwrap();
    }
}

#[test]
fn sleep_cero_cede_el_turno_una_vez() {
    // En un solo hilo, el orden está escrito: cada una avanza un paso por vuelta.
    let pasos = en_run(async {
        let pasos = Lock::new(Vec::new());
        let corrutina = |quien: char| {
            let pasos = pasos.clone();
            async move {
                for paso in 0..3 {
                    pasos.try_acquire().unwrap().push((quien, paso));
                    sleep(0).await;
                }
            }
        };
        gather([corrutina('a'), corrutina('b')]).await.unwrap();
        pasos.try_acquire().unwrap().clone()
    });
    assert_eq!(
        pasos,
        [('a', 0), ('b', 0), ('a', 1), ('b', 1), ('a', 2), ('b', 2)]
    );
}

#[test]
fn unos_segundos_imposibles_son_un_panico_al_crearla() {
    for segundos in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(panico_de(|| drop(sleep(segundos))).contains("no se puede esperar"));
        let panico = panico_de(|| drop(wait_for(async {}, segundos)));
        assert!(panico.contains("no se puede esperar"));
    }
}

#[test]
fn wait_for_puede_cambiar_de_hilo_si_puede_lo_que_espera() {
    fn puede<T: Send>(_: &T) {}
    puede(&wait_for(async { 1 }, 1));
    puede(&sleep(1));
    puede(&gather([sleep(1)]));
}
