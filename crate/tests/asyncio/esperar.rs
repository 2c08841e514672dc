//! `wait`, `as_completed` y `shield`: esperar a algunas, según llegan, o sin arrastrarlas.

use concurrencia::asyncio::{
    ALL_COMPLETED, Event, FIRST_COMPLETED, FIRST_EXCEPTION, Task, as_completed, create_task,
    shield, sleep, wait, wait_for,
};
use concurrencia::futures_util::{Stream, StreamExt};

use super::comun::{Vivas, avisando, en_los_dos_bucles, en_run, en_varios_hilos, eterna, ojea};

fn abierta() -> (Event, Task<u32>) {
    let salida = Event::new();
    let espera = salida.clone();
    let tarea = create_task(async move {
        espera.wait().await;
        25
    });
    (salida, tarea)
}

en_los_dos_bucles! {
    async fn first_completed_vuelve_con_la_primera() {
        let (salida, una) = abierta();
        let (_, otra) = abierta();
        let espera = wait([otra.clone(), una.clone()], FIRST_COMPLETED);
        salida.set();
        let (done, pending) = espera.await;
        assert_eq!((done, pending), (vec![una.clone()], vec![otra.clone()]));
        assert_eq!(una.result().unwrap(), 25);
        assert!(!otra.done());
        otra.cancel();
    }

    async fn first_completed_da_todas_las_que_ya_lo_estaban() {
        let tareas: Vec<_> = (0..3).map(|x| create_task(async move { x })).collect();
        for tarea in &tareas {
            tarea.await.unwrap();
        }
        let (done, pending) = wait(tareas.clone(), FIRST_COMPLETED).await;
        assert_eq!(done, tareas);
        assert!(pending.is_empty());
    }

    async fn first_completed_tambien_vuelve_con_una_cancelada() {
        let (_, tarea) = abierta();
        tarea.cancel();
        let (done, _) = wait([tarea], FIRST_COMPLETED).await;
        assert!(done[0].cancelled());
    }

    async fn first_exception_vuelve_con_el_primer_panico() {
        let (_, lenta) = abierta();
        let (salida, mala) = (Event::new(), Event::new());
        let espera = salida.clone();
        let mala = create_task(async move {
            mala.set();
            espera.wait().await;
            panic!("sin conexión")
        });
        let buena = create_task(async { 1 });
        (&buena).await.unwrap();
        let espera = wait([lenta.clone(), buena.clone(), mala.clone()], FIRST_EXCEPTION);
        salida.set();
        let (done, pending) = espera.await;
        assert_eq!((done, pending), (vec![buena, mala.clone()], vec![lenta.clone()]));
        assert_eq!(mala.exception().unwrap().panic_message(), Some("sin conexión"));
        lenta.cancel();
    }

    async fn para_first_exception_una_cancelada_no_es_un_fallo() {
        let (_, cancelada) = abierta();
        cancelada.cancel();
        let _ = (&cancelada).await;
        let (salida, buena) = abierta();
        let espera = wait([cancelada, buena.clone()], FIRST_EXCEPTION);
        let espera = create_task(espera);
        assert!(!buena.done());
        salida.set();
        let (done, pending) = espera.await.unwrap();
        assert_eq!((done.len(), pending.len()), (2, 0));
    }

    async fn para_first_exception_un_err_es_un_valor_salvo_que_se_diga() {
        let salida = Event::new();
        let corrutinas = |salida: &Event| {
            let espera = salida.clone();
            let lenta: Task<Result<u32, String>> = create_task(async move {
                espera.wait().await;
                Ok(1)
            });
            let mala = create_task(async { Err("sin conexión".to_owned()) });
            [lenta, mala]
        };
        let (done, pending) = wait(corrutinas(&salida), FIRST_EXCEPTION).or_first_err().await;
        assert_eq!(done[0].result().unwrap(), Err("sin conexión".to_owned()));
        assert_eq!(pending.len(), 1);

        let sin_decirlo = wait(corrutinas(&salida), FIRST_EXCEPTION);
        salida.set();
        let (done, pending) = sin_decirlo.await;
        assert_eq!((done.len(), pending.len()), (2, 0));
    }

    async fn all_completed_espera_a_todas_y_las_da_en_su_orden() {
        let (primera, una) = abierta();
        let (segunda, otra) = abierta();
        let mala = create_task(async { panic!("sin conexión") });
        let tareas = vec![una.clone(), mala, otra.clone()];
        let espera = wait(tareas.clone(), ALL_COMPLETED);
        segunda.set();
        (&otra).await.unwrap();
        primera.set();
        let (done, pending) = espera.await;
        assert_eq!(done, tareas);
        assert!(pending.is_empty());
        assert!(done[1].exception().unwrap().is_panic());
    }

    async fn si_se_acaba_el_plazo_da_lo_que_haya_y_no_cancela() {
        let (salida, lenta) = abierta();
        let rapida = create_task(async { 1 });
        (&rapida).await.unwrap();
        let tareas = [lenta.clone(), rapida.clone()];
        let (done, pending) = wait(tareas, ALL_COMPLETED).with_timeout(0.05).await;
        assert_eq!((done, pending), (vec![rapida], vec![lenta.clone()]));
        salida.set();
        assert_eq!(lenta.await.unwrap(), 25);
    }

    async fn soltar_la_espera_no_cancela() {
        let (salida, tarea) = abierta();
        let mut espera = wait([tarea.clone()], ALL_COMPLETED);
        assert!(ojea(&mut espera).is_pending());
        drop(espera);
        let cancelada = create_task(wait([tarea.clone()], ALL_COMPLETED));
        cancelada.cancel();
        assert!(cancelada.await.is_err());
        salida.set();
        assert_eq!(tarea.await.unwrap(), 25);
    }

    async fn a_ninguna_no_se_la_espera() {
        for criterio in [FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED] {
            let (done, pending) = wait(Vec::<Task<u32>>::new(), criterio).await;
            assert!(done.is_empty() && pending.is_empty());
        }
    }

    async fn admite_corrutinas_y_da_sus_tareas() {
        let (done, pending) = wait((1..=3).map(|x| async move { x }), ALL_COMPLETED).await;
        let valores: Vec<i32> = done.iter().map(|tarea| tarea.result().unwrap()).collect();
        assert_eq!(valores, [1, 2, 3]);
        assert!(pending.is_empty());
    }

    async fn as_completed_da_los_resultados_segun_llegan() {
        let avisos: Vec<Event> = (0..4).map(|_| Event::new()).collect();
        let mut llegadas = as_completed(avisos.iter().enumerate().map(|(n, aviso)| {
            let aviso = aviso.clone();
            async move {
                aviso.wait().await;
                n
            }
        }));
        assert_eq!(format!("{llegadas:?}"), "AsCompleted(quedan 4)");
        for n in [2, 0, 3, 1] {
            avisos[n].set();
            assert_eq!(llegadas.next().await.unwrap().unwrap(), n);
        }
        assert!(llegadas.next().await.is_none());
        assert!(llegadas.next().await.is_none());
    }

    async fn en_as_completed_un_fallo_no_quita_los_demas() {
        let mut llegadas = as_completed((0..3).map(|x| async move { 6 / x }));
        let (mut valores, mut fallos) = (Vec::new(), 0);
        while let Some(llegada) = llegadas.next().await {
            match llegada {
                Ok(valor) => valores.push(valor),
                Err(error) => fallos += usize::from(error.is_panic()),
            }
        }
        valores.sort_unstable();
        assert_eq!((valores, fallos), (vec![3, 6], 1));
    }

    async fn dejar_un_next_a_medias_no_pierde_nada() {
        let (salida, tarea) = abierta();
        let mut llegadas = as_completed([tarea]);
        assert!(wait_for(llegadas.next(), 0.01).await.is_err());
        salida.set();
        assert_eq!(llegadas.next().await.unwrap().unwrap(), 25);
    }

    async fn as_completed_con_plazo_da_un_error_y_se_acaba_sin_cancelar() {
        let (salida, lenta) = abierta();
        let rapida = create_task(async { 1 });
        (&rapida).await.unwrap();
        let mut llegadas = as_completed([lenta.clone(), rapida]).with_timeout(0.1);
        assert_eq!(llegadas.next().await.unwrap().unwrap(), 1);
        let error = llegadas.next().await.unwrap().unwrap_err();
        assert!(error.is_timeout() && error.to_string().contains("quedan 1"), "{error}");
        assert!(llegadas.next().await.is_none());
        salida.set();
        assert_eq!(lenta.await.unwrap(), 25);
    }

    async fn soltar_as_completed_no_cancela() {
        let (salida, tarea) = abierta();
        let mut llegadas = as_completed([tarea.clone(), create_task(async { 1 })]);
        assert_eq!(llegadas.next().await.unwrap().unwrap(), 1);
        drop(llegadas);
        salida.set();
        assert_eq!(tarea.await.unwrap(), 25);
    }

    async fn as_completed_es_tambien_un_stream() {
        let llegadas = as_completed((0..10).map(|x| async move { x }));
        assert_eq!(llegadas.size_hint(), (10, Some(10)));
        let mut todas: Vec<i32> = llegadas.map(Result::unwrap).collect().await;
        todas.sort_unstable();
        assert_eq!(todas, (0..10).collect::<Vec<_>>());
    }

    async fn shield_no_deja_que_cancelar_a_quien_espera_llegue_a_lo_esperado() {
        let (salida, tarea) = abierta();
        let esperando = Event::new();
        let fuera = create_task(avisando(esperando.clone(), shield(tarea.clone())));
        esperando.wait().await;
        fuera.cancel();
        assert!(fuera.await.unwrap_err().is_cancelled());
        assert!(!tarea.done());
        salida.set();
        assert_eq!(tarea.await.unwrap(), 25);
    }

    async fn shield_da_el_valor_el_panico_o_la_cancelacion() {
        assert_eq!(shield(async { 25 }).await.unwrap(), 25);
        let panico: Result<(), _> = shield(async { panic!("sin conexión") }).await;
        assert_eq!(panico.unwrap_err().panic_message(), Some("sin conexión"));
        let (empezada, vivas) = (Event::new(), Vivas::default());
        let tarea = create_task(eterna(empezada.clone(), vivas.clone()));
        let protegida = shield(tarea.clone());
        empezada.wait().await;
        tarea.cancel();
        assert!(protegida.await.unwrap_err().is_cancelled());
        assert_eq!(vivas.cuantas(), 0);
    }
}

#[test]
fn fuera_de_un_bucle_esperan_a_que_lo_haya() {
    for probar in [
        en_run as fn(std::pin::Pin<Box<dyn Future<Output = ()>>>),
        en_varios_hilos,
    ] {
        let espera = wait([sleep(0)], ALL_COMPLETED);
        let mut llegadas = as_completed([sleep(0)]);
        let protegida = shield(async { 25 });
        probar(Box::pin(async move {
            assert_eq!(espera.await.0.len(), 1);
            llegadas.next().await.unwrap().unwrap();
            assert_eq!(protegida.await.unwrap(), 25);
        }));
    }
}
