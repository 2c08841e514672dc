//! `Task`: poner en marcha, esperar, cancelar y enterarse del final.

use std::collections::HashSet;
use std::panic::panic_any;
use std::process::Command;
use std::sync::mpsc;
use std::{env, io, thread};

use concurrencia::asyncio::{
    self, Event, Task, TaskError, create_task, create_task_named, current_task, ensure_future,
    sleep,
};

use super::comun::{Bomba, Vivas, avisando, en_los_dos_bucles, en_run, eterna, ojea, panico_de};

en_los_dos_bucles! {
    async fn una_tarea_da_el_valor_de_su_corrutina() {
        assert_eq!(create_task(async { 5 * 5 }).await.unwrap(), 25);
    }

    async fn empieza_sola_aunque_nadie_la_espere() {
        let empezada = Event::new();
        let aviso = empezada.clone();
        let tarea = create_task(async move { aviso.set() });
        empezada.wait().await;
        tarea.await.unwrap();
    }

    async fn dos_tareas_avanzan_a_la_vez() {
        // Cada una espera a que llegue la otra: una detrás de otra no acabarían.
        let (a, b) = (Event::new(), Event::new());
        let cruce = |mio: Event, suyo: Event| async move {
            mio.set();
            suyo.wait().await;
        };
        let primera = create_task(cruce(a.clone(), b.clone()));
        let segunda = create_task(cruce(b, a));
        primera.await.unwrap();
        segunda.await.unwrap();
    }

    async fn un_panico_es_un_error_con_su_mensaje_y_las_demas_siguen() {
        let mala = create_task_named("mala", async { panic!("sin conexión con {}", "python.org") });
        let buena = create_task(async { 1 });
        let error: TaskError = mala.await.unwrap_err();
        assert!(error.is_panic() && !error.is_cancelled() && !error.is_taken());
        assert_eq!(error.panic_message(), Some("sin conexión con python.org"));
        assert_eq!(error.task_name(), "mala");
        let texto = error.to_string();
        assert!(texto.contains("«mala»") && texto.contains("sin conexión"), "{texto}");
        assert_eq!(buena.await.unwrap(), 1);
    }

    async fn un_panico_despues_de_esperar_tambien_es_un_error() {
        let tarea = create_task(async {
            sleep(0).await;
            panic_any(vec![1, 2, 3]);
        });
        let error = tarea.await.unwrap_err();
        assert_eq!(error.panic_message(), Some("(carga de tipo desconocido)"));
    }

    async fn un_panico_suelta_lo_que_la_tarea_tenia_antes_de_que_se_sepa() {
        let vivas = Vivas::default();
        let marca = vivas.marca();
        let tarea = create_task(async move {
            let _marca = marca;
            panic!("a medias");
        });
        assert!(tarea.await.unwrap_err().is_panic());
        assert_eq!(vivas.cuantas(), 0);
    }

    async fn un_valor_que_no_se_puede_copiar_se_recoge_con_await() {
        let tarea = create_task(async { io::Error::other("sin conexión") });
        assert_eq!(tarea.await.unwrap().to_string(), "sin conexión");
    }

    async fn esperarla_se_lleva_el_resultado_y_los_demas_mangos_no_lo_encuentran() {
        let tarea = create_task(async { 25 });
        let otra = tarea.clone();
        assert_eq!(tarea.await.unwrap(), 25);
        assert!(otra.done());
        assert!(otra.result().unwrap_err().is_taken());
        let error = otra.await.unwrap_err();
        assert!(error.is_taken() && error.to_string().contains("(&tarea).await"));
    }

    async fn la_pueden_esperar_varios_con_una_referencia() {
        let salida = Event::new();
        let espera = salida.clone();
        let tarea = create_task(async move {
            espera.wait().await;
            "listo".to_owned()
        });
        let otros: Vec<Task<Result<String, TaskError>>> = (0..3)
            .map(|_| {
                let tarea = tarea.clone();
                create_task(async move { (&tarea).await })
            })
            .collect();
        salida.set();
        for otro in otros {
            assert_eq!(otro.await.unwrap().unwrap(), "listo");
        }
        assert_eq!(tarea.await.unwrap(), "listo");
    }

    async fn result_y_exception_no_esperan() {
        let salida = Event::new();
        let espera = salida.clone();
        let tarea = create_task(async move {
            espera.wait().await;
            25
        });
        assert!(!tarea.done() && !tarea.cancelled());
        assert!(tarea.result().unwrap_err().is_not_done());
        assert!(tarea.exception().unwrap().is_not_done());
        salida.set();
        assert_eq!((&tarea).await.unwrap(), 25);
        assert!(tarea.done() && !tarea.cancelled());
        assert_eq!(tarea.result().unwrap(), 25);
        assert!(tarea.exception().is_none());
    }

    async fn cancelarla_antes_de_empezar_suelta_lo_suyo_sin_ejecutarla() {
        let vivas = Vivas::default();
        let marca = vivas.marca();
        let (suelta, espera) = mpsc::channel::<()>();
        // En el bucle de varios hilos podría empezar ya: la que ocupa su hilo no le importa.
        let tarea = create_task(async move {
            let _marca = marca;
            std::future::pending::<()>().await;
            drop(suelta);
        });
        assert!(tarea.cancel());
        assert!((&tarea).await.unwrap_err().is_cancelled());
        assert!(tarea.done() && tarea.cancelled());
        assert_eq!(vivas.cuantas(), 0);
        assert!(espera.recv().is_err());
    }

    async fn cancelarla_a_medias_suelta_lo_suyo_antes_de_que_se_sepa() {
        let (empezada, vivas) = (Event::new(), Vivas::default());
        let tarea = create_task(eterna(empezada.clone(), vivas.clone()));
        empezada.wait().await;
        assert_eq!(vivas.cuantas(), 1);
        assert!(tarea.cancel());
        tarea.cancel(); // pedirlo dos veces da igual
        let error = (&tarea).await.unwrap_err();
        assert_eq!(vivas.cuantas(), 0);
        assert!(error.is_cancelled() && !error.is_panic());
        assert!(error.to_string().contains("shield"));
        assert!(!tarea.cancel()); // ya había acabado
    }

    async fn cancelar_una_que_ya_ha_acabado_no_hace_nada() {
        let tarea = create_task(async { 25 });
        assert_eq!((&tarea).await.unwrap(), 25);
        assert!(!tarea.cancel());
        assert!(!tarea.cancelled());
        assert_eq!(tarea.result().unwrap(), 25);
    }

    async fn una_tarea_puede_cancelarse_a_si_misma_y_sigue_hasta_que_espera() {
        let pasos = Vivas::default();
        let cuenta = pasos.clone();
        let tarea = create_task(async move {
            assert!(current_task().unwrap().cancel());
            let paso = cuenta.marca(); // todavía está en marcha
            std::mem::forget(paso);
            std::future::pending::<()>().await;
        });
        assert!(tarea.await.unwrap_err().is_cancelled());
        assert_eq!(pasos.cuantas(), 1);
    }

    async fn sin_un_await_que_espere_no_hay_por_donde_cortar() {
        let tarea = create_task(async {
            current_task().unwrap().cancel();
            25
        });
        assert_eq!(tarea.await.unwrap(), 25);
    }

    async fn cancelar_a_quien_espera_cancela_lo_esperado() {
        let (empezada, vivas) = (Event::new(), Vivas::default());
        let nieta = create_task(eterna(empezada.clone(), vivas.clone()));
        let esperada = nieta.clone();
        let (hija_espera, abuela_espera) = (Event::new(), Event::new());
        let hija = create_task(avisando(hija_espera.clone(), esperada.into_future()));
        let esperada = hija.clone();
        let abuela = create_task(avisando(abuela_espera.clone(), esperada.into_future()));
        for aviso in [empezada, hija_espera, abuela_espera] {
            aviso.wait().await;
        }
        abuela.cancel();
        assert!(abuela.await.unwrap_err().is_cancelled());
        assert!(hija.await.unwrap_err().is_cancelled());
        assert!(nieta.await.unwrap_err().is_cancelled());
        assert_eq!(vivas.cuantas(), 0);
    }

    async fn soltar_el_mango_no_la_cancela() {
        let (salida, acabada) = (Event::new(), Event::new());
        let (espera, avisa) = (salida.clone(), acabada.clone());
        drop(create_task(async move {
            espera.wait().await;
            avisa.set();
        }));
        salida.set();
        acabada.wait().await;
    }

    async fn soltar_la_espera_a_medias_la_cancela() {
        let (empezada, vivas) = (Event::new(), Vivas::default());
        let tarea = create_task(eterna(empezada.clone(), vivas.clone()));
        empezada.wait().await;
        let mut espera = tarea.clone().into_future();
        assert!(ojea(&mut espera).is_pending());
        drop(espera);
        assert!(tarea.await.unwrap_err().is_cancelled());
        assert_eq!(vivas.cuantas(), 0);
    }

    async fn un_panico_al_soltar_lo_suyo_es_el_error_de_la_tarea() {
        let al_acabar = create_task(async {
            let _bomba = Bomba("al acabar");
            25
        });
        assert_eq!(al_acabar.await.unwrap_err().panic_message(), Some("al acabar"));

        let empezada = Event::new();
        let avisa = empezada.clone();
        let al_cancelar = create_task(async move {
            let _bomba = Bomba("al cancelar");
            avisa.set();
            std::future::pending::<()>().await;
        });
        empezada.wait().await;
        al_cancelar.cancel();
        assert_eq!(al_cancelar.await.unwrap_err().panic_message(), Some("al cancelar"));
    }

    async fn los_encargos_se_ejecutan_en_orden_al_acabar_y_reciben_la_tarea() {
        let salida = Event::new();
        let espera = salida.clone();
        let tarea = create_task(async move {
            espera.wait().await;
            25
        });
        let (avisa, recibe) = mpsc::channel();
        for numero in 1..=3 {
            let avisa = avisa.clone();
            tarea.add_done_callback(move |t| avisa.send((numero, t)).unwrap());
        }
        assert!(recibe.try_recv().is_err());
        salida.set();
        assert_eq!((&tarea).await.unwrap(), 25);
        let recibidos: Vec<(i32, Task<i32>)> = recibe.iter().take(3).collect();
        assert_eq!(recibidos.iter().map(|(numero, _)| *numero).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(recibidos.iter().all(|(_, t)| *t == tarea && t.result().unwrap() == 25));
    }

    async fn un_encargo_para_una_tarea_acabada_se_ejecuta_en_el_acto() {
        let tarea = create_task(async { 25 });
        (&tarea).await.unwrap();
        let (avisa, recibe) = mpsc::channel();
        tarea.add_done_callback(move |t| avisa.send((thread::current().id(), t.done())).unwrap());
        assert_eq!(recibe.try_recv().unwrap(), (thread::current().id(), true));
    }

    async fn un_encargo_que_entra_en_panico_no_estorba_a_los_demas() {
        let tarea = create_task(std::future::pending::<()>());
        let (avisa, recibe) = mpsc::channel();
        tarea.add_done_callback(|_| panic!("el encargo, que se anuncia"));
        tarea.add_done_callback(move |t| avisa.send(t.cancelled()).unwrap());
        tarea.cancel();
        assert!(tarea.await.unwrap_err().is_cancelled());
        assert!(recibe.recv().unwrap());
    }

    async fn cada_una_tiene_su_nombre() {
        let nombres: HashSet<String> = (0..100)
            .map(|_| create_task(async {}).name().to_owned())
            .collect();
        assert_eq!(nombres.len(), 100);
        assert!(nombres.iter().all(|nombre| nombre.starts_with("Task-")));
        assert_eq!(create_task_named("descarga", async {}).name(), "descarga");
    }

    async fn dos_mangos_de_la_misma_son_iguales() {
        let (una, otra) = (create_task(async { 1 }), create_task(async { 1 }));
        assert_eq!(una, una.clone());
        assert_ne!(una, otra);
        let conjunto = HashSet::from([una.clone(), una, otra]);
        assert_eq!(conjunto.len(), 2);
    }

    async fn se_ve_en_que_esta_cada_tarea() {
        let salida = Event::new();
        let espera = salida.clone();
        let tarea = create_task_named("ana", async move { espera.wait().await });
        assert_eq!(format!("{tarea:?}"), "Task(ana, pendiente)");
        salida.set();
        (&tarea).await.unwrap();
        assert_eq!(format!("{tarea:?}"), "Task(ana, acabada)");

        let tarea = create_task_named("bea", std::future::pending::<()>());
        tarea.cancel();
        let _ = (&tarea).await;
        assert_eq!(format!("{tarea:?}"), "Task(bea, cancelada)");

        let tarea = create_task_named("eva", async { assert!(env::args().count() == 0, "sin conexión") });
        assert!((&tarea).await.is_err());
        assert_eq!(format!("{tarea:?}"), "Task(eva, en pánico)");
    }

    async fn cada_corrutina_sabe_en_que_tarea_esta() {
        async fn nombre() -> Option<String> {
            sleep(0).await;
            current_task().map(|tarea| tarea.name().to_owned())
        }
        assert_eq!(nombre().await, None);
        let (ana, bea) = (create_task_named("ana", nombre()), create_task_named("bea", nombre()));
        assert_eq!(ana.await.unwrap().as_deref(), Some("ana"));
        assert_eq!(bea.await.unwrap().as_deref(), Some("bea"));
        assert_eq!(nombre().await, None);
    }

    async fn ensure_future_deja_una_tarea_como_esta() {
        let tarea = ensure_future(async { 25 });
        assert_eq!(ensure_future(tarea.clone()), tarea);
        assert_eq!(tarea.await.unwrap(), 25);
    }

    async fn un_futuro_enorme_cabe() {
        let enorme = [7_u8; 100_000];
        let tarea = create_task(async move {
            sleep(0).await;
            enorme.iter().map(|x| u64::from(*x)).sum::<u64>()
        });
        assert_eq!(tarea.await.unwrap(), 700_000);
    }

    async fn muchas_tareas_acaban_todas() {
        let tareas: Vec<_> = (0..10_000_u64)
            .map(|x| create_task(async move {
                sleep(0).await;
                x
            }))
            .collect();
        let mut suma = 0;
        for tarea in tareas {
            suma += tarea.await.unwrap();
        }
        assert_eq!(suma, 49_995_000);
    }

    async fn el_error_sirve_con_interrogacion_en_las_funciones_de_siempre() {
        async fn de_texto() -> Result<(), String> {
            Ok(create_task(async { panic!("sin conexión") }).await?)
        }
        async fn de_io() -> io::Result<()> {
            Ok(create_task(async { panic!("sin conexión") }).await?)
        }
        async fn de_todo() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
            Ok(create_task(async { panic!("sin conexión") }).await?)
        }
        assert!(de_texto().await.unwrap_err().contains("sin conexión"));
        assert!(de_io().await.unwrap_err().to_string().contains("sin conexión"));
        assert!(de_todo().await.unwrap_err().to_string().contains("sin conexión"));
    }
}

#[test]
fn una_tarea_se_puede_esperar_desde_otro_bucle_y_otro_hilo() {
    let tarea = en_run(async {
        let tarea = create_task(async { 25 });
        asyncio::shield(tarea.clone()).await.unwrap();
        create_task(async { 26 })
    });
    // El bucle en el que vivía se cerró antes de que empezara.
    let error = thread::spawn(move || asyncio::run(tarea)).join().unwrap();
    assert!(error.unwrap_err().is_cancelled());

    let salida = Event::new();
    let (manda, recibe) = mpsc::channel();
    let espera = salida.clone();
    let hilo = thread::spawn(move || {
        en_run(async {
            let tarea = create_task(async move {
                espera.wait().await;
                25
            });
            manda.send(tarea.clone()).unwrap();
            (&tarea).await.unwrap()
        })
    });
    let tarea = recibe.recv().unwrap();
    salida.set();
    assert_eq!(asyncio::run(&tarea).unwrap(), 25);
    assert_eq!(hilo.join().unwrap(), 25);
}

#[test]
fn fuera_de_un_bucle_no_se_puede_poner_en_marcha() {
    let mensaje = panico_de(|| create_task(async {}));
    assert!(mensaje.contains("asyncio::run"), "{mensaje}");
}

#[test]
fn los_mangos_se_comparten_entre_hilos() {
    fn compartible<T: Send + Sync + Clone + 'static>() {}
    compartible::<Task<Vec<u8>>>();
    compartible::<Task<std::cell::Cell<u8>>>(); // basta con que el valor se pueda mandar
    compartible::<TaskError>();
    compartible::<asyncio::EventLoop>();
    compartible::<asyncio::Lock<u8>>();
    compartible::<asyncio::Semaphore>();
    compartible::<asyncio::Event>();
    compartible::<asyncio::Queue<u8>>();
}

/// Lo que sale por la salida de error al repetir esta prueba, ella sola, en otro proceso.
fn salida_de_error(prueba: &str) -> String {
    let salida = Command::new(env::current_exe().unwrap())
        .args(["--exact", prueba, "--nocapture"])
        .env("ASYNCIO_HIJO", prueba)
        .output()
        .unwrap();
    assert!(salida.status.success(), "{salida:?}");
    String::from_utf8(salida.stderr).unwrap()
}

fn soy_el_hijo() -> bool {
    env::var_os("ASYNCIO_HIJO").is_some()
}

#[test]
fn el_panico_que_alguien_espera_no_se_anuncia() {
    if soy_el_hijo() {
        concurrencia::install_panic_hook();
        en_run(async {
            let tarea = create_task(async { panic!("el que se espera") });
            assert!(tarea.await.is_err());
            let salidas =
                asyncio::gather([1, 2].map(|n| async move { panic!("el que se reúne {n}") }));
            let salida: Result<Vec<()>, TaskError> = salidas.await;
            assert!(salida.is_err());
            eprintln!("hecho");
        });
        return;
    }
    let error = salida_de_error("tareas::el_panico_que_alguien_espera_no_se_anuncia");
    assert!(error.contains("hecho"), "{error}");
    assert!(!error.contains("pánico"), "{error}");
}

#[test]
fn el_panico_que_no_espera_nadie_se_anuncia_en_una_linea() {
    if soy_el_hijo() {
        concurrencia::install_panic_hook();
        en_run(async {
            let tarea = create_task_named("suelta", async { panic!("sin\nconexión") });
            drop(tarea);
            sleep(0).await;
            let tarea = create_task(async {});
            tarea.add_done_callback(|_| panic!("el del encargo"));
            tarea.await.unwrap();
        });
        return;
    }
    let error = salida_de_error("tareas::el_panico_que_no_espera_nadie_se_anuncia_en_una_linea");
    let linea = "pánico en la tarea «suelta», que nadie ha esperado: sin; conexión\n";
    assert_eq!(error.matches("pánico en la tarea").count(), 1, "{error}");
    assert!(error.contains(linea), "{error}");
    assert!(error.contains("el del encargo"), "{error}");
}
