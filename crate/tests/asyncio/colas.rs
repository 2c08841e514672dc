//! `Queue` y compañía: pasar elementos, esperar hueco y saber cuándo está todo hecho.

use concurrencia::asyncio::{
    Event, LifoQueue, Lock, PriorityQueue, Queue, create_task, gather, sleep, wait_for,
};

use super::comun::{Vivas, avisando, en_los_dos_bucles, en_run, ojea, panico_de};

en_los_dos_bucles! {
    async fn salen_en_el_orden_en_que_entraron() {
        let cola = Queue::new();
        for x in 0..5 {
            cola.put(x).await.unwrap();
        }
        assert_eq!(cola.qsize(), 5);
        for x in 0..5 {
            assert_eq!(cola.get().await.unwrap(), x);
        }
        assert!(cola.is_empty() && !cola.is_full());
    }

    async fn cola_vacia_espera_elemento() {
        let (cola, esperando) = (Queue::new(), Event::new());
        let suya = cola.clone();
        let consumidor = create_task(avisando(esperando.clone(), async move { suya.get().await }));
        esperando.wait().await;
        assert!(!consumidor.done());
        cola.put(25).await.unwrap();
        assert_eq!(consumidor.await.unwrap().unwrap(), 25);
    }

    async fn cola_llena_espera_hueco() {
        let (cola, esperando) = (Queue::bounded(1), Event::new());
        cola.put(1).await.unwrap();
        let suya = cola.clone();
        let productor = create_task(avisando(esperando.clone(), async move { suya.put(2).await }));
        esperando.wait().await;
        assert!(!productor.done() && cola.is_full());
        assert_eq!(cola.get().await.unwrap(), 1);
        productor.await.unwrap().unwrap();
        assert_eq!(cola.get().await.unwrap(), 2);
    }

    async fn sin_esperar_dice_que_esta_vacia_o_llena() {
        let cola = Queue::bounded(1);
        assert!(!cola.get_nowait().unwrap_err().is_shutdown());
        cola.put_nowait(1).unwrap();
        let error = cola.put_nowait(2).unwrap_err();
        assert!(!error.is_shutdown());
        assert!(error.to_string().contains("put(…).await"));
        assert_eq!(error.into_inner(), 2);
        assert_eq!(cola.get_nowait().unwrap(), 1);
        assert_eq!((cola.maxsize(), Queue::<u8>::new().maxsize()), (Some(1), None));
    }

    async fn cada_consumidor_por_orden_de_llegada() {
        let (cola, llegadas) = (Queue::new(), Lock::new(Vec::new()));
        let mut consumidores = Vec::new();
        for n in 0..4 {
            let (cola, llegadas, esperando) = (cola.clone(), llegadas.clone(), Event::new());
            consumidores.push(create_task(avisando(esperando.clone(), async move {
                let x = cola.get().await.unwrap();
                llegadas.with(|llegadas| llegadas.push((n, x))).await;
            })));
            esperando.wait().await;
        }
        for (x, consumidor) in consumidores.into_iter().enumerate() {
            cola.put(x).await.unwrap();
            consumidor.await.unwrap();
        }
        assert_eq!(*llegadas.acquire().await, [(0, 0), (1, 1), (2, 2), (3, 3)]);
    }

    async fn cancelar_a_un_consumidor_no_pierde_elementos() {
        let (cola, esperando) = (Queue::new(), Event::new());
        let suya = cola.clone();
        let impaciente = create_task(avisando(esperando.clone(), async move { suya.get().await }));
        esperando.wait().await;
        impaciente.cancel();
        assert!(impaciente.await.is_err());
        cola.put(25).await.unwrap();
        assert_eq!(cola.get().await.unwrap(), 25);
    }

    async fn cancelar_a_un_productor_suelta_lo_suyo_y_no_ocupa_hueco() {
        let (cola, esperando, vivas) = (Queue::bounded(1), Event::new(), Vivas::default());
        cola.put(vivas.marca()).await.unwrap();
        let (suya, marca) = (cola.clone(), vivas.marca());
        let productor = create_task(avisando(esperando.clone(), async move { suya.put(marca).await }));
        esperando.wait().await;
        productor.cancel();
        assert!(productor.await.is_err());
        assert_eq!(vivas.cuantas(), 1);
        drop(cola.get().await.unwrap());
        cola.put_nowait(vivas.marca()).unwrap();
        drop(cola);
        assert_eq!(vivas.cuantas(), 0);
    }

    async fn join_espera_a_que_este_todo_hecho_y_no_solo_sacado() {
        let (cola, esperando) = (Queue::new(), Event::new());
        cola.join().await; // nada por hacer
        cola.put(1).await.unwrap();
        cola.put(2).await.unwrap();
        let suya = cola.clone();
        let espera = create_task(avisando(esperando.clone(), async move { suya.join().await }));
        esperando.wait().await;
        cola.get().await.unwrap();
        cola.get().await.unwrap();
        cola.task_done().unwrap();
        assert!(!espera.done());
        cola.task_done().unwrap();
        espera.await.unwrap();
        assert!(cola.task_done().is_err());
        cola.put(3).await.unwrap();
        assert!(wait_for(cola.join(), 0.01).await.is_err()); // vuelve a haber algo
    }

    async fn muchos_productores_y_consumidores() {
        let cola = Queue::bounded(3);
        let productores: Vec<_> = (0..10_u64)
            .map(|n| {
                let cola = cola.clone();
                create_task(async move {
                    for x in 0..20 {
                        cola.put(100 * n + x).await.unwrap();
                        if x % 3 == 0 {
                            sleep(0).await;
                        }
                    }
                })
            })
            .collect();
        let consumidores: Vec<_> = (0..4)
            .map(|_| {
                let cola = cola.clone();
                create_task(async move {
                    let mut suma = 0;
                    while let Ok(x) = cola.get().await {
                        suma += x;
                        cola.task_done().unwrap();
                    }
                    suma
                })
            })
            .collect();
        gather(productores).await.unwrap();
        cola.join().await;
        cola.shutdown();
        let sumas = gather(consumidores).await.unwrap();
        assert_eq!(sumas.iter().sum::<u64>(), (0..10).map(|n| 20 * 100 * n + 190).sum());
    }

    async fn cerrada_no_admite_nada_pero_deja_sacar_lo_que_hay() {
        let cola = Queue::bounded(2);
        cola.put(1).await.unwrap();
        cola.put(2).await.unwrap();
        cola.shutdown();
        cola.shutdown();
        assert!(cola.is_shutdown());
        assert_eq!(cola.qsize(), 2);
        let error = cola.put(3).await.unwrap_err();
        assert!(error.is_shutdown());
        assert_eq!(error.into_inner(), 3);
        assert!(cola.put_nowait(4).unwrap_err().is_shutdown());
        assert_eq!(cola.get().await.unwrap(), 1);
        assert_eq!(cola.get_nowait().unwrap(), 2);
        assert!(cola.get().await.unwrap_err().is_shutdown());
        assert!(cola.get_nowait().unwrap_err().is_shutdown());
        assert!(wait_for(cola.join(), 0.01).await.is_err()); // sacado no es hecho
        cola.task_done().unwrap();
        cola.task_done().unwrap();
        cola.join().await;
    }

    async fn cerrarla_despierta_a_los_que_esperan() {
        let (vacia, llena) = (Queue::<u32>::new(), Queue::bounded(1));
        llena.put(1).await.unwrap();
        let (saca, pone) = (Event::new(), Event::new());
        let (suya, otra) = (vacia.clone(), llena.clone());
        let consumidor = create_task(avisando(saca.clone(), async move { suya.get().await }));
        let productor = create_task(avisando(pone.clone(), async move { otra.put(2).await }));
        saca.wait().await;
        pone.wait().await;
        vacia.shutdown();
        llena.shutdown();
        assert!(consumidor.await.unwrap().unwrap_err().is_shutdown());
        assert_eq!(productor.await.unwrap().unwrap_err().into_inner(), 2);
        assert_eq!(llena.get().await.unwrap(), 1);
    }

    async fn cerrarla_de_golpe_tira_lo_que_hay_y_lo_da_por_hecho() {
        let (cola, vivas) = (Queue::new(), Vivas::default());
        for _ in 0..3 {
            cola.put(vivas.marca()).await.unwrap();
        }
        let sacada = cola.get().await.unwrap();
        cola.shutdown_immediate();
        assert_eq!(vivas.cuantas(), 1);
        assert!(cola.get().await.is_err());
        assert!(wait_for(cola.join(), 0.01).await.is_err()); // falta la que se sacó
        drop(sacada);
        cola.task_done().unwrap();
        cola.join().await;
    }

    async fn de_la_pila_sale_el_ultimo_y_de_la_de_prioridad_el_menor() {
        let (pila, prioridad) = (LifoQueue::bounded(8), PriorityQueue::bounded(8));
        for x in [2, 3, 1] {
            pila.put(x).await.unwrap();
            prioridad.put(x).await.unwrap();
        }
        for (ultimo, menor) in [(1, 1), (3, 2), (2, 3)] {
            assert_eq!(pila.get().await.unwrap(), ultimo);
            assert_eq!(prioridad.get_nowait().unwrap(), menor);
        }
        let otra = prioridad.clone();
        otra.put_nowait(9).unwrap();
        assert_eq!(prioridad.qsize(), 1);
    }
}

#[test]
fn un_elemento_que_le_toca_a_un_cancelado_pasa_al_siguiente() {
    en_run(async {
        let cola = Queue::new();
        let [mut primero, mut segundo] = [0, 1].map(|_| {
            let cola = cola.clone();
            Box::pin(async move { cola.get().await })
        });
        assert!(ojea(&mut primero).is_pending() && ojea(&mut segundo).is_pending());
        cola.put_nowait(25).unwrap();
        // Es del primero: quien llega ahora no se lo lleva.
        assert!(cola.is_empty() && cola.get_nowait().is_err());
        drop(primero);
        assert!(matches!(ojea(&mut segundo), std::task::Poll::Ready(Ok(25))));
    });
}

#[test]
fn un_hueco_que_le_toca_a_un_cancelado_pasa_al_siguiente() {
    en_run(async {
        let cola = Queue::bounded(1);
        cola.put_nowait(0).unwrap();
        let [mut primero, mut segundo] = [1, 2].map(|x| {
            let cola = cola.clone();
            Box::pin(async move { cola.put(x).await })
        });
        assert!(ojea(&mut primero).is_pending() && ojea(&mut segundo).is_pending());
        cola.get_nowait().unwrap();
        assert!(cola.is_full() && cola.put_nowait(3).is_err());
        drop(primero);
        assert!(ojea(&mut segundo).is_ready());
        assert_eq!(cola.get_nowait().unwrap(), 2);
    });
}

#[test]
fn una_comparacion_que_entra_en_panico_no_pierde_el_elemento_ni_rompe_la_cola() {
    #[derive(PartialEq, Eq)]
    struct Arisco(u32);
    impl PartialOrd for Arisco {
        fn partial_cmp(&self, otro: &Arisco) -> Option<std::cmp::Ordering> {
            Some(self.cmp(otro))
        }
    }
    impl Ord for Arisco {
        fn cmp(&self, otro: &Arisco) -> std::cmp::Ordering {
            assert!(self.0 != 13 && otro.0 != 13, "con ese no");
            self.0.cmp(&otro.0)
        }
    }
    let cola = PriorityQueue::bounded(3);
    for x in [1, 2] {
        cola.put_nowait(Arisco(x)).unwrap();
    }
    assert_eq!(panico_de(|| cola.put_nowait(Arisco(13))), "con ese no");
    assert!(cola.is_full());
    assert_eq!(panico_de(|| cola.get_nowait().map(drop)), "con ese no");
    assert!(!cola.is_full());
    assert_eq!(cola.qsize(), 2);
    cola.task_done().unwrap();
    cola.task_done().unwrap();
    cola.task_done().unwrap();
    assert!(cola.task_done().is_err());
}

#[test]
fn en_una_cola_de_cero_huecos_no_cabe_nada() {
    assert!(panico_de(|| Queue::<u8>::bounded(0)).contains("new()"));
    assert!(panico_de(|| LifoQueue::<u8>::bounded(0)).contains("new()"));
    assert!(panico_de(|| PriorityQueue::<u8>::bounded(0)).contains("new()"));
}

#[test]
fn se_ve_cuantos_hay() {
    let (cola, pila, prioridad) = (Queue::bounded(8), LifoQueue::new(), PriorityQueue::new());
    cola.put_nowait(1).unwrap();
    pila.put_nowait(1).unwrap();
    prioridad.put_nowait(1).unwrap();
    assert_eq!(format!("{cola:?} {pila:?}"), "Queue(1 de 8) LifoQueue(1)");
    prioridad.shutdown();
    assert_eq!(format!("{prioridad:?}"), "PriorityQueue(1, cerrada)");
}
