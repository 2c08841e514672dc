//! `gather` y `try_gather`: todas a la vez, en el orden en que se dieron.

use std::io;
use std::sync::mpsc;

use concurrencia::asyncio::{
    self, Event, Gather, Task, TaskError, create_task, gather, sleep, try_gather, wait_for,
};
use concurrencia::futures::Future as Futuro;

use super::comun::{Vivas, en_los_dos_bucles, en_run, en_varios_hilos, eterna, ojea};

/// Devuelve `x` cuando le dejan.
async fn cuando(salida: Event, x: u32) -> u32 {
    salida.wait().await;
    x
}

en_los_dos_bucles! {
    async fn salen_en_el_orden_en_que_se_dieron_aunque_acaben_al_reves() {
        // Cada una espera a la siguiente: la última acaba la primera.
        let avisos: Vec<Event> = (0..5).map(|_| Event::new()).collect();
        let corrutinas = (0..5).map(|n| {
            let (mio, siguiente) = (avisos[n].clone(), avisos.get(n + 1).cloned());
            async move {
                if let Some(siguiente) = siguiente {
                    siguiente.wait().await;
                }
                mio.set();
                n
            }
        });
        assert_eq!(gather(corrutinas).await.unwrap(), [0, 1, 2, 3, 4]);
    }

    async fn estan_de_verdad_a_la_vez() {
        let (a, b) = (Event::new(), Event::new());
        let cruce = |mio: Event, suyo: Event| async move {
            mio.set();
            suyo.wait().await;
        };
        gather([cruce(a.clone(), b.clone()), cruce(b, a)]).await.unwrap();
    }

    async fn admite_vectores_arrays_iteradores_y_tareas() {
        async fn doble(x: u32) -> u32 {
            2 * x
        }
        let vector: Vec<_> = (1..=3).map(doble).collect();
        assert_eq!(gather(vector).await.unwrap(), [2, 4, 6]);
        assert_eq!(gather([1, 2].map(doble)).await.unwrap(), [2, 4]);
        assert_eq!(gather((1..=2).map(doble)).await.unwrap(), [2, 4]);
        assert_eq!(gather(vec![doble(1)].into_iter()).await.unwrap(), [2]);
        assert_eq!(gather([doble(1)].into_iter()).await.unwrap(), [2]);
        let pares = [Some(2), None, Some(4)].into_iter().filter_map(|x| x.map(doble));
        assert_eq!(gather(pares).await.unwrap(), [4, 8]);
        assert_eq!(gather([1, 2].map(|x| create_task(doble(x)))).await.unwrap(), [2, 4]);
        let nombres = ["ana".to_owned()];
        let corrutinas = nombres.iter().map(|nombre| {
            let nombre = nombre.clone();
            async move { nombre.len() }
        });
        assert_eq!(gather(corrutinas).await.unwrap(), [3]);
    }

    async fn admite_tuplas_de_tipos_distintos_y_mezcla_corrutinas_y_tareas() {
        let futuro = Futuro::new();
        futuro.set_result(4).unwrap();
        let tupla = (
            async { 1 },
            create_task(async { "dos" }),
            sleep(0),
            futuro,
            async { vec![5] },
            async { '6' },
            async { 7.0 },
            gather([async { 8 }]),
        );
        let (uno, dos, (), cuatro, cinco, seis, siete, ocho) = gather(tupla).await.unwrap();
        assert_eq!((uno, dos, cuatro.unwrap()), (1, "dos", 4));
        assert_eq!((cinco, seis, siete, ocho.unwrap()), (vec![5], '6', 7.0, vec![8]));
    }

    async fn de_ninguna_da_una_lista_vacia() {
        let ninguna: Vec<Task<u32>> = Vec::new();
        assert!(gather(ninguna.clone()).await.unwrap().is_empty());
        assert!(gather(ninguna).return_exceptions().await.is_empty());
    }

    async fn el_primer_panico_sale_ya_y_las_demas_siguen() {
        let (salida, acabada) = (Event::new(), Event::new());
        let (espera, avisa) = (salida.clone(), acabada.clone());
        let lenta = create_task(async move {
            espera.wait().await;
            avisa.set();
        });
        let error = gather((lenta.clone(), async { panic!("sin conexión") })).await;
        let error: TaskError = error.map(|((), ())| ()).unwrap_err();
        assert_eq!(error.panic_message(), Some("sin conexión"));
        assert!(!lenta.done());
        salida.set();
        acabada.wait().await;
        lenta.await.unwrap();
    }

    async fn las_corrutinas_que_quedan_tambien_siguen() {
        let (salida, acabada) = (Event::new(), Event::new());
        let corrutinas = (0..2).map(|n| {
            let (salida, acabada) = (salida.clone(), acabada.clone());
            async move {
                assert!(n == 1, "sin conexión");
                salida.wait().await;
                acabada.set();
            }
        });
        assert!(gather(corrutinas).await.unwrap_err().is_panic());
        salida.set();
        acabada.wait().await;
    }

    async fn una_cancelada_es_un_fallo() {
        let eterna = create_task(std::future::pending::<u32>());
        let otra = create_task(std::future::pending::<u32>());
        let reunidas = gather([eterna.clone(), otra.clone()]);
        eterna.cancel();
        assert!(reunidas.await.unwrap_err().is_cancelled());
        assert!(!otra.done());
        otra.cancel();
    }

    async fn return_exceptions_espera_a_todas_y_da_como_acabo_cada_una() {
        let salida = Event::new();
        let cancelada = create_task(std::future::pending::<u32>());
        cancelada.cancel();
        let corrutinas = (
            async { panic!("sin conexión") },
            cuando(salida.clone(), 2),
            cancelada,
        );
        let reunidas = gather(corrutinas).return_exceptions();
        salida.set();
        let (mala, buena, cancelada): (Result<u32, TaskError>, _, _) = reunidas.await;
        assert!(mala.unwrap_err().is_panic());
        assert_eq!(buena.unwrap(), 2);
        assert!(cancelada.unwrap_err().is_cancelled());

        let salidas = gather((0..3).map(|x| async move { 6 / x })).return_exceptions().await;
        let valores: Vec<Option<i32>> = salidas.into_iter().map(Result::ok).collect();
        assert_eq!(valores, [None, Some(6), Some(3)]);
    }

    async fn soltarlo_a_medias_cancela_a_todas() {
        let vivas = Vivas::default();
        let avisos: Vec<Event> = (0..5).map(|_| Event::new()).collect();
        let tareas: Vec<_> = avisos
            .iter()
            .map(|aviso| create_task(eterna(aviso.clone(), vivas.clone())))
            .collect();
        let mut reunidas = gather(tareas.clone());
        for aviso in &avisos {
            aviso.wait().await;
        }
        assert!(ojea(&mut reunidas).is_pending());
        drop(reunidas);
        for tarea in tareas {
            assert!(tarea.await.unwrap_err().is_cancelled());
        }
        assert_eq!(vivas.cuantas(), 0);
    }

    async fn cancelar_a_quien_lo_espera_cancela_a_todas() {
        let (vivas, empezada) = (Vivas::default(), Event::new());
        let hija = create_task(eterna(empezada.clone(), vivas.clone()));
        let madre = create_task(gather([hija.clone()]));
        empezada.wait().await;
        madre.cancel();
        assert!(madre.await.unwrap_err().is_cancelled());
        assert!(hija.await.unwrap_err().is_cancelled());
        assert_eq!(vivas.cuantas(), 0);
    }

    async fn un_plazo_que_se_acaba_cancela_a_todas() {
        let (vivas, empezada) = (Vivas::default(), Event::new());
        let hija = create_task(eterna(empezada.clone(), vivas.clone()));
        empezada.wait().await;
        assert!(wait_for(gather([hija.clone()]), 0.05).await.is_err());
        assert!(hija.await.unwrap_err().is_cancelled());
    }

    async fn dentro_de_un_bucle_empiezan_sin_esperarlo() {
        let empezada = Event::new();
        let avisa = empezada.clone();
        let reunidas = gather([async move { avisa.set() }]);
        empezada.wait().await;
        reunidas.await.unwrap();
    }

    async fn uno_dentro_de_otro() {
        let filas = gather((0..3).map(|y| gather((0..3).map(move |x| async move { 3 * y + x }))));
        let filas: Vec<Vec<i32>> = filas.await.unwrap().into_iter().map(Result::unwrap).collect();
        assert_eq!(filas, [[0, 1, 2], [3, 4, 5], [6, 7, 8]]);
    }

    async fn un_valor_que_no_se_copia_se_recoge_igual() {
        let ficheros = gather([async { std::fs::read("no existe") }]).await.unwrap();
        assert_eq!(ficheros[0].as_ref().unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    async fn mil_a_la_vez() {
        let salida = Event::new();
        let reunidas = gather((0..1000).map(|x| cuando(salida.clone(), x)));
        salida.set();
        assert_eq!(reunidas.await.unwrap(), (0..1000).collect::<Vec<_>>());
    }

    async fn try_gather_da_los_valores_o_el_primer_err() {
        async fn mitad(x: u32) -> Result<u32, String> {
            if x.is_multiple_of(2) { Ok(x / 2) } else { Err(format!("{x} es impar")) }
        }
        assert_eq!(try_gather([2, 4].map(mitad)).await, Ok(vec![1, 2]));
        assert_eq!(try_gather([2, 3].map(mitad)).await, Err("3 es impar".to_owned()));
        let mixto = (mitad(2), async { Ok::<_, String>("dos") });
        assert_eq!(try_gather(mixto).await, Ok((1, "dos")));
    }

    async fn try_gather_no_espera_a_las_que_quedan_ni_las_cancela() {
        let (salida, acabada) = (Event::new(), Event::new());
        let (espera, avisa) = (salida.clone(), acabada.clone());
        let lenta = async move {
            espera.wait().await;
            avisa.set();
            Ok(1)
        };
        let rapida = async { Err::<u32, _>("sin conexión".to_owned()) };
        assert_eq!(try_gather((lenta, rapida)).await, Err("sin conexión".to_owned()));
        salida.set();
        acabada.wait().await;
    }

    async fn en_try_gather_un_panico_se_convierte_en_el_error_de_las_corrutinas() {
        #[derive(Debug)]
        struct Mio(TaskError);
        impl From<TaskError> for Mio {
            fn from(error: TaskError) -> Mio {
                Mio(error)
            }
        }
        async fn falla() -> Result<(), Mio> {
            panic!("sin conexión")
        }
        let Mio(error) = try_gather([falla()]).await.unwrap_err();
        assert_eq!(error.panic_message(), Some("sin conexión"));
        let de_io = try_gather([async { if true { panic!("sin disco") } Ok::<(), io::Error>(()) }]);
        assert!(de_io.await.unwrap_err().to_string().contains("sin disco"));
    }

    async fn se_ve_cuantas_son() {
        let mut reunidas: Gather<Vec<Task<u32>>> = gather([1, 1].map(|x| async move { x }));
        assert_eq!(format!("{reunidas:?}"), "Gather(2 tareas)");
        let salida = (&mut reunidas).await;
        assert_eq!(salida.unwrap(), [1, 1]);
        assert_eq!(format!("{reunidas:?}"), "Gather(acabado)");
    }
}

#[test]
fn fuera_de_un_bucle_espera_a_que_lo_haya() {
    for probar in [en_run as fn(Gather<Vec<Task<u32>>>) -> _, en_varios_hilos] {
        let (avisa, recibe) = mpsc::channel();
        let reunidas = gather((0..3).map(|x| {
            let avisa = avisa.clone();
            async move {
                avisa.send(x).unwrap();
                x
            }
        }));
        assert!(recibe.try_recv().is_err());
        assert_eq!(probar(reunidas).unwrap(), [0, 1, 2]);
    }
}

#[test]
fn si_no_llega_a_haber_bucle_no_se_ejecuta_y_se_suelta() {
    let vivas = Vivas::default();
    let marca = vivas.marca();
    let reunidas = gather([async move {
        let _marca = marca;
    }]);
    drop(reunidas);
    assert_eq!(vivas.cuantas(), 0);
    assert_eq!(asyncio::run(async { 1 }), 1);
}
