//! `Lock`, `Semaphore` y `Event`: turnos, plazas y avisos.

use concurrencia::asyncio::{Event, Lock, Semaphore, create_task, gather, sleep, wait_for};

use super::comun::{avisando, en_los_dos_bucles, en_run, ojea};

en_los_dos_bucles! {
    async fn nadie_entra_mientras_otro_lo_tiene_aunque_este_esperando() {
        let cuenta = Lock::new(0);
        let tareas = (0..50).map(|_| {
            let cuenta = cuenta.clone();
            async move {
                let mut cuenta = cuenta.acquire().await;
                let antes = *cuenta;
                sleep(0).await;
                *cuenta = antes + 1;
            }
        });
        gather(tareas).await.unwrap();
        assert_eq!(*cuenta.acquire().await, 50);
    }

    async fn el_cerrojo_se_coge_por_orden_de_llegada() {
        let (cerrojo, orden) = (Lock::new(()), Lock::new(Vec::new()));
        let turno = cerrojo.acquire().await;
        let mut tareas = Vec::new();
        for n in 0..5 {
            let (cerrojo, orden, esperando) = (cerrojo.clone(), orden.clone(), Event::new());
            let coge = avisando(esperando.clone(), async move {
                let _turno = cerrojo.acquire().await;
                orden.with(|orden| orden.push(n)).await;
            });
            tareas.push(create_task(coge));
            esperando.wait().await;
        }
        drop(turno);
        gather(tareas).await.unwrap();
        assert_eq!(*orden.acquire().await, [0, 1, 2, 3, 4]);
    }

    async fn cancelar_a_quien_espera_el_cerrojo_no_estorba_a_los_demas() {
        let (cerrojo, esperando) = (Lock::new(0), Event::new());
        let turno = cerrojo.acquire().await;
        let suyo = cerrojo.clone();
        let impaciente = create_task(avisando(esperando.clone(), async move {
            *suyo.acquire().await += 1;
        }));
        esperando.wait().await;
        impaciente.cancel();
        assert!(impaciente.await.unwrap_err().is_cancelled());
        drop(turno);
        assert_eq!(*cerrojo.acquire().await, 0);
    }

    async fn cancelar_o_entrar_en_panico_con_el_cerrojo_cogido_lo_suelta() {
        let (cerrojo, cogido) = (Lock::new(0), Event::new());
        let (suyo, avisa) = (cerrojo.clone(), cogido.clone());
        let tarea = create_task(async move {
            let _turno = suyo.acquire().await;
            avisa.set();
            std::future::pending::<()>().await;
        });
        cogido.wait().await;
        assert!(cerrojo.is_locked() && cerrojo.try_acquire().is_none());
        tarea.cancel();
        assert!(tarea.await.is_err());
        assert!(!cerrojo.is_locked());

        let suyo = cerrojo.clone();
        let tarea = create_task(async move {
            *suyo.acquire().await = 25;
            let _turno = suyo.acquire().await;
            panic!("con el cerrojo cogido");
        });
        assert!(tarea.await.unwrap_err().is_panic());
        assert_eq!(*cerrojo.try_acquire().unwrap(), 25); // sin envenenar
    }

    async fn el_guard_puede_pasar_de_una_tarea_a_otra() {
        let cerrojo = Lock::new(String::from("ana"));
        let turno = cerrojo.acquire().await;
        assert_eq!(format!("{cerrojo:?} {turno:?} {turno}"), "Lock(cogido) \"ana\" ana");
        create_task(async move { drop(turno) }).await.unwrap();
        assert_eq!(format!("{cerrojo:?}"), "Lock(libre)");
    }

    async fn por_el_semaforo_no_pasan_mas_de_los_que_caben() {
        let (plazas, dentro) = (Semaphore::new(3), Lock::new((0, 0)));
        let tareas = (0..50).map(|_| {
            let (plazas, dentro) = (plazas.clone(), dentro.clone());
            async move {
                let _plaza = plazas.permit().await;
                dentro.with(|(ahora, tope)| { *ahora += 1; *tope = (*tope).max(*ahora) }).await;
                sleep(0).await;
                dentro.with(|(ahora, _)| *ahora -= 1).await;
            }
        });
        gather(tareas).await.unwrap();
        let (ahora, tope) = *dentro.acquire().await;
        assert_eq!(ahora, 0);
        assert!((1..=3).contains(&tope), "{tope}");
        assert_eq!(plazas.value(), 3);
    }

    async fn acquire_y_release_van_sueltos() {
        let plazas = Semaphore::new(1);
        assert!(!plazas.is_locked());
        plazas.acquire().await;
        assert!(plazas.is_locked() && !plazas.try_acquire() && plazas.try_permit().is_none());
        plazas.release();
        plazas.release(); // una de más: una plaza más
        assert_eq!(format!("{plazas:?}"), "Semaphore(libres 2)");
        assert!(plazas.try_acquire());
        let permiso = plazas.try_permit();
        assert!(permiso.is_some() && plazas.is_locked());
        drop(permiso);
        assert_eq!(plazas.value(), 1);
    }

    async fn cancelar_a_quien_espera_una_plaza_no_la_pierde() {
        let (plazas, esperando) = (Semaphore::new(0), Event::new());
        let suyas = plazas.clone();
        let impaciente = create_task(avisando(esperando.clone(), async move { suyas.acquire().await }));
        esperando.wait().await;
        impaciente.cancel();
        assert!(impaciente.await.is_err());
        plazas.release();
        assert!(plazas.try_acquire());
    }

    async fn al_darse_un_aviso_pasan_todas() {
        let salida = Event::new();
        let mut avisos = Vec::new();
        let tareas: Vec<_> = (0..20)
            .map(|n| {
                let (salida, esperando) = (salida.clone(), Event::new());
                avisos.push(esperando.clone());
                create_task(avisando(esperando, async move {
                    salida.wait().await;
                    n
                }))
            })
            .collect();
        for aviso in avisos {
            aviso.wait().await;
        }
        assert!(tareas.iter().all(|tarea| !tarea.done()));
        salida.set();
        assert_eq!(gather(tareas).await.unwrap(), (0..20).collect::<Vec<_>>());
        salida.wait().await; // ya está dado: no espera
    }

    async fn un_aviso_dado_y_quitado_despierta_a_quien_lo_esperaba() {
        let (aviso, esperando) = (Event::new(), Event::new());
        let suyo = aviso.clone();
        let tarea = create_task(avisando(esperando.clone(), async move { suyo.wait().await }));
        esperando.wait().await;
        aviso.set();
        aviso.clear();
        tarea.await.unwrap();
        assert!(!aviso.is_set());
        assert!(wait_for(aviso.wait(), 0.01).await.is_err()); // quien llega después, espera
    }

    async fn darlo_o_quitarlo_dos_veces_es_lo_mismo_que_una() {
        let aviso = Event::new();
        assert_eq!(format!("{aviso:?}"), "Event(sin dar)");
        aviso.set();
        aviso.set();
        assert_eq!(format!("{aviso:?}"), "Event(dado)");
        aviso.clear();
        aviso.clear();
        assert!(!aviso.is_set());
        aviso.set();
        assert!(aviso.is_set());
    }
}

/// Si se cancela a quien ya le había tocado, pero aún no lo sabe, le toca al siguiente. Solo en un hilo es seguro que
/// todavía no lo sepa.
#[test]
fn una_plaza_que_le_toca_a_un_cancelado_pasa_al_siguiente() {
    en_run(async {
        let plazas = Semaphore::new(0);
        let [mut primero, mut segundo] = [0, 1].map(|_| {
            let plazas = plazas.clone();
            Box::pin(async move { plazas.permit().await })
        });
        assert!(ojea(&mut primero).is_pending() && ojea(&mut segundo).is_pending());
        plazas.release();
        drop(primero);
        assert!(ojea(&mut segundo).is_ready());
        assert_eq!(plazas.value(), 1); // su permiso cayó al comprobarlo
    });
    en_run(async {
        let cerrojo = Lock::new(());
        let turno = cerrojo.acquire().await;
        let [mut primero, mut segundo] = [0, 1].map(|_| {
            let cerrojo = cerrojo.clone();
            Box::pin(async move { cerrojo.acquire().await })
        });
        assert!(ojea(&mut primero).is_pending() && ojea(&mut segundo).is_pending());
        drop(turno);
        drop(primero);
        assert!(ojea(&mut segundo).is_ready());
        assert!(!cerrojo.is_locked());
    });
}
